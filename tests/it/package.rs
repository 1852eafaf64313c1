//! What a package holds beside the program: man pages and completions that say what the program says, units that start it.
//!
//! Apart because it is made of the definition of the command line, and must stay true to it.

use std::collections::BTreeSet;
use std::process::Command;

use crate::python::root;
use crate::workplace::{Workplace, binary};

/// The words of a help page that begin with two dashes.
fn options(help: &str) -> BTreeSet<String> {
    let words =
        help.split(|letter: char| letter.is_whitespace() || matches!(letter, ',' | '[' | ']' | '=' | '\'' | '`'));
    let is_option = |word: &&str| word.starts_with("--") && word.len() > 3;
    words.filter(is_option).map(|word| word.trim_end_matches(['.', ';', ':', ')', '…']).to_owned()).collect()
}

/// The commands that help lists.
fn commands(help: &str) -> Vec<String> {
    let heads = ["Commands:", "命令:"];
    let lines = help.lines().skip_while(|line| !heads.contains(line)).skip(1);
    let name = |line: &str| line.strip_prefix("  ")?.split(' ').next().map(str::to_owned);
    lines
        .take_while(|line| line.starts_with(' '))
        .filter_map(name)
        .filter(|name| !name.is_empty() && name != "help")
        .collect()
}

#[test]
fn man_pages_and_completions_know_every_command_and_option() {
    let workplace = Workplace::new("");
    workplace.hedui(&["generate", "made"]).exits(0);
    let help = workplace.hedui(&["--help"]).exits(0).stdout.clone();
    let commands = commands(&help);
    assert!(commands.len() >= 15 && !commands.contains(&"generate".to_owned()), "{commands:?}");
    let complete: Vec<String> =
        ["hedui.bash", "_hedui", "hedui.fish"].map(|name| workplace.read(&format!("made/completions/{name}"))).to_vec();
    assert!(complete.iter().all(|text| !text.contains("generate")), "a hidden command is completed");
    for command in &commands {
        let help = workplace.hedui(&[command, "--help"]).exits(0).stdout.clone();
        let page = workplace.read(&format!("made/man/hedui-{command}.1")).replace("\\-", "-");
        for option in options(&help) {
            assert!(page.contains(&option), "hedui-{command}.1 lacks {option}");
            let bare = option.trim_start_matches("--");
            assert!(complete.iter().all(|text| text.contains(bare)), "{option} of {command} is not completed");
        }
    }
}

#[test]
fn help_speaks_the_language_of_the_environment() {
    let help = |language: &str, arguments: &[&str]| {
        let output = Command::new(binary()).args(arguments).env("LC_ALL", language).output().expect("the program");
        (String::from_utf8(output.stdout).expect("UTF-8"), output.status.code())
    };
    let chinese = |text: &str| text.chars().filter(|letter| ('一'..='龥').contains(letter)).count();
    let (english, _) = help("en_US.UTF-8", &["--help"]);
    let (translated, code) = help("zh_CN.UTF-8", &["--help"]);
    assert_eq!(code, Some(0));
    assert_eq!(commands(&english), commands(&translated));
    for command in commands(&english) {
        for arguments in [[command.as_str(), "--help"], ["help", command.as_str()]] {
            let ((english, _), (translated, code)) = (help("en_US.UTF-8", &arguments), help("zh_CN.UTF-8", &arguments));
            assert_eq!(code, Some(0));
            assert_eq!(options(&english), options(&translated), "{command}");
            assert!(chinese(&english) == 0 && chinese(&translated) > 20, "{command}\n{english}\n{translated}");
        }
    }
    // Where nothing is said, what may be said is shown, and it is a mistake.
    let nothing = Command::new(binary()).env("LC_ALL", "zh_CN.UTF-8").output().expect("the program");
    assert_eq!(nothing.status.code(), Some(2));
    assert!(String::from_utf8_lossy(&nothing.stderr).contains("命令:"));
}

#[test]
fn bash_completes_what_is_typed() {
    let workplace = Workplace::new("");
    workplace.hedui(&["generate", "made"]).exits(0);
    let script = "source made/completions/hedui.bash; COMP_WORDS=(hedui run --dr); COMP_CWORD=2; COMP_LINE='hedui run --dr'; \
                  COMP_POINT=14; _hedui hedui --dr run; echo \"${COMPREPLY[@]}\"";
    let output = Command::new("bash").args(["-c", script]).current_dir(workplace.folder()).output().expect("bash");
    let said = String::from_utf8_lossy(&output.stdout);
    assert_eq!(said.trim(), "--dry-run", "{}", String::from_utf8_lossy(&output.stderr));
}

#[test]
fn the_version_names_the_commit() {
    let output = Command::new(binary()).arg("--version").output().expect("the program");
    let said = String::from_utf8(output.stdout).expect("UTF-8");
    let version = format!("hedui {}", env!("CARGO_PKG_VERSION"));
    let rest = said.trim().strip_prefix(&version).unwrap_or_else(|| panic!("{said}"));
    let commit = rest.trim().trim_start_matches('(').trim_end_matches([')', '+']);
    assert!(
        commit.is_empty() || (commit.len() == 12 && commit.chars().all(|digit| digit.is_ascii_hexdigit())),
        "{said}"
    );
    let is_checkout = Command::new("git").args(["rev-parse", "HEAD"]).current_dir(root()).output();
    assert_eq!(commit.is_empty(), !is_checkout.is_ok_and(|git| git.status.success()), "{said}");
}

#[test]
fn what_is_packed_beside_the_program_is_made_and_fits() {
    let workplace = Workplace::new("");
    let stage = Command::new(root().join("packaging/stage.sh"))
        .arg(binary())
        .arg(workplace.path("stage"))
        .current_dir(root())
        .output()
        .expect("sh");
    assert!(stage.status.success(), "{}", String::from_utf8_lossy(&stage.stderr));
    let unit = workplace.read("stage/systemd/hedui.service");
    assert!(unit.contains("\nExecStart=/usr/bin/hedui --quiet --config /srv/hedui/hedui.toml due\n"), "{unit}");
    assert!(!unit.contains("\nLoadCredential="), "a new workplace has no password yet: {unit}");
    let daily = workplace.read("stage/systemd/hedui-undelivered.service");
    assert!(
        daily.contains("\nExecStart=/usr/bin/hedui --quiet --config /srv/hedui/hedui.toml outbox send\n"),
        "{daily}"
    );
    assert!(!daily.contains("\nLoadCredential="), "{daily}");
    for timer in ["hedui.timer", "hedui-undelivered.timer"] {
        assert!(workplace.read(&format!("stage/systemd/{timer}")).contains("\nWantedBy=timers.target"), "{timer}");
    }
    workplace.hedui(&["--config", "stage/example", "lint"]).exits(0);
    assert!(workplace.read("stage/licences.txt").contains("\npolars "));
    // every file that the package is said to hold is there
    let manifest: toml::Table =
        std::fs::read_to_string(root().join("Cargo.toml")).expect("the manifest").parse().expect("TOML");
    let assets = manifest["package"]["metadata"]["deb"]["assets"].as_array().expect("assets");
    for asset in assets.iter().map(|asset| asset[0].as_str().expect("a path")) {
        let plain = asset.split('*').next().unwrap_or_default();
        let path = match plain.strip_prefix("target/package/") {
            Some(staged) => workplace.path("stage").join(staged),
            None if plain.starts_with("target/release/") => binary(),
            None => root().join(plain),
        };
        assert!(path.exists(), "{asset} is not there");
    }
}
