//! The definitions that the figures follow, as `[analysis]` of a `report.toml` sets them.
//!
//! Apart because a company defines for itself what an active customer is, and every definition is printed. It does not
//! know how they are read.

use std::collections::BTreeMap;

use rust_decimal::Decimal;

use super::columns::{Columns, Group};

/// The definitions of one report.
#[derive(Clone, Debug, PartialEq)]
pub struct Settings {
    /// A customer whose last contract is at most so many months back is active.
    pub active_months: u32,
    /// One whose last contract is further back than this is lost; between the two it is silent.
    pub lost_months: u32,
    /// Amounts are those of so many months.
    pub amount_months: u32,
    /// Shares of the whole, in percent, up to which customers are A and B.
    pub abc: [u32; 2],
    /// The numbers of first customers whose share is shown.
    pub top: Vec<u32>,
    /// A distribution has at most so many lines; what is smaller becomes 其他.
    pub most_lines: usize,
    /// Cells of natural persons below this are merged.
    pub small_cell: u64,
    /// With fewer customers than this there are no quintiles.
    pub rfm_smallest: usize,
    /// Fixed bounds in days since the last contract, from the best to the worst.
    pub rfm_days: [u32; 4],
    /// Fixed bounds of the number of contracts, from the worst to the best.
    pub rfm_deals: [u32; 4],
    /// Fixed bounds of amounts, from the worst to the best.
    pub rfm_amounts: [u32; 4],
    /// A customer is late when so many times its usual interval has passed.
    pub rhythm_factor: Decimal,
    /// A customer may rise when at most this amount is missing.
    pub near_gap: Decimal,
    /// Bounds of days overdue.
    pub ageing_days: Vec<u32>,
    /// Bounds of ages.
    pub ages: Vec<u32>,
    /// Bounds of incomes.
    pub incomes: Vec<u32>,
    /// Bounds of years since the first deal.
    pub tenures: Vec<u32>,
    /// A visit is to be handed in within so many hours.
    pub visit_hours: u32,
    /// States of contracts that do not count.
    pub void: Vec<String>,
    /// The currency of the amounts; a contract that names none is in it.
    pub home_currency: Vec<String>,
    /// States of customers that have ended.
    pub stopped: Vec<String>,
    /// Kinds of customers that are natural persons.
    pub persons: Vec<String>,
    /// States of people who have left.
    pub gone: Vec<String>,
    /// States of plans that were carried out.
    pub carried_out: Vec<String>,
    /// Words of complaints' causes that blame wrong customer data.
    pub data_errors: Vec<String>,
    /// Rows of a list of customers.
    pub list_rows: usize,
    /// Which table of the dictionary is which.
    pub tables: BTreeMap<Group, String>,
    /// Which field is used for what.
    pub columns: Columns,
    /// Only customers of these values: field and values.
    pub filter: BTreeMap<String, Vec<String>>,
    /// Which sheet shows a clause: clause and sheet.
    pub coverage: Vec<(String, String)>,
}
