//! From the same inputs, as-of and earlier state: identical findings, workbooks and decoded mail bodies.
//!
//! Apart because it is a promise about two workplaces, not one; whatever depends on chance, clock, folder or the order
//! of threads shows here.

use std::collections::BTreeMap;

use crate::company::Company;
use crate::python::{python, read_mail};
use crate::workplace::{AS_OF, Workplace};

/// Three weeks of a messy company in a fresh workplace; a different number of threads each time.
fn weeks(threads: &str) -> Workplace {
    let workplace = Company::clean(0).workplace();
    let data = workplace.path("data").display().to_string();
    for (week, day) in ["2026-11-08", "2026-11-15", AS_OF].iter().enumerate() {
        // the company changes from week to week, alike in both workplaces
        let seed = ["4", "4", "6"][week];
        python("oracle/generate.py", &[&data, "--customers", "60", "--seed", seed, "--as-of", AS_OF]);
        let mut command = workplace.command();
        command
            .args(["run", "weekly", "--as-of", day])
            .env("POLARS_MAX_THREADS", threads)
            .env("RAYON_NUM_THREADS", threads);
        let ran = crate::workplace::Ran::of(&mut command, "run");
        assert!([0, 3].contains(&ran.code), "{}", ran.all());
    }
    workplace
}

/// Everything below out/ by its path in the workplace: workbooks as bytes, mails as what a reader sees.
pub fn results(workplace: &Workplace) -> BTreeMap<String, Vec<u8>> {
    let mut results = BTreeMap::new();
    for path in workplace.files("out") {
        let name = path.strip_prefix(workplace.folder()).expect("below").display().to_string();
        if name.ends_with(".xlsx") {
            results.insert(name, std::fs::read(&path).expect("bytes"));
        } else if name.ends_with(".eml") && name.contains("W47") {
            let mail = read_mail(&path);
            let seen =
                ["subject", "text", "html", "to", "cc", "message_id", "attachments"].map(|part| mail[part].to_string());
            results.insert(name, seen.join("\n").into_bytes());
        } else {
            results.insert(name, Vec::new()); // there in both
        }
    }
    results
}

#[test]
fn two_workplaces_with_the_same_inputs_come_to_the_same() {
    let (first, second) = (weeks("1"), weeks("7"));
    for workplace in [&first, &second] {
        let ran = workplace.as_of(AS_OF, &["check", "--findings", "f.csv"]);
        assert!([0, 3].contains(&ran.code), "{}", ran.all());
    }
    assert_eq!(first.read("f.csv"), second.read("f.csv"), "the export");
    let history =
        |workplace: &Workplace| workplace.hedui(&["history", "findings", "--format", "json"]).exits(0).stdout.clone();
    assert!(history(&first) == history(&second), "the history");
    let (left, right) = (results(&first), results(&second));
    assert_eq!(left.keys().collect::<Vec<_>>(), right.keys().collect::<Vec<_>>());
    for (name, bytes) in &left {
        assert!(bytes == &right[name], "{name} differs");
    }
    assert!(left.len() > 20, "{:?}", left.keys());
}

#[test]
fn a_check_repeats_itself_line_by_line() {
    let workplace = weeks("2");
    let check = |name: &str| {
        let ran = workplace.as_of(AS_OF, &["check", "--findings", name]);
        (ran.stdout.clone(), workplace.read(name))
    };
    assert!(check("a.csv") == check("b.csv"));
    let lines = workplace.read("a.csv").lines().count();
    assert!(lines > 200, "{lines}");
}
