//! Fields that the built-in rules ask for and a company's spreadsheets do not have: dictionary and rules without them.
//!
//! Apart because it writes rule files. A rule on a column that a table ought to have is not evaluated where it lacks it, and
//! every run ends in part; where the company has no such column, the dictionary says so, and those rules do not apply.
//! Rules on required fields ask for what is left of them.

use std::collections::{BTreeMap, BTreeSet};

use toml::{Table, Value};

use crate::dictionary::Dictionary;
use crate::rule;
use crate::text;
use crate::text::Language;

/// Fields without a column, by table.
pub type Absent = BTreeMap<String, BTreeSet<String>>;

/// The built-in dictionary, the absent fields marked as such: its name and text.
pub fn dictionary_without(absent: &Absent, language: Language) -> Option<(String, String)> {
    let (name, bytes) = rule::built_in_files().into_iter().find(|(name, _)| name == rule::DICTIONARY)?;
    let note = text!(
        "hedui init：没有这一列；有了就删去本行",
        "hedui init: no such column; take this line out once there is one"
    );
    let mark = format!("absent = true  # {}", note.get(language));
    let mut table = String::new();
    let (mut is_field, mut lines) = (false, Vec::new());
    for line in String::from_utf8_lossy(bytes).lines() {
        lines.push(line.to_owned());
        match line.trim() {
            "[[table]]" => (is_field, table) = (false, String::new()),
            "[[table.field]]" => is_field = true,
            line => {
                let Some(written) = line.strip_prefix("name = \"").and_then(|rest| rest.split('"').next()) else {
                    continue;
                };
                if !is_field {
                    table = written.to_owned();
                } else if absent.get(&table).is_some_and(|fields| fields.contains(written)) {
                    lines.push(mark.clone());
                }
            }
        }
    }
    (!absent.is_empty()).then(|| (name, lines.join("\n") + "\n"))
}

/// Rules in place of those built-in ones on required fields that ask for absent ones; nothing where there are none.
pub fn rules_without(absent: &Absent, dictionary: &Dictionary, language: Language) -> Option<String> {
    let mut rules = Vec::new();
    for (_, bytes) in rule::built_in_files().into_iter().filter(|(name, _)| name.ends_with(".toml")) {
        let Ok(file) = String::from_utf8_lossy(bytes).parse::<Table>() else { continue };
        // a pack that nobody has switched on asks for nothing
        if file.contains_key("pack") {
            continue;
        }
        let all = file.get("rule").and_then(Value::as_array).cloned().unwrap_or_default();
        rules.extend(all.iter().filter_map(Value::as_table).filter_map(|rule| without(rule, absent, dictionary)));
    }
    let head = text!(
        "# hedui init 写的：表格里没有的列不再要求填写，其余与内置规则相同。补上列以后，删去本文件和 dictionary.toml 里相应的 absent。\n\n",
        "# By hedui init: columns that the spreadsheets lack are not asked for, the rest is as in the built-in rules. Once there\n\
         # are such columns, take out this file, and in dictionary.toml the `absent` of the fields.\n\n"
    );
    let file = Table::from_iter([("rule".to_owned(), Value::Array(rules.iter().cloned().map(Value::Table).collect()))]);
    let written = toml::to_string(&file).ok()?;
    (!rules.is_empty()).then(|| head.get(language).to_owned() + &written)
}

/// A rule on required fields without those that are absent; nothing where it asks for none of them, or for nothing else.
fn without(rule: &Table, absent: &Absent, dictionary: &Dictionary) -> Option<Table> {
    let word = |key: &str| rule.get(key).and_then(Value::as_str);
    let table = dictionary.table_called(word("table")?)?;
    let gone = absent.get(&table.name)?;
    let requires = rule.get("require")?.as_array()?;
    let is_gone = |called: &str| table.field_called(called).is_some_and(|field| gone.contains(&field.name));
    let mut kept = Vec::new();
    for entry in requires.iter().filter_map(Value::as_table) {
        let condition = entry.get("where").and_then(Value::as_str).unwrap_or_default();
        if words(condition).any(is_gone) {
            continue;
        }
        let mut entry = entry.clone();
        if let Some(fields) = entry.get_mut("fields").and_then(Value::as_array_mut) {
            fields.retain(|field| !field.as_str().is_some_and(is_gone));
            if fields.is_empty() {
                continue;
            }
        }
        kept.push(Value::Table(entry));
    }
    if kept.is_empty() || kept == *requires {
        return None;
    }
    let mut own = rule.clone();
    own.remove("example");
    own.insert("id".to_owned(), format!("own-{}", word("id")?).into());
    own.insert("replaces".to_owned(), word("id")?.into());
    own.insert("require".to_owned(), Value::Array(kept));
    Some(own)
}

/// The words of a condition.
fn words(condition: &str) -> impl Iterator<Item = &str> {
    condition.split(|letter: char| !(letter.is_alphanumeric() || letter == '_')).filter(|word| !word.is_empty())
}
