//! Whether every source can be read, and gives what its table needs.
//!
//! Apart because here alone data is read. It tells files, tables and counts, and no cell.

use super::{Patient, Remark};
use crate::exit_code::ExitCode;
use crate::model::SourceNote;
use crate::text;

pub(super) fn look(patient: &Patient) -> Option<Vec<Remark>> {
    let workplace = patient.workplace?;
    if workplace.config.sources.is_empty() {
        return Some(vec![Remark::ill(
            ExitCode::Partial,
            text!("没有数据源（[[source]]）", "there is no [[source]]"),
            text!(
                "写上客户表在哪里；hedui profile 文件 会给出可粘贴的写法",
                "say where the customers are; hedui profile FILE gives lines to paste"
            ),
        )]);
    }
    let read = patient.read()?;
    let mut remarks = Vec::new();
    for note in &read.reading.notes {
        remarks.extend(unread(note));
        remarks.extend(incomplete(note));
    }
    for (name, dataset) in read.datasets.iter().filter(|(_, dataset)| dataset.height == 0) {
        let may_be =
            dataset.table.may_be_empty || workplace.config.guard.allow_empty.iter().any(|table| table.value == *name);
        let is_read = read.reading.unread_of(name).next().is_none();
        if is_read && !may_be {
            remarks.push(Remark::doubtful(
                text!("表 {name} 没有数据行", "the table {name} has no rows"),
                text!(
                    "看文件是否导出完整；确可为空的，写入 [guard] allow_empty",
                    "see whether its file is complete; if it may be empty, say so in [guard] allow_empty"
                ),
            ));
        }
    }
    if remarks.is_empty() {
        let (files, rows): (usize, u64) =
            (read.reading.notes.len(), read.reading.notes.iter().map(|note| note.rows_read).sum());
        remarks.push(Remark::well(text!("{files} 个来源都已读到，共 {rows} 行", "{files} sources read, {rows} rows")));
    }
    Some(remarks)
}

fn unread(note: &SourceNote) -> Option<Remark> {
    let error = note.error.as_ref()?;
    let place = [note.file.as_str(), note.sheet.as_str()].join(" ");
    let (place, table) = (place.trim(), &note.table);
    Some(Remark::ill(
        ExitCode::Partial,
        text!("{table}：{place} 读不到：{error}", "{table}: {place} cannot be read: {error}"),
        text!(
            "按原因处理（路径、共享盘挂载、权限、账号），再用 hedui check --table {table} 试读",
            "mend the cause (path, mounted share, rights, account), then try hedui check --table {table}"
        ),
    ))
}

fn incomplete(note: &SourceNote) -> Option<Remark> {
    if note.error.is_some() || note.missing_columns.is_empty() {
        return None;
    }
    let (file, table) = (&note.file, &note.table);
    let fields = note.missing_columns.join(", ");
    Some(Remark::doubtful(
        text!("{file}（表 {table}）缺少列：{fields}", "{file} (table {table}) lacks columns: {fields}"),
        text!(
            "表头换了名字的，在该来源写 columns = {{ 字段 = \"表头\" }}；hedui profile {table} 会列出",
            "where a header has another name, give the source columns = {{ field = \"header\" }}; hedui profile {table} lists them"
        ),
    ))
}
