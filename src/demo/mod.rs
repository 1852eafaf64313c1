//! A made-up company, for trying hedui out and for measuring it: "华联进出口有限公司", a foreign-trade firm with as
//! many customers as asked for, and the mess that real customer files have.
//!
//! Apart from the program because nothing of it is needed to check real data. It knows the data dictionary's tables by
//! heart but no rule: which of its rows a rule finds is for the rules to say. All persons, firms and numbers are
//! invented, and all mail addresses lie under the reserved example domains.
//!
//! The same company, week and format give the same cells, and in CSV the same bytes.

mod business;
mod codes;
mod company;
mod database;
mod dealings;
mod dice;
mod faults;
mod firm;
mod mess;
mod people;
mod places;
mod slips;
mod tables;
#[cfg(test)]
mod tests;
mod text_files;
mod typing;
mod week;
mod words;
mod workbook;

use std::fmt::Write;
use std::path::{Path, PathBuf};

use chrono::NaiveDate;

use company::World;
use tables::Table;

/// The kind of files that a demo writes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DataFormat {
    /// Workbooks as departments keep them, and one department's CSV file from its own system.
    Xlsx,
    /// A plain CSV file a table.
    Csv,
    /// A SQLite database.
    Sqlite,
}

/// Which of the two weeks: the second is the first with a week's work done on it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Week {
    /// The week that ends with the as-of date.
    First,
    /// Seven days later.
    Second,
}

/// A made-up company.
#[derive(Clone, Copy, Debug)]
pub struct Company {
    /// How many customers it has in the first week.
    pub customers: usize,
    /// What tells it from other companies of this size.
    pub seed: u64,
    /// The first week's as-of date, to which all dates are relative.
    pub as_of: NaiveDate,
}

/// A demo could not be written.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum DemoError {
    /// The folder or a file in it could not be made, removed or written.
    #[error("cannot write {}", path.display())]
    File {
        /// The folder or file.
        path: PathBuf,
        /// What the system said.
        #[source]
        source: std::io::Error,
    },
    /// A CSV file could not be written.
    #[error("cannot write {}", path.display())]
    Csv {
        /// The file.
        path: PathBuf,
        /// What the CSV writer said.
        #[source]
        source: csv::Error,
    },
    /// A workbook could not be written.
    #[error("cannot write {}", path.display())]
    Workbook {
        /// The workbook, or the folder while it is being made up.
        path: PathBuf,
        /// What the workbook writer said.
        #[source]
        source: rust_xlsxwriter::XlsxError,
    },
    /// The database could not be written.
    #[error("cannot write {}", path.display())]
    Database {
        /// The database file.
        path: PathBuf,
        /// What the database said.
        #[source]
        source: sqlx::Error,
    },
}

impl Company {
    /// Writes the company's files of that week into `folder`/data, replacing those of an earlier call.
    ///
    /// With [`DataFormat::Sqlite`] not to be called from asynchronous code: it runs a small runtime of its own.
    ///
    /// # Errors
    /// The folder or a file cannot be written; then what is in it is not whole.
    pub fn write(&self, folder: &Path, format: DataFormat, week: Week) -> Result<(), DemoError> {
        let data = folder.join("data");
        std::fs::create_dir_all(&data).map_err(|source| DemoError::File { path: data.clone(), source })?;
        let world = World::new(self, week);
        match format {
            DataFormat::Csv => world.tell(text_files::TextFiles::create(&data)?),
            DataFormat::Sqlite => world.tell(database::Database::create(&data)?),
            DataFormat::Xlsx => {
                let as_of = if week == Week::First { self.as_of } else { dice::later(self.as_of, 7) };
                let author = world.staff.head(people::SERVICE);
                world.tell(workbook::Workbooks::create(&data, as_of, author)?)
            }
        }
    }

    /// The `[[source]]` entries of hedui.toml for the files that [`Company::write`] writes.
    pub fn sources_toml(format: DataFormat) -> String {
        let mut text = String::new();
        for table in Table::ALL {
            let name = table.name();
            let entries = match (format, table) {
                (DataFormat::Csv, _) => vec![format!("path = \"data/{name}.csv\"")],
                (DataFormat::Sqlite, _) => {
                    vec![format!("url = \"sqlite:data/crm.db\"\nquery = \"select * from {name}\"")]
                }
                (DataFormat::Xlsx, Table::Customers) => vec![
                    format!("path = \"data/客户档案*.xlsx\"\nsheet = \"{}\"", table.label()),
                    format!("path = \"data/{}\"", workbook::SOUTH_FILE),
                ],
                (DataFormat::Xlsx, _) => vec![format!("path = \"data/业务记录*.xlsx\"\nsheet = \"{}\"", table.label())],
            };
            for entry in entries {
                let gap = if text.is_empty() { "" } else { "\n" };
                // Writing into a String cannot fail.
                let _ = writeln!(text, "{gap}[[source]]\ntable = \"{name}\"\n{entry}");
            }
        }
        text
    }

    /// The departments, each with its mail address.
    pub fn departments() -> &'static [(&'static str, &'static str)] {
        &[
            ("华东销售部", "east@example.com"),
            ("华南销售部", "south@example.com"),
            ("华北销售部", "north@example.com"),
            ("海外销售部", "overseas@example.com"),
            ("市场部", "market@example.com"),
            ("财务部", "finance@example.com"),
            ("客户服务部", "kefu@example.com"),
        ]
    }
}
