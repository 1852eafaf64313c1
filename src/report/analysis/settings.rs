//! `[analysis]` of a `report.toml`: definitions with numbers, and which field is used for what.
//!
//! Apart because a wrong number here would be a wrong figure in front of managers: each is checked at its line. It makes
//! the plain settings that the analysis follows.

use std::collections::BTreeMap;
use std::ops::Range;

use rust_decimal::Decimal;
use serde::Deserialize;
use toml::Spanned;

use crate::analysis::{Group, Settings};
use crate::text;
use crate::text::Text;

/// The settings of a report, with the places of the tables and fields that they name.
#[derive(Clone, Debug)]
pub struct Analysed {
    /// The settings.
    pub settings: Settings,
    /// (table, field, place); an empty field stands for the table.
    pub named: Vec<(String, String, Range<usize>)>,
}

type Number = Spanned<u32>;
type Bounds = Spanned<Vec<u32>>;
type Table = BTreeMap<String, Spanned<String>>;

/// `[analysis]` as it is written.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RawSettings {
    active_months: Number,
    lost_months: Number,
    amount_months: Number,
    abc: Bounds,
    top: Bounds,
    most_lines: Number,
    small_cell: Number,
    rfm_smallest: Number,
    rfm_days: Bounds,
    rfm_deals: Bounds,
    rfm_amounts: Bounds,
    rhythm_percent: Number,
    near_gap: Number,
    ageing_days: Bounds,
    ages: Bounds,
    incomes: Bounds,
    tenures: Bounds,
    visit_hours: Number,
    list_rows: Number,
    void: Vec<String>,
    home_currency: Vec<String>,
    stopped: Vec<String>,
    persons: Vec<String>,
    gone: Vec<String>,
    carried_out: Vec<String>,
    data_errors: Vec<String>,
    columns: BTreeMap<String, Spanned<Table>>,
    #[serde(default)]
    filter: BTreeMap<String, Spanned<Vec<String>>>,
    #[serde(default)]
    coverage: BTreeMap<String, Spanned<String>>,
}

/// Mistakes with their places.
type Mistakes = Vec<(Range<usize>, Text)>;

impl RawSettings {
    /// The settings, and every mistake in them.
    pub fn checked(self, clauses: &[Spanned<String>]) -> (Analysed, Mistakes) {
        let mut mistakes = Mistakes::new();
        let at_least_one = [&self.active_months, &self.amount_months, &self.most_lines, &self.list_rows];
        for number in at_least_one.into_iter().chain([&self.visit_hours, &self.rfm_smallest]) {
            if *number.get_ref() == 0 {
                mistakes.push((number.span(), text!("应大于 0", "more than 0 is wanted")));
            }
        }
        if self.lost_months.get_ref() <= self.active_months.get_ref() {
            let message = text!("应大于 active_months", "more than active_months is wanted");
            mistakes.push((self.lost_months.span(), message));
        }
        if *self.rhythm_percent.get_ref() <= 100 {
            mistakes.push((self.rhythm_percent.span(), text!("应大于 100", "more than 100 is wanted")));
        }
        let abc = fixed::<2>(&self.abc, &mut mistakes);
        if self.abc.get_ref().iter().any(|percent| *percent > 100) {
            mistakes.push((self.abc.span(), text!("应为 100 以内的百分数", "percentages up to 100 are wanted")));
        }
        for bounds in [&self.top, &self.ageing_days, &self.ages, &self.incomes, &self.tenures] {
            rising(bounds, &mut mistakes);
        }
        let (tables, columns, mut named) = columns(&self.columns, &mut mistakes);
        let customers = tables.get(&Group::Customers).cloned().unwrap_or_default();
        for (field, values) in &self.filter {
            named.push((customers.clone(), field.clone(), values.span()));
        }
        let mut coverage = Vec::new();
        for (clause, sheet) in &self.coverage {
            let word = sheet.get_ref();
            if !super::super::sheets::names().contains(&word.as_str()) {
                mistakes.push((sheet.span(), text!("没有工作表 {word}", "there is no sheet {word}")));
            }
            if !clauses.iter().any(|cited| cited.get_ref() == clause) {
                let message = text!("条款 {clause} 未列入 clauses", "the clause {clause} is not among `clauses`");
                mistakes.push((sheet.span(), message));
            }
            coverage.push((clause.clone(), word.clone()));
        }
        let settings = Settings {
            active_months: self.active_months.into_inner(),
            lost_months: self.lost_months.into_inner(),
            amount_months: self.amount_months.into_inner(),
            abc,
            top: self.top.into_inner(),
            most_lines: self.most_lines.into_inner() as usize,
            small_cell: u64::from(self.small_cell.into_inner()),
            rfm_smallest: self.rfm_smallest.into_inner() as usize,
            rfm_days: fixed(&self.rfm_days, &mut mistakes),
            rfm_deals: fixed(&self.rfm_deals, &mut mistakes),
            rfm_amounts: fixed(&self.rfm_amounts, &mut mistakes),
            rhythm_factor: Decimal::new(i64::from(self.rhythm_percent.into_inner()), 2),
            near_gap: Decimal::from(self.near_gap.into_inner()),
            ageing_days: self.ageing_days.into_inner(),
            ages: self.ages.into_inner(),
            incomes: self.incomes.into_inner(),
            tenures: self.tenures.into_inner(),
            visit_hours: self.visit_hours.into_inner(),
            void: self.void,
            home_currency: self.home_currency,
            stopped: self.stopped,
            persons: self.persons,
            gone: self.gone,
            carried_out: self.carried_out,
            data_errors: self.data_errors,
            list_rows: self.list_rows.into_inner() as usize,
            tables,
            columns,
            filter: self.filter.into_iter().map(|(field, values)| (field, values.into_inner())).collect(),
            coverage,
        };
        (Analysed { settings, named }, mistakes)
    }
}

/// So many rising numbers.
fn fixed<const COUNT: usize>(bounds: &Bounds, mistakes: &mut Mistakes) -> [u32; COUNT] {
    rising(bounds, mistakes);
    <[u32; COUNT]>::try_from(bounds.get_ref().as_slice()).unwrap_or_else(|_| {
        mistakes.push((bounds.span(), text!("应为 {COUNT} 个数", "{COUNT} numbers are wanted")));
        [0; COUNT]
    })
}

fn rising(bounds: &Bounds, mistakes: &mut Mistakes) {
    let numbers = bounds.get_ref();
    if numbers.is_empty() || numbers.windows(2).any(|pair| pair[0] >= pair[1]) {
        mistakes.push((bounds.span(), text!("应为由小到大的数", "rising numbers are wanted")));
    }
}

type Columns = BTreeMap<(Group, &'static str), String>;
type Named = Vec<(String, String, Range<usize>)>;

fn columns(
    written: &BTreeMap<String, Spanned<Table>>,
    mistakes: &mut Mistakes,
) -> (BTreeMap<Group, String>, Columns, Named) {
    let (mut tables, mut columns, mut named) = (BTreeMap::new(), BTreeMap::new(), Named::new());
    for (key, table) in written {
        let Some((group, _, uses)) = Group::ALL.into_iter().find(|(_, known, _)| known == key) else {
            let list = Group::ALL.map(|(_, key, _)| key).join(", ");
            let message = text!("分析不用“{key}”，可用：{list}", "the analysis knows no `{key}`; it knows {list}");
            mistakes.push((table.span(), message));
            continue;
        };
        let Some(name) = table.get_ref().get("table") else {
            mistakes.push((table.span(), text!("缺少 table", "`table` is missing")));
            continue;
        };
        named.push((name.get_ref().clone(), String::new(), name.span()));
        tables.insert(group, name.get_ref().clone());
        for (usage, field) in table.get_ref().iter().filter(|(usage, _)| *usage != "table") {
            let Some((known, _)) = uses.iter().find(|(known, _)| known == usage) else {
                let list = uses.iter().map(|(known, _)| *known).collect::<Vec<_>>().join(", ");
                let message =
                    text!("“{key}”没有用途“{usage}”，可用：{list}", "{key} has no use `{usage}`; it has {list}");
                mistakes.push((field.span(), message));
                continue;
            };
            named.push((name.get_ref().clone(), field.get_ref().clone(), field.span()));
            columns.insert((group, *known), field.get_ref().clone());
        }
    }
    if !tables.contains_key(&Group::Customers) {
        let span = written.values().next().map(Spanned::span).unwrap_or_default();
        mistakes.push((span, text!("缺少 [analysis.columns.customers]", "no [analysis.columns.customers]")));
    }
    (tables, columns, named)
}
