//! What a source on the command line means: a file or pattern, a table of the configuration, a database.
//!
//! Apart because nothing is opened here: words become sources as the configuration would have them, or an error.

use std::path::{Component, Path, PathBuf};

use super::{Known, ProfileRequest};
use crate::config::database::{self, DatabaseKind, USUAL_TIMEOUT, Wanted};
use crate::config::{Config, DatabaseConfig, Evaluate, Location, Secret, SourceConfig, statement};
use crate::dictionary::Table;
use crate::profile::Origin;
use crate::text;
use crate::text::Text;

/// A source to look at, and how the configuration would name it.
pub(super) struct Subject {
    /// The source.
    pub(super) source: SourceConfig,
    /// The folder that its files are relative to.
    pub(super) folder: PathBuf,
    /// How the configuration would name it.
    pub(super) origin: Origin,
    /// The table that it is taken for, whatever its header says.
    pub(super) table: Option<String>,
}

/// The sources that were meant.
pub(super) fn subjects(request: &ProfileRequest, known: &Known) -> Result<Vec<Subject>, Text> {
    let word = request.source;
    let forced = match request.table {
        None => None,
        Some(name) => match known.dictionary.table_called(name) {
            Some(table) => Some(table.name.clone()),
            None => {
                let words = known.dictionary.words().join(", ");
                return Err(text!(
                    "数据字典没有表“{name}”（有：{words}）",
                    "the dictionary has no table `{name}` (there are: {words})"
                ));
            }
        },
    };
    let made = |location: Location, label: &str| SourceConfig {
        sheet: request.sheet.map(str::to_owned),
        evaluate: Evaluate::Here,
        ..SourceConfig::plain(forced.as_deref().unwrap_or_default(), location, label)
    };
    if is_database(word) {
        let Some(query) = request.query else {
            return Err(text!("数据库要用 --query 写明 SELECT 语句", "a database needs --query with a SELECT"));
        };
        let url = Secret::from_written(word, request.here);
        // What is kept elsewhere is judged once it is known.
        let (kind, label) = match &url {
            Secret::Written(written) => (Some(DatabaseKind::of(written)?), database::shown(written)),
            _ => (None, word.to_owned()),
        };
        statement::select(query, kind).map_err(|refusal| refusal.message)?;
        let wanted = Wanted::Query(query.to_owned());
        let database = DatabaseConfig { url, wanted, ca_file: None, timeout: USUAL_TIMEOUT };
        let source = made(Location::Database(database), &label);
        let origin = Origin::Query(label, query.to_owned());
        return Ok(vec![Subject { source, folder: request.here.to_owned(), origin, table: forced }]);
    }
    if request.query.is_some() {
        return Err(text!("--query 只用于数据库", "--query is for databases"));
    }
    if let Some(config) = known.config
        && let Some(table) = known.dictionary.table_called(word)
    {
        let of_table = config.sources.iter().filter(|source| source.table.value == table.name);
        let subjects: Vec<Subject> = of_table.map(|source| configured(source, config, request, table)).collect();
        if subjects.is_empty() {
            return Err(text!("配置中表“{word}”没有数据源", "the configuration has no source for the table `{word}`"));
        }
        return Ok(subjects);
    }
    let source = made(Location::Files(word.to_owned()), word);
    let origin = Origin::Path(path_in_workplace(word, request.here, known.config));
    Ok(vec![Subject { source, folder: request.here.to_owned(), origin, table: forced }])
}

/// A source of the configuration as it stands there.
fn configured(source: &SourceConfig, config: &Config, request: &ProfileRequest, table: &Table) -> Subject {
    let mut source = source.clone();
    if let Some(sheet) = request.sheet {
        source.sheet = Some(sheet.to_owned());
    }
    let origin = match &source.location {
        Location::Files(pattern) => Origin::Path(pattern.clone()),
        Location::Database(DatabaseConfig { wanted: Wanted::Query(query), .. }) => {
            Origin::Query(source.label.clone(), query.clone())
        }
        Location::Database(DatabaseConfig { wanted: Wanted::Table(parts), .. }) => {
            Origin::Table(source.label.clone(), parts.join("."))
        }
    };
    Subject { source, folder: config.folder.clone(), origin, table: Some(table.name.clone()) }
}

fn is_database(word: &str) -> bool {
    let schemes = ["sqlite:", "env:", "file:", "postgres:", "postgresql:", "mysql:", "mariadb:"];
    schemes.iter().any(|scheme| word.starts_with(scheme))
}

/// A path as the configuration would name it: relative to the workplace where it lies there, else from the root on.
/// Without a workplace it stays as it was written.
pub(super) fn path_in_workplace(word: &str, here: &Path, config: Option<&Config>) -> String {
    let Some(folder) = config.and_then(|config| config.folder.canonicalize().ok()) else { return word.to_owned() };
    let full = without_steps_back(&here.join(word));
    full.strip_prefix(&folder).unwrap_or(&full).display().to_string()
}

/// A path without `.` and `..`; patterns are no files, so that nobody else can take them out.
fn without_steps_back(path: &Path) -> PathBuf {
    let mut plain = PathBuf::new();
    for step in path.components() {
        match step {
            Component::CurDir => {}
            Component::ParentDir => {
                plain.pop();
            }
            other => plain.push(other),
        }
    }
    plain
}
