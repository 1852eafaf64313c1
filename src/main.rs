//! The program: parse the command line, carry out the command, map its outcome to an exit code.

#![expect(clippy::print_stderr, reason = "a panic is told where nobody else can")]

use std::process::ExitCode;

use clap::Parser;
use hedui::cli::Cli;
use mimalloc::MiMalloc;

/// Many threads ask for and give back columns of millions of cells, which the allocator of the system does slowly.
#[global_allocator]
static ALLOCATOR: MiMalloc = MiMalloc;

fn main() -> ExitCode {
    let cli = match Cli::try_parse() {
        Ok(cli) => cli,
        Err(error) => return hedui::commands::usage::say(&error).into(),
    };
    // The words of a panic may hold a customer's value: only its place is told.
    std::panic::set_hook(Box::new(|panic| {
        // The writer of workbooks breaks off where the disk is full, which is told as such.
        let is_of_the_disk = panic.payload_as_str().is_some_and(|words| words.contains("Os { code: "));
        if let Some(place) = panic.location()
            && !(is_of_the_disk && place.file().contains("rust_xlsxwriter"))
        {
            eprintln!("hedui: internal error at {}:{}", place.file(), place.line());
        }
    }));
    match std::panic::catch_unwind(|| hedui::commands::run(cli)) {
        Ok(code) => code.into(),
        Err(_) => hedui::exit_code::ExitCode::Bug.into(),
    }
}
