//! The header in the shapes that people give it.

use super::*;
use crate::dictionary::{Field, FieldType};

fn field(name: &str, label: &str, aliases: &[&str]) -> Field {
    Field {
        label: label.to_owned(),
        aliases: aliases.iter().map(|alias| (*alias).to_owned()).collect(),
        ..Field::reckoned(name, FieldType::Text)
    }
}

fn table() -> Table {
    let fields = vec![
        field("no", "编号", &[]),
        field("name", "名称", &["单位全称"]),
        field("contact", "联系者", &["联系者姓名"]),
        field("phone", "手机号", &["电话", "联系电话"]),
        field("capital", "资本(万元)", &[]),
        field("place", "地址", &[]),
    ];
    Table::plain("customers", "客户", "Customers", fields)
}

fn head(rows: &[&[&str]]) -> Vec<Vec<String>> {
    rows.iter().map(|row| row.iter().map(|cell| (*cell).to_owned()).collect()).collect()
}

fn found(rows: &[&[&str]]) -> (usize, usize, Vec<String>) {
    let header = find(&head(rows), &table(), &HeaderWish::default()).expect("a header");
    let columns = header.columns.iter().map(|(column, field)| format!("{}={field}", column_letters(*column)));
    (header.first, header.row, columns.collect())
}

#[test]
fn two_rows_are_joined_where_together_they_name_more() {
    let rows: &[&[&str]] = &[
        &["客户信息表"],
        &["编号", "名称", "联系者", "", "", "地址"],
        &["", "", "姓名", "电话", "职务", ""],
        &["A1", "甲", "张三", "1", "经理", "沪"],
    ];
    let (first, last, columns) = found(rows);
    assert_eq!((first, last), (1, 2));
    assert_eq!(columns, ["A=no", "B=name", "C=contact", "D=phone", "F=place"]);
    let header = find(&head(rows), &table(), &HeaderWish::default()).expect("a header");
    assert_eq!(header.unknown, ["联系者-职务"]);
}

#[test]
fn titles_of_groups_that_name_nothing_are_left_aside() {
    let (first, last, columns) = found(&[
        &["编号", "基本信息", "", "联络信息", ""],
        &["", "名称", "地址", "联系者", "电话"],
        &["A1", "甲", "沪", "张三", "1"],
    ]);
    assert_eq!((first, last), (0, 1));
    assert_eq!(columns, ["A=no", "B=name", "C=place", "D=contact", "E=phone"]);
}

#[test]
fn three_rows_are_joined_where_the_first_and_the_last_name_fields_too() {
    let rows: &[&[&str]] = &[
        &["客户信息表"],
        &["编号", "客户信息", "", "联络方式", "", "", ""],
        &["", "名称", "地址", "联系者", "", "", "资本（万元）"],
        &["", "", "", "姓名", "电话", "职务", ""],
        &["A1", "甲", "沪", "张三", "1", "经理", "5"],
        &["A2", "", "", "李四", "", "", ""],
    ];
    let (first, last, columns) = found(rows);
    assert_eq!((first, last), (1, 3));
    assert_eq!(columns, ["A=no", "B=name", "C=place", "D=contact", "E=phone", "G=capital"]);
    let header = find(&head(rows), &table(), &HeaderWish::default()).expect("a header");
    assert_eq!(header.unknown, ["联络方式-联系者-职务"]);
    assert_eq!(header.names[6], "联络方式-资本(万元)");
    assert_eq!(header.cells(&head(rows))[3], ["联络方式", "联系者", "姓名"]);
    for row in 2..=4 {
        let wish = HeaderWish { row: Some(row), columns: Vec::new() };
        let header = find(&head(rows), &table(), &wish).expect("a header");
        assert_eq!((header.first, header.row), (1, 3), "said to be row {row}");
    }
}

#[test]
fn titles_above_a_header_of_two_rows_are_no_third() {
    let (first, last, columns) = found(&[
        &["", "基本信息", "", "联络信息", "", ""],
        &["编号", "", "", "联系者", "", "地址"],
        &["", "名称", "资本(万元)", "姓名", "电话", ""],
        &["A1", "甲", "5", "张三", "1", "沪"],
    ]);
    assert_eq!((first, last), (1, 2), "the first row adds nothing");
    assert_eq!(columns.len(), 6);
}

#[test]
fn a_row_of_data_joins_no_header() {
    let (first, last, columns) = found(&[&["编号", "名称", "", "电话"], &["A1", "甲", "老客户", "1"]]);
    assert_eq!((first, last, columns.len()), (0, 0, 3));
}

#[test]
fn blanks_marks_brackets_and_forms_do_not_matter() {
    let (_, _, columns) = found(&[
        &["＊编 号", "名\n称（全称）", "联系电话【手机】", "资本（元）", "★地址："],
        &["A1", "甲", "1", "2", "沪"],
    ]);
    assert_eq!(columns, ["A=no", "B=name", "C=phone", "D=capital", "E=place"]);
}

#[test]
fn two_columns_of_one_name_are_told_by_their_letters() {
    let error = find(&head(&[&["编号", "名称", "名 称*"]]), &table(), &HeaderWish::default()).expect_err("two");
    assert!(error.zh.contains("B 列") && error.zh.contains("C 列"), "{}", error.zh);
}

#[test]
fn two_columns_of_equal_rank_are_told_by_their_letters() {
    for header in [&["编号", "名称", "电话", "联系电话"], &["编号", "名称", "手机号(公司)", "手机号(家)"]]
    {
        let error = find(&head(&[header]), &table(), &HeaderWish::default()).expect_err("two");
        assert!(error.zh.contains("C 列") && error.zh.contains("D 列"), "{}", error.zh);
    }
    let (_, _, columns) = found(&[&["编号", "名称", "电话", "手机号"]]);
    assert_eq!(columns, ["A=no", "B=name", "D=phone"], "the label goes before an alias");
}

#[test]
fn a_row_that_the_user_named_may_be_either_of_two() {
    let rows = head(&[&["编号", "名称", "联系者", ""], &["", "", "姓名", "电话"]]);
    for row in [1, 2] {
        let wish = HeaderWish { row: Some(row), columns: Vec::new() };
        let header = find(&rows, &table(), &wish).expect("a header");
        assert_eq!((header.first, header.row), (0, 1));
    }
}
