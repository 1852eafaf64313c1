//! Names that lead elsewhere, secrets that others could read, rights that are too wide: nothing comes of them.
//!
//! Apart because the data is written by many hands, and a share is open to more.

use std::path::{Path, PathBuf};
use std::process::Command;

use crate::company::Company;
use crate::configuration::{MAIL_AS_FILES, configuration};
use crate::mail::states;
use crate::server::{PASSWORD, Server};
use crate::workplace::{AS_OF, Ran, Workplace, mode};

/// Departments whose names would lead out of out/, be no names at all, or be too long for one.
fn names() -> Vec<String> {
    let long = "很".repeat(120);
    let tricks = [
        "../../外面",
        "..",
        "/etc/cron.d/hedui",
        "a\\..\\b",
        "$(touch pwned)",
        "; touch pwned",
        "CON",
        "-rf",
        "a\u{202e}xslx",
    ];
    tricks.iter().map(|name| (*name).to_owned()).chain([long.clone(), long + "二"]).collect()
}

fn all_below(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).into_iter().flatten().flatten() {
        found.push(entry.path());
        if entry.file_type().expect("a kind").is_dir() {
            found.extend(all_below(&entry.path()));
        }
    }
    found
}

#[test]
fn no_name_of_the_data_leads_out_of_the_workplace() {
    let names = names();
    let mut company = Company::clean(names.len());
    for (row, name) in names.iter().enumerate() {
        company.customers.set(row, "负责部门", name);
        company.customers.set(row, "负责人", &format!("../../{name}"));
        company.customers.set(row, "联系电话", "123");
    }
    let entries: String = names
        .iter()
        .enumerate()
        .map(|(number, name)| {
            let key = name.replace('\\', "\\\\");
            format!("[departments.\"{key}\"]\nto = [\"d{number}@example.com\"]\n\n")
        })
        .collect();
    let outside = tempfile::tempdir().expect("a folder");
    let folder = outside.path().join("a/b/c");
    std::fs::create_dir_all(&folder).expect("folders");
    let workplace = company.workplace_with(&configuration(MAIL_AS_FILES).replacen("[mail]", &(entries + "[mail]"), 1));
    std::fs::rename(workplace.path("data/customers.csv"), workplace.path("data/$(touch pwned);客户.csv"))
        .expect("moved");
    let text = workplace.read("hedui.toml").replacen("data/customers.csv", "data/*客户.csv", 1);
    workplace.write("hedui.toml", text);
    let copied = Command::new("cp").arg("-a").arg(workplace.path(".")).arg(&folder).status().expect("cp");
    assert!(copied.success());
    let before: Vec<PathBuf> = all_below(outside.path());

    let ran = Ran::of(
        crate::workplace::program(&folder).args(["run", "weekly", "--as-of", AS_OF]).env("HOME", outside.path()),
        "run weekly",
    );
    ran.exits(0);
    let made: Vec<PathBuf> = all_below(outside.path()).into_iter().filter(|path| !before.contains(path)).collect();
    for path in &made {
        let below = path.strip_prefix(&folder).unwrap_or_else(|_| panic!("{} is outside", path.display()));
        assert!(below.starts_with("out") || below.starts_with("state"), "{}", path.display());
        assert!(
            !path.to_string_lossy().contains("pwned") || below.starts_with("out/weekly/2026-W47"),
            "{}",
            path.display()
        );
    }
    let mails = made.iter().filter(|path| path.extension().is_some_and(|ending| ending == "eml")).count();
    assert_eq!(mails, names.len() + 4, "each department, three others among them, and the digest");
    assert!(
        !made.iter().any(|path| path.extension().is_some_and(|ending| ending == "xlsx")
            && path.to_string_lossy().contains('\u{202e}')),
        "no name that reads backwards"
    );
    let books = made.iter().filter(|path| path.extension().is_some_and(|ending| ending == "xlsx")).count();
    assert_eq!(books, mails, "no workbook takes another one's place");
}

#[test]
fn a_loose_umask_opens_nothing() {
    let workplace = Company::clean(4).workplace();
    let program = env!("CARGO_BIN_EXE_hedui");
    let script = format!("umask 000; exec '{program}' run weekly --as-of {AS_OF}");
    let mut command = Command::new("sh");
    Ran::of(command.args(["-c", &script]).current_dir(workplace.folder()), "run weekly").exits(0);
    for path in ["state", "out"].into_iter().flat_map(|name| workplace.files(name)) {
        assert_eq!(mode(&path), 0o600, "{}", path.display());
    }
}

/// Runs the weekly job with the mail password kept as the configuration says.
fn run_with(workplace: &Workplace, password: &str, credentials: Option<&Path>) -> Ran {
    let text = workplace.read("hedui.toml").replace("env:HEDUI_IT_PASSWORD", password);
    workplace.write("hedui.toml", text);
    let mut command = workplace.command();
    command.args(["run", "weekly", "-vv", "--as-of", AS_OF]).env_remove("CREDENTIALS_DIRECTORY");
    if let Some(folder) = credentials {
        command.env("CREDENTIALS_DIRECTORY", folder);
    }
    Ran::of(&mut command, password)
}

#[test]
fn secrets_come_from_files_and_credentials_and_are_told_nowhere() {
    let mailbox = tempfile::tempdir().expect("a mailbox");
    let server = Server::start(mailbox.path(), 0, &[]);
    let credentials = tempfile::tempdir().expect("a folder");
    std::fs::write(credentials.path().join("smtp"), format!("{PASSWORD}\n")).expect("a credential");
    for (password, mode, warns) in
        [("file:p", 0o600, false), ("file:p", 0o640, false), ("file:p", 0o644, true), ("credential:smtp", 0o600, false)]
    {
        let workplace = Company::clean(4).workplace_with(&configuration(&server.settings()));
        workplace.write("p", format!("{PASSWORD}\r\n"));
        std::fs::set_permissions(workplace.path("p"), std::os::unix::fs::PermissionsExt::from_mode(mode))
            .expect("a mode");
        let ran = run_with(&workplace, password, Some(credentials.path()));
        ran.exits(0);
        assert!(states(&workplace).iter().all(|state| state == "accepted"));
        assert_eq!(ran.stderr.contains("chmod 600"), warns, "{mode:o}: {}", ran.all());
        assert!(!ran.stderr.contains(PASSWORD) && !ran.stdout.contains(PASSWORD));
        for path in ["state", "out"].into_iter().flat_map(|name| workplace.files(name)) {
            let bytes = std::fs::read(&path).expect("a file");
            let found = bytes.windows(PASSWORD.len()).any(|window| window == PASSWORD.as_bytes());
            assert!(!found, "{}", path.display());
        }
    }
}

#[test]
fn a_credential_is_a_name_and_no_path() {
    let mailbox = tempfile::tempdir().expect("a mailbox");
    let server = Server::start(mailbox.path(), 0, &[]);
    let credentials = tempfile::tempdir().expect("a folder");
    for (password, words) in [
        ("credential:../p", "不是凭据名"),
        ("credential:smtp", "CREDENTIALS_DIRECTORY"),
        ("credential:absent", "absent"),
    ] {
        let workplace = Company::clean(4).workplace_with(&configuration(&server.settings()));
        workplace.write("p", PASSWORD);
        let folder = (password != "credential:smtp").then(|| credentials.path());
        run_with(&workplace, password, folder).exits(4).says(words);
        assert!(server.mails().is_empty());
    }
}
