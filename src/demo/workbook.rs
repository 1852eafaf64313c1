//! Writes the company as workbooks: the customers as a department keeps them, with title rows, totals, a signature and
//! blank rows; the other tables plainly; and one department's customers as a CSV file of its own.
//!
//! Apart from the text files because of sheets, cell types and the limit on rows. Rows leave memory as they are
//! written. It knows of the columns only which holds the department and which is added up.

use std::path::{Path, PathBuf};

use chrono::{Datelike, NaiveDate, NaiveTime};
use rust_xlsxwriter::{DocProperties, Format, FormatAlign, Workbook, Worksheet, XlsxError};

use super::tables::{Cell, Sink, Table, at};
use super::text_files::{Dialect, TextFile};
use super::{Company, DemoError, people};

/// The file of the department that has a system of its own.
pub(super) const SOUTH_FILE: &str = "客户_华南销售部.csv";
const CARDS: &str = "客户档案";
const RECORDS: &str = "业务记录";
/// Rows of a table in one workbook; a sheet ends at 1,048,576.
const PART: u32 = 1_000_000;
/// A blank row stands after this many customers, and then after every so many.
const BLANKS: (u32, u32) = (20, 700);

const HELP: [&str; 7] = [
    "填写说明",
    "一、本表由各部门按月填报，客户服务部汇总，每周一上午提交。",
    "二、一户一行，不得合并单元格；没有的内容请留空，不要填写其他文字。",
    "三、证照号码请按营业执照填写，长号码请先将单元格设为文本。",
    "四、日期请填到日，金额以万元为单位，只填数字。",
    "五、等级为重要的客户应至少登记两名联系人，并写明合作情况。",
    "六、疑问请联系客户服务部。",
];

/// Where the next row of a table goes.
#[derive(Clone, Copy, Default)]
struct Cursor {
    part: usize,
    row: u32,
    rows: u32,
}

struct Formats {
    day: Format,
    minute: Format,
    head: Format,
    title: Format,
}

/// The workbooks being filled.
pub(super) struct Workbooks {
    data: PathBuf,
    as_of: NaiveDate,
    author: String,
    formats: Formats,
    cards: Vec<Workbook>,
    records: Vec<Workbook>,
    south: TextFile,
    cursors: [Cursor; 6],
    part: u32,
    /// Registered capital of the open part and of all, in hundredths.
    capital: (i64, i64),
}

impl Workbooks {
    pub(super) fn create(data: &Path, as_of: NaiveDate, author: String) -> Result<Self, DemoError> {
        for stem in [CARDS, RECORDS] {
            let parts = (2..).map(|part| data.join(file_name(stem, part))).take_while(|path| path.exists());
            for path in parts {
                std::fs::remove_file(&path).map_err(|source| DemoError::File { path, source })?;
            }
        }
        let south = TextFile::create(data.join(SOUTH_FILE), Table::Customers, Dialect::Gb18030)?;
        let formats = Formats {
            day: Format::new().set_num_format("yyyy-mm-dd"),
            minute: Format::new().set_num_format("yyyy-mm-dd hh:mm"),
            head: Format::new().set_bold(),
            title: Format::new().set_bold().set_font_size(16).set_align(FormatAlign::Center),
        };
        let data = data.to_owned();
        let (cards, records, cursors) = (Vec::new(), Vec::new(), Default::default());
        let mut books =
            Self { data, as_of, author, formats, cards, records, south, cursors, part: PART, capital: (0, 0) };
        books.written(Self::new_cards)?;
        books.written(Self::new_records)?;
        Ok(books)
    }

    /// Fewer rows a workbook, so that a small company fills several.
    #[cfg(test)]
    pub(super) fn split_after(mut self, rows: u32) -> Self {
        self.part = rows;
        self
    }

    fn written<T>(&mut self, step: impl FnOnce(&mut Self) -> Result<T, XlsxError>) -> Result<T, DemoError> {
        step(self).map_err(|source| DemoError::Workbook { path: self.data.clone(), source })
    }

    fn new_workbook(&self) -> Result<Workbook, XlsxError> {
        let mut book = Workbook::new();
        book.set_tempdir(&self.data)?;
        let made = self.as_of.and_time(NaiveTime::MIN).and_utc();
        book.set_properties(&DocProperties::new().set_author(&self.author).set_creation_datetime(&made));
        Ok(book)
    }

    /// Begins the next workbook of customers.
    fn new_cards(&mut self) -> Result<(), XlsxError> {
        let mut book = self.new_workbook()?;
        let sheet = book.add_worksheet_with_constant_memory()?.set_name(Table::Customers.label())?;
        let columns = Table::Customers.columns();
        for column in 0..columns.len() as u16 {
            sheet.set_column_width(column, if [1, 3, 8, 14].contains(&column) { 28 } else { 14 })?;
        }
        let last = columns.len() as u16 - 1;
        sheet.merge_range(0, 0, 0, last, "华联进出口有限公司客户信息统计表", &self.formats.title)?;
        let (year, month, day) = (self.as_of.year(), self.as_of.month(), self.as_of.day());
        sheet.write_string(1, 0, "填报单位：客户服务部")?;
        sheet.write_string(1, 5, format!("日期：{year}年{month}月{day}日"))?;
        header(sheet, 3, Table::Customers, &self.formats.head)?;
        let help = book.add_worksheet_with_constant_memory()?.set_name("填写说明")?;
        for (row, line) in (0..).zip(HELP) {
            help.write_string(row, 0, line)?;
        }
        self.cards.push(book);
        Ok(())
    }

    /// Begins the next workbook of the other tables.
    fn new_records(&mut self) -> Result<(), XlsxError> {
        let mut book = self.new_workbook()?;
        for table in &Table::ALL[1..] {
            let sheet = book.add_worksheet_with_constant_memory()?.set_name(table.label())?;
            for column in 0..table.columns().len() as u16 {
                sheet.set_column_width(column, 18)?;
            }
            header(sheet, 0, *table, &self.formats.head)?;
        }
        self.records.push(book);
        Ok(())
    }

    fn card(&mut self, row: &[Cell]) -> Result<(), XlsxError> {
        let mut cursor = self.cursors[0];
        if cursor.rows == self.part {
            self.totals(cursor, false)?;
            cursor = Cursor { part: cursor.part + 1, ..Cursor::default() };
            self.new_cards()?;
        }
        if cursor.rows >= BLANKS.0 && (cursor.rows - BLANKS.0).is_multiple_of(BLANKS.1) {
            cursor.row += 1;
        }
        if let Cell::Amount(hundredths) = row[at::CAPITAL] {
            self.capital = (self.capital.0 + hundredths, self.capital.1 + hundredths);
        }
        let sheet = self.cards[cursor.part].worksheet_from_index(0)?;
        write_row(sheet, cursor.row + 4, row, &self.formats)?;
        self.cursors[0] = Cursor { row: cursor.row + 1, rows: cursor.rows + 1, ..cursor };
        Ok(())
    }

    /// The rows below the customers: a total, and at the very end who signed.
    fn totals(&mut self, cursor: Cursor, end: bool) -> Result<(), XlsxError> {
        let row = cursor.row + 4;
        let sheet = self.cards[cursor.part].worksheet_from_index(0)?;
        sheet.write_string(row, at::NAME as u16, "小计")?;
        sheet.write_number(row, at::CAPITAL as u16, self.capital.0 as f64 / 100.0)?;
        if end {
            sheet.write_string(row + 1, at::NAME as u16, "合计")?;
            sheet.write_number(row + 1, at::CAPITAL as u16, self.capital.1 as f64 / 100.0)?;
            sheet.write_string(row + 2, at::NAME as u16, format!("制表人：{}", self.author))?;
        }
        self.capital.0 = 0;
        Ok(())
    }

    fn record(&mut self, table: Table, row: &[Cell]) -> Result<(), XlsxError> {
        let mut cursor = self.cursors[table as usize];
        if cursor.rows == self.part {
            cursor = Cursor { part: cursor.part + 1, ..Cursor::default() };
            if cursor.part == self.records.len() {
                self.new_records()?;
            }
        }
        let sheet = self.records[cursor.part].worksheet_from_index(table as usize - 1)?;
        write_row(sheet, cursor.row + 1, row, &self.formats)?;
        self.cursors[table as usize] = Cursor { row: cursor.row + 1, rows: cursor.rows + 1, ..cursor };
        Ok(())
    }
}

impl Sink for Workbooks {
    fn row(&mut self, table: Table, row: &[Cell]) -> Result<(), DemoError> {
        if table != Table::Customers {
            self.written(|books| books.record(table, row))
        } else if row[at::DEPARTMENT].as_text() == Company::departments()[people::SOUTH].0 {
            self.south.row(row)
        } else {
            self.written(|books| books.card(row))
        }
    }

    fn finish(mut self) -> Result<(), DemoError> {
        self.written(|books| books.totals(books.cursors[0], true))?;
        for (stem, books) in [(CARDS, &mut self.cards), (RECORDS, &mut self.records)] {
            for (part, book) in (1..).zip(books) {
                let path = self.data.join(file_name(stem, part));
                book.save(&path).map_err(|source| DemoError::Workbook { path, source })?;
            }
        }
        self.south.finish()
    }
}

fn file_name(stem: &str, part: usize) -> String {
    if part == 1 { format!("{stem}.xlsx") } else { format!("{stem}_{part}.xlsx") }
}

fn header(sheet: &mut Worksheet, row: u32, table: Table, format: &Format) -> Result<(), XlsxError> {
    for (column, (_, label)) in (0..).zip(table.columns()) {
        sheet.write_string_with_format(row, column, *label, format)?;
    }
    Ok(())
}

fn write_row(sheet: &mut Worksheet, row: u32, cells: &[Cell], formats: &Formats) -> Result<(), XlsxError> {
    for (column, cell) in (0..).zip(cells) {
        match cell {
            Cell::Empty => continue,
            Cell::Text(text) => sheet.write_string(row, column, text.as_ref())?,
            Cell::Day(day) => sheet.write_date_with_format(row, column, day, &formats.day)?,
            Cell::Minute(at) => sheet.write_datetime_with_format(row, column, at, &formats.minute)?,
            Cell::Amount(hundredths) => sheet.write_number(row, column, *hundredths as f64 / 100.0)?,
            Cell::Number(number) | Cell::Damaged(number) => sheet.write_number(row, column, *number as f64)?,
        };
    }
    Ok(())
}
