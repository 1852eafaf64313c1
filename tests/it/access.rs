//! Who may see what: every value of a withheld record is looked for in the unpacked bytes of all that is mailed.
//!
//! Apart because it is about readers, whatever report they read. The values are found by Python, which unpacks
//! workbooks and mails itself.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use serde_json::Value;

use crate::company::{Company, Table, key};
use crate::configuration::{MAIL_AS_FILES, configuration};
use crate::python::{python, try_python, workbooks};
use crate::workplace::{AS_OF, Ran, Workplace};

const OUT: &str = "out/weekly/2026-W47";
/// Customers that are 秘密 in both weeks, by row: of the east (cleared for 内部), and one of a word that nobody knows.
const SECRET: [usize; 3] = [0, 2, 4];
/// A customer of the east that is 秘密 in the first week and 内部 in the second.
const WAS_SECRET: usize = 6;
/// A customer of the east that is 内部 in the first week and 秘密 in the second.
const BECAME_SECRET: usize = 8;

/// Ten customers with faults, of which some are confidential. Each secret value is found nowhere else.
fn company(second: bool) -> Company {
    let mut company = Company::clean(12);
    for row in 0..12 {
        let faults = [("邮编", format!("邮{row}错"))];
        for (label, value) in faults {
            company.customers.set(row, label, &value);
        }
    }
    for row in SECRET {
        company.customers.set(row, "密级", if row == 4 { "绝密" } else { "秘密" });
        disguise(&mut company, row);
    }
    // broken values of confidential records
    company.customers.set(0, "联系电话", "1370012301");
    company.customers.set(2, "电子邮箱", "yinmi@@geheim.example");
    company.customers.set(4, "银行账号", "6.2299887766554E+18");
    company.customers.set(2, "负责人", "暗访客");
    company.customers.set(4, "负责部门", "隐秘事业部");
    company.contracts.set(0, "合同金额(万元)", "机密金额七七七");
    company.visits.set(2, "拜访主题", "");
    company.visits.set(2, "沟通内容摘要", "密谈并购华东隐形冠军");
    // entered twice: the one is 秘密, the other 内部
    company.customers.set(0, "客户名称", "杭州西溪云栖食品有限公司");
    company.customers.set(10, "客户名称", "杭州市西溪云栖食品公司");
    for (row, secret) in [(WAS_SECRET, !second), (BECAME_SECRET, second)] {
        company.customers.set(row, "密级", if secret { "秘密" } else { "内部" });
    }
    company.customers.set(BECAME_SECRET, "客户名称", "温州迷雾山庄酒业有限公司");
    if second {
        // mended and moved: what was wrong last week is in the sheet of what was resolved
        company.customers.set(0, "邮编", "315000");
        company.customers.set(BECAME_SECRET, "邮编", "315000");
        // and what is wrong this week is nobody's work who may not see it
        company.customers.set(BECAME_SECRET, "电子邮箱", "miwu@@geheim.example");
        company.customers.set(2, "备注", "新近密约");
        company.customers.set(WAS_SECRET, "联系电话", "13955556666");
    } else {
        company.customers.set(WAS_SECRET, "联系电话", "13977778888");
    }
    company
}

/// Gives a customer, and what belongs to it, values that are found nowhere else.
fn disguise(company: &mut Company, row: usize) {
    let values = [
        ("档案编号", format!("特户9{row}-77")),
        ("客户名称", format!("青城{row}隐山矿业有限公司")),
        ("法定代表人", format!("令狐冲{row}")),
        ("联系人", format!("独孤求败{row}")),
        ("联系电话", format!("1370012301{row}")),
        ("电子邮箱", format!("yinshan{row}@geheim.example")),
        ("地址", format!("青城后山密道{row}号")),
        ("银行账号", format!("62998877665544332{row}1")),
        ("经营范围", format!("隐形矿产勘探{row}类")),
        ("备注", format!("密件存保险柜{row}")),
    ];
    let old = company.customers.get(row, "档案编号").to_owned();
    for (label, value) in &values {
        company.customers.set(row, label, value);
    }
    let new = &values[0].1;
    for table in [&mut company.contacts, &mut company.contracts, &mut company.visits, &mut company.changes] {
        follow(table, &old, new);
    }
    company.contacts.set(row, "姓名", &format!("东方不败{row}"));
    company.contacts.set(row, "电话", &format!("1360045601{row}"));
    company.contracts.set(row, "合同编号", &format!("MHT-9{row}01"));
    company.visits.set(row, "记录编号", &format!("MBF-9{row}01"));
}

fn follow(table: &mut Table, old: &str, new: &str) {
    for row in 0..table.rows.len() {
        if table.get(row, "档案编号") == old {
            table.set(row, "档案编号", new);
        }
    }
}

/// Every distinctive value of confidential records: what no other record has.
fn secrets() -> BTreeSet<String> {
    let mut secrets = BTreeSet::new();
    for second in [false, true] {
        let company = self::company(second);
        let mut rows: Vec<usize> = SECRET.into();
        rows.push(if second { BECAME_SECRET } else { WAS_SECRET });
        let keys: BTreeSet<String> =
            rows.iter().map(|row| company.customers.get(*row, "档案编号").to_owned()).collect();
        let (mut own, mut others) = (BTreeSet::new(), BTreeSet::new());
        for (name, table) in company.tables() {
            for row in 0..table.rows.len() {
                let is_secret = name != "employees" && keys.contains(table.get(row, "档案编号"));
                let cells = table.rows[row].iter().filter(|cell| cell.chars().count() > 2).cloned();
                if is_secret { own.extend(cells) } else { others.extend(cells) }
            }
        }
        // The record that was confidential is not any more: only what it has lost is still a secret.
        if !second {
            let now = self::company(true);
            others.extend(now.customers.rows[WAS_SECRET].iter().cloned());
            let key = now.customers.get(WAS_SECRET, "档案编号");
            for (name, table) in now.tables().into_iter().filter(|(name, _)| *name != "employees") {
                let of = |row: &usize| name != "customers" && table.get(*row, "档案编号") == key;
                (0..table.rows.len()).filter(of).for_each(|row| others.extend(table.rows[row].iter().cloned()));
            }
        }
        secrets.extend(own.difference(&others).cloned());
    }
    secrets
}

/// A workplace after the first of two weeks; the east is cleared for 内部, the south for 秘密.
fn workplace() -> Workplace {
    let text = configuration(MAIL_AS_FILES)
        .replace("to = [\"south@example.com\"]\n", "to = [\"south@example.com\"]\nclearance = \"秘密\"\n");
    let workplace = company(false).workplace_with(&text);
    workplace.as_of("2026-11-15", &["run", "weekly"]).exits(0);
    company(true).write(&workplace);
    workplace
}

/// The words that are found in files, and where.
fn found(workplace: &Workplace, words: &BTreeSet<String>, files: &[PathBuf]) -> Vec<(String, String)> {
    assert!(!files.is_empty());
    let list = workplace.path("words.json");
    std::fs::write(&list, serde_json::to_string(words).expect("JSON")).expect("a file");
    let arguments: Vec<&str> = std::iter::once(&list).chain(files).map(|path| path.to_str().expect("UTF-8")).collect();
    let said: Value = serde_json::from_str(&python("it/py/unpack.py", &arguments)).expect("JSON");
    assert!(said["pieces"].as_u64().expect("a number") >= files.len() as u64);
    let found = said["found"].as_object().expect("an object").iter();
    found
        .flat_map(|(place, words)| {
            let words = words.as_array().expect("a list").iter();
            words.map(move |word| (place.clone(), word.as_str().expect("a word").to_owned())).collect::<Vec<_>>()
        })
        .collect()
}

/// The files of a run that one department or nobody in particular gets.
fn files_not_of(workplace: &Workplace, folder: &str, other: &str) -> Vec<PathBuf> {
    let is_other = |path: &PathBuf| path.file_name().is_some_and(|name| name.to_string_lossy().contains(other));
    workplace.files(folder).into_iter().filter(|path| !is_other(path)).collect()
}

#[test]
fn a_reader_below_gets_no_value_of_a_confidential_record_in_any_form() {
    let workplace = workplace();
    workplace.as_of(AS_OF, &["run", "weekly"]).exits(0);
    workplace.as_of(AS_OF, &["run", "weekly"]).exits(0);
    let secrets = secrets();
    assert!(secrets.len() > 40, "{secrets:?}");
    // The first week's files show what was no secret then.
    let files = files_not_of(&workplace, OUT, "华南销售部");
    let endings: BTreeSet<String> =
        files.iter().filter_map(|path| Some(path.extension()?.to_string_lossy().into_owned())).collect();
    assert!(["eml", "json", "xlsx"].iter().all(|ending| endings.contains(*ending)), "{endings:?}");
    let found = found(&workplace, &secrets, &files);
    assert!(found.is_empty(), "{found:?}");
}

#[test]
fn a_reader_who_is_cleared_gets_them_and_the_others_are_told_how_many_there_are() {
    let workplace = workplace();
    // the confidential customers of the east go to the south
    let mut moved = company(true);
    for row in SECRET {
        moved.customers.set(row, "负责部门", "华南销售部");
    }
    moved.write(&workplace);
    workplace.as_of(AS_OF, &["run", "weekly"]).exits(0);
    let south: Vec<PathBuf> = workplace
        .files(OUT)
        .into_iter()
        .filter(|path| path.file_name().is_some_and(|name| name.to_string_lossy().contains("华南销售部")))
        .collect();
    let names: BTreeSet<String> = [2, 4].map(|row| format!("青城{row}隐山矿业有限公司")).into();
    let found = found(&workplace, &names, &south);
    for name in names {
        assert!(found.iter().any(|(_, word)| *word == name), "{name} in {south:?}");
    }
    let books = workbooks(&[book(&workplace, "华东销售部")]);
    let (_, east) = books.as_object().expect("an object").iter().next().expect("a book");
    let text = east.to_string();
    assert!(text.contains("因密级未列示") && text.contains("请联系客户服务部"), "{text}");
    let figures = workplace.as_of(AS_OF, &["history", "findings", "--format", "json"]).json();
    let mine = |finding: &&Value| finding["department"] == "华东销售部" && finding["status"] != "resolved";
    let all = figures.as_array().expect("an array").iter().filter(mine).count();
    let listed = rows_of(east, "待办清单");
    assert!(listed < all, "{listed} of {all}");
    assert!(text.contains(&format!("待办 {}", all - listed)), "{listed} of {all}: {text}");
}

/// The rows of a list: from the header on.
fn rows_of(book: &Value, sheet: &str) -> usize {
    let rows = book[sheet]["rows"].as_array().expect("rows");
    let head = rows.iter().position(|row| row[0] == "状态").expect("a header");
    rows[head + 1..].iter().take_while(|row| !row[0].is_null() && !row[2].is_null()).count()
}

/// The workbook of a department.
fn book(workplace: &Workplace, department: &str) -> PathBuf {
    let is = |path: &PathBuf| {
        let name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
        name.contains(department) && name.ends_with(".xlsx") && !name.contains("重要客户")
    };
    workplace.files(OUT).into_iter().find(is).unwrap_or_else(|| panic!("no workbook of {department}"))
}

#[test]
fn no_whole_mobile_number_is_mailed_unless_the_department_is_shown_its_values() {
    let mut company = Company::clean(8);
    // broken and sound ones, in fields that are theirs and in others
    company.customers.set(0, "联系电话", "13812345678 转张");
    company.customers.set(2, "联系电话", "１３９１２３４５６７８9");
    company.customers.set(4, "备注", "");
    company.customers.set(4, "邮编", "13712345678");
    company.customers.set(6, "统一社会信用代码", "找王总13612345678");
    company.visits.set(0, "拜访人员", "外人13512345678");
    let numbers: BTreeSet<String> =
        ["13812345678", "１３９１２３４５６７８", "13712345678", "13612345678", "13512345678"]
            .map(str::to_owned)
            .into();
    let workplace = company.workplace();
    workplace.as_of("2026-11-15", &["run", "weekly"]).exits(0);
    // and a change, old beside new
    company.customers.set(1, "联系电话", "13887654321");
    company.write(&workplace);
    workplace.as_of(AS_OF, &["run", "weekly"]).exits(0);
    let mut all = numbers.clone();
    all.extend((1..=8).flat_map(|number| [format!("138{number:08}"), format!("139{number:08}")]));
    all.insert("13887654321".to_owned());
    let mailed = found(&workplace, &all, &workplace.files("out"));
    assert!(mailed.is_empty(), "{mailed:?}");
    workplace.as_of(AS_OF, &["check", "--findings", "f.csv"]).exits(0);
    assert!(workplace.read("f.csv").contains("13812345678"), "the export is data");
    let books = workbooks(&[book(&workplace, "华东销售部")]).to_string();
    assert!(books.contains("138****5678") && books.contains("含其他字符"), "{books}");

    let own = configuration(MAIL_AS_FILES)
        .replace("to = [\"east@example.com\"]\n", "to = [\"east@example.com\"]\nunmasked = true\n");
    let workplace = company.workplace_with(&own);
    workplace.as_of(AS_OF, &["run", "weekly"]).exits(0);
    let whole: BTreeSet<String> = ["13812345678".to_owned()].into();
    let places = found(&workplace, &whole, &workplace.files(OUT));
    assert!(!places.is_empty() && places.iter().all(|(place, _)| place.contains("华东销售部")), "{places:?}");
}

#[test]
fn important_customers_have_a_workbook_of_their_own() {
    let mut company = Company::clean(8);
    for row in 0..8 {
        company.customers.set(row, "邮编", "错");
    }
    company.customers.set(0, "客户等级", "重要");
    let file = "report_templates/department-weekly/report.toml";
    let definition = std::fs::read_to_string(crate::python::root().join(file)).expect("a file");
    let definition = definition.replace("\n# apart = ", "\napart = ");
    assert!(definition.contains("\napart = "));
    let workplace = company.workplace();
    workplace.write(file, &definition);
    workplace.as_of(AS_OF, &["run", "weekly"]).exits(0);
    let name = book(&workplace, "华东销售部");
    let apart = name.with_file_name(format!("{}_重要客户.xlsx", name.file_stem().expect("a name").to_string_lossy()));
    let read = workbooks(&[name.clone(), apart.clone()]);
    let of = |path: &Path| read[path.file_name().expect("a name").to_string_lossy().as_ref()].clone();
    let (general, important) = (of(&name), of(&apart));
    assert!(!general["待办清单"]["rows"].to_string().contains(&key(1)), "{general}");
    assert!(important["待办清单"]["rows"].to_string().contains(&key(1)), "{important}");
    assert!(!important.to_string().contains(&key(3)));
    assert!(general.to_string().contains("属于重要客户"), "{general}");
    let eml = workplace.files(OUT).into_iter().find(|path| path.to_string_lossy().ends_with("east@example.com.eml"));
    let mail = crate::python::read_mail(&eml.expect("a mail"));
    assert_eq!(mail["attachments"].as_array().expect("attachments").len(), 2);
    assert!(mail.to_string().contains("重要客户的"), "{mail}");

    // who is not cleared for them is told that there are some
    let dictionary = std::fs::read_to_string(crate::python::root().join("rules/dictionary.toml")).expect("a file");
    let workplace = company.workplace();
    let closed =
        dictionary.replace("values = [\"重要\"], clearance = \"内部\"", "values = [\"重要\"], clearance = \"秘密\"");
    assert_ne!(closed, dictionary);
    workplace.write(file, &definition);
    workplace.write("rules/dictionary.toml", closed);
    workplace.as_of(AS_OF, &["run", "weekly"]).exits(0);
    let read = workbooks(&[book(&workplace, "华东销售部")]).to_string();
    assert!(read.contains("因密级未列示") && !read.contains(&format!("\"{}\"", key(1))), "{read}");
    assert!(!workplace.files(OUT).iter().any(|path| path.to_string_lossy().contains("重要客户")));
}

#[test]
fn an_encrypted_workbook_opens_with_its_password_only() {
    const PASSWORD: &str = "口令 Geheim7";
    let text = configuration(MAIL_AS_FILES)
        .replace("to = [\"south@example.com\"]\n", "to = [\"south@example.com\"]\npassword = \"env:HEDUI_SOUTH\"\n");
    let mut company = Company::clean(8);
    company.customers.set(1, "邮编", "错邮编");
    let workplace = company.workplace_with(&text);
    let run = |password: Option<&str>, more: &[&str]| {
        let mut command = workplace.command();
        command.args(["run", "weekly", "--as-of", AS_OF]).args(more).env_remove("HEDUI_SOUTH");
        if let Some(password) = password {
            command.env("HEDUI_SOUTH", password);
        }
        Ran::of(&mut command, "run weekly")
    };
    let words: BTreeSet<String> = ["错邮编".to_owned()].into();

    // Without the password nothing is written and nothing sent; the others go out.
    run(None, &[]).exits(4).says("HEDUI_SOUTH").says("华南销售部");
    let files = workplace.files(OUT);
    assert!(!files.iter().any(|path| path.to_string_lossy().contains("华南销售部")), "{files:?}");
    assert!(files.iter().any(|path| path.to_string_lossy().contains("华东销售部")));
    assert!(found(&workplace, &words, &files).is_empty());
    let summary: Value = serde_json::from_str(&workplace.read(&format!("{OUT}/run.json"))).expect("JSON");
    assert_eq!(summary["held"][0]["department"], "华南销售部");

    // With it the department gets its mail, and nobody else another one.
    run(Some(PASSWORD), &[]).exits(0);
    let issue = format!("{OUT}/r2");
    let is =
        |path: &&PathBuf| path.to_string_lossy().contains("华南销售部") && path.to_string_lossy().ends_with("xlsx");
    let files = workplace.files(&issue);
    let closed = files.iter().find(is).unwrap_or_else(|| panic!("{files:?}"));
    assert!(found(&workplace, &words, &files).is_empty());
    let path = |path: &Path| path.to_str().expect("UTF-8").to_owned();
    let open = workplace.path("open.xlsx");
    let said = python("it/py/decrypt.py", &[&path(closed), PASSWORD, &path(&open)]);
    assert_eq!(said.trim(), "encrypted");
    assert!(workbooks(std::slice::from_ref(&open)).to_string().contains("错邮编"));
    assert!(!try_python("it/py/decrypt.py", &[&path(closed), "falsch", &path(&open)]).1);
    let (_, without) = try_python("it/py/read_workbooks.py", &[&path(closed)]);
    assert!(!without, "openpyxl reads it without a password");
    // LibreOffice takes the password; without one, or with a wrong one, it makes nothing of the file.
    let flat = workplace.path("flat.fods");
    for (password, said) in [("", "refused"), ("falsch", "refused"), (PASSWORD, "opened")] {
        let office = python("it/py/office_password.py", &[&path(closed), password, &path(&flat)]);
        assert_eq!(office.trim(), said, "{password}");
    }
    assert!(workplace.read("flat.fods").contains("错邮编"));
    // The same content, encrypted anew, is the same mail.
    run(Some(PASSWORD), &["--resend"]).exits(0).says("内容没有变化");
    let sent = workplace.hedui(&["outbox", "list", "--format", "json"]).json();
    let south = sent.as_array().expect("a list").iter().filter(|mail| mail["recipient"] == "south@example.com").count();
    assert_eq!(south, 1);
}

#[test]
fn mail_goes_to_the_companys_domains_only() {
    let workplace =
        Company::clean(2).workplace_with(&configuration("transport = \"file\"\ndomains = [\"Example.com\"]"));
    workplace.hedui(&["lint"]).exits(0);
    let text = workplace.read("hedui.toml").replace("south@example.com", "south@example.com.evil.test");
    workplace.write("hedui.toml", text);
    workplace.hedui(&["lint"]).exits(2).says("south@example.com.evil.test").says("hedui.toml:");
}

#[test]
fn every_workbook_and_mail_ends_with_what_readers_must_keep_to() {
    let text = configuration(MAIL_AS_FILES)
        .replace("language = \"zh\"\n", "language = \"zh\"\nretention_days = 45\ncontact = \"客服部内线8001\"\n");
    let workplace = Company::clean(4).workplace_with(&text);
    workplace.as_of(AS_OF, &["run", "weekly"]).exits(0);
    let words: BTreeSet<String> =
        ["密级：内部", "最长保存 45 天", "客服部内线8001", "用毕删除"].map(str::to_owned).into();
    let read = workbooks(&[book(&workplace, "华东销售部")]).to_string();
    let mails = workplace.files(OUT).into_iter().filter(|path| path.extension().is_some_and(|ending| ending == "eml"));
    let mails: Vec<String> = mails.map(|path| crate::python::read_mail(&path).to_string()).collect();
    for word in words {
        assert!(read.contains(&word), "{word} in {read}");
        assert!(mails.iter().all(|mail| mail.contains(&word)), "{word}");
    }
}
