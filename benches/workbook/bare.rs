//! The bare loop: the cells of the department's work list written one after another, and nothing else.
//!
//! Apart because it is what hedui is measured against. The columns are those of `department-weekly/report.toml`.

use hedui::model::{Finding, Severity, Status};
use rust_xlsxwriter::{Color, Format, FormatAlign, FormatBorder, Workbook, XlsxError};

use super::run::{AS_OF, rule};

/// Writes the findings in one sheet in constant memory.
pub fn write(findings: &[Finding<'_>]) -> Result<Vec<u8>, XlsxError> {
    let base = Format::new().set_font_name("微软雅黑").set_font_size(10).set_font_color(Color::RGB(0x1F2933));
    let boxed = base.set_align(FormatAlign::Top).set_border(FormatBorder::Thin).set_border_color(Color::RGB(0xBFC7CE));
    let text = boxed.clone().set_text_wrap();
    let word = text.clone().set_align(FormatAlign::Center);
    let number = boxed.clone().set_align(FormatAlign::Right);
    let count = number.clone().set_num_format("#,##0_ ");
    let row_number = number.set_num_format("0_ ");
    let date = boxed.set_align(FormatAlign::Center).set_num_format("yyyy-mm-dd");
    let mut workbook = Workbook::new();
    let sheet = workbook.add_worksheet_with_constant_memory()?;
    for (row, finding) in (2u32..).zip(findings) {
        let (title, advice) = rule(finding.rule_id);
        let status = if finding.status == Status::New { "新增" } else { "仍未解决" };
        let severity = match finding.severity {
            Severity::Error => "错误",
            Severity::Warning => "警告",
            Severity::Info => "提示",
        };
        sheet.write_string_with_format(row, 0, status, &word)?;
        sheet.write_string_with_format(row, 1, severity, &word)?;
        sheet.write_string_with_format(row, 2, finding.record_key, &text)?;
        sheet.write_string_with_format(row, 3, finding.customer, &text)?;
        sheet.write_string_with_format(row, 4, finding.field, &text)?;
        sheet.write_string_with_format(row, 5, finding.value, &text)?;
        sheet.write_string_with_format(row, 6, finding.message.as_ref(), &text)?;
        sheet.write_string_with_format(row, 7, advice, &text)?;
        sheet.write_string_with_format(row, 8, finding.clause, &text)?;
        sheet.write_string_with_format(row, 9, title, &text)?;
        sheet.write_string_with_format(row, 10, finding.owner, &text)?;
        sheet.write_datetime_with_format(row, 11, finding.first_seen, &date)?;
        let days = (AS_OF - finding.first_seen).num_days();
        sheet.write_number_with_format(row, 12, days as f64, &count)?;
        sheet.write_string_with_format(row, 13, finding.file, &text)?;
        sheet.write_string_with_format(row, 14, finding.sheet, &text)?;
        sheet.write_number_with_format(row, 15, f64::from(finding.row), &row_number)?;
        sheet.write_string_with_format(row, 16, finding.column, &word)?;
    }
    workbook.save_to_buffer()
}
