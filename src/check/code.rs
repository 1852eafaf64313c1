//! `code`: a filled field must be a valid code of a kind; `uscc` is the unified social credit code of GB 32100-2015.
//!
//! The check character alone proves no error: real companies registered before 2016 fail it while their organisation
//! code (GB 11714-1997, positions 9 to 17) is right. So a finding says which of the two it is.

use polars::prelude::{DataType, Expr, Field as PolarsField, IntoColumn, PolarsResult, StringChunked};

use super::{Check, CheckKind, Plan, Scope, Unit};
use crate::params::Params;
use crate::text;
use crate::text::Text;

/// The kind.
pub const KIND: Kind = Kind;

/// The kind `code`.
pub struct Kind;

#[derive(Debug)]
struct Code {
    table: String,
    field: String,
}

/// What is wrong with a code.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Fault {
    /// It cannot be right.
    Wrong,
    /// Only its check character is wrong: the licence decides.
    Verify,
}

impl Fault {
    fn as_str(self) -> &'static str {
        match self {
            Fault::Wrong => "wrong",
            Fault::Verify => "verify",
        }
    }
}

impl CheckKind for Kind {
    fn name(&self) -> &'static str {
        "code"
    }

    fn describe(&self) -> Text {
        text!(
            "有值时必须是有效的编码（uscc：统一社会信用代码）",
            "a filled field is a valid code (uscc: GB 32100-2015)"
        )
    }

    fn read(&self, rule: &Params, scope: &Scope) -> Option<Box<dyn Check>> {
        let field = scope.field(rule, "field");
        if !rule.has("code") {
            rule.missing("code");
        }
        rule.optional_word("code", &[("uscc", ())])?;
        Some(Box::new(Code { table: scope.table.name.clone(), field: field? }))
    }
}

impl Check for Code {
    fn reads(&self) -> Vec<(String, String)> {
        vec![(self.table.clone(), self.field.clone())]
    }

    fn plan(&self, plan: &mut Plan) -> PolarsResult<Vec<Unit>> {
        let fault: Expr = plan.columns.folded(&self.field).map(
            |column| {
                let faults: StringChunked =
                    column.str()?.iter().map(|code| code.and_then(credit_code_fault).map(Fault::as_str)).collect();
                Ok(faults.into_column())
            },
            |_, field| Ok(PolarsField::new(field.name().clone(), DataType::String)),
        );
        Ok(vec![Unit::on(&self.field, fault.clone().is_not_null()).with_detail(fault)])
    }

    fn words(&self) -> Vec<(&'static str, Text)> {
        vec![
            (Fault::Wrong.as_str(), text!("错误", "wrong")),
            (Fault::Verify.as_str(), text!("请与营业执照核对", "compare it with the business licence")),
        ]
    }
}

/// The 31 characters of GB 32100-2015, in the order of their values.
const CHARACTERS: &[u8; 31] = b"0123456789ABCDEFGHJKLMNPQRTUWXY";
/// 3^(i-1) mod 31.
const WEIGHTS: [u32; 17] = [1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28];
/// GB 11714-1997.
const ORGANISATION_WEIGHTS: [u32; 8] = [3, 7, 9, 10, 5, 8, 4, 2];

/// What is wrong with a unified social credit code; nothing where it is valid.
fn credit_code_fault(written: &str) -> Option<Fault> {
    let code = super::unique::code(written);
    let code = code.as_bytes();
    let value = |byte: u8| CHARACTERS.iter().position(|character| *character == byte);
    let values: Vec<u32> =
        code.iter().filter_map(|byte| value(*byte)).filter_map(|at| u32::try_from(at).ok()).collect();
    let well_formed = code.len() == 18
        && values.len() == 18
        && matches!(code[0], b'1'..=b'9' | b'A' | b'N' | b'Y')
        && code[2..8].iter().all(u8::is_ascii_digit);
    if !well_formed {
        return Some(Fault::Wrong);
    }
    let sum: u32 = values.iter().zip(WEIGHTS).map(|(value, weight)| value * weight).sum();
    if values[17] == (31 - sum % 31) % 31 {
        return None;
    }
    Some(if organisation_code_is_right(&code[8..17]) { Fault::Verify } else { Fault::Wrong })
}

/// Whether eight characters and a check digit are right by GB 11714-1997, where A counts 10 to Z 35.
fn organisation_code_is_right(code: &[u8]) -> bool {
    let value = |byte: u8| char::from(byte).to_digit(36).unwrap_or(0);
    let sum: u32 = code.iter().zip(ORGANISATION_WEIGHTS).map(|(byte, weight)| value(*byte) * weight).sum();
    let check = match 11 - sum % 11 {
        10 => b'X',
        11 => b'0',
        digit => b'0' + u8::try_from(digit).unwrap_or(0),
    };
    code.get(8) == Some(&check)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn credit_codes_are_graded() {
        for valid in [
            "91350100M000100Y43",
            "91110000600037341L",
            "91110108551385082Q",
            "91440300708461136T",
            "12440600MB2C07549J",
            "91110105MA00003490",
            "91110000-600037341 l",
        ] {
            assert_eq!(credit_code_fault(valid), None, "{valid}");
        }
        assert_eq!(credit_code_fault("91350203M0001QKT19"), Some(Fault::Verify));
        for wrong in ["91310115MA1H8R7C6D", "111111111111111111", "91350100M000100Y4", "9135010OM000100Y43", "---"] {
            assert_eq!(credit_code_fault(wrong), Some(Fault::Wrong), "{wrong}");
        }
    }
}
