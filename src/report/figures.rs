//! Every count that a report shows, computed once.
//!
//! Apart because the mail, the sheets and the digest must never disagree: none of them counts, all of them read this.
//! It knows no layout, no language and no department: it counts the findings it is given.

use std::collections::BTreeMap;

use super::customers::Customers;
use super::input::{ReportInput, TrendPoint};
use crate::model::{Finding, Outcome, Ratio, RuleOutcome, Severity, SourceNote, Status, Whose};

/// Findings by status.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts([u64; Status::ALL.len()]);

impl Counts {
    /// The findings of one status.
    pub fn of(self, status: Status) -> u64 {
        self.0[status as usize]
    }

    /// What somebody has to mend: new, back, or still open; neither waived nor unchecked.
    pub fn to_do(self) -> u64 {
        self.of(Status::New) + self.of(Status::Reopened) + self.of(Status::Open)
    }

    /// The findings of every status.
    pub fn total(self) -> u64 {
        self.0.iter().sum()
    }

    /// Counts some findings of a status in.
    pub fn add(&mut self, status: Status, findings: u64) {
        self.0[status as usize] += findings;
    }
}

/// Whether a finding is somebody's work now: what [`Counts::to_do`] adds up.
pub fn is_to_do(status: Status) -> bool {
    matches!(status, Status::New | Status::Reopened | Status::Open)
}

/// The counts of one rule, owner, department or severity.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line<'a> {
    /// The rule's id or the name, as findings carry it.
    pub name: &'a str,
    /// The gravest severity among its findings.
    pub severity: Severity,
    /// Its findings.
    pub counts: Counts,
    /// Different customers that its work concerns.
    pub customers: u64,
}

/// The counts of one run in the trend.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TrendLine {
    /// The run's period, as written.
    pub period: String,
    /// Its findings.
    pub counts: Counts,
    /// Its overall score.
    pub score: Ratio,
}

/// All counts of one department, or of all.
#[derive(Clone, Debug)]
pub struct Figures<'a> {
    /// All findings together.
    pub total: Line<'a>,
    /// The three severities, the gravest first, those without findings too.
    pub by_severity: Vec<Line<'a>>,
    /// The rules with findings, by severity, then work.
    pub by_rule: Vec<Line<'a>>,
    /// The owners with findings, by work.
    pub by_owner: Vec<Line<'a>>,
    /// The departments under the names that the data gives, by work.
    pub by_department: Vec<Line<'a>>,
    /// The counts of each rule on each table.
    pub by_rule_and_table: BTreeMap<(&'a str, &'a str), Counts>,
    /// Earlier runs and this one, oldest first.
    pub trend: Vec<TrendLine>,
}

impl Figures<'_> {
    /// The work of the run before this one, where there was one.
    pub fn to_do_before(&self) -> Option<u64> {
        let before = self.trend.len().checked_sub(2)?;
        self.trend.get(before).map(|line| line.counts.to_do())
    }
}

/// Counts the findings at the given places of the input; `belongs` tells the departments of earlier runs that count,
/// `whose` whose scores they are shown with.
pub fn count<'a>(
    input: &'a ReportInput<'a>,
    findings: &[u32],
    customers: &Customers,
    belongs: impl Fn(&str) -> bool,
    whose: &Whose,
) -> Figures<'a> {
    let mut total = Tally::default();
    let mut severities: [Tally; Severity::ALL.len()] = Default::default();
    let (mut rules, mut owners, mut departments) = (Tallies::new(), Tallies::new(), Tallies::new());
    let mut by_rule_and_table: BTreeMap<(&str, &str), Counts> = BTreeMap::new();
    for &place in findings {
        let finding = &input.findings[place as usize];
        let customer = customers.of(place);
        total.add(finding, customer);
        severities[finding.severity as usize].add(finding, customer);
        rules.entry(finding.rule_id).or_default().add(finding, customer);
        owners.entry(finding.owner).or_default().add(finding, customer);
        departments.entry(finding.department.trim()).or_default().add(finding, customer);
        by_rule_and_table.entry((finding.rule_id, finding.table)).or_default().add(finding.status, 1);
    }
    let total = total.line("");
    let by_severity = Severity::ALL
        .into_iter()
        .map(|severity| Line { severity, ..std::mem::take(&mut severities[severity as usize]).line(severity.as_str()) })
        .collect();
    let mut by_rule = lines(rules);
    by_rule.sort_by_key(|line| std::cmp::Reverse(line.severity));
    let trend = trend(input, total.counts, belongs, whose);
    Figures {
        total,
        by_severity,
        by_rule,
        by_owner: lines(owners),
        by_department: lines(departments),
        by_rule_and_table,
        trend,
    }
}

type Tallies<'a> = BTreeMap<&'a str, Tally>;

/// A line in the making: the customers' numbers are gathered first and told apart at the end.
#[derive(Clone, Debug, Default)]
struct Tally {
    severity: Option<Severity>,
    counts: Counts,
    customers: Vec<u32>,
}

impl Tally {
    fn add(&mut self, finding: &Finding<'_>, customer: Option<u32>) {
        self.severity = self.severity.max(Some(finding.severity));
        self.counts.add(finding.status, 1);
        if is_to_do(finding.status) && self.customers.last().copied() != customer {
            self.customers.extend(customer);
        }
    }

    fn line(mut self, name: &str) -> Line<'_> {
        self.customers.sort_unstable();
        self.customers.dedup();
        Line {
            name,
            severity: self.severity.unwrap_or(Severity::Info),
            counts: self.counts,
            customers: self.customers.len() as u64,
        }
    }
}

fn lines(tallies: Tallies<'_>) -> Vec<Line<'_>> {
    let mut lines: Vec<_> = tallies.into_iter().map(|(name, tally)| tally.line(name)).collect();
    lines.sort_by_key(|line| std::cmp::Reverse((line.counts.to_do(), line.counts.total())));
    lines
}

/// The trend of the departments that count. This run's point is what was counted above, so that the line's end and the
/// key figures are one number.
fn trend(input: &ReportInput<'_>, now: Counts, belongs: impl Fn(&str) -> bool, whose: &Whose) -> Vec<TrendLine> {
    let period = input.period.to_string();
    let sum = |point: &TrendPoint| {
        let mut counts = Counts::default();
        for (_, status, findings) in point.counts.iter().filter(|(department, ..)| belongs(department)) {
            counts.add(*status, *findings);
        }
        let score = point.scores.iter().find(|(scored, _)| scored == whose).map(|(_, ratio)| *ratio);
        TrendLine { period: point.period.clone(), counts, score: score.unwrap_or_default() }
    };
    let mut trend: Vec<_> = input.trend.iter().filter(|point| point.period != period).map(sum).collect();
    trend.push(TrendLine { period, counts: now, score: input.scores.ratio(whose, None) });
    trend
}

/// On how much the report rests: rules applied and rows read.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Coverage {
    /// Rules, counted once a table.
    pub rules: u64,
    /// Of these, applied to data.
    pub concluded: u64,
    /// Of these, not evaluated.
    pub not_evaluated: u64,
    /// Of these, not enabled.
    pub not_enabled: u64,
    /// Of these, without anything to apply to.
    pub not_applicable: u64,
    /// Rows that rules saw.
    pub rows_checked: u64,
    /// Rows that rules did not see.
    pub rows_skipped: u64,
    /// Sheets, files and queries that could not be read.
    pub unread: u64,
}

impl Coverage {
    /// Adds up outcomes and load notes.
    pub fn of(outcomes: &[RuleOutcome], notes: &[SourceNote]) -> Self {
        let with = |outcome| outcomes.iter().filter(|line| line.outcome == outcome).count() as u64;
        Self {
            rules: outcomes.len() as u64,
            concluded: outcomes.iter().filter(|line| line.outcome.is_concluded()).count() as u64,
            not_evaluated: with(Outcome::NotEvaluated),
            not_enabled: with(Outcome::NotEnabled),
            not_applicable: with(Outcome::NotApplicable),
            rows_checked: notes.iter().map(|note| note.rows_checked).sum(),
            rows_skipped: notes.iter().map(|note| note.rows_skipped).sum(),
            unread: notes.iter().filter(|note| note.error.is_some()).count() as u64,
        }
    }

    /// Whether something that should have been checked was not.
    pub fn is_partial(&self) -> bool {
        self.not_evaluated > 0 || self.unread > 0
    }
}
