//! What became of records, for people: every change with its customer, its department, how confidential it is, and where
//! it stands.
//!
//! Apart from the comparison, which knows places and cells, because whose a record is takes other tables. It works on any
//! two readings: the data of a run and a snapshot, or two snapshots.

use std::collections::HashMap;

use polars::prelude::{PolarsResult, StringChunked};

use crate::compare::{Difference, Pair, Records, part_of};
use crate::dictionary::{Dictionary, Table};
use crate::folding::fold;
use crate::model::Secrecy;
use crate::report::input::{ChangeKind, ChangePlace, RecordChange};

/// The tables of one reading.
pub type Reading<'r> = dyn Fn(&str) -> Option<&'r dyn Records> + 'r;

/// Whose the records of one reading are, by the roles of the dictionary.
pub struct Owners<'d> {
    dictionary: &'d Dictionary,
    customers: Customers,
    /// Whether the customers were read: then a key that is not among them is nobody's.
    knows_customers: bool,
    people: HashMap<String, String>,
}

/// The customers by key; their cells are looked up for the few whose records have changed.
#[derive(Default)]
struct Customers {
    by_key: HashMap<Box<str>, u32>,
    /// The highest level of customers that share a key.
    shared: HashMap<Box<str>, Secrecy>,
    /// key, name, department, owner, level
    cells: Cells<5>,
}

#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Whose {
    name: String,
    department: String,
    owner: String,
    secrecy: Option<Secrecy>,
}

impl<'d> Owners<'d> {
    /// Gathers the customers and employees of a reading.
    ///
    /// # Errors
    /// Where they cannot be read.
    pub fn of(dictionary: &'d Dictionary, reading: &Reading<'_>) -> PolarsResult<Self> {
        let roles = &dictionary.customers;
        let mut owners =
            Self { dictionary, customers: Customers::default(), knows_customers: false, people: HashMap::new() };
        let key = dictionary.table(&roles.table).and_then(|table| table.key.as_deref());
        if let (Some(customers), Some(key)) = (reading(&roles.table), key) {
            let told = [
                Some(key),
                Some(&*roles.name),
                Some(&*roles.department),
                Some(&*roles.owner),
                roles.secrecy.as_deref(),
            ];
            owners.knows_customers = true;
            owners.customers = Customers::of(customers, told)?;
        }
        let roles = &dictionary.people;
        if let Some(people) = reading(&roles.table) {
            let cells = Cells::of(people, [Some(&roles.name), Some(&roles.department)])?;
            for record in 0..people.height() {
                let department = cells.folded(1, record);
                if !department.is_empty() {
                    owners.people.entry(cells.folded(0, record)).or_insert(department);
                }
            }
        }
        Ok(owners)
    }
}

impl Customers {
    fn of(customers: &dyn Records, told: [Option<&str>; 5]) -> PolarsResult<Self> {
        let mut made = Self { cells: Cells::of(customers, told)?, ..Self::default() };
        let Some(keys) = made.cells.columns[0].clone() else { return Ok(made) };
        made.by_key.reserve(keys.len());
        for (record, key) in (0_u32..).zip(keys.iter()) {
            let key = fold(key.unwrap_or_default());
            if key.is_empty() {
                continue;
            }
            let first = *made.by_key.entry(Box::from(&*key)).or_insert(record);
            if first != record {
                let level = made.level(first).max(made.level(record));
                let known = made.shared.entry(Box::from(&*key)).or_insert(level);
                *known = level.max(*known);
            }
        }
        Ok(made)
    }

    fn level(&self, record: u32) -> Secrecy {
        Secrecy::of_cell(&self.cells.folded(4, record as usize))
    }

    fn find(&self, key: &str) -> Option<Whose> {
        let record = *self.by_key.get(key)?;
        let cell = |column| self.cells.folded(column, record as usize);
        let secrecy = self.shared.get(key).copied().unwrap_or_else(|| self.level(record));
        Some(Whose { name: cell(1), department: cell(2), owner: cell(3), secrecy: Some(secrecy) })
    }
}

/// Some columns of a reading, as typed; one that it lacks is empty.
struct Cells<const N: usize> {
    columns: [Option<StringChunked>; N],
}

impl<const N: usize> Default for Cells<N> {
    fn default() -> Self {
        Self { columns: [const { None }; N] }
    }
}

impl<const N: usize> Cells<N> {
    fn of(records: &dyn Records, fields: [Option<&str>; N]) -> PolarsResult<Self> {
        let mut columns = [const { None }; N];
        for (column, field) in columns.iter_mut().zip(fields) {
            *column = match field {
                Some(field) => records.column(field)?,
                None => None,
            };
        }
        Ok(Self { columns })
    }

    fn folded(&self, column: usize, record: usize) -> String {
        let cell = self.columns.get(column).and_then(Option::as_ref).and_then(|cells| cells.get(record));
        fold(cell.unwrap_or_default()).into_owned()
    }
}

/// One reading of a table, and whose its records are.
pub struct Side<'s> {
    /// The records.
    pub records: &'s dyn Records,
    /// Whose they are.
    pub owners: &'s Owners<'s>,
}

/// The columns of a table that say whose a record is.
struct Telling<'s> {
    side: &'s Side<'s>,
    is_customers: bool,
    /// key, customer, person, department, own level
    cells: Cells<5>,
    /// What tells a record of a table without key.
    identity: Vec<(String, Option<StringChunked>)>,
}

impl<'s> Telling<'s> {
    fn of(table: &Table, side: &'s Side<'s>) -> PolarsResult<Self> {
        let dictionary = side.owners.dictionary;
        let roles = &dictionary.customers;
        let is_customers = table.name == roles.table;
        let level = roles.secrecy.as_deref().filter(|_| is_customers || table.is_like(&roles.table));
        let key = table.key.as_deref();
        let customer = if is_customers { key } else { table.customer.as_deref() };
        let fields = [key, customer, table.person.as_deref(), table.department.as_deref(), level];
        let identity = match (key, &table.identity) {
            (None, Some(fields)) => fields
                .iter()
                .map(|field| Ok((field.clone(), side.records.column(field)?)))
                .collect::<PolarsResult<Vec<_>>>()?,
            _ => Vec::new(),
        };
        Ok(Self { side, is_customers, cells: Cells::of(side.records, fields)?, identity })
    }

    /// A change of a record, without its cells.
    fn change(&self, kind: ChangeKind, table: &Table, record: u32) -> RecordChange {
        let place = record as usize;
        let customer_key = self.cells.folded(1, place);
        let whose = self.side.owners.customers.find(&customer_key).unwrap_or_default();
        let (mut owner, mut department) = (whose.owner, whose.department);
        if !self.is_customers {
            let (person, own) = (self.cells.folded(2, place), self.cells.folded(3, place));
            if !person.is_empty() {
                department = self.side.owners.people.get(&person).cloned().unwrap_or(department);
                owner = person;
            }
            if !own.is_empty() {
                department = own;
            }
        }
        let own_level = self.cells.columns[4].is_some().then(|| Secrecy::of_cell(&self.cells.folded(4, place)));
        // A record of a customer that was not read may be confidential where levels are kept.
        let unknown = match (&self.side.owners.dictionary.customers.secrecy, customer_key.is_empty()) {
            (Some(_), false) if !self.side.owners.knows_customers && own_level.is_none() => Secrecy::Secret,
            _ => Secrecy::default(),
        };
        let key = self.cells.folded(0, place);
        RecordChange {
            kind,
            table: table.name.clone(),
            record_key: if table.key.is_some() { key } else { String::new() },
            customer_key,
            customer: whose.name,
            department,
            department_before: String::new(),
            owner,
            secrecy: whose.secrecy.or(own_level).unwrap_or(unknown).max(own_level.unwrap_or(Secrecy::Public)),
            place: self.place(record),
            cells: Vec::new(),
        }
    }

    fn place(&self, record: u32) -> ChangePlace {
        let Some(part) = part_of(self.side.records.parts(), record as usize) else { return ChangePlace::default() };
        let row = part.rows.get(record as usize - part.first);
        ChangePlace { file: part.file.clone(), sheet: part.sheet.clone(), row }
    }

    /// What tells a record of a table without key: (field, cell as typed).
    fn told_by(&self, record: u32) -> impl Iterator<Item = (&str, &str)> {
        self.identity.iter().map(move |(field, cells)| {
            let cell = cells.as_ref().and_then(|cells| cells.get(record as usize));
            (field.as_str(), cell.unwrap_or_default())
        })
    }
}

/// The changes of a table, in the order of keys; at most so many lines (changed cells, added and removed records), and
/// how many more there are.
///
/// # Errors
/// Where a reading cannot be read.
pub fn changes(
    table: &Table,
    difference: &Difference,
    before: &Side<'_>,
    after: &Side<'_>,
    most: usize,
) -> PolarsResult<(Vec<RecordChange>, u64)> {
    let (then, now) = (Telling::of(table, before)?, Telling::of(table, after)?);
    let mut changes: Vec<RecordChange> = Vec::new();
    let mut room = most;
    for record in difference.added.iter().take(room) {
        let cells = now.told_by(*record).map(|(field, cell)| (field.to_owned(), String::new(), cell.to_owned()));
        changes.push(RecordChange { cells: cells.collect(), ..now.change(ChangeKind::Added, table, *record) });
    }
    room -= changes.len();
    let listed_before = changes.len();
    for record in difference.removed.iter().take(room) {
        let cells = then.told_by(*record).map(|(field, cell)| (field.to_owned(), cell.to_owned(), String::new()));
        changes.push(RecordChange { cells: cells.collect(), ..then.change(ChangeKind::Removed, table, *record) });
    }
    room -= changes.len() - listed_before;
    let mut listed_cells = 0;
    for (Pair { before, after }, cells) in difference.changed() {
        if cells.len() > room {
            break;
        }
        room -= cells.len();
        listed_cells += cells.len() as u64;
        let change = now.change(ChangeKind::Changed, table, after);
        // What the record was counts too: an old value stays as confidential as it was.
        let was = then.change(ChangeKind::Changed, table, before);
        let owned =
            |(field, old, new): &(&str, &str, &str)| ((*field).to_owned(), (*old).to_owned(), (*new).to_owned());
        changes.push(RecordChange {
            secrecy: change.secrecy.max(was.secrecy),
            department_before: if was.department == change.department { String::new() } else { was.department },
            cells: cells.iter().map(owned).collect(),
            ..change
        });
    }
    let records = (difference.added.len() + difference.removed.len()) as u64;
    let listed = changes.iter().filter(|change| change.kind != ChangeKind::Changed).count() as u64;
    let left_out = records - listed + difference.changed_cells() - listed_cells;
    changes
        .sort_by(|left, right| (&left.record_key, &left.customer_key).cmp(&(&right.record_key, &right.customer_key)));
    Ok((changes, left_out))
}
