//! Reads the dictionary from its file, and checks it against itself.
//!
//! Apart from the nouns because it changes with every key of the file. It asks for keys and knows no table or field.

use super::{CustomerRoles, DestructionRoles, Dictionary, Field, FieldType, ImportantRole, PeopleRoles, Table};
use crate::masking::Mask;
use crate::model::{Secrecy, Unit};
use crate::params::{Params, Placed};
use crate::text;

const TYPES: [(&str, FieldType); 4] = [
    ("text", FieldType::Text),
    ("date", FieldType::Date),
    ("datetime", FieldType::DateTime),
    ("decimal", FieldType::Decimal),
];

impl Dictionary {
    /// Reads the dictionary from its file.
    pub fn read(root: &Params) -> Self {
        let missing = root.strings("missing").unwrap_or_default().into_iter().map(|entry| entry.value).collect();
        let entries = root.tables("table");
        let mut read: Vec<(usize, Table)> = Vec::new();
        for (at, entry) in entries.iter().enumerate() {
            let made = table(entry, &read);
            read.extend(made.map(|table| (at, table)));
        }
        for (position, (at, table)) in read.iter().enumerate() {
            let called = |table: &Table| [table.name.clone(), table.label.clone(), table.label_en.clone()];
            let clash = |other: &&(usize, Table)| called(&other.1).iter().any(|word| called(table).contains(word));
            if let Some((_, other)) = read[..position].iter().find(clash) {
                let (name, other) = (&table.name, &other.name);
                let message = text!("表“{name}”与表“{other}”重名", "table `{name}` is called like table `{other}`");
                for key in ["name", "label", "label_en"].into_iter().filter(|key| entries[*at].has(key)) {
                    root.problems().add(entries[*at].span_of(key), message.clone());
                }
            }
        }
        let tables: Vec<Table> = read.into_iter().map(|(_, table)| table).collect();
        root.must_have("customers");
        root.must_have("people");
        let mut customers = CustomerRoles::default();
        if let Some(roles) = root.optional_table("customers") {
            customers = CustomerRoles {
                table: word(roles.string("table")),
                name: word(roles.string("name")),
                department: word(roles.string("department")),
                owner: word(roles.string("owner")),
                secrecy: roles.optional_string("secrecy").map(|field| field.value),
                important: roles.optional_table("important").map(|role| important(&role)),
                verified: roles.optional_string("verified").map(|field| field.value),
            };
            let mut named =
                vec![("name", &customers.name), ("department", &customers.department), ("owner", &customers.owner)];
            named.extend(customers.secrecy.iter().map(|field| ("secrecy", field)));
            named.extend(customers.verified.iter().map(|field| ("verified", field)));
            named.extend(customers.important.iter().map(|role| ("important", &role.field)));
            check_role(&roles, &tables, &customers.table, &named);
            roles.finish();
        }
        let mut people = PeopleRoles::default();
        if let Some(roles) = root.optional_table("people") {
            people = PeopleRoles {
                table: word(roles.string("table")),
                name: word(roles.string("name")),
                department: word(roles.string("department")),
                manager: roles.optional_string("manager").map(|field| field.value),
                email: roles.optional_string("email").map(|field| field.value),
                clearance: roles.optional_string("clearance").map(|field| field.value),
                left: roles.optional_string("left").map(|field| field.value),
            };
            let mut named = vec![("name", &people.name), ("department", &people.department)];
            named.extend(people.manager.iter().map(|field| ("manager", field)));
            named.extend(people.email.iter().map(|field| ("email", field)));
            named.extend(people.clearance.iter().map(|field| ("clearance", field)));
            named.extend(people.left.iter().map(|field| ("left", field)));
            check_role(&roles, &tables, &people.table, &named);
            roles.finish();
        }
        let destructions = root.optional_table("destructions").map(|roles| {
            let (table, destroyed) = (word(roles.string("table")), word(roles.string("destroyed")));
            check_role(&roles, &tables, &table, &[("destroyed", &destroyed)]);
            roles.finish();
            DestructionRoles { table, destroyed }
        });
        Self { missing, customers, people, destructions, tables }
    }
}

fn important(role: &Params) -> ImportantRole {
    let field = word(role.string("field"));
    let values = role.strings("values").unwrap_or_default().into_iter().map(|value| value.value).collect();
    let clearance = role.optional_word("clearance", &Secrecy::WORDS).unwrap_or_default();
    role.finish();
    ImportantRole { field, values, clearance }
}

fn word(placed: Option<Placed<String>>) -> String {
    placed.map(|placed| placed.value).unwrap_or_default()
}

fn check_role(roles: &Params, tables: &[Table], name: &str, fields: &[(&str, &String)]) {
    let known: Vec<&str> = tables.iter().map(|table| table.name.as_str()).collect();
    match tables.iter().find(|table| table.name == name) {
        None => {
            let message = text!("没有表“{name}”", "there is no table `{name}`");
            roles.problems().unknown(roles.span_of("table"), message, name, &known);
        }
        Some(table) => {
            for (key, field) in fields.iter().filter(|(_, field)| table.field(field).is_none()) {
                let message = text!("表“{name}”没有字段“{field}”", "table `{name}` has no field `{field}`");
                let words: Vec<&str> = table.fields.iter().map(|field| field.name.as_str()).collect();
                roles.problems().unknown(roles.span_of(key), message, field, &words);
            }
        }
    }
}

fn table(params: &Params, above: &[(usize, Table)]) -> Option<Table> {
    let name = params.string("name");
    let like = params.optional_string("like").and_then(|written| known_above(params, written, above));
    let label = params.string("label");
    let label_en = params.optional_string("label_en").map(|label| label.value);
    let entries = params.tables("field");
    let read: Vec<(usize, Field)> =
        entries.iter().enumerate().filter_map(|(at, entry)| Some((at, field(entry)?))).collect();
    doubles(params, &entries, &read);
    let own: Vec<Field> = read.iter().map(|(_, field)| field.clone()).collect();
    let fields = match like {
        Some(like) => taken_over(params, like, own),
        None => own,
    };
    let known: Vec<&str> = fields.iter().map(|field| field.name.as_str()).collect();
    let named = |placed: Placed<String>| -> Option<String> {
        let word = &placed.value;
        if known.contains(&word.as_str()) {
            return Some(placed.value);
        }
        let message = text!("没有字段“{word}”", "there is no field `{word}`");
        params.problems().unknown(placed.span, message, word, &known);
        None
    };
    let key = params.optional_string("key").and_then(named).or_else(|| like?.key.clone());
    let identity = params.optional_strings("identity").map(|entries| entries.into_iter().filter_map(named).collect());
    let identity = identity.or_else(|| like?.identity.clone());
    let customer = params.optional_string("customer").and_then(named).or_else(|| like?.customer.clone());
    let person = params.optional_string("person").and_then(named);
    let department = params.optional_string("department").and_then(named);
    let may_be_empty = params.optional_bool("may_be_empty").unwrap_or(false);
    params.finish();
    let label = label?.value;
    let label_en = label_en.unwrap_or_else(|| label.clone());
    Some(Table {
        name: name?.value,
        label_en,
        label,
        like: like.map(|like| like.name.clone()),
        key,
        identity,
        customer,
        person,
        department,
        may_be_empty,
        fields,
    })
}

/// The table of which another one says that it is like it: one that stands above.
fn known_above<'t>(params: &Params, written: Placed<String>, above: &'t [(usize, Table)]) -> Option<&'t Table> {
    let word = &written.value;
    let found = above.iter().map(|(_, table)| table).find(|table| table.name == *word);
    if found.is_none() {
        let known: Vec<&str> = above.iter().map(|(_, table)| table.name.as_str()).collect();
        let message = text!("上面没有表“{word}”", "there is no table `{word}` above");
        params.problems().unknown(written.span.clone(), message, word, &known);
    }
    found
}

/// The fields of another table, all optional but its key, and one's own: one of the same name stands in for the other's.
fn taken_over(params: &Params, like: &Table, own: Vec<Field>) -> Vec<Field> {
    let mut fields: Vec<Field> = Vec::new();
    for field in &like.fields {
        let optional = field.optional || like.key.as_ref() != Some(&field.name);
        match own.iter().find(|other| other.name == field.name) {
            Some(other) => fields.push(other.clone()),
            None => fields.push(Field { optional, ..field.clone() }),
        }
    }
    for field in own.iter().filter(|field| like.field(&field.name).is_none()) {
        let words = [&field.name, &field.label, &field.label_en].into_iter().chain(&field.aliases);
        for word in words {
            if let Some(other) = like.field_called(word) {
                let other = &other.name;
                let message = text!("字段 {other} 也叫“{word}”", "the field {other} is called `{word}` too");
                params.problems().add(params.span_of("field"), message);
            }
        }
        fields.push(field.clone());
    }
    fields
}

/// A name, label or alias that another field of the table has too: whose column would it be?
fn doubles(params: &Params, entries: &[Params], read: &[(usize, Field)]) {
    let words = |field: &Field| -> Vec<(&'static str, String)> {
        let single = [("name", &field.name), ("label", &field.label), ("label_en", &field.label_en)];
        let single = single.into_iter().map(|(key, word)| (key, word.clone()));
        single.chain(field.aliases.iter().map(|alias| ("aliases", alias.clone()))).collect()
    };
    for (position, (at, field)) in read.iter().enumerate() {
        for (key, word) in words(field) {
            let has = |other: &&(usize, Field)| words(&other.1).iter().any(|(_, known)| *known == word);
            if let Some((_, other)) = read[..position].iter().find(has) {
                let other = &other.name;
                let message = text!("字段 {other} 也叫“{word}”", "the field {other} is called `{word}` too");
                params.problems().add(entries[*at].span_of(key), message);
            }
        }
        for (first, alias) in field.aliases.iter().enumerate() {
            if field.aliases[..first].contains(alias) {
                params
                    .problems()
                    .add(entries[*at].span_of("aliases"), text!("“{alias}”写了两次", "`{alias}` stands twice"));
            }
        }
    }
}

fn field(params: &Params) -> Option<Field> {
    let name = params.string("name");
    let label = params.string("label");
    let label_en = params.optional_string("label_en").map(|label| label.value);
    let list = |key| params.optional_strings(key).unwrap_or_default().into_iter().map(|entry| entry.value).collect();
    let (aliases, missing, filled) = (list("aliases"), list("missing"), list("filled"));
    let field_type = params.optional_word("type", &TYPES).unwrap_or(FieldType::Text);
    let optional = params.optional_bool("optional").unwrap_or(false);
    let absent = params.optional_bool("absent").unwrap_or(false) && !optional;
    let code = params.optional_bool("code").unwrap_or(false);
    let mask = params.optional_word("mask", &Mask::WORDS);
    let secrecy = params.optional_word("secrecy", &Secrecy::WORDS).unwrap_or(Secrecy::Public);
    let stated = stated_unit(params, field_type);
    let separators: Vec<String> = list("separators");
    if separators.iter().any(String::is_empty) {
        params.problems().add(params.span_of("separators"), text!("分隔符不能是空的", "a separator must not be empty"));
    }
    params.finish();
    let label = label?.value;
    let label_en = label_en.unwrap_or_else(|| label.clone());
    let in_label = Unit::in_brackets(&label).filter(|_| field_type == FieldType::Decimal);
    Some(Field {
        name: name?.value,
        label_en,
        label,
        aliases,
        field_type,
        optional: optional || absent,
        absent,
        code,
        missing,
        filled,
        mask,
        secrecy,
        unit: stated.or(in_label),
        units_in_cells: stated.is_some(),
        separators,
    })
}

/// The key `unit`: what the values of an amount are counted in, and that cells may state their own.
fn stated_unit(params: &Params, field_type: FieldType) -> Option<Unit> {
    let written = params.optional_string("unit")?;
    let unit = Unit::named(&written.value);
    if unit.is_none() {
        let word = &written.value;
        let message = text!("“{word}”不是金额单位", "`{word}` is no unit of amounts");
        params.problems().unknown(
            written.span.clone(),
            message,
            word,
            &["元", "千元", "万元", "亿元", "美元", "万美元"],
        );
    } else if field_type != FieldType::Decimal {
        let message = text!("只有 decimal 字段有单位", "only a decimal field has a unit");
        params.problems().add(written.span.clone(), message);
    }
    unit
}
