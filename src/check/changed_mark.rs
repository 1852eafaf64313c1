//! `changed_mark`: a record that is not as it was is marked so, or: one that is marked is not as it was.
//!
//! Apart from `required`, which asks for a mark where a date says that something was updated: here the data of the run
//! compared with say it. Without it, as in `hedui check` and in a first run, the rule is not applicable. A mark that was
//! asked for once is asked for until somebody makes it, however long ago the change was.

use polars::prelude::{IntoSeries, NewChunkedArray, PolarsResult, StringChunked, lit};

use super::condition::Condition;
use super::{Check, CheckKind, Plan, Scope, Unit};
use crate::dictionary::Table;
use crate::model::ChangedTable;
use crate::params::Params;
use crate::text;
use crate::text::{Language, Text};

/// The kind.
pub const KIND: Kind = Kind;

/// The kind `changed_mark`.
pub struct Kind;

#[derive(Clone, Copy, Debug, PartialEq)]
enum Report {
    /// Changed, and not marked.
    Unmarked,
    /// Marked, and not changed.
    Unchanged,
}

#[derive(Debug)]
struct ChangedMark {
    table: Table,
    field: String,
    ignore: Vec<String>,
    report: Report,
}

/// What stands between the names of fields that changed.
const BETWEEN: char = '\u{1f}';
/// What stands for the fields of a change that an earlier run saw.
const EARLIER: &str = "\u{1e}";

impl CheckKind for Kind {
    fn name(&self) -> &'static str {
        "changed_mark"
    }

    fn describe(&self) -> Text {
        text!(
            "与上期相比有变化的记录须有标注；或：有标注的记录须确有变化",
            "a record that changed since the last period is marked, or a marked one has changed"
        )
    }

    fn read(&self, rule: &Params, scope: &Scope) -> Option<Box<dyn Check>> {
        let field = scope.field(rule, "field");
        rule.must_have("report");
        let words = [("unmarked", Report::Unmarked), ("unchanged", Report::Unchanged)];
        let report = rule.optional_word("report", &words);
        let written = rule.optional_strings("ignore").unwrap_or_default();
        let ignore: Vec<String> = written.iter().filter_map(|word| scope.named(rule, scope.table, word)).collect();
        let is_whole = ignore.len() == written.len();
        let (field, report) = (field?, report?);
        is_whole.then(|| -> Box<dyn Check> {
            Box::new(ChangedMark { table: scope.table.clone(), field, ignore, report })
        })
    }
}

impl ChangedMark {
    /// The fields of each record that changed, joined; nothing for a record that has no earlier one, empty for one that
    /// is as it was.
    fn changed(&self, plan: &Plan) -> Option<Vec<Option<String>>> {
        let changed = plan.given.changed.of(&self.table.name)?.ok()?;
        let mut said: Vec<Option<String>> = vec![None; plan.columns.dataset().height];
        for record in &changed.compared {
            if let Some(said) = said.get_mut(*record as usize) {
                *said = Some(String::new());
            }
        }
        for (field, records) in changed.fields.iter().filter(|(field, _)| self.counts(field)) {
            for record in records {
                let Some(Some(said)) = said.get_mut(*record as usize) else { continue };
                if !said.is_empty() {
                    said.push(BETWEEN);
                }
                said.push_str(field);
            }
        }
        match self.report {
            Report::Unmarked => self.ask_again(changed, &mut said),
            Report::Unchanged => self.leave_out_uncompared(changed, &mut said),
        }
        Some(said)
    }

    /// Records whose mark an earlier run asked for have changed, whatever this run sees.
    fn ask_again(&self, changed: &ChangedTable, said: &mut [Option<String>]) {
        for record in changed.asked.get(&self.field).into_iter().flatten() {
            if let Some(said) = said.get_mut(*record as usize)
                && said.as_ref().is_none_or(String::is_empty)
            {
                *said = Some(EARLIER.to_owned());
            }
        }
    }

    /// A record of which a column was not compared may have changed in it: it is not called unchanged.
    fn leave_out_uncompared(&self, changed: &ChangedTable, said: &mut [Option<String>]) {
        for record in changed.uncompared.iter().filter(|(field, _)| self.counts(field)).flat_map(|(_, records)| records) {
            if let Some(said) = said.get_mut(*record as usize)
                && said.as_ref().is_some_and(String::is_empty)
            {
                *said = None;
            }
        }
    }

    /// The mark itself is no change that wants one.
    fn counts(&self, field: &str) -> bool {
        field != self.field && !self.ignore.iter().any(|ignored| ignored == field)
    }
}

impl Check for ChangedMark {
    fn reads(&self) -> Vec<(String, String)> {
        vec![(self.table.name.clone(), self.field.clone())]
    }

    fn conditions(&self) -> Vec<(&str, &Condition)> {
        Vec::new()
    }

    fn gives_detail(&self) -> bool {
        self.report == Report::Unmarked
    }

    fn looks_at_changes(&self) -> bool {
        true
    }

    fn asks_for_mark(&self) -> Option<&str> {
        (self.report == Report::Unmarked).then_some(&*self.field)
    }

    fn looks_beyond_the_row(&self) -> bool {
        true
    }

    fn plan(&self, plan: &mut Plan) -> PolarsResult<Vec<Unit>> {
        let Some(said) = self.changed(plan) else { return Ok(Vec::new()) };
        let said = lit(StringChunked::from_iter_options("said".into(), said.into_iter()).into_series());
        let mark = plan.columns.folded(&self.field);
        let unit = match self.report {
            Report::Unmarked => Unit {
                tested: Some(said.clone().neq(lit(""))),
                ..Unit::on(&self.field, mark.is_null()).with_detail(said)
            },
            Report::Unchanged => Unit {
                tested: Some(said.clone().is_not_null().and(mark.is_not_null())),
                ..Unit::on(&self.field, said.eq(lit("")))
            },
        };
        Ok(vec![unit])
    }

    fn say(&self, detail: &str, language: Language) -> Option<String> {
        if detail == EARLIER {
            let said =
                text!("变化在更早的一期，至今没有标注", "the change is of an earlier period and was never marked");
            return Some(said.get(language).to_owned());
        }
        let label = |name: &str| self.table.field(name).map_or_else(|| name.to_owned(), |field| field.label(language).to_owned());
        let between = text!("、", ", ");
        let labels: Vec<String> = detail.split(BETWEEN).filter(|name| !name.is_empty()).map(label).collect();
        Some(labels.join(between.get(language)))
    }
}
