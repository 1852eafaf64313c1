//! A mail of plain sentences from the program to the people who look after it.
//!
//! Apart because what went wrong is told in a few lines, whatever it was: no template has to be whole for that.

use crate::report::Document;
use crate::text::{Language, Text};

/// A document of paragraphs without attachments.
pub fn document(report: &str, subject: &Text, lines: &[Text], language: Language) -> Document {
    let lines: Vec<&str> = lines.iter().map(|line| line.get(language)).collect();
    Document {
        report: report.to_owned(),
        subject: subject.get(language).to_owned(),
        text: lines.join("\n\n") + "\n",
        html: html(&lines),
        ..Document::default()
    }
}

fn html(lines: &[&str]) -> String {
    let escaped = |line: &&str| line.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;");
    let paragraphs: String = lines.iter().map(|line| format!("<p>{}</p>\n", escaped(line))).collect();
    format!(
        "<!DOCTYPE html>\n<html><head><meta charset=\"utf-8\"></head>\n<body style=\"font-family:'Microsoft YaHei','PingFang \
         SC',Arial,sans-serif;font-size:14px;line-height:1.6;color:#1f2933;\">\n{paragraphs}</body></html>\n"
    )
}
