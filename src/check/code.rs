//! `code`: a filled field must be a valid code of a kind.
//!
//! Of the unified social credit code (`uscc`, GB 32100-2015) the check character alone proves no error: real companies
//! registered before 2016 fail it while their organisation code (GB 11714-1997, positions 9 to 17) is right. So a
//! finding says which of the two it is.

use chrono::NaiveDate;
use polars::prelude::{DataType, Expr, Field as PolarsField, IntoColumn, PolarsResult, StringChunked};

use super::condition::Condition;
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
    fault: Judge,
}

/// What is wrong with a code as it is written; nothing where it is valid.
type Judge = fn(&str) -> Option<Fault>;

/// The words of rule files.
const CODES: [(&str, Judge); 7] = [
    ("uscc", credit_code_fault),
    ("registration_15", |code| wrong_unless(code, is_registration_number)),
    ("organisation", |code| wrong_unless(code, is_organisation_code)),
    ("identity_card", |code| wrong_unless(code, is_id_card)),
    ("card_luhn", |code| wrong_unless(code, is_bank_card)),
    ("iban", |code| wrong_unless(code, is_iban)),
    ("swift", |code| wrong_unless(code, is_swift)),
];

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
            "有值时必须是有效的编码：uscc 统一社会信用代码，registration_15 工商注册号，organisation 组织机构代码，identity_card 身份证号，card_luhn 个人银行卡号，iban，swift",
            "a filled field is a valid code: uscc (GB 32100), registration_15 (GS 15), organisation (GB 11714), identity_card (GB 11643), card_luhn (a person's bank card), iban, swift"
        )
    }

    fn read(&self, rule: &Params, scope: &Scope) -> Option<Box<dyn Check>> {
        let field = scope.field(rule, "field");
        rule.must_have("code");
        let fault = rule.optional_word("code", &CODES)?;
        Some(Box::new(Code { table: scope.table.name.clone(), field: field?, fault }))
    }
}

impl Check for Code {
    fn reads(&self) -> Vec<(String, String)> {
        vec![(self.table.clone(), self.field.clone())]
    }

    fn conditions(&self) -> Vec<(&str, &Condition)> {
        Vec::new()
    }

    fn plan(&self, plan: &mut Plan) -> PolarsResult<Vec<Unit>> {
        let judge = self.fault;
        let fault: Expr = plan.columns.folded(&self.field).map(
            move |column| {
                let faults: StringChunked =
                    column.str()?.iter().map(|code| code.and_then(judge).map(Fault::as_str)).collect();
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
    let code = super::normalise::code(written);
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
    let sum: u32 = code.iter().zip(ORGANISATION_WEIGHTS).map(|(byte, weight)| value_of(*byte) * weight).sum();
    let check = match 11 - sum % 11 {
        10 => b'X',
        11 => b'0',
        digit => b'0' + u8::try_from(digit).unwrap_or(0),
    };
    code.get(8) == Some(&check)
}

/// A code is normalised as [`super::normalise::code`] does; what is not valid is wrong.
fn wrong_unless(written: &str, is_valid: fn(&[u8]) -> bool) -> Option<Fault> {
    let code = super::normalise::code(written);
    (!is_valid(code.as_bytes())).then_some(Fault::Wrong)
}

fn is_digits(code: &[u8]) -> bool {
    code.iter().all(u8::is_ascii_digit)
}

/// The value of a digit, or of a letter where A counts 10 to Z 35.
fn value_of(byte: u8) -> u32 {
    char::from(byte).to_digit(36).unwrap_or(0)
}

/// GS 15-2006: the registry, a sequence and a check digit by ISO 7064 MOD 11,10.
fn is_registration_number(code: &[u8]) -> bool {
    if code.len() != 15 || !is_digits(code) {
        return false;
    }
    let rest = code[..14].iter().fold(10, |rest, digit| match (rest + value_of(*digit)) % 10 {
        0 => 20 % 11,
        sum => sum * 2 % 11,
    });
    value_of(code[14]) == (11 - rest) % 10
}

/// GB 11714-1997.
fn is_organisation_code(code: &[u8]) -> bool {
    let is_character = |byte: &u8| byte.is_ascii_digit() || byte.is_ascii_uppercase();
    code.len() == 9 && code.iter().all(is_character) && organisation_code_is_right(code)
}

/// GB 11643-1999: a division, a day of birth, a sequence and a check character.
fn is_id_card(code: &[u8]) -> bool {
    const WEIGHTS: [u32; 17] = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
    if code.len() != 18 || !is_digits(&code[..17]) {
        return false;
    }
    let sum: u32 = code.iter().zip(WEIGHTS).map(|(digit, weight)| value_of(*digit) * weight).sum();
    let born = std::str::from_utf8(&code[6..14]).ok().and_then(|day| NaiveDate::parse_from_str(day, "%Y%m%d").ok());
    born.is_some() && code[17] == b"10X98765432"[sum as usize % 11]
}

/// The card of a person, ISO/IEC 7812-1. The account of a company has no check digit.
fn is_bank_card(code: &[u8]) -> bool {
    let doubled = |(position, digit): (usize, &u8)| match value_of(*digit) {
        value if position % 2 == 0 => value,
        value => value * 2 / 10 + value * 2 % 10,
    };
    (16..=19).contains(&code.len())
        && is_digits(code)
        && code.iter().rev().enumerate().map(doubled).sum::<u32>() % 10 == 0
}

/// ISO 13616: the whole, its first four characters put last, is 1 modulo 97.
fn is_iban(code: &[u8]) -> bool {
    let is_character = |byte: &u8| byte.is_ascii_digit() || byte.is_ascii_uppercase();
    if !(15..=34).contains(&code.len()) || !code.iter().all(is_character) {
        return false;
    }
    let (head, rest) = code.split_at(4);
    let remainder = rest.iter().chain(head).map(|byte| value_of(*byte)).fold(0, |remainder, value| {
        let shifted = if value < 10 { remainder * 10 } else { remainder * 100 };
        (shifted + value) % 97
    });
    head[..2].iter().all(u8::is_ascii_uppercase) && is_digits(&head[2..]) && remainder == 1
}

/// ISO 9362: bank, country, place, and a branch or none.
fn is_swift(code: &[u8]) -> bool {
    let is_character = |byte: &u8| byte.is_ascii_digit() || byte.is_ascii_uppercase();
    matches!(code.len(), 8 | 11) && code[..6].iter().all(u8::is_ascii_uppercase) && code[6..].iter().all(is_character)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_with_check_characters_are_told_from_others() {
        type Valid = fn(&[u8]) -> bool;
        let kinds: [(Valid, &[&str], &[&str]); 6] = [
            (
                is_registration_number,
                &["110108000000016", "110000013105955", "440306100000003", "330106600000017", "310115001234562"],
                &["110108000000017", "11010800000001", "11010800000001X", "91350100M000100Y43", ""],
            ),
            (
                is_organisation_code,
                &["60003734-1", "D2143569-X", "67395965-4", "70846113-6", "55138508-2", "d2143569x"],
                &["60003734-2", "6000373-1", "6000373甲1", ""],
            ),
            (
                is_id_card,
                &["11010519491231002X", "11010519491231002x"],
                &["110105194912310021", "11010519491331002X", "110105491231002", "1101051949123100XX"],
            ),
            (
                is_bank_card,
                &["4111 1111 1111 1111", "6222021234567890128", "6225-8801-2345-6783"],
                &["4111111111111112", "411111111111111", "41111111111111111111", "411111111111111甲"],
            ),
            (
                is_iban,
                &["GB82 WEST 1234 5698 7654 32", "DE89370400440532013000", "NO9386011117947"],
                &["GB82WEST12345698765433", "DE8937040044053201300", "1234370400440532013000", "GB82"],
            ),
            (is_swift, &["BKCHCNBJ", "BKCHCNBJ300", "DEUTDEFF"], &["BKCHCNB", "BKCH1NBJ", "BKCHCNBJ30", "BKCHCN甲"]),
        ];
        for (is_valid, right, wrong) in kinds {
            for code in right {
                assert_eq!(wrong_unless(code, is_valid), None, "{code}");
            }
            for code in wrong {
                assert_eq!(wrong_unless(code, is_valid), Some(Fault::Wrong), "{code}");
            }
        }
    }

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
