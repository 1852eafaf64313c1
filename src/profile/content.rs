//! What a text looks like, whatever the header above it says: a mobile number, a day, the name of a firm.
//!
//! Apart because guesses are made nowhere else: a run goes by headers, a profile tells what the cells seem to hold, and
//! masks what looks personal although nobody said so. It looks at single folded texts and knows no field.

use serde::Serialize;

use crate::dataset::typing;
use crate::dictionary::{Field, FieldType};
use crate::masking::Mask;
use crate::text;
use crate::text::Text;

/// What a text looks like; of several, the first that fits.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Content {
    /// An address for mail.
    Email,
    /// A number of a mobile telephone.
    Mobile,
    /// A number of a fixed telephone, with its area.
    Telephone,
    /// A day, with or without a time.
    Date,
    /// A unified credit code of an organisation.
    CreditCode,
    /// A number of an identity card.
    Identity,
    /// A number of an account or card.
    Account,
    /// An amount or count.
    Number,
    /// The name of a firm.
    Firm,
    /// An address of a place.
    Place,
    /// The name of a person.
    Person,
}

const ALL: [Content; 11] = [
    Content::Email,
    Content::Mobile,
    Content::Telephone,
    Content::Date,
    Content::CreditCode,
    Content::Identity,
    Content::Account,
    Content::Number,
    Content::Firm,
    Content::Place,
    Content::Person,
];

/// What names of firms end in.
const FIRMS: [&str; 22] = [
    "公司",
    "集团",
    "工厂",
    "厂",
    "商行",
    "商店",
    "商场",
    "超市",
    "经营部",
    "门市部",
    "合作社",
    "事务所",
    "中心",
    "酒店",
    "饭店",
    "药店",
    "医院",
    "学校",
    "大学",
    "研究院",
    "研究所",
    "批发部",
];
/// Letters of a credit code: no I, O, S, V, Z.
const CODE_LETTERS: &str = "0123456789ABCDEFGHJKLMNPQRTUWXY";

impl Content {
    /// What a folded text looks like; nothing where it looks like nothing in particular.
    pub fn of(text: &str) -> Option<Self> {
        ALL.into_iter().find(|content| content.is(text))
    }

    fn is(self, text: &str) -> bool {
        match self {
            Content::Email => is_email(text),
            Content::Mobile => is_mobile(text),
            Content::Telephone => is_telephone(text),
            Content::Date => typing::datetime(text).is_some(),
            Content::CreditCode => is_credit_code(text),
            Content::Identity => is_identity(text),
            Content::Account => is_account(text),
            Content::Number => {
                typing::decimal(text).is_some() && !(text.len() > 1 && text.starts_with('0') && !text.contains('.'))
            }
            Content::Firm => {
                has_han(text)
                    && text.chars().count() >= 4
                    && FIRMS.iter().any(|end| text.trim_end_matches(')').ends_with(end))
            }
            Content::Place => is_place(text),
            Content::Person => is_person(text),
        }
    }

    /// How values of it are shown to whoever need not see them; nothing: as they are.
    pub fn mask(self) -> Option<Mask> {
        Some(match self {
            Content::Email => Mask::Email,
            Content::Mobile | Content::Telephone => Mask::Phone,
            Content::Identity => Mask::Identity,
            Content::Account => Mask::Account,
            Content::Place => Mask::Address,
            Content::Person => Mask::Name,
            Content::Date | Content::CreditCode | Content::Number | Content::Firm => return None,
        })
    }

    /// Whether a field of the dictionary is meant to hold it.
    pub fn suits(self, field: &Field) -> bool {
        match self {
            Content::Date => matches!(field.field_type, FieldType::Date | FieldType::DateTime),
            Content::Number => field.field_type == FieldType::Decimal,
            Content::CreditCode | Content::Firm => false,
            other => other.mask().is_some() && other.mask() == field.mask,
        }
    }

    /// Its name for people.
    pub fn called(self) -> Text {
        match self {
            Content::Email => text!("邮箱地址", "e-mail addresses"),
            Content::Mobile => text!("手机号", "mobile numbers"),
            Content::Telephone => text!("固定电话", "fixed telephone numbers"),
            Content::Date => text!("日期", "dates"),
            Content::CreditCode => text!("信用代码", "credit codes"),
            Content::Identity => text!("身份证号码", "identity numbers"),
            Content::Account => text!("账号", "account numbers"),
            Content::Number => text!("数字", "numbers"),
            Content::Firm => text!("单位名称", "names of firms"),
            Content::Place => text!("地点", "addresses"),
            Content::Person => text!("人名", "names of persons"),
        }
    }
}

fn digits(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())
}

fn without_blanks(text: &str) -> String {
    text.chars().filter(|letter| !matches!(letter, ' ' | '-')).collect()
}

fn has_han(text: &str) -> bool {
    text.chars().any(|letter| matches!(letter, '\u{3400}'..='\u{9fff}'))
}

fn is_email(text: &str) -> bool {
    text.split_once('@').is_some_and(|(name, domain)| {
        !name.is_empty() && domain.contains('.') && !domain.contains('@') && !domain.ends_with('.')
    })
}

fn is_mobile(text: &str) -> bool {
    if text.len() < 11 || text.len() > 20 {
        return false;
    }
    let number = without_blanks(text);
    let number = ["+86", "0086", "86"].iter().find_map(|area| number.strip_prefix(area)).unwrap_or(&number);
    number.len() == 11 && digits(number) && number.starts_with('1') && number.as_bytes()[1] >= b'3'
}

fn is_telephone(text: &str) -> bool {
    let bare: String = text.chars().filter(|letter| !matches!(letter, ' ' | '(' | ')')).collect();
    let parts: Vec<&str> = bare.split(['-', '转']).collect();
    let free = bare.starts_with("400") || bare.starts_with("800");
    let whole: String = parts.concat();
    digits(&whole)
        && (free && whole.len() == 10
            || bare.starts_with('0')
                && (10..=12).contains(&whole.len())
                && typing::decimal(text).is_none_or(|_| parts.len() == 1)
            || bare.starts_with('0') && parts.len() == 3 && (11..=17).contains(&whole.len()))
}

fn is_credit_code(text: &str) -> bool {
    text.len() == 18
        && text.starts_with(['9', '1', '5', 'Y'])
        && text.chars().all(|letter| CODE_LETTERS.contains(letter))
        && (!is_identity(text) || text.starts_with('9'))
}

fn is_identity(text: &str) -> bool {
    let Some((number, last)) = text.split_at_checked(17) else { return false };
    digits(number)
        && matches!(last, "X" | "x" | "0" | "1" | "2" | "3" | "4" | "5" | "6" | "7" | "8" | "9")
        && !text.starts_with('0')
        && text
            .get(6..14)
            .is_some_and(|day| (day.starts_with("19") || day.starts_with("20")) && typing::date(day).is_some())
}

fn is_account(text: &str) -> bool {
    if text.len() < 12 || text.len() > 27 {
        return false;
    }
    let number = without_blanks(text);
    (12..=21).contains(&number.len()) && digits(&number)
}

/// An address names a place of some level and something smaller than it.
fn is_place(text: &str) -> bool {
    let has = |marks: &[char]| text.contains(marks);
    text.chars().count() >= 6
        && has_han(text)
        && has(&['省', '市', '区', '县', '州', '镇', '乡'])
        && has(&['路', '街', '道', '巷', '弄', '村', '号', '楼', '室', '园'])
}

/// Two to four Chinese letters of which the first is a family name, no title and no place behind it; 华东 is a region.
fn is_person(text: &str) -> bool {
    let count = text.chars().count();
    let is_region = text.chars().all(|letter| matches!(letter, '华' | '东' | '南' | '西' | '北' | '中'));
    (2..=4).contains(&count)
        && !is_region
        && text.chars().all(|letter| matches!(letter, '\u{3400}'..='\u{9fff}' | '·'))
        && text.chars().next().is_some_and(crate::matching::is_surname)
        && !text.ends_with(['部', '省', '市', '区', '县', '店', '厂', '司', '业', '级', '品', '类', '行'])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_are_told_by_what_they_look_like() {
        for (text, content) in [
            ("13800138000", Some(Content::Mobile)),
            ("+86 138-0013-8000", Some(Content::Mobile)),
            ("0571-87654321", Some(Content::Telephone)),
            ("400-820-8820", Some(Content::Telephone)),
            ("a.b@client.example", Some(Content::Email)),
            ("2023年1月5日", Some(Content::Date)),
            ("20230105", Some(Content::Date)),
            ("91330200MA2AF12345", Some(Content::CreditCode)),
            ("330102199001011234", Some(Content::Identity)),
            ("33010219900101123X", Some(Content::Identity)),
            ("6222021001116240000", Some(Content::Account)),
            ("1,200.50", Some(Content::Number)),
            ("315000", Some(Content::Number)),
            ("宁波华联贸易有限公司", Some(Content::Firm)),
            ("浙江省宁波市中山路8号", Some(Content::Place)),
            ("王伟", Some(Content::Person)),
            ("批发", None),
            ("华东", None),
            ("", None),
            ("A-17", None),
            ("王@伟", None),
        ] {
            assert_eq!(Content::of(text), content, "{text}");
        }
    }
}
