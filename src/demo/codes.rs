//! The numbers of firms: credit codes with their check characters, telephone numbers, account numbers.
//!
//! Apart from the card that they are written on, since they are arithmetic that standards fix (GB 32100-2015,
//! GB 11714-1997) and that can be tried against published codes. It does not know where such a number is wrong on
//! purpose: that is done to the finished text, in `mess`.

use super::dice::Dice;
use super::places::Place;

const CREDIT: &[u8; 31] = b"0123456789ABCDEFGHJKLMNPQRTUWXY";
const ORGANISATION_WEIGHTS: [u32; 8] = [3, 7, 9, 10, 5, 8, 4, 2];

/// The last character of a credit code, from its first 17; none where one of them is not allowed there.
pub(super) fn credit_check(body: &str) -> Option<char> {
    let mut sum = 0;
    let mut weight = 1;
    for byte in body.bytes().take(17) {
        sum += CREDIT.iter().position(|allowed| *allowed == byte)? * weight;
        weight = weight * 3 % 31;
    }
    (body.len() == 17).then(|| char::from(CREDIT[(31 - sum % 31) % 31]))
}

/// The last character of an organisation code, from its first eight.
pub(super) fn organisation_check(body: &str) -> Option<char> {
    let mut sum = 0;
    for (letter, weight) in body.chars().zip(ORGANISATION_WEIGHTS) {
        sum += letter.is_ascii_uppercase().then(|| letter as u32 - 55).or_else(|| letter.to_digit(10))? * weight;
    }
    match 11 - sum % 11 {
        10 => Some('X'),
        11 => Some('0'),
        digit => char::from_digit(digit, 10),
    }
}

/// A right credit code. `serial`, below 2^24, makes it unique; firms since 2016 have codes in letters and digits.
pub(super) fn credit_code(authority: &str, division: &str, serial: usize, modern: bool) -> String {
    let mut code = format!("{authority}{division}");
    let organisation = if modern {
        let mut rest = serial;
        let mut tail = [0u8; 5];
        for place in tail.iter_mut().rev() {
            *place = CREDIT[rest % 31];
            rest /= 31;
        }
        let letter = char::from(CREDIT[1 + serial % 23]);
        let tail: String = tail.into_iter().map(char::from).collect();
        format!("MA{letter}{tail}")
    } else {
        (10_000_000 + serial * 5 + 3).to_string()
    };
    code.push_str(&organisation);
    code.extend(organisation_check(&organisation));
    let check = credit_check(&code);
    code.extend(check);
    code
}

const SEGMENTS: [&str; 32] = [
    "130", "131", "132", "133", "134", "135", "136", "137", "138", "139", "150", "151", "152", "153", "155", "156",
    "157", "158", "159", "166", "173", "176", "177", "180", "181", "183", "185", "186", "187", "188", "189", "199",
];

/// A mobile number, eleven digits.
pub(super) fn mobile(dice: &mut Dice) -> String {
    let mut number = dice.pick(&SEGMENTS).to_string();
    number.push_str(&dice.digits(8));
    number
}

/// A landline number with its area code, sometimes with an extension.
pub(super) fn landline(dice: &mut Dice, place: &Place) -> String {
    let first = dice.between(2, 8);
    let rest = dice.digits(7);
    let hyphen = if dice.permille(850) { "-" } else { "" };
    let mut number = format!("{}{hyphen}{first}{rest}", place.area_code);
    if dice.permille(80) {
        number.push('-');
        number.push_str(&dice.digits(3));
    }
    number
}

/// The telephone number on a card: mostly a mobile.
pub(super) fn telephone(dice: &mut Dice, place: &Place) -> String {
    match dice.weighted(&[700, 270, 30]) {
        0 => mobile(dice),
        1 => landline(dice, place),
        _ => format!("400-{}-{}", dice.digits(3), dice.digits(4)),
    }
}

/// A bank's short name on cards, the first digits of its account numbers and their length.
const BANKS: [(&str, &str, usize); 12] = [
    ("中国工商银行", "12020", 19),
    ("中国农业银行", "10", 17),
    ("中国银行", "3905", 18),
    ("中国建设银行", "3205016", 20),
    ("交通银行", "32189", 18),
    ("招商银行", "51290", 18),
    ("上海浦东发展银行", "9707", 20),
    ("中信银行", "81102010", 19),
    ("中国民生银行", "6320", 18),
    ("兴业银行", "3211", 18),
    ("宁波银行", "7209", 17),
    ("中国邮政储蓄银行", "9320100", 18),
];

/// A bank's branch and an account number there.
pub(super) fn account(dice: &mut Dice, place: &Place) -> (String, String) {
    let (bank, prefix, length) = dice.pick(&BANKS);
    let branch = if dice.permille(400) {
        format!("{bank}{}分行营业部", place.name)
    } else {
        format!("{bank}{}{}支行", place.name, dice.pick(&super::places::ROADS).trim_end_matches('路'))
    };
    (branch, format!("{prefix}{}", dice.digits(length - prefix.len())))
}

/// The name of some bank, as a customer.
pub(super) fn bank_name(dice: &mut Dice) -> &'static str {
    dice.pick(&BANKS).0
}
