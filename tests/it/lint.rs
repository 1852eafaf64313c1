//! Exit 2: every mistake in the files of a workplace is told at `file:line:col`, with "did you mean", and nothing runs.
//!
//! Apart from `cases`, because one table shows them all at a glance: what is written, and where the caret stands.

use crate::company::Company;
use crate::configuration::{MAIL_AS_FILES, configuration};
use crate::workplace::{AS_OF, Workplace};

const RULE: &str = "[[rule]]\nid = \"own\"\ntitle = \"own\"\ntable = \"customers\"\ncheck = \"required\"\nseverity = \"error\"\n\
                    dimension = \"completeness\"\nclauses = [\"A-03\"]\nmessage = \"m\"\nadvice = \"a\"\n[[rule.require]]\nfields = [\"name\"]\n";

fn workplace() -> Workplace {
    Company::clean(2).workplace_with(&configuration(MAIL_AS_FILES).replace("\"zh\"", "\"en\""))
}

/// Lint, check and run: exit 2 with these words on stderr, and nothing written.
#[track_caller]
fn refused(workplace: &Workplace, place: &str, words: &str) {
    let before = workplace.snapshot();
    for arguments in [["lint"].as_slice(), &["check", "--findings", "f.csv"], &["run", "weekly"]] {
        workplace.as_of(AS_OF, arguments).exits(2).says(place).says(words);
    }
    assert_eq!(workplace.snapshot(), before, "something was written");
    assert!(!workplace.path("state").exists() && !workplace.path("out").exists());
}

/// Replaces the first of a text in `hedui.toml`.
fn rewritten(workplace: &Workplace, old: &str, new: &str) {
    let text = workplace.read("hedui.toml");
    assert!(text.contains(old), "no {old} in {text}");
    workplace.write("hedui.toml", text.replacen(old, new, 1));
}

#[test]
fn the_built_in_files_have_no_mistake() {
    let workplace = workplace();
    workplace.hedui(&["lint"]).exits(0).says("no mistakes");
    assert_eq!(workplace.hedui(&["lint", "--format", "json"]).exits(0).json(), serde_json::json!([]));
    let plain = Workplace::new("");
    plain.hedui(&["init", "new"]).exits(0);
    plain.hedui(&["lint", "--config", "new/hedui.toml"]).exits(0);
    assert!(plain.path("new/rules/dictionary.toml").exists() && plain.path("new/calendar/cn-2026.toml").exists());
    assert!(plain.path("new/report_templates/department-weekly/report.toml").exists());
    plain.hedui(&["init", "new"]).exits(2);
}

#[test]
fn mistakes_in_the_configuration() {
    for (old, new, place, words) in [
        ("language = \"en\"", "langauge = \"en\"", "hedui.toml:3:1", "language"),
        ("language = \"en\"", "language = \"english\"", "hedui.toml:3:12", "en"),
        ("[company]", "[compnay]", "hedui.toml:1:2", "company"),
        ("table = \"customers\"", "table = \"custommers\"", "hedui.toml:6:9", "customers"),
        ("path = \"data/customers.csv\"", "pth = \"data/customers.csv\"", "hedui.toml:7:1", "path"),
        (
            "reports = [\"department-weekly\"",
            "reports = [\"department-wekly\"",
            "hedui.toml:45:12",
            "department-weekly",
        ),
        ("\"department-weekly\"", "\"verificaton\"", "hedui.toml:45:12", "verification"),
        ("schedule = \"0 8 * * 1\"", "schedule = \"0 8 * *\"", "hedui.toml:44:12", "schedule"),
        (
            "schedule = \"0 8 * * 1\"",
            "schedule = \"first wrokday of week at 8:00\"",
            "hedui.toml:44:12",
            "last) workday of",
        ),
        ("schedule = \"0 8 * * 1\"", "schedule = \"0 8 30 2 *\"", "hedui.toml:44:12", "no day"),
        (
            "schedule = \"0 8 * * 1\"",
            "schedule = \"every workday at 8:00\"",
            "hedui.toml:44:12",
            "period = \"day\" where each day",
        ),
        ("schedule = \"0 8 * * 1\"", "schedule = \"0 8 * * 1-5\"", "hedui.toml:44:12", "names several days of a week"),
        (
            "schedule = \"0 8 * * 1\"",
            "schedule = \"0 8 * * 1\"\non_holiday = \"next\"",
            "hedui.toml:45:14",
            "next_workday",
        ),
        ("transport = \"file\"", "transport = \"fiel\"", "hedui.toml:40:13", "file"),
        (
            "[[job]]",
            "[[job]]\nname = \"weekly\"\nschedule = \"0 9 * * 1\"\nreports = [\"service-digest\"]\n[[job]]",
            "hedui.toml:47:8",
            "there is a job `weekly` already",
        ),
        ("to = [\"east@example.com\"]", "to = [\"east\"]", "hedui.toml:30:7", "east"),
        ("to = [\"kefu@example.com\"]", "to = []", "hedui.toml:", "客户服务部"),
        ("[departments.\"客户服务部\"]", "[departments.\"客服部\"]", "hedui.toml:", "客户服务部"),
        ("language = \"en\"", "language = \"en\"\ntimezone = \"Asia/Shanghia\"", "hedui.toml:4:12", "Asia/Shanghai"),
        (
            "transport = \"file\"",
            "transport = \"smtp\"\nhost = \"h\"\nusername = \"u\"\npassword = \"geheim\"",
            "hedui.toml:43:12",
            "env:",
        ),
        ("[mail]", "[mail", "hedui.toml:", ""),
        ("path = \"data/customers.csv\"", "url = \"sqlite:x\"\nquery = \"delete from x\"", "hedui.toml:8:9", "SELECT"),
        ("path = \"data/customers.csv\"", "path = \"x\"\nheader_row = 35", "hedui.toml:8:14", "rows 1 to 30"),
        ("path = \"data/customers.csv\"", "path = \"x\"\nheader_row = 0", "hedui.toml:8:14", "rows 1 to 30"),
        ("path = \"data/customers.csv\"", "path = \"x\"\npassword = \"abc\"", "hedui.toml:8:12", "env:"),
        ("path = \"data/customers.csv\"", "path = \"x\"\n[source.columns]\nnmae = \"x\"", "hedui.toml:9:1", "name"),
    ] {
        let workplace = workplace();
        rewritten(&workplace, old, new);
        refused(&workplace, place, words);
    }
}

#[test]
fn mails_and_runs_are_looked_after_without_rules_and_not_without_a_configuration() {
    let workplace = workplace();
    workplace.write("rules/own.toml", "[[rule]]\nidd = \"own\"\n");
    for arguments in [["outbox"].as_slice(), &["history", "runs"], &["register"]] {
        workplace.hedui(arguments).exits(0);
    }
    rewritten(&workplace, "[mail]", "[mail");
    for arguments in [["outbox"].as_slice(), &["history", "runs"], &["register"]] {
        workplace.hedui(arguments).exits(2).says("hedui.toml:");
    }
}

#[test]
fn a_schedule_of_many_days_says_which_period_is_meant() {
    for period in ["day", "week", "month"] {
        let workplace = workplace();
        let written = format!("schedule = \"0 8 * * 1-5\"\nperiod = \"{period}\"");
        rewritten(&workplace, "schedule = \"0 8 * * 1\"", &written);
        workplace.hedui(&["lint"]).exits(0);
    }
}

#[test]
fn who_is_told_of_failures_is_confirmed_where_addresses_are() {
    let people = "[people]\nadministrator = [\"老李 <it@example.com>\"]\n\n[mail]";
    for (confirmed, missing) in [
        ("\"east@example.com\"", ["it@example.com", "kefu@example.com"].as_slice()),
        ("\"IT@example.com\"", &["kefu@example.com"]),
        ("\"客服 <kefu@example.com>\", \"it@example.com\"", &[]),
    ] {
        let workplace = workplace();
        rewritten(&workplace, "[mail]", people);
        rewritten(&workplace, MAIL_AS_FILES, &format!("{MAIL_AS_FILES}\nconfirmed = [{confirmed}]"));
        let lint = workplace.hedui(&["lint"]);
        lint.exits(if missing.is_empty() { 0 } else { 2 });
        for address in ["it@example.com", "kefu@example.com"] {
            let told = lint.all().contains(&format!("{address} is missing"));
            assert_eq!(told, missing.contains(&address), "{address}: {}", lint.all());
        }
    }
}

#[test]
fn mistakes_in_rules_and_the_dictionary() {
    for (old, new, place, words) in [
        ("fields = [\"name\"]", "fields = [\"nmae\"]", "rules/own.toml:12:11", "name"),
        ("fields = [\"name\"]", "feilds = [\"name\"]", "rules/own.toml:12:1", "fields"),
        ("check = \"required\"", "check = \"requierd\"", "rules/own.toml:5:9", "required"),
        ("table = \"customers\"", "table = \"custmers\"", "rules/own.toml:4:9", "customers"),
        ("severity = \"error\"", "severity = \"eror\"", "rules/own.toml:6:12", "error"),
        ("dimension = \"completeness\"", "dimension = \"complete\"", "rules/own.toml:7:13", "completeness"),
        ("clauses = [\"A-03\"]", "clauses = [\"A03\"]", "rules/own.toml:8:12", "A03"),
        ("message = \"m\"", "mesage = \"m\"", "rules/own.toml:9:1", "message"),
        ("severity = \"error\"", "severity = \"error\"\nwhere = \"teir = '重要'\"", "rules/own.toml:7:", "tier"),
        ("severity = \"error\"", "severity = \"error\"\nwhere = \"tier = = 1\"", "rules/own.toml:7:", ""),
        ("id = \"own\"", "id = \"phone-format\"", "rules/own.toml:2", "phone-format"),
    ] {
        let workplace = workplace();
        assert!(RULE.contains(old), "{old}");
        workplace.write("rules/own.toml", RULE.replacen(old, new, 1));
        refused(&workplace, place, words);
    }
    let dictionary =
        std::fs::read_to_string(crate::python::root().join("rules/dictionary.toml")).expect("the dictionary");
    let line = dictionary.lines().position(|line| line == "type = \"text\"").expect("a type") + 1;
    let workplace = workplace();
    workplace.write("rules/dictionary.toml", dictionary.replacen("type = \"text\"", "type = \"txet\"", 1));
    refused(&workplace, &format!("rules/dictionary.toml:{line}:8"), "text");
}

#[test]
fn mistakes_in_calendar_waivers_and_templates() {
    for (file, text, place, words) in [
        ("calendar/cn-2027.toml", "year = 2027\noff = [\"2027-02-30\"]\n", "calendar/cn-2027.toml:2:8", "2027-02-30"),
        ("calendar/cn-2027.toml", "year = 2027\nof = [\"2027-02-08\"]\n", "calendar/cn-2027.toml:2:1", "off"),
        ("calendar/cn-2027.toml", "year = 2027\noff = [\"2028-02-08\"]\n", "calendar/cn-2027.toml:2:", "2028-02-08"),
        ("calendar/company.toml", "offf = []\n", "calendar/company.toml:1:1", "off"),
        (
            "waivers.toml",
            "[[waiver]]\nrule = \"phone-fromat\"\nrecord_key = \"x\"\nreason = \"r\"\napprover = \"a\"\nexpires = 2026-12-31\n",
            "waivers.toml:2:8",
            "phone-format",
        ),
        (
            "waivers.toml",
            "[[waiver]]\nrule = \"phone-format\"\nrecord_key = \"x\"\nreason = \"r\"\naprover = \"a\"\nexpires = 2026-12-31\n",
            "waivers.toml:5:1",
            "approver",
        ),
        (
            "report_templates/strings.en.toml",
            "[status]\nneww = \"new\"\n",
            "report_templates/strings.en.toml:2:1",
            "new",
        ),
        (
            "report_templates/department-weekly/body.en.txt.j2",
            "one\ntwo {{ figures.nwe }}\n",
            "report_templates/department-weekly/body.en.txt.j2:2:",
            "",
        ),
        (
            "report_templates/department-weekly/subject.en.txt.j2",
            "{% if %}",
            "report_templates/department-weekly/subject.en.txt.j2:1:",
            "",
        ),
        (
            "report_templates/department-weekly/report.toml",
            "audiance = \"service\"\n",
            "department-weekly/report.toml:1:1",
            "audience",
        ),
    ] {
        let workplace = workplace();
        workplace.write(file, text);
        refused(&workplace, place, words);
    }
}

#[test]
fn every_mistake_is_told_at_once_with_a_caret_and_in_json() {
    let workplace = workplace();
    rewritten(&workplace, "language", "langauge");
    workplace.write("rules/own.toml", RULE.replace("fields = [\"name\"]", "fields = [\"nmae\"]"));
    workplace.write("calendar/company.toml", "offf = []\n");
    let ran = workplace.hedui(&["lint", "--format", "json"]);
    for place in ["hedui.toml:3:1", "rules/own.toml:12:11", "calendar/company.toml:1:1"] {
        ran.exits(2).says(place);
    }
    assert!(ran.stderr.contains("langauge = ") && ran.stderr.contains("──┬"), "no caret in {}", ran.all());
    let list = ran.json();
    let list = list.as_array().expect("an array");
    let own = list.iter().find(|problem| problem["file"] == "rules/own.toml").expect("the rule");
    assert_eq!((&own["line"], &own["column"]), (&12.into(), &11.into()), "{own}");
    assert!(own["hint"].as_str().expect("a hint").contains("name"), "{own}");
}

#[test]
fn an_unknown_job_period_or_recipient_is_a_usage_error() {
    let workplace = workplace();
    workplace.as_of(AS_OF, &["run", "wekly"]).exits(2).says("weekly");
    workplace.as_of(AS_OF, &["run", "weekly", "--period", "2026-11"]).exits(2).says("2026-11");
    workplace.as_of(AS_OF, &["run", "weekly", "--period", "2026-W60"]).exits(2).says("2026-W60");
    workplace.as_of(AS_OF, &["run", "weekly", "--only-to", "nobody@example.com"]).exits(2).says("nobody@example.com");
    assert!(!workplace.path("state").exists() && !workplace.path("out").exists());
}
