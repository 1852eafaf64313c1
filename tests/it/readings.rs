//! Workbooks that have not changed are not parsed again, and nobody can tell but by the clock and the log.
//!
//! Apart because it is a promise about two ways to one result: what a run comes to with kept readings is held against what
//! it comes to without, to the byte; and whatever is wrong with what was kept, the sources are there.

use std::collections::BTreeSet;
use std::path::PathBuf;
use std::time::{Duration, SystemTime};

use crate::company::Company;
use crate::configuration::{MAIL_AS_FILES, configuration_of, sources};
use crate::python::{python, root};
use crate::repeat::results;
use crate::workplace::{AS_OF, Ran, Workplace, mode};

/// Workbooks: their names, by what they are written, and the tables on their sheets. The others stay text.
const BOOKS: [(&str, &str, [&str; 2]); 2] =
    [("crm.xlsx", "xlsx", ["customers", "contacts"]), ("business.xls", "xls", ["contracts", "visits"])];
/// Whatever is smaller is not worth it.
const SMALLEST: u64 = 200_000;
const BEFORE: &str = "2026-11-15";
const NONE_KEPT: &str = "\n[state]\nkeep_readings = false\n";

fn settings() -> String {
    let location = |table: &str| match BOOKS.iter().find(|(_, _, tables)| tables.contains(&table)) {
        Some((book, ..)) => format!("path = \"data/{book}\"\nsheet = \"{table}\""),
        None => format!("path = \"data/{table}.csv\""),
    };
    configuration_of(&sources(location), MAIL_AS_FILES)
}

/// Writes one of the workbooks anew, of the CSV files in data/.
fn bind(workplace: &Workplace, book: &str) {
    let (_, form, tables) = BOOKS.into_iter().find(|(name, ..)| *name == book).expect("a workbook");
    let folder = tempfile::tempdir().expect("a folder");
    for table in tables {
        let name = format!("{table}.csv");
        std::fs::write(folder.path().join(&name), workplace.read(&format!("data/{name}"))).expect("a file");
    }
    let target = workplace.path(&format!("data/{book}"));
    python("it/py/tables.py", &[form, &folder.path().display().to_string(), &target.display().to_string()]);
    let length = std::fs::metadata(&target).expect("a workbook").len();
    assert!(length > SMALLEST, "{book} has {length} bytes: nobody would keep it");
}

/// A company without a mistake whose records are in workbooks.
fn company() -> (Company, Workplace) {
    let company = Company::clean(1500);
    let workplace = company.workplace_with(&settings());
    BOOKS.iter().for_each(|(book, ..)| bind(&workplace, book));
    (company, workplace)
}

/// How many files the log says were not parsed.
fn taken(ran: &Ran) -> u64 {
    let line = ran.stderr.lines().find(|line| line.contains("not parsed again"));
    let number = line.and_then(|line| line.split_once("files="));
    number.map_or(0, |(_, number)| number.trim().parse().expect("a number"))
}

/// What a check finds and says of the sources, and how many files it did not parse.
fn checked(workplace: &Workplace) -> (String, String, u64) {
    let ran = workplace.as_of(AS_OF, &["check", "-v", "--findings", "f.csv", "--load-notes", "n.json"]);
    assert!([0, 3].contains(&ran.code), "{}", ran.all());
    (workplace.read("f.csv"), workplace.read("n.json"), taken(&ran))
}

fn kept(workplace: &Workplace) -> BTreeSet<PathBuf> {
    workplace.files("state/readings").into_iter().collect()
}

fn run(workplace: &Workplace, day: &str) -> Ran {
    let ran = workplace.as_of(day, &["run", "weekly", "-v"]);
    assert!([0, 3].contains(&ran.code), "{}", ran.all());
    ran
}

#[test]
fn a_run_comes_to_the_same_whether_it_parsed_or_not() {
    let [with, without] = ["", NONE_KEPT].map(|state| {
        let workplace = Workplace::new(&(settings() + state));
        let path = |name: &str| workplace.path(name).display().to_string();
        python("oracle/generate.py", &[&path("raw"), "--customers", "1500", "--seed", "11", "--as-of", AS_OF]);
        python("it/py/tables.py", &["clean", &path("raw"), &path("data")]);
        BOOKS.iter().for_each(|(book, ..)| bind(&workplace, book));
        workplace
    });
    for workplace in [&with, &without] {
        assert_eq!(taken(&run(workplace, BEFORE)), 0);
    }
    assert_eq!(kept(&with).len(), 2);
    assert!(kept(&with).iter().all(|path| mode(path) == 0o600) && mode(&with.path("state/readings")) == 0o700);
    assert!(!without.path("state/readings").exists());
    assert_eq!((taken(&run(&with, AS_OF)), taken(&run(&without, AS_OF))), (2, 0));

    let ((findings, notes, parsed_not), (findings_then, notes_then, 0)) = (checked(&with), checked(&without)) else {
        panic!("nothing is kept")
    };
    assert_eq!(parsed_not, 2, "a check takes what is there");
    assert!(findings == findings_then && findings.lines().count() > 1000, "the export");
    assert!(notes == notes_then && notes.contains("crm.xlsx"), "the load notes");
    let (left, right) = (results(&with), results(&without));
    assert_eq!(left.keys().collect::<Vec<_>>(), right.keys().collect::<Vec<_>>());
    for (name, bytes) in &left {
        assert!(bytes == &right[name], "{name} differs");
    }
    let history = |workplace: &Workplace| workplace.hedui(&["history", "findings", "--format", "json"]).stdout;
    assert!(history(&with) == history(&without), "the history");
}

#[test]
fn only_what_changed_is_parsed_and_only_a_run_writes() {
    let (mut company, workplace) = company();
    workplace.as_of(BEFORE, &["run", "weekly", "--dry-run"]).exits(0);
    workplace.as_of(BEFORE, &["check"]).exits(0);
    assert!(kept(&workplace).is_empty(), "neither is remembered");
    run(&workplace, BEFORE).exits(0);
    let before = kept(&workplace);
    assert_eq!((before.len(), taken(&run(&workplace, BEFORE))), (2, 2));
    assert_eq!(kept(&workplace), before);

    company.customers.set(7, "联系电话", "123");
    workplace.write("data/customers.csv", company.customers.csv());
    bind(&workplace, "crm.xlsx");
    let (findings, _, parsed_not) = checked(&workplace);
    assert_eq!(parsed_not, 1);
    assert!(findings.contains(company.customers.get(7, "档案编号")), "{findings}");
    assert_eq!(kept(&workplace), before, "a check looks and leaves nothing");
    assert_eq!(taken(&run(&workplace, AS_OF)), 1);
    let after = kept(&workplace);
    assert_eq!((after.len(), after.intersection(&before).count()), (2, 1), "one in the place of another");
    let (again, _, parsed_not) = checked(&workplace);
    assert_eq!((again, parsed_not), (findings, 2));
}

#[test]
fn what_a_file_gives_depends_on_more_than_its_bytes() {
    let (_, workplace) = company();
    run(&workplace, BEFORE).exits(0);
    let (_, plain, parsed_not) = checked(&workplace);
    assert_eq!(parsed_not, 2);
    let written = settings();
    let with = |text: String| {
        workplace.write("hedui.toml", text);
        checked(&workplace)
    };
    // no source is another one for what stands elsewhere in the file
    assert_eq!(with(format!("# a line above\n\n{written}")).2, 2);
    assert_eq!(with(written.replace("name = \"华联进出口有限公司\"", "name = \"另一家公司\"")).2, 2);
    assert_eq!(with(written.replace("language = \"zh\"", "language = \"en\"")).2, 0);
    let hidden = written.replace("sheet = \"visits\"", "sheet = \"visits\"\nhidden = \"skip\"");
    assert_eq!(with(hidden).2, 1);
    let filled = written.replace(
        "sheet = \"customers\"",
        "sheet = \"customers\"\nfill = { department = { from = \"file\", pattern = \"(.+)\" } }",
    );
    assert_eq!(with(filled.clone()).2, 1);
    // another name, the same bytes
    std::fs::rename(workplace.path("data/crm.xlsx"), workplace.path("data/crm2.xlsx")).expect("renamed");
    let (_, notes, parsed_not) = with(written.replace("crm.xlsx", "crm2.xlsx"));
    assert!(parsed_not == 1 && notes == plain.replace("crm.xlsx", "crm2.xlsx"), "{notes}");
    std::fs::rename(workplace.path("data/crm2.xlsx"), workplace.path("data/crm.xlsx")).expect("renamed");
    // the dictionary
    workplace.write("hedui.toml", &written);
    let dictionary = std::fs::read_to_string(root().join("rules/dictionary.toml")).expect("a file");
    let renamed = dictionary.replacen("label = \"联系电话\"", "label = \"座机\"", 1);
    assert_ne!(renamed, dictionary);
    workplace.write("rules/dictionary.toml", renamed);
    let (_, notes, parsed_not) = checked(&workplace);
    assert!(parsed_not == 0 && notes != plain, "{notes}");
    std::fs::remove_file(workplace.path("rules/dictionary.toml")).expect("gone");
    assert_eq!(checked(&workplace).1, plain);
}

#[test]
fn what_is_damaged_is_parsed_again_and_made_anew() {
    let (_, workplace) = company();
    run(&workplace, BEFORE).exits(0);
    let good = checked(&workplace);
    assert_eq!(good.2, 2);
    let files: Vec<PathBuf> = kept(&workplace).into_iter().collect();
    let bytes: Vec<Vec<u8>> = files.iter().map(|path| std::fs::read(path).expect("bytes")).collect();
    let mut flipped = bytes[0].clone();
    let middle = flipped.len() / 2;
    flipped[middle] ^= 1;
    std::fs::write(&files[0], flipped).expect("written");
    std::fs::write(&files[1], &bytes[1][..bytes[1].len() - 1]).expect("written");
    let ran = workplace.as_of(AS_OF, &["check", "--findings", "f.csv", "--load-notes", "n.json"]);
    ran.exits(0).says("WARN").says("so the file was read anew");
    assert_eq!(ran.stderr.matches("read anew").count(), 2, "{}", ran.all());
    assert_eq!((workplace.read("f.csv"), workplace.read("n.json")), (good.0.clone(), good.1.clone()));
    // one under the name of another is not taken for it
    std::fs::write(&files[0], &bytes[1]).expect("written");
    let swapped = checked(&workplace);
    assert_eq!((&swapped.0, &swapped.1, swapped.2), (&good.0, &good.1, 0));
    run(&workplace, AS_OF).exits(0);
    assert_eq!(checked(&workplace), good);
}

#[test]
fn where_nothing_can_be_kept_a_run_is_as_good() {
    let (_, workplace) = company();
    workplace.write("state/readings", "in the way");
    let ran = run(&workplace, BEFORE);
    ran.exits(0).says("WARN").says("it is parsed again next time").prints("新增 0");
    assert_eq!(workplace.read("state/readings"), "in the way");
    assert_eq!(checked(&workplace).2, 0);
    std::fs::remove_file(workplace.path("state/readings")).expect("gone");
    run(&workplace, AS_OF).exits(0);
    assert_eq!(checked(&workplace).2, 2);
    // whoever wants none has none after the next run
    workplace.write("hedui.toml", settings() + NONE_KEPT);
    assert_eq!(checked(&workplace).2, 0);
    run(&workplace, AS_OF).exits(0);
    assert!(!workplace.path("state/readings").exists());
}

#[test]
fn a_share_that_is_away_keeps_its_place_and_a_locked_or_small_workbook_has_none() {
    let (_, workplace) = company();
    run(&workplace, BEFORE).exits(0);
    let before = kept(&workplace);
    workplace.write("state/readings/.hedui-abc.tmp", "half a reading");
    workplace.write("state/readings/README", "somebody's own");
    std::fs::rename(workplace.path("data/crm.xlsx"), workplace.path("crm.away")).expect("renamed");
    assert_eq!(taken(&run(&workplace, AS_OF)), 1);
    let mut after = kept(&workplace);
    assert!(after.remove(&workplace.path("state/readings/README")));
    assert_eq!(after, before, "what is away is waited for, half a file is not");
    std::fs::rename(workplace.path("crm.away"), workplace.path("data/crm.xlsx")).expect("renamed");
    assert_eq!(taken(&run(&workplace, AS_OF)), 2);

    python("it/py/tables.py", &["lock", &workplace.path("data/crm.xlsx").display().to_string(), "geheim"]);
    let sheet = "sheet = \"customers\"";
    let locked = settings()
        .replace(sheet, &format!("{sheet}\npassword = \"file:word\""))
        .replace("sheet = \"contacts\"", "sheet = \"contacts\"\npassword = \"file:word\"");
    workplace.write("hedui.toml", locked);
    workplace.write("word", "geheim");
    std::fs::set_permissions(workplace.path("word"), std::os::unix::fs::PermissionsExt::from_mode(0o600))
        .expect("a mode");
    assert_eq!(taken(run(&workplace, AS_OF).exits(0)), 1);
    assert_eq!(taken(run(&workplace, AS_OF).exits(0)), 1);
    let left = kept(&workplace);
    assert_eq!(left.intersection(&before).count(), 1);
    assert_eq!(left.len(), 2, "the other workbook's, and what is somebody's own: {left:?}");

    let small = Company::clean(5).workplace_with(&settings());
    let path = |name: &str| small.path(name).display().to_string();
    BOOKS.iter().for_each(|(book, form, _)| {
        python("it/py/tables.py", &[form, &path("data"), &path(&format!("data/{book}"))]);
    });
    run(&small, BEFORE).exits(0);
    assert!(kept(&small).is_empty());
}

#[test]
fn purge_gives_up_what_tells_of_destroyed_customers_and_what_is_too_old() {
    let (mut company, workplace) = company();
    let source = "[[source]]\ntable = \"destructions\"\npath = \"data/destructions.csv\"\n\n[departments";
    let keep = "[state]\nkeep_snapshots_days = 30\n\n[departments";
    workplace.write("hedui.toml", settings().replacen("[departments", source, 1).replacen("[departments", keep, 1));
    let header = "申请号,档案编号,销毁理由,申请人,申请日期,批准人,批准日期,执行人,监销人,销毁日期,销毁方式\n";
    workplace.write("data/destructions.csv", header);
    run(&workplace, BEFORE).exits(0);
    let key = company.customers.get(2, "档案编号").to_owned();
    let line = format!("XH-1,{key},五年没有合作,李敏,2026-11-01,周总,2026-11-05,赵磊,孙丽,2026/11/18,粉碎\n");
    workplace.write("data/destructions.csv", header.to_owned() + &line);
    for (name, table) in [("customers", &mut company.customers), ("contacts", &mut company.contacts)] {
        table.rows.retain(|row| !row.contains(&key));
        workplace.write(&format!("data/{name}.csv"), table.csv());
    }
    bind(&workplace, "crm.xlsx");
    let planned = |arguments: &[&str], kind: &str| -> BTreeSet<PathBuf> {
        let ran = workplace.as_of(AS_OF, &[&["purge", "--format", "json"], arguments].concat());
        let steps = ran.exits(0).json();
        let of_kind = steps.as_array().expect("steps").iter().filter(|step| step["kind"] == kind);
        let whats = of_kind.map(|step| workplace.path(step["what"].as_str().expect("text")));
        whats.filter(|path| path.starts_with(workplace.path("state/readings"))).collect()
    };
    let before = kept(&workplace);
    // contracts and visits are as they were, and tell of him too
    assert_eq!(planned(&[], "destroyed"), before);
    for (name, table) in [("contracts", &mut company.contracts), ("visits", &mut company.visits)] {
        table.rows.retain(|row| !row.contains(&key));
        workplace.write(&format!("data/{name}.csv"), table.csv());
    }
    company.changes.rows.retain(|row| !row.contains(&key));
    workplace.write("data/changes.csv", company.changes.csv());
    assert_eq!(planned(&["--carry-out", "--by", "王五"], "destroyed"), before);
    assert!(kept(&workplace).is_empty());
    let log = workplace.hedui(&["register", "--purged", "--format", "json"]);
    assert!(log.exits(0).stdout.contains("state/readings/"), "{}", log.all());
    bind(&workplace, "business.xls");
    run(&workplace, AS_OF).exits(0);
    assert_eq!((kept(&workplace).len(), planned(&[], "destroyed").len()), (2, 0));

    let old = kept(&workplace).into_iter().next().expect("one");
    let file = std::fs::File::options().write(true).open(&old).expect("a file");
    file.set_modified(SystemTime::now() - Duration::from_secs(400 * 86_400)).expect("a time");
    assert_eq!(planned(&["--carry-out", "--by", "王五"], "snapshots"), BTreeSet::from([old.clone()]));
    assert!(!old.exists() && kept(&workplace).len() == 1);
}
