//! The commands, one file each: load, call the pipeline, print.
//!
//! Apart because only commands print, and only they turn what happened into an exit code.

/// A line to stdout; a reader who has had enough (`| head`) is no error.
macro_rules! out {
    ($($line:tt)*) => { $crate::commands::talk::line(std::io::stdout(), format_args!($($line)*)) };
}

/// A line to stderr.
macro_rules! say {
    ($($line:tt)*) => { $crate::commands::talk::line(std::io::stderr(), format_args!($($line)*)) };
}

mod changes;
mod check;
mod demo;
mod doctor;
mod due;
mod explain;
mod generate;
mod history;
mod init;
mod lint;
mod outbox;
mod policy;
mod profile;
mod purge;
mod reference;
mod register;
mod run;
mod scores;
mod talk;
mod test;
pub mod usage;
mod verify;

use std::future::Future;

use crate::cli::{Cli, Command};
use crate::clock;
use crate::exit_code::ExitCode;
use crate::telemetry;

use talk::Talk;

/// Carries out a command line.
pub fn run(cli: Cli) -> ExitCode {
    telemetry::start(&cli.options, clock::now(chrono_tz::UTC));
    let talk = Talk::new(&cli.options);
    match &cli.command {
        Command::Init(arguments) => init::run(&cli.options, arguments, &talk),
        Command::Demo(arguments) => demo::run(&cli.options, arguments, &talk),
        Command::Lint(arguments) => lint::run(&cli.options, arguments, &talk),
        Command::Check(arguments) => check::run(&cli.options, arguments, &talk),
        Command::Profile(arguments) => profile::run(&cli.options, arguments, &talk),
        Command::Run(arguments) => run::run(&cli.options, arguments, &talk),
        Command::Due(arguments) if arguments.list => due::list(&cli.options, &talk),
        Command::Due(_) => due::run(&cli.options, &talk),
        Command::Outbox(arguments) => outbox::run(&cli.options, arguments.action.as_ref(), &talk),
        Command::Verify(arguments) => verify::run(&cli.options, arguments.action.as_ref(), &talk),
        Command::Explain(arguments) => explain::run(&cli.options, arguments, &talk),
        Command::Policy(arguments) => policy::run(&cli.options, arguments, &talk),
        Command::Test(arguments) => test::run(&cli.options, arguments, &talk),
        Command::Doctor => doctor::run(&cli.options, &talk),
        Command::Purge(arguments) => purge::run(&cli.options, arguments, &talk),
        Command::Register(arguments) => register::run(&cli.options, arguments, &talk),
        Command::Reference(arguments) => reference::run(&arguments.folder, &talk),
        Command::Generate(arguments) => generate::run(&arguments.folder, &talk),
        Command::History(arguments) => history::run(&cli.options, &arguments.subject, &talk),
    }
}

/// Runs a future to its end on this thread.
fn block_on<T>(future: impl Future<Output = T>) -> std::io::Result<T> {
    Ok(tokio::runtime::Builder::new_current_thread().enable_all().build()?.block_on(future))
}
