//! What a report is, from its `report.toml`: for whom, with which sheets and columns, under which name.
//!
//! Apart because a company changes these without touching the program, and every mistake in them must be found before
//! anything runs. It knows sheets and columns by name only.

mod mistakes;
mod read;

use serde::Deserialize;
use toml::Spanned;

use super::analysis::settings::Analysed;
use super::filter::Filter;
use super::look::{self, Look};
use super::share::Sorting;
use super::sheets;
use super::verification::Settings;
use crate::text::Language;

/// The most working days after which a manager gets a copy.
pub const LONGEST_WAIT: u32 = 60;

/// Who a report is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Audience {
    /// Each department its own.
    Departments,
    /// The department that runs the customer data.
    Service,
    /// The leader in charge.
    Leader,
    /// Management.
    Management,
    /// Each person what is on him.
    Persons,
    /// Who runs the program.
    Administrator,
}

impl Audience {
    const WORDS: [(&str, Audience); 6] = [
        ("departments", Audience::Departments),
        ("service", Audience::Service),
        ("leader", Audience::Leader),
        ("management", Audience::Management),
        ("persons", Audience::Persons),
        ("administrator", Audience::Administrator),
    ];
}

/// A report as its `report.toml` defines it, checked.
#[derive(Clone, Debug)]
pub struct Definition {
    /// Who it is for.
    pub audience: Audience,
    /// Its title, with places to fill.
    pub title: Wording,
    /// The name of its workbook without ending, with places to fill.
    pub attachment: Wording,
    /// The sheets of its workbook, in order.
    pub sheets: Vec<String>,
    /// The columns of its work list, in order.
    pub work_list: Vec<ListColumn>,
    /// What it cuts where.
    pub limits: Limits,
    /// Whether important customers are listed in a workbook of their own.
    pub sorting: Sorting,
    /// The ids of the clauses that it shows.
    pub clauses: Vec<Spanned<String>>,
    /// Its name: that of its folder.
    pub name: String,
    /// What it is for, in the mail and on its first sheet; nothing where its templates say so themselves.
    pub purpose: Option<Wording>,
    /// The names of its own lists.
    pub lists: Vec<String>,
    /// Whether it is not made where all of its lists are empty (`only_if = "rows"`).
    pub only_with_rows: bool,
    /// The definitions of its figures, where it is an analysis.
    pub analysis: Option<Analysed>,
    /// What it changes of the look that all reports share.
    pub own_look: look::Written,
    /// The look that comes of it.
    pub look: Look,
    /// What its verification list shows and asks; nothing where it attaches none.
    pub verification: Option<Settings>,
    /// Which findings it is about.
    pub findings: Filter,
    /// How and when it is sent.
    pub sending: Sending,
}

impl Definition {
    /// Whether it reminds of verification lists: where it is due daily, it goes out on some days only.
    pub fn is_reminder(&self) -> bool {
        self.sheets.iter().any(|sheet| sheets::is_progress(sheet))
    }

    /// The same report with its lists only: what a workbook of a part of the customers has.
    pub fn of_lists(&self) -> Self {
        let is_list =
            |name: &String| (sheets::is_work_list(name) && !sheets::is_of_owners(name)) || name == sheets::CHANGES;
        Self { sheets: self.sheets.iter().filter(|name| is_list(name)).cloned().collect(), ..self.clone() }
    }
}

/// How and when a report is sent.
#[derive(Clone, Copy, Debug, Default)]
pub struct Sending {
    /// Whether the leader approves it first (`review = "leader"`).
    pub is_reviewed: bool,
    /// Whether it is made only where there is something to do (`only_if = "to_do"`).
    pub only_to_do: bool,
    /// After how many working days a person's manager gets a copy.
    pub copy_manager_after: Option<u32>,
}

/// A wording in every language.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Wording {
    zh: String,
    en: String,
}

impl Wording {
    /// The wording of one language.
    pub fn get(&self, language: Language) -> &str {
        match language {
            Language::Zh => &self.zh,
            Language::En => &self.en,
        }
    }
}

/// A column of the work list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ListColumn {
    /// Which one: a name of `work_list::FIELDS`.
    pub field: String,
    /// Its width in digits of the standard font.
    pub width: u16,
    /// Whether only a report that takes other departments' findings in has it.
    pub only_taken_in: bool,
}

/// How much a report shows before it says that there is more.
#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Limits {
    /// Rows of a table in the mail.
    pub mail_rows: usize,
    /// Rows of a table on the first sheet.
    pub overview_rows: usize,
    /// Skipped rows among the load notes.
    pub skipped_rows: usize,
    /// Days that the list of what falls due looks ahead.
    pub upcoming_days: u64,
}

impl Default for Limits {
    fn default() -> Self {
        Self { mail_rows: 12, overview_rows: 40, skipped_rows: 500, upcoming_days: 0 }
    }
}
