//! CONTRIBUTING's recipes for a check kind, a source format and a report, followed word by word in a copy: what they show is
//! built and used.
//!
//! Apart because it builds the program a second time, from a copy: dependencies are linked, not built again.

use std::path::Path;
use std::process::Command;

use crate::python::root;
use crate::workplace::{AS_OF, Workplace};

/// What a shell would pass on.
const SHELL: [&str; 6] = ["PATH", "HOME", "CARGO_HOME", "RUSTUP_HOME", "RUSTUP_TOOLCHAIN", "TMPDIR"];

/// A fenced block of a language after a heading; 0 is the first.
fn block(text: &str, heading: &str, language: &str, number: usize) -> String {
    let from = text.find(heading).unwrap_or_else(|| panic!("no {heading}"));
    let fence = format!("```{language}\n");
    let (start, _) =
        text[from..].match_indices(&fence).nth(number).unwrap_or_else(|| panic!("no {fence} below {heading}"));
    let start = start + from + fence.len();
    let end = text[start..].find("```").expect("the end of the block") + start;
    text[start..end].to_owned()
}

/// Puts text before or behind what stands once in a file.
fn put(file: &Path, place: &str, grown: &str) {
    let text = std::fs::read_to_string(file).expect("the file");
    assert_eq!(text.matches(place).count(), 1, "{} has changed its shape: {place}", file.display());
    std::fs::write(file, text.replacen(place, grown, 1)).expect("the file");
}

/// The lines that the recipe shows of a file, told by its name in a remark.
fn lines_for(shown: &str, file: &str) -> String {
    let lines = shown.lines().skip_while(|line| !line.starts_with(&format!("// {file}"))).skip(1);
    lines.take_while(|line| !line.starts_with("//")).map(|line| format!("{line}\n")).collect()
}

fn shell(script: &str) {
    let done = Command::new("bash").args(["-euc", script]).output().expect("bash");
    assert!(done.status.success(), "{script}\n{}", String::from_utf8_lossy(&done.stderr));
}

#[test]
fn the_recipes_of_contributing_can_be_followed() {
    let text = std::fs::read_to_string(root().join("CONTRIBUTING.md")).expect("the file");
    let (code, rule) = (block(&text, "## Add a check kind", "rust", 0), block(&text, "## Add a check kind", "toml", 0));
    let format = block(&text, "## Add a source format", "rust", 0);
    let arms = block(&text, "## Add a source format", "rust", 1);
    let report = block(&text, "## Add a report", "toml", 0);
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
    put(&copy.join("src/check/mod.rs"), "    compare,\n", "    compare,\n    length_between,\n");
    let source = copy.join("src/source");
    std::fs::write(source.join("json_lines.rs"), format).expect("the new file");
    put(&source.join("mod.rs"), "mod markup;\n", "mod json_lines;\nmod markup;\n");
    put(
        &source.join("content.rs"),
        "    /// A Parquet file.\n",
        "    /// An object a line.\n    JsonLines,\n    /// A Parquet file.\n",
    );
    let last = "        Ok(Content::Text)\n";
    put(&source.join("content.rs"), last, &(lines_for(&arms, "src/source/content.rs") + last));
    let in_run = "        Content::Parquet => read_single";
    put(&source.join("file.rs"), in_run, &(lines_for(&arms, "src/source/file.rs") + in_run));
    let in_profile = "            Content::Parquet => one";
    let in_lists = "        Content::Parquet => return Err(not_a_list()),\n";
    let arm = lines_for(&arms, "src/verify/returned.rs");
    put(&copy.join("src/verify/returned.rs"), in_lists, &(arm + in_lists));
    put(&source.join("look.rs"), in_profile, &(lines_for(&arms, "src/source/look.rs") + in_profile));
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

    let workplace = Workplace::new(CONFIGURATION);
    workplace.write("rules/own.toml", &rule);
    workplace.write("report_templates/silent/report.toml", &report);
    workplace.write("data/customers.jsonl", RECORDS);
    let config = workplace.path("hedui.toml").display().to_string();
    let hedui = |command: &[&str]| -> String {
        let done = Command::new(target.join(&profile).join("hedui"))
            .args(command)
            .args(["--config", &config, "--as-of", AS_OF])
            .output()
            .expect("the program");
        // a table without all of its columns is looked at in part
        let (said, wrong) = (String::from_utf8_lossy(&done.stdout).into_owned(), String::from_utf8_lossy(&done.stderr));
        assert!(matches!(done.status.code(), Some(0 | 3)), "{command:?}\n{wrong}");
        said + &wrong
    };
    assert!(hedui(&["lint"]).contains("没有发现错误"));
    assert!(hedui(&["test", "remark-length"]).contains("0 个不符"));
    hedui(&["explain", "remark-length"]);
    // the source: both records, in the order of their keys, and the number as a spreadsheet shows it
    let profiled = hedui(&["profile", workplace.path("data/customers.jsonl").to_str().expect("UTF-8")]);
    assert!(profiled.contains("读取 2") && profiled.contains("registered_capital"), "{profiled}");
    let checked = hedui(&["check", "--rule", "remark-length"]);
    assert!(checked.contains("remark-length  1/2"), "{checked}");
    // the report
    let said = hedui(&["run", "silent", "--dry-run"]);
    assert!(said.contains("久无往来_客户服务部"), "{said}");
}

const RECORDS: &str =
    "{\"archive_no\": \"经销商2026-001\", \"name\": \"甲\", \"department\": \"客户服务部\", \"remark\": \"老客户\"}
{\"name\": \"乙\", \"archive_no\": \"经销商2026-002\", \"registered_capital\": 12.50, \"updated_on\": \"2020-01-01\", \
\"remark\": \"主营乳制品，每季度订货一次\", \"department\": \"客户服务部\"}
";

const CONFIGURATION: &str = r#"
[company]
name = "x"

[[source]]
table = "customers"
path = "data/customers.jsonl"

[departments."客户服务部"]
to = ["kefu@example.com"]

[mail]
transport = "file"
from = "kefu@example.com"

[[job]]
name = "silent"
schedule = "0 8 1 * *"
period = "month"
reports = ["silent"]
"#;
