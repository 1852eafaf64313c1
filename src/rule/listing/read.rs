//! Reads the `[[list]]`s of a `report.toml`, with every mistake at its line.
//!
//! Apart from the types because it changes with every key. Whatever it does not know is an error.

use super::item::{Item, Names};
use super::{Column, Figure, Groups, List, Related, Relation, RelationKind};
use crate::check::Parameters;
use crate::check::condition;
use crate::dictionary::Table;
use crate::model::FigureKind;
use crate::params::{self, Params, Placed};
use crate::problem::{Document, Problem};
use crate::rule::{Pack, Rule};
use crate::text;
use crate::text::Text;

const RELATIONS: [(&str, RelationKind); 3] = [
    ("same_owner_as", RelationKind::SameOwner),
    ("same_customer_as", RelationKind::SameCustomer),
    ("other_customer_than", RelationKind::OtherCustomer),
];

/// The lists of a report's definition; the other keys of the file are read elsewhere.
///
/// # Errors
/// Every mistake in them.
pub fn read(report: &str, document: &Document, pack: &Pack) -> Result<Vec<List>, Vec<Problem>> {
    let (lists, problems) = params::read(document, |root| {
        let entries = root.tables("list");
        let sheets = root.optional_strings("sheets").unwrap_or_default();
        root.leave_the_rest();
        let mut lists: Vec<List> = Vec::new();
        // A list with a mistake still is one that others may name.
        let mut names: Vec<String> = Vec::new();
        for entry in &entries {
            let reader = Reader { report, entry, pack, names: &names };
            lists.extend(reader.list());
            names.extend(entry.optional_string("name").map(|name| name.value));
        }
        for (list, entry) in lists.iter().zip(&entries).filter(|_| lists.len() == entries.len()) {
            let is_shown = sheets.iter().any(|sheet| sheet.value == list.name);
            let is_named =
                lists.iter().any(|other| other.relations.iter().any(|named| named.lists.contains(&list.name)));
            if !is_shown && !is_named {
                let name = &list.name;
                let message = text!(
                    "清单“{name}”没有用到：sheets 里没有它，也没有别的清单提到它",
                    "the list `{name}` is not used: neither in `sheets` nor by another list"
                );
                root.problems().add(entry.span_of("name"), message);
            }
        }
        lists
    });
    if problems.is_empty() { Ok(lists.unwrap_or_default()) } else { Err(problems) }
}

struct Reader<'r> {
    report: &'r str,
    entry: &'r Params<'r>,
    pack: &'r Pack,
    /// The lists before it.
    names: &'r [String],
}

impl Reader<'_> {
    fn list(&self) -> Option<List> {
        let entry = self.entry;
        let name = entry.string("name");
        entry.must_have("title");
        let title = entry.optional_text("title");
        let note = entry.optional_text("note");
        let table = entry.optional_string("table");
        let found = table.as_ref().map(|written| self.table(entry, written));
        let table = match found {
            Some(None) => {
                // Of an unknown table nobody knows which fields are mistakes.
                entry.leave_the_rest();
                return None;
            }
            Some(Some(table)) => Some(table),
            None => None,
        };
        let names = Names { dictionary: &self.pack.dictionary, table };
        let failing = self.rules("failing", table);
        let with = self.rules("with", table);
        if table.is_none() && failing.is_empty() {
            let message = text!("要么有 table，要么有 failing", "a list has a `table`, or else `failing` rules");
            entry.problems().add(entry.span(), message);
        }
        let where_ = self.condition(table);
        let relations = self.relations(table);
        let card = entry.optional_bool("card").unwrap_or(false);
        let related: Vec<Option<Related>> =
            entry.tables("related").iter().map(|related| self.related(related, table)).collect();
        if !card && entry.has("related") {
            let message = text!("related 只用于 card = true", "`related` is for `card = true`");
            entry.problems().add(entry.span_of("related"), message);
        }
        let groups = self.groups(&names);
        let columns = match (&groups, entry.has("columns")) {
            (Some(_), true) => {
                let message = text!("分组的清单不写 columns", "a list with `group_by` has no `columns`");
                entry.problems().add(entry.span_of("columns"), message);
                Vec::new()
            }
            (Some(_), false) => Vec::new(),
            (None, _) => {
                let columns = entry.tables("columns");
                entry.must_not_be_empty("columns", columns.is_empty());
                columns.iter().filter_map(|column| read_column(column, &names)).collect()
            }
        };
        let sort = self.sort(&names);
        let limit = entry.optional_count("limit").and_then(|limit| usize::try_from(limit.value).ok());
        let signatures = signatures(entry);
        entry.finish();
        Some(List {
            report: self.report.to_owned(),
            name: name?.value,
            title: title?,
            note: note.unwrap_or_default(),
            table: table.map(|table| table.name.clone()),
            where_: where_?,
            failing,
            with,
            relations,
            columns,
            sort,
            groups,
            card: card.then(|| related.into_iter().flatten().collect()),
            limit,
            signatures,
        })
    }

    fn table(&self, entry: &Params, written: &Placed<String>) -> Option<&Table> {
        let dictionary = &self.pack.dictionary;
        let word = &written.value;
        let found = dictionary.table_called(word);
        if found.is_none() {
            let message = text!("没有表“{word}”", "there is no table `{word}`");
            entry.problems().unknown(written.span.clone(), message, word, &dictionary.words());
        }
        found
    }

    /// The rules under a key; each must be there and be about the table.
    fn rules(&self, key: &'static str, table: Option<&Table>) -> Vec<String> {
        let written = self.entry.optional_strings(key).unwrap_or_default();
        let all: Vec<&Rule> = self.pack.rules.iter().chain(&self.pack.dormant).collect();
        for rule in &written {
            let word = &rule.value;
            let mut named = all.iter().filter(|known| known.id == *word).peekable();
            if named.peek().is_none() {
                let ids: Vec<&str> = all.iter().map(|rule| rule.id.as_str()).collect();
                let message = text!("没有规则“{word}”", "there is no rule `{word}`");
                let problem = self.entry.problems().document().problem(rule.span.clone(), message);
                self.entry.problems().push(problem.with_suggestion(word, ids));
            } else if let Some(table) = table
                && !named.any(|rule| rule.table == table.name)
            {
                let name = &table.name;
                let message = text!("规则 {word} 不检核表 {name}", "the rule {word} is not about the table {name}");
                self.entry.problems().add(rule.span.clone(), message);
            }
        }
        written.into_iter().map(|rule| rule.value).collect()
    }

    /// Outer nothing: it has a mistake.
    fn condition(&self, table: Option<&Table>) -> Option<Option<condition::Condition>> {
        let Some(written) = self.entry.optional_string("where") else {
            return if self.entry.has("where") { None } else { Some(None) };
        };
        let Some(table) = table else {
            let message = text!("没有 table 就不能写 where", "`where` needs a `table`");
            self.entry.problems().add(written.span, message);
            return None;
        };
        condition::parse(&written, table, &Parameters::default(), self.entry.problems()).map(Some)
    }

    fn relations(&self, table: Option<&Table>) -> Vec<Relation> {
        let mut relations = Vec::new();
        for (key, how) in RELATIONS {
            let Some(lists) = self.entry.optional_strings(key) else { continue };
            self.entry.must_not_be_empty(key, lists.is_empty());
            for written in &lists {
                let word = &written.value;
                if !self.names.contains(word) {
                    let known: Vec<&str> = self.names.iter().map(String::as_str).collect();
                    let message = text!("前面没有清单“{word}”", "no list `{word}` stands before this one");
                    self.entry.problems().unknown(written.span.clone(), message, word, &known);
                }
                if table.is_none() {
                    let message = text!("没有 table 就不能写 {key}", "`{key}` needs a `table`");
                    self.entry.problems().add(written.span.clone(), message);
                }
            }
            relations.push(Relation { lists: lists.into_iter().map(|list| list.value).collect(), how });
        }
        relations
    }

    fn related(&self, related: &Params, own: Option<&Table>) -> Option<Related> {
        let written = related.string("table")?;
        let Some(table) = self.table(related, &written) else {
            related.leave_the_rest();
            return None;
        };
        let has_customer = |table: Option<&Table>| table.is_some_and(|table| table.customer.is_some());
        if !has_customer(Some(table)) || !has_customer(own) {
            let message = text!("两张表没有共同的客户", "the two tables have no customer in common");
            related.problems().add(written.span, message);
        }
        let names = Names { dictionary: &self.pack.dictionary, table: Some(table) };
        let columns = related.tables("columns");
        related.must_not_be_empty("columns", columns.is_empty());
        let columns = columns.iter().filter_map(|column| read_column(column, &names)).collect();
        related.finish();
        Some(Related { table: table.name.clone(), columns })
    }

    fn groups(&self, names: &Names) -> Option<Groups> {
        let entry = self.entry;
        let by = entry.optional_strings("group_by");
        let figures = entry.tables("figures");
        let chart = entry.optional_bool("chart");
        let Some(by) = by else {
            for key in ["figures", "chart"].into_iter().filter(|key| entry.has(key)) {
                let message = text!("{key} 只用于 group_by", "`{key}` is for `group_by`");
                entry.problems().add(entry.span_of(key), message);
            }
            return None;
        };
        entry.must_not_be_empty("group_by", by.is_empty());
        entry.must_not_be_empty("figures", figures.is_empty());
        let column = |written: &Placed<String>| {
            let item = names.named_or_reckoned(entry, written)?;
            Some(Column { title: names.title(&item), width: names.width(&item).max(16), item })
        };
        Some(Groups {
            by: by.iter().filter_map(column).collect(),
            figures: figures.iter().filter_map(|figure| read_figure(figure, names)).collect(),
            chart: chart.unwrap_or(false),
        })
    }

    fn sort(&self, names: &Names) -> Vec<(Item, bool)> {
        let written = self.entry.optional_strings("sort").unwrap_or_default();
        let one = |written: Placed<String>| {
            let largest_first = written.value.starts_with('-');
            let word = written.value.trim_start_matches('-').to_owned();
            let item = names.named_or_reckoned(self.entry, &Placed { value: word, span: written.span })?;
            Some((item, largest_first))
        };
        written.into_iter().filter_map(one).collect()
    }
}

fn read_column(params: &Params, names: &Names) -> Option<Column> {
    let (field, value, blank) = (params.optional_string("field"), params.optional_string("value"), params.has("blank"));
    let blank_title = if blank { params.optional_text("blank") } else { None };
    let title = params.optional_text("title");
    let width = width(params);
    params.finish();
    let item = match (&field, &value, blank) {
        (Some(field), None, false) => names.named(params, field)?,
        (None, Some(value), false) => names.reckoned(params, value)?,
        (None, None, true) => Item::Blank,
        _ => {
            let message = text!("一列写 field、value、blank 之一", "a column has one of `field`, `value` and `blank`");
            params.problems().add(params.span(), message);
            return None;
        }
    };
    let title = title.or(blank_title).unwrap_or_else(|| names.title(&item));
    Some(Column { title, width: width.unwrap_or_else(|| names.width(&item)), item })
}

fn read_figure(params: &Params, names: &Names) -> Option<Figure> {
    params.must_have("of");
    let how = params.optional_word("of", &FigureKind::WORDS);
    let (field, value) = (params.optional_string("field"), params.optional_string("value"));
    let title = params.optional_text("title");
    let width = width(params);
    params.finish();
    let how = how?;
    let counts = matches!(how, FigureKind::Count | FigureKind::Share);
    let item = match (&field, &value) {
        (None, None) if counts => None,
        (Some(field), None) if !counts => Some(names.named(params, field)?),
        (None, Some(value)) if !counts => Some(names.reckoned(params, value)?),
        _ => {
            let message = text!(
                "count、share 不带字段，其余要 field 或 value 之一",
                "count and share take no field, the others one of `field` and `value`"
            );
            params.problems().add(params.span(), message);
            return None;
        }
    };
    if let Some(item) = &item
        && matches!(how, FigureKind::Sum | FigureKind::Average)
        && !names.is_number(item)
    {
        params.problems().add(params.span(), text!("只有数字能求和、求平均", "only numbers can be added up"));
        return None;
    }
    let title = title.unwrap_or_else(|| figure_title(how, item.as_ref().map(|item| names.title(item))));
    Some(Figure { how, item, title, width: width.unwrap_or(14) })
}

fn figure_title(how: FigureKind, of: Option<Text>) -> Text {
    let Text { zh, en } = of.unwrap_or_default();
    match how {
        FigureKind::Count => text!("条数", "Count"),
        FigureKind::Share => text!("占比", "Share"),
        FigureKind::Sum => text!("{zh}合计", "{en}, total"),
        FigureKind::Average => text!("{zh}平均", "{en}, average"),
        FigureKind::Least => text!("{zh}最小", "{en}, least"),
        FigureKind::Most => text!("{zh}最大", "{en}, most"),
        FigureKind::Distinct => text!("{zh}（去重）", "{en}, distinct"),
    }
}

fn width(params: &Params) -> Option<u16> {
    let written = params.optional_count("width")?;
    let width = u16::try_from(written.value).ok().filter(|width| (1..=255).contains(width));
    if width.is_none() {
        params.problems().add(written.span, text!("列宽应为 1 到 255", "a width is 1 to 255"));
    }
    width
}

/// Who signs, in both languages.
fn signatures(entry: &Params) -> Option<(Vec<String>, Vec<String>)> {
    let table = entry.optional_table("signatures")?;
    let names = |written: Option<Vec<Placed<String>>>| -> Vec<String> {
        written.unwrap_or_default().into_iter().map(|name| name.value).collect()
    };
    let both = (names(table.strings("zh")), names(table.strings("en")));
    if both.0.len() != both.1.len() {
        let message = text!("中英文的签字人数不同", "the two languages name different numbers of people");
        table.problems().add(table.span(), message);
    }
    table.finish();
    Some(both)
}
