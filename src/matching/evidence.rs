//! What besides the name tells a customer: codes and ways to reach it, each as a key that can be compared.
//!
//! Apart from the names because these are equal or not: no likeness is weighed here, except of the credit code, which
//! is mistyped by a character. Values that everybody may have (free mail, placeholders) become none.

use super::Candidate;
use super::hash;
use super::lexicon::lexicon;
use super::lexicon::place::Place;
use super::lexicon::regions::is_han;
use super::name::{chinese_digit, is_numeral, tidy};

/// The characters of a credit code.
const CODE_LENGTH: usize = 18;

/// The keys of one customer; 0 is none.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Evidence {
    /// The credit code; zeros for none.
    pub(super) code: [u8; CODE_LENGTH],
    /// Whether its check character is right.
    pub(super) code_valid: bool,
    /// The bank account.
    pub(super) account: u64,
    /// Up to two telephone numbers, without area code.
    pub(super) phones: [u64; 2],
    /// The address behind its places.
    pub(super) address: u64,
    /// The e-mail address.
    pub(super) email: u64,
    /// The domain of the e-mail address, unless anybody may have an address there.
    pub(super) domain: u64,
    /// Where the address, the code or the telephone says that the customer is.
    pub(super) place: Place,
}

/// How two credit codes compare.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Codes {
    /// One is missing.
    Unknown,
    /// The same.
    Same,
    /// One slip apart, not both right.
    Slip,
    /// Far apart, one of them wrong.
    Doubtful,
    /// Both right and different: two legal persons.
    Different,
}

impl Evidence {
    /// The keys of a candidate.
    pub(super) fn read(candidate: &Candidate) -> Self {
        let code = candidate.uscc.and_then(code).unwrap_or_default();
        let phones = candidate.phone.map(phones).unwrap_or_default();
        let (address, written) = candidate.address.map(address).unwrap_or_default();
        let (email, domain) = candidate.email.map(email).unwrap_or_default();
        let divided = division(&code);
        let place = if written.is_unsaid() || divided.contradicts(written) { written } else { written.or(divided) };
        let place = if place.is_unsaid() { divided } else { place };
        let account = candidate.bank_account.map(account).unwrap_or_default();
        Self { code, code_valid: valid(&code), account, phones, address, email, domain, place }
    }

    /// Whether there is a credit code.
    pub(super) fn has_code(&self) -> bool {
        self.code[0] != 0
    }

    /// How the credit codes compare.
    pub(super) fn codes(&self, other: &Self) -> Codes {
        if !self.has_code() || !other.has_code() {
            return Codes::Unknown;
        }
        if self.code == other.code {
            return Codes::Same;
        }
        let differing: Vec<usize> = (0..CODE_LENGTH).filter(|at| self.code[*at] != other.code[*at]).collect();
        let swapped = matches!(differing[..], [first, second]
            if self.code[first] == other.code[second] && self.code[second] == other.code[first]);
        match (self.code_valid && other.code_valid, differing.len()) {
            (true, _) => Codes::Different,
            (false, 1) => Codes::Slip,
            (false, 2) if swapped => Codes::Slip,
            (false, _) if shifted(&self.code, &other.code) => Codes::Slip,
            (false, 2 | 3) => Codes::Unknown,
            (false, _) => Codes::Doubtful,
        }
    }

    /// Whether they share a telephone number.
    pub(super) fn same_phone(&self, other: &Self) -> bool {
        self.phones.iter().any(|phone| *phone != 0 && other.phones.contains(phone))
    }
}

/// Whether one code is the other with a character left out and one added.
fn shifted(left: &[u8], right: &[u8]) -> bool {
    let front = left.iter().zip(right).take_while(|(left, right)| left == right).count();
    let back = left.iter().rev().zip(right.iter().rev()).take_while(|(left, right)| left == right).count();
    let (start, end) = (front, CODE_LENGTH.saturating_sub(back));
    end > start + 2 && (left[start + 1..end] == right[start..end - 1] || left[start..end - 1] == right[start + 1..end])
}

/// A credit code of 18 letters and digits, unless it is a placeholder.
fn code(text: &str) -> Option<[u8; CODE_LENGTH]> {
    let kept = text.bytes().filter(|byte| !byte.is_ascii_whitespace() && *byte != b'-');
    let code: Vec<u8> = kept.map(|byte| byte.to_ascii_uppercase()).collect();
    let mut distinct = code.clone();
    distinct.sort_unstable();
    distinct.dedup();
    let plain = code.iter().all(u8::is_ascii_alphanumeric) && distinct.len() > 3 && !rising(&code[..code.len().min(9)]);
    if plain { code.try_into().ok() } else { None }
}

/// The check of GB 32100-2015.
fn valid(code: &[u8; CODE_LENGTH]) -> bool {
    const CHARACTERS: &[u8] = b"0123456789ABCDEFGHJKLMNPQRTUWXY";
    let mut weight = 1;
    let mut sum = 0;
    for byte in &code[..CODE_LENGTH - 1] {
        let Some(value) = CHARACTERS.iter().position(|character| character == byte) else { return false };
        sum += value * weight;
        weight = weight * 3 % 31;
    }
    CHARACTERS.get((31 - sum % 31) % 31) == code.last()
}

/// The province of the office that gave the code.
fn division(code: &[u8; CODE_LENGTH]) -> Place {
    let digit = |at: usize| code[at].is_ascii_digit().then(|| code[at] - b'0');
    let division = digit(2).zip(digit(3)).map(|(tens, ones)| tens * 10 + ones);
    division.map(|division| lexicon().regions.division(division)).unwrap_or_default()
}

/// An account number of at least eight digits, unless it is a placeholder.
fn account(text: &str) -> u64 {
    let digits: Vec<u8> = text.bytes().filter(u8::is_ascii_alphanumeric).collect();
    let usable = digits.len() >= 8 && !placeholder(&digits);
    if usable { hash::of_characters(digits.iter().map(|digit| char::from(*digit))) } else { 0 }
}

/// The first two telephone numbers of a text.
fn phones(text: &str) -> [u64; 2] {
    let mut phones = [0; 2];
    let parts = text.split([',', ';', '/', '、', '，', '；', '|']).map(phone).filter(|phone| *phone != 0);
    for (place, phone) in phones.iter_mut().zip(parts) {
        *place = phone;
    }
    phones
}

/// One number: without +86, area code and extension.
fn phone(text: &str) -> u64 {
    let base = text.split(['转', '#', 'x', '*']).next().unwrap_or(text);
    let groups: Vec<&str> = base.split(['-', ' ', '(', ')', '—', '－']).filter(|group| !group.is_empty()).collect();
    // A short last group behind a whole number is an extension.
    let extended =
        groups.len() > 2 && groups.last().is_some_and(|group| group.len() <= 4) && groups[groups.len() - 2].len() >= 7;
    let groups = if extended { &groups[..groups.len() - 1] } else { &groups[..] };
    let digits: Vec<u8> = groups.concat().bytes().filter(u8::is_ascii_digit).collect();
    let digits = digits.strip_prefix(b"00").unwrap_or(&digits);
    let digits = if digits.len() > 11 { digits.strip_prefix(b"86").unwrap_or(digits) } else { digits };
    let digits = if digits.len() > 8 && digits.first() != Some(&b'1') { local(digits) } else { digits };
    let usable = digits.len() >= 7 && !placeholder(digits) && digits != b"13800138000";
    if usable { hash::of_characters(digits.iter().map(|digit| char::from(*digit))) } else { 0 }
}

/// A fixed line without its area code, a service number as it is.
fn local(digits: &[u8]) -> &[u8] {
    let (zero, rest) = digits.strip_prefix(b"0").map_or((false, digits), |rest| (true, rest));
    if !zero && (rest.starts_with(b"400") || rest.starts_with(b"800")) && rest.len() == 10 {
        return rest;
    }
    let area = if matches!(rest, [b'1', b'0', ..] | [b'2', ..]) { 2 } else { 3 };
    if rest.len() >= area + 7 { &rest[area..] } else { rest }
}

/// Digits nobody was given: nearly all the same, or counting up or down.
fn placeholder(digits: &[u8]) -> bool {
    let tail = &digits[digits.len().saturating_sub(7)..];
    let same = tail.iter().all(|digit| digit == &tail[0]);
    let body = if digits.len() == 11 { &digits[3..] } else { digits };
    same || rising(body) || rising(&body.iter().rev().copied().collect::<Vec<u8>>())
}

fn rising(digits: &[u8]) -> bool {
    digits.len() > 5 && digits.windows(2).all(|pair| pair[1] == pair[0] + 1 || (pair[0] == b'9' && pair[1] == b'0'))
}

/// What stands behind the numbers of an address.
const DOORS: &str = "号室楼层栋幢座房弄单元";

/// What an address says behind its places, and the places.
fn address(text: &str) -> (u64, Place) {
    let text: Vec<char> = tidy(text).into_iter().filter(|character| !matches!(character, '(' | ')')).collect();
    let mut rest = &text[..];
    let mut place = Place::default();
    while let Some(found) = lexicon().regions.at_front(rest, place).filter(|found| found.length < rest.len()) {
        place = found.place;
        rest = &rest[found.length..];
    }
    let door = |pair: &[char]| is_numeral(chinese_digit(pair[0])) && DOORS.contains(pair[1]);
    let numbered = rest.iter().any(char::is_ascii_digit) || rest.windows(2).any(door);
    if !numbered || rest.iter().filter(|character| is_han(**character)).count() < 2 {
        return (0, place);
    }
    // 1号2栋301室 and 1-2-301 are the same door.
    let plain = rest.iter().map(|character| if DOORS.contains(*character) { '-' } else { chinese_digit(*character) });
    let mut kept: Vec<char> = plain.collect();
    kept.dedup_by(|left, right| *left == '-' && *right == '-');
    let kept = kept.strip_suffix(&['-']).unwrap_or(&kept);
    (hash::of_characters(kept.iter().copied()), place)
}

/// The first e-mail address, and its domain.
fn email(text: &str) -> (u64, u64) {
    let first = text.split([';', ',', '、', ' ', '，', '；', '/']).find(|part| part.contains('@'));
    let Some((person, domain)) = first.and_then(|first| first.rsplit_once('@')) else { return (0, 0) };
    let domain = domain.to_ascii_lowercase();
    if person.is_empty() || !domain.contains('.') {
        return (0, 0);
    }
    let address = hash::mixed(hash::of_text(&person.to_ascii_lowercase()), hash::of_text(&domain)) | 1;
    let free = lexicon().free_mail.contains(domain.as_str());
    (address, if free { 0 } else { hash::of_text(&domain) })
}
