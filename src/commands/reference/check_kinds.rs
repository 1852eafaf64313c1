//! The page of check kinds: what each asserts, and its keys as its reader asks for them.
//!
//! Apart because it says at length what `explain --kinds` says on a terminal. It knows no kind by name.

use super::super::explain::kinds::{holds, own_keys};
use super::{Sentences, heading, must, table};
use crate::check::CHECKS;
use crate::params::{Asked, Key};
use crate::rule::{Pack, schema};
use crate::text;
use crate::text::Language;

/// Writes the page.
pub fn write(language: Language, _: &Sentences) -> String {
    let grammar = Pack::grammar();
    let mut page = heading(&text!("检查的种类", "Kinds of check"), language);
    let common = text!(
        "下列各键，任何种类的规则都有；`[[rule]]` 的写法见[规则](../../zh/rules.md)和 [rules/](../../../rules/README.zh-CN.md)。",
        "A rule of any kind has these keys; how a `[[rule]]` is written is told in [rules](../../en/rules.md) and in [rules/](../../../rules/README.md)."
    );
    page += &format!("\n{}\n\n", common.get(language));
    page += &keys(&schema::keys(&grammar, "rule", "").into_iter().collect::<Vec<_>>(), language);
    for kind in CHECKS {
        page += &format!("\n## `{}`\n\n{}\n\n", kind.name(), sentence(kind.describe().get(language)));
        page += &keys(&own_keys(&grammar, kind.name()), language);
        for (path, below) in inner(&grammar, kind.name()) {
            page += &format!("\n`{path}`\n\n");
            page += &keys(&below, language);
        }
    }
    page
}

fn sentence(words: &str) -> String {
    let mut letters = words.chars();
    letters.next().map(|first| first.to_uppercase().chain(letters).collect()).unwrap_or_default()
}

/// The tables below a rule that are this kind's own, with their keys.
fn inner(grammar: &Asked, kind: &str) -> Vec<(String, Vec<(String, Key)>)> {
    let own = |(path, of): &&(String, String)| of == kind && path.starts_with("rule.");
    let paths = grammar.tables.keys().filter(own).map(|(path, _)| path.clone());
    paths.map(|path| (path.clone(), schema::keys(grammar, &path, kind).into_iter().collect())).collect()
}

fn keys(keys: &[(String, Key)], language: Language) -> String {
    let rows: Vec<Vec<String>> = keys
        .iter()
        .map(|(name, key)| {
            vec![format!("`{name}`"), holds(&key.shape).get(language).to_owned(), must(key.required, language)]
        })
        .collect();
    let header = text!("键 取值 必须", "key takes required");
    table(&header.get(language).split(' ').collect::<Vec<_>>(), &rows)
}
