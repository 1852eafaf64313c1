//! What happens at the ends of what a cell or a sheet holds: it is cut, and the sheet says so.

use calamine::Reader;
use rust_xlsxwriter::Workbook;

use super::fixture::{Run, cells, day, open};
use crate::report::Templates;
use crate::report::blocks::{Block, Column, Kind, Rows, Table};
use crate::report::format::sheet::{self, Book};
use crate::report::format::style::Styles;
use crate::report::format::workbook::fit;
use crate::report::look::Look;
use crate::text::Language;

#[test]
fn a_long_text_is_cut_where_a_cell_ends_and_says_how_long_it_was() {
    let mut run = Run::new();
    let long: &'static str = String::leak("备𠮷".repeat(20_000));
    run.findings[0].value = long;
    let document = run.render("department-weekly").remove(0);
    let cell = cells(&document, 1).concat().into_iter().find(|cell| cell.starts_with("备𠮷备𠮷")).expect("the value");
    assert!(cell.encode_utf16().count() <= 32_767 && cell.ends_with("…（共 40000 字）"), "{}", cell.chars().count());
    let templates = Templates::built_in().expect("the built-in templates");
    let strings = templates.strings(Language::Zh);
    let whole = "a".repeat(32_767);
    assert_eq!(fit(&whole, strings), whole);
    assert_eq!(fit(&(whole + "a"), strings).len(), 32_767 + "…（共 字）".len() - "…（共 字）".chars().count());
}

#[test]
fn a_list_longer_than_a_sheet_is_cut_and_says_so() {
    let templates = Templates::built_in().expect("the built-in templates");
    let strings = templates.strings(Language::Zh);
    let table = Table {
        columns: vec![Column::new("行", Kind::Count, 8)],
        rows: Rows::made(100, |number| vec![(number as u64).into()]),
        is_list: true,
        empty: String::new(),
        shaded: Vec::new(),
    };
    let blocks = [Block::Table(table)];
    let look = Look::default();
    let styles = Styles::new(Language::Zh, &look);
    let (company, as_of) = ("公司", day());
    let book = Book {
        styles: &styles,
        strings,
        look: &look,
        company,
        level: "内部",
        as_of,
        places: Default::default(),
        limit: 20,
    };
    let mut workbook = Workbook::new();
    let worksheet = workbook.add_worksheet_with_constant_memory().expect("a worksheet");
    let (used, _) = sheet::write_blocks(worksheet, "Sheet1", &blocks, &book, None).expect("a sheet");
    assert_eq!(used, 20);
    let bytes = workbook.save_to_buffer().expect("a workbook");
    let range = open(&bytes).worksheet_range_at(0).expect("a sheet").expect("a readable sheet");
    assert_eq!(range.height(), 20);
    assert!(range.get((0, 0)).is_some_and(|cell| cell.to_string().starts_with("共 100 条")));
    assert_eq!(range.get((19, 0)).map(ToString::to_string).as_deref(), Some("17"));
}
