//! The page of exit codes.
//!
//! Apart because it is a page. Codes, meanings and ranks are those that the program ends with.

use super::{Sentences, heading, table};
use crate::exit_code::ExitCode;
use crate::text;
use crate::text::Language;

/// Writes the page.
pub fn write(language: Language, _: &Sentences) -> String {
    let rows: Vec<Vec<String>> = ExitCode::ALL
        .iter()
        .map(|code| vec![code.number().to_string(), code.meaning().get(language).to_owned()])
        .collect();
    let header = text!("码 意思", "code means");
    let ranks: Vec<String> =
        ExitCode::RANKED.iter().filter(|code| **code != ExitCode::Done).map(|code| code.number().to_string()).collect();
    let (zh, en) = (ranks.join("、"), ranks.join(", "));
    let several = text!("同时有几种时，依次取 {zh}。", "Where several hold, the first of these counts: {en}.");
    let page = heading(&text!("退出码", "Exit codes"), language);
    let table = table(&header.get(language).split(' ').collect::<Vec<_>>(), &rows);
    format!("{page}\n{table}\n{}\n", several.get(language))
}
