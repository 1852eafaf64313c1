//! How days, periods, and the words of the model are written in reports.
//!
//! Apart because sheets, mails and file names write them alike. It knows no report.

use chrono::{Datelike, NaiveDate};

use super::strings::Strings;
use crate::model::{Dimension, Outcome, Period, PeriodKind, Severity, Status};
use crate::text::Language;

impl Strings {
    /// A period as people say it, with its days: 2026年第47周(11-16至11-22).
    pub fn period(&self, period: Period) -> String {
        match period.kind() {
            PeriodKind::Week => self.fill(
                "period.days",
                &[
                    ("period", &self.period_name(period)),
                    ("from", &self.day_of_year(period.start())),
                    ("to", &self.day_of_year(period.end())),
                ],
            ),
            _ => self.period_name(period),
        }
    }

    /// A period as people say it, without its days.
    pub fn period_name(&self, period: Period) -> String {
        let start = period.start();
        let (key, year, number) = match period.kind() {
            PeriodKind::Day => return start.to_string(),
            PeriodKind::Week => ("period.week", start.iso_week().year(), start.iso_week().week()),
            PeriodKind::Month => ("period.month", start.year(), start.month()),
            PeriodKind::Quarter => ("period.quarter", start.year(), start.month0() / 3 + 1),
            PeriodKind::Year => ("period.year", start.year(), 0),
        };
        self.fill(key, &[("year", &year), ("number", &number), ("padded", &format!("{number:02}"))])
    }

    /// A period that was written down, as people say it; as it was written where it is none.
    pub fn written_period(&self, written: &str) -> String {
        Period::parse(written).map_or_else(|| written.to_owned(), |period| self.period_name(period))
    }

    /// Which rhythm a report has: 周报, weekly.
    pub fn rhythm(&self, kind: PeriodKind) -> &str {
        self.get(match kind {
            PeriodKind::Day => "rhythm.day",
            PeriodKind::Week => "rhythm.week",
            PeriodKind::Month => "rhythm.month",
            PeriodKind::Quarter => "rhythm.quarter",
            PeriodKind::Year => "rhythm.year",
        })
    }

    /// The name of the sheet that a report opens with.
    pub fn overview(&self, kind: PeriodKind) -> &str {
        self.get(match kind {
            PeriodKind::Day => "sheet.overview_day",
            PeriodKind::Week => "sheet.overview_week",
            PeriodKind::Month => "sheet.overview_month",
            PeriodKind::Quarter => "sheet.overview_quarter",
            PeriodKind::Year => "sheet.overview_year",
        })
    }

    /// The word for a status.
    pub fn status(&self, status: Status) -> &str {
        self.get(match status {
            Status::New => "status.new",
            Status::Reopened => "status.reopened",
            Status::Open => "status.open",
            Status::Waived => "status.waived",
            Status::NotChecked => "status.not_checked",
            Status::Resolved => "status.resolved",
        })
    }

    /// The word for a severity.
    pub fn severity(&self, severity: Severity) -> &str {
        self.get(match severity {
            Severity::Error => "severity.error",
            Severity::Warning => "severity.warning",
            Severity::Info => "severity.info",
        })
    }

    /// The word for an outcome.
    pub fn outcome(&self, outcome: Outcome) -> &str {
        self.get(match outcome {
            Outcome::Passed => "outcome.passed",
            Outcome::Warned => "outcome.warned",
            Outcome::Failed => "outcome.failed",
            Outcome::NotApplicable => "outcome.not_applicable",
            Outcome::NotEvaluated => "outcome.not_evaluated",
            Outcome::NotEnabled => "outcome.not_enabled",
        })
    }

    /// The word for a dimension.
    pub fn dimension(&self, dimension: Dimension) -> &str {
        self.get(match dimension {
            Dimension::Completeness => "dimension.completeness",
            Dimension::Accuracy => "dimension.accuracy",
            Dimension::Consistency => "dimension.consistency",
            Dimension::Timeliness => "dimension.timeliness",
            Dimension::Uniqueness => "dimension.uniqueness",
            Dimension::Validity => "dimension.validity",
        })
    }

    /// Names in a row: 甲、乙, or A, B.
    pub fn joined<S: AsRef<str>>(&self, names: impl IntoIterator<Item = S>) -> String {
        let mut joined = String::new();
        for name in names {
            if !joined.is_empty() {
                joined.push_str(self.get("list.between"));
            }
            joined.push_str(name.as_ref());
        }
        joined
    }

    fn day_of_year(&self, day: NaiveDate) -> String {
        match self.language() {
            Language::Zh => day.format("%m-%d").to_string(),
            Language::En => day.format("%-d %b").to_string(),
        }
    }
}

/// A period in a file name: 2026W47.
pub fn period_in_file_name(period: Period) -> String {
    period.to_string().replace("-W", "W")
}
