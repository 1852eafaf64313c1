//! Customers whose records were destroyed, as the register of destructions has it, and where our own copies still tell of
//! them.
//!
//! Apart because a destruction is done only when no copy is left, and copies are of every kind. Whether a customer may be
//! destroyed was decided by people; here it has happened.

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;

use chrono::NaiveDate;
use sqlx::SqliteConnection;

use super::contents::{self, Tells};
use super::{Act, Kind, Step, aged};
use crate::compare::Records;
use crate::dataset::Dataset;
use crate::dataset::typing;
use crate::dictionary::Dictionary;
use crate::folding::fold;
use crate::history::bulk::StoredFindings;
use crate::history::snapshot::{PartLine, Snapshot};
use crate::history::{snapshots, store};
use crate::model::Finding;
use crate::outbox::{self, Filter};
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
    fn words(&self) -> impl Iterator<Item = &String> {
        self.keys.iter().chain(&self.names).filter(|word| word.chars().count() >= TELLING)
    }
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
        if key.is_empty() || day.is_none_or(|day| day > as_of) {
            continue;
        }
        if still.contains(key) {
            remarks.push(text!(
                "{key} 登记为已销毁，但客户表里还有：副本不清除",
                "{key} is registered as destroyed and still among the customers: its copies stay"
            ));
            continue;
        }
        destroyed.keys.insert(key.to_owned());
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

/// Says which mails that may still go out tell of them: only a person gives up a mail.
///
/// # Errors
/// Where the ledger cannot be read.
pub async fn waiting(connection: &mut SqliteConnection, destroyed: &Destroyed) -> Result<Option<Text>, RunError> {
    let needles = contents::needles(destroyed.words().cloned());
    let mut ids: Vec<String> = Vec::new();
    if needles.is_empty() {
        return Ok(None);
    }
    for delivery in outbox::store::list(connection, &Filter::default()).await? {
        let message = outbox::store::message(connection, delivery.id).await?.unwrap_or_default();
        if contents::tells(&message, true, &needles) != Tells::Nothing {
            ids.push(delivery.id.to_string());
        }
    }
    let list = ids.join(" ");
    Ok((!ids.is_empty()).then(|| {
        text!(
            "还没有送达的邮件提到（或加了密，可能提到）已销毁的客户：{list}；不再发的用 hedui outbox drop",
            "mails that have not arrived tell of customers whose records were destroyed, or are encrypted and may: {list}; \
             give them up with hedui outbox drop"
        )
    }))
}

/// The field of a table that says whose a record is; the register of destructions itself is to tell of them.
fn customer_field(dictionary: &Dictionary, table: &str) -> Option<String> {
    if dictionary.destructions.as_ref().is_some_and(|roles| roles.table == table) {
        return None;
    }
    let table = dictionary.table(table)?;
    let is_customers = table.name == dictionary.customers.table;
    table.customer.clone().or_else(|| table.key.clone().filter(|_| is_customers))
}

/// Where copies tell of them.
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
    steps.extend(files(workplace, destroyed));
    Ok(steps)
}

/// Files in out/, and copies of the history, that tell of them, or may.
fn files(workplace: &Workplace, destroyed: &Destroyed) -> Vec<Step> {
    let folder = &workplace.config.folder;
    let needles = contents::needles(destroyed.words().cloned());
    let mut found: BTreeMap<PathBuf, (u64, Text)> = BTreeMap::new();
    // the history as it was before the tables changed lies beside the one that is cleaned
    let is_backup =
        |path: &PathBuf| path.file_name().is_some_and(|name| name.to_string_lossy().starts_with("history-v"));
    let backups = contents::files(&store::folder(folder)).into_iter().filter(is_backup);
    for path in contents::files(&folder.join("out")).into_iter().chain(backups) {
        let Ok(bytes) = std::fs::read(&path) else { continue };
        let is_mail = aged::kind_of(&path) == Kind::Mails;
        let reason = match contents::tells(&bytes, is_mail, &needles) {
            Tells::Nothing => continue,
            Tells::Something => text!("提到已销毁的客户", "tells of a customer whose records were destroyed"),
            Tells::Closed => text!(
                "加了密，看不到是否提到已销毁的客户",
                "is encrypted: whether it tells of a customer whose records were destroyed cannot be seen"
            ),
        };
        found.insert(path, (bytes.len() as u64, reason));
    }
    let step = |(path, (bytes, reason)): (PathBuf, (u64, Text))| {
        let what = path.strip_prefix(folder).unwrap_or(&path).display().to_string();
        Step { kind: Kind::Destroyed, what, count: 1, bytes, reason, act: Act::File(path) }
    };
    found.into_iter().map(step).collect()
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
