//! Files of a round: where they lie, and that they are whole and the owner's alone.
//!
//! Apart because lists going out and records of what came back lie in one folder.

use std::path::PathBuf;

use crate::history::files;
use crate::model::Period;
use crate::pipeline::request::RunError;
use crate::report::Attachment;
use crate::workplace::Workplace;

/// Where a round's files are written: out/verify/PERIOD.
pub(super) fn folder(workplace: &Workplace, period: Period) -> PathBuf {
    workplace.config.folder.join("out").join("verify").join(period.to_string())
}

/// Writes files of a round.
///
/// # Errors
/// Where one cannot be written, with its path.
pub fn write(workplace: &Workplace, period: Period, attachments: &[&Attachment]) -> Result<Vec<PathBuf>, RunError> {
    let out = workplace.config.folder.join("out");
    files::owners_folder(&out).map_err(|error| RunError::File(out.clone(), error))?;
    let folder = folder(workplace, period);
    let write = |attachment: &&Attachment| {
        let path = folder.join(&attachment.name);
        match files::write_whole(&path, &attachment.bytes) {
            Ok(()) => Ok(path),
            Err(error) => Err(RunError::File(path, error)),
        }
    };
    attachments.iter().map(write).collect()
}
