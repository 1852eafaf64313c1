//! `hedui generate`: man pages and completions of shells, made of the definition of the command line.
//!
//! Apart because packages want them and nobody who works with the program does: it stands in no list of commands.

use std::io::Error;
use std::path::Path;

use clap::{Command, CommandFactory};
use clap_complete::Shell;

use super::talk::Talk;
use crate::cli::Cli;
use crate::exit_code::ExitCode;
use crate::text;
use crate::workplace::default_language;

/// Carries out the command.
pub fn run(folder: &Path, talk: &Talk) -> ExitCode {
    match pages(&folder.join("man")).and_then(|()| completions(&folder.join("completions"))) {
        Ok(()) => ExitCode::Done,
        Err(error) => {
            let shown = folder.display();
            talk.error(&text!("无法写入 {shown}：{error}", "cannot write {shown}: {error}"), default_language());
            ExitCode::Usage
        }
    }
}

/// A page of the program and one of each command.
fn pages(folder: &Path) -> Result<(), Error> {
    std::fs::create_dir_all(folder)?;
    clap_mangen::generate_to(visible(Cli::command()), folder)
}

/// The files that shells load.
fn completions(folder: &Path) -> Result<(), Error> {
    std::fs::create_dir_all(folder)?;
    for shell in [Shell::Bash, Shell::Zsh, Shell::Fish] {
        clap_complete::generate_to(shell, &mut visible(Cli::command()), "hedui", folder)?;
    }
    Ok(())
}

/// The definition without commands that stand in no list.
fn visible(command: Command) -> Command {
    let mut shown = Command::new("hedui").version(crate::cli::VERSION);
    if let Some(about) = command.get_about() {
        shown = shown.about(about.clone());
    }
    shown = shown.args(command.get_arguments().cloned());
    shown.subcommands(command.get_subcommands().filter(|one| !one.is_hide_set()).cloned())
}
