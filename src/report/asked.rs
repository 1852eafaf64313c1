//! What programs ask of a report's definition: whom it is for, what it cites, names and reads, how its files are called.
//!
//! Apart from the loading of templates because it grows with what reports can say. It reads no file.

use super::definition::{Audience, Definition};
use super::filter::Named;
use super::format::file_names;
use super::strings;
use super::templates::Templates;
use super::verification;
use super::wording::period_in_file_name;
use crate::analysis;
use crate::model::Period;
use crate::text::Language;

impl Templates {
    /// Who a report is for.
    pub fn audience(&self, report: &str) -> Option<Audience> {
        self.definition(report).map(|definition| definition.audience)
    }

    /// How many days ahead a report looks.
    pub fn upcoming_days(&self, report: &str) -> u64 {
        self.definition(report).map_or(0, |definition| definition.limits.upcoming_days)
    }

    /// The definitions of a report's figures, where it is an analysis.
    pub fn analysis(&self, report: &str) -> Option<&analysis::Settings> {
        self.definition(report)?.analysis.as_ref().map(|analysed| &analysed.settings)
    }

    /// (report, table, field, its place in the report's definition): all that analyses read. An empty field stands for
    /// the table.
    pub fn analysed(&self) -> Vec<(&str, &str, &str, std::ops::Range<usize>)> {
        let of = |report| Some((report, self.definition(report)?.analysis.as_ref()?));
        let reports = self.names().into_iter().filter_map(of);
        reports
            .flat_map(|(report, analysed)| {
                let named = analysed.named.iter();
                named.map(move |(table, field, span)| (report, table.as_str(), field.as_str(), span.clone()))
            })
            .collect()
    }

    /// The reports that show a clause.
    pub fn serving(&self, clause: &str) -> Vec<&str> {
        let shows = |definition: &Definition| definition.clauses.iter().any(|cited| cited.get_ref() == clause);
        self.names().into_iter().filter(|report| self.definition(report).is_some_and(shows)).collect()
    }

    /// (report, clause, its place in the report's definition): all that they cite.
    pub fn cited(&self) -> Vec<(&str, &str, std::ops::Range<usize>)> {
        let of = |report| self.definition(report).map(|definition| (report, &definition.clauses));
        self.names()
            .into_iter()
            .filter_map(of)
            .flat_map(|(report, clauses)| {
                clauses.iter().map(move |cited| (report, cited.get_ref().as_str(), cited.span()))
            })
            .collect()
    }

    /// The settings of a report's verification list.
    pub fn verification(&self, report: &str) -> Option<&verification::Settings> {
        self.definition(report)?.verification.as_ref()
    }

    /// The names of a report's workbooks for some departments, as file systems take them.
    pub fn attachments(&self, report: &str, language: Language, period: Period, departments: &[String]) -> Vec<String> {
        let strings = self.strings(language);
        let kind = strings.rhythm(period.kind());
        let period = period_in_file_name(period);
        let wanted: Vec<String> = departments
            .iter()
            .map(|department| {
                let wording = self.definition(report).map_or("", |definition| definition.attachment.get(language));
                strings::fill(wording, &[("kind", &kind), ("department", department), ("period", &period)])
            })
            .collect();
        file_names::legal(wanted.iter().map(String::as_str), "xlsx")
    }

    /// Whether a report tells how far a round of verification has come.
    pub fn is_reminder(&self, report: &str) -> bool {
        self.definition(report).is_some_and(Definition::is_reminder)
    }

    /// (report, what it names, the name, its place): the rules, kinds and clauses that reports take findings by.
    pub fn filtered(&self) -> Vec<(&str, Named, &str, std::ops::Range<usize>)> {
        let of = |report| self.definition(report).map(|definition| (report, &definition.findings));
        self.names()
            .into_iter()
            .filter_map(of)
            .flat_map(|(report, filter)| {
                filter.named().map(move |(what, word)| (report, what, word.get_ref().as_str(), word.span()))
            })
            .collect()
    }

    /// Whether the leader approves a report before others get it.
    pub fn is_reviewed(&self, report: &str) -> bool {
        self.definition(report).is_some_and(|definition| definition.sending.is_reviewed)
    }
}
