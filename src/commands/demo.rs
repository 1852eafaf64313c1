//! `hedui demo`: a made-up company, its workplace and data, and its weekly job on two weeks.

use std::path::Path;

use chrono::{Days, NaiveDate};

use super::talk::Talk;
use crate::cli::{DemoArguments, DemoData, Options, RunArguments};
use crate::clock;
use crate::demo::{Company, DataFormat, Week};
use crate::exit_code::ExitCode;
use crate::text;
use crate::text::Language;
use crate::workplace::default_language;

const JOB: &str = "weekly";

/// Carries out the command.
pub fn run(options: &Options, arguments: &DemoArguments, talk: &Talk) -> ExitCode {
    let language = default_language();
    let folder = &arguments.folder;
    let shown = folder.display();
    if folder.join(crate::config::FILE_NAME).exists() && !is_demo(folder) {
        talk.error(
            &text!(
                "{shown} 是另一个工作区，不覆盖；请换一个文件夹",
                "{shown} is another workplace and is not overwritten; name another folder"
            ),
            language,
        );
        return ExitCode::Usage;
    }
    let today = options.as_of.unwrap_or_else(|| clock::day(clock::now(chrono_tz::Asia::Shanghai)));
    let first = today.checked_sub_days(Days::new(7)).unwrap_or(today);
    let company = Company { customers: arguments.customers, seed: arguments.seed, as_of: first };
    let format = match arguments.data {
        DemoData::Xlsx => DataFormat::Xlsx,
        DemoData::Csv => DataFormat::Csv,
        DemoData::Sqlite => DataFormat::Sqlite,
    };
    // An earlier demo in the same folder is made anew, history and all.
    for old in ["state", "out"] {
        let _ = std::fs::remove_dir_all(folder.join(old));
    }
    let _ = std::fs::remove_file(folder.join(crate::config::FILE_NAME));
    let written = super::init::write(folder, &configuration(&format, language)).map_err(|error| error.to_string());
    if let Err(error) = written.and_then(|()| write_week(&company, folder, &format, Week::First)) {
        talk.error(&text!("无法写入 {shown}：{error}", "cannot write {shown}: {error}"), language);
        return ExitCode::Usage;
    }
    if arguments.no_run {
        talk.remark(&text!("工作区已写好：{shown}", "the workplace is written: {shown}"), language);
        return ExitCode::Done;
    }
    let weeks = [(Week::First, first), (Week::Second, today)];
    let mut code = ExitCode::Done;
    for (week, as_of) in weeks {
        talk.remark(&text!("—— {as_of} ——", "-- {as_of} --"), language);
        if matches!(week, Week::Second)
            && let Err(error) = write_week(&company, folder, &format, Week::Second)
        {
            talk.error(&text!("无法写入 {shown}：{error}", "cannot write {shown}: {error}"), language);
            return ExitCode::Usage;
        }
        code = code.and(weekly(options, folder, as_of, talk));
    }
    talk.remark(
        &text!(
            "完成。报告和邮件在 {shown}/out/{JOB}；试试：hedui --config {shown}/hedui.toml history runs",
            "Done. Reports and mails are in {shown}/out/{JOB}; try: hedui --config {shown}/hedui.toml history runs"
        ),
        language,
    );
    code
}

fn write_week(company: &Company, folder: &Path, format: &DataFormat, week: Week) -> Result<(), String> {
    company.write(folder, *format, week).map_err(|error| error.to_string())
}

fn weekly(options: &Options, folder: &Path, as_of: NaiveDate, talk: &Talk) -> ExitCode {
    let options =
        Options { config: Some(folder.join(crate::config::FILE_NAME)), as_of: Some(as_of), ..options.clone() };
    let arguments = RunArguments {
        job: JOB.to_owned(),
        period: None,
        dry_run: false,
        only_to: None,
        resend: false,
        accept_rows: false,
    };
    super::run::run(&options, &arguments, talk)
}

/// Whether a workplace is a demo, which may be made anew.
fn is_demo(folder: &Path) -> bool {
    std::fs::read_to_string(folder.join(crate::config::FILE_NAME)).is_ok_and(|text| text.starts_with(MARK))
}

const MARK: &str = "# hedui demo";

fn configuration(format: &DataFormat, language: Language) -> String {
    let word = match language {
        Language::Zh => "zh",
        Language::En => "en",
    };
    let departments: String = Company::departments()
        .iter()
        .map(|(name, address)| format!("[departments.\"{name}\"]\nto = [\"{address}\"]\n\n"))
        .collect();
    let sources = Company::sources_toml(*format);
    format!(
        "{MARK}: 虚构的公司，可随意删改 / a made-up company\n\n\
         [company]\nname = \"华联进出口有限公司\"\ntimezone = \"Asia/Shanghai\"\nlanguage = \"{word}\"\n\
         fallback_department = \"客户服务部\"\n\n\
         [people]\nleader = [\"boss@example.com\"]\nmanagement = [\"gm@example.com\"]\n\
         administrator = [\"it@example.com\"]\n\n\
         {sources}\n\n{departments}\
         [mail]\ntransport = \"file\"\nfrom = \"客户服务部 <kefu@example.com>\"\n\n\
         [[job]]\nname = \"{JOB}\"\nschedule = \"0 8 * * 1\"\nperiod = \"week\"\n\
         reports = [\"department-weekly\", \"service-digest\"]\n\n\
         [[job]]\nname = \"quarterly\"\nschedule = \"0 8 8 1,4,7,10 *\"\nperiod = \"quarter\"\ncovers = \"previous\"\n\
         reports = [\"analysis\", \"analysis-cards\"]\n"
    )
}
