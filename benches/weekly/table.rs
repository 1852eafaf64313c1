//! The table of figures.
//!
//! Apart so that measuring knows no layout. Ratios are of wall seconds.

use crate::hand::fold::Folding;
use crate::stages::{Measured, Place};

/// Prints the figures.
pub fn print(measured: &Measured, folding: Folding) {
    let Measured { rows, bytes, repeat, lines } = measured;
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    println!(
        "{rows} rows, {:.0} MB as CSV; {cores} cores; the fastest of {repeat}; by hand: folding by {folding:?}\n",
        *bytes as f64 / 1e6
    );
    println!(
        "{:<21}{:>9}{:>9}{:>10}{:>12}{:>9}{:>9}  what it is",
        "", "seconds", "CPU s", "peak MiB", "rows/s", "by hand", "floor"
    );
    let of = |place: Place| lines.iter().find(|line| line.place == place).map(|line| line.seconds);
    let ratio = |seconds: f64, to: Option<f64>| to.map_or_else(String::new, |to| format!("{:.2}", seconds / to));
    for line in lines {
        let peak = line.peak_kib.map_or_else(|| "-".to_owned(), |kib| format!("{}", kib / 1024));
        let speed = if line.seconds > 0.0 { format!("{:.0}", *rows as f64 / line.seconds) } else { "-".to_owned() };
        println!(
            "{:<21}{:>9.3}{:>9.2}{:>10}{:>12}{:>9}{:>9}  {}",
            line.name,
            line.seconds,
            line.cpu,
            peak,
            speed,
            ratio(line.seconds, of(Place::Hand)),
            ratio(line.seconds, of(Place::Floor)),
            line.how,
        );
    }
    println!();
}
