//! A company of a few customers, whose figures can be reckoned by hand.
//!
//! Apart because every block's tests say only what matters to them. Its period is the third quarter of 2026.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use rust_decimal::Decimal;

use super::columns::Group;
use super::facts::{Cells, Facts, Rows};
use super::settings::Settings;
use crate::model::{Period, Ratio, Secrecy, TierStandards, TierStep};

/// A company in the making.
pub struct Company {
    /// The definitions.
    pub settings: Settings,
    count: usize,
    customers: BTreeMap<&'static str, Cells>,
    deals: Option<Vec<[String; 5]>>,
    visits: Vec<[String; 4]>,
    complaints: Vec<[String; 5]>,
}

/// A day.
pub fn day(text: &str) -> NaiveDate {
    NaiveDate::parse_from_str(text, "%Y-%m-%d").expect("a day")
}

fn number(text: &str) -> Option<Decimal> {
    Decimal::from_str_exact(text).ok()
}

impl Company {
    /// So many customers, K0 and on, and no contract yet.
    pub fn new(count: usize) -> Self {
        Self {
            settings: settings(),
            count,
            customers: BTreeMap::new(),
            deals: Some(Vec::new()),
            visits: Vec::new(),
            complaints: Vec::new(),
        }
    }

    /// A company without a table of contracts.
    pub fn without_deals(&mut self) -> &mut Self {
        self.deals = None;
        self
    }

    /// The recorded tiers.
    pub fn tier(&mut self, tiers: &[&str]) -> &mut Self {
        self.words("tier", tiers)
    }

    /// A column of texts.
    pub fn words(&mut self, usage: &'static str, words: &[&str]) -> &mut Self {
        assert_eq!(words.len(), self.count);
        self.customers.insert(usage, Cells::Words(words.iter().map(|word| (*word).to_owned()).collect()));
        self
    }

    /// A column of numbers; what is none is blank.
    pub fn numbers(&mut self, usage: &'static str, numbers: &[&str]) -> &mut Self {
        self.customers.insert(usage, Cells::Numbers(numbers.iter().map(|text| number(text)).collect()));
        self
    }

    /// A column of days; what is none is blank.
    pub fn days(&mut self, usage: &'static str, days: &[&str]) -> &mut Self {
        let read = |text: &&str| NaiveDate::parse_from_str(text, "%Y-%m-%d").ok();
        self.customers.insert(usage, Cells::Days(days.iter().map(read).collect()));
        self
    }

    /// The day on which a customer ended.
    pub fn ended(&mut self, customer: usize, text: &str) -> &mut Self {
        let count = self.count;
        let cells = self.customers.entry("ended").or_insert_with(|| Cells::Days(vec![None; count]));
        if let Cells::Days(days) = cells {
            days[customer] = Some(day(text));
        }
        self
    }

    /// A contract.
    pub fn deal(&mut self, customer: usize, day: &str, amount: &str) -> &mut Self {
        self.deal_of(Some(customer), day, amount, "", "")
    }

    /// A contract with its state and currency.
    pub fn deal_of(
        &mut self,
        customer: Option<usize>,
        day: &str,
        amount: &str,
        state: &str,
        currency: &str,
    ) -> &mut Self {
        let customer = customer.map(|customer| customer.to_string()).unwrap_or_default();
        let row = [&customer, day, amount, state, currency].map(str::to_owned);
        self.deals.get_or_insert_default().push(row);
        self
    }

    /// A visit and what the customer said.
    pub fn visit(&mut self, customer: usize, day: &str, opinion: &str) -> &mut Self {
        self.visits.push([customer.to_string(), day.to_owned(), String::new(), opinion.to_owned()]);
        self
    }

    /// A visit and when it was handed in.
    pub fn timed_visit(&mut self, customer: usize, visited: &str, handed_in: &str) -> &mut Self {
        self.visits.push([customer.to_string(), visited.to_owned(), handed_in.to_owned(), String::new()]);
        self
    }

    /// A complaint: when, of what kind, why, and when it was closed.
    pub fn complaint(&mut self, customer: usize, day: &str, sort: &str, cause: &str, closed: &str) -> &mut Self {
        self.complaints.push([&customer.to_string(), day, sort, cause, closed].map(str::to_owned));
        self
    }

    /// The facts.
    pub fn facts(&self) -> Facts {
        let count = self.count;
        let texts = |name: &str| (0..count).map(|place| format!("{name}{place}")).collect::<Vec<_>>();
        let mut customers = rows(&vec![[String::new()]; count], &[]);
        customers.customer = (0..count).map(Some).collect();
        customers.columns.clone_from(&self.customers);
        let mut tables = BTreeMap::from([(Group::Customers, customers)]);
        if let Some(deals) = &self.deals {
            tables
                .insert(Group::Deals, rows(deals, &[("day", 'd'), ("amount", 'n'), ("state", 'w'), ("currency", 'w')]));
        }
        if !self.visits.is_empty() {
            let columns = [("visited", 'm'), ("handed-in", 'm'), ("opinion", 'w')];
            tables.insert(Group::Visits, rows(&self.visits, &columns));
        }
        if !self.complaints.is_empty() {
            let columns = [("received", 'd'), ("sort", 'w'), ("cause", 'w'), ("closed", 'd')];
            tables.insert(Group::Complaints, rows(&self.complaints, &columns));
        }
        let as_of = day("2026-09-30");
        Facts {
            period: Period::parse("2026Q3").expect("a period"),
            as_of,
            cut_off: as_of,
            reader: Secrecy::Internal,
            keys: texts("K"),
            names: texts("N"),
            departments: vec!["销售部".to_owned(); count],
            owners: vec!["人".to_owned(); count],
            secrecy: vec![Secrecy::Internal; count],
            tables,
            left: Default::default(),
            standards: Some(standards()),
            computed: Vec::new(),
            tiers_before: None,
            tiers_year_ago: None,
            quality: Ratio { passed: 9, tested: 10 },
            filtered_out: 0,
        }
    }
}

/// Rows whose first cell is the customer, the others as named: w a word, n a number, d a day, m a moment.
fn rows<const WIDTH: usize>(cells: &[[String; WIDTH]], columns: &[(&'static str, char)]) -> Rows {
    let minutes = |text: &str| {
        let (day_text, time) = text.split_once(' ').map_or((text, None), |(day, time)| (day, Some(time)));
        let day = NaiveDate::parse_from_str(day_text, "%Y-%m-%d").ok()?;
        let time = time.and_then(|time| time.split_once(':')).map(|(hour, minute)| {
            hour.parse::<i64>().expect("an hour") * 60 + minute.parse::<i64>().expect("a minute")
        });
        Some((i64::from(day.to_epoch_days()) * 1440 + time.unwrap_or(0), time.is_some()))
    };
    let made = columns.iter().enumerate().map(|(place, (usage, kind))| {
        let texts = cells.iter().map(|row| row[place + 1].as_str());
        let cells = match kind {
            'w' => Cells::Words(texts.map(str::to_owned).collect()),
            'n' => Cells::Numbers(texts.map(number).collect()),
            'd' => Cells::Days(texts.map(|text| NaiveDate::parse_from_str(text, "%Y-%m-%d").ok()).collect()),
            _ => Cells::Moments(texts.map(minutes).collect()),
        };
        (*usage, cells)
    });
    let columns = made.collect();
    Rows { is_read: true, count: cells.len(), customer: cells.iter().map(|row| row[0].parse().ok()).collect(), columns }
}

fn standards() -> TierStandards {
    let bound = |amount: u32| Some(Decimal::from(amount));
    let step = |name: &str, years: i32| TierStep { name: name.to_owned(), years, ..TierStep::default() };
    TierStandards {
        rule_id: "tiers".to_owned(),
        steps: vec![
            TierStep { each_year: bound(500), single: bound(200), ..step("重要", 3) },
            TierStep { each_year: bound(100), single: bound(50), ..step("稳定", 2) },
            TierStep { any_contract: true, ..step("一般", 3) },
        ],
        otherwise: "潜在".to_owned(),
        synonyms: vec![("重点".to_owned(), "重要".to_owned())],
    }
}

fn settings() -> Settings {
    let words = |words: &[&str]| words.iter().map(|word| (*word).to_owned()).collect::<Vec<_>>();
    Settings {
        active_months: 12,
        lost_months: 24,
        amount_months: 12,
        abc: [80, 95],
        top: vec![10, 20],
        most_lines: 12,
        small_cell: 5,
        rfm_smallest: 50,
        rfm_days: [30, 90, 180, 365],
        rfm_deals: [2, 3, 5, 8],
        rfm_amounts: [10, 50, 100, 500],
        rhythm_factor: Decimal::from(2),
        near_gap: Decimal::from(50),
        ageing_days: vec![30, 60, 90, 180],
        ages: vec![25, 35, 45, 55],
        incomes: vec![5, 10, 20, 50],
        tenures: vec![1, 3, 5, 10],
        visit_hours: 24,
        void: words(&["作废"]),
        home_currency: words(&["人民币", "CNY"]),
        stopped: words(&["停业"]),
        persons: words(&["个人"]),
        gone: words(&["离职"]),
        carried_out: words(&["已执行"]),
        data_errors: words(&["资料错误"]),
        list_rows: 50,
        tables: BTreeMap::new(),
        columns: BTreeMap::new(),
        filter: BTreeMap::new(),
        coverage: Vec::new(),
    }
}
