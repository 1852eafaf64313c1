//! The data dictionary: tables, fields, labels, aliases, types, and who belongs to whom.
//!
//! Apart because sources match headers by it, rules are checked against it and reports take their labels from it.
//! It is read from a file that users edit; no field is known to the program but by it.

mod read;

use crate::masking::Mask;
use crate::model::{Secrecy, Unit};
use crate::text::Language;

/// What a clean value of a field parses to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FieldType {
    /// Text, as folded.
    Text,
    /// A calendar day.
    Date,
    /// A day and a time to the minute.
    DateTime,
    /// An exact decimal.
    Decimal,
}

/// One field of a table.
#[derive(Clone, Debug)]
pub struct Field {
    /// The canonical name: what rules, exports and the code use.
    pub name: String,
    /// The Chinese label: what people read and type as a header.
    pub label: String,
    /// The English label.
    pub label_en: String,
    /// Other headers for the same field.
    pub aliases: Vec<String>,
    /// What a clean value parses to.
    pub field_type: FieldType,
    /// A company may do without it.
    pub optional: bool,
    /// Whether the company says that it has no such column, where companies otherwise do: then it is optional.
    pub absent: bool,
    /// A code, number or account in text: damaged when a number has lost digits.
    pub code: bool,
    /// Values of this field that count as missing beside the dictionary's.
    pub missing: Vec<String>,
    /// Values of this field that are an answer, although the dictionary takes them for missing.
    pub filled: Vec<String>,
    /// How its values are shown to readers who need not see them; nothing: as they are.
    pub mask: Option<Mask>,
    /// How confidential it is whatever the record: readers below see nothing of it.
    pub secrecy: Secrecy,
    /// For an amount: the unit of its values, by the key `unit` or the label's brackets; nothing: they have none.
    pub unit: Option<Unit>,
    /// Whether a cell may state a unit of its own: the key `unit` is there.
    pub units_in_cells: bool,
    /// What stands between the values of a cell that holds several; nothing: a cell holds one.
    pub separators: Vec<String>,
}

/// One table.
#[derive(Clone, Debug)]
pub struct Table {
    /// The canonical name.
    pub name: String,
    /// The Chinese label.
    pub label: String,
    /// The English label.
    pub label_en: String,
    /// The table whose fields it has: the same records from another hand, such as a department's own list.
    pub like: Option<String>,
    /// The field that tells records apart.
    pub key: Option<String>,
    /// What tells a record without key, or with a shared one; nothing: all its cells.
    pub identity: Option<Vec<String>>,
    /// The field that names the customer (its key in the customers table).
    pub customer: Option<String>,
    /// The field that names the employee whose record it is.
    pub person: Option<String>,
    /// The field that names the department whose record it is: goes before the person's.
    pub department: Option<String>,
    /// Whether a table without a row is plausible: a register in which nothing has been entered yet.
    pub may_be_empty: bool,
    /// The fields in the order of the file.
    pub fields: Vec<Field>,
}

impl Table {
    /// A table of which nothing is known but its fields.
    #[cfg(test)]
    pub fn plain(name: &str, label: &str, label_en: &str, fields: Vec<Field>) -> Self {
        Self {
            name: name.to_owned(),
            label: label.to_owned(),
            label_en: label_en.to_owned(),
            like: None,
            key: None,
            identity: None,
            customer: None,
            person: None,
            department: None,
            may_be_empty: false,
            fields,
        }
    }

    /// Whether it has the fields of another table.
    pub fn is_like(&self, other: &str) -> bool {
        self.like.as_deref() == Some(other)
    }

    /// The field of a name.
    pub fn field(&self, name: &str) -> Option<&Field> {
        self.fields.iter().find(|field| field.name == name)
    }

    /// The field of a canonical name, a label or an alias.
    pub fn field_called(&self, written: &str) -> Option<&Field> {
        self.field(written)
            .or_else(|| self.fields.iter().find(|field| field.label == written || field.label_en == written))
            .or_else(|| self.fields.iter().find(|field| field.aliases.iter().any(|alias| alias == written)))
    }

    /// Names and labels, for suggestions.
    pub fn words(&self) -> Vec<&str> {
        self.fields.iter().flat_map(|field| [field.name.as_str(), field.label.as_str()]).collect()
    }

    /// The label in a language.
    pub fn label(&self, language: Language) -> &str {
        match language {
            Language::Zh => &self.label,
            Language::En => &self.label_en,
        }
    }
}

impl Field {
    /// A field that no source has a column for and that has no other name.
    pub fn reckoned(name: &str, field_type: FieldType) -> Self {
        Self {
            name: name.to_owned(),
            label: name.to_owned(),
            label_en: name.to_owned(),
            aliases: Vec::new(),
            field_type,
            optional: true,
            absent: false,
            code: false,
            missing: Vec::new(),
            filled: Vec::new(),
            mask: None,
            secrecy: Secrecy::Public,
            unit: None,
            units_in_cells: false,
            separators: Vec::new(),
        }
    }

    /// The label in a language.
    pub fn label(&self, language: Language) -> &str {
        match language {
            Language::Zh => &self.label,
            Language::En => &self.label_en,
        }
    }
}

/// The table of customers: where other tables find department, owner and name.
#[derive(Clone, Debug, Default)]
pub struct CustomerRoles {
    /// The table.
    pub table: String,
    /// The field with the customer's name.
    pub name: String,
    /// The field with the department.
    pub department: String,
    /// The field with the owner.
    pub owner: String,
    /// The field that says how confidential a record is; nothing: all are 内部.
    pub secrecy: Option<String>,
    /// Which customers are listed in a workbook of their own; nothing: none are.
    pub important: Option<ImportantRole>,
    /// The date on which the owner last verified the record, which verification lists move on; nothing: none does.
    pub verified: Option<String>,
}

/// The register of destructions: whose records are no longer kept.
#[derive(Clone, Debug, Default)]
pub struct DestructionRoles {
    /// The table; its customer is the one.
    pub table: String,
    /// The field with the day on which they were destroyed.
    pub destroyed: String,
}

/// Which customers are important, and who may get the workbook that they have of their own.
#[derive(Clone, Debug, Default)]
pub struct ImportantRole {
    /// The field that says so.
    pub field: String,
    /// Its folded values that do.
    pub values: Vec<String>,
    /// The clearance that is needed.
    pub clearance: Secrecy,
}

/// The table of employees: where a person's department is found.
#[derive(Clone, Debug, Default)]
pub struct PeopleRoles {
    /// The table.
    pub table: String,
    /// The field with the person's name.
    pub name: String,
    /// The field with the department.
    pub department: String,
    /// The field with the name of the person's manager; nothing: no findings go to managers.
    pub manager: Option<String>,
    /// The field with the person's mail address; nothing: reports to persons go to their departments.
    pub email: Option<String>,
    /// The field with the highest level of confidentiality that the person may see; nothing: the department's.
    pub clearance: Option<String>,
    /// The field with the day on which the person left; nothing: nobody is known to have.
    pub left: Option<String>,
}

/// The dictionary.
#[derive(Clone, Debug, Default)]
pub struct Dictionary {
    /// Folded texts that count as no value, in every field.
    pub missing: Vec<String>,
    /// The table of customers.
    pub customers: CustomerRoles,
    /// The table of employees.
    pub people: PeopleRoles,
    /// The register of destructions; nothing: none is kept.
    pub destructions: Option<DestructionRoles>,
    /// The tables in the order of the file.
    pub tables: Vec<Table>,
}

impl Dictionary {
    /// The table of a name.
    pub fn table(&self, name: &str) -> Option<&Table> {
        self.tables.iter().find(|table| table.name == name)
    }

    /// The table of a name or label.
    pub fn table_called(&self, written: &str) -> Option<&Table> {
        self.tables.iter().find(|table| table.name == written || table.label == written)
    }

    /// The dictionary of a company that has every column, as the examples of rules do.
    #[must_use]
    pub fn without_absences(mut self) -> Self {
        for field in self.tables.iter_mut().flat_map(|table| &mut table.fields).filter(|field| field.absent) {
            (field.optional, field.absent) = (false, false);
        }
        self
    }

    /// Names of the tables, for suggestions.
    pub fn words(&self) -> Vec<&str> {
        self.tables.iter().map(|table| table.name.as_str()).collect()
    }
}
