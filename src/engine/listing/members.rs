//! Who is in a list: what later lists of the same report may refer to.
//!
//! Apart because a list knows nothing of another but these. A list that could not be made has no members, and says why.

use std::collections::{BTreeMap, BTreeSet};

use crate::dataset::Dataset;
use crate::engine::ownership::Ownership;
use crate::rule::List;
use crate::rule::listing::{Relation, RelationKind};

/// Who is in a list: what later lists may refer to.
#[derive(Default)]
pub(super) struct Members {
    /// The owners of its records.
    pub(super) owners: BTreeSet<String>,
    /// The customers of its records.
    pub(super) customers: BTreeSet<String>,
    /// The list's title.
    pub(super) title: String,
    /// Why the list could not be made; those that refer to it may not be made either.
    pub(super) unavailable: Option<String>,
    /// Whether it may lack members only this time.
    pub(super) is_partial: bool,
}

/// The members of the lists that were made before, by report and name.
#[derive(Default)]
pub(super) struct Before<'l> {
    lists: BTreeMap<(&'l str, &'l str), Members>,
}

impl<'l> Before<'l> {
    /// Adds a list that was made.
    pub(super) fn add(&mut self, list: &'l List, members: Members) {
        self.lists.insert((&list.report, &list.name), members);
    }

    /// The lists that a relation names.
    fn named<'s>(&'s self, list: &'s List, relation: &'s Relation) -> impl Iterator<Item = &'s Members> {
        relation.lists.iter().filter_map(|name| self.lists.get(&(list.report.as_str(), name.as_str())))
    }

    /// Of the lists that a relation names, those that could not be made: title, reason, and whether it is so only this
    /// time.
    pub(super) fn unmade<'s>(&'s self, list: &'s List, relation: &'s Relation) -> Vec<(&'s str, &'s str, bool)> {
        self.named(list, relation)
            .filter_map(|other| Some((other.title.as_str(), other.unavailable.as_deref()?, other.is_partial)))
            .collect()
    }

    /// Whether a record has to do with the other lists as its list demands.
    pub(super) fn is_related(&self, list: &List, dataset: &Dataset, record: usize, ownership: &Ownership) -> bool {
        let customer = dataset.table.customer.as_deref().map(|field| dataset.folded_at(field, record));
        list.relations.iter().all(|relation| {
            let mut others = self.named(list, relation);
            match relation.how {
                RelationKind::SameOwner => {
                    let owner = ownership.of(dataset, record).owner;
                    others.any(|other| other.owners.contains(owner))
                }
                RelationKind::SameCustomer => {
                    customer.is_some_and(|key| others.any(|other| other.customers.contains(key)))
                }
                RelationKind::OtherCustomer => {
                    customer.is_none_or(|key| !others.any(|other| other.customers.contains(key)))
                }
            }
        })
    }
}
