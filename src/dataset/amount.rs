//! Amounts with units and currencies: 1,234.56, 100万元, 1.2亿, 人民币壹佰万元整, USD 5,000, (1,200), 1200-.
//!
//! Apart from plain numbers because only fields that ask for it are read this way, and because whatever is no certain
//! amount must say why. Numbers are exact; a foreign currency is never converted.

use rust_decimal::Decimal;

use super::typing;
use crate::model::Unit;
use crate::model::unit::{count_at_end, currency_at_end, currency_at_start};

/// Why a cell is no certain amount.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum AmountTrouble {
    /// About so much, more than so much: 约50万.
    Approximate,
    /// From one to another: 50-100万.
    Range,
    /// Another currency than the field's.
    Currency,
    /// An amount with a unit of its own in a field that takes none.
    Unit,
    /// No amount at all, or too large to be kept exactly.
    None,
}

/// Words of which one makes an amount uncertain.
const ABOUT: [&str; 18] = [
    "约",
    "左右",
    "上下",
    "大概",
    "估计",
    "大致",
    "近",
    "余",
    "多",
    "以上",
    "以下",
    "以内",
    "不足",
    "超过",
    "不低于",
    ">",
    "<",
    "±",
];
const DIGITS: &str = "零壹贰叁肆伍陆柒捌玖";
const PLAIN_DIGITS: &str = "〇一二三四五六七八九";

/// What a folded text is in the unit of its field, where the column is headed by a unit of its own or by the field's.
///
/// # Errors
/// Why it is no certain amount.
pub fn amount(text: &str, column: Unit, field: Unit) -> Result<Decimal, AmountTrouble> {
    let (number, unit) = read(text, column)?;
    converted(number, unit, field)
}

/// A plain number of a column in the unit of its field.
///
/// # Errors
/// Where the column is in another currency, or the number gets too long.
pub fn converted(number: Decimal, column: Unit, field: Unit) -> Result<Decimal, AmountTrouble> {
    if column.currency != field.currency {
        return Err(AmountTrouble::Currency);
    }
    if column.power >= field.power {
        let factor = Decimal::from(10_u64.pow(column.power - field.power));
        return number.checked_mul(factor).ok_or(AmountTrouble::None);
    }
    let scale = number.scale() + field.power - column.power;
    if scale <= Decimal::MAX_SCALE {
        return Decimal::try_from_i128_with_scale(number.mantissa(), scale).map_err(|_| AmountTrouble::None);
    }
    Err(AmountTrouble::None)
}

/// Why a folded text that is no plain number is none: of a field that takes no units.
pub fn trouble(text: &str) -> AmountTrouble {
    let renminbi = Unit { currency: crate::model::unit::RENMINBI, power: 0 };
    match amount(text, renminbi, renminbi) {
        Ok(_) => AmountTrouble::Unit,
        Err(trouble) => trouble,
    }
}

/// The number of a text and its unit; the column's where it states none.
fn read(text: &str, column: Unit) -> Result<(Decimal, Unit), AmountTrouble> {
    let small = text.to_lowercase();
    let (inner, mut negative) = signed(small.trim());
    let (before, inner) = currency_at_start(inner);
    let inner = inner.trim_start().trim_end_matches(['整', '正']);
    let (inner, minus) = signed(inner);
    negative ^= minus;
    let (after, rest) = currency_at_end(inner);
    let yuan = after.is_none() && rest.len() < inner.len();
    let rest = rest.trim_end();
    let rest = if after.is_some() { rest.strip_suffix('元').unwrap_or(rest) } else { rest };
    if before.zip(after).is_some_and(|(before, after)| before != after) {
        return Err(AmountTrouble::Currency);
    }
    let (number, power) = counted(rest).ok_or_else(|| uncertain(&small))?;
    let currency = before.or(after);
    if currency.unwrap_or(column.currency) != column.currency {
        return Err(AmountTrouble::Currency);
    }
    // A count, 元 or a currency behind the number says in what it is counted; a sign before it does not.
    let own = power.or((yuan || after.is_some()).then_some(0));
    let unit = Unit { currency: column.currency, power: own.unwrap_or(column.power) };
    Ok((if negative { -number } else { number }, unit))
}

/// A text without its brackets or its minus behind, and whether they made it negative.
fn signed(text: &str) -> (&str, bool) {
    if let Some(inner) = text.strip_prefix('(').and_then(|rest| rest.strip_suffix(')')) {
        return (inner.trim(), true);
    }
    match text.strip_suffix('-') {
        Some(rest) if rest.ends_with(|character: char| character.is_ascii_digit() || character == '元') => {
            (rest, true)
        }
        _ => (text, false),
    }
}

/// A number in digits with the power that it is counted in, or one in Chinese numerals.
fn counted(text: &str) -> Option<(Decimal, Option<u32>)> {
    let (power, digits) = count_at_end(text);
    if let Some(number) = typing::decimal(digits.trim_end()) {
        return Some((number, power));
    }
    chinese(text).map(|number| (Decimal::from(number), Some(0)))
}

/// A whole number in Chinese numerals: 壹佰贰拾万, 三百五十万. Of a last digit without a unit, as in 两万五, it is not
/// certain what it counts: it is read behind 十 and 零 alone.
fn chinese(text: &str) -> Option<u64> {
    let (mut whole, mut section, mut digit) = (0_u64, 0_u64, None::<u64>);
    let (mut counted, mut begun) = (false, false);
    // The unit before the digit, and whether 零 stands between them.
    let (mut last, mut zero) = (0_u64, false);
    let is_open = |digit: Option<u64>, last: u64, zero: bool| digit.unwrap_or(0) > 0 && last > 10 && !zero;
    for character in text.trim_end_matches(['圆', '元']).chars() {
        let numeral =
            [DIGITS, PLAIN_DIGITS].iter().find_map(|digits| digits.chars().position(|numeral| numeral == character));
        if let Some(numeral) = numeral.and_then(|numeral| u64::try_from(numeral).ok()) {
            if digit.is_some_and(|digit| digit > 0) {
                return None; // 一二三 is no number but a code
            }
            (digit, begun) = (Some(numeral), true);
            zero |= numeral == 0;
            continue;
        }
        let tens = match character {
            '两' => {
                (digit, begun) = (Some(2), true);
                continue;
            }
            '十' | '拾' => 10,
            '百' | '佰' => 100,
            '千' | '仟' => 1000,
            '万' | '萬' => 10_000,
            '亿' | '億' => 100_000_000,
            _ => return None,
        };
        counted = true;
        begun |= tens == 10;
        if tens >= 10_000 {
            if is_open(digit, last, zero) {
                return None;
            }
            section += digit.take().unwrap_or(0);
            let before = if tens == 10_000 { 0 } else { whole };
            whole = (before + section).checked_mul(tens)?.checked_add(whole - before)?;
            section = 0;
        } else {
            section += digit.take().unwrap_or(u64::from(tens == 10)) * tens;
        }
        (last, zero) = (tens, false);
    }
    if is_open(digit, last, zero) {
        return None;
    }
    (counted && begun).then(|| whole.checked_add(section + digit.unwrap_or(0))).flatten()
}

/// Why a text is no certain amount.
fn uncertain(text: &str) -> AmountTrouble {
    if ABOUT.iter().any(|word| text.contains(word)) {
        return AmountTrouble::Approximate;
    }
    let parts: Vec<&str> = text.split(['-', '~', '至', '到', '—', '–', '～']).collect();
    let has_digit = |part: &&str| part.contains(|character: char| character.is_ascii_digit());
    if parts.len() == 2 && parts.iter().all(has_digit) {
        return AmountTrouble::Range;
    }
    AmountTrouble::None
}

#[cfg(test)]
mod tests {
    use super::*;

    const WAN: Unit = Unit { currency: "CNY", power: 4 };
    const YUAN: Unit = Unit { currency: "CNY", power: 0 };

    fn wan(text: &str) -> Result<String, AmountTrouble> {
        amount(text, WAN, WAN).map(|number| number.normalize().to_string())
    }

    #[test]
    fn amounts_are_read_with_their_units() {
        for (text, value) in [
            ("1,234.56", "1234.56"),
            ("100", "100"),
            ("￥120", "120"),
            ("¥1,200.50", "1200.5"),
            ("100万", "100"),
            ("100万元", "100"),
            ("100 万元", "100"),
            ("1.2亿", "12000"),
            ("1.2亿元人民币", "12000"),
            ("1200元", "0.12"),
            ("人民币1200元", "0.12"),
            ("人民币壹佰万元整", "100"),
            ("壹佰贰拾万零伍仟元", "120.5"),
            ("叁仟元整", "0.3"),
            ("一千万", "1000"),
            ("两百万", "200"),
            ("五十万", "50"),
            ("十万元", "10"),
            ("二十五万", "25"),
            ("一百零二万", "102"),
            ("十万零五", "10.0005"),
            ("叁仟伍佰", "0.35"),
            ("(1,200)", "-1200"),
            ("1200-", "-1200"),
            ("-100万元", "-100"),
            ("rmb 500", "500"),
            ("500RMB", "0.05"),
            ("3千元", "0.3"),
        ] {
            assert_eq!(wan(text).as_deref(), Ok(value), "{text}");
        }
    }

    #[test]
    fn what_is_no_certain_amount_says_why() {
        for (text, why) in [
            ("约50万", AmountTrouble::Approximate),
            ("50万左右", AmountTrouble::Approximate),
            ("500多万", AmountTrouble::Approximate),
            ("50-100万", AmountTrouble::Range),
            ("50万~100万", AmountTrouble::Range),
            ("USD 5,000", AmountTrouble::Currency),
            ("5000美元", AmountTrouble::Currency),
            ("人民币500美元", AmountTrouble::Currency),
            ("$5", AmountTrouble::Currency),
            ("待定", AmountTrouble::None),
            ("12.3.4", AmountTrouble::None),
            ("5OO", AmountTrouble::None),
            ("500 ?", AmountTrouble::None),
            ("1 000", AmountTrouble::None),
            ("一二三", AmountTrouble::None),
            ("两万五", AmountTrouble::None),
            ("三千五", AmountTrouble::None),
            ("一百二", AmountTrouble::None),
            ("一亿二", AmountTrouble::None),
            ("一百二万", AmountTrouble::None),
            ("元", AmountTrouble::None),
            ("万", AmountTrouble::None),
            ("", AmountTrouble::None),
        ] {
            assert_eq!(wan(text), Err(why), "{text}");
        }
        assert_eq!(trouble("500万元"), AmountTrouble::Unit);
        assert_eq!(trouble("USD 500"), AmountTrouble::Currency);
    }

    #[test]
    fn a_column_in_another_unit_is_converted_exactly() {
        let number = Decimal::from_str_exact("1234567.89").expect("a number");
        assert_eq!(converted(number, YUAN, WAN).map(|number| number.to_string()).as_deref(), Ok("123.456789"));
        assert_eq!(
            converted(number, WAN, YUAN).map(|number| number.normalize().to_string()).as_deref(),
            Ok("12345678900")
        );
        assert_eq!(converted(number, Unit { currency: "USD", power: 4 }, WAN), Err(AmountTrouble::Currency));
        assert_eq!(converted(Decimal::MAX, WAN, YUAN), Err(AmountTrouble::None));
    }
}
