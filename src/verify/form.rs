//! The verification list as a workbook: 核对表, its instructions, and the list sheet behind the drop-downs.
//!
//! Apart because what people get and what comes back must be the same sheet. Text is always written as text; nothing is
//! a formula. What the program wrote is locked, without a password: it is a fence, not a wall.

use chrono::NaiveDate;
use rust_xlsxwriter::{
    ConditionalFormatFormula, DataValidation, DataValidationErrorStyle, DataValidationRule, ExcelDateTime, Format,
    Formula, ProtectionOptions, Worksheet,
};

use super::instructions;
use super::look::{self, Look};
use super::round::{Batch, Field, Issued};
use super::words::{Answered, Words};
use super::{WriteError, token};
use crate::text::Language;

/// What a list is made of.
pub struct Form<'a> {
    /// The company.
    pub company: &'a str,
    /// The language.
    pub language: Language,
    /// The words of that language.
    pub words: &'a Words,
    /// Whose list, of what period, until when.
    pub batch: &'a Batch,
    /// The period as people say it.
    pub period: &'a str,
    /// The days that a verification may have.
    pub days: (NaiveDate, NaiveDate),
    /// The headers of code and name.
    pub identity: (&'a str, &'a str),
    /// Columns that are shown beside them.
    pub shown: &'a [Field],
    /// Columns that are asked about.
    pub asked: &'a [Field],
    /// The rows.
    pub rows: &'a [Issued],
    /// What was left out, in sentences.
    pub left_out: &'a [String],
    /// Whom to ask.
    pub contact: &'a str,
}

/// Names of the lists behind the drop-downs, in the order of their columns.
const RESULTS: &str = "hedui_results";
const CHANGED: &str = "hedui_fields";
const METHODS: &str = "hedui_methods";

/// Keys of the words for how something was verified.
const METHOD_WORDS: [&str; 5] = ["by_phone", "by_mail", "by_wechat", "by_visit", "by_letter"];

/// The widest column, in digits of the standard font: longer texts run on in a second line.
const WIDEST: f64 = 20.0;

/// The first row of the table, counted from 0.
const HEADER_ROW: u32 = 3;

/// Writes the workbook.
///
/// # Errors
/// Where it cannot be written.
pub fn write(form: &Form<'_>) -> Result<Vec<u8>, WriteError> {
    let look = Look::new(form.language);
    let title = title(form);
    let mut workbook = look::workbook(&look, &title, form.company, form.batch.issued_on)?;
    let sheet = workbook.add_worksheet();
    sheet.set_name(form.words.get("sheet"))?;
    table(sheet, form, &look, &title)?;
    let sheet = workbook.add_worksheet();
    sheet.set_name(form.words.get("instructions"))?;
    instructions::write(sheet, form, &look)?;
    let sheet = workbook.add_worksheet();
    sheet.set_name(form.words.get("lists"))?;
    let lists = lists(sheet, form, &look)?;
    for (name, range) in lists {
        workbook.define_name(name, &range)?;
    }
    workbook.save_to_buffer()
}

/// The title with the deadline.
fn title(form: &Form<'_>) -> String {
    let whose = match &form.batch.owner {
        Some(owner) => format!("{} {owner}", form.batch.department),
        None => form.batch.department.clone(),
    };
    form.words.fill(
        "title",
        &[("period", form.period), ("department", &whose), ("deadline", &form.batch.deadline.to_string())],
    )
}

/// A column of the table.
enum Column<'a> {
    Token,
    Code,
    Name,
    Shown(&'a Field),
    Asked(&'a Field),
    Input(&'static str),
}

/// Keys of the columns that people fill in.
const INPUTS: [&str; 7] = ["result", "changed_field", "corrected", "method", "on_day", "checked_by", "remark"];

/// The width of a column that takes its header and its values, as far as there is room.
fn fitting<'v>(label: &str, values: impl Iterator<Item = &'v str>) -> f64 {
    let longest = values.map(look::width).fold(look::width(label), f64::max);
    (longest * 1.1 + 2.0).clamp(7.0, WIDEST)
}

fn columns<'a>(form: &'a Form<'a>) -> Vec<(Column<'a>, String, f64)> {
    let (code, name) = form.identity;
    let codes = form.rows.iter().map(|row| row.customer.as_str());
    let names = form.rows.iter().map(|row| row.name.as_str());
    let mut columns = vec![
        (Column::Token, form.words.get("token").to_owned(), 7.0),
        (Column::Code, code.to_owned(), fitting(code, codes)),
        (Column::Name, name.to_owned(), fitting(name, names)),
    ];
    for field in form.shown {
        let values = form.rows.iter().filter_map(|row| row.shown.get(&field.name)).map(String::as_str);
        columns.push((Column::Shown(field), field.label.clone(), fitting(&field.label, values).min(11.0)));
    }
    for field in form.asked {
        let values = form.rows.iter().filter_map(|row| row.values.get(&field.name)).map(String::as_str);
        columns.push((Column::Asked(field), field.label.clone(), fitting(&field.label, values)));
    }
    let widths = [9.0, 10.0, 20.0, 8.0, 11.0, 8.0, 12.0];
    columns.extend(
        INPUTS.into_iter().zip(widths).map(|(key, width)| (Column::Input(key), form.words.get(key).to_owned(), width)),
    );
    columns
}

/// What a cell of a column shows of a row, and whether it stands out.
fn text(column: &Column<'_>, issued: &Issued, form: &Form<'_>) -> (String, bool) {
    match column {
        Column::Token => (token::token(&form.batch.name, &issued.customer, form.company), false),
        Column::Code => (issued.customer.clone(), false),
        Column::Name => (issued.name.clone(), false),
        Column::Shown(field) => (issued.shown.get(&field.name).cloned().unwrap_or_default(), false),
        Column::Asked(field) => {
            let value = issued.values.get(&field.name).map(String::as_str).unwrap_or_default();
            shown(value, issued.damaged.contains(&field.name), form.words)
        }
        Column::Input(_) => (String::new(), false),
    }
}

fn table(sheet: &mut Worksheet, form: &Form<'_>, look: &Look, title: &str) -> Result<(), WriteError> {
    let columns = columns(form);
    sheet.write_string_with_format(0, 0, title, &look.title)?;
    sheet.set_row_height(0, 30)?;
    let batch = form.words.fill("subtitle", &[("batch", &form.batch.name), ("rows", &form.rows.len().to_string())]);
    let told = std::iter::once(batch).chain(form.left_out.iter().cloned()).collect::<Vec<_>>().join(" ");
    sheet.write_string_with_format(1, 0, told, &look.standard)?;
    let last_column = u16::try_from(columns.len() - 1).unwrap_or(0);
    sheet.merge_range(2, 0, 2, last_column, form.words.get("how"), &look.strong)?;
    for (index, (column, label, width)) in (0_u16..).zip(&columns) {
        let format = if matches!(column, Column::Input(_)) { &look.input_header } else { &look.header };
        sheet.write_string_with_format(HEADER_ROW, index, label, format)?;
        sheet.set_column_width(index, *width)?;
    }
    sheet.set_row_height(HEADER_ROW, 32)?;
    for (row, issued) in (HEADER_ROW + 1..).zip(form.rows) {
        let cells: Vec<(String, bool)> = columns.iter().map(|(column, ..)| text(column, issued, form)).collect();
        // The mark may be cut on paper: nobody reads it.
        let read: Vec<(&str, f64)> =
            cells.iter().zip(&columns).skip(1).map(|((text, _), (.., width))| (text.as_str(), *width)).collect();
        sheet.set_row_height_pixels(row, look::height(&read))?;
        for (index, ((column, ..), (text, stands_out))) in (0_u16..).zip(columns.iter().zip(&cells)) {
            let format = format(column, *stands_out, look);
            match text.is_empty() {
                true => sheet.write_blank(row, index, format)?,
                false => sheet.write_string_with_format(row, index, text, format)?,
            };
        }
    }
    let rows = u32::try_from(form.rows.len()).unwrap_or(u32::MAX);
    let last_row = HEADER_ROW + rows.max(1);
    validations(sheet, &columns, last_row, form)?;
    sheet.autofilter(HEADER_ROW, 0, last_row, last_column)?;
    sheet.set_freeze_panes(HEADER_ROW + 1, 3)?;
    sheet.set_repeat_rows(HEADER_ROW, HEADER_ROW)?;
    let signatures = last_row + 2;
    for (index, key) in [(1_u16, "sign_department"), (4, "sign_service"), (7, "sign_date")] {
        sheet.write_string_with_format(signatures, index, form.words.get(key), &look.signature)?;
    }
    let allowed = ProtectionOptions {
        sort: true,
        use_autofilter: true,
        format_cells: true,
        format_columns: true,
        format_rows: true,
        ..ProtectionOptions::default()
    };
    sheet.protect_with_options(&allowed);
    let footer = look::footer(&format!("{} {}", form.company, form.batch.name), form.words.get("pages"));
    look::paper(sheet, true, &footer);
    Ok(())
}

/// What a list shows of a value: what is missing and what is damaged says so.
fn shown(value: &str, is_damaged: bool, words: &Words) -> (String, bool) {
    match (value.is_empty(), is_damaged) {
        (true, _) => (words.get("empty").to_owned(), true),
        (false, true) => (words.fill("damaged", &[("value", value)]), true),
        (false, false) => (value.to_owned(), false),
    }
}

fn format<'l>(column: &Column<'_>, stands_out: bool, look: &'l Look) -> &'l Format {
    match column {
        Column::Token => &look.mark,
        Column::Code | Column::Name => &look.locked,
        Column::Shown(_) => &look.centred,
        Column::Asked(_) if stands_out => &look.missing,
        Column::Asked(_) => &look.locked,
        Column::Input("on_day") => &look.input_date,
        Column::Input(_) => &look.input,
    }
}

fn validations(
    sheet: &mut Worksheet,
    columns: &[(Column<'_>, String, f64)],
    last_row: u32,
    form: &Form<'_>,
) -> Result<(), WriteError> {
    let first = HEADER_ROW + 1;
    let words = form.words;
    let of_list = |name: &str| {
        DataValidation::new()
            .allow_list_formula(Formula::new(format!("={name}")))
            .set_error_title(words.get("wrong_title"))?
            .set_error_message(words.get("wrong_choice"))
    };
    let exact = |day: NaiveDate| ExcelDateTime::parse_from_str(&day.format("%Y-%m-%d").to_string());
    for (index, (column, ..)) in (0_u16..).zip(columns) {
        let validation = match column {
            Column::Input("result") => of_list(RESULTS)?,
            // Several fields at once are written by hand, so that another text is only asked about.
            Column::Input("changed_field") => of_list(CHANGED)?.set_error_style(DataValidationErrorStyle::Information),
            Column::Input("method") => of_list(METHODS)?.set_error_style(DataValidationErrorStyle::Information),
            Column::Input("on_day") => DataValidation::new()
                .allow_date(DataValidationRule::Between(exact(form.days.0)?, exact(form.days.1)?))
                .set_error_style(DataValidationErrorStyle::Warning)
                .set_error_title(words.get("wrong_title"))?
                .set_error_message(words.get("wrong_day"))?
                .set_input_message(words.get("day_hint"))?,
            _ => continue,
        };
        sheet.add_data_validation(first, index, last_row, index, &validation)?;
    }
    // A row that is done turns pale: what is left to do is seen at once.
    let result = columns.iter().position(|(column, ..)| matches!(column, Column::Input("result"))).unwrap_or(0);
    let letters = crate::dataset::raw::column_letters(result);
    let done = ConditionalFormatFormula::new()
        .set_rule(format!("=${letters}{}<>\"\"", first + 1).as_str())
        .set_format(Format::new().set_font_color(rust_xlsxwriter::Color::RGB(0x6B7780)));
    sheet.add_conditional_format(first, 1, last_row, 2, &done)?;
    Ok(())
}

/// The lists of the drop-downs, a column each, and the names that they go by.
fn lists(sheet: &mut Worksheet, form: &Form<'_>, look: &Look) -> Result<Vec<(&'static str, String)>, WriteError> {
    let words = form.words;
    let results = Answered::ALL.iter().map(|(_, key)| words.get(key).to_owned()).collect();
    let name = form.identity.1.to_owned();
    let fields: Vec<String> =
        form.asked.iter().map(|field| field.label.clone()).chain([name, words.get("other").to_owned()]).collect();
    let methods: Vec<String> = METHOD_WORDS.iter().map(|key| words.get(key).to_owned()).collect();
    let columns: [(&'static str, &str, Vec<String>); 3] =
        [(RESULTS, "result", results), (CHANGED, "changed_field", fields), (METHODS, "method", methods)];
    let mut names = Vec::new();
    for (index, (name, header, entries)) in (0_u16..).zip(columns) {
        sheet.write_string_with_format(0, index, words.get(header), &look.header)?;
        sheet.set_column_width(index, 18)?;
        for (row, entry) in (1_u32..).zip(&entries) {
            sheet.write_string_with_format(row, index, entry, &look.locked)?;
        }
        let letters = crate::dataset::raw::column_letters(usize::from(index));
        names.push((name, format!("='{}'!${letters}$2:${letters}${}", words.get("lists"), entries.len() + 1)));
    }
    sheet.protect();
    sheet.set_hidden(true);
    Ok(names)
}
