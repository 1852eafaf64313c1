//! What a new workplace is to say of the company: from flags, from a person at a terminal, or as the sample has it.
//!
//! Apart because flags and questions fill in the same answers. It asks nothing and knows no file.

use std::path::PathBuf;

use crate::cli::{InitArguments, Spoken};
use crate::outbox;
use crate::pipeline::beginning::Survey;
use crate::text;
use crate::text::{Language, Text};
use crate::workplace::default_language;

/// The company as the sample calls it.
const SAMPLE_COMPANY: &str = "本公司名称";
/// The department that gets what is nobody's, as the sample has it, and its address: one that no mail reaches.
const SAMPLE_FALLBACK: (&str, &str) = ("客户服务部", "kefu@example.com");
/// What departments are called that look after customers.
const SERVICE: [&str; 4] = ["客户服务", "客服", "customer service", "service"];
/// More departments than this are hardly departments: another column was taken for theirs.
pub const MOST: usize = 100;

/// What is known of the company.
#[derive(Clone, Debug)]
pub struct Answers {
    /// The language of reports, mails and messages.
    pub language: Language,
    /// Its name.
    pub company: String,
    /// Where its spreadsheets are.
    pub data: Vec<PathBuf>,
    /// The department that gets what is nobody's.
    pub fallback: Option<String>,
    /// Departments and their addresses.
    pub addresses: Vec<(String, Vec<String>)>,
}

/// A department as the configuration is to have it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// Its name.
    pub name: String,
    /// Who gets its mail; nothing is known where it is empty.
    pub to: Vec<String>,
    /// How many customers it has, by the data.
    pub customers: u64,
    /// Whether the address is the sample's.
    pub is_sample: bool,
}

impl Answers {
    /// What the flags say, the rest as the sample has it.
    pub fn of(arguments: &InitArguments) -> Result<Self, Text> {
        let mut addresses = Vec::new();
        for written in &arguments.departments {
            let wrong = || {
                text!(
                    "--department 应写作 部门=地址，如 --department 华东销售部=east@example.com，现为“{written}”",
                    "--department is NAME=ADDRESS, such as --department 华东销售部=east@example.com, and not `{written}`"
                )
            };
            let (name, address) = written.split_once('=').ok_or_else(wrong)?;
            if name.trim().is_empty() {
                return Err(wrong());
            }
            add(&mut addresses, name.trim(), addresses_of(address)?);
        }
        Ok(Self {
            language: Self::spoken(arguments),
            company: arguments.company.clone().unwrap_or_else(|| SAMPLE_COMPANY.to_owned()),
            data: arguments.data.clone(),
            fallback: arguments.fallback.clone(),
            addresses,
        })
    }

    /// The language that was asked for, else the locale's.
    pub fn spoken(arguments: &InitArguments) -> Language {
        arguments.language.map_or_else(default_language, |spoken| match spoken {
            Spoken::Zh => Language::Zh,
            Spoken::En => Language::En,
        })
    }

    /// The department that gets what is nobody's: as was said, else the one of the data that is called so.
    pub fn suggest_fallback(&mut self, survey: &Survey) {
        if self.fallback.is_none() {
            let names: Vec<&String> = survey.departments.iter().map(|(name, _)| name).collect();
            let called = |word: &str| names.iter().find(|name| name.to_lowercase().contains(word));
            self.fallback = SERVICE.iter().find_map(|word| called(word)).map(|name| (*name).clone());
        }
    }

    /// The name of the department that gets what is nobody's.
    pub fn fallback(&self) -> &str {
        self.fallback.as_deref().unwrap_or(SAMPLE_FALLBACK.0)
    }

    /// The addresses of a department.
    pub fn to(&self, name: &str) -> &[String] {
        self.addresses.iter().find(|(known, _)| known == name).map(|(_, to)| to.as_slice()).unwrap_or_default()
    }

    /// Takes down a department's addresses.
    pub fn answer(&mut self, name: &str, to: Vec<String>) {
        add(&mut self.addresses, name, to);
    }

    /// The sender: the fallback department.
    pub fn sender(&self) -> String {
        let address = self.to(self.fallback()).first().map_or(SAMPLE_FALLBACK.1, String::as_str);
        match address.contains('<') {
            true => address.to_owned(),
            false => format!("{} <{address}>", self.fallback()),
        }
    }

    /// The departments: the fallback first, those of the data by size, then those that only an address was given for.
    pub fn entries(&self, survey: &Survey) -> Vec<Entry> {
        let customers =
            |name: &str| survey.departments.iter().find(|(known, _)| known == name).map_or(0, |(_, rows)| *rows);
        let mut names: Vec<&str> = vec![self.fallback()];
        let of_data = survey.departments.iter().map(|(name, _)| name.as_str()).filter(|name| !name.is_empty());
        for name in of_data.take(MOST).chain(self.addresses.iter().map(|(name, _)| name.as_str())) {
            if !names.contains(&name) {
                names.push(name);
            }
        }
        let entry = |name: &str| {
            let to = self.to(name).to_vec();
            let is_sample = to.is_empty() && name == self.fallback();
            let to = if is_sample { vec![SAMPLE_FALLBACK.1.to_owned()] } else { to };
            Entry { name: name.to_owned(), to, customers: customers(name), is_sample }
        };
        names.into_iter().map(entry).collect()
    }
}

fn add(addresses: &mut Vec<(String, Vec<String>)>, name: &str, to: Vec<String>) {
    match addresses.iter_mut().find(|(known, _)| known == name) {
        Some((_, known)) => known.extend(to),
        None => addresses.push((name.to_owned(), to)),
    }
}

/// The addresses of a text, with commas or blanks between them.
pub fn addresses_of(written: &str) -> Result<Vec<String>, Text> {
    let parts = written.split([',', '，', ';', '；', '、', ' ']).map(str::trim).filter(|part| !part.is_empty());
    parts
        .map(|part| {
            let wrong = |_| {
                text!(
                    "“{part}”不是电子邮件地址，应像 east@example.com",
                    "`{part}` is no mail address, such as east@example.com"
                )
            };
            outbox::address::mailbox(part).map(|_| part.to_owned()).map_err(wrong)
        })
        .collect()
}
