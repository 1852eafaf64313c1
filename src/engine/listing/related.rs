//! The rows of other tables that stand on a customer's card.
//!
//! Apart because they are looked up once for all cards, and not once a card.

use std::collections::BTreeMap;

use super::able::Able;
use super::cells::Cells;
use super::source::ListSource;
use crate::dataset::Dataset;
use crate::engine::ownership::Ownership;
use crate::model::ListedCell;
use crate::rule::List;
use crate::rule::listing::Column;

/// The rows of other tables on a card, by customer.
pub(super) struct Related<'r> {
    lists: Vec<RelatedList<'r>>,
}

struct RelatedList<'r> {
    columns: Vec<&'r Column>,
    dataset: Option<&'r Dataset>,
    by_customer: BTreeMap<&'r str, Vec<usize>>,
    source: &'r ListSource<'r>,
}

impl<'r> Related<'r> {
    /// Looks up the records of each customer.
    pub fn new(list: &'r List, able: &Able, source: &'r ListSource<'r>) -> Self {
        let related = list.card.iter().flatten().zip(&able.related);
        let lists = related
            .map(|(related, able)| {
                let dataset = source.datasets.get(&related.table).filter(|_| able.unavailable.is_none());
                let mut by_customer: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
                if let Some(dataset) = dataset
                    && let Some(field) = dataset.table.customer.as_deref()
                {
                    for record in 0..dataset.height {
                        by_customer.entry(dataset.folded_at(field, record)).or_default().push(record);
                    }
                }
                let columns = able.shown.iter().map(|at| &related.columns[*at]).collect();
                RelatedList { columns, dataset, by_customer, source }
            })
            .collect();
        Self { lists }
    }

    /// The rows of each list that belong to a customer.
    pub fn of_customer(&self, key: &str, ownership: &Ownership) -> Vec<Vec<Vec<ListedCell>>> {
        self.lists.iter().map(|list| list.of_customer(key, ownership)).collect()
    }
}

impl RelatedList<'_> {
    fn of_customer(&self, key: &str, ownership: &Ownership) -> Vec<Vec<ListedCell>> {
        let (Some(dataset), false) = (self.dataset, key.is_empty()) else { return Vec::new() };
        let cells = Cells { source: self.source, dataset: Some(dataset), ownership, reckoned: Vec::new() };
        let records = self.by_customer.get(key).into_iter().flatten();
        let row = |record: &usize| {
            let owned = ownership.of(dataset, *record);
            self.columns.iter().map(|column| cells.cell(&column.item, *record, &owned, &[])).collect()
        };
        records.map(row).collect()
    }
}
