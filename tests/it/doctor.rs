//! `hedui doctor`: a sound workplace is found sound, and each planted mistake is found, with what mends it.
//!
//! Apart because here the machine around the program is played too: cron, time zone, fonts, the environment.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::OnceLock;
use std::time::{Duration, SystemTime};

use serde_json::Value;
use tempfile::TempDir;

use crate::company::Company;
use crate::configuration::configuration;
use crate::python::interpreter;
use crate::server::{PASSWORD, Server, certificates};
use crate::workplace::{AS_OF, Ran, Workplace};

/// A workplace that lacks nothing, on a machine that lacks nothing.
struct Office {
    workplace: Workplace,
    machine: TempDir,
    environment: Vec<(&'static str, String)>,
    arguments: Vec<&'static str>,
}

/// A mail server for all of them, and a workplace that has run once, to be copied.
fn model() -> &'static (Server, TempDir, Workplace) {
    static MODEL: OnceLock<(Server, TempDir, Workplace)> = OnceLock::new();
    MODEL.get_or_init(|| {
        let mailbox = tempfile::tempdir().expect("a mailbox");
        let server = Server::start(mailbox.path(), 0, &[]);
        let settings = format!("domains = [\"example.com\"]\n{}", server.settings());
        let people = "[people]\nadministrator = [\"it@example.com\"]\n\n[mail]";
        let workplace = Company::clean(12).workplace_with(&configuration(&settings).replacen("[mail]", people, 1));
        let mut command = workplace.command();
        command.args(["run", "weekly", "--as-of", AS_OF]).env("HEDUI_IT_PASSWORD", PASSWORD);
        Ran::of(&mut command, "run weekly").exits(0);
        (server, mailbox, workplace)
    })
}

impl Office {
    fn new() -> Self {
        let workplace = Workplace::new("");
        let copied = Command::new("cp").arg("-a").arg(model().2.path(".")).arg(workplace.folder()).status();
        assert!(copied.expect("cp").success());
        let machine = tempfile::tempdir().expect("a folder");
        let office = Self { workplace, machine, environment: Vec::new(), arguments: vec!["--as-of", AS_OF] };
        let (bin, fonts) = (office.machine.path().join("bin"), office.machine.path().join("share/fonts/truetype"));
        for folder in [&bin, &fonts, &office.machine.path().join("home")] {
            std::fs::create_dir_all(folder).expect("a folder");
        }
        std::fs::write(fonts.join("wqy-microhei.ttc"), b"").expect("a font");
        let crontab = bin.join("crontab");
        std::fs::write(&crontab, "#!/bin/sh\ncat \"$(dirname \"$0\")/lines\"\n").expect("a program");
        set_mode(&crontab, 0o755);
        office.crontab("HEDUI_IT_PASSWORD=x\n0 8 * * 1 hedui --config FOLDER/hedui.toml run weekly\n");
        office
    }

    /// The crontab of the user; FOLDER stands for the workplace.
    fn crontab(&self, lines: &str) {
        let lines = lines.replace("FOLDER", &self.workplace.folder().display().to_string());
        std::fs::write(self.machine.path().join("bin/lines"), lines).expect("a crontab");
    }

    /// A timer of the user, whose service has the workplace's folder as its own.
    fn timer(&self, arguments: &str, is_enabled: bool) {
        let units = self.machine.path().join("home/.config/systemd/user");
        std::fs::create_dir_all(units.join("timers.target.wants")).expect("folders");
        let folder = self.workplace.folder().display();
        let service = format!("[Service]\nWorkingDirectory={folder}\nExecStart=/usr/local/bin/hedui {arguments}\n");
        std::fs::write(units.join("hedui.service"), service).expect("a unit");
        std::fs::write(units.join("hedui.timer"), "[Timer]\nOnCalendar=*:0/10\n").expect("a unit");
        if is_enabled {
            let link = units.join("timers.target.wants/hedui.timer");
            std::os::unix::fs::symlink(units.join("hedui.timer"), link).expect("a link");
        }
    }

    /// Changes hedui.toml.
    fn replace(&self, from: &str, to: &str) {
        let text = self.workplace.read("hedui.toml");
        assert!(text.contains(from), "{from}");
        self.workplace.write("hedui.toml", text.replacen(from, to, 1));
    }

    /// Changes a table's file.
    fn edit(&self, name: &str, change: impl Fn(String) -> String) {
        let path = format!("data/{name}.csv");
        self.workplace.write(&path, change(self.workplace.read(&path)));
    }

    /// Changes the history, as a crash or another version would leave it.
    fn sql(&self, statement: &str) {
        let script = "import sqlite3, sys\nc = sqlite3.connect(sys.argv[1])\nc.execute(sys.argv[2])\nc.commit()";
        let database = self.workplace.path("state/history.db");
        let output = Command::new(interpreter()).args(["-c", script]).arg(database).arg(statement).output();
        let output = output.expect("Python");
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    }

    fn set(&mut self, name: &'static str, value: &str) {
        self.environment.push((name, value.to_owned()));
    }

    fn doctor(&self, format: &[&str]) -> Ran {
        let machine = self.machine.path().display();
        let path = format!("{machine}/bin:{}", std::env::var("PATH").unwrap_or_default());
        let mut command = self.workplace.command();
        command
            .arg("doctor")
            .args(&self.arguments)
            .args(format)
            .env("PATH", path)
            .env("HOME", format!("{machine}/home"))
            .env("XDG_DATA_DIRS", format!("{machine}/share"))
            .env_remove("XDG_DATA_HOME")
            .env("TZ", "Asia/Shanghai")
            .env("HEDUI_IT_PASSWORD", PASSWORD);
        for (name, value) in &self.environment {
            command.env(name, value);
        }
        Ran::of(&mut command, "doctor")
    }

    /// What is not as it should be: (check, status, message, mend). That the tests run as root is no fault of theirs.
    fn faults(&self) -> Vec<(String, String, String, String)> {
        let found = self.doctor(&["--format", "json"]).json();
        let text = |line: &Value, key: &str| line[key].as_str().unwrap_or_else(|| panic!("{key} in {line}")).to_owned();
        let lines = found.as_array().expect("an array").iter();
        lines
            .map(|line| (text(line, "check"), text(line, "status"), text(line, "message"), text(line, "mend")))
            .filter(|(_, status, message, _)| status != "ok" && !message.contains("root 运行"))
            .collect()
    }
}

fn set_mode(path: &Path, mode: u32) {
    use std::os::unix::fs::PermissionsExt;
    std::fs::set_permissions(path, std::fs::Permissions::from_mode(mode)).expect("a mode");
}

/// A mistake, what is said of it and what mends it.
struct Planted {
    what: &'static str,
    plant: fn(&mut Office),
    check: &'static str,
    status: &'static str,
    says: &'static str,
    mends: &'static str,
}

macro_rules! planted {
    ($($what:literal: $plant:expr => $check:literal $status:literal $says:literal $mends:literal;)*) => {
        vec![$(Planted { what: $what, plant: $plant, check: $check, status: $status, says: $says, mends: $mends }),*]
    };
}

fn all() -> Vec<Planted> {
    planted! {
        "a key misspelt": |office| office.replace("language", "langauge")
            => "configuration" "error" "hedui.toml:" "hedui lint";
        "a waiver lapsed": |office| office.workplace.write("waivers.toml",
            "[[waiver]]\nrule = \"phone-format\"\nrecord_key = \"K1\"\nreason = \"x\"\napprover = \"y\"\nexpires = \"2020-01-01\"\n")
            => "configuration" "warning" "豁免已到期" "waivers.toml";
        "no job": |office| { let text = office.workplace.read("hedui.toml");
            office.workplace.write("hedui.toml", text.split("[[job]]").next().expect("a head")); }
            => "configuration" "warning" "[[job]]" "hedui init";
        "a file where state/ should be": |office| {
            std::fs::remove_dir_all(office.workplace.path("state")).expect("gone"); office.workplace.write("state", ""); }
            => "permissions" "error" "state 不能写" "chown";
        "a link that leads nowhere for out/": |office| {
            std::fs::remove_dir_all(office.workplace.path("out")).expect("gone");
            std::os::unix::fs::symlink("/nowhere/share", office.workplace.path("out")).expect("a link"); }
            => "permissions" "error" "out 不能写" "chown";
        "reports that others may read": |office| set_mode(&office.workplace.files("out")[0], 0o644)
            => "permissions" "warning" "别的用户能读 1 处" "chmod -R go=";
        "rules that anybody may change": |office| set_mode(&office.workplace.path("hedui.toml"), 0o666)
            => "permissions" "warning" "谁都能改" "chmod o-w";
        "a disk that is nearly full": |office| office.replace("[[job]]", "[state]\nleast_free = \"900000GB\"\n\n[[job]]")
            => "disk" "error" "least_free" "hedui purge";
        "another time zone": |office| office.set("TZ", "America/New_York")
            => "clock" "warning" "公司时区 Asia/Shanghai" "timedatectl set-timezone";
        "a clock that went back": |office| {
            let file = std::fs::File::options().write(true).open(office.workplace.path("state/lock")).expect("the lock");
            file.set_modified(SystemTime::now() + Duration::from_secs(86_400)).expect("a time"); }
            => "clock" "warning" "时钟倒退过" "set-ntp";
        "a variable that is not set": |office| office.replace("env:HEDUI_IT_PASSWORD", "env:HEDUI_IT_NOWHERE")
            => "secrets" "error" "HEDUI_IT_NOWHERE 未设置" "crontab";
        "a secret file that others may read": |office| { office.replace("env:HEDUI_IT_PASSWORD", "file:p");
            office.workplace.write("p", PASSWORD); set_mode(&office.workplace.path("p"), 0o644); }
            => "secrets" "warning" "别的用户也能读" "chmod 600";
        "a credential without systemd": |office| office.replace("env:HEDUI_IT_PASSWORD", "credential:smtp")
            => "secrets" "error" "没有 systemd 凭据" "LoadCredential=smtp";
        "a department's password that is not set": |office| office.replace(
            "to = [\"east@example.com\"]", "to = [\"east@example.com\"]\npassword = \"env:HEDUI_IT_EAST\"")
            => "secrets" "error" "华东销售部的工作簿" "crontab";
        "a source that is not there": |office| std::fs::remove_file(office.workplace.path("data/visits.csv")).expect("gone")
            => "sources" "error" "data/visits.csv 读不到" "共享盘";
        "a column with another header": |office| office.edit("customers", |text| text.replacen("联系电话", "Q栏", 1))
            => "sources" "warning" "缺少列：phone" "columns =";
        "a table without rows": |office| office.edit("contacts", |text| text.lines().take(1).collect::<String>() + "\n")
            => "sources" "warning" "contacts 没有数据行" "allow_empty";
        "a department without entry": |office| office.edit("customers", |text| text.replacen("华南销售部", "华南销售一部", 1))
            => "departments" "warning" "华南销售一部”（1 个客户）没有登记，是否即“华南销售部”" "[departments.";
        "an entry without customers": |office| office.replace(
            "[departments.\"华东销售部\"]", "[departments.\"西南销售部\"]\nto = [\"west@example.com\"]\n\n[departments.\"华东销售部\"]")
            => "departments" "warning" "西南销售部”在数据中没有客户" "删去";
        "no administrator": |office| office.replace("administrator = [\"it@example.com\"]", "")
            => "departments" "warning" "administrator" "管理员";
        "any address allowed": |office| office.replace("domains = [\"example.com\"]", "")
            => "addresses" "warning" "domains 没有写" "domains = [\"example.com\"]";
        "a private mailbox abroad": |office| {
            office.replace("\"example.com\"", "\"example.com\", \"gmail.com\""); office.replace("it@example.com", "it@gmail.com"); }
            => "addresses" "warning" "境外" "公司邮箱";
        "a slip in a domain": |office| {
            office.replace("domains = [\"example.com\"]", ""); office.replace("east@example.com", "east@exmaple.com"); }
            => "addresses" "warning" "exmaple.com" "写错";
        "two clearances at one address": |office| office.replace(
            "to = [\"south@example.com\"]", "to = [\"east@example.com\"]\nclearance = \"秘密\"")
            => "addresses" "warning" "密级授权不同" "授权";
        "a wrong password": |office| office.set("HEDUI_IT_PASSWORD", "falsch")
            => "mail" "error" "535" "授权码";
        "a port that nobody listens on": |office| office.replace("\nport = ", "\nport = 1 # ")
            => "mail" "error" "连不上" "host、port";
        "a certificate of somebody else": |office| { let other = certificates().join("other-ca.pem").display().to_string();
            let known = certificates().join("ca.pem").display().to_string(); office.replace(&known, &other); }
            => "mail" "error" "证书不可信" "host、port";
        "a sender who is not the login": |office| office.replace("<kefu@example.com>", "<weekly@example.com>")
            => "mail" "warning" "与登录账号" "from 用登录账号";
        "a password in the open": |office| {
            office.replace("security = \"tls\"", "security = \"none\""); office.replace("\nport = ", "\nport = 1 # "); }
            => "mail" "warning" "明文" "security = \"tls\"";
        "mails that are only files": |office| office.replace("transport = \"smtp\"", "transport = \"file\"")
            => "mail" "warning" "谁也收不到" "transport = \"smtp\"";
        "a share that is not mounted": |office| office.replace(
            "from = ", "share = 'x'\nshare_folder = \"/nowhere/share\"\nfrom = ")
            => "mail" "error" "/nowhere/share 放不进文件" "挂载";
        "a mail in doubt": |office| office.sql("update delivery set state = 'unknown' where id = 1")
            => "outbox" "error" "1 封邮件是否送达不明" "outbox retry";
        "a refused mail": |office| office.sql("update delivery set state = 'refused' where id = 2")
            => "outbox" "error" "1 封邮件被拒收" "outbox list";
        "a year without working days": |office| office.arguments = vec!["--as-of", "2031-01-06"]
            => "calendar" "warning" "2031 年放假安排没有载入" "calendar/cn-2031.toml";
        "a history that is no database": |office| office.workplace.write("state/history.db", "not a database, but long enough for one")
            => "history" "error" "history.db" "备份";
        "a history of a newer version": |office| office.sql(
            "insert into _sqlx_migrations values (99999, 'later', '2027-01-01', 1, x'00', 0)")
            => "history" "error" "更新版本" "那个版本";
        "a state/ that is not mounted": |office| {
            std::fs::remove_dir_all(office.workplace.path("state")).expect("gone");
            std::fs::create_dir(office.workplace.path("state")).expect("an empty mount"); }
            => "history" "error" "history.db 却没有了" "挂载";
        "findings that were deleted by hand": |office| std::fs::remove_dir_all(office.workplace.path("state/findings")).expect("gone")
            => "history" "error" "findings/" "备份";
        "no line in the crontab": |office| office.crontab("0 8 * * 1 hedui --config FOLDER-old/hedui.toml run weekly\n")
            => "cron" "warning" "没有为此工作区启动" "crontab.example";
        "a line that only shows what is due": |office| office.crontab(
            "HEDUI_IT_PASSWORD=x\n0 8 * * 1 hedui --config FOLDER/hedui.toml due --list\n")
            => "cron" "warning" "没有为此工作区启动" "crontab.example";
        "a job that nothing starts": |office| office.replace("[[job]]",
            "[[job]]\nname = \"monthly\"\nschedule = \"0 9 1 * *\"\nperiod = \"month\"\nreports = [\"service-digest\"]\n\n[[job]]")
            => "cron" "warning" "没有什么会启动任务 monthly" "hedui due";
        "a timer that is not enabled": |office| { office.crontab(""); office.timer("due", false); }
            => "cron" "warning" "hedui.timer 没有启用" "systemctl --user enable --now hedui.timer";
        "a timer that starts another workplace": |office| { office.crontab(""); office.timer("--config /srv/other.toml due", true); }
            => "cron" "warning" "没有为此工作区启动" "crontab.example";
        "a job that there is not": |office| office.crontab("HEDUI_IT_PASSWORD=x\n0 8 * * 1 hedui --config FOLDER/hedui.toml run weekyl\n")
            => "cron" "error" "“weekyl”不存在，是否想写“weekly”" "crontab -e";
        "a time that is not the job's": |office| office.crontab("HEDUI_IT_PASSWORD=x\n0 9 * * 1 hedui --config FOLDER/hedui.toml run weekly\n")
            => "cron" "warning" "0 9 * * 1" "hedui due";
        "a percent sign": |office| office.crontab(
            "HEDUI_IT_PASSWORD=x\n0 8 * * 1 hedui --config FOLDER/hedui.toml run weekly >log.$(date +%F)\n")
            => "cron" "error" "%" "\\%";
        "a program that is not there": |office| office.crontab(
            "HEDUI_IT_PASSWORD=x\n0 8 * * 1 /opt/nowhere/hedui --config FOLDER/hedui.toml run weekly\n")
            => "cron" "error" "/opt/nowhere/hedui 不存在" "which hedui";
        "a secret that cron does not set": |office| office.crontab("0 8 * * 1 hedui --config FOLDER/hedui.toml run weekly\n")
            => "cron" "warning" "没有设置 HEDUI_IT_PASSWORD" "crontab.example";
        "a secret in the list of processes": |office| office.crontab(
            "0 8 * * 1 HEDUI_IT_PASSWORD=geheim hedui --config FOLDER/hedui.toml run weekly\n")
            => "cron" "warning" "进程列表" "0600";
        "a job that cron forgot": |office| office.arguments = vec!["--as-of", "2026-12-02"]
            => "late" "warning" "任务 weekly 的 2026-W48 应在 2026-11-23 08:00" "hedui due";
        "no Chinese font": |office| office.set("XDG_DATA_DIRS", "/nowhere")
            => "fonts" "warning" "没有中文字体" "fonts-wqy-microhei";
    }
}

#[test]
fn a_sound_workplace_is_found_sound() {
    let office = Office::new();
    let before: Vec<PathBuf> = office.workplace.files("");
    assert_eq!(office.faults(), []);
    let ran = office.doctor(&[]);
    ran.exits(0).says("0 处错误").prints("localhost").prints("各任务都按时运行了");
    let left = |path: &&PathBuf| !path.to_string_lossy().contains("history.db-");
    let after: Vec<PathBuf> = office.workplace.files("");
    assert_eq!(after.iter().filter(left).collect::<Vec<_>>(), before.iter().filter(left).collect::<Vec<_>>());
    assert!(!ran.stdout.contains(PASSWORD) && !ran.stderr.contains(PASSWORD));
}

#[test]
fn each_planted_mistake_is_found_and_it_is_said_what_mends_it() {
    let all = all();
    assert!(all.len() >= 20);
    for Planted { what, plant, check, status, says, mends } in all {
        let mut office = Office::new();
        plant(&mut office);
        let faults = office.faults();
        let is_it = |(found, word, message, mend): &&(String, String, String, String)| {
            (found.as_str(), word.as_str()) == (check, status) && message.contains(says) && mend.contains(mends)
        };
        assert!(faults.iter().any(|fault| is_it(&fault)), "{what}: {faults:#?}");
        let code = office.doctor(&["--quiet"]).code;
        let is_ill = faults.iter().any(|(_, status, _, _)| status == "error");
        assert_eq!(code != 0, is_ill, "{what}: exit {code}, {faults:#?}");
    }
}

#[test]
fn a_timer_that_is_enabled_needs_no_crontab() {
    let office = Office::new();
    office.crontab("");
    office.timer("--quiet due", true);
    assert_eq!(office.faults(), []);
    office.doctor(&[]).exits(0).prints("由 hedui.timer 启动");
}

#[test]
fn without_a_configuration_there_is_nothing_to_look_at() {
    Workplace::new("").hedui(&["doctor"]).exits(2).says("hedui.toml");
}
