//! Every mistake that a user can make, out of a table: in both languages it is said what is wrong, where, and what to do.
//!
//! Apart from the tests of what is refused because here the words count. The table, `data/messages.toml`, reads as what
//! a user may meet.

use serde::Deserialize;
use std::collections::BTreeMap;

use crate::company::Company;
use crate::configuration::{MAIL_AS_FILES, configuration};
use crate::python::root;
use crate::workplace::{AS_OF, Ran, Workplace};

#[derive(Deserialize)]
struct Table {
    case: Vec<Case>,
}

/// One mistake.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Case {
    what: String,
    run: Vec<String>,
    code: i32,
    zh: Vec<String>,
    en: Vec<String>,
    #[serde(default)]
    bare: bool,
    #[serde(default)]
    replace: Vec<(String, String)>,
    #[serde(default)]
    write: BTreeMap<String, String>,
    #[serde(default)]
    remove: Vec<String>,
}

impl Case {
    fn workplace(&self, language: &str) -> Workplace {
        let workplace = match self.bare {
            true => Workplace::new(""),
            false => {
                let text = configuration(MAIL_AS_FILES);
                Company::clean(12)
                    .workplace_with(&text.replace("language = \"zh\"", &format!("language = \"{language}\"")))
            }
        };
        for (from, to) in &self.replace {
            let text = workplace.read("hedui.toml");
            assert!(text.contains(from.as_str()), "{}: no {from}", self.what);
            workplace.write("hedui.toml", text.replacen(from.as_str(), to, 1));
        }
        self.remove.iter().for_each(|name| std::fs::remove_file(workplace.path(name)).expect("a file"));
        self.write.iter().for_each(|(name, text)| workplace.write(name, text));
        workplace
    }

    fn ran(&self, workplace: &Workplace, locale: &str) -> Ran {
        let dated = self.run.iter().any(|word| word == "--as-of");
        let mut command = workplace.command();
        command.args(&self.run).env("LANG", locale);
        if !dated {
            command.args(["--as-of", AS_OF]);
        }
        Ran::of(&mut command, &self.what)
    }
}

#[test]
fn every_mistake_is_told_in_both_languages() {
    let text = std::fs::read_to_string(root().join("tests/it/data/messages.toml")).expect("the table");
    let table: Table = toml::from_str(&text).expect("the table");
    assert!(table.case.len() >= 60);
    let mut wrong = Vec::new();
    for case in &table.case {
        for (language, locale, words) in [("zh", "zh_CN.UTF-8", &case.zh), ("en", "en_US.UTF-8", &case.en)] {
            let workplace = case.workplace(language);
            let ran = case.ran(&workplace, locale);
            let missing: Vec<&String> = words.iter().filter(|word| !ran.stderr.contains(word.as_str())).collect();
            // Chinese signs in an English sentence come of a wording that was forgotten
            let is_mixed = language == "en" && ran.stderr.contains(['，', '；', '。']);
            if ran.code != case.code || !missing.is_empty() || is_mixed {
                wrong.push(format!("{} ({language}): exit {}, no {missing:?}\n{}", case.what, ran.code, ran.stderr));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
