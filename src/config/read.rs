//! Reads `hedui.toml` into a [`Config`], with every mistake at its line.
//!
//! Apart from the types because it changes with every key, while they are what the rest relies on.

mod cells;
mod duration;
mod guard;
mod job;
mod mail;
mod operations;
mod reader;
mod server;
mod source;
mod spark;
mod state;
mod workbook;

use std::cell::RefCell;
use std::path::Path;
use std::rc::Rc;
use std::str::FromStr;

use chrono_tz::Tz;

use guard::guard_table;
use job::jobs;
use mail::{confirm_caretakers, mail_table};
use operations::operations_table;
use reader::{departments_table, people_table};
use source::{read_once, source_table};
use spark::spark_table;
use state::state_table;

use super::is_inside;
use super::{Config, ConfigError, DepartmentConfig, Evaluate, MailConfig, MailTransport, Pace, PageConfig, Secret};
use crate::model::Secrecy;
use crate::outbox;
use crate::params::{self, Asked, Params, Placed};
use crate::problem::Document;
use crate::text;
use crate::text::{Language, Text};

const LANGUAGES: [(&str, Language); 2] = [("zh", Language::Zh), ("en", Language::En)];

/// Reads and checks the configuration at a path.
///
/// # Errors
/// Where it cannot be read, or with every mistake in it.
pub fn read(path: &Path) -> Result<Config, ConfigError> {
    let text = std::fs::read_to_string(path).map_err(|error| {
        let (path, Text { zh, en }) = (path.display(), Text::of_system(&error));
        ConfigError::NotFound(text!(
            "读不到配置 {path}：{zh}；请检查 --config，或用 hedui init 新建",
            "cannot read the configuration {path}: {en}; check --config, or make one with hedui init"
        ))
    })?;
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let name = path.file_name().map_or_else(|| path.display().to_string(), |name| name.to_string_lossy().into_owned());
    read_text(&name, &text, folder)
}

/// Reads and checks a configuration that is, or would be, in a folder.
///
/// # Errors
/// With every mistake in it.
pub fn read_text(name: &str, text: &str, folder: &Path) -> Result<Config, ConfigError> {
    let document = Document::new(name, text).shown_as(super::secrets::masked);
    let (config, problems) = params::read(&document, |root| root_table(root, &document, folder));
    match config {
        Some(config) if problems.is_empty() => Ok(config),
        _ => Err(ConfigError::Problems(problems)),
    }
}

/// The keys that are asked for while a text is read, whatever is wrong with it.
pub(super) fn keys(text: &str, folder: &Path) -> Asked {
    let document = Document::new(super::FILE_NAME, text);
    let asked = Rc::new(RefCell::new(Asked::default()));
    drop(params::read_recording(&document, Some(&asked), |root| drop(root_table(root, &document, folder))));
    asked.take()
}

/// The language that a configuration asks for, even where the rest of it is broken.
pub fn peek_language(path: &Path) -> Option<Language> {
    let text = std::fs::read_to_string(path).ok()?;
    let line = text.lines().find(|line| line.trim_start().starts_with("language"))?;
    LANGUAGES.iter().find(|(word, _)| line.contains(&format!("\"{word}\""))).map(|(_, language)| *language)
}

fn root_table(root: &Params, document: &Document, folder: &Path) -> Config {
    let company = root.optional_table("company");
    if company.is_none() {
        root.missing("company");
    }
    let contact = company.as_ref().and_then(|table| table.optional_string("contact")).map(|contact| contact.value);
    let retention_days =
        company.as_ref().and_then(|table| table.optional_count("retention_days")).map(|days| days.value);
    let (name, timezone, language, fallback, packs) = company.as_ref().map_or_else(Default::default, company_table);
    let conflicts = root.optional_table("conflicts").map(|table| conflicts_table(&table)).unwrap_or_default();
    let sources: Vec<_> = root.tables("source").iter().filter_map(|table| source_table(table, folder)).collect();
    read_once(&sources, root);
    let spark = root.optional_table("spark").and_then(|table| spark_table(&table, folder));
    if !root.has("spark") && sources.iter().any(|source| source.evaluate == Evaluate::Spark) {
        root.missing("spark");
    }
    let mail_entry = root.optional_table("mail");
    let domains: Vec<String> = mail_entry
        .as_ref()
        .and_then(|table| table.optional_strings("domains"))
        .unwrap_or_default()
        .into_iter()
        .map(|domain| domain.value.to_ascii_lowercase())
        .collect();
    let confirmed = mail_entry.as_ref().map(|table| table.span_of("confirmed"));
    let mail = mail_entry.map(|table| mail_table(&table, folder, domains.clone()));
    let is_sent = mail.as_ref().is_some_and(|mail| matches!(mail.transport, MailTransport::Smtp(_)));
    let departments = root.optional_table("departments");
    let departments = departments.map(|table| departments_table(&table, folder, &domains, is_sent)).unwrap_or_default();
    let jobs = jobs(root);
    let guard = guard_table(root.optional_table("guard").as_ref());
    let page = root.optional_table("page").map(|table| page_table(&table)).unwrap_or_default();
    let state = root.optional_table("state").map(|table| state_table(&table)).unwrap_or_default();
    let operations =
        root.optional_table("operations").map(|table| operations_table(&table, folder)).unwrap_or_default();
    let mut people = root.optional_table("people").map(|table| people_table(&table, &domains)).unwrap_or_default();
    let stand_in = departments.iter().find(|department: &&DepartmentConfig| department.name == fallback);
    if people.service.is_empty() {
        people.service = stand_in.map(|department| department.to.clone()).unwrap_or_default();
    }
    if let (Some(mail), Some(span)) = (&mail, confirmed) {
        confirm_caretakers(root, span, mail, &people);
    }
    if !jobs.is_empty() && stand_in.is_none_or(|department| department.to.is_empty()) {
        let span = company.as_ref().map_or(0..0, |table| table.span_of("fallback_department"));
        root.problems().push(
            document
                .problem(
                    span,
                    text!(
                        "备用部门“{fallback}”没有收件人，而任务要发报告",
                        "the fallback department `{fallback}` has no recipient, but a job reports"
                    ),
                )
                .with_hint(text!(
                    "请写上 [departments.\"{fallback}\"] 及其 to = [\"…@…\"]",
                    "write [departments.\"{fallback}\"] with to = [\"…@…\"]"
                )),
        );
    }
    if mail.is_none() && !jobs.is_empty() {
        root.missing("mail");
    }
    Config {
        document: document.clone(),
        folder: folder.to_owned(),
        company: name,
        timezone,
        language,
        fallback_department: fallback,
        contact,
        retention_days,
        packs,
        conflicts,
        people,
        sources,
        departments,
        mail: mail.unwrap_or(MailConfig {
            transport: MailTransport::File,
            from: "hedui <hedui@localhost>".to_owned(),
            reply_to: None,
            largest: MailConfig::USUAL_LARGEST,
            share: None,
            share_folder: None,
            domains,
            confirmed: None,
            pace: Pace::default(),
        }),
        jobs,
        guard,
        page,
        state,
        operations,
        spark,
    }
}

fn company_table(table: &Params) -> (String, Tz, Language, String, Vec<Placed<String>>) {
    let name = table.string("name").map(|name| name.value).unwrap_or_default();
    let timezone = table.optional_string("timezone").map_or(chrono_tz::Asia::Shanghai, |written| {
        Tz::from_str(&written.value).unwrap_or_else(|_| {
            let word = &written.value;
            let message = text!("没有“{word}”这个时区", "there is no time zone `{word}`");
            let known: Vec<&str> = chrono_tz::TZ_VARIANTS.iter().map(|zone| zone.name()).collect();
            table
                .problems()
                .push(table.problems().document().problem(written.span.clone(), message).with_suggestion(word, known));
            chrono_tz::Asia::Shanghai
        })
    });
    let language = table.optional_word("language", &LANGUAGES).unwrap_or_default();
    let fallback =
        table.optional_string("fallback_department").map_or_else(|| "客户服务部".to_owned(), |name| name.value);
    let packs = table.optional_strings("packs").unwrap_or_default();
    table.finish();
    (name, timezone, language, fallback, packs)
}

/// `[conflicts]`: name of a contradiction = clause. Both are checked by those who know the policies.
fn conflicts_table(table: &Params) -> Vec<(Placed<String>, Placed<String>)> {
    table.keys().into_iter().filter_map(|key| table.string_under(&key.value).map(|clause| (key, clause))).collect()
}

/// A secret by the place where it is kept; one that is written out is a mistake.
fn secret(table: &Params, key: &'static str, folder: &Path) -> Option<Secret> {
    let written = table.optional_string(key)?;
    let secret = Secret::from_written(&written.value, folder);
    if matches!(secret, Secret::Written(_)) {
        table.problems().add(
            written.span,
            text!(
                "密码不能写在配置里；请写 \"env:变量名\"、\"file:路径\" 或 \"credential:凭据名\"",
                "a password does not belong in the configuration; write \"env:NAME\", \"file:PATH\" or \"credential:NAME\""
            ),
        );
    }
    Some(secret)
}

/// Who is mailed: an address outside of the domains that the company mails to is a mistake.
fn addresses(table: &Params, key: &'static str, domains: &[String]) -> Vec<String> {
    let written = table.optional_strings(key).unwrap_or_default();
    for entry in written.iter().filter(|entry| !is_inside(&entry.value, domains)) {
        let (word, list) = (&entry.value, domains.join(", "));
        table.problems().add(
            entry.span.clone(),
            text!(
                "“{word}”不在允许的邮箱域名之内（[mail] domains：{list}）",
                "`{word}` is outside of the domains that may be mailed to ([mail] domains: {list})"
            ),
        );
    }
    written.into_iter().filter_map(|entry| address(table, entry)).collect()
}

fn address(table: &Params, entry: Placed<String>) -> Option<String> {
    if outbox::address::mailbox(&entry.value).is_ok() {
        return Some(entry.value);
    }
    let word = &entry.value;
    table.problems().add(entry.span, text!("“{word}”不是电子邮件地址", "`{word}` is no mail address"));
    None
}

fn page_table(table: &Params) -> PageConfig {
    let usual = PageConfig::default();
    let page = PageConfig {
        enabled: table.optional_bool("enabled").unwrap_or(usual.enabled),
        findings: table.optional_bool("findings").unwrap_or(usual.findings),
        clearance: table.optional_word("clearance", &Secrecy::WORDS).unwrap_or(usual.clearance),
    };
    table.finish();
    page
}
