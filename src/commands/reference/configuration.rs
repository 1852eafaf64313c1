//! The page of the keys of `hedui.toml`.
//!
//! Apart because it is a page. The keys are those that the readers ask for; what they are for, sentences say.

use std::collections::BTreeSet;

use super::super::explain::kinds::holds;
use super::sentences::CONFIGURATION;
use super::{Sentences, heading, must, table};
use crate::config::schema::grammar;
use crate::params::{Asked, Key, Shape};
use crate::text;
use crate::text::Language;

/// Every key with the tables that it stands in: `mail.host`, `departments.*.to`.
pub fn names() -> BTreeSet<String> {
    let asked = grammar();
    asked
        .tables
        .keys()
        .flat_map(|(path, _)| keys(&asked, path).into_iter().map(|(name, _)| whole(path, &name)))
        .collect()
}

/// Writes the page.
pub fn write(language: Language, sentences: &Sentences) -> String {
    let asked = grammar();
    let mut page = heading(&text!("hedui.toml 的键", "Keys of hedui.toml"), language);
    let intro = text!(
        "路径都相对于 `hedui.toml` 所在的文件夹。不认得的键，`hedui lint` 指出行号拒绝。`*` 是自己起的名称。`hedui init` 写出的文件里有注释。",
        "Paths are relative to the folder of `hedui.toml`. A key that hedui does not know is refused with its line. `*` is a name of yours. \
         The file that `hedui init` writes has comments."
    );
    page += &format!("\n{}\n", intro.get(language));
    for (path, _) in asked.tables.keys() {
        let keys = keys(&asked, path);
        if keys.is_empty() {
            continue;
        }
        page += &format!("\n## `{}`\n\n", written(&asked, path));
        let rows: Vec<Vec<String>> = keys
            .iter()
            .map(|(name, key)| {
                let meaning = sentences.of(CONFIGURATION, &whole(path, name), language);
                vec![
                    format!("`{name}`"),
                    holds(&key.shape).get(language).to_owned(),
                    must(key.required, language),
                    meaning,
                ]
            })
            .collect();
        let header = text!("键 取值 必须 意思", "key takes required means");
        page += &table(&header.get(language).split(' ').collect::<Vec<_>>(), &rows);
    }
    page
}

/// The keys of a table that are no tables with keys of their own.
fn keys(asked: &Asked, path: &str) -> Vec<(String, Key)> {
    let keys = asked.tables.get(&(path.to_owned(), String::new())).cloned().unwrap_or_default();
    let below = |name: &str| asked.tables.keys().any(|(table, _)| is_below(table, &whole(path, name)));
    keys.into_iter().filter(|(name, _)| !below(name)).collect()
}

fn is_below(table: &str, path: &str) -> bool {
    table.strip_prefix(path).is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
}

fn whole(path: &str, name: &str) -> String {
    if path.is_empty() { name.to_owned() } else { format!("{path}.{name}") }
}

/// A table as a file has it: in two brackets where there may be many.
fn written(asked: &Asked, path: &str) -> String {
    let root = asked.tables.get(&Default::default());
    match root.and_then(|root| root.get(path)).map(|key| &key.shape) {
        Some(Shape::Tables) => format!("[[{path}]]"),
        _ => format!("[{path}]"),
    }
}
