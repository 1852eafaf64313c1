//! What a comparison could not tell, in words: for reports and for `history changes`.
//!
//! Apart because it is the only part of the comparison that speaks. It names fields and files, never a value.

use super::{ColumnChange, Difference, FieldChanges, Untold};
use crate::dataset::epochs;
use crate::dictionary::Table;
use crate::text;
use crate::text::Text;

/// That a table has nothing that tells its records.
pub fn no_key(table: &Table) -> Text {
    let Text { zh, en } = named(table);
    match &table.key {
        Some(key) => {
            let (label, label_en) =
                table.field(key).map_or((key.as_str(), key.as_str()), |key| (&key.label, &key.label_en));
            text!(
                "“{zh}”缺少“{label}”列，无法逐条比较",
                "{en} lacks the column {label_en}, so its records cannot be compared"
            )
        }
        None => text!(
            "“{zh}”没有主键，也没有 identity，无法逐条比较（在数据字典里写 key 或 identity）",
            "{en} has neither key nor identity, so its records cannot be compared (write one into the dictionary)"
        ),
    }
}

fn named(table: &Table) -> Text {
    Text { zh: table.label.clone(), en: table.label_en.clone() }
}

impl Difference {
    /// What could not be told, each with its counts.
    pub fn remarks(&self, table: &Table) -> Vec<Text> {
        let mut remarks: Vec<Text> = self.unavailable.iter().cloned().collect();
        let Text { zh, en } = named(table);
        let [before, after] = self.untold;
        let without = (before.without_key, after.without_key);
        if without != (0, 0) {
            let (then, now) = without;
            remarks.push(text!(
                "“{zh}”没有主键值的记录不比较：上次 {then} 条，本次 {now} 条",
                "{en}: records without a key are not compared, {then} then and {now} now"
            ));
        }
        if before.shared_keys + after.shared_keys > 0 {
            let Untold { shared_keys: then, sharing: then_records, .. } = before;
            let Untold { shared_keys: now, sharing: now_records, .. } = after;
            remarks.push(text!(
                "“{zh}”主键重复的记录分不清，不比较：上次 {then} 个主键 {then_records} 条，本次 {now} 个主键 {now_records} 条",
                "{en}: records that share a key are not compared, {then} keys of {then_records} records then, {now} of \
                 {now_records} now"
            ));
        }
        remarks.extend(self.columns.iter().map(|column| column_remark(column, table)));
        let moved = self.fields.iter().filter(|field| field.epochs >= epochs::ENOUGH);
        remarks.extend(moved.map(|field| epochs_remark(field, table)));
        remarks
    }
}

/// Days that moved by four years and one.
fn epochs_remark(changes: &FieldChanges, table: &Table) -> Text {
    let Text { zh, en } = named(table);
    let name = changes.field.as_str();
    let (label, label_en) = table.field(name).map_or((name, name), |field| (&field.label, &field.label_en));
    let (cells, days) = (changes.epochs, epochs::APART);
    text!(
        "“{zh}”的“{label}”有 {cells} 格与上次正好相差 {days} 天，疑似在 1900 与 1904 日期系统的工作簿之间粘贴过，请对照原件",
        "{en}: {cells} cells of {label_en} are exactly {days} days from what they were: pasted between workbooks of the 1900 and \
         1904 date systems? compare with the originals"
    )
}

fn column_remark(column: &ColumnChange, table: &Table) -> Text {
    let Text { zh, en } = named(table);
    let name = column.field.as_str();
    let (label, label_en) = table.field(name).map_or((name, name), |field| (&field.label, &field.label_en));
    let place = format!("{} {}", column.file, column.sheet);
    let (place, records) = (place.trim(), column.records);
    if column.is_new {
        text!(
            "“{zh}”新增“{label}”列（{place}）：{records} 条记录的这一列不逐格比较",
            "{en} has a new column {label_en} ({place}): the cells of {records} records are not compared"
        )
    } else {
        text!(
            "“{zh}”少了“{label}”列（{place}）：{records} 条记录的这一列不逐格比较",
            "{en} has lost the column {label_en} ({place}): the cells of {records} records are not compared"
        )
    }
}
