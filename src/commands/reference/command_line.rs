//! The page of the command line: commands, arguments and options, as `--help` has them.
//!
//! Apart because it is a page. What it says are the words of the help of its language.

use clap::{Arg, Command, CommandFactory};

use super::{Sentences, heading, table};
use crate::cli::{Cli, chinese};
use crate::text;
use crate::text::Language;

/// Writes the page.
pub fn write(language: Language, _: &Sentences) -> String {
    let mut program = match language {
        Language::Zh => chinese::plain(),
        Language::En => Cli::command(),
    };
    program.build();
    let mut page = heading(&text!("命令行", "Command line"), language);
    let intro = text!(
        "命令的说明与 `hedui help 命令` 相同。做什么用、怎么用，见[各页文档](../../zh/README.md)。",
        "What `hedui help COMMAND` says. What the commands are for is told in [the guide](../../en/README.md)."
    );
    page += &format!("\n{}\n", intro.get(language));
    let everywhere: Vec<&Arg> = program.get_arguments().filter(|argument| argument.is_global_set()).collect();
    page += &format!("\n## {}\n\n", text!("每个命令都有的选项", "Options of every command").get(language));
    page += &options(&everywhere, language);
    for command in shown(&program) {
        add(&mut page, command, command.get_name(), language);
    }
    page
}

fn shown(command: &Command) -> impl Iterator<Item = &Command> {
    command.get_subcommands().filter(|below| !below.is_hide_set() && below.get_name() != "help")
}

fn add(page: &mut String, command: &Command, name: &str, language: Language) {
    let about = command.get_about().map(ToString::to_string).unwrap_or_default();
    let end = text!("。", ".");
    *page += &format!("\n## `hedui {name}`\n\n{about}{}\n", end.get(language));
    let own: Vec<&Arg> = command
        .get_arguments()
        .filter(|argument| !argument.is_global_set() && !argument.is_hide_set() && argument.get_id() != "help")
        .collect();
    if !own.is_empty() {
        *page += &format!("\n{}", options(&own, language));
    }
    for below in shown(command) {
        add(page, below, &format!("{name} {}", below.get_name()), language);
    }
}

fn options(arguments: &[&Arg], language: Language) -> String {
    let header = text!("选项 说明 取值", "option means values");
    let rows: Vec<Vec<String>> = arguments
        .iter()
        .map(|argument| {
            let help = argument.get_help().map(ToString::to_string).unwrap_or_default();
            vec![format!("`{}`", written(argument)), help, values(argument)]
        })
        .collect();
    table(&header.get(language).split(' ').collect::<Vec<_>>(), &rows)
}

/// How an argument is typed.
fn written(argument: &Arg) -> String {
    let takes = argument.get_action().takes_values();
    let names =
        argument.get_value_names().unwrap_or_default().iter().map(ToString::to_string).collect::<Vec<_>>().join(" ");
    if argument.is_positional() {
        let more = if argument.get_num_args().is_some_and(|count| count.max_values() > 1) { "…" } else { "" };
        return if argument.is_required_set() { format!("{names}{more}") } else { format!("[{names}]{more}") };
    }
    let long = argument.get_long().map(|long| format!("--{long}"));
    let short = argument.get_short().map(|short| format!("-{short}"));
    let typed = short.into_iter().chain(long).collect::<Vec<_>>().join(", ");
    if takes { format!("{typed} {names}") } else { typed }
}

/// The words that it takes, the usual one first.
fn values(argument: &Arg) -> String {
    if !argument.get_action().takes_values() {
        return String::new();
    }
    let usual: Vec<String> =
        argument.get_default_values().iter().map(|value| value.to_string_lossy().into_owned()).collect();
    let mut words: Vec<String> =
        argument.get_possible_values().iter().map(|value| format!("`{}`", value.get_name())).collect();
    for usual in &usual {
        let marked = format!("`{usual}`");
        words.retain(|word| *word != marked);
        words.insert(0, format!("**{marked}**"));
    }
    words.join(" ")
}
