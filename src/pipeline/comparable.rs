//! The rows of last time that this time's can be held against where a source was not read: those of the sources that were.
//!
//! Apart from the guard, which judges numbers: here it is found out which numbers are alike. Last time's are counted in
//! what that run kept; where it kept nothing, nothing can be compared.

use std::collections::BTreeMap;

use super::Earlier;
use crate::compare::Records;
use crate::config::Config;
use crate::dataset::Dataset;
use crate::dictionary::CustomerRoles;
use crate::folding::fold;
use crate::history::snapshots::Kept;
use crate::source::Reading;

/// How many rows the sources had last time that were read this time too.
pub fn rows(dataset: &Dataset, reading: &Reading, earlier: &Earlier) -> u64 {
    let Some(kept) = kept(dataset, earlier) else { return 0 };
    let read = kept.parts.iter().filter(|part| was_read(&part.source, &part.file, dataset, reading));
    read.map(|part| part.height as u64).sum()
}

/// The same by department of the customers; none where last time's data cannot be read.
pub fn departments(
    dataset: &Dataset,
    reading: &Reading,
    earlier: &Earlier,
    roles: &CustomerRoles,
    config: &Config,
) -> BTreeMap<String, u64> {
    let mut rows: BTreeMap<String, u64> = BTreeMap::new();
    let snapshot = kept(dataset, earlier).filter(|kept| !kept.parts.is_empty());
    let Some(snapshot) = snapshot.and_then(|kept| kept.open(&config.folder).ok()) else { return rows };
    let Ok(Some(cells)) = snapshot.column(&roles.department) else { return rows };
    for part in snapshot.parts().iter().filter(|part| was_read(&part.source, &part.file, dataset, reading)) {
        for record in part.first..part.first + part.height {
            let department = fold(cells.get(record).unwrap_or_default());
            match rows.get_mut(&*department) {
                Some(rows) => *rows += 1,
                None => {
                    rows.insert(department.into_owned(), 1);
                }
            }
        }
    }
    rows
}

fn kept<'e>(dataset: &Dataset, earlier: &'e Earlier) -> Option<&'e Kept> {
    earlier.kept.iter().find(|kept| kept.table == dataset.table.name)
}

/// Whether a file of last time was read this time, or its source whole: then it is another name that it came under.
fn was_read(source: &str, file: &str, dataset: &Dataset, reading: &Reading) -> bool {
    let is_whole = reading.unread_of(&dataset.table.name).all(|unread| unread.source != source);
    is_whole || dataset.parts.iter().any(|part| part.source == source && part.file == file)
}
