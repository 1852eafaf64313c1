//! The text of a condition, handed to the SQL parser; what the parser has to say, at its place in the rule file.
//!
//! Apart from what trees mean, because these are lines, columns and bytes. It knows no condition.

use std::ops::Range;

use sqlparser::ast::{Expr, Spanned};
use sqlparser::dialect::GenericDialect;
use sqlparser::parser::Parser;
use sqlparser::tokenizer::Token;

use super::chain;
use super::parse::{Made, Reader};
use crate::problem::Problem;
use crate::text;
use crate::text::Text;

impl Reader<'_> {
    /// Parses the text, hands its tree on, and tells every mistake.
    pub(super) fn told<T>(&self, make: impl FnOnce(&Expr) -> Made<T>) -> Option<T> {
        let dialect = GenericDialect {};
        if let Some(at) = comment(&self.written.value) {
            let span = self.place(at, at + 2);
            self.problems.add(span, text!("条件里不能有注释", "a condition has no comments"));
            return None;
        }
        let parsed = Parser::new(&dialect).try_with_sql(&self.written.value).and_then(|mut parser| {
            let expression = parser.parse_expr()?;
            let rest = parser.peek_token();
            Ok((expression, rest))
        });
        match parsed {
            Ok((expression, rest)) if rest.token == Token::EOF => {
                let made = if chain::is_too_deep(&expression) { Err(self.too_deep()) } else { make(&expression) };
                chain::dismantle(expression);
                made.map_err(|problem| self.problems.push(*problem)).ok()
            }
            Ok((_, rest)) => {
                let token = rest.token.to_string();
                let start = self.offset(rest.span.start.line, rest.span.start.column);
                let span = self.place(start, start + token.len());
                self.problems.add(span, text!("此处多余：{token}", "not expected here: {token}"));
                None
            }
            Err(error) => {
                let said = error.to_string();
                let said = said.rsplit_once("error: ").map_or(said.as_str(), |(_, rest)| rest).to_owned();
                let (message, start) = self.position_in(&said);
                let span = start.map_or(self.written.span.clone(), |start| self.place(start, start + 1));
                self.problems
                    .add(span, text!("条件写错了：{message}", "the condition is no SQL expression: {message}"));
                None
            }
        }
    }

    fn too_deep(&self) -> Box<Problem> {
        let message = text!("条件的层次太多，请拆成几条规则", "the condition is too deep: make several rules of it");
        Box::new(self.problems.document().problem(self.written.span.clone(), message))
    }

    /// The byte offset in the condition of a line and column from 1, the column in characters.
    fn offset(&self, line: u64, column: u64) -> usize {
        let text = &self.written.value;
        let line_start: usize = text.split_inclusive('\n').take(line.saturating_sub(1) as usize).map(str::len).sum();
        let rest = text.get(line_start..).unwrap_or_default();
        let into = rest.char_indices().nth(column.saturating_sub(1) as usize).map_or(rest.len(), |(at, _)| at);
        line_start + into
    }

    /// The place in the file of a byte range of the condition.
    fn place(&self, start: usize, end: usize) -> Range<usize> {
        self.problems.place_in(self.written, start..end)
    }

    /// The parser's words without its "at Line: 1, Column: 5", and where that is.
    fn position_in(&self, said: &str) -> (String, Option<usize>) {
        let Some((message, position)) = said.rsplit_once(" at Line: ") else { return (said.to_owned(), None) };
        let Some((line, column)) = position.split_once(", Column: ") else { return (message.to_owned(), None) };
        let numbers = line.trim().parse().ok().zip(column.trim().parse().ok());
        (message.to_owned(), numbers.map(|(line, column)| self.offset(line, column)))
    }

    pub(super) fn span(&self, expression: &Expr) -> Range<usize> {
        let span = expression.span();
        if span.start.line == 0 {
            return self.written.span.clone();
        }
        let start = self.offset(span.start.line, span.start.column);
        let end = self.offset(span.end.line, span.end.column).max(start + 1);
        self.place(start, end)
    }

    pub(super) fn problem(&self, expression: &Expr, message: Text) -> Box<Problem> {
        Box::new(self.problems.document().problem(self.span(expression), message))
    }
}

/// Where an SQL comment begins, outside of quotes.
fn comment(text: &str) -> Option<usize> {
    let mut quote = None;
    let bytes = text.as_bytes();
    for (at, byte) in bytes.iter().enumerate() {
        match (quote, byte) {
            (None, b'\'' | b'"') => quote = Some(*byte),
            (Some(open), byte) if open == *byte => quote = None,
            (None, b'-') if bytes.get(at + 1) == Some(&b'-') => return Some(at),
            (None, b'/') if bytes.get(at + 1) == Some(&b'*') => return Some(at),
            _ => {}
        }
    }
    None
}
