//! Rule files broken by mutation: every slip at every place of the shipped packs is told at its line, none is accepted.
//!
//! Apart from `lint`, whose table shows what is said, because here a script breaks the files by chance. The seed is
//! printed: `HEDUI_SEED` repeats a run, `HEDUI_MUTATIONS` says how many (a number, or `all`, which takes long).

use crate::python::{root, try_python};

#[test]
fn broken_rule_files_are_told_at_the_broken_line() {
    let number = std::env::var("HEDUI_MUTATIONS").unwrap_or_else(|_| "300".to_owned());
    let seed = std::env::var("HEDUI_SEED").unwrap_or_else(|_| {
        let now = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).expect("after 1970");
        (now.as_nanos() % 1_000_000).to_string()
    });
    println!("HEDUI_SEED={seed} HEDUI_MUTATIONS={number}");
    let rules = root().join("rules").display().to_string();
    let arguments = [env!("CARGO_BIN_EXE_hedui"), &rules, &seed, &number];
    let (report, told) = try_python("it/py/mutate_rules.py", &arguments);
    assert!(told, "HEDUI_SEED={seed} HEDUI_MUTATIONS={number}\n{report}");
    print!("{report}");
}
