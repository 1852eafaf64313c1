//! The table of figures.
//!
//! Apart so that measuring knows no layout. Ratios are of wall seconds, and to the hand-written program of CPU seconds
//! too: on a machine that others use, CPU is the steadier of the two.

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
        "{:<20}{:>9}{:>8}{:>10}{:>11}{:>9}{:>7}{:>8}  what it is",
        "", "seconds", "CPU s", "peak MiB", "rows/s", "by hand", "CPU", "floor"
    );
    let of = |place: Place| lines.iter().find(|line| line.place == place);
    let (hand, floor) = (of(Place::Hand), of(Place::Floor));
    let ratio = |value: f64, to: Option<f64>| to.map_or_else(String::new, |to| format!("{:.2}", value / to));
    for line in lines {
        let peak = line.peak_kib.map_or_else(|| "-".to_owned(), |kib| format!("{}", kib / 1024));
        let speed = if line.seconds > 0.0 { format!("{:.0}", *rows as f64 / line.seconds) } else { "-".to_owned() };
        println!(
            "{:<20}{:>9.3}{:>8.2}{:>10}{:>11}{:>9}{:>7}{:>8}  {}",
            line.name,
            line.seconds,
            line.cpu,
            peak,
            speed,
            ratio(line.seconds, hand.map(|hand| hand.seconds)),
            ratio(line.cpu, hand.map(|hand| hand.cpu)),
            ratio(line.seconds, floor.map(|floor| floor.seconds)),
            line.how,
        );
    }
    println!();
}
