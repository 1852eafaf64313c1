//! One sheet of the analysis in the making.
//!
//! Apart because every sheet says the same things the same way: what it is, what a chart's unit and cut-off date are,
//! which columns were lacking, and how many customers are not listed.

use super::super::blocks::{Block, Cell, Chart, ChartKind, Column, Kind, Mark, Rows, Table};
use super::super::strings::Strings;
use super::super::view::View;
use super::words;
use crate::analysis::{Analysis, Group};

/// A sheet being filled.
pub struct Page<'a> {
    /// The report.
    pub view: &'a View<'a>,
    /// The figures.
    pub analysis: &'a Analysis,
    /// What is on it so far.
    pub blocks: Vec<Block<'a>>,
}

/// A table that is drawn.
pub struct Drawn<'a> {
    /// How.
    pub kind: ChartKind,
    /// The key of its title.
    pub title: &'static str,
    /// The key of its unit.
    pub unit: &'static str,
    /// The columns.
    pub columns: Vec<Column>,
    /// The rows.
    pub rows: Vec<Vec<Cell<'a>>>,
    /// The columns that are drawn.
    pub series: Vec<usize>,
}

impl<'a> Page<'a> {
    /// A sheet with its title.
    pub fn new(view: &'a View<'a>, analysis: &'a Analysis, title: &'static str) -> Self {
        let strings = view.strings;
        let places: [(&str, &dyn std::fmt::Display); 3] = [
            ("title", &strings.get(title)),
            ("period", &strings.period(view.input.period)),
            ("day", &analysis.facts.cut_off),
        ];
        Self { view, analysis, blocks: vec![Block::Title(strings.fill("analysis.page_title", &places))] }
    }

    /// The words.
    pub fn strings(&self) -> &'a Strings {
        self.view.strings
    }

    /// The wording of a key.
    pub fn word(&self, key: &'static str) -> &'a str {
        self.view.strings.get(key)
    }

    /// A column.
    pub fn column(&self, key: &'static str, kind: Kind, width: u16) -> Column {
        Column::new(self.word(key), kind, width)
    }

    /// What follows.
    pub fn heading(&mut self, key: &'static str) {
        let heading = self.word(key).to_owned();
        self.blocks.push(Block::Heading(heading));
    }

    /// A sentence.
    pub fn paragraph(&mut self, text: String) {
        self.blocks.push(Block::Paragraph(text));
    }

    /// Something small.
    pub fn note(&mut self, text: String) {
        self.blocks.push(Block::Note(text));
    }

    /// A table.
    pub fn table(&mut self, columns: Vec<Column>, rows: Vec<Vec<Cell<'a>>>) {
        let table = table(self.strings(), columns, rows);
        self.blocks.push(Block::Table(table));
    }

    /// A table whose numbers are shaded by their size.
    pub fn heat_map(&mut self, columns: Vec<Column>, rows: Vec<Vec<Cell<'a>>>, shaded: Vec<usize>) {
        let table = Table { shaded, ..table(self.strings(), columns, rows) };
        self.blocks.push(Block::Table(table));
    }

    /// A table and its picture, with unit and cut-off date below. Where there is no row, there is no picture.
    pub fn drawn(&mut self, drawn: Drawn<'a>) {
        let is_empty = drawn.rows.is_empty();
        let mut columns = drawn.columns;
        for series in &drawn.series {
            if let Some(column) = columns.get_mut(*series).filter(|column| column.kind != Kind::Share) {
                column.unit = Some(self.word(drawn.unit).to_owned());
            }
        }
        let made = table(self.strings(), columns, drawn.rows);
        if is_empty {
            self.blocks.push(Block::Table(made));
            return;
        }
        let title = self.word(drawn.title).to_owned();
        self.blocks.push(Block::Chart(Chart {
            kind: drawn.kind,
            title,
            table: made,
            category: 0,
            series: drawn.series,
        }));
        let unit = self.word(drawn.unit);
        let places: [(&str, &dyn std::fmt::Display); 2] = [("unit", &unit), ("day", &self.analysis.facts.cut_off)];
        let note = self.strings().fill("analysis.chart_note", &places);
        self.note(note);
    }

    /// Says which of some columns are lacking, so that something was not analysed; whether any is.
    pub fn lacking(&mut self, group: Group, uses: &[&str]) -> bool {
        let lacking: Vec<String> = self
            .analysis
            .missing
            .iter()
            .filter(|missing| missing.group == group && uses.contains(&missing.usage))
            .map(|missing| self.view.input.labels.field(&missing.table, &missing.field).to_owned())
            .collect();
        let unmapped = uses.iter().any(|usage| !self.analysis.settings.columns.contains_key(&(group, *usage)));
        if lacking.is_empty() {
            return unmapped && !uses.iter().any(|usage| self.analysis.facts.rows(group).has(usage));
        }
        let table = self.analysis.settings.tables.get(&group).cloned().unwrap_or_default();
        let table = self.view.input.labels.table(&table).to_owned();
        let list = self.strings().joined(lacking.iter().map(String::as_str));
        let note = match self.analysis.facts.rows(group).is_read {
            true => self.strings().fill("analysis.lacking", &[("table", &table), ("columns", &list)]),
            false => self.strings().fill("analysis.lacking_table", &[("table", &table)]),
        };
        if !self.blocks.iter().any(|block| matches!(block, Block::Note(said) if *said == note)) {
            self.note(note);
        }
        true
    }

    /// Says that there are no contracts to reckon from; whether that is so.
    pub fn without_deals(&mut self) -> bool {
        if self.analysis.deals.are_known {
            return false;
        }
        self.lacking(Group::Deals, &["day", "amount"]);
        true
    }

    /// Those of some customers that the readers may see, as many as a list holds; what is not listed is said below the
    /// table by `said`.
    pub fn listed<T: 'a>(&self, all: &'a [T], customer: impl Fn(&T) -> usize) -> (Vec<&'a T>, Vec<String>) {
        let facts = &self.analysis.facts;
        let shown: Vec<&T> = all.iter().filter(|entry| facts.may_show(customer(entry))).collect();
        let mut said = Vec::new();
        let (withheld, most) = (all.len() - shown.len(), self.analysis.settings.list_rows);
        if shown.len() > most {
            said.push(self.strings().fill("analysis.cut", &[("count", &shown.len()), ("shown", &most)]));
        }
        if withheld > 0 {
            said.push(self.strings().fill("analysis.withheld", &[("count", &withheld)]));
        }
        (shown.into_iter().take(most).collect(), said)
    }

    /// What is below a list.
    pub fn notes(&mut self, said: Vec<String>) {
        said.into_iter().for_each(|note| self.note(note));
    }

    /// A customer's number and name, for lists of those that may be seen.
    pub fn customer(&self, customer: usize) -> [Cell<'a>; 2] {
        let facts = &self.analysis.facts;
        [facts.keys[customer].as_str().into(), facts.names[customer].as_str().into()]
    }

    /// The columns of a customer's number and name.
    pub fn customer_columns(&self) -> Vec<Column> {
        vec![self.column("analysis.number", Kind::Text, 18), self.column("analysis.customer", Kind::Text, 34)]
    }

    /// The columns of department and owner.
    pub fn owner_columns(&self) -> [Column; 2] {
        [self.column("analysis.department", Kind::Text, 14), self.column("analysis.owner", Kind::Text, 10)]
    }

    /// A customer's department and owner.
    pub fn owner(&self, customer: usize) -> [Cell<'a>; 2] {
        let facts = &self.analysis.facts;
        [facts.departments[customer].as_str().into(), facts.owners[customer].as_str().into()]
    }

    /// A tier by its place.
    pub fn tier(&self, place: Option<usize>) -> Cell<'a> {
        words::tier(self.strings(), self.analysis, place).into()
    }
}

/// A table of a few rows.
pub fn table<'a>(strings: &Strings, columns: Vec<Column>, rows: Vec<Vec<Cell<'a>>>) -> Table<'a> {
    Table {
        columns,
        rows: Rows::of(rows),
        is_list: false,
        empty: strings.get("analysis.nothing").to_owned(),
        shaded: Vec::new(),
    }
}

/// A row that stands out: a sum.
pub fn strong(row: Vec<Cell<'_>>) -> Vec<Cell<'_>> {
    row.into_iter().map(|cell| cell.marked(Mark::Strong)).collect()
}
