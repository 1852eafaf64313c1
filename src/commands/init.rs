//! `hedui init`: a commented workplace, ready to be edited.

use std::path::Path;

use super::talk::Talk;
use crate::calendar;
use crate::exit_code::ExitCode;
use crate::history::files;
use crate::report::Templates;
use crate::rule;
use crate::text;
use crate::workplace::default_language;

const CONFIGURATION: &str = include_str!("init.toml");

/// Carries out the command.
pub fn run(folder: &Path, talk: &Talk) -> ExitCode {
    let language = default_language();
    let file = folder.join(crate::config::FILE_NAME);
    let shown = file.display();
    if file.exists() {
        talk.error(&text!("{shown} 已存在，不覆盖", "{shown} exists already and is not overwritten"), language);
        return ExitCode::Usage;
    }
    if let Err(error) = write(folder, CONFIGURATION) {
        talk.error(&text!("无法写入：{error}", "cannot write: {error}"), language);
        return ExitCode::Usage;
    }
    talk.remark(
        &text!(
            "已写好 {shown}。请改好其中的公司、数据源、部门和邮件，然后运行 hedui lint，再运行 hedui check",
            "{shown} is written. Edit company, sources, departments and mail in it, then run hedui lint and hedui check"
        ),
        language,
    );
    ExitCode::Done
}

/// Writes a configuration, and the built-in rules, templates and calendar to be edited; what is there stays.
///
/// # Errors
/// Where the folder cannot be written.
pub fn write(folder: &Path, configuration: &str) -> std::io::Result<()> {
    let mut written: Vec<(String, Vec<u8>)> =
        vec![(crate::config::FILE_NAME.to_owned(), configuration.as_bytes().to_vec())];
    let below = |name: &str, files: Vec<(String, &'static [u8])>| -> Vec<(String, Vec<u8>)> {
        files.into_iter().map(|(file, bytes)| (format!("{name}/{file}"), bytes.to_vec())).collect()
    };
    written.extend(below("rules", rule::built_in_files()));
    written.extend(below("calendar", calendar::built_in_files()));
    written.extend(below("report_templates", Templates::built_in_files()));
    for (name, bytes) in written {
        let path = folder.join(name);
        if !path.exists() {
            files::write_whole(&path, &bytes)?;
        }
    }
    Ok(())
}
