//! A condition in words, for people who do not read SQL.
//!
//! Apart because only `explain` and reports ask for it. It knows labels and no values.

use super::{Comparison, Condition, Operand, Part, Span, Whole};
use crate::dictionary::Table;
use crate::text;
use crate::text::{Language, Text};

impl Condition {
    /// The condition in words; fields by their labels.
    pub fn words(&self, table: &Table) -> Text {
        let both = |make: &dyn Fn(Language) -> String| Text { zh: make(Language::Zh), en: make(Language::En) };
        match self {
            Condition::All(parts) => joined(parts, table, true),
            Condition::Any(parts) => joined(parts, table, false),
            Condition::Not(part) => negated(part, table),
            Condition::Compare(left, comparison, right) => both(&|language| {
                let (left, right) = (left.words(table), right.words(table));
                format!("{}{}{}", left.get(language), comparison.words(language), right.get(language))
            }),
            Condition::OneOf(operand, values) => {
                let (of, list) = (operand.words(table), |language| list(values, table, language));
                let (zh, en, list_zh, list_en) = (of.zh, of.en, list(Language::Zh), list(Language::En));
                text!("{zh}为{list_zh}之一", "{en} is one of {list_en}")
            }
            Condition::NoValue(field) => {
                let Text { zh, en } = label(table, field);
                text!("{zh}没有可用的值", "{en} has no value")
            }
            Condition::Missing(field) => {
                let Text { zh, en } = label(table, field);
                text!("{zh}未填写", "{en} is missing")
            }
            Condition::HasColumn(field) => {
                let Text { zh, en } = label(table, field);
                text!("有{zh}这一列", "there is a column {en}")
            }
            Condition::Holds(field, part, text) => {
                let Text { zh, en } = label(table, field);
                match part {
                    Part::Anywhere => text!("{zh}含有“{text}”", "{en} contains '{text}'"),
                    Part::Start => text!("{zh}以“{text}”开头", "{en} starts with '{text}'"),
                    Part::End => text!("{zh}以“{text}”结尾", "{en} ends with '{text}'"),
                }
            }
            Condition::Constant(true) => text!("总是", "always"),
            Condition::Constant(false) => text!("从不", "never"),
        }
    }
}

impl Operand {
    /// The value in words; fields by their labels.
    pub fn words(&self, table: &Table) -> Text {
        match self {
            Operand::Field(field, _) => label(table, field),
            Operand::Text(text) => text!("“{text}”", "'{text}'"),
            Operand::Number(number) => Text::same(number.normalize().to_string()),
            Operand::Blank(name, _) => text!("{name}（未填写）", "{name} (blank)"),
            Operand::Day(day) => Text::same(day.to_string()),
            Operand::AsOf => text!("基准日", "the as-of date"),
            Operand::Shifted(operand, days) => {
                let (Text { zh, en }, count) = (operand.words(table), days.count());
                if days.is_earlier() {
                    text!("{zh}之前 {count} 天", "{count} days before {en}")
                } else {
                    text!("{zh}之后 {count} 天", "{count} days after {en}")
                }
            }
            Operand::MonthsLater(operand, months) => {
                let (Text { zh, en }, count) = (operand.words(table), months.count());
                if months.is_earlier() {
                    text!("{zh}之前 {count} 个月", "{count} months before {en}")
                } else {
                    text!("{zh}之后 {count} 个月", "{count} months after {en}")
                }
            }
            Operand::Length(field) => {
                let Text { zh, en } = label(table, field);
                text!("{zh}的字数", "the length of {en}")
            }
            Operand::Between(span, from, to) => {
                let (from, to) = (from.words(table), to.words(table));
                let (from_zh, to_zh, from_en, to_en) = (from.zh, to.zh, from.en, to.en);
                let (zh, en) = match span {
                    Span::Days => ("天数", "days"),
                    Span::WorkingDays => ("工作日数", "working days"),
                    Span::Hours => ("小时数", "hours"),
                };
                text!("{from_zh}到{to_zh}的{zh}", "the {en} from {from_en} to {to_en}")
            }
            Operand::Year(operand) => {
                let Text { zh, en } = operand.words(table);
                text!("{zh}的年份", "the year of {en}")
            }
            Operand::Month(operand) => {
                let Text { zh, en } = operand.words(table);
                text!("{zh}的月份", "the month of {en}")
            }
            Operand::WeekStart(operand) => {
                let Text { zh, en } = operand.words(table);
                text!("{zh}所在周的星期一", "the Monday of the week of {en}")
            }
            Operand::Later(left, right) => {
                let (left, right) = (left.words(table), right.words(table));
                let (left_zh, right_zh, left_en, right_en) = (left.zh, right.zh, left.en, right.en);
                text!("{left_zh}与{right_zh}中较晚的", "the later of {left_en} and {right_en}")
            }
            Operand::Earlier(left, right) => {
                let (left, right) = (left.words(table), right.words(table));
                let (left_zh, right_zh, left_en, right_en) = (left.zh, right.zh, left.en, right.en);
                text!("{left_zh}与{right_zh}中较早的", "the earlier of {left_en} and {right_en}")
            }
        }
    }

    /// Whether it is written in the rule and needs no looking up.
    pub fn is_constant(&self) -> bool {
        matches!(self, Operand::Text(_) | Operand::Number(_) | Operand::Blank(..) | Operand::Day(_))
    }
}

impl Whole {
    fn count(&self) -> String {
        self.blank.as_ref().map_or_else(|| self.number.unsigned_abs().to_string(), |(name, _)| format!("{name}(?)"))
    }

    fn is_earlier(&self) -> bool {
        self.blank.as_ref().map_or(self.number < 0, |(_, taken_off)| *taken_off)
    }
}

impl Comparison {
    fn words(self, language: Language) -> &'static str {
        let (zh, en) = match self {
            Comparison::Equal => (" = ", " = "),
            Comparison::NotEqual => (" ≠ ", " ≠ "),
            Comparison::Less => (" < ", " < "),
            Comparison::LessOrEqual => (" ≤ ", " ≤ "),
            Comparison::Greater => (" > ", " > "),
            Comparison::GreaterOrEqual => (" ≥ ", " ≥ "),
        };
        match language {
            Language::Zh => zh,
            Language::En => en,
        }
    }
}

fn label(table: &Table, field: &str) -> Text {
    table.field(field).map_or_else(
        || Text::same(field),
        |field| {
            let (zh, en) = (&field.label, &field.label_en);
            text!("“{zh}”", "{en}")
        },
    )
}

fn list(values: &[Operand], table: &Table, language: Language) -> String {
    let plain = |operand: &Operand| match operand {
        Operand::Text(text) => text.clone(),
        other => other.words(table).get(language).to_owned(),
    };
    values.iter().map(plain).collect::<Vec<_>>().join(" / ")
}

/// Parts of which all, or any, hold; a part of all that is a choice itself is bracketed.
fn joined(parts: &[Condition], table: &Table, all_hold: bool) -> Text {
    let (zh, en) = if all_hold { ("，且", " and ") } else { ("，或", " or ") };
    let bracketed = |part: &Condition, language: Language| {
        let words = part.words(table);
        match part {
            Condition::Any(_) if all_hold => format!("({})", words.get(language)),
            _ => words.get(language).to_owned(),
        }
    };
    let all = |language, between: &str| -> String {
        parts.iter().map(|part| bracketed(part, language)).collect::<Vec<_>>().join(between)
    };
    Text { zh: all(Language::Zh, zh), en: all(Language::En, en) }
}

fn negated(part: &Condition, table: &Table) -> Text {
    match part {
        Condition::Missing(field) => {
            let Text { zh, en } = label(table, field);
            text!("{zh}已填写", "{en} is filled in")
        }
        Condition::NoValue(field) => {
            let Text { zh, en } = label(table, field);
            text!("{zh}有值", "{en} has a value")
        }
        _ => {
            let Text { zh, en } = part.words(table);
            text!("并非（{zh}）", "not ({en})")
        }
    }
}
