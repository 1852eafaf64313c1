//! READ: databases that are gone, slow, closed to us, or of another's certificate: each is said without its password, and
//! the rest goes on; and what lint refuses of them.
//!
//! Apart from `databases`, which reads what is there.

use std::time::{Duration, Instant};

use crate::databases::{URL, cells, check, query, workplace};
use crate::server_database::{MariaDb, PASSWORD, Postgres, free_port};
use crate::workplace::Workplace;

#[test]
fn a_statement_has_its_time() {
    let (postgres, mariadb) = (Postgres::start(), MariaDb::start());
    for (server, sleep) in [(&*postgres, "pg_sleep(60)::text"), (&*mariadb, "sleep(60)")] {
        let slow = format!("{}\ntimeout = \"1s\"", query(&format!("select 'a' as id, {sleep} as c1")));
        let workplace = workplace(&[("one", 1, &slow), ("two", 1, &query("select 'b' as id, 'x' as c1"))]);
        let started = Instant::now();
        let ran = check(&workplace, &server.url());
        ran.exits(3);
        assert!(started.elapsed() < Duration::from_secs(40), "{}", ran.all());
        assert!(ran.all().contains("longer than 1 seconds"), "{}", ran.all());
        assert_eq!(cells(&workplace, "two").len(), 1, "{}", ran.all());
    }
    let endless = "with recursive n(x) as (select 1 union all select x + 1 from n) select max(x) as id, 1 as c1 from n";
    let location = format!("url = \"sqlite:x.db\"\nquery = '''{endless}'''\ntimeout = \"1s\"");
    let workplace = workplace(&[("one", 1, &location)]);
    workplace.write("x.db", "");
    let ran = check(&workplace, "");
    ran.exits(3);
    assert!(ran.all().contains("longer than 1 seconds"), "{}", ran.all());
}

/// One table in the database and one in a file: the first cannot be read, the second is.
#[track_caller]
fn goes_on_without(location: &str, url: &str, words: &[&str]) {
    let workplace = workplace(&[("one", 1, location), ("two", 1, "path = \"two.csv\"")]);
    workplace.write("two.csv", "id,c1\nb,x\n");
    let ran = check(&workplace, url);
    ran.exits(3);
    for words in words {
        assert!(ran.all().contains(words), "no `{words}` in {}", ran.all());
    }
    assert_eq!(cells(&workplace, "two").len(), 1, "{}", ran.all());
}

#[test]
fn a_database_that_is_gone_is_said() {
    let port = free_port();
    let label = format!("env:{URL}");
    for scheme in ["postgres", "mysql"] {
        let url = format!("{scheme}://hedui:{PASSWORD}@localhost:{port}/hedui");
        goes_on_without(&query("select 'a' as id, 'x' as c1"), &url, &[&label, "cannot be reached"]);
        let written = format!("url = \"{scheme}://hedui@localhost:{port}/hedui\"\nfrom = \"t\"");
        goes_on_without(&written, "", &[&format!("{scheme}://localhost:{port}/hedui"), "cannot be reached"]);
    }
    goes_on_without(&query("select 1"), "", &[URL, "is not set"]);
    goes_on_without(&query("select 1"), "oracle://h/d", &[&label, "starts with"]);
    goes_on_without(&query("select 1"), "postgres://h/d?sslmod=require", &[&label, "sslmod"]);
}

#[test]
fn what_the_server_says_holds_no_password_and_no_value() {
    let (postgres, mariadb) = (Postgres::start(), MariaDb::start());
    postgres
        .execute("create table t (id text); insert into t values ('王小明'); create role other login password 'x';");
    mariadb.execute("create table t (id text); create user other@'%' identified by 'x';");
    for server in [&*postgres, &*mariadb] {
        let wrong = server.url_as("hedui", "geheim-6543");
        let workplace = workplace(&[("one", 1, &query("select id, id as c1 from t"))]);
        let ran = check(&workplace, &wrong);
        ran.exits(3);
        assert!(
            !ran.all().contains("geheim-6543") && ran.all().contains("turned the connection down"),
            "{}",
            ran.all()
        );
        goes_on_without(&query("select id, id as c1 from nowhere"), &server.url(), &["nowhere"]);
    }
    let other = postgres.url_as("other", "x");
    goes_on_without(&query("select id, id as c1 from t"), &other, &["permission denied"]);
    let workplace = workplace(&[("one", 1, &query("select id, id::int as c1 from t"))]);
    let ran = check(&workplace, &postgres.url());
    ran.exits(3);
    assert!(ran.all().contains("invalid input syntax") && !ran.all().contains("王小明"), "{}", ran.all());
}

#[test]
fn a_connection_that_breaks_before_the_first_row_is_made_anew() {
    let server = Postgres::start();
    server.execute("create table first (id text); insert into first values ('a');");
    let workplace = workplace(&[("one", 1, &query("select id, 'x' || pg_advisory_lock_shared(7) as c1 from first"))]);
    let held = server.hold("select pg_advisory_lock(7)");
    std::thread::scope(|scope| {
        let run = scope.spawn(|| check(&workplace, &server.url()));
        server.wait_for_lock("first");
        server.execute("select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'hedui';");
        drop(held);
        run.join().expect("a check").exits(0);
    });
    assert_eq!(cells(&workplace, "one").len(), 1);
}

#[test]
fn a_certificate_of_the_companys_own_is_looked_at() {
    let certificates = crate::server::certificates();
    let authority = |name: &str| certificates.join(name).display().to_string();
    let (postgres, mariadb) = (Postgres::start_with_tls(), MariaDb::start_with_tls());
    let encrypted = [
        (&*postgres, "select 'a' as id, ssl::text as c1 from pg_stat_ssl where pid = pg_backend_pid()", "true"),
        (
            &*mariadb,
            "select 'a' as id, variable_value <> '' as c1 from information_schema.session_status where variable_name = 'Ssl_cipher'",
            "1",
        ),
    ];
    for (server, statement, yes) in encrypted {
        let own = format!("{}\nca_file = \"{}\"", query(statement), authority("ca.pem"));
        let trusted = workplace(&[("one", 1, &own)]);
        check(&trusted, &server.url()).exits(0);
        assert_eq!(cells(&trusted, "one").into_values().collect::<Vec<_>>(), [yes]);
        let other = format!("{}\nca_file = \"{}\"", query(statement), authority("other-ca.pem"));
        goes_on_without(&other, &server.url(), &["turned the connection down"]);
        // a mode that does not look at the certificate is no way around
        goes_on_without(
            &other,
            &format!("{}?sslmode={}", server.url(), if yes == "1" { "REQUIRED" } else { "require" }),
            &["ertificate"],
        );
        goes_on_without(&format!("{}\nca_file = \"none.pem\"", query(statement)), &server.url(), &["none.pem"]);
    }
    let plain = Postgres::start();
    let own = format!("{}\nca_file = \"{}\"", query("select 'a' as id, 'x' as c1"), authority("ca.pem"));
    goes_on_without(&own, &plain.url(), &["turned the connection down"]);
}

#[test]
fn what_is_no_select_is_refused_at_its_place() {
    let lint = |location: &str| {
        let workplace = Workplace::new(&format!(
            "[company]\nname = \"x\"\nlanguage = \"en\"\n[[source]]\ntable = \"customers\"\n{location}\n"
        ));
        let ran = workplace.hedui(&["lint", "--format", "json"]);
        let problems = ran.json();
        let told = problems.as_array().expect("an array").iter().map(|problem| {
            let at = |key: &str| problem[key].as_u64().expect("a place");
            (at("line"), at("column"), problem["message"].as_str().expect("words").to_owned())
        });
        let told: Vec<_> = told.collect();
        assert!(!told.iter().any(|(_, _, message)| message.contains(PASSWORD)), "{told:?}");
        ran.exits(if told.is_empty() { 0 } else { 2 });
        told
    };
    let secret = "url = \"env:NOT_SET\"\n";
    let postgres = "url = \"postgres://localhost/crm\"\n";
    let mysql = "url = \"mysql://localhost/crm\"\n";
    for (url, statement, line, column) in [
        (postgres, "query = \"delete from t\"", 7, 9),
        (mysql, "query = \"update t set a = 1\"", 7, 9),
        (secret, "query = \"drop table t\"", 7, 9),
        (secret, "query = \"call f()\"", 7, 9),
        (secret, "query = \"\"", 7, 9),
        (postgres, "query = \"select 1; delete from t\"", 7, 20),
        (postgres, "query = '''\nselect *\n  into u\n from t'''", 9, 3),
        (mysql, "query = '''\nselect a from t\n for update'''", 9, 2),
        (postgres, "query = \"with d as (delete from t returning a) select a from d\"", 7, 21),
        (mysql, "query = \"select a from t into outfile '/tmp/x'\"", 7, 26),
        (secret, "query = \"select a from t group a\"", 7, 26),
        (secret, "from = \"a.b.c.d\"", 7, 8),
        (secret, "from = \"t; drop table t\"\nquery = \"select 1\"", 7, 8),
        (secret, "query = \"select 1\"\ntimeout = \"soon\"", 8, 11),
        (secret, "query = \"select 1\"\nsheet = \"x\"", 8, 9),
        ("path = \"x.csv\"\n", "from = \"t\"", 7, 8),
        ("url = \"postgres://u:geheim-5432@h/d\"\n", "from = \"t\"", 6, 7),
        ("url = \"postgres:///d?user=u&password=geheim-5432\"\n", "from = \"t\"", 6, 7),
        ("url = \"mysql://h/d?sslmod=REQUIRED\"\n", "from = \"t\"", 6, 7),
        ("url = \"oracle://h/d\"\n", "from = \"t\"", 6, 7),
    ] {
        let told = lint(&format!("{url}{statement}"));
        assert_eq!(
            told.iter().map(|(line, column, _)| (*line, *column)).collect::<Vec<_>>(),
            [(line, column)],
            "{statement}: {told:?}"
        );
    }
    for (url, statement) in [
        (
            postgres,
            "query = '''\n-- 合同\nwith a as (select 1) select distinct on (x) x::text from a, lateral f(x) order by x;\n'''",
        ),
        (mysql, "query = \"select `a b`, ifnull(c, 0) from `t` limit 5, 10\"\ntimeout = \"5m\""),
        (secret, "query = \"select `a b` from t\""),
        (secret, "query = \"select x::text from t where y ~ '^a'\""),
        (secret, "from = \"crm.contract\"\nca_file = \"company-ca.pem\""),
        ("url = \"postgres://hedui@db.example/crm?sslmode=verify-full&sslrootcert=ca.pem\"\n", "from = \"t\""),
    ] {
        assert_eq!(lint(&format!("{url}{statement}")), [], "{statement}");
    }
}

#[test]
fn text_that_is_not_utf_8_is_said() {
    let server = Postgres::start();
    server.execute(
        "create database ascii encoding 'SQL_ASCII' locale 'C' template template0;\n\\c ascii\n\
         create table t (id text, c1 text); insert into t select 'a' || n, E'\\xB1\\xB1\\xBE\\xA9' from generate_series(1, 50000) n;",
    );
    // as the message advises
    let converted =
        "select id, convert_from(convert(c1::bytea, 'GB18030', 'UTF8'), 'UTF8') as c1 from t where id = 'a1'";
    let workplace = workplace(&[("one", 1, &query("select id, c1 from t")), ("two", 1, &query(converted))]);
    let url = server.url();
    let (place, _) = url.rsplit_once('/').expect("an address");
    let ran = check(&workplace, &format!("{place}/ascii"));
    ran.exits(3);
    assert!(ran.all().contains("convert_from(convert("), "{}", ran.all());
    assert_eq!(cells(&workplace, "two").into_values().collect::<Vec<_>>(), ["北京"], "{}", ran.all());
}
