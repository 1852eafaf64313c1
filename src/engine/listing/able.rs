//! Whether a list can be made of what was read, and what of it cannot be shown.
//!
//! Apart because it decides before any data is touched, from tables, columns and outcomes alone.

use super::source::ListSource;
use crate::dataset::Dataset;
use crate::dictionary::Table;
use crate::model::Outcome;
use crate::rule::List;
use crate::rule::listing::{Column, Item, Relation, RelationKind};
use crate::text;
use crate::text::{Language, Text};

/// What can be made of a list.
#[derive(Default)]
pub(super) struct Able {
    /// The columns that can be shown, by position.
    pub shown: Vec<usize>,
    /// The same for the lists on its cards.
    pub related: Vec<AbleRelated>,
    /// What its rows do not cover.
    pub remarks: Vec<Text>,
    /// Why it cannot be made.
    pub unavailable: Option<String>,
    /// Whether that, or what it lacks, is so only this time.
    pub is_partial: bool,
}

/// What can be made of a list on a card.
#[derive(Default)]
pub(super) struct AbleRelated {
    /// The columns that can be shown, by position.
    pub shown: Vec<usize>,
    /// Why it cannot be made.
    pub unavailable: Option<String>,
}

impl Able {
    /// Looks at a list.
    pub fn of(list: &List, source: &ListSource) -> Self {
        let language = source.context.language;
        let mut able = Self { shown: (0..list.columns.len()).collect(), ..Self::default() };
        let said = |text: Text| Some(text.get(language).to_owned());
        if let Err(reason) = able.rules(list, source) {
            able.unavailable = said(reason);
            return able;
        }
        let Some(name) = &list.table else { return able };
        let dataset = match dataset(name, source) {
            Ok(dataset) => dataset,
            Err(reason) => {
                able.is_partial = is_configured(name, source);
                able.unavailable = said(reason);
                return able;
            }
        };
        let unread: Vec<&str> = source.reading.unread_of(name).map(|unread| unread.file.as_str()).collect();
        if !unread.is_empty() {
            able.is_partial = true;
            let files = unread.join(", ");
            able.remarks
                .push(text!("没有读到的数据源不在其中：{files}", "without the sources that were not read: {files}"));
        }
        if let Err(reason) = able.needed(list, dataset, source) {
            able.unavailable = said(reason);
            return able;
        }
        let customers = source.datasets.get(&source.context.dictionary.customers.table);
        let (shown, absent) = shown(&list.columns, dataset, customers, source);
        able.shown = shown;
        if !absent.is_empty() {
            let (zh, en) = (named(&absent, |text| &text.zh, "、"), named(&absent, |text| &text.en, ", "));
            able.remarks.push(text!(
                "本公司的数据没有这些列，未列出：{zh}",
                "columns that the company's data lacks, left out: {en}"
            ));
        }
        if able.shown.is_empty() && list.groups.is_none() {
            able.unavailable = said(text!("本公司的数据没有要列的任何一列", "the data has none of the columns"));
        }
        able.cards(list, source);
        able
    }

    /// Lists that this one refers to and that cannot be made. What the company does not keep blocks nothing, but is said;
    /// what was not read this time might block.
    pub fn refer(&mut self, relation: &Relation, unmade: &[(&str, &str, bool)], language: Language) {
        if unmade.is_empty() || self.unavailable.is_some() {
            return;
        }
        let named = |colon: &str, between: &str| {
            let each = unmade.iter().map(|(title, reason, _)| format!("{title}{colon}{reason}"));
            each.collect::<Vec<_>>().join(between)
        };
        let said = Text { zh: named("——", "；"), en: named(": ", "; ") };
        let is_partial = unmade.iter().any(|(_, _, is_partial)| *is_partial);
        self.is_partial |= is_partial;
        let is_bound = relation.how != RelationKind::OtherCustomer && unmade.len() == relation.lists.len();
        if is_bound || is_partial {
            self.unavailable = Some(said.get(language).to_owned());
        } else {
            let Text { zh, en } = said;
            self.remarks.push(text!("未能对照：{zh}", "not compared with: {en}"));
        }
    }

    /// The rules whose findings it lists must have been concluded, or it says which were not.
    fn rules(&mut self, list: &List, source: &ListSource) -> Result<(), Text> {
        let language = source.context.language;
        let mut missing: Vec<Text> = Vec::new();
        let mut dormant: Vec<&str> = Vec::new();
        for id in list.failing.iter().chain(&list.with) {
            let lines: Vec<_> = source.evaluation.outcomes.iter().filter(|line| line.rule_id == *id).collect();
            let concluded = lines.iter().any(|line| {
                line.outcome.is_concluded() || (line.outcome == Outcome::NotApplicable && line.reason.is_empty())
            });
            if concluded {
                continue;
            }
            self.is_partial |= lines.iter().any(|line| line.outcome == Outcome::NotEvaluated);
            match lines.first() {
                Some(line) => {
                    let (title, reason) = (&line.title, &line.reason);
                    let word = match line.outcome {
                        Outcome::NotEnabled => text!("未启用", "not enabled"),
                        Outcome::NotApplicable => text!("不适用", "not applicable"),
                        _ => text!("未能检核", "not evaluated"),
                    };
                    let word = word.get(language);
                    missing.push(text!(
                        "规则“{title}”（{id}）{word}：{reason}",
                        "the rule “{title}” ({id}) is {word}: {reason}"
                    ));
                }
                None => dormant.push(id),
            }
        }
        let unmade = missing.len() + dormant.len();
        if !dormant.is_empty() {
            let rules = dormant.join(", ");
            missing.push(text!(
                "这些规则所在的制度包没有启用（[company] packs）：{rules}",
                "rules of policy packs that are not in [company] packs: {rules}"
            ));
        }
        let needed = list.failing.len();
        if needed > 0 && unmade == needed + list.with.len() {
            let (zh, en) = (named(&missing, |text| &text.zh, "；"), named(&missing, |text| &text.en, "; "));
            return Err(text!("{zh}", "{en}"));
        }
        self.remarks.extend(missing);
        Ok(())
    }

    /// What the list cannot do without: the fields of its condition, of its groups, of what it is sorted by.
    fn needed(&mut self, list: &List, dataset: &Dataset, source: &ListSource) -> Result<(), Text> {
        let language = source.context.language;
        let mut fields: Vec<&str> = list.where_.iter().flat_map(|condition| condition.needed()).collect();
        let groups = list.groups.iter().flat_map(|groups| {
            let figures = groups.figures.iter().filter_map(|figure| figure.item.as_ref());
            groups.by.iter().map(|column| &column.item).chain(figures)
        });
        fields.extend(groups.flat_map(fields_of));
        for field in fields {
            let label = dataset.table.field(field).map_or(field, |field| field.label(language));
            if !dataset.columns.contains_key(field) {
                return Err(lacking(dataset.table.label(language), label));
            }
            let lacking: Vec<String> = dataset
                .parts
                .iter()
                .filter(|part| !part.letters.contains_key(field))
                .map(|part| format!("{} {}", part.file, part.sheet).trim().to_owned())
                .collect();
            if !lacking.is_empty() {
                let places = lacking.join(", ");
                let remark = text!("这些来源没有“{label}”列：{places}", "sources without the column {label}: {places}");
                if !self.remarks.contains(&remark) {
                    self.remarks.push(remark);
                }
            }
        }
        Ok(())
    }

    fn cards(&mut self, list: &List, source: &ListSource) {
        let language = source.context.language;
        for related in list.card.iter().flatten() {
            self.related.push(match dataset(&related.table, source) {
                Err(reason) => AbleRelated { shown: Vec::new(), unavailable: Some(reason.get(language).to_owned()) },
                Ok(dataset) => {
                    let (shown, _) = shown(&related.columns, dataset, None, source);
                    AbleRelated { shown, unavailable: None }
                }
            });
        }
    }
}

/// The dataset of a table, or why there is none to list.
fn dataset<'s>(name: &str, source: &'s ListSource) -> Result<&'s Dataset, Text> {
    let language = source.context.language;
    let label = source.context.dictionary.table(name).map_or(name, |table| table.label(language));
    if !is_configured(name, source) {
        return Err(text!("没有“{label}”的数据源", "there is no source for {label}"));
    }
    let Some(dataset) = source.datasets.get(name).filter(|dataset| !dataset.parts.is_empty()) else {
        let files: Vec<&str> = source.reading.unread_of(name).map(|unread| unread.file.as_str()).collect();
        let files = files.join(", ");
        return Err(text!("“{label}”的数据源没有读到：{files}", "the source of {label} was not read: {files}"));
    };
    match &dataset.not_concluded {
        Some(reason) => Err(Text::same(reason.clone())),
        None => Ok(dataset),
    }
}

/// Whether the company has a source for a table at all.
fn is_configured(table: &str, source: &ListSource) -> bool {
    source.reading.configured.iter().any(|configured| configured == table)
}

/// The columns that can be shown, and the labels of those that cannot.
fn shown(
    columns: &[Column],
    dataset: &Dataset,
    customers: Option<&Dataset>,
    source: &ListSource,
) -> (Vec<usize>, Vec<Text>) {
    let mut absent = Vec::new();
    let has = |table: &Table, dataset: Option<&Dataset>, field: &str, absent: &mut Vec<Text>| {
        let is_there = dataset.is_some_and(|dataset| dataset.columns.contains_key(field));
        if let (false, Some(field)) = (is_there, table.field(field)) {
            absent.push(Text { zh: field.label.clone(), en: field.label_en.clone() });
        }
        is_there
    };
    let dictionary = source.context.dictionary;
    let shown = (0..columns.len())
        .filter(|at| match &columns[*at].item {
            Item::Field(field) => has(&dataset.table, Some(dataset), field, &mut absent),
            Item::OfCustomer(field) => dictionary
                .table(&dictionary.customers.table)
                .is_some_and(|table| has(table, customers, field, &mut absent)),
            Item::Value(operand) => {
                let fields = operand.fields();
                fields.into_iter().all(|field| has(&dataset.table, Some(dataset), field, &mut absent))
            }
            _ => true,
        })
        .collect();
    absent.dedup();
    (shown, absent)
}

fn fields_of(item: &Item) -> Vec<&str> {
    match item {
        Item::Field(field) => vec![field],
        Item::Value(operand) => operand.fields(),
        _ => Vec::new(),
    }
}

fn named(texts: &[Text], of: fn(&Text) -> &String, between: &str) -> String {
    texts.iter().map(|text| of(text).as_str()).collect::<Vec<_>>().join(between)
}

/// Why a list cannot be made: a table or column that is not there.
fn lacking(table: &str, column: &str) -> Text {
    text!("“{table}”没有“{column}”列", "{table} has no column {column}")
}
