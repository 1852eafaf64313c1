//! Customers whose records were destroyed, as the register of destructions has it, and where our own copies still tell of
//! them.
//!
//! Apart because a destruction is done only when no copy is left, and copies are of every kind. Whether a customer may be
//! destroyed was decided by people; here it has happened.

use std::collections::BTreeSet;

use chrono::NaiveDate;
use sqlx::SqliteConnection;

use super::{Act, Kind, Step};
use crate::compare::Records;
use crate::dataset::Dataset;
use crate::dataset::typing;
use crate::dictionary::Dictionary;
use crate::folding::fold;
use crate::history::bulk::StoredFindings;
use crate::history::snapshot::{PartLine, Snapshot};
use crate::history::{snapshots, store};
use crate::model::Finding;
use crate::pipeline;
use crate::pipeline::request::RunError;
use crate::text;
use crate::text::Text;
use crate::verify::{self, Returns};
use crate::workplace::Workplace;

/// Shorter names are parts of other words.
const TELLING: usize = 4;

/// Whose records were destroyed: folded keys, and what they are known by in texts.
#[derive(Clone, Debug, Default)]
pub struct Destroyed {
    keys: BTreeSet<String>,
    names: BTreeSet<String>,
    others: BTreeSet<String>,
    last: Option<NaiveDate>,
}

impl Destroyed {
    /// Whether a finding is about one of them, or names one.
    pub fn are_in(&self, finding: &Finding, customers: &str) -> bool {
        let is_his = finding.table == customers && self.keys.contains(finding.record_key);
        let named = |text: &str| self.words().any(|word| text.contains(word));
        is_his || self.names.contains(finding.customer) || named(&finding.message) || named(finding.value)
    }

    /// Whether a cell names one of them.
    pub fn has(&self, cell: &str) -> bool {
        self.keys.contains(fold(cell).as_ref())
    }

    /// Keys and names, where they are long enough to tell.
    pub fn words(&self) -> impl Iterator<Item = &String> {
        self.keys.iter().chain(&self.names).filter(|word| tells(word))
    }

    /// The day of the last destruction; nothing where there was none.
    pub fn last(&self) -> Option<NaiveDate> {
        self.last
    }

    /// Says how many keys and names are looked for in no text.
    pub fn unsought(&self) -> Option<Text> {
        let count = self.keys.iter().chain(&self.names).filter(|word| !tells(word)).count();
        (count > 0).then(|| {
            text!(
                "已销毁客户的 {count} 个编号或名称不足 {TELLING} 个字，容易与别的词相混：在工作簿、邮件和问题说明里没有找它们，请自行查看",
                "{count} keys or names of customers whose records were destroyed are shorter than {TELLING} letters and may \
                 be parts of other words: workbooks, mails and messages were not searched for them, look yourself"
            )
        })
    }
}

/// Whether a word is long enough to mean nothing else.
fn tells(word: &str) -> bool {
    word.chars().count() >= TELLING
}

/// Whose records the data says were destroyed by a day. Who is still among the customers is not: that is said.
pub fn of_data(workplace: &Workplace, as_of: NaiveDate) -> (Destroyed, Vec<Text>) {
    let dictionary = &workplace.pack.dictionary;
    let Some(roles) = dictionary.destructions.as_ref().filter(|roles| is_configured(workplace, &roles.table)) else {
        return Default::default();
    };
    let (reading, datasets, _) = pipeline::load(workplace, &Returns::default(), &|_| ());
    let mut remarks = Vec::new();
    let customers = &dictionary.customers.table;
    let is_whole = |table: &str| reading.unread_of(table).next().is_none() && datasets.contains_key(table);
    let (Some(register), true, true) = (datasets.get(&roles.table), is_whole(customers), is_whole(&roles.table)) else {
        remarks.push(text!(
            "客户表或销毁登记没有读全：这次不清除已销毁客户的副本",
            "customers or destructions were not read whole: no copies of destroyed customers are purged"
        ));
        return (Destroyed::default(), remarks);
    };
    let still = datasets.get(customers).map(keys).unwrap_or_default();
    let others = datasets.get(customers).map(|all| texts(all, &dictionary.customers.name)).unwrap_or_default();
    let Some(customer) = register.table.customer.clone() else { return (Destroyed::default(), remarks) };
    let mut destroyed = Destroyed { others, ..Destroyed::default() };
    for record in 0..register.height {
        let key = register.folded_at(&customer, record);
        let day = typing::date(register.folded_at(&roles.destroyed, record)).and_then(NaiveDate::from_epoch_days);
        let Some(day) = day.filter(|day| *day <= as_of && !key.is_empty()) else { continue };
        if still.contains(key) {
            remarks.push(text!(
                "{key} 登记为已销毁，但客户表里还有：副本不清除",
                "{key} is registered as destroyed and still among the customers: its copies stay"
            ));
            continue;
        }
        destroyed.keys.insert(key.to_owned());
        destroyed.last = destroyed.last.max(Some(day));
    }
    (destroyed, remarks)
}

fn is_configured(workplace: &Workplace, table: &str) -> bool {
    workplace.config.sources.iter().any(|source| source.table.value == table)
}

fn keys(dataset: &Dataset) -> BTreeSet<String> {
    (0..dataset.height).map(|record| dataset.key_at(record).to_owned()).collect()
}

fn texts(dataset: &Dataset, field: &str) -> BTreeSet<String> {
    (0..dataset.height).map(|record| dataset.typed_at(field, record).to_owned()).collect()
}

/// The same with the names that earlier runs read; a name that somebody else has too tells nothing.
///
/// # Errors
/// Where a file of an earlier run cannot be read.
pub async fn with_names(
    connection: &mut SqliteConnection,
    workplace: &Workplace,
    mut destroyed: Destroyed,
) -> Result<Destroyed, RunError> {
    if destroyed.keys.is_empty() {
        return Ok(destroyed);
    }
    let roles = &workplace.pack.dictionary.customers;
    let state = store::folder(&workplace.config.folder);
    for (file, table, parts) in snapshots::all(connection).await? {
        let Some(field) = customer_field(&workplace.pack.dictionary, &table).filter(|_| table == roles.table) else {
            continue;
        };
        let snapshot = Snapshot::open(&state.join(&file), &parts)?;
        let (Some(keys), Some(names)) = (snapshot.column(&field)?, snapshot.column(&roles.name)?) else { continue };
        for (key, name) in keys.iter().zip(names.iter()) {
            if let (Some(key), Some(name)) = (key, name)
                && destroyed.has(key)
                && !destroyed.others.contains(name)
            {
                destroyed.names.insert(name.to_owned());
            }
        }
    }
    Ok(destroyed)
}

/// The field of a table that says whose a record is; the register of destructions itself is to tell of them.
pub fn customer_field(dictionary: &Dictionary, table: &str) -> Option<String> {
    if dictionary.destructions.as_ref().is_some_and(|roles| roles.table == table) {
        return None;
    }
    let table = dictionary.table(table)?;
    let is_customers = table.name == dictionary.customers.table;
    table.customer.clone().or_else(|| table.key.clone().filter(|_| is_customers))
}

/// Where records, findings and verification tell of them.
///
/// # Errors
/// Where the history, or a file of it, cannot be read.
pub async fn steps(
    connection: &mut SqliteConnection,
    workplace: &Workplace,
    destroyed: &Destroyed,
) -> Result<Vec<Step>, RunError> {
    let mut steps = Vec::new();
    if destroyed.keys.is_empty() {
        return Ok(steps);
    }
    let state = store::folder(&workplace.config.folder);
    let reason = text!("客户资料已销毁", "the customer's records were destroyed");
    for (file, table, parts) in snapshots::all(connection).await? {
        let Some(field) = customer_field(&workplace.pack.dictionary, &table) else { continue };
        let stays = stays(&state.join(&file), &parts, &field, destroyed)?;
        let count = stays.iter().filter(|stays| !**stays).count() as u64;
        if count > 0 {
            let act = Act::Records { file: file.clone(), field };
            steps.push(Step {
                kind: Kind::Destroyed,
                what: format!("state/{file}"),
                count,
                bytes: 0,
                reason: reason.clone(),
                act,
            });
        }
    }
    for run in store::runs(connection).await?.into_iter().filter(|run| !run.findings_file.is_empty()) {
        let stored = StoredFindings::read(&state.join(&run.findings_file))?;
        let customers = &workplace.pack.dictionary.customers.table;
        let count = (0..stored.len()).filter(|index| destroyed.are_in(&stored.get(*index), customers)).count() as u64;
        if count > 0 {
            let what = format!("state/{}", run.findings_file);
            let act = Act::Findings { run_id: run.run_id, file: run.findings_file };
            steps.push(Step { kind: Kind::Destroyed, what, count, bytes: 0, reason: reason.clone(), act });
        }
    }
    for customer in verify::store::customers(connection).await?.into_iter().filter(|customer| destroyed.has(customer)) {
        let act = Act::Verification(customer.clone());
        steps.push(Step { kind: Kind::Destroyed, what: customer, count: 1, bytes: 0, reason: reason.clone(), act });
    }
    Ok(steps)
}

/// Which records of a file stay.
pub fn stays(
    file: &std::path::Path,
    parts: &[PartLine],
    field: &str,
    destroyed: &Destroyed,
) -> Result<Vec<bool>, RunError> {
    let snapshot = Snapshot::open(file, parts)?;
    Ok(match snapshot.column(field)? {
        Some(keys) => keys.iter().map(|key| !key.is_some_and(|key| destroyed.has(key))).collect(),
        None => vec![true; snapshot.height()],
    })
}
