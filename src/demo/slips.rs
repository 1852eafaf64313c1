//! Wrong texts: what people type instead of a right telephone number, credit code, date or amount.
//!
//! Apart from `mess`, which says where they go: here are only values, each made from the right one. It knows neither
//! rows nor tables.

use super::dice::Dice;

/// What stands where nothing is known.
const PLACEHOLDERS: [&str; 12] = ["", "", "", "", "无", "暂无", "-", "--", "/", "N/A", "\u{3000}", "\u{a0}"];

/// Nothing, or a word for it.
pub(super) fn placeholder(dice: &mut Dice) -> &'static str {
    dice.pick(&PLACEHOLDERS)
}

/// Replaces the character at a byte position of an ASCII text.
fn with(text: &str, at: usize, letter: char) -> String {
    text.char_indices().map(|(position, old)| if position == at { letter } else { old }).collect()
}

/// A digit other than this one.
fn other_digit(digit: u8, dice: &mut Dice) -> char {
    let digit = if digit.is_ascii_digit() { digit - b'0' } else { 0 };
    char::from(b'0' + (digit + 1 + dice.below(9) as u8) % 10)
}

/// A wrong credit code.
pub(super) fn code(right: &str, dice: &mut Dice) -> String {
    let bytes = right.as_bytes();
    if bytes.len() != 18 {
        return right.to_owned();
    }
    match dice.weighted(&[30, 28, 14, 14, 7, 7]) {
        // Only the check character.
        0 => with(right, 17, other_digit(bytes[17], dice)),
        // A digit of the organisation code.
        1 => {
            let at = 10 + dice.below(6);
            with(right, at, other_digit(bytes[at], dice))
        }
        // Letters that look like digits.
        2 => match right[8..].find(['0', '1']) {
            Some(at) => with(right, 8 + at, if bytes[8 + at] == b'0' { 'O' } else { 'I' }),
            None => with(right, 17, 'Z'),
        },
        3 => right[..17].to_owned(),
        // The numbers from before 2015: registration number, organisation code.
        4 => format!("{}{}", &right[2..8], dice.digits(9)),
        _ => format!("{}-{}", &right[8..16], &right[16..17]),
    }
}

/// A wrong telephone number.
pub(super) fn phone(right: &str, dice: &mut Dice) -> String {
    match dice.below(8) {
        0 => format!("13{}", dice.digits(8)),
        1 => format!("139{}", dice.digits(9)),
        2 => format!("8{}", dice.digits(7)),
        3 => "12345678901".to_owned(),
        4 => format!("{right}/010-6{}", dice.digits(7)),
        5 => format!("138 {} {}", dice.digits(4), dice.digits(4)),
        6 => "1.38E+10".to_owned(),
        _ => format!("{right}（王经理）"),
    }
}

/// A wrong e-mail address.
pub(super) fn email(right: &str, dice: &mut Dice) -> String {
    let right = if right.is_empty() { "info@trade.example.com" } else { right };
    match dice.below(6) {
        0 => right.replace('@', "."),
        1 => right.replace('@', "@@"),
        2 => right.split(".example").next().unwrap_or(right).to_owned(),
        3 => right.replace(".example.", "。example。"),
        4 => right.replace('@', " @ "),
        _ => format!("{right};info@{}", right.split('@').next_back().unwrap_or(right)),
    }
}

/// A wrong postcode.
pub(super) fn postcode(right: &str, dice: &mut Dice) -> String {
    match dice.below(3) {
        // As a number cell would have left it.
        0 if right.starts_with('0') => right.trim_start_matches('0').to_owned(),
        0 => right[..right.len().min(5)].to_owned(),
        1 => format!("{right}0"),
        _ => right.replace('0', "O"),
    }
}

/// An archive number that is not formed as it should be.
pub(super) fn archive_no(right: &str, kind: &str, dice: &mut Dice) -> String {
    match dice.below(5) {
        0 => right.replacen(kind, if kind == "经销商" { "供应商" } else { "经销商" }, 1),
        1 => right.replacen(&format!("{kind}20"), kind, 1),
        2 => right.replace('-', ""),
        3 => right.replace('-', "_"),
        _ => right.replace('-', "—"),
    }
}

/// Text where a date should be.
pub(super) fn date(year: i32, dice: &mut Dice) -> String {
    match dice.below(7) {
        0 | 1 => format!("{year}-02-30"),
        2 => format!("{year}年13月5日"),
        3 => format!("{year}.11.31"),
        4 => format!("{:02}.1.5", year % 100),
        5 => format!("{year}年3月"),
        _ => "去年底".to_owned(),
    }
}

/// Text where an amount in 万元 should be.
pub(super) fn amount(whole: i64, dice: &mut Dice) -> String {
    let about = (whole / 10 * 10).max(10);
    match dice.below(5) {
        0 | 1 => format!("约{about}万"),
        2 => format!("{about}-{}万", about + 50),
        3 => format!("{}万元", dice.between(10, 900)),
        _ => "面议".to_owned(),
    }
}

/// The name of the same firm, written another way.
pub(super) fn same_name(name: &str, dice: &mut Dice) -> String {
    let way = dice.below(4);
    if way == 0 && name.ends_with("有限公司") {
        name.replacen("有限公司", "有限责任公司", 1)
    } else if way == 0 && name.contains("有限责任公司") {
        name.replacen("有限责任公司", "有限公司", 1)
    } else if name.contains('（') && way != 3 {
        name.replace('（', "(").replace('）', ")")
    } else if way == 2 {
        name.chars().enumerate().flat_map(|(at, letter)| (at == 4).then_some(' ').into_iter().chain([letter])).collect()
    } else {
        name.to_owned()
    }
}
