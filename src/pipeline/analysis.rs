//! The analyses of a run: typed data become facts, earlier runs become what is compared with.
//!
//! Apart because an analysis knows no field and no table: which of the company's columns it reads is set in its report's
//! folder, and is looked up here.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{Months, NaiveDate};
use sqlx::SqliteConnection;

use super::Checked;
use super::request::{RunError, RunRequest};
use crate::analysis::columns::Kind;
use crate::analysis::comparison::Earlier;
use crate::analysis::facts::{Cells, EarlierTiers, Rows};
use crate::analysis::{self, Analysis, Facts, Group, Settings};
use crate::compare::Records;
use crate::dataset::{Dataset, typing};
use crate::engine::evidence::class_of_each;
use crate::folding::fold;
use crate::history::figures;
use crate::history::snapshot::Snapshot;
use crate::history::store::{self, Run};
use crate::model::{Outcome, Period, Scores, Secrecy, TierStandards, Whose};
use crate::report::Audience;
use crate::workplace::Workplace;

/// What earlier runs left for the analyses of a run, by report.
#[derive(Default)]
pub struct Before {
    earlier: BTreeMap<String, Earlier>,
    previous: Option<Run>,
    year_ago: Option<Run>,
}

/// Reads what earlier runs left; nothing where no report of the job is an analysis.
///
/// # Errors
/// Where the store cannot be read.
pub async fn remember(
    connection: &mut SqliteConnection,
    workplace: &Workplace,
    request: &RunRequest<'_>,
) -> Result<Before, RunError> {
    let mut before = Before::default();
    let job = &request.job.name;
    let reports: Vec<&str> = analysed(workplace, request).map(|(report, _)| report).collect();
    if reports.is_empty() {
        return Ok(before);
    }
    let year_ago = request.period.start().checked_sub_months(Months::new(12)).unwrap_or(request.period.start());
    let year_ago = Period::containing(request.period.kind(), year_ago);
    before.previous = figures::run_of(connection, job, request.period.previous()).await?;
    before.year_ago = figures::run_of(connection, job, year_ago).await?;
    for report in reports {
        let mut earlier = Earlier::default();
        for (run, kept) in [(&before.previous, &mut earlier.previous), (&before.year_ago, &mut earlier.year_ago)] {
            let Some(run) = run else { continue };
            *kept = figures::read(connection, &run.run_id, report).await?.map(|found| (run.period.clone(), found));
        }
        before.earlier.insert(report.to_owned(), earlier);
    }
    Ok(before)
}

/// Makes the analyses of the job's reports, each under its report's name.
pub fn analyses(
    workplace: &Workplace,
    request: &RunRequest<'_>,
    checked: &Checked,
    scores: &Scores,
    before: Before,
) -> BTreeMap<String, Analysis> {
    let tiers = |run: &Option<Run>, settings: &Settings| {
        let run = run.as_ref().filter(|run| !run.snapshot_file.is_empty())?;
        earlier_tiers(workplace, run, settings)
    };
    let Before { mut earlier, previous, year_ago } = before;
    analysed(workplace, request)
        .map(|(report, settings)| {
            let gathering = Gathering { workplace, request, checked, settings };
            let mut facts = gathering.facts(scores, workplace.templates.audience(report));
            facts.tiers_before = tiers(&previous, settings);
            facts.tiers_year_ago = tiers(&year_ago, settings);
            let earlier = earlier.remove(report).unwrap_or_default();
            (report.to_owned(), analysis::analyse(facts, settings.clone(), earlier))
        })
        .collect()
}

/// What of them is kept for later runs.
pub fn kept(analyses: &BTreeMap<String, Analysis>) -> Vec<(String, figures::Figures)> {
    analyses.iter().map(|(report, analysis)| (report.clone(), analysis.comparison.stored())).collect()
}

/// The reports of the job that are analyses, with their definitions.
fn analysed<'w>(
    workplace: &'w Workplace,
    request: &'w RunRequest<'_>,
) -> impl Iterator<Item = (&'w str, &'w Settings)> {
    let reports = request.job.reports.iter().map(|report| report.value.as_str());
    reports.filter_map(|report| Some((report, workplace.templates.analysis(report)?)))
}

/// The recorded tiers of an earlier run, from the snapshot that it kept.
fn earlier_tiers(workplace: &Workplace, run: &Run, settings: &Settings) -> Option<EarlierTiers> {
    let table = workplace.pack.dictionary.table(&workplace.pack.dictionary.customers.table)?;
    let key = table.key.as_deref()?;
    let tier = settings.columns.get(&(Group::Customers, "tier"))?;
    let path = store::folder(&workplace.config.folder).join(&run.snapshot_file);
    let snapshot = Snapshot::open(&path, &[]).ok()?;
    let (keys, words) = (snapshot.column(key).ok()??, snapshot.column(tier).ok()??);
    let mut tiers: BTreeMap<String, String> = BTreeMap::new();
    let mut shared: BTreeSet<String> = BTreeSet::new();
    for row in 0..keys.len() {
        let folded = |text: Option<&str>| fold(text.unwrap_or_default()).into_owned();
        let key = folded(keys.get(row));
        if !key.is_empty() && tiers.insert(key.clone(), folded(words.get(row))).is_some() {
            shared.insert(key);
        }
    }
    tiers.retain(|key, _| !shared.contains(key));
    Some(EarlierTiers { period: run.period.clone(), tiers })
}

/// What facts are gathered from.
struct Gathering<'g> {
    workplace: &'g Workplace,
    request: &'g RunRequest<'g>,
    checked: &'g Checked,
    settings: &'g Settings,
}

impl Gathering<'_> {
    fn facts(&self, scores: &Scores, audience: Option<Audience>) -> Facts {
        let roles = &self.workplace.pack.dictionary.customers;
        let dataset = self.dataset(&roles.table);
        let all = dataset.map_or(0, |dataset| dataset.height);
        let kept: Vec<usize> =
            (0..all).filter(|record| dataset.is_some_and(|it| self.is_wanted(it, *record))).collect();
        let texts = |field: &str| -> Vec<String> {
            let of = |record: &usize| dataset.map(|dataset| dataset.folded_at(field, *record).to_owned());
            kept.iter().map(|record| of(record).unwrap_or_default()).collect()
        };
        let keys: Vec<String> =
            kept.iter().map(|record| dataset.map_or("", |dataset| dataset.key_at(*record)).to_owned()).collect();
        let secrecy: Vec<Secrecy> = kept
            .iter()
            .map(|record| dataset.map_or(Secrecy::Secret, |it| it.secrecy_at(roles.secrecy.as_deref(), *record)))
            .collect();
        let mut place_of: BTreeMap<&str, usize> = BTreeMap::new();
        for (place, key) in keys.iter().enumerate().filter(|(_, key)| !key.is_empty()) {
            place_of.entry(key).or_insert(place);
        }
        let mut tables = BTreeMap::new();
        for (group, ..) in Group::ALL {
            let Some(dataset) = self.settings.tables.get(&group).and_then(|table| self.dataset(table)) else {
                continue;
            };
            let rows = match group {
                Group::Customers => self.rows(group, dataset, &kept, Some),
                _ => {
                    let field = dataset.table.customer.clone().unwrap_or_default();
                    let everything: Vec<usize> = (0..dataset.height).collect();
                    let owner = |place: usize| place_of.get(dataset.folded_at(&field, place)).copied();
                    self.rows(group, dataset, &everything, owner)
                }
            };
            tables.insert(group, rows);
        }
        let (standards, computed) = self.tiers(&kept);
        let (names, departments, owners) = (texts(&roles.name), texts(&roles.department), texts(&roles.owner));
        Facts {
            period: self.request.period,
            as_of: self.request.as_of,
            cut_off: self.request.period.end().min(self.request.as_of),
            reader: self.reader(audience),
            left: self.left(&tables),
            filtered_out: (all - kept.len()) as u64,
            quality: scores.ratio(&Whose::Company, None),
            keys,
            names,
            departments,
            owners,
            secrecy,
            tables,
            standards,
            computed,
            tiers_before: None,
            tiers_year_ago: None,
        }
    }

    /// A table that something may be concluded from.
    fn dataset(&self, table: &str) -> Option<&Dataset> {
        self.checked.datasets.get(table).filter(|dataset| dataset.not_concluded.is_none())
    }

    /// Whether a customer passes the report's filter.
    fn is_wanted(&self, dataset: &Dataset, record: usize) -> bool {
        self.settings
            .filter
            .iter()
            .all(|(field, values)| values.iter().any(|value| fold(value).as_ref() == dataset.folded_at(field, record)))
    }

    /// The columns of a table that are set up and that it has.
    fn rows(
        &self,
        group: Group,
        dataset: &Dataset,
        records: &[usize],
        customer: impl Fn(usize) -> Option<usize>,
    ) -> Rows {
        let is_customers = group == Group::Customers;
        let columns = group.uses().iter().filter_map(|(usage, kind)| {
            let field = self.settings.columns.get(&(group, *usage))?;
            dataset.columns.contains_key(field).then_some(())?;
            let texts = records.iter().map(|record| dataset.folded_at(field, *record));
            let day = |text: &str| typing::date(text).and_then(NaiveDate::from_epoch_days);
            let cells = match kind {
                Kind::Word => Cells::Words(texts.map(str::to_owned).collect()),
                Kind::Number => Cells::Numbers(texts.map(typing::decimal).collect()),
                Kind::Day => Cells::Days(texts.map(day).collect()),
                Kind::Moment => Cells::Moments(texts.map(typing::datetime).collect()),
            };
            Some((*usage, cells))
        });
        let columns = columns.collect();
        let place = |(place, record): (usize, &usize)| if is_customers { Some(place) } else { customer(*record) };
        Rows { is_read: true, count: records.len(), customer: records.iter().enumerate().map(place).collect(), columns }
    }

    /// What the tiers demand and what each customer's is, by the last rule in force that could be concluded: a policy's
    /// own rule comes after those that every company has.
    fn tiers(&self, kept: &[usize]) -> (Option<TierStandards>, Vec<Option<String>>) {
        let outcomes = &self.checked.evaluation.outcomes;
        let table = &self.workplace.pack.dictionary.customers.table;
        let concluded = |id: &str| {
            let of_rule = |outcome: &&crate::model::RuleOutcome| outcome.rule_id == id;
            outcomes.iter().find(of_rule).is_some_and(|outcome| {
                !matches!(outcome.outcome, Outcome::NotEnabled | Outcome::NotEvaluated | Outcome::NotApplicable)
            })
        };
        let rules = self.workplace.pack.rules.iter().rev();
        let context = super::context(self.workplace, self.request.as_of);
        for rule in rules.filter(|rule| rule.table == *table && concluded(&rule.id)) {
            let Some(standards) = rule.check.standards() else { continue };
            let Some(classes) = class_of_each(rule, &self.checked.datasets, &context) else { continue };
            let computed = kept.iter().map(|record| classes.get(*record).cloned().flatten()).collect();
            return (Some(TierStandards { rule_id: rule.id.clone(), ..standards }), computed);
        }
        (None, Vec::new())
    }

    /// What the readers of a report may see; a draft goes to the leader before it goes to management.
    fn reader(&self, audience: Option<Audience>) -> Secrecy {
        let config = &self.workplace.config;
        let clearance = config.people.clearance;
        match audience {
            Some(Audience::Leader) => clearance.leader,
            Some(Audience::Management) => clearance.management.min(clearance.leader),
            Some(Audience::Service) => {
                config.department(&config.fallback_department).map_or(Secrecy::Public, |entry| entry.clearance)
            }
            _ => Secrecy::Public,
        }
    }

    fn left(&self, tables: &BTreeMap<Group, Rows>) -> BTreeSet<String> {
        let Some(people) = tables.get(&Group::People) else { return BTreeSet::new() };
        let has_left = |row: &usize| {
            let gone = self.settings.gone.iter().any(|word| word == people.word("state", *row));
            gone || people.day("left", *row).is_some_and(|day| day <= self.request.as_of)
        };
        (0..people.count).filter(has_left).map(|row| people.word("name", row).to_owned()).collect()
    }
}
