//! Lines of crontabs that start hedui: what they run, and with which variables.
//!
//! Apart from what is said of them, so that crontabs can be tried without a machine. It knows no workplace.

use std::collections::BTreeMap;

/// A line that starts hedui.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CronLine {
    /// The five fields, or the word that stands for them.
    pub schedule: String,
    /// The command, its variables filled in as far as the crontab sets them.
    pub command: String,
    /// The command as it stands there.
    pub written: String,
    /// The names of the variables that are set for it.
    pub variables: Vec<String>,
}

/// The lines of a crontab that start hedui; those of the system name a user before the command.
pub fn lines(crontab: &str, has_user: bool) -> Vec<CronLine> {
    let mut variables: BTreeMap<String, String> = BTreeMap::new();
    let mut lines = Vec::new();
    for line in crontab.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with('#')) {
        if let Some((name, value)) = assignment(line) {
            variables.insert(name.to_owned(), value.to_owned());
            continue;
        }
        let fields = if line.starts_with('@') { 1 } else { 5 } + usize::from(has_user);
        let Some((schedule, command)) = split(line, fields) else { continue };
        let schedule = match has_user {
            true => schedule.rsplit_once(' ').map_or(schedule.clone(), |(schedule, _)| schedule.to_owned()),
            false => schedule,
        };
        let filled = filled(command, &variables);
        if start(&words(&filled)).is_some() {
            let mut known: Vec<String> = variables.keys().cloned().collect();
            known.extend(command.split_whitespace().filter_map(assignment).map(|(name, _)| name.to_owned()));
            lines.push(CronLine { schedule, command: filled, written: command.to_owned(), variables: known });
        }
    }
    lines
}

/// What a command starts of the jobs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Started {
    /// Whatever has fallen due.
    Due,
    /// The job of this name.
    Job(String),
}

/// Options of hedui that take the word after them.
const WITH_VALUE: [&str; 6] = ["--config", "--as-of", "--format", "--log-format", "--period", "--only-to"];
/// Options with which nothing is run, or nothing of it counts.
const ONLY_LOOKS: [&str; 5] = ["--list", "--dry-run", "--help", "-h", "--version"];

/// What a command starts, where it does: showing what is due starts nothing.
pub fn started(command: &str) -> Vec<Started> {
    let words = words(command);
    let starts = (0..words.len()).filter(|at| is_start(&words, *at));
    starts.filter_map(|at| started_by(&arguments(&words, at))).collect()
}

fn started_by(arguments: &[&str]) -> Option<Started> {
    if arguments.iter().any(|word| ONLY_LOOKS.contains(&own(word))) {
        return None;
    }
    let mut plain = Vec::new();
    let mut rest = arguments.iter();
    while let Some(word) = rest.next() {
        if WITH_VALUE.contains(word) {
            rest.next();
        } else if !word.starts_with('-') {
            plain.push(own(word));
        }
    }
    match plain[..] {
        ["due", ..] => Some(Started::Due),
        ["run", job, ..] => Some(Started::Job(job.to_owned())),
        _ => None,
    }
}

/// A word without what the shell takes for itself.
fn own(word: &str) -> &str {
    word.split(['>', '|', '&', ';', ')']).next().unwrap_or(word).trim_matches(['"', '\''])
}

/// The words after `hedui`, up to where its command ends.
fn arguments<'w>(words: &[&'w str], at: usize) -> Vec<&'w str> {
    let mut arguments = Vec::new();
    for word in &words[at + 1..] {
        if word.starts_with(['>', '|', '&', ';']) || word.starts_with("2>") {
            break;
        }
        arguments.push(*word);
        if word.ends_with([';', '|', '&', ')']) {
            break;
        }
    }
    arguments
}

impl CronLine {
    /// What the line starts.
    pub fn started(&self) -> Vec<Started> {
        started(&self.command)
    }

    /// The program, as the line names it.
    pub fn program(&self) -> Option<&str> {
        let words = words(&self.command);
        start(&words).and_then(|at| words.get(at).copied())
    }

    /// Whether a `%` ends the command early: cron takes it for a line break.
    pub fn breaks_off(&self) -> bool {
        let mut before = ' ';
        self.written.chars().any(|letter| {
            let breaks = letter == '%' && before != '\\';
            before = letter;
            breaks
        })
    }

    /// Whether a variable is set within the command to what can be read there; the whole command stands in the list of
    /// processes.
    pub fn shows(&self, variable: &str) -> bool {
        let values = self.written.split_whitespace().filter_map(assignment);
        values.into_iter().any(|(name, value)| name == variable && !value.trim_matches('"').starts_with(['$', '`']))
    }
}

/// The words of a command, without quotes.
fn words(command: &str) -> Vec<&str> {
    command.split_whitespace().map(|word| word.trim_matches(['"', '\''])).collect()
}

/// Where hedui is started first.
fn start(words: &[&str]) -> Option<usize> {
    (0..words.len()).find(|at| is_start(words, *at))
}

/// Whether hedui is started here: a word of that name that is followed by an option or a command, as no folder is.
fn is_start(words: &[&str], at: usize) -> bool {
    let is_ours = |word: &&str| word.trim_start_matches('(').rsplit('/').next() == Some("hedui");
    let is_word = |word: &str| !word.is_empty() && word.chars().all(|letter| letter.is_ascii_lowercase());
    let leads_on = |next: &&str| next.starts_with('-') || is_word(own(next));
    words.get(at).is_some_and(is_ours) && words.get(at + 1).is_some_and(leads_on)
}

/// `NAME=value`, or `NAME = value` on a line of its own.
fn assignment(line: &str) -> Option<(&str, &str)> {
    let (name, value) = line.split_once('=')?;
    let name = name.trim();
    let is_name = name.chars().all(|letter| letter.is_ascii_alphanumeric() || letter == '_')
        && name.chars().next().is_some_and(|letter| !letter.is_ascii_digit());
    is_name.then(|| (name, value.trim().trim_matches(['"', '\''])))
}

/// The first fields of a line, and the rest of it.
fn split(line: &str, fields: usize) -> Option<(String, &str)> {
    let mut rest = line;
    let mut first = Vec::new();
    for _ in 0..fields {
        let (field, after) = rest.trim_start().split_once(char::is_whitespace)?;
        first.push(field);
        rest = after;
    }
    Some((first.join(" "), rest.trim_start()))
}

/// A command with the variables that the crontab sets.
fn filled(command: &str, variables: &BTreeMap<String, String>) -> String {
    let mut filled = command.to_owned();
    // the longer name first: $HEDUI_CONFIG is no $HEDUI
    for (name, value) in variables.iter().rev() {
        filled = filled.replace(&format!("${{{name}}}"), value).replace(&format!("${name}"), value);
    }
    filled
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_that_start_hedui_are_told_with_their_variables() {
        let crontab = "# hedui run monthly\nHEDUI=/opt\nHEDUI_CONFIG=/srv/hedui/hedui.toml\nX = \"1\"\n\
            0 8 * * 1  P=\"$(cat /etc/p)\" flock -w 9 \"$HEDUI_CONFIG.lock\" hedui --config \"$HEDUI_CONFIG\" run weekly >>l 2>&1 || echo x\n\
            @daily /usr/local/bin/hedui due\n5 4 * * * backup /srv/hedui\n";
        let found = lines(crontab, false);
        assert_eq!(found.len(), 2);
        assert_eq!(found[0].schedule, "0 8 * * 1");
        assert_eq!(found[0].started(), [Started::Job("weekly".to_owned())]);
        assert_eq!(found[1].started(), [Started::Due]);
        assert_eq!(found[0].variables, ["HEDUI", "HEDUI_CONFIG", "X", "P"]);
        assert_eq!((found[1].schedule.as_str(), found[1].program()), ("@daily", Some("/usr/local/bin/hedui")));
        assert!(!found[0].shows("P") && !found[0].breaks_off());
        let found = lines("0 8 * * 1 cd /srv/hedui && ./hedui run weekly\n", false);
        assert_eq!(
            (found[0].program(), found[0].started()),
            (Some("./hedui"), vec![Started::Job("weekly".to_owned())])
        );
    }

    #[test]
    fn only_what_runs_a_job_starts_one() {
        for command in [
            "hedui --config /srv/hedui.toml due --list",
            "hedui run weekly --dry-run >>log",
            "hedui outbox send",
            "hedui --config run outbox send",
            "hedui explain due",
            "cp due /srv/hedui run",
        ] {
            assert_eq!(started(command), [], "{command}");
        }
        let job = |name: &str| Started::Job(name.to_owned());
        assert_eq!(
            started("(hedui --quiet run --period 2026-W47 weekly; hedui run monthly) 2>&1"),
            [job("weekly"), job("monthly")]
        );
        assert_eq!(started("hedui --format json due>>log 2>&1 && hedui outbox send"), [Started::Due]);
    }

    #[test]
    fn the_systems_crontab_names_a_user() {
        let found = lines("0 8 * * 1 root P=geheim hedui run weekly > log.$(date +%F)\n", true);
        assert_eq!(
            (found[0].schedule.as_str(), found[0].started()),
            ("0 8 * * 1", vec![Started::Job("weekly".to_owned())])
        );
        assert!(found[0].shows("P") && found[0].breaks_off());
    }
}
