//! READ: PostgreSQL, MariaDB and SQLite as they are: every type to its exact text, one moment for all tables, and nothing
//! written.
//!
//! Apart from `sources`, because each test starts a server of its own, with the settings that it wants.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use crate::python::root;
use crate::server_database::{DatabaseServer, MariaDb, PASSWORD, Postgres};
use crate::workplace::{AS_OF, Ran, Workplace};

/// The variable that holds the address.
pub const URL: &str = "HEDUI_IT_DATABASE";
/// No cell has it, so that every filled cell is a finding.
const NOWHERE: &str = "∅";

/// A workplace with tables of its own: the dictionary's, and one for each of these, with the fields c1, c2, … beside
/// the key `id`; every filled cell of them is a finding.
pub fn workplace(tables: &[(&str, usize, &str)]) -> Workplace {
    let mut dictionary = std::fs::read_to_string(root().join("rules/dictionary.toml")).expect("the dictionary");
    let mut sources = String::new();
    let mut rules = String::new();
    for (table, fields, location) in tables {
        write!(
            dictionary,
            "\n[[table]]\nname = \"{table}\"\nlabel = \"{table}\"\nlabel_en = \"{table}\"\nkey = \"id\"\n\
             [[table.field]]\nname = \"id\"\nlabel = \"id\"\nlabel_en = \"id\"\ntype = \"text\"\n"
        )
        .expect("a string");
        writeln!(sources, "[[source]]\ntable = \"{table}\"\n{location}").expect("a string");
        for field in (1..=*fields).map(|number| format!("c{number}")) {
            write!(
                dictionary,
                "[[table.field]]\nname = \"{field}\"\nlabel = \"{field}\"\nlabel_en = \"{field}\"\ntype = \"text\"\n\
                 code = true\n"
            )
            .expect("a string");
            write!(
                rules,
                "[[rule]]\nid = \"{table}-{field}\"\ntitle = \"t\"\ntable = \"{table}\"\nseverity = \"info\"\n\
                 dimension = \"validity\"\nclauses = []\nmessage = \"m\"\nadvice = \"a\"\ncheck = \"allowed_values\"\n\
                 field = \"{field}\"\nvalues = [\"{NOWHERE}\"]\n"
            )
            .expect("a string");
        }
    }
    let workplace = Workplace::new(&format!("[company]\nname = \"x\"\nlanguage = \"en\"\n{sources}"));
    workplace.write("rules/dictionary.toml", dictionary);
    workplace.write("rules/own.toml", rules);
    workplace
}

/// A source of the address in the environment.
pub fn query(statement: &str) -> String {
    format!("url = \"env:{URL}\"\nquery = '''{statement}'''")
}

/// A check with an address in the environment; no password is seen.
pub fn check(workplace: &Workplace, url: &str) -> Ran {
    let arguments = ["check", "--findings", "f.csv", "--as-of", AS_OF];
    let ran = Ran::of(workplace.command().args(arguments).env(URL, url), "check");
    assert!(!ran.stdout.contains(PASSWORD) && !ran.stderr.contains(PASSWORD), "{}", ran.all());
    ran
}

/// The cells of a table as they were read: (id, field) → text.
pub fn cells(workplace: &Workplace, table: &str) -> BTreeMap<(String, String), String> {
    let own = format!("{table}-");
    workplace
        .findings("f.csv")
        .into_iter()
        .filter(|finding| finding["rule_id"].starts_with(&own))
        .map(|finding| {
            let field = finding["rule_id"].trim_start_matches(&own).to_owned();
            ((finding["record_key"].clone(), field), finding["value"].clone())
        })
        .collect()
}

/// Reads one row of a statement whose columns are c1, c2, …, and demands these texts.
#[track_caller]
fn is_read_as(server: &DatabaseServer, values: &[(&str, &str)]) {
    let list: Vec<String> = (1..).zip(values).map(|(number, (value, _))| format!("{value} as c{number}")).collect();
    let statement = format!("select 'a' as id, {}", list.join(", "));
    let workplace = workplace(&[("own", values.len(), &query(&statement))]);
    check(&workplace, &server.url()).exits(0);
    let found = cells(&workplace, "own");
    for (number, (value, wanted)) in (1..).zip(values) {
        let text = found.get(&("a".to_owned(), format!("c{number}"))).map_or("", String::as_str);
        assert_eq!(text, *wanted, "{value}");
    }
}

#[test]
fn postgres_types_are_read_to_the_letter() {
    let server = Postgres::start();
    server.execute(
        "create type mood as enum ('开心', 'sad'); create domain code as char(6); create domain yes as boolean; \
         set time zone 'America/New_York';",
    );
    is_read_as(
        &server,
        &[
            (
                "12345678901234567890123456789012345678901234567890.123456789::numeric",
                "12345678901234567890123456789012345678901234567890.123456789",
            ),
            ("1200.50::numeric(12,2)", "1200.50"),
            ("'NaN'::numeric", "NaN"),
            ("9223372036854775807::int8", "9223372036854775807"),
            ("(-32768)::int2", "-32768"),
            ("timestamptz '2026-11-22 02:00:00+00'", "2026-11-22 10:00"),
            ("timestamptz '1988-07-01 02:00:05.678+00'", "1988-07-01 11:00:05"),
            ("timestamp '2026-11-22 00:00:00'", "2026-11-22 00:00"),
            ("date '2024-02-29'", "2024-02-29"),
            ("time '09:30'", "09:30:00"),
            ("true", "true"),
            ("false::yes", "false"),
            ("'ab'::char(10)", "ab"),
            ("'ab'::code", "ab"),
            ("'  甲\t乙\\' || chr(10) || '丙  '::text", "  甲\t乙\\\n丙  "),
            ("'\\N'::text", "\\N"),
            ("'a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11'::uuid", "a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11"),
            ("'{\"b\": [1, \"二\"]}'::jsonb", "{\"b\": [1, \"二\"]}"),
            ("array['甲','b c']", "{甲,\"b c\"}"),
            ("'开心'::mood", "开心"),
            ("1.1::float8", "1.1"),
            ("123456789012.5::float8", "123456789012.5"),
            ("0.1::float4", "0.1"),
            ("'\\xdeadbeef'::bytea", "\\xdeadbeef"),
            ("interval '1 year 2 days 03:04:05'", "1 year 2 days 03:04:05"),
            ("'192.168.0.1/24'::inet", "192.168.0.1/24"),
            ("''::text", ""),
            ("null::text", ""),
            ("row(1, '甲')", "(1,甲)"),
            ("'infinity'::timestamptz", "infinity"),
        ],
    );
}

#[test]
fn mariadb_types_are_read_to_the_letter() {
    let server = MariaDb::start();
    server.execute(
        "set sql_mode = ''; set time_zone = '-05:00'; \
         create table own (id varchar(9), c1 decimal(50,10), c2 bigint unsigned, c3 date, c4 datetime, c5 timestamp null, \
         c6 char(10), c7 varchar(50) character set gbk, c8 blob, c9 bit(12), c10 year, c11 json, c12 time, c13 double, \
         c14 float(10,2), c15 enum('甲','乙'), c16 date, c17 datetime, c18 tinyint(1), c19 datetime(3), c20 blob, c21 text, \
         c22 timestamp null) character set utf8mb4; \
         insert into own values ('a', 1234567890123456789012345678901234567890.5, 18446744073709551615, '0000-00-00', \
         '0000-00-00 00:00:00', '2026-11-21 21:00:00', 'ab', '重庆銀行镕', '甲', b'100000000001', 2026, '{\"b\": 1}', \
         '09:30:00', 0.1, 1234567.89, '乙', '2024-02-29', '2026-11-22 10:00:05', 1, '2026-11-22 10:00:00.123', \
         unhex('ff00'), '', '1988-06-30 21:00:00');",
    );
    let wanted = [
        ("c1", "1234567890123456789012345678901234567890.5000000000"),
        ("c2", "18446744073709551615"),
        ("c5", "2026-11-22 10:00"),
        ("c6", "ab"),
        ("c7", "重庆銀行镕"),
        ("c8", "甲"),
        ("c9", "2049"),
        ("c10", "2026"),
        ("c11", "{\"b\": 1}"),
        ("c12", "09:30:00"),
        ("c13", "0.1"),
        ("c14", "1234567.88"),
        ("c15", "乙"),
        ("c16", "2024-02-29"),
        ("c17", "2026-11-22 10:00:05"),
        ("c18", "1"),
        ("c19", "2026-11-22 10:00"),
        ("c20", "0xff00"),
        ("c22", "1988-07-01 11:00"),
    ];
    for location in [query("select * from own"), format!("url = \"env:{URL}\"\nfrom = \"hedui.own\"")] {
        let workplace = workplace(&[("own", 22, &location)]);
        check(&workplace, &server.url()).exits(0);
        let found: BTreeMap<String, String> =
            cells(&workplace, "own").into_iter().map(|((_, field), text)| (field, text)).collect();
        let wanted: BTreeMap<String, String> =
            wanted.iter().map(|(field, text)| ((*field).to_owned(), (*text).to_owned())).collect();
        assert_eq!(found, wanted);
    }
    // the words of a query mean what they mean to the server's own client
    is_read_as(&server, &[("'a' || ''", "0"), ("now() = localtimestamp", "1")]);
}

/// Codes that were kept as floats, on the second row of three.
const FLOATS: &str =
    "select 'a' as id, null as c1 union all select 'b', 6222021001116240000 union all select 'c', 12 order by 1";

#[test]
fn whole_floats_past_fifteen_digits_have_lost_some() {
    let (postgres, mariadb) = (Postgres::start(), MariaDb::start());
    postgres.execute("create table own (id text, c1 float8); insert into own values ('a', null), ('b', 6222021001116240123), ('c', 12);");
    mariadb.execute("create table own (id text, c1 double); insert into own values ('a', null), ('b', 6222021001116240123), ('c', 12);");
    let sqlite = format!(
        "url = \"sqlite:x.db\"\nquery = '''{}'''",
        FLOATS.replace("6222021001116240000", "6222021001116240123e0")
    );
    for (url, location) in [
        (postgres.url(), query("select * from own order by id")),
        (mariadb.url(), query("select * from own order by id")),
        (String::new(), sqlite),
    ] {
        let workplace = workplace(&[("own", 1, &location)]);
        workplace.write("x.db", "");
        workplace.write("rules/damaged.toml", "[[rule]]\nid = \"lost\"\ntitle = \"t\"\ntable = \"own\"\nseverity = \"info\"\n\
                         dimension = \"accuracy\"\nclauses = []\nmessage = \"m\"\nadvice = \"a\"\ncheck = \"damaged\"\n");
        check(&workplace, &url).exits(0);
        let lost: Vec<(String, String, String)> = workplace
            .findings("f.csv")
            .into_iter()
            .filter(|finding| finding["rule_id"] == "lost")
            .map(|finding| (finding["record_key"].clone(), finding["row"].clone(), finding["value"].clone()))
            .collect();
        let digits = "6222021001116240".to_owned();
        assert_eq!(lost.len(), 1, "{lost:?}");
        assert_eq!((lost[0].0.as_str(), lost[0].1.as_str()), ("b", "3"), "{lost:?}");
        assert!(lost[0].2.starts_with(&digits), "{lost:?}");
    }
}

#[test]
fn all_tables_of_a_run_are_of_one_moment() {
    let (postgres, mariadb) = (Postgres::start(), MariaDb::start());
    let locks = [
        (&*postgres, "select pg_advisory_lock(7)", "select id, pg_advisory_lock_shared(7)::text as c1 from first"),
        (&*mariadb, "select get_lock('seven', 60)", "select id, get_lock('seven', 60) as c1 from first"),
    ];
    for (server, lock, slow) in locks {
        server.execute(
            "create table first (id varchar(9), c1 varchar(9)); create table second (id varchar(9), c1 varchar(9)); \
             insert into first values ('a', 'x'); insert into second values ('a', 'x');",
        );
        // the second table under the same address by another name
        let second = "url = \"file:url\"\nfrom = \"second\"";
        let workplace = workplace(&[("one", 1, &query(slow)), ("two", 1, second)]);
        workplace.write("url", server.url());
        let held = server.hold(lock);
        std::thread::scope(|scope| {
            let run = scope.spawn(|| check(&workplace, &server.url()));
            server.wait_for_lock("first");
            server.execute("insert into second values ('b', 'x'); update second set c1 = 'y' where id = 'a';");
            drop(held);
            run.join().expect("a check").exits(0);
        });
        let second: Vec<_> = cells(&workplace, "two").into_iter().collect();
        assert_eq!(second, [(("a".to_owned(), "c1".to_owned()), "x".to_owned())]);
        check(&workplace, &server.url()).exits(0);
        assert_eq!(cells(&workplace, "two").len(), 2);
    }
}

#[test]
fn nothing_is_written() {
    let (postgres, mariadb) = (Postgres::start(), MariaDb::start());
    postgres.execute(
        "create table log (id int); create table t (id text, c1 text); insert into t values ('a', 'x'); \
         create function writes() returns text language sql volatile as $$ insert into log values (1) returning 'x' $$;",
    );
    mariadb.execute(
        "create table log (id int); create table t (id text, c1 text); insert into t values ('a', 'x');\n\
         delimiter //\ncreate function writes() returns varchar(9) modifies sql data begin insert into log values (1); \
         return 'x'; end//\ndelimiter ;\n",
    );
    for server in [&*postgres, &*mariadb] {
        let workplace = workplace(&[
            ("one", 1, &query("select id, writes() as c1 from t")),
            ("two", 1, &query("select id, c1 from t")),
        ]);
        let ran = check(&workplace, &server.url());
        ran.exits(3);
        assert!(ran.all().to_lowercase().contains("read-only") || ran.all().contains("READ ONLY"), "{}", ran.all());
        assert_eq!(server.execute("select count(*) from log;"), "0\n");
        // the statement after it is read all the same
        assert_eq!(cells(&workplace, "two").len(), 1, "{}", ran.all());
    }
}

#[test]
fn tables_are_named_with_their_schema() {
    let (postgres, mariadb) = (Postgres::start(), MariaDb::start());
    postgres.execute("create schema \"销售\"; create table \"销售\".\"合 同\" (id text, c1 text); insert into \"销售\".\"合 同\" values ('a', 'x'), ('b', null);");
    mariadb.execute("create database `销售`; create table `销售`.`合 同` (id text, c1 text); insert into `销售`.`合 同` values ('a', 'x'), ('b', null);");
    for server in [&*postgres, &*mariadb] {
        let workplace = workplace(&[("one", 1, &format!("url = \"env:{URL}\"\nfrom = \"销售.合 同\""))]);
        check(&workplace, &server.url()).exits(0);
        let findings = workplace.findings("f.csv");
        let own: Vec<_> = findings.iter().filter(|finding| finding["rule_id"] == "one-c1").collect();
        assert_eq!(own.len(), 1);
        let place = |key: &str| own[0][key].as_str();
        assert_eq!(
            (place("file"), place("sheet"), place("row"), place("column")),
            (format!("env:{URL}").as_str(), "销售.合 同", "2", "B")
        );
    }
}
