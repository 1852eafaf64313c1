//! The words by which withheld records would be known, for every clearance that some reader has.
//!
//! Apart because it goes through every cell of every table, column by column on all cores: nothing else that a report needs
//! does. It shows nothing, and knows no document.

use std::collections::{BTreeMap, BTreeSet, HashSet};

use rayon::prelude::*;

use crate::dataset::{Column, Dataset};
use crate::dictionary::{Field, FieldType, Table};
use crate::engine::Ownership;
use crate::model::Secrecy;
use crate::pipeline::Checked;
use crate::report::access::{Access, Guard, search};
use crate::workplace::Workplace;

/// Withheld records beyond which their words are not even gathered.
const MOST_RECORDS: usize = 50_000;
/// The shortest text of a field that nothing is known of by which its record would be known.
const TELLING: usize = 6;

/// The records of a table with how confidential each is.
struct Levels<'d> {
    dataset: &'d Dataset,
    levels: Vec<Secrecy>,
}

/// A guard for every clearance that some reader has and that is not the highest.
pub(super) fn guards(workplace: &Workplace, checked: &Checked, access: &Access) -> BTreeMap<Secrecy, Guard> {
    let mut clearances: BTreeSet<Secrecy> = access.departments.values().map(|reader| reader.clearance).collect();
    // Internal: a stand-in without an entry; public: the administrator and run.json.
    clearances.extend([Secrecy::Public, Secrecy::default()]);
    clearances.extend([access.service, access.leader, access.management].map(|reader| reader.clearance));
    clearances.insert(workplace.config.page.clearance);
    clearances.remove(&Secrecy::Secret);
    let tables: Vec<&str> = checked.datasets.keys().map(String::as_str).collect();
    let ownership = Ownership::new(&checked.datasets, &workplace.pack.dictionary, &tables);
    let levels = |dataset: &Dataset| -> Vec<Secrecy> {
        (0..dataset.height).into_par_iter().map(|record| ownership.of(dataset, record).secrecy).collect()
    };
    let records: Vec<Levels<'_>> =
        checked.datasets.values().map(|dataset| Levels { dataset, levels: levels(dataset) }).collect();
    let said = vocabulary(workplace);
    clearances.into_iter().map(|clearance| (clearance, guard(&records, clearance, workplace, &said))).collect()
}

/// What reports say anyhow: labels, and the departments with an entry.
fn vocabulary(workplace: &Workplace) -> BTreeSet<String> {
    let config = &workplace.config;
    let tables = workplace.pack.dictionary.tables.iter();
    let labels = tables.flat_map(|table| {
        let fields = table.fields.iter().flat_map(|field| [field.label.clone(), field.label_en.clone()]);
        fields.chain([table.label.clone(), table.label_en.clone()])
    });
    labels
        .chain(config.departments.iter().map(|department| department.name.trim().to_owned()))
        .chain([config.fallback_department.trim().to_owned(), config.company.clone()])
        .chain(config.contact.clone())
        .collect()
}

fn guard(tables: &[Levels<'_>], clearance: Secrecy, workplace: &Workplace, said: &BTreeSet<String>) -> Guard {
    let withheld: Vec<Vec<usize>> = tables.iter().map(|table| table.records(|level| level > clearance)).collect();
    let count: usize = withheld.iter().map(Vec::len).sum();
    if count == 0 {
        return Guard::default();
    }
    let mut names: HashSet<String> = HashSet::new();
    let mut words: HashSet<String> = HashSet::new();
    // Of so many that none of their words is looked for, only the names are wanted.
    let is_searched = count <= MOST_RECORDS;
    for (table, records) in tables.iter().zip(&withheld) {
        let dataset = table.dataset;
        for field in &dataset.table.fields {
            let Some(column) = dataset.columns.get(&field.name) else { continue };
            if is_name(dataset, field, workplace) {
                add_names(&mut names, dataset, column, records);
            }
            if is_searched {
                let least =
                    if is_name(dataset, field, workplace) || field.code || field.mask.is_some() { 2 } else { TELLING };
                let is_certain = least < TELLING;
                add_words(&mut words, column, records, least, (!is_certain).then_some(field.field_type));
            }
        }
    }
    for known in said {
        names.remove(known);
        words.remove(known);
    }
    // What a record that is shown has too is no secret.
    let shown = Shown::of(tables, clearance);
    for value in shown.those(|value| names.contains(value) || words.contains(value)) {
        names.remove(value);
        words.remove(value);
    }
    if !is_searched {
        return Guard::of_too_many(names);
    }
    let mut words: Vec<String> = words.into_iter().collect();
    words.sort_unstable();
    let allowed = holding(&words, &shown);
    Guard::new(names, words, allowed)
}

impl Levels<'_> {
    fn records(&self, is: impl Fn(Secrecy) -> bool) -> Vec<usize> {
        self.levels.iter().enumerate().filter_map(|(record, level)| is(*level).then_some(record)).collect()
    }
}

/// The texts of the records that are shown, column by column.
struct Shown<'d> {
    tables: Vec<(&'d Dataset, Vec<usize>)>,
}

impl<'d> Shown<'d> {
    fn of(tables: &[Levels<'d>], clearance: Secrecy) -> Self {
        let of = |table: &Levels<'d>| (table.dataset, table.records(|level| level <= clearance));
        Self { tables: tables.iter().map(of).collect() }
    }

    /// The texts of which something is true, each once.
    fn those(&self, is: impl Fn(&str) -> bool + Sync) -> BTreeSet<&'d str> {
        let columns: Vec<(&'d Column, &[usize])> = self
            .tables
            .iter()
            .flat_map(|(dataset, records)| dataset.columns.values().map(move |column| (column, records.as_slice())))
            .collect();
        let of_column = |(column, records): (&'d Column, &[usize])| -> BTreeSet<&'d str> {
            let texts = records.iter().filter_map(|record| column.folded.get(*record));
            texts.filter(|text| !text.is_empty() && is(text)).collect()
        };
        columns.into_par_iter().flat_map_iter(of_column).collect::<Vec<_>>().into_iter().collect()
    }
}

/// The texts that may be read and hold such a word as a part of theirs.
fn holding(words: &[String], shown: &Shown<'_>) -> Vec<String> {
    let Ok(search) = search(words.iter()) else { return Vec::new() };
    shown.those(|text| search.is_match(text)).into_iter().map(str::to_owned).collect()
}

/// What of a record stands alone in a cell: its name, and the key that it goes by.
fn add_names(names: &mut HashSet<String>, dataset: &Dataset, column: &Column, records: &[usize]) {
    for record in records {
        let typed = column.typed_at(*record).unwrap_or_default().trim();
        if typed.is_empty() {
            continue;
        }
        let folded = column.folded.get(*record).unwrap_or_default();
        for name in [folded, typed, dataset.key_at(*record)] {
            // most are known already, and a copy is dear
            if !name.is_empty() && !names.contains(name) {
                names.insert(name.to_owned());
            }
        }
    }
}

/// What is searched for in texts: cells of so many letters and more, and the parts of longer ones. Of a type that is given,
/// plain days are left out.
fn add_words(words: &mut HashSet<String>, column: &Column, records: &[usize], least: usize, of: Option<FieldType>) {
    let is_dated = matches!(of, Some(FieldType::Date | FieldType::DateTime));
    for record in records {
        let typed = column.typed_at(*record).unwrap_or_default().trim();
        let folded = column.folded.get(*record).unwrap_or_default();
        if typed.is_empty() || is_dated && !folded.is_empty() && is_day(folded) {
            continue;
        }
        let parts = folded.split(['/', ';', '、', ',', '|']).map(str::trim);
        let parts = parts.filter(|part| part.chars().count() >= TELLING);
        for word in [typed, folded].into_iter().chain(parts) {
            let letters = word.chars().count();
            let is_count = letters < 3 && word.chars().all(|letter| letter.is_ascii_digit());
            if letters >= least && !is_count && !words.contains(word) {
                words.insert(word.to_owned());
            }
        }
    }
}

/// Whether a field names a record: its customer, its key, or whom counts are given by.
fn is_name(dataset: &Dataset, field: &Field, workplace: &Workplace) -> bool {
    let (table, roles) = (&dataset.table, &workplace.pack.dictionary.customers);
    let is_customer = table.name == roles.table && field.name == roles.name;
    let is_key = table.key.as_ref() == Some(&field.name) || table.customer.as_ref() == Some(&field.name);
    is_customer || is_key || belongs(table, field, workplace)
}

/// Whether a field names the owner, the person or the department of a record: what counts are given by.
fn belongs(table: &Table, field: &Field, workplace: &Workplace) -> bool {
    let roles = &workplace.pack.dictionary.customers;
    let of_customer = table.name == roles.table && [&roles.owner, &roles.department].contains(&&field.name);
    of_customer || table.person.as_ref() == Some(&field.name) || table.department.as_ref() == Some(&field.name)
}

/// Whether a text is no more than a day.
fn is_day(text: &str) -> bool {
    text.len() <= 19 && text.chars().all(|letter| letter.is_ascii_digit() || "-/. :T年月日".contains(letter))
}
