//! The unit of an amount: a currency, and by how many tens its numbers are counted (万元, 元, 万美元).
//!
//! Apart because the dictionary states the unit of a field, a header that of a column and a cell its own, and all three
//! must be told alike. It converts nothing and knows no rates: different currencies are never added up.

/// The code of the currency that nobody needs to name.
pub const RENMINBI: &str = "CNY";

/// Words for currencies, the longer of two that begin alike first.
const CURRENCIES: [(&str, &str); 34] = [
    ("人民币", RENMINBI),
    ("rmb", RENMINBI),
    ("cny", RENMINBI),
    ("cn¥", RENMINBI),
    ("¥", RENMINBI),
    ("￥", RENMINBI),
    ("美元", "USD"),
    ("美金", "USD"),
    ("usd", "USD"),
    ("us$", "USD"),
    ("欧元", "EUR"),
    ("eur", "EUR"),
    ("€", "EUR"),
    ("港币", "HKD"),
    ("港元", "HKD"),
    ("hkd", "HKD"),
    ("hk$", "HKD"),
    ("日元", "JPY"),
    ("日圆", "JPY"),
    ("jpy", "JPY"),
    ("英镑", "GBP"),
    ("gbp", "GBP"),
    ("£", "GBP"),
    ("新台币", "TWD"),
    ("台币", "TWD"),
    ("twd", "TWD"),
    ("韩元", "KRW"),
    ("krw", "KRW"),
    ("澳元", "AUD"),
    ("aud", "AUD"),
    ("加元", "CAD"),
    ("新加坡元", "SGD"),
    ("卢布", "RUB"),
    ("$", "USD"),
];

/// Words for how an amount is counted, and the power of ten, the longer of two that end alike first.
const COUNTS: [(&str, u32); 10] = [
    ("万亿", 12),
    ("百亿", 10),
    ("十亿", 9),
    ("亿", 8),
    ("千万", 7),
    ("百万", 6),
    ("十万", 5),
    ("万", 4),
    ("千", 3),
    ("百", 2),
];

/// A currency, and the power of ten that its numbers are counted in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Unit {
    /// The currency's code.
    pub currency: &'static str,
    /// The power of ten: 4 for 万元.
    pub power: u32,
}

impl Unit {
    /// The unit of a currency's code; nothing where no currency has it.
    pub fn of(code: &str, power: u32) -> Option<Self> {
        let known = CURRENCIES.iter().find(|(_, known)| *known == code);
        known.map(|(_, currency)| Self { currency, power })
    }

    /// The unit that a folded text is the name of: 元, 万元, 人民币万元, 万美元, USD; nothing where it is none.
    pub fn named(text: &str) -> Option<Self> {
        let written: String =
            text.chars().filter(|character| !character.is_whitespace()).flat_map(char::to_lowercase).collect();
        let (before, rest) = currency_at_start(&written);
        let (currency, rest) = match currency_at_end(rest) {
            (Some(after), _) if before.is_some_and(|before| before != after) => return None,
            (Some(after), rest) => (Some(after), rest),
            (None, rest) => (before, rest),
        };
        let (power, rest) = count_at_end(rest.strip_suffix('元').unwrap_or(rest));
        let yuan = written.ends_with('元');
        (rest.is_empty() && (currency.is_some() || yuan || power.is_some_and(|power| power >= 4)))
            .then(|| Self { currency: currency.unwrap_or(RENMINBI), power: power.unwrap_or(0) })
    }

    /// The unit that the brackets of a folded label or header name: 合同金额(万元).
    pub fn in_brackets(label: &str) -> Option<Self> {
        label
            .split(['(', '（', '[', '【', '〔'])
            .skip(1)
            .find_map(|part| Self::among(part.split([')', '）', ']', '】', '〕']).next()?))
    }

    /// The one unit that some words name, alone or among others: 单位: 元, (元,含税), (含税 元); nothing where they name two.
    pub fn among(words: &str) -> Option<Self> {
        let said = words.rsplit_once("单位").map_or(words, |(_, behind)| behind).trim_start();
        let said = said.trim_start_matches([':', '：']).trim();
        let is_between = |character: char| character.is_whitespace() || ",，;；、/".contains(character);
        Self::named(said).or_else(|| {
            let mut named = said.split(is_between).filter_map(Self::named);
            let first = named.next()?;
            named.all(|other| other == first).then_some(first)
        })
    }

    /// Whether some words speak of a unit, understood or not.
    pub fn is_mentioned(words: &str) -> bool {
        let small = words.to_lowercase();
        small.contains(['元', '千', '万', '亿'])
            || small.contains("单位")
            || CURRENCIES.iter().any(|(word, _)| small.contains(word))
    }

    /// Whether the brackets of a label speak of a unit, understood or not.
    pub fn is_mentioned_in_brackets(label: &str) -> bool {
        label.split_once(['(', '（', '[', '【', '〔']).is_some_and(|(_, inner)| Self::is_mentioned(inner))
    }

    /// The unit in Chinese words.
    pub fn words(self) -> String {
        let count = COUNTS.iter().find(|(_, power)| *power == self.power).map_or("", |(word, _)| word);
        match self.currency {
            RENMINBI => format!("{count}元"),
            other => format!("{count}{other}"),
        }
    }
}

/// A currency at the start of a text in small letters, and what follows it.
pub fn currency_at_start(text: &str) -> (Option<&'static str>, &str) {
    CURRENCIES
        .iter()
        .find_map(|(word, code)| text.strip_prefix(word).map(|rest| (Some(*code), rest)))
        .unwrap_or((None, text))
}

/// A currency at the end of a text in small letters, and what stands before it; 元 alone names none.
pub fn currency_at_end(text: &str) -> (Option<&'static str>, &str) {
    CURRENCIES
        .iter()
        .find_map(|(word, code)| text.strip_suffix(word).map(|rest| (Some(*code), rest)))
        .unwrap_or((None, text.strip_suffix('元').unwrap_or(text)))
}

/// The power of ten that a text ends on, and what stands before it.
pub fn count_at_end(text: &str) -> (Option<u32>, &str) {
    COUNTS
        .iter()
        .find_map(|(word, power)| text.strip_suffix(word).map(|rest| (Some(*power), rest)))
        .unwrap_or((None, text))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn units_are_told_by_their_names() {
        for (written, currency, power) in [
            ("元", RENMINBI, 0),
            ("万元", RENMINBI, 4),
            ("人民币万元", RENMINBI, 4),
            ("万元人民币", RENMINBI, 4),
            ("亿元", RENMINBI, 8),
            ("千元", RENMINBI, 3),
            ("万", RENMINBI, 4),
            ("万美元", "USD", 4),
            ("USD", "USD", 0),
            ("RMB 万元", RENMINBI, 4),
            ("¥", RENMINBI, 0),
        ] {
            assert_eq!(Unit::named(written), Some(Unit { currency, power }), "{written}");
        }
        for written in ["", "手机", "人", "%", "个", "岁", "千", "百", "人民币美元", "吨"] {
            assert_eq!(Unit::named(written), None, "{written}");
        }
    }

    #[test]
    fn a_label_names_its_unit_in_brackets() {
        assert_eq!(Unit::in_brackets("合同金额(万元)").map(|unit| unit.power), Some(4));
        assert_eq!(Unit::in_brackets("合同金额(含税)(单位:元)").map(|unit| unit.power), Some(0));
        for label in
            ["合同金额(元,含税)", "合同金额（含税 元）", "合同金额(含税、人民币元)", "合同金额(单位: 元/不含税)"]
        {
            assert_eq!(Unit::in_brackets(label).map(|unit| unit.power), Some(0), "{label}");
        }
        assert_eq!(Unit::in_brackets("金额(元、万元)"), None);
        assert!(Unit::is_mentioned_in_brackets("金额(元、万元)") && !Unit::is_mentioned_in_brackets("联系电话(手机)"));
        assert_eq!(Unit::in_brackets("联系电话(手机)"), None);
        assert_eq!(Unit::in_brackets("万元"), None);
    }
}
