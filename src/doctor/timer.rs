//! Timers of systemd whose services start hedui for a workplace, and whether they are enabled: read from the unit files,
//! as they lie there.
//!
//! Apart from crontabs because a unit is put together from several files. It asks no systemd: its folders are enough, and
//! are there also where it does not run.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use super::cron_line::{Started, started};

/// A timer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Timer {
    /// Its name.
    pub name: String,
    /// Whether it starts with the machine, or with the user's session.
    pub is_enabled: bool,
    /// What its service starts.
    pub started: Vec<Started>,
}

/// The timers of one systemd, the machine's or a user's, that start hedui for a workplace. A folder that comes first goes
/// before the others.
pub fn timers(folders: &[PathBuf], names_workplace: &dyn Fn(&str) -> bool) -> Vec<Timer> {
    let enabled: BTreeSet<String> = folders.iter().flat_map(|folder| wanted(folder)).collect();
    let lying = folders.iter().flat_map(|folder| entries(folder)).filter(|name| is_timer(name));
    let names: BTreeSet<String> = lying.chain(enabled.iter().cloned()).collect();
    let timer = |name: String| {
        let unit = Unit::read(folders, &name)?;
        let service = unit.last("Unit").unwrap_or_else(|| name.replacen(".timer", ".service", 1));
        let started = Unit::read(folders, &service)?.started(names_workplace);
        (!started.is_empty()).then(|| Timer { is_enabled: enabled.contains(&name), started, name })
    };
    names.into_iter().filter_map(timer).collect()
}

fn is_timer(name: &str) -> bool {
    name.ends_with(".timer") && !name.ends_with("@.timer")
}

fn entries(folder: &Path) -> Vec<String> {
    let entries = std::fs::read_dir(folder).into_iter().flatten().filter_map(Result::ok);
    entries.map(|entry| entry.file_name().to_string_lossy().into_owned()).collect()
}

/// The timers that a target of a folder wants.
fn wanted(folder: &Path) -> Vec<String> {
    let targets = entries(folder).into_iter().filter(|name| name.ends_with(".wants") || name.ends_with(".requires"));
    targets.flat_map(|target| entries(&folder.join(target))).filter(|name| is_timer(name)).collect()
}

/// The settings of a unit, and what stands for %i in them.
struct Unit {
    text: String,
    instance: String,
}

impl Unit {
    /// A unit with what is dropped into it; nothing where there is none, or it is masked.
    fn read(folders: &[PathBuf], name: &str) -> Option<Self> {
        let (stem, ending) = name.rsplit_once('.')?;
        let (template, instance) = match stem.split_once('@') {
            Some((template, instance)) => (format!("{template}@.{ending}"), instance.to_owned()),
            None => (name.to_owned(), String::new()),
        };
        let first = |name: &str| {
            folders.iter().map(|folder| folder.join(name)).find(|path| std::fs::symlink_metadata(path).is_ok())
        };
        let mut text = std::fs::read_to_string(first(name).or_else(|| first(&template))?).ok()?;
        if text.trim().is_empty() {
            return None;
        }
        for folder in
            folders.iter().flat_map(|folder| [folder.join(format!("{name}.d")), folder.join(format!("{template}.d"))])
        {
            let mut more: Vec<String> = entries(&folder).into_iter().filter(|name| name.ends_with(".conf")).collect();
            more.sort();
            for file in more {
                text.push('\n');
                text.push_str(&std::fs::read_to_string(folder.join(file)).unwrap_or_default());
            }
        }
        Some(Self { text: text.replace("\\\n", " "), instance })
    }

    /// All values of a setting; an empty one takes those before it away.
    fn all(&self, setting: &str) -> Vec<String> {
        let mut values = Vec::new();
        for line in self.text.lines().map(str::trim) {
            match line.split_once('=') {
                Some((name, value)) if name.trim_end() == setting && value.trim().is_empty() => values.clear(),
                Some((name, value)) if name.trim_end() == setting => values.push(self.filled(value.trim())),
                _ => {}
            }
        }
        values
    }

    fn last(&self, setting: &str) -> Option<String> {
        self.all(setting).pop()
    }

    /// A value with what stands for the instance of a template.
    fn filled(&self, value: &str) -> String {
        value.replace("%i", &self.instance).replace("%I", &self.instance.replace('-', "/"))
    }

    /// What a service starts for a workplace that its command, or its folder, names.
    fn started(&self, names_workplace: &dyn Fn(&str) -> bool) -> Vec<Started> {
        let is_within = self.last("WorkingDirectory").is_some_and(|folder| names_workplace(&folder));
        let commands = self.all("ExecStart").into_iter();
        let of_workplace =
            commands.filter(|command| names_workplace(command) || is_within && !command.contains("--config"));
        of_workplace.flat_map(|command| started(command.trim_start_matches(['@', '-', ':', '+', '!']))).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A machine with these files, and links to nowhere where they are empty.
    fn found(files: &[(&str, &str)]) -> Vec<Timer> {
        let machine = tempfile::tempdir().expect("a folder");
        for (name, text) in files {
            let path = machine.path().join(name);
            std::fs::create_dir_all(path.parent().expect("a folder")).expect("folders");
            match text.is_empty() {
                true => std::os::unix::fs::symlink("/nowhere", path).expect("a link"),
                false => std::fs::write(path, text).expect("a file"),
            }
        }
        timers(&["etc", "usr"].map(|name| machine.path().join(name)), &|text| text.contains("/srv/hedui"))
    }

    const SERVICE: (&str, &str) =
        ("usr/hedui.service", "[Service]\nExecStart=/usr/bin/hedui --config /srv/hedui/hedui.toml due\n");
    const TIMER: (&str, &str) = ("usr/hedui.timer", "[Timer]\nOnCalendar=*:0/10\n");

    #[test]
    fn a_timer_that_only_lies_there_is_told_from_an_enabled_one() {
        let timer = |is_enabled| Timer { name: "hedui.timer".to_owned(), is_enabled, started: vec![Started::Due] };
        assert_eq!(found(&[SERVICE, TIMER]), [timer(false)]);
        assert_eq!(found(&[SERVICE, TIMER, ("etc/timers.target.wants/hedui.timer", "")]), [timer(true)]);
        assert_eq!(found(&[SERVICE]), [], "no timer");
        assert_eq!(found(&[SERVICE, TIMER, ("etc/hedui.timer", " \n")]), [], "masked");
    }

    #[test]
    fn a_service_that_only_mentions_the_workplace_starts_nothing_for_it() {
        for service in [
            "[Service]\nExecStart=/usr/bin/hedui --config /srv/other/hedui.toml due\nReadWritePaths=/srv/hedui/state\n",
            "[Service]\nExecStart=/usr/bin/hedui --config /srv/hedui/hedui.toml due --list\n",
            "[Service]\nExecStart=/usr/bin/rsync /srv/hedui backup:hedui\n# hedui\n",
            "[Service]\nExecStart=/usr/bin/hedui --config /srv/other.toml due\nWorkingDirectory=/srv/hedui\n",
        ] {
            assert_eq!(found(&[("etc/hedui.service", service), TIMER]), [], "{service}");
        }
    }

    #[test]
    fn units_are_put_together_from_templates_folders_and_what_is_dropped_in() {
        let template =
            ("usr/hedui@.service", "[Service]\nWorkingDirectory=/srv/%i\nExecStart=-/usr/bin/hedui \\\n  run weekly\n");
        let timer = ("usr/hedui@.timer", "[Timer]\nUnit=hedui@%i.service\n");
        let enabled = ("etc/timers.target.wants/hedui@hedui.timer", "");
        let weekly = Started::Job("weekly".to_owned());
        let found_one = found(&[template, timer, enabled]);
        assert_eq!((found_one[0].name.as_str(), &found_one[0].started), ("hedui@hedui.timer", &vec![weekly]));
        let other =
            ("etc/hedui.service.d/other.conf", "[Service]\nExecStart=\nExecStart=/usr/bin/hedui --config /srv/x due\n");
        assert_eq!(found(&[SERVICE, TIMER, other]), [], "the drop-in names another workplace");
    }
}
