//! Customers that were entered twice: held against a generator which shares nothing with the matcher, and what people
//! decided is kept to.

use crate::python::{python, try_python};
use crate::workplace::{AS_OF, Workplace};

const WORKPLACE: &str =
    "[company]\nname = \"x\"\nlanguage = \"zh\"\n[[source]]\ntable = \"customers\"\npath = \"data/customers.csv\"\n";

#[test]
fn most_duplicates_are_found_and_few_others() {
    let workplace = Workplace::new(WORKPLACE);
    for seed in ["11", "12"] {
        let data = workplace.path("data").display().to_string();
        python("oracle/duplicates.py", &[&data, "--customers", "6000", "--seed", seed]);
        workplace.as_of(AS_OF, &["check", "--rule", "near-duplicate", "--findings", "f.csv"]).exits(0);
        let findings = workplace.path("f.csv").display().to_string();
        let bounds = ["--precision", "0.95", "--recall", "0.90"];
        let (report, good) =
            try_python("oracle/evaluate_duplicates.py", &[&[data.as_str(), findings.as_str()], &bounds[..]].concat());
        assert!(good, "seed {seed}\n{report}");
        println!("{report}");
    }
}

#[test]
fn the_generator_holds_what_it_promises() {
    let (report, good) = try_python("oracle/test_duplicates.py", &[]);
    assert!(good, "{report}");
}

#[test]
fn a_decided_pair_is_not_asked_about_again() {
    let workplace = Workplace::new(WORKPLACE);
    workplace.write(
        "data/customers.csv",
        "档案编号,客户名称,录入日期\nA1,上海华联进出口有限公司,2024-03-01\nA2,华联进出口(上海)有限责任公司,2023-02-01\nA3,北京华联进出口有限公司,2022-01-01\n",
    );
    let found = |workplace: &Workplace| {
        workplace.as_of(AS_OF, &["check", "--rule", "near-duplicate", "--findings", "f.csv"]).exits(0);
        workplace.findings("f.csv")
    };
    let findings = found(&workplace);
    let keys: Vec<&str> = findings.iter().map(|finding| finding["record_key"].as_str()).collect();
    assert_eq!(keys, ["A1", "A2"]);
    for finding in &findings {
        let message = &finding["message"];
        assert!(message.starts_with('1') && message.contains("疑似"), "{message}");
    }
    assert!(findings[0]["message"].contains("最早的是 A2"), "{}", findings[0]["message"]);
    let pair = "[[pair]]\nfirst = \"A1\"\nsecond = \"A2\"\ndecision = \"different\"\nreason = \"两家\"\n\
                decided_by = \"赵\"\ndecided_on = 2026-11-01\n";
    workplace.write("decided-pairs.toml", pair);
    assert_eq!(found(&workplace), Vec::new());
    workplace.write("decided-pairs.toml", pair.replace("different", "diferent"));
    let lint = workplace.as_of(AS_OF, &["lint"]);
    lint.exits(2);
    assert!(lint.stderr.contains("decided-pairs.toml:4:12"), "{}", lint.stderr);
}
