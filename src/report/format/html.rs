//! Blocks as HTML for mails: tables with inline styles, as Outlook and telephones show them alike.
//!
//! Apart because it is a format among others. No classes, no pictures, no scripts; a bar is a coloured cell that
//! is blank at worst.

use minijinja::HtmlEscape;

use super::super::blocks::{Block, Chart, KeyFigures, Kind, Mark, Table, Value};
use super::super::look::Look;
use super::super::strings::Strings;
use super::text::shown;

const FONT: &str = "font-family:'Microsoft YaHei','PingFang SC','WenQuanYi Micro Hei',Arial,sans-serif;font-size:14px;line-height:1.5;color:#1f2933;";
const CELL: &str = "padding:5px 6px;border-bottom:1px solid #dfe4e8;";

/// Writes blocks.
pub fn write(blocks: &[Block<'_>], strings: &Strings, look: &Look) -> String {
    let mut html = String::new();
    let paint = Paint { header: look.main.paler(85).css(), bar: look.main.paler(25).css() };
    for block in blocks {
        match block {
            Block::Title(words) => paragraph(&mut html, words, "font-size:18px;font-weight:bold;margin:0 0 8px 0;"),
            Block::Heading(words) => paragraph(&mut html, words, "font-weight:bold;margin:14px 0 4px 0;"),
            Block::Paragraph(words) => paragraph(&mut html, words, "margin:0 0 6px 0;"),
            Block::Note(words) => paragraph(&mut html, words, "margin:4px 0 6px 0;font-size:12px;color:#6b7780;"),
            Block::List(items, mark) => {
                let weight = if *mark == Mark::Plain { "normal" } else { "bold" };
                for item in items {
                    let item = strings.fill("list.item", &[("item", item)]);
                    paragraph(&mut html, &item, &format!("margin:0 0 4px 0;font-weight:{weight};"));
                }
            }
            Block::KeyFigures(key) => key_figures(&mut html, key),
            Block::Table(rows) => table(&mut html, rows, None, &paint),
            Block::Chart(chart) => table(&mut html, &chart.table, bars(chart), &paint),
            Block::Card(card) => {
                paragraph(&mut html, &card.title, "font-weight:bold;margin:14px 0 4px 0;");
                for (label, cell) in &card.fields {
                    let line = strings.fill("list.named", &[("name", label), ("value", &shown(&cell.value))]);
                    paragraph(&mut html, &line, "margin:0 0 2px 0;");
                }
                for (title, rows) in &card.lists {
                    paragraph(&mut html, title, "font-weight:bold;margin:8px 0 4px 0;");
                    table(&mut html, rows, None, &paint);
                }
            }
            // Nobody signs a mail, and its places lead nowhere.
            Block::Signatures(_) | Block::Links(_) => {}
        }
    }
    html
}

/// The colours of tables.
struct Paint {
    header: String,
    bar: String,
}

/// Which column is drawn as bars, and what a full bar stands for.
fn bars(chart: &Chart<'_>) -> Option<(usize, u64)> {
    let column = *chart.series.first()?;
    let most = chart.table.rows.first(chart.table.rows.len()).filter_map(|row| count(&row.get(column)?.value)).max()?;
    (most > 0).then_some((column, most))
}

fn count(value: &Value<'_>) -> Option<u64> {
    match value {
        Value::Count(count) => Some(*count),
        _ => None,
    }
}

fn paragraph(html: &mut String, words: &str, style: &str) {
    html.push_str(&format!("<p style=\"{FONT}{style}\">{}</p>\n", escaped(words)));
}

fn key_figures(html: &mut String, key: &KeyFigures) {
    html.push_str(
        "<table role=\"presentation\" width=\"100%\" cellpadding=\"0\" cellspacing=\"0\" border=\"0\"><tr>\n",
    );
    for (name, figure) in &key.figures {
        html.push_str(&format!(
            "<td align=\"center\" bgcolor=\"#f3f6f9\" style=\"{FONT}padding:6px 4px;border:1px solid #ffffff;\">\
             <b style=\"font-size:20px;\">{figure}</b><br>{}</td>\n",
            escaped(name)
        ));
    }
    html.push_str("</tr></table>\n");
}

fn table(html: &mut String, table: &Table<'_>, bars: Option<(usize, u64)>, paint: &Paint) {
    let Paint { header, bar: colour } = paint;
    if table.rows.is_empty() {
        return paragraph(html, &table.empty, "margin:0 0 6px 0;");
    }
    html.push_str("<table width=\"100%\" cellpadding=\"0\" cellspacing=\"0\" border=\"0\" style=\"border-collapse:collapse;\">\n<tr>");
    for (place, column) in table.columns.iter().enumerate() {
        let align = align(column.kind);
        html.push_str(&format!(
            "<th align=\"{align}\" bgcolor=\"{header}\" style=\"{FONT}{CELL}text-align:{align};font-weight:bold;white-space:nowrap;\">{}</th>",
            escaped(&column.title)
        ));
        if bars.is_some_and(|(drawn, _)| drawn == place) {
            html.push_str(&format!("<th width=\"22%\" bgcolor=\"{header}\" style=\"{FONT}{CELL}\">&nbsp;</th>"));
        }
    }
    html.push_str("</tr>\n");
    for row in table.rows.first(table.rows.len()) {
        html.push_str("<tr>");
        for (place, (column, cell)) in table.columns.iter().zip(&row).enumerate() {
            let align = align(column.kind);
            let nowrap = if column.kind == Kind::Text { "" } else { "white-space:nowrap;" };
            let look = match cell.mark {
                Mark::Plain => "",
                Mark::Strong | Mark::Changed => "font-weight:bold;",
                Mark::Alert => "font-weight:bold;color:#a12617;",
                Mark::Caution => "color:#7a5b00;",
                Mark::Muted => "color:#6b7780;",
            };
            html.push_str(&format!(
                "<td align=\"{align}\" valign=\"middle\" style=\"{FONT}{CELL}text-align:{align};{nowrap}{look}\">{}</td>",
                escaped(&shown(&cell.value))
            ));
            if let Some((_, most)) = bars.filter(|(drawn, _)| *drawn == place) {
                html.push_str(&bar(count(&cell.value).unwrap_or_default(), most, colour));
            }
        }
        html.push_str("</tr>\n");
    }
    html.push_str("</table>\n");
}

/// A cell with a bar of so many of the most.
fn bar(count: u64, most: u64, colour: &str) -> String {
    let share = if count == 0 { 0 } else { (count.saturating_mul(100) / most.max(1)).clamp(2, 100) };
    let filled = match share {
        0 => String::new(),
        share => format!(
            "<td width=\"{share}%\" bgcolor=\"{colour}\" style=\"background-color:{colour};font-size:8px;line-height:10px;\">&nbsp;</td>"
        ),
    };
    let rest = match share {
        100 => String::new(),
        share => format!("<td width=\"{}%\" style=\"font-size:8px;line-height:10px;\">&nbsp;</td>", 100 - share),
    };
    format!(
        "<td width=\"22%\" valign=\"middle\" style=\"{CELL}\"><table role=\"presentation\" width=\"100%\" \
         cellpadding=\"0\" cellspacing=\"0\" border=\"0\"><tr>{filled}{rest}</tr></table></td>"
    )
}

fn align(kind: Kind) -> &'static str {
    match kind {
        Kind::Text => "left",
        Kind::Word | Kind::Date => "center",
        Kind::Count | Kind::Number | Kind::Share | Kind::Amount => "right",
    }
}

/// Text as HTML shows it.
fn escaped(text: &str) -> String {
    HtmlEscape(text).to_string()
}
