//! The definition of the command line in Chinese: what `help` shows where Chinese is spoken.
//!
//! Apart because the library has English words of its own, between those that the definition gives it. Nothing is carried
//! out by this definition: the program parses by the English one, and shows this one where help was asked for.

use std::collections::BTreeMap;

use clap::{Arg, Command, CommandFactory};

use super::Cli;

/// The words: a table a command, of the command's own and its arguments'.
const WORDS: &str = include_str!("zh.toml");
const TEMPLATE: &str = "{before-help}{about-with-newline}\n用法：{usage}\n\n{all-args}{after-help}";

type Words = BTreeMap<String, BTreeMap<String, String>>;

/// The whole definition as help shows it.
pub fn command() -> Command {
    made(true)
}

/// The same without what an argument takes in its words: for who shows that apart.
pub fn plain() -> Command {
    made(false)
}

fn made(has_values: bool) -> Command {
    let words: Words = toml::from_str(WORDS).unwrap_or_default();
    let mut command = Cli::command();
    command.build();
    translated(command, "hedui", &words, has_values)
}

/// A command and all below it; its name is that of its table.
fn translated(command: Command, name: &str, words: &Words, has_values: bool) -> Command {
    let own = |key: &str| words.get(name).and_then(|own| own.get(key));
    // options of every command stand with the program, its own with each
    let of_all = |key: &str| words.get("hedui").and_then(|all| all.get(key));
    let about = own("about").cloned();
    let word = |argument: &str, key: &str| match argument {
        "help" => Some("显示说明".to_owned()),
        "version" => Some("显示版本".to_owned()),
        _ => own(key).or_else(|| of_all(key)).cloned(),
    };
    let mut command = command.help_template(TEMPLATE).subcommand_help_heading("命令").subcommand_value_name("命令");
    command = command.mut_args(|argument| {
        let key = argument.get_id().to_string();
        let Some(said) = word(&key, &key) else { return argument };
        if !has_values {
            return argument.help(said);
        }
        let means = |value: &str| word("", &format!("{key}.{value}"));
        let said = said + &usual(&argument) + &values(&argument, means);
        let heading = if argument.is_positional() { "参数" } else { "选项" };
        argument
            .help(said.clone())
            .long_help(said)
            .help_heading(heading)
            .hide_default_value(true)
            .hide_possible_values(true)
    });
    if let Some(about) = about {
        command = command.about(about);
    }
    let below: Vec<String> = command.get_subcommands().map(|below| below.get_name().to_owned()).collect();
    for one in below {
        command = command.mut_subcommand(&one, |below| match (one.as_str(), name) {
            ("help", _) => below.about("显示这里的说明，或某个命令的说明"),
            (_, "hedui") => translated(below, &one, words, has_values),
            _ => translated(below, &format!("{name} {one}"), words, has_values),
        });
    }
    command
}

/// What it is where nothing is said.
fn usual(argument: &Arg) -> String {
    let usual: Vec<_> = argument.get_default_values().iter().map(|value| value.to_string_lossy()).collect();
    if usual.is_empty() || !argument.get_action().takes_values() {
        String::new()
    } else {
        format!("（默认 {}）", usual.join(" "))
    }
}

/// The words that it takes, with what each means.
fn values(argument: &Arg, means: impl Fn(&str) -> Option<String>) -> String {
    if !argument.get_action().takes_values() {
        return String::new();
    }
    let shown: Vec<String> = argument
        .get_possible_values()
        .iter()
        .map(|value| match means(value.get_name()) {
            Some(means) => format!("{}（{means}）", value.get_name()),
            None => value.get_name().to_owned(),
        })
        .collect();
    if shown.is_empty() { String::new() } else { format!("；可写：{}", shown.join("、")) }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    /// Every key that the definition wants words for.
    fn wanted(command: &Command, name: &str, wanted: &mut BTreeSet<(String, String)>) {
        wanted.insert((name.to_owned(), "about".to_owned()));
        let own = command.get_arguments().filter(|argument| name == "hedui" || !argument.is_global_set());
        for argument in own {
            let id = argument.get_id().as_str();
            wanted.insert((name.to_owned(), id.to_owned()));
            if argument.get_action().takes_values() {
                let told = argument.get_possible_values().into_iter().filter(|value| value.get_help().is_some());
                wanted.extend(told.map(|value| (name.to_owned(), format!("{id}.{}", value.get_name()))));
            }
        }
        for below in command.get_subcommands().filter(|below| !below.is_hide_set()) {
            let one = below.get_name();
            let name = if name == "hedui" { one.to_owned() } else { format!("{name} {one}") };
            self::wanted(below, &name, wanted);
        }
    }

    #[test]
    fn every_command_and_argument_has_words_in_both_languages() {
        let words: Words = toml::from_str(WORDS).expect("TOML");
        let written: BTreeSet<(String, String)> =
            words.iter().flat_map(|(table, keys)| keys.keys().map(move |key| (table.clone(), key.clone()))).collect();
        let mut asked = BTreeSet::new();
        wanted(&Cli::command(), "hedui", &mut asked);
        assert_eq!(asked.difference(&written).collect::<Vec<_>>(), Vec::<&(String, String)>::new(), "no Chinese");
        assert_eq!(written.difference(&asked).collect::<Vec<_>>(), Vec::<&(String, String)>::new(), "of nothing");
    }

    /// No line of help without Chinese: a sentence that is left in English would be one.
    #[test]
    fn help_is_in_chinese_throughout() {
        fn look(command: &mut Command) {
            let help = command.render_help().to_string();
            for line in help.lines().filter(|line| !line.starts_with("用法")) {
                let words = line.split(|letter: char| !letter.is_ascii_alphabetic()).filter(|word| word.len() > 1);
                let is_chinese = line.chars().any(|letter| ('一'..='龥').contains(&letter));
                assert!(is_chinese || words.count() <= 3, "{line}");
            }
            let whole = command.render_long_help().to_string();
            assert!(!["Usage", "Print", "default", "possible"].iter().any(|word| whole.contains(word)), "{whole}");
            command
                .get_subcommands_mut()
                .filter(|below| below.get_name() != "help" && !below.is_hide_set())
                .for_each(look);
        }
        look(&mut command());
    }
}
