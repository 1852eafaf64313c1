//! Rule files of a company's own, at the edges: what is refused is told where it stands, what is accepted is evaluated.
//!
//! Apart from `lint`, which goes through the keys of all files, because here every test is a rule that once was
//! misread in silence.

use std::fmt::Write;

use serde_json::Value;

use crate::workplace::{AS_OF, Workplace};

/// The keys that every rule has; the kind and its keys follow.
fn rule(id: &str, keys: &str) -> String {
    format!(
        "[[rule]]\nid = \"{id}\"\ntitle = \"t\"\ntable = \"customers\"\nseverity = \"warning\"\ndimension = \"validity\"\n\
         clauses = []\nmessage = \"m\"\nadvice = \"a\"\n{keys}\n"
    )
}

/// A workplace with one table of customers and rules of its own.
fn workplace(rules: &str, customers: &str) -> Workplace {
    let workplace = Workplace::new(
        "[company]\nname = \"x\"\nlanguage = \"en\"\n[[source]]\ntable = \"customers\"\npath = \"c.csv\"\n",
    );
    workplace.write("c.csv", customers);
    workplace.write("rules/own.toml", rules);
    workplace
}

const THREE: &str = "档案编号,客户名称,负责部门,负责人,注册资本(万元),签约日期\n\
                     A1,甲,东,王,123.45,2026-01-01\nA2,乙,西,李,1.2345678,2026-02-01\nA3,丙,西,李,1,\n";

/// The line of the n-th key in the rule that [`rule`] writes.
const OWN_KEYS: usize = 10;

fn keys_that_fail(workplace: &Workplace, id: &str) -> Vec<String> {
    workplace.as_of(AS_OF, &["check", "--rule", id, "--findings", "f.csv"]).exits(0);
    workplace.findings("f.csv").iter().map(|finding| finding["record_key"].clone()).collect()
}

/// What lint says of one rule of its own, as (line, message).
fn mistakes(keys: &str) -> Vec<(u64, String)> {
    let ran = workplace(&rule("zz", keys), THREE).hedui(&["lint", "--format", "json"]).exits(2).json();
    let place = |problem: &Value| {
        assert_eq!(problem["file"], "rules/own.toml", "{problem}");
        (problem["line"].as_u64().expect("a line"), problem["message"].as_str().expect("words").to_owned())
    };
    ran.as_array().expect("an array").iter().map(place).collect()
}

#[test]
fn five_thousand_customers_of_one_name_are_one_group() {
    let mut customers = "档案编号,客户名称,负责部门,负责人\n".to_owned();
    for number in 1..=5000 {
        writeln!(customers, "A{number:05},上海瑞丰贸易有限公司,东,王").expect("a string");
    }
    let workplace = workplace("", &customers);
    workplace.as_of(AS_OF, &["check", "--rule", "near-duplicate", "--findings", "f.csv"]).exits(0);
    let found = workplace.findings("f.csv");
    assert_eq!(found.len(), 5000);
    let first = &found[0]["message"];
    assert!(first.contains("A00002") && first.contains("and 4996 more"), "{first}");
}

#[test]
fn allowed_values_look_at_the_text_of_numbers_and_days() {
    let rules = [
        rule("number", "check = \"allowed_values\"\nfield = \"registered_capital\"\nvalues = [\"1\"]"),
        rule("day", "check = \"allowed_values\"\nfield = \"signed_on\"\nvalues = [\"2026-01-01\"]"),
        rule(
            "not",
            "check = \"allowed_values\"\nfield = \"signed_on\"\nmust = \"not_be_in\"\nvalues = [\"2026-01-01\"]",
        ),
    ];
    let workplace = workplace(&rules.concat(), THREE);
    assert_eq!(keys_that_fail(&workplace, "number"), ["A1", "A2"]);
    assert_eq!(keys_that_fail(&workplace, "day"), ["A2"]);
    assert_eq!(keys_that_fail(&workplace, "not"), ["A1"]);
}

#[test]
fn an_amount_is_told_as_exactly_as_it_was_typed() {
    let keys = "check = \"compare\"\nfails_when = \"registered_capital > 0\"\ndetail = \"registered_capital\"";
    let workplace = workplace(&rule("zz", keys).replace("\"m\"", "\"is {detail}\""), THREE);
    assert_eq!(keys_that_fail(&workplace, "zz"), ["A1", "A2", "A3"]);
    let said: Vec<String> = workplace.findings("f.csv").iter().map(|finding| finding["message"].clone()).collect();
    assert_eq!(said, ["is 123.45", "is 1.2345678", "is 1"]);
}

#[test]
fn a_pattern_with_a_remark_is_a_pattern() {
    let keys = "check = \"format\"\nfield = \"archive_no\"\npatterns = ['(?x) A [0-9] # a letter and a digit', 'B.']";
    let customers = "档案编号,客户名称,负责部门,负责人\nA1,甲,东,王\nA12,乙,东,王\nB2,丙,东,王\nxA1,丁,东,王\n";
    let workplace = workplace(&rule("zz", keys), customers);
    assert_eq!(keys_that_fail(&workplace, "zz"), ["A12", "xA1"]);
    assert!(mistakes("check = \"format\"\nfield = \"name\"\npatterns = ['a)|(b']")[0].1.contains("regular expression"));
}

#[test]
fn numbers_that_nothing_can_be_reckoned_with_are_refused() {
    let approval =
        "check = \"approval\"\nstart = \"signed_on\"\n[[rule.step]]\non = \"entered_on\"\nlimit = \"days\"\n";
    let deadline = "check = \"deadline\"\nfrom = \"signed_on\"\nfield = \"entered_on\"\n";
    for (keys, number, words) in [
        (approval, "days = 1.5", "whole number"),
        (approval, "days = -3", "whole number"),
        (approval, "days = 3000000000", "too large"),
        (deadline, "limit = 3000000000", "too large"),
    ] {
        let keys = format!("{keys}[rule.parameters]\n{number}");
        let line = OWN_KEYS + keys.lines().count() - 1;
        let told = mistakes(&keys);
        assert!(told.len() == 1 && told[0].0 == line as u64 && told[0].1.contains(words), "{number}: {told:?}");
    }
}

#[test]
fn conditions_beyond_all_measure_are_mistakes_and_no_crash() {
    for condition in [
        "signed_on < as_of - -2147483648".to_owned(),
        "year(as_of + 2000000000) > 1".to_owned(),
        format!("signed_on < as_of{}", " - 1".repeat(20_000)),
        format!("days(signed_on, as_of{}) > 1", " - 1".repeat(2_000)),
    ] {
        let told = mistakes(&format!("check = \"compare\"\nfails_when = \"{condition}\""));
        assert!(told.len() == 1 && told[0].0 == 11, "{told:?}");
    }
    let weights =
        "[[rule.item]]\nfield = \"name\"\nweight = 79228162514264337593543950335\nvalues = { a = 1 }\n".repeat(2);
    let told = mistakes(&format!("check = \"scorecard\"\n{weights}[rule.parameters]\nleast = 1"));
    assert!(told.iter().any(|(_, message)| message.contains("too much")), "{told:?}");
}

#[test]
fn a_choice_of_twenty_thousand_is_evaluated() {
    let choices = (1..20_000).map(|number| format!("name = 'x{number}'")).collect::<Vec<_>>().join(" or ");
    let keys = format!("check = \"compare\"\nfails_when = \"{choices} or name = '乙'\"");
    assert_eq!(keys_that_fail(&workplace(&rule("zz", &keys), THREE), "zz"), ["A2"]);
}

#[test]
fn one_mistake_is_told_once_and_right_keys_beside_it_are_not() {
    for (keys, line) in [
        ("check = \"reference\"\nfield = \"archive_no\"\nto = \"contractz\"\nto_field = \"archive_no\"", 12),
        (
            "check = \"near_duplicate\"\nkey = \"archive_no\"\nfield = \"name\"\ncode = \"uscq\"\nphone = \"phone\"\n[rule.parameters]\nscore = 66\ncrowd = 6",
            13,
        ),
        (
            "check = \"related_count\"\nkey = \"archive_no\"\nrelated = \"contractz\"\nrelated_key = \"archive_no\"\nrelated_where = \"amount > 1\"\nat = \"least\"\n[rule.parameters]\ncount = 1",
            12,
        ),
        (
            "check = \"format\"\nfield = \"phone\"\nafter = \"nmae\"\nmust = \"match\"\nmissing = \"passes\"\npatterns = ['x']",
            12,
        ),
        ("check = \"allowed_values\"\nfield = \"phone\"\nvalues = 3\nsynonyms = { a = \"b\" }", 12),
    ] {
        let told = mistakes(keys);
        assert!(told.len() == 1 && told[0].0 == line, "{keys}\n{told:?}");
    }
    let example = "check = \"repeated\"\nfield = \"name\"\n[rule.parameters]\ncount = 2\n[[rule.example]]\n\
                   expect = \"pass\"\nrows = [{ archive_no = \"A1\" }]\nparameters = { counts = 2 }";
    let told = mistakes(example);
    assert!(told.len() == 1 && told[0].0 == 17, "{told:?}");
}

#[test]
fn rules_that_stand_in_for_one_another_in_a_ring_are_refused() {
    let keys = "check = \"required\"\n[[rule.require]]\nfields = [\"name\"]";
    let one =
        |id: &str, replaced: &str| rule(id, keys).replace("title =", &format!("replaces = \"{replaced}\"\ntitle ="));
    let ring = workplace(&[one("r1", "r2"), one("r2", "r3"), one("r3", "r1")].concat(), THREE);
    ring.hedui(&["lint"]).exits(2).says("stand in for each other");
    // Of a chain the first runs; what it stands in for does not, nor what that one stands in for.
    let chain = workplace(&[one("r1", "r2"), one("r2", "r3"), rule("r3", keys)].concat(), THREE);
    let ran = chain.as_of(AS_OF, &["check", "--rule", "r1", "--rule", "r2", "--rule", "r3", "--format", "json"]);
    let outcomes: Vec<String> =
        ran.json().as_array().expect("a list").iter().map(|line| line["outcome"].to_string()).collect();
    assert_eq!(outcomes, ["\"passed\"", "\"not_enabled\"", "\"not_enabled\""], "{}", ran.all());
}

#[test]
fn the_bound_of_a_grade_is_a_number_or_a_name() {
    let card = |at_least: &str| {
        format!(
            "check = \"scorecard\"\nfield = \"name\"\n[[rule.item]]\nfield = \"name\"\nweight = 1\nvalues = {{ a = 1 }}\n\
             [[rule.grade]]\nname = \"A\"\nat_least = {at_least}"
        )
    };
    for wrong in ["8e1", "true", "inf", "2026-01-01"] {
        let told = mistakes(&card(wrong));
        assert!(told.len() == 1 && told[0].0 == 18, "{wrong}: {told:?}");
    }
    assert!(mistakes(&card("8e1"))[0].1.contains("exponent"));
    workplace(&rule("zz", &card("80")), THREE).hedui(&["lint"]).exits(0);
}

#[test]
fn a_drift_beyond_all_numbers_is_none() {
    let keys = "check = \"drift\"\nmeasure = \"rows\"\n[rule.parameters]\npercent = 79228162514264337593543950335\nruns = 1\n\
                [[rule.example]]\nexpect = \"pass\"\nhistory = [{ rows = 3 }]\nrows = [{ archive_no = \"A1\" }]";
    workplace(&rule("zz", keys), THREE).hedui(&["test", "zz"]).exits(0).prints("1 examples, 0 wrong");
}

#[test]
fn a_list_of_days_is_in_the_words_of_the_language() {
    let keys = "check = \"compare\"\nfails_when = \"signed_on in (as_of, as_of - 1)\"";
    let workplace = workplace(&rule("zz", keys), THREE);
    workplace.hedui(&["explain", "zz"]).exits(0).prints("is one of the as-of date / 1 days before the as-of date");
}

/// A job with a workbook a department, over the customers of [`THREE`].
fn with_job(rules: &str) -> Workplace {
    let mut text = "[company]\nname = \"x\"\nlanguage = \"zh\"\n".to_owned();
    for table in ["customers", "employees"] {
        write!(text, "[[source]]\ntable = \"{table}\"\npath = \"{table}.csv\"\n").expect("a string");
    }
    for (name, address) in [("东", "east"), ("西", "west"), ("客户服务部", "kefu")] {
        write!(text, "[departments.\"{name}\"]\nto = [\"{address}@example.com\"]\n").expect("a string");
    }
    text += "[mail]\nfrom = \"kefu@example.com\"\ntransport = \"file\"\n[[job]]\nname = \"weekly\"\n\
             schedule = \"0 8 * * 1\"\nreports = [\"department-weekly\", \"service-digest\"]\n";
    let workplace = Workplace::new(&text);
    workplace.write("customers.csv", THREE);
    workplace.write("employees.csv", "姓名,部门,状态,离职日期\n王,东,离职,2026-11-26\n李,西,在职,\n");
    workplace.write("rules/own.toml", rules);
    workplace
}

#[test]
fn what_a_table_is_found_wanting_in_is_nobodys() {
    let keys = "check = \"drift\"\nmeasure = \"rows\"\n[rule.parameters]\npercent = 10\nruns = 1";
    let workplace = with_job(&rule("zz", keys).replace("message = \"m\"", "message = \"漂移 {detail}\""));
    workplace.as_of("2026-11-15", &["run", "weekly"]);
    workplace.write("customers.csv", format!("{THREE}A4,丁,西,李,1,\nA5,戊,西,李,1,\n"));
    workplace.as_of(AS_OF, &["run", "weekly"]);
    let books = crate::python::workbooks(&crate::reports::paths(&workplace, "out/weekly/2026-W47"));
    let mut with_it: Vec<String> = Vec::new();
    for (name, book) in books.as_object().expect("workbooks") {
        if book.to_string().contains("漂移 ") {
            with_it.push(name.clone());
        }
    }
    assert!(!with_it.is_empty() && with_it.iter().all(|name| !name.contains('东')), "{with_it:?}");
}

#[test]
fn what_a_named_condition_brings_is_due_soon() {
    let required = "check = \"required\"\n[[rule.require]]\nfields = [\"fax\"]\nwhere = \"signed_on <= as_of - 300\"";
    let workplace = with_job(&rule("zz-required", required).replace("title = \"t\"", "title = \"签后三百天\""));
    // Signed on 2026-02-01, that is 2026-11-28.
    let fax = THREE.replace("签约日期\n", "签约日期,传真\n").replace("01-01\n", "01-01,1\n").replace("1,\n", "1,,\n");
    workplace.write("customers.csv", fax.replace("02-01\n", "02-01,\n"));
    workplace.as_of(AS_OF, &["run", "weekly"]);
    let books = crate::python::workbooks(&crate::reports::paths(&workplace, "out/weekly/2026-W47"));
    let sheet = crate::reports::word("sheet", "upcoming");
    let due: String = books
        .as_object()
        .expect("workbooks")
        .values()
        .filter_map(|book| book.get(&sheet).map(ToString::to_string))
        .collect();
    // An owner who has said that he leaves, by a default rule about another table; and the field of one's own.
    for day in ["2026-11-26", "2026-11-28"] {
        assert!(due.contains(day), "{day} is not in {due}");
    }
}

#[test]
fn what_would_be_is_compared_with_what_is_under_the_same_waivers() {
    let keys = "check = \"compare\"\nfails_when = \"registered_capital > :most\"\n[rule.parameters]\nmost = 100";
    let workplace = workplace(&rule("zz", keys), THREE);
    let text = "rule = \"zz\"\nrecord_key = \"A1\"\nreason = \"r\"\napprover = \"a\"\nexpires = 2026-12-31\n";
    workplace.write("waivers.toml", format!("[[waiver]]\n{text}"));
    let answer = workplace.as_of(AS_OF, &["explain", "zz", "--what-if", "most=100", "--format", "json"]).json();
    assert_eq!(answer["what_if"]["now"], answer["what_if"]["then"], "{answer}");
    assert_eq!(answer["what_if"]["now"]["failing"], 0, "{answer}");
}

#[test]
fn a_condition_of_another_table_is_explained() {
    let keys = "check = \"related_count\"\nkey = \"archive_no\"\nrelated = \"contracts\"\nrelated_key = \"archive_no\"\n\
                related_where = \"signed_on <= as_of\"\nat = \"least\"\n[rule.parameters]\ncount = 1";
    let workplace = workplace(&rule("zz", keys), THREE);
    workplace.hedui(&["explain", "zz"]).exits(0).prints("condition").prints("the as-of date");
}
