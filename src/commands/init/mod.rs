//! `hedui init`: a commented workplace, of a company's own spreadsheets where it is told of them.
//!
//! It looks at the spreadsheets (`pipeline::beginning`), writes what they say, and tells what is to do next. What is there
//! already it never writes over.

mod answers;
mod questions;
mod told;
mod written;

use std::path::{Path, PathBuf};

use super::talk::{Talk, here};
use crate::cli::{InitArguments, Options};
use crate::clock;
use crate::exit_code::ExitCode;
use crate::pipeline::beginning::{self, Beginning, Survey, spreadsheets, survey};
use crate::rule::{Choice, Pack};
use crate::text;
use crate::text::{Language, Text};
use crate::workplace::{Workplace, WorkplaceError};

use answers::Answers;
use questions::Asker;
pub use written::write;

/// Carries out the command.
pub fn run(options: &Options, arguments: &InitArguments, talk: &Talk) -> ExitCode {
    let mut answers = match Answers::of(arguments) {
        Ok(answers) => answers,
        Err(error) => return refused(&error, Answers::spoken(arguments), talk),
    };
    let file = arguments.folder.join(crate::config::FILE_NAME);
    let shown = file.display();
    if file.exists() {
        return refused(
            &text!(
                "{shown} 已存在，不覆盖；要重新开始，请换一个文件夹，或先把它移走",
                "{shown} exists already and is not overwritten; to begin anew, name another folder or move it away"
            ),
            answers.language,
            talk,
        );
    }
    let mut asker = (!arguments.yes && Asker::is_possible()).then(|| Asker::new(answers.language));
    if let Some(asker) = &mut asker
        && let Err(error) = asker.about_company(&mut answers, &arguments.folder, arguments)
    {
        return refused(&error, answers.language, talk);
    }
    match carried_out(options, &mut answers, asker.as_mut(), &arguments.folder, talk) {
        Ok(()) => ExitCode::Done,
        Err(error) => refused(&error, answers.language, talk),
    }
}

fn refused(error: &Text, language: Language, talk: &Talk) -> ExitCode {
    talk.error(error, language);
    ExitCode::Usage
}

fn carried_out(
    options: &Options,
    answers: &mut Answers,
    asker: Option<&mut Asker>,
    folder: &Path,
    talk: &Talk,
) -> Result<(), Text> {
    let language = answers.language;
    let cannot_write = |error: std::io::Error| {
        let (folder, Text { zh, en }) = (folder.display(), Text::of_system(&error));
        text!(
            "无法写入 {folder}：{zh}；请检查权限，或换一个文件夹",
            "cannot write to {folder}: {en}; look at its rights, or name another folder"
        )
    };
    let shown = folder.join(crate::config::FILE_NAME).display().to_string();
    if answers.data.is_empty() {
        written::write(folder, &written::configuration(answers, &written::example_source(), &[]))
            .map_err(cannot_write)?;
        let next = text!(
            "已写好 {shown}。请改好其中的公司、数据源、部门和邮件，然后运行 hedui lint，再运行 hedui check",
            "{shown} is written. Edit company, sources, departments and mail in it, then run hedui lint and hedui check"
        );
        talk.remark(&next, language);
        return Ok(());
    }
    let dictionary = Pack::load(None, &Choice::default())
        .map_err(|_| text!("内置的数据字典有误", "the built-in dictionary has a mistake"))?
        .dictionary;
    let files = spreadsheets(&here(), &answers.data)?;
    let as_of = options.as_of.unwrap_or_else(|| clock::day(clock::now(chrono_tz::Asia::Shanghai)));
    // paths of its files lead through the workplace (`../tables`), which has to be there for them
    std::fs::create_dir_all(folder).map_err(cannot_write)?;
    let own = from_the_root_on(folder);
    let beginning = Beginning { folder: &own, files: &files, dictionary: &dictionary, language, as_of };
    let bar = talk.progress();
    let survey = survey(&beginning, &|what| bar.set_message(what.to_owned()));
    bar.finish_and_clear();
    for line in told::survey(&survey, &beginning) {
        talk.remark(&line, language);
    }
    answers.suggest_fallback(&survey);
    if let Some(asker) = asker {
        asker.about_departments(answers, &survey)?;
    }
    let sources: String = survey.drafts.iter().map(|draft| draft.toml(&beginning)).collect();
    let sources = if sources.is_empty() { written::example_source() } else { sources };
    let departments = answers.entries(&survey);
    written::write_first(folder, &adapted(&survey, &beginning)).map_err(cannot_write)?;
    written::write(folder, &written::configuration(answers, &sources, &departments)).map_err(cannot_write)?;
    linted(folder, talk)?;
    for line in told::next(&survey, answers, &shown) {
        talk.remark(&line, language);
    }
    Ok(())
}

/// The rule files that differ from the built-in ones: without the columns that the company does not have.
fn adapted(survey: &Survey, beginning: &Beginning) -> Vec<(String, String)> {
    let dictionary = beginning::dictionary_without(&survey.absent, beginning.language);
    let rules = beginning::rules_without(&survey.absent, beginning.dictionary, beginning.language);
    let named = |(name, text): (String, String)| (format!("rules/{name}"), text);
    dictionary.into_iter().chain(rules.map(|text| ("own.toml".to_owned(), text))).map(named).collect()
}

/// What was written has no mistake; were there one, it is shown with its line.
fn linted(folder: &Path, talk: &Talk) -> Result<(), Text> {
    match Workplace::load(Some(folder), &here()) {
        Ok(_) => Ok(()),
        Err(WorkplaceError::NotFound(text, _)) => Err(text),
        Err(WorkplaceError::Problems(problems, language)) => {
            talk.problems(&problems, language);
            Err(text!(
                "工作区已写好，其中有上面的错误；请改好后运行 hedui lint",
                "the workplace is written, with the mistakes above; mend them and run hedui lint"
            ))
        }
    }
}

/// A folder from the root on, also where it is not there yet.
fn from_the_root_on(folder: &Path) -> PathBuf {
    let whole = here().join(folder);
    let known = whole.ancestors().find_map(|above| Some((above, above.canonicalize().ok()?)));
    match known {
        Some((above, real)) => {
            whole.strip_prefix(above).map_or(real.clone(), |rest| real.join(rest)).components().collect()
        }
        None => whole,
    }
}
