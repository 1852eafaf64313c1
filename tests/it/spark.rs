//! READ: a standalone Spark of two workers over Parquet files in parts, one worker killed midway; and text files in parts.
//!
//! Apart from the other sources, and ignored unless asked for where Spark is started: it is 400 MB and wants java 17.
//! CONTRIBUTING says how.

use std::io::{BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};
use std::time::{Duration, Instant};

use serde_json::Value;

use crate::configuration::{MAIL_AS_FILES, configuration_of, sources};
use crate::python::{python, root};
use crate::server_database::free_port;
use crate::workplace::{AS_OF, Workplace};

/// Rules that are told from single rows.
const RULES: [&str; 4] = ["phone-format", "email-format", "visit-required-fields", "visit-submitted-within-24h"];
/// Where Spark is.
const HOME: &str = "SPARK_HOME";

/// A master and two workers, gone with their script.
struct Cluster {
    script: Child,
    stdin: ChildStdin,
    answers: BufReader<ChildStdout>,
    folder: PathBuf,
    port: u16,
}

impl Cluster {
    fn start(folder: PathBuf) -> Self {
        std::fs::create_dir_all(&folder).expect("a folder");
        let port = free_port();
        let mut script = Command::new("bash")
            .arg(root().join("tests/services/spark_cluster.sh"))
            .arg(&folder)
            .arg(port.to_string())
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .expect("bash");
        let stdin = script.stdin.take().expect("its stdin");
        let answers = BufReader::new(script.stdout.take().expect("its stdout"));
        let mut cluster = Self { script, stdin, answers, folder, port };
        cluster.hears("READY");
        cluster
    }

    fn hears(&mut self, word: &str) {
        let mut line = String::new();
        self.answers.read_line(&mut line).expect("a line");
        assert_eq!(line.trim(), word);
    }

    fn does(&mut self, command: &str) {
        writeln!(self.stdin, "{command}").expect("a pipe");
        self.hears("DONE");
    }

    /// Waits until the first worker works for somebody.
    fn works(&self) -> bool {
        let begun = Instant::now();
        let is_app = |path: &Path| path.file_name().is_some_and(|name| name.to_string_lossy().starts_with("app-"));
        while begun.elapsed() < Duration::from_secs(120) {
            let entries = std::fs::read_dir(self.folder.join("worker1")).expect("its folder");
            let has_executor = |path: &Path| ["0", "1"].iter().any(|number| path.join(number).is_dir());
            if entries.flatten().map(|entry| entry.path()).any(|path| is_app(&path) && has_executor(&path)) {
                return true;
            }
            std::thread::sleep(Duration::from_millis(20));
        }
        false
    }
}

impl Drop for Cluster {
    fn drop(&mut self) {
        let _ = self.script.kill();
        let _ = self.script.wait();
    }
}

fn configure(workplace: &Workplace, evaluate: &str, master: &str, ending: &str) {
    let source = sources(|table| format!("path = \"parts/{table}/*.{ending}\"\nevaluate = \"{evaluate}\""));
    let home = std::env::var(HOME).expect("SPARK_HOME");
    let more = if workplace.path("spark.conf").exists() { "properties = \"spark.conf\"\n" } else { "" };
    let spark = format!("[spark]\nhome = \"{home}\"\nmaster = \"{master}\"\nfolder = \"exchange\"\n{more}\n");
    workplace.write("hedui.toml", configuration_of(&format!("{spark}{source}"), MAIL_AS_FILES));
}

fn arguments(rules: &[&'static str]) -> Vec<&'static str> {
    let mut arguments =
        vec!["check", "--findings", "f.csv", "--load-notes", "notes.json", "--format", "json", "--as-of", AS_OF];
    arguments.extend(rules.iter().flat_map(|rule| ["--rule", *rule]));
    arguments
}

#[test]
#[ignore = "needs java 17 and Spark 3.5 in SPARK_HOME (the pyspark package, 400 MB): see CONTRIBUTING"]
fn a_worker_is_killed_and_the_findings_are_the_same() {
    let workplace = Workplace::new("");
    let path = |name: &str| workplace.path(name).display().to_string();
    python("oracle/generate.py", &[&path("raw"), "--customers", "400", "--seed", "9", "--as-of", AS_OF]);
    python("it/py/tables.py", &["clean", &path("raw"), &path("data")]);
    std::fs::create_dir_all(workplace.path("exchange")).expect("a folder");
    let mut cluster = Cluster::start(workplace.path("cluster"));
    for file in workplace.files("data") {
        let table = file.file_stem().and_then(|name| name.to_str()).expect("a name").to_owned();
        cluster.does(&format!("PARTS {} {}", file.display(), workplace.path(&format!("parts/{table}")).display()));
    }
    let master = format!("spark://127.0.0.1:{}", cluster.port);
    let rules = RULES;
    configure(&workplace, "here", &master, "parquet");
    let whole = given(&workplace, workplace.hedui(&arguments(&rules)).exits(0).stdout.as_bytes());
    assert!(whole.0.len() > 100, "{}", whole.0.len());
    configure(&workplace, "spark", &master, "parquet");
    let running = workplace.command().args(arguments(&rules)).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn();
    let running = running.expect("hedui");
    assert!(cluster.works(), "Spark never began");
    cluster.does("KILL");
    let output = running.wait_with_output().expect("hedui ends");
    let log = std::fs::read_to_string(workplace.path("exchange/hedui-spark.log")).unwrap_or_default();
    assert!(output.status.success(), "{}\n{log}", String::from_utf8_lossy(&output.stderr));
    let narrowed = given(&workplace, &output.stdout);
    assert_eq!((&narrowed.0, &narrowed.1, &narrowed.2), (&whole.0, &whole.1, &whole.2));
    assert!(narrowed.3.contains("由数据库筛选"), "{}", narrowed.3);
    let master = std::fs::read_to_string(workplace.path("cluster/master.log")).expect("its log");
    assert!(master.contains("Removing worker"), "the worker was not missed:\n{master}");
    let left: Vec<PathBuf> = workplace.files("exchange");
    assert!(left.is_empty(), "{left:?}");
}

#[test]
#[ignore = "needs java 17 and Spark 3.5 in SPARK_HOME (the pyspark package, 400 MB): see CONTRIBUTING"]
fn text_files_give_the_same_however_they_are_written() {
    let workplace = Workplace::new("");
    let path = |name: &str| workplace.path(name).display().to_string();
    python("oracle/generate.py", &[&path("raw"), "--customers", "400", "--seed", "11", "--as-of", AS_OF]);
    python("it/py/tables.py", &["clean", &path("raw"), &path("data")]);
    python("it/py/text_parts.py", &[&path("data"), &path("parts")]);
    std::fs::create_dir_all(workplace.path("exchange")).expect("a folder");
    // several tasks a file, so that lines are numbered piece by piece
    workplace.write("spark.conf", "spark.sql.files.maxPartitionBytes 9000\nspark.sql.files.openCostInBytes 0\n");
    // where several tables are checked, customers come whole: they say whose a record is
    for (rules, table) in
        [(&RULES[..], "visits"), (&["important-remark", "stale-record", "required-fields"], "customers")]
    {
        configure(&workplace, "here", "local[2]", "csv");
        let whole = given(&workplace, workplace.hedui(&arguments(rules)).exits(0).stdout.as_bytes());
        assert!(whole.0.len() > 100, "{}", whole.0.len());
        configure(&workplace, "spark", "local[2]", "csv");
        let output = workplace.hedui(&arguments(rules));
        let log = std::fs::read_to_string(workplace.path("exchange/hedui-spark.log")).unwrap_or_default();
        assert_eq!(output.code, 0, "{}\n{log}", output.all());
        let narrowed = given(&workplace, output.stdout.as_bytes());
        assert_eq!((&narrowed.0, &narrowed.1, &narrowed.2), (&whole.0, &whole.1, &whole.2));
        let told = |part: &str, words: &str| {
            let file = format!("{table}/{part}.csv");
            let notes: Value = serde_json::from_str(&narrowed.3).expect("load notes");
            let notes = notes["sources"].as_array().expect("sources").clone();
            notes.iter().any(|note| {
                note["file"].as_str().is_some_and(|name| name.ends_with(&file))
                    && note["remarks"].to_string().contains(words)
            })
        };
        for part in ["part-0", "part-1", "part-2", "part-3", "part-5"] {
            assert!(told(part, "由数据库筛选"), "{part}: {}", narrowed.3);
        }
        assert!(told("part-4", "在本机读取：有跨行的单元格"), "{}", narrowed.3);
    }
}

#[test]
fn a_text_file_that_spark_could_not_read_is_read_here() {
    let workplace = Workplace::new("");
    let path = |name: &str| workplace.path(name).display().to_string();
    python("oracle/generate.py", &[&path("raw"), "--customers", "60", "--seed", "3", "--as-of", AS_OF]);
    python("it/py/tables.py", &["clean", &path("raw"), &path("data")]);
    python("it/py/tables.py", &["gb18030", &path("data"), &path("gb")]);
    std::fs::create_dir_all(workplace.path("exchange")).expect("a folder");
    std::fs::create_dir_all(workplace.path("titled")).expect("a folder");
    for table in workplace.files("data") {
        let text = std::fs::read_to_string(&table).expect("a table");
        let name = table.file_name().and_then(|name| name.to_str()).expect("a name");
        workplace.write(&format!("titled/{name}"), format!("客户资料,2026\n{text}"));
    }
    let check = |folder: &str, evaluate: &str| {
        let source = sources(|table| format!("path = \"{folder}/{table}.csv\"\nevaluate = \"{evaluate}\""));
        // nobody is asked: there is no Spark at all
        let spark = "[spark]\nhome = \"none\"\nmaster = \"local[1]\"\nfolder = \"exchange\"\n\n";
        workplace.write("hedui.toml", configuration_of(&format!("{spark}{source}"), MAIL_AS_FILES));
        let ran = workplace.hedui(&arguments(&RULES));
        given(&workplace, ran.exits(0).stdout.as_bytes())
    };
    for (folder, words) in [("gb", "不是 UTF-8 编码（GB18030）"), ("titled", "表头不在第一行")] {
        let (whole, read) = (check(folder, "here"), check(folder, "spark"));
        assert_eq!((&read.0, &read.1, &read.2), (&whole.0, &whole.1, &whole.2), "{folder}");
        assert!(read.3.contains(words), "{folder}: {}", read.3);
    }
}

/// Findings in order, outcomes, what the notes count, and the notes.
fn given(workplace: &Workplace, stdout: &[u8]) -> (Vec<String>, Value, Vec<Value>, String) {
    let mut findings: Vec<String> = workplace.read("f.csv").lines().map(str::to_owned).collect();
    findings.sort();
    let text = workplace.read("notes.json");
    let notes: Value = serde_json::from_str(&text).expect("load notes");
    let counts = notes["sources"].as_array().expect("sources").iter();
    let counts = counts
        .map(|note| serde_json::json!([note["file"], note["rows_read"], note["rows_checked"], note["skipped"]]))
        .collect();
    (findings, serde_json::from_slice(stdout).expect("JSON"), counts, text)
}
