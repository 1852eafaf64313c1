//! What the fuzz targets share: a workplace with one source of chance bytes, read as a run reads it, and what must hold.
//!
//! Apart because every target reads through the front door, a configuration and a file, so that no change within the
//! readers passes them by. It looks for what no input may do: a panic of hedui's own code, a load note whose rows do
//! not add up. A panic within a library that reads a format is contained by design and is no find; running out of
//! memory or time is one, whoever's it is.

use std::path::{Path, PathBuf};
use std::sync::OnceLock;

use hedui::pipeline;
use hedui::verify::Returns;
use hedui::workplace::Workplace;

/// Where one process keeps its workplaces, in memory where the system has such a folder.
fn folder() -> &'static PathBuf {
    static FOLDER: OnceLock<PathBuf> = OnceLock::new();
    FOLDER.get_or_init(|| {
        let memory = PathBuf::from("/dev/shm");
        let parent = if memory.is_dir() { memory } else { std::env::temp_dir() };
        let folder = tempfile::Builder::new().prefix("hedui-fuzz").tempdir_in(parent).expect("a folder");
        folder.keep()
    })
}

/// Makes only the panics of hedui's own code end the process at once; a library's does where nobody contains it.
fn tell_only_own_panics() {
    let ends = std::panic::take_hook();
    std::panic::set_hook(Box::new(move |panic| {
        let of_a_library = panic.location().is_some_and(|place| {
            ["/registry/src/", "/rustc/", "/rustlib/"].iter().any(|part| place.file().contains(part))
        });
        if !of_a_library {
            ends(panic);
        }
    }));
}

thread_local! {
    static WORKPLACE: (Workplace, PathBuf) = workplace();
}

/// A workplace whose tables all come from one file, and that file.
fn workplace() -> (Workplace, PathBuf) {
    tell_only_own_panics();
    let sources: String = ["customers", "contracts", "visits"]
        .iter()
        .map(|table| format!("[[source]]\ntable = \"{table}\"\npath = \"data\"\n"))
        .collect();
    let configuration = format!(
        "[company]\nname = \"模糊测试\"\ntimezone = \"Asia/Shanghai\"\nfallback_department = \"客户服务部\"\n\
             {sources}[mail]\ntransport = \"file\"\nfrom = \"a@b.example\"\n\
             [departments.\"客户服务部\"]\nto = [\"a@b.example\"]\n"
    );
    let path = folder().join("hedui.toml");
    std::fs::write(&path, configuration).expect("a configuration");
    let workplace = Workplace::load(Some(&path), folder()).unwrap_or_else(|_| panic!("no valid workplace"));
    (workplace, folder().join("data"))
}

/// Reads and types bytes as if they were a file of three tables, and checks every load note.
pub fn read(bytes: &[u8]) {
    WORKPLACE.with(|(workplace, path)| read_in(workplace, path, bytes));
}

fn read_in(workplace: &Workplace, path: &Path, bytes: &[u8]) {
    std::fs::write(path, bytes).expect("a file");
    let (reading, datasets, _) = pipeline::load(workplace, &Returns::default(), &|_| {});
    for note in &reading.notes {
        if note.error.is_some() {
            continue;
        }
        assert_eq!(note.rows_read, note.rows_checked + note.rows_skipped, "rows that nobody accounts for");
        assert_eq!(note.rows_skipped, note.skipped.len() as u64, "a skipped row without a reason");
        let mut rows: Vec<u32> = note.skipped.iter().map(|skipped| skipped.row).collect();
        rows.sort_unstable();
        rows.dedup();
        assert_eq!(rows.len(), note.skipped.len(), "a row that is skipped twice");
    }
    for (table, dataset) in &datasets {
        let checked: u64 = reading.notes.iter().filter(|note| note.table == *table).map(|note| note.rows_checked).sum();
        assert_eq!(dataset.height as u64, checked, "records of {table} that no note tells of");
        assert!(!dataset.whole || reading.unread_of(table).next().is_none());
    }
}
