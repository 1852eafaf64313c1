//! Whether something starts hedui for this workplace: a crontab, or a timer of systemd; and whether it can.
//!
//! Apart because it reads what belongs to the machine. It changes no crontab.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use super::cron_line::{CronLine, Started, lines};
use super::timer::{Timer, timers};
use super::{Patient, Remark, secrets};
use crate::config::secrets::environment;
use crate::config::{Config, Secret};
use crate::exit_code::ExitCode;
use crate::problem::nearest;
use crate::text;

/// Where the units of systemd lie, the first before the others, beside the user's own.
const UNITS: [&str; 4] =
    ["/etc/systemd/system", "/run/systemd/system", "/usr/local/lib/systemd/system", "/usr/lib/systemd/system"];

pub(super) fn look(patient: &Patient) -> Option<Vec<Remark>> {
    let config = patient.config?;
    if config.jobs.is_empty() {
        return Some(vec![Remark::well(text!("没有任务，不需要定时启动", "no job, nothing to start"))]);
    }
    let lines = of_workplace(all_lines(), patient.folder);
    let (enabled, lying): (Vec<_>, Vec<_>) =
        all_timers(patient.folder).into_iter().partition(|(_, timer)| timer.is_enabled);
    let mut started: Vec<Started> = lines.iter().flat_map(CronLine::started).collect();
    started.extend(enabled.iter().flat_map(|(_, timer)| timer.started.clone()));
    let mut remarks: Vec<Remark> = lines.iter().flat_map(|line| of_line(line, config)).collect();
    if !started.is_empty() {
        remarks.extend(not_started(&started, config));
    } else if lying.is_empty() {
        remarks.push(nothing_starts(patient.folder));
    } else {
        remarks.extend(lying.iter().map(|(user, timer)| idle(user, timer)));
    }
    if enabled.is_empty() && !lines.is_empty() {
        remarks.extend(unset(&lines, config));
    }
    if remarks.is_empty() {
        let count = lines.len();
        remarks.push(match enabled.first() {
            Some((_, Timer { name, .. })) => Remark::well(text!("由 {name} 启动", "started by {name}")),
            None => Remark::well(text!("crontab 里有 {count} 行", "{count} lines of a crontab")),
        });
    }
    Some(remarks)
}

fn nothing_starts(folder: &Path) -> Remark {
    let folder = folder.display();
    Remark::doubtful(
        text!(
            "crontab 和 systemd 里没有为此工作区启动任务的行",
            "no line of a crontab and no timer starts a job of this workplace"
        ),
        text!(
            "照 crontab.example 加一行，其中 --config {folder}/hedui.toml",
            "add a line as in crontab.example, with --config {folder}/hedui.toml"
        ),
    )
}

/// The lines of this user's crontab and of the system's.
fn all_lines() -> Vec<CronLine> {
    let own = Command::new("crontab").arg("-l").stdin(Stdio::null()).stderr(Stdio::null()).output();
    let own = own.map(|output| String::from_utf8_lossy(&output.stdout).into_owned()).unwrap_or_default();
    let mut all = lines(&own, false);
    let folder = std::fs::read_dir("/etc/cron.d").into_iter().flatten().filter_map(Result::ok);
    let files = folder.map(|entry| entry.path()).chain([PathBuf::from("/etc/crontab")]);
    all.extend(files.filter_map(|file| std::fs::read_to_string(file).ok()).flat_map(|text| lines(&text, true)));
    all
}

/// Those that name this workplace, or go into its folder.
fn of_workplace(lines: Vec<CronLine>, folder: &Path) -> Vec<CronLine> {
    let names = names(folder);
    lines.into_iter().filter(|line| names.iter().any(|name| mentions(&line.command, name))).collect()
}

/// The folder as it was given, and as it really is.
fn names(folder: &Path) -> Vec<String> {
    let real = std::fs::canonicalize(folder).unwrap_or_else(|_| folder.to_owned());
    let mut names = vec![folder.display().to_string(), real.display().to_string()];
    names.dedup();
    names.retain(|name| name.len() > 1);
    names
}

/// Whether a command names a folder, and not one whose name only begins alike.
fn mentions(command: &str, folder: &str) -> bool {
    let goes_on = |letter: char| letter.is_alphanumeric() || "-_.".contains(letter);
    command.match_indices(folder).any(|(at, _)| !command[at + folder.len()..].starts_with(goes_on))
}

fn of_line(line: &CronLine, config: &Config) -> Vec<Remark> {
    let mut remarks = Vec::new();
    let schedule = &line.schedule;
    for started in line.started() {
        let Started::Job(name) = started else { continue };
        match config.job(&name) {
            None => {
                let near = nearest(&name, config.jobs.iter().map(|job| job.name.as_str()));
                let near =
                    near.map(|near| text!("，是否想写“{near}”？", ", did you mean `{near}`?")).unwrap_or_default();
                let (zh, en) = (near.zh, near.en);
                remarks.push(Remark::ill(
                    ExitCode::Usage,
                    text!(
                        "crontab 里的任务“{name}”不存在{zh}",
                        "the crontab runs `{name}`, and there is no such job{en}"
                    ),
                    text!("改正 crontab（crontab -e）", "mend the crontab (crontab -e)"),
                ));
            }
            Some(job) if job.schedule.written() != schedule => {
                let wanted = job.schedule.written();
                remarks.push(Remark::doubtful(
                    text!(
                        "任务 {name} 的 crontab 时间是“{schedule}”，hedui.toml 写的是“{wanted}”",
                        "the crontab starts {name} at `{schedule}`, hedui.toml says `{wanted}`"
                    ),
                    text!("两处写成一样，或改用一行 hedui due", "let both say the same, or let cron run hedui due"),
                ));
            }
            Some(_) => {}
        }
    }
    if let Some(program) = line.program().filter(|program| program.starts_with('/') && !Path::new(program).is_file()) {
        remarks.push(Remark::ill(
            ExitCode::Usage,
            text!("crontab 里的程序 {program} 不存在", "the crontab starts {program}, which is not there"),
            text!("改成 hedui 现在的位置（which hedui）", "name the place where hedui is (which hedui)"),
        ));
    }
    if line.breaks_off() {
        remarks.push(Remark::ill(
            ExitCode::Usage,
            text!(
                "crontab 的一行里有没转义的 %：cron 到那里就换行了（{schedule}）",
                "a line of the crontab has a % that cron takes for a line break ({schedule})"
            ),
            text!("写成 \\%", "write \\%"),
        ));
    }
    let secrets = secrets::all(config);
    let shown = secrets.iter().filter_map(|kept| match kept.secret {
        Secret::Environment(name) if line.shows(name) => Some(name),
        _ => None,
    });
    remarks.extend(shown.map(|name| {
        Remark::doubtful(
            text!(
                "crontab 的命令里直接写着 {name} 的值：进程列表里谁都看得见",
                "the value of {name} stands in the command of a crontab: anybody sees it in the list of processes"
            ),
            text!(
                "从 0600 的文件读取：{name}=\"$(cat 文件)\"，并换一个新密码",
                "read it from a file of mode 0600: {name}=\"$(cat FILE)\", and change it"
            ),
        )
    }));
    remarks
}

/// Variables with secrets that are set here, and that cron does not set.
fn unset(lines: &[CronLine], config: &Config) -> Vec<Remark> {
    let mut names: Vec<&String> = Vec::new();
    for kept in secrets::all(config) {
        if let Secret::Environment(name) = kept.secret
            && !names.contains(&name)
            && !lines.iter().any(|line| line.variables.contains(name))
        {
            names.push(name);
        }
    }
    let remark = |name: &&String| {
        Remark::doubtful(
            text!(
                "crontab 没有设置 {name}：cron 启动时没有登录时的变量",
                "the crontab does not set {name}: cron starts without the variables of a login"
            ),
            text!(
                "照 crontab.example 设置，或在 hedui.toml 改用 file:",
                "set it as crontab.example does, or write file: in hedui.toml"
            ),
        )
    };
    names.iter().map(remark).collect()
}

/// The timers of systemd that start hedui for this workplace, with the word that systemctl needs for a user's own.
fn all_timers(folder: &Path) -> Vec<(&'static str, Timer)> {
    let names = names(folder);
    let names_workplace = |text: &str| names.iter().any(|name| mentions(text, name));
    let own = environment("HOME").map(|home| PathBuf::from(home).join(".config/systemd/user"));
    let own = own.map(|own| timers(&[own], &names_workplace)).unwrap_or_default();
    let machine = timers(&UNITS.map(PathBuf::from), &names_workplace);
    own.into_iter().map(|timer| ("--user ", timer)).chain(machine.into_iter().map(|timer| ("", timer))).collect()
}

/// A timer that lies there and that nothing starts.
fn idle(user: &str, timer: &Timer) -> Remark {
    let name = &timer.name;
    Remark::doubtful(
        text!("{name} 没有启用：不会自己启动", "{name} is not enabled: it does not start by itself"),
        text!("systemctl {user}enable --now {name}", "systemctl {user}enable --now {name}"),
    )
}

/// Jobs that nothing starts.
fn not_started(started: &[Started], config: &Config) -> Vec<Remark> {
    if started.contains(&Started::Due) {
        return Vec::new();
    }
    let is_started = |name: &str| started.iter().any(|one| matches!(one, Started::Job(job) if job == name));
    let names = config.jobs.iter().map(|job| job.name.as_str()).filter(|name| !is_started(name));
    let remark = |name: &str| {
        Remark::doubtful(
            text!(
                "没有什么会启动任务 {name}：crontab 和 systemd 只启动别的任务",
                "nothing starts the job {name}: crontab and systemd start others only"
            ),
            text!(
                "改用一行 hedui due（它启动所有到期的任务），或加一行 hedui run {name}",
                "let cron run hedui due, which starts whatever has fallen due, or add a line with hedui run {name}"
            ),
        )
    };
    names.map(remark).collect()
}
