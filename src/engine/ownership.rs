//! Whose a record is: its department, its owner and its customer's name, by the roles of the dictionary.
//!
//! Apart because every finding and every score needs it. It looks up; which route a rule takes, the rule says.

use std::collections::BTreeMap;

use polars::prelude::{InitHashMaps, PlHashMap};

use crate::dataset::Dataset;
use crate::dataset::places::Places;
use crate::dictionary::Dictionary;
use crate::model::Secrecy;
use crate::rule::Route;

/// Looks up departments, owners and customers.
pub struct Ownership<'d> {
    dictionary: &'d Dictionary,
    customers: Option<&'d Dataset>,
    by_key: Option<&'d Places>,
    /// The highest level of the customers that share a key, where it is not that of the first.
    levels: PlHashMap<&'d str, Secrecy>,
    people: PlHashMap<&'d str, &'d str>,
    managers: PlHashMap<&'d str, &'d str>,
}

/// Whose one record is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Owned<'d> {
    /// The department; empty where none was found.
    pub department: &'d str,
    /// The department of the record's customer; empty where none was found.
    pub customer_department: &'d str,
    /// The department of the owner's manager; empty where none was found.
    pub manager_department: &'d str,
    /// The owner; empty where none was found.
    pub owner: &'d str,
    /// The customer's name; empty where none was found.
    pub customer: &'d str,
    /// How confidential the record's customer is; 内部 where there is none.
    pub secrecy: Secrecy,
}

impl<'d> Owned<'d> {
    /// The department that a finding on the record goes to by a rule's route; empty where none was found.
    pub fn department_for<'r>(&self, route: &'r Route, service: &'r str) -> &'r str
    where
        'd: 'r,
    {
        match route {
            Route::Department(name) => name,
            Route::Record => self.department,
            Route::Customer => self.customer_department,
            Route::Manager if self.manager_department.is_empty() => self.department,
            Route::Manager => self.manager_department,
            Route::Service => service,
        }
    }
}

impl<'d> Ownership<'d> {
    /// Prepares the look-ups that a set of tables needs.
    pub fn new(datasets: &'d BTreeMap<String, Dataset>, dictionary: &'d Dictionary, tables: &[&str]) -> Self {
        let roles = &dictionary.customers;
        let customers = datasets.get(&roles.table);
        let mut by_key = None;
        let mut levels = PlHashMap::new();
        let others = tables.iter().any(|table| *table != roles.table && *table != dictionary.people.table);
        if let (Some(customers), true) = (customers, others)
            && let Some(column) = customers.table.key.as_deref().and_then(|key| customers.columns.get(key))
        {
            let places = column.places();
            by_key = Some(places.as_ref());
            for record in places.repeated() {
                let Some(key) = column.folded.get(*record as usize) else { continue };
                let Some(first) = places.first(key) else { continue };
                let level = |record: u32| customers.secrecy_at(roles.secrecy.as_deref(), record as usize);
                let highest = levels.entry(key).or_insert(level(first));
                *highest = (*highest).max(level(*record));
            }
        }
        let mut people = PlHashMap::new();
        let mut managers = PlHashMap::new();
        if let Some(employees) = datasets.get(&dictionary.people.table)
            && let Some(names) = employees.folded(&dictionary.people.name)
        {
            for (record, name) in names.iter().enumerate() {
                let department = employees.folded_at(&dictionary.people.department, record);
                if let (Some(name), false) = (name, department.is_empty()) {
                    people.entry(name).or_insert(department);
                }
                let manager = dictionary.people.manager.as_deref().map(|field| employees.folded_at(field, record));
                if let (Some(name), Some(manager)) = (name, manager.filter(|manager| !manager.is_empty())) {
                    managers.entry(name).or_insert(manager);
                }
            }
        }
        Self { dictionary, customers, by_key, levels, people, managers }
    }

    /// Whose a record is. A record that names its department or a person goes there, else to the customer's.
    pub fn of(&self, dataset: &'d Dataset, record: usize) -> Owned<'d> {
        let mut owned = self.without_manager(dataset, record);
        owned.manager_department =
            self.managers.get(owned.owner).and_then(|manager| self.people.get(manager)).copied().unwrap_or_default();
        owned
    }

    fn without_manager(&self, dataset: &'d Dataset, record: usize) -> Owned<'d> {
        let table = &dataset.table;
        let roles = &self.dictionary.customers;
        if table.name == roles.table {
            return self.of_customer(dataset, record);
        }
        if table.name == self.dictionary.people.table {
            return Owned {
                department: dataset.folded_at(&self.dictionary.people.department, record),
                owner: dataset.folded_at(&self.dictionary.people.name, record),
                ..Owned::default()
            };
        }
        let mut owned = self.of_related_customer(dataset, record);
        if let Some(person) = &table.person {
            let person = dataset.folded_at(person, record);
            if !person.is_empty() {
                owned.owner = person;
                owned.department = self.people.get(person).copied().unwrap_or(owned.department);
            }
        }
        let own = table.department.as_deref().map(|field| dataset.folded_at(field, record)).unwrap_or_default();
        if !own.is_empty() {
            owned.department = own;
        }
        owned
    }

    /// The record of a record's customer, if there is one.
    pub fn customer_of(&self, dataset: &Dataset, record: usize) -> Option<usize> {
        if dataset.table.name == self.dictionary.customers.table {
            return Some(record);
        }
        let key = dataset.folded_at(dataset.table.customer.as_deref()?, record);
        self.customer_called(key)
    }

    /// The first customer with a key.
    fn customer_called(&self, key: &str) -> Option<usize> {
        let first = self.by_key.filter(|_| !key.is_empty())?.first(key)?;
        usize::try_from(first).ok()
    }

    fn of_related_customer(&self, dataset: &'d Dataset, record: usize) -> Owned<'d> {
        let key = dataset.table.customer.as_deref().map(|field| dataset.folded_at(field, record)).unwrap_or_default();
        match (self.customers, self.customer_called(key)) {
            (Some(customers), Some(customer)) => {
                let owned = self.of_customer(customers, customer);
                Owned { secrecy: self.levels.get(key).copied().unwrap_or(owned.secrecy), ..owned }
            }
            // Customers that were not read may be confidential.
            _ if !key.is_empty() && self.may_be_unread() => Owned { secrecy: Secrecy::Secret, ..Owned::default() },
            _ => Owned::default(),
        }
    }

    fn may_be_unread(&self) -> bool {
        self.dictionary.customers.secrecy.is_some() && self.customers.is_none_or(|customers| !customers.whole)
    }

    fn of_customer(&self, customers: &'d Dataset, record: usize) -> Owned<'d> {
        let roles = &self.dictionary.customers;
        let department = customers.folded_at(&roles.department, record);
        Owned {
            department,
            customer_department: department,
            manager_department: "",
            owner: customers.folded_at(&roles.owner, record),
            customer: customers.folded_at(&roles.name, record),
            secrecy: customers.secrecy_at(roles.secrecy.as_deref(), record),
        }
    }
}
