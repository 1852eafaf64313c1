//! The page of the variables that templates of mails and of the page may name.
//!
//! Apart because it is a page. The names are those of a rehearsal, which gives templates what a run would.

use std::collections::BTreeSet;

use super::sentences::{PAGE, VARIABLES};
use super::{Sentences, heading, table};
use crate::page;
use crate::report::{self, Templates};
use crate::text;
use crate::text::Language;

/// The variables of mails.
pub fn of_mails() -> BTreeSet<String> {
    Templates::built_in().map(|templates| report::mail_variables(&templates)).unwrap_or_default()
}

/// The variables of the page, without the parts of lists, which its own template shows, and of `ran`, which are those of `now`.
pub fn of_the_page() -> BTreeSet<String> {
    let names = Templates::built_in().map(|templates| page::variables(&templates)).unwrap_or_default();
    names.into_iter().filter(|name| !name.contains("[]") && !name.starts_with("ran.")).collect()
}

/// Writes the page.
pub fn write(language: Language, sentences: &Sentences) -> String {
    let mut page = heading(&text!("模板的变量", "Variables of templates"), language);
    let intro = text!(
        "语法是 Jinja（minijinja）。用了不存在的变量，`hedui lint` 报错。`名称[].部分` 指列表中每一项的部分。邮件里没有客户的任何值和人名可用，这是有意的。",
        "The syntax is Jinja (minijinja). A variable that there is not is an error of `hedui lint`. `name[].part` is a part of each item of a list. No customer's value and no person's name can be named in a mail, on purpose."
    );
    page += &format!("\n{}\n", intro.get(language));
    let mails = text!("邮件：`subject.*.j2`、`body.*.j2`", "Mails: `subject.*.j2`, `body.*.j2`");
    let of_page = text!("网页：`page/page.html.j2`", "The page: `page/page.html.j2`");
    for (title, section, names) in [(mails, VARIABLES, of_mails()), (of_page, PAGE, of_the_page())] {
        let rows: Vec<Vec<String>> =
            names.iter().map(|name| vec![format!("`{name}`"), sentences.of(section, name, language)]).collect();
        let header = text!("变量 意思", "variable means");
        page += &format!("\n## {}\n\n", title.get(language));
        page += &table(&header.get(language).split(' ').collect::<Vec<_>>(), &rows);
    }
    page
}
