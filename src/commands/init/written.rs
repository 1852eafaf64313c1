//! The files of a new workplace: the commented configuration, filled in, and what is built in, to be edited.
//!
//! Apart because the demo writes the same files around a configuration of its own. What is there stays as it is.

use std::path::Path;

use super::answers::{Answers, Entry};
use crate::calendar;
use crate::history::files;
use crate::profile::quoted;
use crate::report::Templates;
use crate::rule;
use crate::text;
use crate::text::Language;

const CHINESE: &str = include_str!("zh.toml");
const ENGLISH: &str = include_str!("en.toml");
/// The schema of the configuration, for editors: the first line of the configuration names it.
const SCHEMA: &str = "hedui.schema.json";

/// The source of the sample.
pub fn example_source() -> String {
    "[[source]]\ntable = \"customers\"\npath = \"data/客户*.xlsx\"\n\n".to_owned()
}

/// The commented configuration with what is known filled in.
pub fn configuration(answers: &Answers, sources: &str, departments: &[Entry]) -> String {
    let template = match answers.language {
        Language::Zh => CHINESE,
        Language::En => ENGLISH,
    };
    let departments = match departments {
        [] => answers.entries(&Default::default()),
        known => known.to_vec(),
    };
    let entries: Vec<String> = departments.iter().map(|entry| department(entry, answers.language)).collect();
    let parts = [
        ("%company%", quoted(&answers.company)),
        ("%fallback%", quoted(answers.fallback())),
        ("%sources%\n", sources.to_owned()),
        ("%departments%\n", entries.join("\n") + "\n"),
        ("%from%", quoted(&answers.sender())),
    ];
    // from the last place on, so that nothing is looked for in what was filled in
    parts.iter().rev().fold(template.to_owned(), |text, (mark, value)| text.replacen(mark, value, 1))
}

fn department(entry: &Entry, language: Language) -> String {
    let Entry { name, to, customers, is_sample } = entry;
    let count = match customers {
        0 => String::new(),
        _ => format!("   # {}", text!("{customers} 个客户", "{customers} customers").get(language)),
    };
    let head = format!("[departments.{}]{count}", quoted(name));
    let list: Vec<String> = to.iter().map(|address| quoted(address)).collect();
    let list = list.join(", ");
    let line = match (to.is_empty(), is_sample) {
        (true, _) => text!(
            "# to = [\"…@…\"]                         # 填上收件人，去掉行首的 #；在此之前只写工作簿，不发邮件",
            "# to = [\"…@…\"]                         # fill in and take away the first #; until then its workbook is written, and no mail"
        ),
        (false, true) => {
            text!(
                "to = [{list}]                # 样例地址，请改",
                "to = [{list}]                # the sample's: change it"
            )
        }
        (false, false) => text!("to = [{list}]", "to = [{list}]"),
    };
    format!("{head}\n{}\n", line.get(language))
}

/// Writes a configuration, and the built-in rules, templates and calendar to be edited; what is there stays.
///
/// # Errors
/// Where the folder cannot be written.
pub fn write(folder: &Path, configuration: &str) -> std::io::Result<()> {
    let schema = format!("{:#}\n", crate::config::schema::schema());
    let mut written: Vec<(String, Vec<u8>)> = vec![
        (crate::config::FILE_NAME.to_owned(), configuration.as_bytes().to_vec()),
        (SCHEMA.to_owned(), schema.into_bytes()),
    ];
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

/// Writes files that go before the built-in ones of their names; what is there stays.
///
/// # Errors
/// Where the folder cannot be written.
pub fn write_first(folder: &Path, texts: &[(String, String)]) -> std::io::Result<()> {
    for (name, text) in texts {
        let path = folder.join(name);
        if !path.exists() {
            files::write_whole(&path, text.as_bytes())?;
        }
    }
    Ok(())
}
