//! One child process, measured: seconds, CPU seconds, peak memory.
//!
//! Apart because this is Linux's /proc and nothing else here is. Peak memory is the last VmHWM seen, looked at every
//! three milliseconds: growth in the last of them is not seen. It counts resident pages of mapped files too. CPU is what
//! /proc/self/stat adds for children that were waited for, in hundredths of a second.

use std::error::Error;
use std::fs;
use std::process::{Command, Stdio};
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

const PAUSE: Duration = Duration::from_millis(3);

/// What a process took.
#[derive(Clone, Debug)]
pub struct Taken {
    pub seconds: f64,
    pub cpu: f64,
    pub peak_kib: u64,
    /// What it printed, where that is asked for; else its log.
    pub output: String,
}

/// Runs a command to its end.
///
/// # Errors
/// Where it cannot be started or fails.
pub fn run(mut command: Command, pipe_output: bool) -> Result<Taken, Box<dyn Error>> {
    if pipe_output {
        command.stdout(Stdio::piped());
    }
    let before = children_cpu();
    let started = Instant::now();
    let child = command.stderr(Stdio::piped()).spawn()?;
    let status = format!("/proc/{}/status", child.id());
    let ended = AtomicBool::new(false);
    let (output, seconds, peak_kib) = std::thread::scope(|scope| {
        let watcher = scope.spawn(|| {
            let mut peak = 0;
            while !ended.load(Ordering::Relaxed) {
                peak = peak.max(high_water(&status));
                std::thread::sleep(PAUSE);
            }
            peak
        });
        let output = child.wait_with_output();
        let seconds = started.elapsed().as_secs_f64();
        ended.store(true, Ordering::Relaxed);
        (output, seconds, watcher.join().unwrap_or(0))
    });
    let output = output?;
    if !output.status.success() {
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        return Err(format!("{command:?} ended with {}: {said}", output.status).into());
    }
    let cpu = children_cpu() - before;
    let said = if pipe_output { &output.stdout } else { &output.stderr };
    Ok(Taken { seconds, cpu, peak_kib, output: String::from_utf8_lossy(said).trim().to_owned() })
}

fn high_water(status: &str) -> u64 {
    let text = fs::read_to_string(status).unwrap_or_default();
    let line = text.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    line.and_then(|line| line.trim().trim_end_matches(" kB").parse().ok()).unwrap_or(0)
}

/// CPU seconds of all children so far.
fn children_cpu() -> f64 {
    let text = fs::read_to_string("/proc/self/stat").unwrap_or_default();
    // After the name in brackets: state is field 3, cutime 16, cstime 17.
    let fields: Vec<&str> = text.rsplit(')').next().unwrap_or_default().split_whitespace().collect();
    let ticks = |field: usize| fields.get(field - 3).and_then(|ticks| ticks.parse::<f64>().ok()).unwrap_or(0.0);
    (ticks(16) + ticks(17)) / 100.0
}
