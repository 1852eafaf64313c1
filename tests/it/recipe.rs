//! CONTRIBUTING's recipe for a check kind, followed word by word: one new file, one name in a list, and a rule uses it.
//!
//! Apart because it builds the program a second time, from a copy: dependencies are linked, not built again.

use std::path::Path;
use std::process::Command;

use crate::python::root;
use crate::workplace::{AS_OF, Workplace};

/// What a shell would pass on.
const SHELL: [&str; 6] = ["PATH", "HOME", "CARGO_HOME", "RUSTUP_HOME", "RUSTUP_TOOLCHAIN", "TMPDIR"];

/// The first fenced block of a language after a heading.
fn block(text: &str, heading: &str, language: &str) -> String {
    let from = text.find(heading).unwrap_or_else(|| panic!("no {heading}"));
    let fence = format!("```{language}\n");
    let start = text[from..].find(&fence).unwrap_or_else(|| panic!("no {fence} below {heading}")) + from + fence.len();
    let end = text[start..].find("```").expect("the end of the block") + start;
    text[start..end].to_owned()
}

fn shell(script: &str) {
    let done = Command::new("bash").args(["-euc", script]).output().expect("bash");
    assert!(done.status.success(), "{script}\n{}", String::from_utf8_lossy(&done.stderr));
}

#[test]
fn a_check_kind_is_one_file_and_one_name() {
    let text = std::fs::read_to_string(root().join("CONTRIBUTING.md")).expect("the file");
    let (code, rule) = (block(&text, "## Add a check kind", "rust"), block(&text, "## Add a check kind", "toml"));
    // On the same file system as the target folder, so that what is built there can be linked.
    let below = Path::new(env!("CARGO_TARGET_TMPDIR"));
    let scratch = tempfile::Builder::new().prefix("recipe").tempdir_in(below).expect("a folder");
    let (copy, target) = (scratch.path().join("copy"), scratch.path().join("target"));
    let built = Path::new(env!("CARGO_BIN_EXE_hedui")).parent().expect("the folder of the program");
    let profile = built.file_name().expect("a profile").to_string_lossy().into_owned();
    shell(&format!(
        "mkdir -p '{copy}' '{target}/{profile}'; cd '{root}'; \
         cp -r Cargo.toml Cargo.lock build.rs src rules report_templates calendar benches tests '{copy}/'; \
         cp -al '{built}/deps' '{target}/{profile}/'; cp -a '{built}/build' '{built}/.fingerprint' '{target}/{profile}/'; \
         find '{target}/{profile}' -maxdepth 2 -name '*hedui-*' -exec rm -rf {{}} +",
        copy = copy.display(),
        target = target.display(),
        root = root().display(),
        built = built.display(),
    ));
    std::fs::write(copy.join("src/check/length_between.rs"), code).expect("the new file");
    let list = copy.join("src/check/mod.rs");
    let kinds = std::fs::read_to_string(&list).expect("the list");
    let grown = kinds.replacen("    compare,\n", "    compare,\n    length_between,\n", 1);
    assert_ne!(kinds, grown, "the list of kinds has changed its shape");
    std::fs::write(&list, grown).expect("the list");
    let build = Command::new(env!("CARGO"))
        .args(["build", "--locked", "--offline", "--bin", "hedui"])
        .current_dir(&copy)
        // As from a shell: cargo tells tests things about this package that would make dependencies be built anew.
        .env_clear()
        .envs(std::env::vars().filter(|(name, _)| SHELL.contains(&name.as_str())))
        .env("CARGO_TARGET_DIR", &target)
        .output()
        .expect("cargo");
    assert!(build.status.success(), "{}", String::from_utf8_lossy(&build.stderr));
    let said = String::from_utf8_lossy(&build.stderr);
    assert_eq!(said.matches("Compiling").count(), 1, "more than the program was built:\n{said}");

    let workplace = Workplace::new("[company]\nname = \"x\"\n");
    workplace.write("rules/own.toml", &rule);
    let config = workplace.path("hedui.toml").display().to_string();
    for command in [&["lint"][..], &["test", "remark-length"], &["explain", "remark-length"]] {
        let done = Command::new(target.join(&profile).join("hedui"))
            .args(command)
            .args(["--config", &config, "--as-of", AS_OF])
            .output()
            .expect("the program");
        assert!(done.status.success(), "{command:?}\n{}", String::from_utf8_lossy(&done.stderr));
        assert!(command[0] != "test" || String::from_utf8_lossy(&done.stdout).contains("0 个不符"));
    }
}
