//! Who may see what of this run: the configuration's clearances, the dictionary's masks and levels, and the words of
//! records that are withheld; and the passwords that workbooks are closed with.
//!
//! Apart because it is gathered from the workplace and from the data, and reports know neither. It shows nothing.

use std::collections::{BTreeMap, BTreeSet, HashSet};

use super::Checked;
use crate::dataset::Dataset;
use crate::dictionary::{Field, FieldType};
use crate::engine::Ownership;
use crate::model::Secrecy;
use crate::report::access::{Access, FieldAccess, Guard, Important, Reader, RuleAccess, search};
use crate::report::{Document, encrypt};
use crate::text;
use crate::text::Text;
use crate::workplace::Workplace;

/// Withheld records beyond which their words are not even gathered.
const MOST_RECORDS: usize = 50_000;
/// The shortest text of a field that nothing is known of by which its record would be known.
const TELLING: usize = 6;

/// Who may see what.
pub fn access(workplace: &Workplace, checked: &Checked) -> Access {
    let config = &workplace.config;
    let dictionary = &workplace.pack.dictionary;
    let departments: BTreeMap<String, Reader> = config
        .departments
        .iter()
        .map(|department| {
            let reader = Reader { clearance: department.clearance, unmasked: department.unmasked };
            (department.name.trim().to_owned(), reader)
        })
        .collect();
    let service = departments.get(config.fallback_department.trim()).copied().unwrap_or_default();
    let masked = |clearance| Reader { clearance, unmasked: false };
    let fields = dictionary.tables.iter().map(|table| {
        let of = |field: &Field| (field.name.clone(), FieldAccess { mask: field.mask, secrecy: field.secrecy });
        (table.name.clone(), table.fields.iter().map(of).collect())
    });
    let mut access = Access {
        service: masked(service.clearance),
        leader: masked(config.people.clearance.leader),
        management: masked(config.people.clearance.management),
        fields: fields.collect(),
        blanks: dictionary.missing.iter().cloned().collect(),
        important: important(workplace, checked),
        contact: config.contact.clone().unwrap_or_else(|| config.fallback_department.clone()),
        retention_days: config.retention_days,
        departments,
        ..Access::default()
    };
    access.rules = rules(workplace, &access.fields);
    access.guards = guards(workplace, checked, &access);
    access
}

fn rules(
    workplace: &Workplace,
    fields: &BTreeMap<String, BTreeMap<String, FieldAccess>>,
) -> BTreeMap<String, RuleAccess> {
    let mut rules: BTreeMap<String, RuleAccess> = BTreeMap::new();
    for rule in &workplace.pack.rules {
        let level = |(table, field): (String, String)| {
            fields.get(&table).and_then(|fields| fields.get(&field)).map_or(Secrecy::Public, |field| field.secrecy)
        };
        let reads = rule.reads().into_iter().chain(rule.check.reads_where_there_is_a_column());
        let secrecy = reads.map(level).max().unwrap_or(Secrecy::Public);
        let known =
            rules.entry(rule.id.clone()).or_insert(RuleAccess { secrecy: Secrecy::Public, speaks_of_others: false });
        known.secrecy = known.secrecy.max(secrecy);
        known.speaks_of_others |= rule.check.looks_beyond_the_row();
    }
    rules
}

fn important(workplace: &Workplace, checked: &Checked) -> Option<Important> {
    let roles = &workplace.pack.dictionary.customers;
    let role = roles.important.as_ref()?;
    let mut important = Important { clearance: role.clearance, ..Important::default() };
    if let Some(customers) = checked.datasets.get(&roles.table) {
        let is = |record: &usize| role.values.iter().any(|value| value == customers.folded_at(&role.field, *record));
        for record in (0..customers.height).filter(is) {
            important.keys.insert(customers.key_at(record).to_owned());
            important.names.insert(customers.folded_at(&roles.name, record).to_owned());
        }
    }
    Some(important)
}

/// A guard for every clearance that some reader has and that is not the highest.
fn guards(workplace: &Workplace, checked: &Checked, access: &Access) -> BTreeMap<Secrecy, Guard> {
    let mut clearances: BTreeSet<Secrecy> = access.departments.values().map(|reader| reader.clearance).collect();
    // Internal: a stand-in without an entry; public: the administrator and run.json.
    clearances.extend([Secrecy::Public, Secrecy::default()]);
    clearances.extend([access.service, access.leader, access.management].map(|reader| reader.clearance));
    clearances.insert(workplace.config.page.clearance);
    clearances.remove(&Secrecy::Secret);
    let tables: Vec<&str> = checked.datasets.keys().map(String::as_str).collect();
    let ownership = Ownership::new(&checked.datasets, &workplace.pack.dictionary, &tables);
    let records: Vec<Levels<'_>> = checked
        .datasets
        .values()
        .map(|dataset| {
            let levels = (0..dataset.height).map(|record| ownership.of(dataset, record).secrecy).collect();
            Levels { dataset, levels }
        })
        .collect();
    let said = vocabulary(workplace);
    clearances.into_iter().map(|clearance| (clearance, guard(&records, clearance, workplace, &said))).collect()
}

/// The records of a table with how confidential each is.
struct Levels<'d> {
    dataset: &'d Dataset,
    levels: Vec<Secrecy>,
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

fn guard(records: &[Levels<'_>], clearance: Secrecy, workplace: &Workplace, said: &BTreeSet<String>) -> Guard {
    let withheld = || {
        records.iter().flat_map(move |table| {
            let of = move |(record, level): (usize, &Secrecy)| (*level > clearance).then_some((table.dataset, record));
            table.levels.iter().enumerate().filter_map(of)
        })
    };
    let count = withheld().count();
    if count == 0 {
        return Guard::default();
    }
    let mut names: HashSet<String> = HashSet::new();
    let mut words: HashSet<String> = HashSet::new();
    // Of so many that none of their words is looked for, only the names are wanted.
    let mut searched = (count <= MOST_RECORDS).then_some(&mut words);
    for (dataset, record) in withheld() {
        for field in dataset.table.fields.iter().filter(|field| dataset.columns.contains_key(&field.name)) {
            gather(dataset, record, field, workplace, &mut names, searched.as_deref_mut());
        }
    }
    for known in said {
        names.remove(known);
        words.remove(known);
    }
    // What a record that is shown has too is no secret.
    let shown = || {
        records.iter().flat_map(move |table| {
            table.dataset.columns.keys().flat_map(move |field| {
                let of = move |(record, level): (usize, &Secrecy)| (*level <= clearance).then_some(record);
                let records = table.levels.iter().enumerate().filter_map(of);
                records.map(move |record| table.dataset.folded_at(field, record))
            })
        })
    };
    for value in shown().filter(|value| !value.is_empty()) {
        names.remove(value);
        words.remove(value);
    }
    if count > MOST_RECORDS {
        return Guard::of_too_many(names);
    }
    let mut words: Vec<String> = words.into_iter().collect();
    words.sort_unstable();
    let allowed = holding(&words, shown());
    Guard::new(names, words, allowed)
}

/// The texts that may be read and hold such a word as a part of theirs.
fn holding<'t>(words: &[String], shown: impl Iterator<Item = &'t str>) -> Vec<String> {
    let Ok(search) = search(words.iter()) else { return Vec::new() };
    let mut holding: BTreeSet<&str> = BTreeSet::new();
    holding.extend(shown.filter(|text| !text.is_empty() && search.is_match(*text)));
    holding.into_iter().map(str::to_owned).collect()
}

/// The words of one cell: what stands alone in cells, and what is searched for in texts.
fn gather(
    dataset: &Dataset,
    record: usize,
    field: &Field,
    workplace: &Workplace,
    names: &mut HashSet<String>,
    words: Option<&mut HashSet<String>>,
) {
    let typed = dataset.typed_at(&field.name, record).trim();
    if typed.is_empty() {
        return;
    }
    let folded = dataset.folded_at(&field.name, record);
    let (table, roles) = (&dataset.table, &workplace.pack.dictionary.customers);
    let is_customer = table.name == roles.table && field.name == roles.name;
    let is_key = table.key.as_ref() == Some(&field.name) || table.customer.as_ref() == Some(&field.name);
    let is_name = is_customer || is_key || belongs(table, field, workplace);
    if is_name {
        let all = [folded, typed, dataset.key_at(record)].into_iter().filter(|name| !name.is_empty());
        names.extend(all.map(str::to_owned));
    }
    let Some(words) = words else { return };
    let least = match field.field_type {
        _ if is_name || field.code || field.mask.is_some() => 2,
        FieldType::Date | FieldType::DateTime if !folded.is_empty() && is_day(folded) => return,
        _ => TELLING,
    };
    let parts = folded.split(['/', ';', '、', ',', '|']).map(str::trim).filter(|part| part.chars().count() >= TELLING);
    for word in [typed, folded].into_iter().chain(parts) {
        let letters = word.chars().count();
        let is_count = letters < 3 && word.chars().all(|letter| letter.is_ascii_digit());
        if letters >= least && !is_count {
            words.insert(word.to_owned());
        }
    }
}

/// Whether a field names the owner, the person or the department of a record: what counts are given by.
fn belongs(table: &crate::dictionary::Table, field: &Field, workplace: &Workplace) -> bool {
    let roles = &workplace.pack.dictionary.customers;
    let of_customer = table.name == roles.table && [&roles.owner, &roles.department].contains(&&field.name);
    of_customer || table.person.as_ref() == Some(&field.name) || table.department.as_ref() == Some(&field.name)
}

/// Whether a text is no more than a day.
fn is_day(text: &str) -> bool {
    text.len() <= 19 && text.chars().all(|letter| letter.is_ascii_digit() || "-/. :T年月日".contains(letter))
}

/// Closes the workbooks of departments that have a password. Where it cannot be had, the document keeps none of them
/// and says why it must not be sent.
pub fn seal(workplace: &Workplace, documents: &mut [Document]) {
    for document in documents {
        let department = document.department.as_deref();
        let Some(revealed) = department.and_then(|name| password(workplace, name)) else { continue };
        // What the workbook shows lies nowhere in the clear.
        document.json.clear();
        let sealed = revealed.and_then(|password| sealed(document, &password));
        if let Err(reason) = sealed {
            document.attachments.clear();
            document.held_because = Some(reason);
        }
    }
}

/// The password of a department's workbooks; nothing where it has none.
pub(super) fn password(workplace: &Workplace, department: &str) -> Option<Result<String, Text>> {
    let password = workplace.config.department(department)?.password.as_ref()?;
    Some(password.reveal().and_then(|password| match password.is_empty() {
        true => Err(text!("密码是空的", "the password is empty")),
        false => Ok(password),
    }))
}

fn sealed(document: &mut Document, password: &str) -> Result<(), Text> {
    for attachment in &mut document.attachments {
        attachment.bytes = encrypt(&attachment.bytes, password)
            .map_err(|error| text!("工作簿无法加密：{error}", "a workbook cannot be encrypted: {error}"))?;
    }
    Ok(())
}

/// What is said of documents that are not sent.
pub fn held(documents: &[Document], job: &str, period: &str) -> Vec<Text> {
    let held = documents.iter().filter_map(|document| document.held_because.as_ref().map(|why| (document, why)));
    held.map(|(document, why)| {
        let department = document.department.as_deref().unwrap_or_default();
        let (zh, en) = (&why.zh, &why.en);
        text!(
            "{department}：邮件没有发出，因为工作簿不能加密（{zh}）；未写出任何未加密的文件。改好后运行 hedui run {job} --period {period}",
            "{department}: nothing was sent, because its workbooks cannot be encrypted ({en}); nothing was written \
             unencrypted. Once that is mended: hedui run {job} --period {period}"
        )
    })
    .collect()
}
