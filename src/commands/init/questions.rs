//! The questions of `hedui init`, to a person at a terminal: a line each, a blank one takes what stands in brackets.
//!
//! Apart because it alone reads from stdin. What is asked is the least that a first run needs.

use std::io::{BufRead, IsTerminal, Write, stdin};
use std::path::{Path, PathBuf};

use super::answers::{Answers, addresses_of};
use crate::cli::InitArguments;
use crate::commands::talk::here;
use crate::config::secrets::environment;
use crate::pipeline::beginning::{Survey, spreadsheets};
use crate::text;
use crate::text::{Language, Text};

/// Addresses of more departments than this are written into the file.
const MOST_ASKED: usize = 30;

/// Who asks.
pub struct Asker {
    language: Language,
}

impl Asker {
    /// Whether somebody is there who can answer.
    pub fn is_possible() -> bool {
        stdin().is_terminal() && std::io::stderr().is_terminal()
    }

    /// Asks in a language.
    pub fn new(language: Language) -> Self {
        Self { language }
    }

    /// What no spreadsheet says, and where the spreadsheets are; what a flag said is not asked.
    pub fn about_company(
        &mut self,
        answers: &mut Answers,
        folder: &Path,
        arguments: &InitArguments,
    ) -> Result<(), Text> {
        if arguments.language.is_none() {
            let now = if answers.language == Language::Zh { "zh" } else { "en" };
            answers.language = self
                .until(
                    &text!("语言 Language：zh 中文，en English [{now}]", "Language 语言: zh 中文, en English [{now}]"),
                    |word| match word {
                        "" => Ok(None),
                        "zh" => Ok(Some(Language::Zh)),
                        "en" => Ok(Some(Language::En)),
                        _ => Err(text!("请写 zh 或 en", "zh or en, please")),
                    },
                )?
                .unwrap_or(answers.language);
            self.language = answers.language;
        }
        if arguments.company.is_none() {
            let usual = answers.company.clone();
            let name = self.line(&text!("公司名称 [{usual}]", "The company's name [{usual}]"))?;
            if !name.is_empty() {
                answers.company = name;
            }
        }
        if answers.data.is_empty() {
            answers.data = self.data(folder)?;
        }
        Ok(())
    }

    /// Files and folders until a blank line; none is an answer, too.
    fn data(&self, folder: &Path) -> Result<Vec<PathBuf>, Text> {
        let near = folder.join("data");
        let usual = Some(near).filter(|near| spreadsheets(&here(), std::slice::from_ref(near)).is_ok());
        let hint = usual
            .as_ref()
            .map_or_else(|| text!("空行：以后再写", "blank: later"), |usual| Text::same(usual.display().to_string()));
        let (zh, en) = (&hint.zh, &hint.en);
        let first = text!(
            "客户资料的表格在哪里？写文件或文件夹 [{zh}]",
            "Where are the spreadsheets with customer records? A file or a folder [{en}]"
        );
        let more = text!("还有吗？[空行：没有了]", "More of them? [blank: no]");
        let mut data: Vec<PathBuf> = Vec::new();
        loop {
            let question = if data.is_empty() { &first } else { &more };
            let path = self.until(question, |word| {
                let path = path_of(word);
                match word.is_empty() {
                    true => Ok(None),
                    false => spreadsheets(&here(), std::slice::from_ref(&path)).map(|_| Some(path.clone())),
                }
            })?;
            match (path, data.is_empty()) {
                (Some(path), _) => data.push(path),
                (None, true) => return Ok(usual.into_iter().collect()),
                (None, false) => return Ok(data),
            }
        }
    }

    /// Who gets what is nobody's, and the addresses of departments.
    pub fn about_departments(&self, answers: &mut Answers, survey: &Survey) -> Result<(), Text> {
        let usual = answers.fallback().to_owned();
        let fallback = self.line(&text!(
            "没有登记的部门，其问题归哪个部门？[{usual}]",
            "Which department gets what is found in departments without an entry? [{usual}]"
        ))?;
        answers.fallback = Some(if fallback.is_empty() { usual } else { fallback });
        let entries = answers.entries(survey);
        for entry in entries.iter().take(MOST_ASKED).filter(|entry| entry.to.is_empty() || entry.is_sample) {
            let (name, customers) = (&entry.name, entry.customers);
            let to = self.until(
                &text!(
                    "{name}（{customers} 个客户）的邮箱，多个用逗号分开 [以后再填]",
                    "Mail address of {name} ({customers} customers), several with commas [later]"
                ),
                addresses_of,
            )?;
            answers.answer(name, to);
        }
        Ok(())
    }

    /// Asks until the answer is one.
    fn until<T>(&self, question: &Text, judge: impl Fn(&str) -> Result<T, Text>) -> Result<T, Text> {
        loop {
            match judge(&self.line(question)?) {
                Ok(answer) => return Ok(answer),
                Err(why) => say!("{}", why.get(self.language)),
            }
        }
    }

    /// A line of answer; its end is the end of all answers.
    fn line(&self, question: &Text) -> Result<String, Text> {
        let mut stderr = std::io::stderr();
        let _ = write!(stderr, "{}: ", question.get(self.language));
        let _ = stderr.flush();
        let mut answer = String::new();
        let stopped = || text!("没有回答完，什么也没有写", "not all was answered: nothing was written");
        match stdin().lock().read_line(&mut answer) {
            Ok(0) | Err(_) => Err(stopped()),
            Ok(_) => Ok(answer.trim().to_owned()),
        }
    }
}

/// A path as people type or drop it: in quotes, or from the home folder on.
fn path_of(word: &str) -> PathBuf {
    let word = word.trim_matches(['"', '\'']);
    match (word.strip_prefix("~/"), environment("HOME")) {
        (Some(rest), Some(home)) => Path::new(&home).join(rest),
        _ => PathBuf::from(word),
    }
}
