//! What `hedui init` says: what it found in the spreadsheets, and what is to do next.
//!
//! Apart because it is words only. Nothing that stands in a cell is among them but the names of departments.

use super::answers::{Answers, MOST as MOST_DEPARTMENTS};
use crate::pipeline::beginning::{Beginning, Survey};
use crate::text;
use crate::text::Text;

/// At most so many things that feed nothing are told one by one.
const MOST: usize = 20;

/// What was found.
pub fn survey(survey: &Survey, beginning: &Beginning) -> Vec<Text> {
    let language = beginning.language;
    let mut lines = Vec::new();
    for draft in &survey.drafts {
        let table = beginning.dictionary.table(&draft.table);
        let label = table.map(|table| table.label(language)).unwrap_or_default();
        let place = [draft.path.as_str(), draft.sheet.as_deref().unwrap_or_default()].join(" ");
        let (place, name) = (place.trim(), &draft.table);
        lines.push(match &draft.left_out {
            None => text!("{label}（{name}）：{place}", "{label} ({name}): {place}"),
            Some(why) => {
                text!("{label}（{name}）：{place} 读不到：{why}", "{label} ({name}): {place} cannot be read: {why}")
            }
        });
    }
    for draft in survey.drafts.iter().filter(|draft| !draft.unfed.is_empty()) {
        let (of, more) = (draft.path.as_str(), draft.unfed.len().saturating_sub(MOST));
        let shown = &draft.unfed[..draft.unfed.len() - more];
        let (zh, en) = (shown.join("、"), shown.join(", "));
        lines.push(match more {
            0 => text!("{of} 没有用到的列：{zh}", "columns of {of} that are not used: {en}"),
            _ => text!(
                "{of} 没有用到的列：{zh}，还有 {more} 列",
                "columns of {of} that are not used: {en}, and {more} more"
            ),
        });
    }
    for (place, why) in survey.unused.iter().take(MOST) {
        let (zh, en) = (&why.zh, &why.en);
        lines.push(text!("没有用到：{place}（{zh}）", "not used: {place} ({en})"));
    }
    if survey.unused.len() > MOST {
        let more = survey.unused.len() - MOST;
        lines.push(text!(
            "没有用到的还有 {more} 个，见 hedui profile",
            "and {more} more that are not used, see hedui profile"
        ));
    }
    if let Some((_, rows)) = survey.rows.iter().find(|(table, _)| *table == beginning.dictionary.customers.table) {
        let named: Vec<String> = survey
            .departments
            .iter()
            .filter(|(name, _)| !name.is_empty())
            .map(|(name, rows)| format!("{name} {rows}"))
            .collect();
        let list = named.join(", ");
        lines.push(match named.is_empty() {
            true => text!(
                "客户 {rows} 个，看不出负责部门：哪一列是，在 [source.columns] 写 department = \"列名\"；不写，问题都归备用部门",
                "{rows} customers, and no column with their department: write department = \"HEADER\" into [source.columns]; \
                 without, all findings go to the fallback department"
            ),
            false => text!("客户 {rows} 个：{list}", "{rows} customers: {list}"),
        });
    } else {
        lines.push(text!(
            "没有找到客户表：用 hedui profile 文件 --table customers 看看哪些列对得上",
            "no table of customers was found: hedui profile FILE --table customers tells which columns fit"
        ));
    }
    for (table, fields) in &survey.absent {
        let table = beginning.dictionary.table(table);
        let label = table.map(|table| table.label(language)).unwrap_or_default();
        let fields: Vec<&str> = fields.iter().filter_map(|field| Some(table?.field(field)?.label(language))).collect();
        let (zh, en) = (fields.join("、"), fields.join(", "));
        lines.push(text!(
            "{label}没有这些列，相关规则不适用：{zh}",
            "{label} has no such columns, rules on them do not apply: {en}"
        ));
    }
    lines
}

/// What is to do next, in order.
pub fn next(survey: &Survey, answers: &Answers, file: &str) -> Vec<Text> {
    let without = answers.entries(survey).iter().filter(|entry| entry.to.is_empty() || entry.is_sample).count();
    let mut lines = vec![
        text!("已写好 {file}。接下来：", "{file} is written. Next:"),
        text!(
            "  1. 看一遍 {file}，尤其是“请核对”和“可能是”的行",
            "  1. look through {file}, above all at lines that say \"please check\" or \"perhaps\""
        ),
        text!(
            "  2. hedui --config {file} check        试查，不留记录",
            "  2. hedui --config {file} check        tries it out and keeps nothing"
        ),
        text!(
            "  3. hedui --config {file} run weekly   写出各部门的工作簿；邮件只存成文件，不发出",
            "  3. hedui --config {file} run weekly   writes each department's workbook; mails become files and are not sent"
        ),
        text!(
            "  4. hedui --config {file} doctor       发第一封邮件之前还要做什么",
            "  4. hedui --config {file} doctor       says what is left before the first real mail"
        ),
    ];
    let departments = survey.departments.len();
    if departments > MOST_DEPARTMENTS {
        lines.push(text!(
            "数据里有 {departments} 个部门，只写了客户最多的 {MOST_DEPARTMENTS} 个：请看部门是不是取错了列",
            "the data name {departments} departments, entries were written for the {MOST_DEPARTMENTS} with most customers: see \
             whether the right column was taken"
        ));
    }
    if without > 0 {
        lines.push(text!("还没有真实地址的部门：{without} 个", "departments without a real address: {without}"));
    }
    lines
}
