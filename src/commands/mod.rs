//! The commands, one file each: load, call the pipeline, print.
//!
//! Apart because only commands print, and only they turn what happened into an exit code.
#![expect(clippy::print_stdout, clippy::print_stderr, reason = "commands are the ones that print")]

mod check;
mod lint;
mod talk;

use crate::cli::{Cli, Command};
use crate::exit_code::ExitCode;

use talk::Talk;

/// Carries out a command line.
pub fn run(cli: Cli) -> ExitCode {
    let talk = Talk::new(&cli.common);
    match cli.command {
        Command::Lint => lint::run(&cli.common, &talk),
        Command::Check(arguments) => check::run(&cli.common, &arguments, &talk),
        _ => ExitCode::Usage,
    }
}
