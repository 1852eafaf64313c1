//! `unique`: a filled field must not hold what another row of the table holds, once both are normalised.

use std::borrow::Cow;

use polars::prelude::{DataType, Expr, Field as PolarsField, IntoColumn, PolarsResult, StringChunked};

use super::{Check, CheckKind, Plan, Scope, Unit};
use crate::params::Params;
use crate::text;
use crate::text::Text;

/// The kind.
pub const KIND: Kind = Kind;

/// The kind `unique`.
pub struct Kind;

/// What counts as the same.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Normalise {
    /// The folded text.
    Folded,
    /// A company's name without white space, 有限责任公司 as 有限公司, letters in upper case.
    CompanyName,
    /// A code without white space and hyphens, letters in upper case.
    Code,
}

#[derive(Debug)]
struct Unique {
    table: String,
    field: String,
    normalise: Normalise,
}

impl CheckKind for Kind {
    fn name(&self) -> &'static str {
        "unique"
    }

    fn describe(&self) -> Text {
        text!("有值时不能与其他行重复", "a filled field holds what no other row holds")
    }

    fn read(&self, rule: &Params, scope: &Scope) -> Option<Box<dyn Check>> {
        let field = scope.field(rule, "field");
        let words = [("none", Normalise::Folded), ("company_name", Normalise::CompanyName), ("code", Normalise::Code)];
        let normalise = rule.optional_word("normalise", &words).unwrap_or(Normalise::Folded);
        Some(Box::new(Unique { table: scope.table.name.clone(), field: field?, normalise }))
    }
}

impl Check for Unique {
    fn gives_detail(&self) -> bool {
        false
    }

    fn reads(&self) -> Vec<(String, String)> {
        vec![(self.table.clone(), self.field.clone())]
    }

    fn plan(&self, plan: &mut Plan) -> PolarsResult<Vec<Unit>> {
        let folded = plan.columns.folded(&self.field);
        let normalised = match self.normalise {
            Normalise::Folded => folded,
            Normalise::CompanyName => normalised(folded, company_name),
            Normalise::Code => normalised(folded, code),
        };
        let failing = normalised.clone().is_duplicated().and(normalised.is_not_null());
        Ok(vec![Unit::on(&self.field, failing)])
    }

    fn looks_beyond_the_row(&self) -> bool {
        true
    }
}

fn normalised(folded: Expr, normalise: fn(&str) -> Cow<'_, str>) -> Expr {
    folded.map(
        move |column| {
            let texts = column.str()?;
            let normalised: StringChunked =
                texts.iter().map(|text| text.map(normalise).filter(|text| !text.is_empty())).collect();
            Ok(normalised.with_name(column.name().clone()).into_column())
        },
        |_, field| Ok(PolarsField::new(field.name().clone(), DataType::String)),
    )
}

/// Without white space, 有限责任公司 read as 有限公司, ASCII letters in upper case.
pub fn company_name(name: &str) -> Cow<'_, str> {
    const LONG_FORM: &str = "有限责任公司";
    let spaced = name.chars().any(char::is_whitespace);
    let lower = name.bytes().any(|byte| byte.is_ascii_lowercase());
    if !spaced && !lower && !name.contains(LONG_FORM) {
        return Cow::Borrowed(name);
    }
    let without: String = name.chars().filter(|character| !character.is_whitespace()).collect();
    Cow::Owned(without.replace(LONG_FORM, "有限公司").to_ascii_uppercase())
}

/// Without white space and hyphens, ASCII letters in upper case.
pub fn code(code: &str) -> Cow<'_, str> {
    if code.bytes().all(|byte| byte.is_ascii_digit() || byte.is_ascii_uppercase()) {
        return Cow::Borrowed(code);
    }
    let kept = code.chars().filter(|character| !character.is_whitespace() && *character != '-');
    Cow::Owned(kept.map(|character| character.to_ascii_uppercase()).collect())
}
