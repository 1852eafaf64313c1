//! The room of readings as commands use it: who looks into it, and what a run leaves there once it is committed.
//!
//! Apart from `kept` because nothing rests on it: no run names these files, and where one cannot be written or deleted the
//! log says so and the run is as good as ever.

use std::io;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};

use crate::history::{files, store};
use crate::source::Reading;
use crate::source::readings::{self, Room};
use crate::telemetry::Stage;
use crate::workplace::Workplace;

/// The folder of the room.
pub fn folder(workplace: &Workplace) -> PathBuf {
    store::folder(&workplace.config.folder).join(readings::FOLDER)
}

/// The room, as the company wants it.
pub fn room(workplace: &Workplace, keeps: bool) -> Room {
    match workplace.config.state.keep_readings {
        true => Room::at(folder(workplace), keeps),
        false => Room::closed(),
    }
}

/// Deletes what is of no further use and keeps what was parsed. Only for whoever holds the lock.
pub fn keep(workplace: &Workplace, reading: &Reading) {
    let folder = folder(workplace);
    let useless = match workplace.config.state.keep_readings {
        true => readings::left_over(&folder, reading),
        false => readings::files(&folder),
    };
    // first, for there may not be room for both
    for path in litter(&folder).into_iter().chain(useless) {
        if let Err(error) = std::fs::remove_file(&path) {
            tracing::warn!(file = %path.display(), %error, "what was kept of a source file was not deleted");
        }
    }
    if !workplace.config.state.keep_readings {
        let _ = std::fs::remove_dir(&folder); // it refuses where something is left
        return;
    }
    let fresh: Vec<_> = readings::fresh(reading).collect();
    if fresh.is_empty() {
        return;
    }
    let stage = Stage::start("keep");
    let mut kept = 0;
    for fresh in fresh {
        let path = folder.join(fresh.name());
        // a slip of a writer must not make a run that is committed look like one that failed
        let written = catch_unwind(AssertUnwindSafe(|| files::write_with(&path, |file| fresh.write(file))));
        match written.unwrap_or_else(|_| Err(io::Error::other("the writer broke off"))) {
            Ok(()) => kept += 1,
            Err(error) => {
                let path = path.display();
                tracing::warn!(file = %path, %error, "what a source file gave was not kept: it is parsed again next time");
            }
        }
    }
    stage.end(kept);
}

/// What killed runs left unfinished.
fn litter(folder: &Path) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(folder).into_iter().flatten().filter_map(Result::ok);
    let unfinished = entries.filter(|entry| files::is_unfinished(&entry.file_name().to_string_lossy()));
    unfinished.map(|entry| entry.path()).collect()
}
