//! The cells of a sheet on their way from calamine into columns: taken here, written down beside it.
//!
//! Apart because it is about two threads. Unpacking and parsing is what costs; what hedui adds to it, texts into columns,
//! another core does meanwhile. A sheet of few cells never leaves its thread. It knows no kind of file.

use std::fmt::Display;
use std::sync::mpsc::{Receiver, sync_channel};

use calamine::{Cell, DataRef};

use crate::source::cells::{explain, with_text};
use crate::source::grid::GridBuilder;
use crate::text::Text;

/// So many cells are handed over at once.
const BATCH: usize = 8192;

/// At most so many batches wait: the one who takes cells never runs far ahead.
const WAITING: usize = 4;

/// Fills a grid with the cells that come, row by row.
///
/// # Errors
/// Where the sheet is damaged, or larger than what is kept of one.
pub fn fill<'a, E: Display>(
    grid: &mut GridBuilder,
    mut next: impl FnMut() -> Result<Option<Cell<DataRef<'a>>>, E>,
) -> Result<(), Text> {
    let mut buffer = String::new();
    let first = take(&mut next)?;
    let is_all = first.len() < BATCH;
    add(grid, &first, &mut buffer)?;
    if is_all { Ok(()) } else { fill_beside(grid, &mut next) }
}

/// The same with a thread of its own for the grid.
fn fill_beside<'a, E: Display>(
    grid: &mut GridBuilder,
    next: &mut impl FnMut() -> Result<Option<Cell<DataRef<'a>>>, E>,
) -> Result<(), Text> {
    std::thread::scope(|scope| {
        let (sender, receiver) = sync_channel(WAITING);
        let adding = scope.spawn(move || add_all(grid, &receiver));
        let taken = loop {
            match take(next) {
                Ok(cells) => {
                    let is_last = cells.len() < BATCH;
                    // Nobody listens any more where the grid is full: its error tells why.
                    if sender.send(cells).is_err() || is_last {
                        break Ok(());
                    }
                }
                Err(error) => break Err(error),
            }
        };
        drop(sender);
        let added = adding.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic));
        taken.and(added)
    })
}

/// The next cells; fewer than a batch at the end.
fn take<'a, E: Display>(
    next: &mut impl FnMut() -> Result<Option<Cell<DataRef<'a>>>, E>,
) -> Result<Vec<Cell<DataRef<'a>>>, Text> {
    let mut cells = Vec::with_capacity(BATCH);
    while cells.len() < BATCH {
        match next().map_err(|error| explain(&error.to_string()))? {
            Some(cell) => cells.push(cell),
            None => break,
        }
    }
    Ok(cells)
}

fn add_all(grid: &mut GridBuilder, receiver: &Receiver<Vec<Cell<DataRef<'_>>>>) -> Result<(), Text> {
    let mut buffer = String::new();
    receiver.iter().try_for_each(|cells| add(grid, &cells, &mut buffer))
}

fn add(grid: &mut GridBuilder, cells: &[Cell<DataRef<'_>>], buffer: &mut String) -> Result<(), Text> {
    for cell in cells {
        let (row, column) = cell.get_position();
        with_text(cell.get_value(), buffer, |text, mark| {
            if !text.is_empty() {
                grid.add(row, column, text, mark);
            }
        });
        grid.is_within_limits()?;
    }
    Ok(())
}
