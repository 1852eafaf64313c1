//! Rows read = rows checked + rows skipped with reasons, over sheets of chance mess in which each row's fate is known.
//!
//! Apart from `sources`, because it is a property: titles, blank rows, totals, signatures, headers again, hidden rows and
//! merged titles are strewn by dice. HEDUI_SEED=n throws others.

use std::collections::BTreeMap;

use rust_xlsxwriter::Workbook;
use serde_json::Value;

use crate::configuration::{MAIL_AS_FILES, configuration_of};
use crate::workplace::{AS_OF, Workplace};

const HEADER: [&str; 6] = ["档案编号", "客户名称", "联系人", "联系电话", "负责部门", "备注"];
/// Sheets of either kind.
const SHEETS: usize = 30;

/// Dice that fall the same way for a seed.
struct Dice(u64);

impl Dice {
    fn below(&mut self, sides: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).expect("a number") % sides
    }

    fn one_of<'w>(&mut self, words: &[&'w str]) -> &'w str {
        words[self.below(words.len())]
    }
}

/// A sheet: its rows, the row of its header counted from 0, and why rows below are skipped (spreadsheet row → reason).
struct Mess {
    rows: Vec<Vec<String>>,
    header: usize,
    skipped: BTreeMap<u32, &'static str>,
    hidden: Vec<u32>,
}

fn row(cells: [&str; 6]) -> Vec<String> {
    cells.map(str::to_owned).to_vec()
}

fn mess(dice: &mut Dice, sheet: usize) -> Mess {
    let mut rows = Vec::new();
    for title in 0..dice.below(4) {
        rows.push(row([dice.one_of(&["客户档案", "", "截至2026年11月22日", "单位：万元"]), "", "", "", "", ""]));
        let _ = title;
    }
    let header = rows.len();
    rows.push(row(HEADER));
    let (mut skipped, mut hidden) = (BTreeMap::new(), Vec::new());
    let below = dice.below(40) + 3;
    for number in 0..below {
        let (cells, reason) = match dice.below(12) {
            0 => (row([dice.one_of(&["", " ", "\u{3000}"]), "", "", "", "", ""]), Some("blank")),
            1 => (
                row(["", dice.one_of(&["合计", "小计", "总计"]), "", "", "", dice.one_of(&["", "12", "3,400.50"])]),
                Some("total"),
            ),
            2 => (row(["合计", "", "", "", "", "12"]), Some("total")),
            3 => (row(HEADER), Some("repeated_header")),
            4 => (row(["", dice.one_of(&["制表人：王五", "审核人:李四"]), "", "", "", ""]), Some("note")),
            5 => (row(["", "合计商贸", "李四", "13800138000", "华东销售部", ""]), None),
            6 => (row([&format!("K{sheet}-{number}"), "合计", "", "", "", "备注"]), None),
            _ => {
                let key = format!("K{sheet}-{number}");
                let remark = dice.one_of(&["", "合计", "备注", "档案编号", "注：年底前续签", "a,b", "说\"好\""]);
                (row([&key, "甲\"乙,公司", "张三", "13800138000", "华南销售部", remark]), None)
            }
        };
        let place = u32::try_from(rows.len() + 1).expect("a row");
        if let Some(reason) = reason {
            skipped.insert(place, reason);
        }
        if dice.below(9) == 0 {
            hidden.push(place - 1);
        }
        rows.push(cells);
    }
    // The last row is a record: what is blank below the last filled one, a sheet does not tell.
    rows.push(row([&format!("K{sheet}-end"), "末行公司", "赵六", "13800138000", "华南销售部", ""]));
    Mess { rows, header, skipped, hidden }
}

fn csv(mess: &Mess, dice: &mut Dice) -> Vec<u8> {
    let mut writer = csv::WriterBuilder::new().flexible(true).from_writer(Vec::new());
    for row in &mess.rows {
        let blank = row.iter().all(String::is_empty);
        if blank && dice.below(2) == 0 {
            // a line with nothing in it, not even commas
            let mut bytes = writer.into_inner().expect("bytes");
            bytes.extend(b"\n");
            writer = csv::WriterBuilder::new().flexible(true).from_writer(bytes);
        } else {
            writer.write_record(row).expect("a record");
        }
    }
    writer.into_inner().expect("bytes")
}

fn xlsx(mess: &Mess) -> Vec<u8> {
    let mut book = Workbook::new();
    let sheet = book.add_worksheet();
    for (place, row) in (0..).zip(&mess.rows) {
        for (column, cell) in (0..).zip(row).filter(|(_, cell)| !cell.is_empty()) {
            sheet.write_string(place, column, cell).expect("a cell");
        }
    }
    for place in 0..u32::try_from(mess.header).expect("a row") {
        let title = mess.rows[place as usize][0].clone();
        sheet.merge_range(place, 0, place, 5, &title, &rust_xlsxwriter::Format::new()).expect("a title");
    }
    for place in &mess.hidden {
        sheet.set_row_hidden(*place).expect("a row");
    }
    book.save_to_buffer().expect("a workbook")
}

fn seed() -> u64 {
    std::env::var("HEDUI_SEED").ok().and_then(|seed| seed.parse().ok()).unwrap_or(20_261_122)
}

#[test]
fn every_row_is_checked_or_skipped_for_its_own_reason() {
    println!("HEDUI_SEED={}", seed());
    let mut dice = Dice(seed());
    let workplace = Workplace::new("");
    let mut sources = String::new();
    let mut messes = BTreeMap::new();
    for number in 0..SHEETS * 2 {
        let mess = mess(&mut dice, number);
        let (file, bytes) = match number % 2 {
            0 => (format!("data/{number:02}.csv"), csv(&mess, &mut dice)),
            _ => (format!("data/{number:02}.xlsx"), xlsx(&mess)),
        };
        workplace.write(&file, bytes);
        sources += &format!("[[source]]\ntable = \"customers\"\npath = \"{file}\"\n");
        messes.insert(file, mess);
    }
    workplace.write("hedui.toml", configuration_of(&sources, MAIL_AS_FILES));
    workplace.as_of(AS_OF, &["check", "--rule", "phone-format", "--load-notes", "notes.json"]);
    let notes: Value = serde_json::from_str(&workplace.read("notes.json")).expect("JSON");
    let notes = notes["sources"].as_array().expect("an array");
    assert_eq!(notes.len(), messes.len());
    for note in notes {
        let file = note["file"].as_str().expect("a file");
        let mess = &messes[file];
        assert_eq!(note["error"], Value::Null, "{file}: {note}");
        let count = |key: &str| note[key].as_u64().expect("a number");
        let (read, checked, skipped) = (count("rows_read"), count("rows_checked"), count("rows_skipped"));
        assert_eq!(read, checked + skipped, "{file}");
        assert_eq!(count("header_row"), mess.header as u64 + 1, "{file}");
        assert_eq!(read, (mess.rows.len() - mess.header - 1) as u64, "{file}");
        let told: BTreeMap<u32, String> = note["skipped"]
            .as_array()
            .expect("an array")
            .iter()
            .map(|skipped| {
                let row = u32::try_from(skipped["row"].as_u64().expect("a row")).expect("a row");
                (row, skipped["reason"].as_str().expect("a reason").to_owned())
            })
            .collect();
        assert_eq!(told.len() as u64, skipped, "{file}: a row is skipped once");
        let wanted: BTreeMap<u32, String> =
            mess.skipped.iter().map(|(row, reason)| (*row, (*reason).to_owned())).collect();
        assert_eq!(told, wanted, "{file}");
    }
}
