//! The table of figures, and what they come to.
//!
//! Apart so that measuring knows no layout. Ratios are of wall seconds, of CPU seconds and of peak memory: on a machine
//! that others use, CPU is the steadiest.

use crate::process::Taken;
use crate::stages::{self, Line, Measured, Place};

/// The machine that the figures are of.
pub fn machine() -> String {
    let read = |path: &str, key: &str| {
        let text = std::fs::read_to_string(path).unwrap_or_default();
        let line = text.lines().find(|line| line.starts_with(key)).unwrap_or_default().to_owned();
        line.split(':').nth(1).unwrap_or_default().trim().to_owned()
    };
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    let memory: f64 = read("/proc/meminfo", "MemTotal").trim_end_matches(" kB").parse().unwrap_or(0.0);
    let profile = if cfg!(debug_assertions) { "dev" } else { "release" };
    format!(
        "{cores} cores of {}, {:.0} GiB; profile {profile}",
        read("/proc/cpuinfo", "model name"),
        memory / 1_048_576.0
    )
}

/// Prints the figures of a company.
pub fn print(measured: &Measured, repeat: u32) {
    let Measured { customers, rows, bytes, lines } = measured;
    println!("{customers} customers, {rows} rows, {:.0} MB as CSV; the fastest of {repeat}\n", *bytes as f64 / 1e6);
    println!("{:<18}{:>9}{:>8}{:>10}{:>11}  what it is", "", "seconds", "CPU s", "peak MiB", "rows/s");
    for Line { name, what, taken, .. } in lines {
        let speed = *rows as f64 / taken.seconds.max(0.001);
        println!(
            "{name:<18}{:>9.2}{:>8.2}{:>10}{speed:>11.0}  {what}",
            taken.seconds,
            taken.cpu,
            taken.peak_kib / 1024
        );
        for (stage, seconds) in stages::told(&taken.output) {
            println!("  {stage:<16}{seconds:>9.2}");
        }
    }
    println!();
    ratios(measured);
}

/// What hedui takes beside others.
fn ratios(measured: &Measured) {
    let told = |name: &str, of: &Taken, to: &Taken| {
        println!(
            "{name:<48}{:>6.2} of its seconds, {:>5.2} of its CPU, {:>5.2} of its memory",
            of.seconds / to.seconds,
            of.cpu / to.cpu,
            of.peak_kib as f64 / to.peak_kib.max(1) as f64
        );
    };
    let Some(check) = measured.of(Place::Check) else { return };
    for (name, place) in [
        ("hedui check beside Python by hand", Place::Python),
        ("hedui check beside Rust by hand", Place::Hand),
        ("hedui check beside the bare scan", Place::Scan),
        ("hedui check beside the cell loop", Place::Cells),
    ] {
        if let Some(other) = measured.of(place) {
            told(name, check, other);
        }
    }
    if let Some((week, today)) = measured.of(Place::FirstWeek).zip(measured.of(Place::Today)) {
        told("hedui run beside today's script", week, today);
    }
    // The floors of a week's work: its cells taken, its checks done by hand, its findings written.
    let read = measured.of(Place::Cells).or(measured.of(Place::Scan));
    let checks = measured.of(Place::Hand).zip(measured.of(Place::Scan));
    if let (Some(read), Some((hand, scan)), Some(written), Some(week)) =
        (read, checks, measured.of(Place::Written), measured.of(Place::FirstWeek))
    {
        let floor = read.seconds + (hand.seconds - scan.seconds) + written.seconds;
        let cpu = read.cpu + (hand.cpu - scan.cpu) + written.cpu;
        println!(
            "hedui run beside read loop + checks by hand (Rust, less its scan) + write loop: {:.2} of {floor:.2} s = {:.2}; CPU {:.2} \
             of {cpu:.2} s = {:.2}",
            week.seconds,
            week.seconds / floor,
            week.cpu,
            week.cpu / cpu
        );
    }
    println!();
}

/// How seconds and memory grow from each size to the next: 1 is in proportion.
pub fn growth(sizes: &[Measured]) {
    for pair in sizes.windows(2) {
        let [small, large] = pair else { continue };
        let times = (large.rows as f64 / small.rows as f64).ln();
        for (name, place) in
            [("hedui check", Place::Check), ("hedui run", Place::FirstWeek), ("Python by hand", Place::Python)]
        {
            let (Some(before), Some(after)) = (small.of(place), large.of(place)) else { continue };
            let exponent = |before: f64, after: f64| (after / before).ln() / times;
            println!(
                "{name:<16}{} to {} customers: seconds grow with rows to the power of {:.2}, CPU {:.2}, memory {:.2}",
                small.customers,
                large.customers,
                exponent(before.seconds, after.seconds),
                exponent(before.cpu, after.cpu),
                exponent(before.peak_kib as f64, after.peak_kib as f64)
            );
        }
    }
}
