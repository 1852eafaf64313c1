//! Who may see what: a reader's clearance against the level of records and columns, and the masks of personal fields.
//!
//! Apart because every sheet, mail and format must obey it and none of them should have to know. A report is made of
//! what its reader may see ([`seen`]), and what was drafted is searched once more for what he may not ([`gate`]).
//! Where something is not known, nothing is shown. It knows no address and no layout.

pub mod gate;
pub mod guard;
pub mod seen;

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet, HashSet};

use super::definition::Audience;
use crate::masking::{Mask, scrubbed};
use crate::model::{Finding, Secrecy};
use crate::text;
use crate::text::{Language, Text};
pub use guard::{Guard, search};

/// What stands where something is not shown.
pub fn withheld() -> Text {
    text!("〔未列示〕", "[withheld]")
}

/// What one reader may see.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Reader {
    /// The highest level that he may see.
    pub clearance: Secrecy,
    /// Whether he sees personal values whole.
    pub unmasked: bool,
}

impl Reader {
    /// Nobody's view but the program's: everything as it is.
    pub const WHOLE: Reader = Reader { clearance: Secrecy::Secret, unmasked: true };
}

/// How a field is shown.
#[derive(Clone, Copy, Debug, Default)]
pub struct FieldAccess {
    /// How its values are masked; nothing: as they are.
    pub mask: Option<Mask>,
    /// How confidential it is whatever the record.
    pub secrecy: Secrecy,
}

/// What a rule's findings may tell beside their own cell.
#[derive(Clone, Copy, Debug, Default)]
pub struct RuleAccess {
    /// The highest level of the columns that it reads.
    pub secrecy: Secrecy,
    /// Whether its findings speak of other records.
    pub speaks_of_others: bool,
}

/// The customers whose findings are delivered in a workbook of their own.
#[derive(Clone, Debug, Default)]
pub struct Important {
    /// Their keys.
    pub keys: HashSet<String>,
    /// Their names.
    pub names: HashSet<String>,
    /// Who may get that workbook.
    pub clearance: Secrecy,
}

/// Everything that decides who sees what, as plain data.
#[derive(Clone, Debug, Default)]
pub struct Access {
    /// The departments with an entry.
    pub departments: BTreeMap<String, Reader>,
    /// Customer service: what the fallback department may see.
    pub service: Reader,
    /// The leader.
    pub leader: Reader,
    /// The managers.
    pub management: Reader,
    /// The fields by table and name.
    pub fields: BTreeMap<String, BTreeMap<String, FieldAccess>>,
    /// The rules by id.
    pub rules: BTreeMap<String, RuleAccess>,
    /// Folded texts that count as no value and so need no mask.
    pub blanks: BTreeSet<String>,
    /// What readers of a clearance must not read; of a clearance that is missing here nobody knows.
    pub guards: BTreeMap<Secrecy, Guard>,
    /// The important customers, where the dictionary says which they are.
    pub important: Option<Important>,
    /// Whom to ask.
    pub contact: String,
    /// After how many days a report is to be deleted, where the company says so.
    pub retention_days: Option<u64>,
}

impl Access {
    /// Of a run in which no record is confidential: for trying templates.
    pub fn of_nothing_confidential() -> Self {
        Self { guards: Secrecy::ALL.map(|level| (level, Guard::default())).into(), ..Self::default() }
    }

    /// Who reads a report of an audience.
    pub fn reader(&self, audience: Audience, department: Option<&str>) -> Reader {
        match audience {
            // The department that stands in without an entry of its own has nobody who was cleared.
            Audience::Departments | Audience::Persons => {
                department.and_then(|name| self.departments.get(name.trim())).copied().unwrap_or_default()
            }
            Audience::Service => self.service,
            Audience::Leader => self.leader,
            Audience::Management => self.management,
            Audience::Administrator => Reader { clearance: Secrecy::Public, unmasked: false },
        }
    }

    fn field(&self, table: &str, field: &str) -> FieldAccess {
        self.fields.get(table).and_then(|fields| fields.get(field)).copied().unwrap_or_default()
    }

    /// The highest level of a rule's columns; of a rule that is gone, that of all columns of its table.
    fn rule(&self, rule: &str, table: &str) -> RuleAccess {
        self.rules.get(rule).copied().unwrap_or_else(|| {
            let fields = self.fields.get(table).into_iter().flat_map(BTreeMap::values);
            RuleAccess { secrecy: fields.map(|field| field.secrecy).max().unwrap_or_default(), speaks_of_others: true }
        })
    }
}

/// What one reader sees of values: every text of the data that reaches a document goes through it.
#[derive(Clone, Copy)]
pub struct Lens<'a> {
    access: &'a Access,
    reader: Reader,
    language: Language,
}

impl<'a> Lens<'a> {
    /// The view of a reader.
    pub fn new(access: &'a Access, reader: Reader, language: Language) -> Self {
        Self { access, reader, language }
    }

    /// Whether he may see what has that level.
    pub fn sees(&self, level: Secrecy) -> bool {
        level <= self.reader.clearance
    }

    /// A field's value as he may see it: masked, or not at all where the column is above him.
    pub fn value<'v>(&self, table: &str, field: &str, value: &'v str) -> Cow<'v, str> {
        let FieldAccess { mask, secrecy } = self.access.field(table, field);
        if value.trim().is_empty() {
            return Cow::Borrowed(value);
        }
        if !self.sees(secrecy) {
            return Cow::Owned(withheld().get(self.language).to_owned());
        }
        match mask.filter(|_| !self.reader.unmasked && !self.access.blanks.contains(value.trim())) {
            Some(mask) => Cow::Owned(mask.remarked(value, self.language)),
            None => self.text(value),
        }
    }

    /// A text of the data as he may see it: without a word of withheld records, and without personal numbers.
    pub fn text<'v>(&self, text: &'v str) -> Cow<'v, str> {
        let kept = self.guarded(text);
        if self.reader.unmasked {
            return kept;
        }
        match kept {
            Cow::Borrowed(kept) => scrubbed(kept),
            Cow::Owned(kept) => Cow::Owned(scrubbed(&kept).into_owned()),
        }
    }

    /// A text without a word of withheld records.
    pub fn guarded<'v>(&self, text: &'v str) -> Cow<'v, str> {
        match self.guard() {
            Some(Some(guard)) => guard.replaced(text, withheld().get(self.language)),
            Some(None) if !text.trim().is_empty() => Cow::Owned(withheld().get(self.language).to_owned()),
            _ => Cow::Borrowed(text),
        }
    }

    /// A name of a person or a department, which withheld records alone may have brought in.
    pub fn name<'v>(&self, name: &'v str) -> Cow<'v, str> {
        if self.names_withheld(name) {
            return Cow::Owned(withheld().get(self.language).to_owned());
        }
        if self.reader.unmasked { Cow::Borrowed(name) } else { scrubbed(name) }
    }

    /// Whether texts can be searched for what he must not read.
    fn searches(&self) -> bool {
        self.guard().is_none_or(|guard| guard.is_some_and(Guard::searches))
    }

    /// Whether there is anything that he must not read.
    pub fn guards(&self) -> bool {
        self.guard().is_some_and(|guard| guard.is_none_or(|guard| !guard.is_empty()))
    }

    /// Nothing for a reader who may see all; inside it, nothing where nobody knows what is withheld.
    fn guard(&self) -> Option<Option<&'a Guard>> {
        (self.reader.clearance < Secrecy::Secret).then(|| self.access.guards.get(&self.reader.clearance))
    }

    /// Whether a key or a name belongs to withheld records and to no other.
    fn names_withheld(&self, name: &str) -> bool {
        self.guard().flatten().is_some_and(|guard| guard.names(name))
    }

    /// How confidential a finding is: its record, its column, the columns that its rule reads, and whether its record
    /// has become more confidential since.
    pub fn level(&self, finding: &Finding<'_>) -> Secrecy {
        let column = match finding.field {
            "" => Secrecy::Public,
            field => self.access.field(finding.table, field).secrecy,
        };
        let rule = self.access.rule(finding.rule_id, finding.table).secrecy;
        let level = finding.secrecy.max(column).max(rule);
        let level = if self.is_important(finding) { level.max(self.important_level()) } else { level };
        if self.names_withheld(finding.record_key) || self.names_withheld(finding.customer) {
            return Secrecy::Secret;
        }
        level
    }

    /// How confidential a listed record is: itself, and its customer where that is an important one; a key or a name
    /// that belongs to withheld records makes it as confidential as can be.
    pub fn level_of(&self, own: Secrecy, key: &str, customer: &str) -> Secrecy {
        if self.names_withheld(key) || self.names_withheld(customer) {
            return Secrecy::Secret;
        }
        if self.is_important_customer(key, customer) { own.max(self.important_level()) } else { own }
    }

    /// Whether a finding is about an important customer.
    pub fn is_important(&self, finding: &Finding<'_>) -> bool {
        self.is_important_customer(finding.record_key, finding.customer)
    }

    /// Whether a customer is important, by key or name.
    pub fn is_important_customer(&self, key: &str, name: &str) -> bool {
        self.access.important.as_ref().is_some_and(|important| {
            (!key.is_empty() && important.keys.contains(key)) || (!name.is_empty() && important.names.contains(name))
        })
    }

    fn important_level(&self) -> Secrecy {
        self.access.important.as_ref().map_or(Secrecy::Public, |important| important.clearance)
    }

    /// Whether a finding's message may name records that are above him.
    fn speaks_of_others(&self, finding: &Finding<'_>) -> bool {
        self.reader.clearance < Secrecy::Secret && self.access.rule(finding.rule_id, finding.table).speaks_of_others
    }

    /// Whether the message of a finding that is gone may name records of which nothing is known any more.
    fn distrusts(&self, finding: &Finding<'_>) -> bool {
        self.speaks_of_others(finding)
            && matches!(finding.status, crate::model::Status::Resolved | crate::model::Status::NotChecked)
    }
}

#[cfg(test)]
mod tests;
