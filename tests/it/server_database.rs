//! A real database server beside the test: PostgreSQL or MariaDB by `tests/services/database_server.sh`.
//!
//! Apart because sources are held against what companies run, and because a server must be stopped however its test
//! ends: it lives as long as the pipe to its script. What is loaded goes in by the database's own client.

use std::fmt::Write as _;
use std::fs::Permissions;
use std::io::{BufRead, BufReader, Write as _};
use std::net::TcpListener;
use std::os::unix::fs::PermissionsExt;
use std::process::{Child, Command, Stdio};

use tempfile::TempDir;

use crate::python::{interpreter, root};
use crate::server::certificates;

/// The account's password; it must be seen nowhere.
pub const PASSWORD: &str = "geheim-5432";

/// An empty PostgreSQL with the database `hedui`, gone when the test ends.
pub struct Postgres(DatabaseServer);

/// An empty MariaDB with the database `hedui`, gone when the test ends.
pub struct MariaDb(DatabaseServer);

impl Postgres {
    /// Starts one.
    pub fn start() -> Self {
        Self::start_with(&[])
    }

    /// The same with settings of postgresql.conf, `name=value`.
    pub fn start_with(settings: &[&str]) -> Self {
        Self(DatabaseServer::start(Kind::Postgres, settings, false))
    }

    /// One that encrypts, with the certificate `server.pem` of the tests' own authority.
    pub fn start_with_tls() -> Self {
        let settings = ["ssl=on", "ssl_cert_file=../server.pem", "ssl_key_file=../server.key"];
        Self(DatabaseServer::start(Kind::Postgres, &settings, true))
    }
}

impl MariaDb {
    /// Starts one.
    pub fn start() -> Self {
        Self::start_with(&[])
    }

    /// The same with options of mariadbd, without their dashes.
    pub fn start_with(settings: &[&str]) -> Self {
        Self(DatabaseServer::start(Kind::MariaDb, settings, false))
    }

    /// One that encrypts, with the certificate `server.pem` of the tests' own authority.
    pub fn start_with_tls() -> Self {
        let settings = ["ssl-cert=../server.pem", "ssl-key=../server.key"];
        Self(DatabaseServer::start(Kind::MariaDb, &settings, true))
    }
}

impl std::ops::Deref for Postgres {
    type Target = DatabaseServer;

    fn deref(&self) -> &DatabaseServer {
        &self.0
    }
}

impl std::ops::Deref for MariaDb {
    type Target = DatabaseServer;

    fn deref(&self) -> &DatabaseServer {
        &self.0
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Postgres,
    MariaDb,
}

/// What both have.
pub struct DatabaseServer {
    kind: Kind,
    script: Child,
    folder: TempDir,
    /// Its port on 127.0.0.1.
    pub port: u16,
}

impl DatabaseServer {
    fn start(kind: Kind, settings: &[&str], tls: bool) -> Self {
        interpreter(); // sees to it that the servers are there
        let folder = tempfile::Builder::new().prefix("hedui-db-").tempdir().expect("a folder");
        for name in ["server.pem", "server.key"].into_iter().filter(|_| tls) {
            let path = folder.path().join(name);
            std::fs::copy(certificates().join(name), &path).expect("a certificate");
            std::fs::set_permissions(&path, Permissions::from_mode(0o600)).expect("its permissions");
        }
        let port = free_port();
        let word = if kind == Kind::Postgres { "postgres" } else { "mariadb" };
        let mut script = Command::new("bash")
            .arg(root().join("tests/services/database_server.sh"))
            .arg(word)
            .arg(folder.path())
            .args([&port.to_string(), PASSWORD])
            .args(settings)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .expect("bash");
        let mut line = String::new();
        BufReader::new(script.stdout.take().expect("its stdout")).read_line(&mut line).expect("a line");
        assert_eq!(line.trim(), "READY", "{word} did not start; its log is on stderr");
        Self { kind, script, folder, port }
    }

    /// The address as hedui takes it, with account and password.
    pub fn url(&self) -> String {
        self.url_as("hedui", PASSWORD)
    }

    /// The same for another account.
    pub fn url_as(&self, account: &str, password: &str) -> String {
        let scheme = if self.kind == Kind::Postgres { "postgres" } else { "mysql" };
        format!("{scheme}://{account}:{password}@localhost:{}/hedui", self.port)
    }

    /// Runs statements with the database's own client; what it prints, tabs between columns.
    #[track_caller]
    pub fn execute(&self, statements: &str) -> String {
        let mut client = self.client();
        let mut child =
            client.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("a client");
        let mut stdin = child.stdin.take().expect("its stdin");
        let written = statements.to_owned();
        let writer = std::thread::spawn(move || stdin.write_all(written.as_bytes()));
        let output = child.wait_with_output().expect("the client ends");
        // a client that stops at a mistake does not read on
        let _ = writer.join().expect("the writer");
        let said = String::from_utf8_lossy(&output.stderr);
        let shown: String = statements.chars().take(500).collect();
        assert!(output.status.success(), "{said}\n{shown}");
        String::from_utf8(output.stdout).expect("UTF-8")
    }

    /// Makes a table of a CSV with a header: every column text, empty cells null.
    #[track_caller]
    pub fn load_csv(&self, table: &str, csv: &str) {
        let mut reader = csv::Reader::from_reader(csv.as_bytes());
        let columns: Vec<String> =
            reader.headers().expect("a header").iter().map(|name| format!("{} text", self.quoted(name))).collect();
        let table = self.quoted(table);
        let mut statements = format!("create table {table} ({});\n", columns.join(", "));
        let rows: Vec<String> = reader
            .records()
            .map(|record| {
                let cells: Vec<String> = record.expect("a record").iter().map(|cell| self.literal(cell)).collect();
                format!("({})", cells.join(", "))
            })
            .collect();
        for some in rows.chunks(500) {
            writeln!(statements, "insert into {table} values {};", some.join(",\n")).expect("a string");
        }
        self.execute(&statements);
    }

    /// The end of its log, for whoever reads a failed test.
    pub fn log(&self) -> String {
        std::fs::read_to_string(self.folder.path().join("server.log")).unwrap_or_default()
    }

    /// Carries out a statement that gives a row, and keeps the connection until the answer is dropped.
    pub fn hold(&self, statement: &str) -> Held {
        let mut client = self.client();
        let mut child = client.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().expect("a client");
        child.stdin.as_mut().expect("its stdin").write_all(format!("{statement};\n").as_bytes()).expect("a statement");
        let mut row = String::new();
        BufReader::new(child.stdout.take().expect("its stdout")).read_line(&mut row).expect("a row");
        Held { client: child }
    }

    /// Waits until a statement with this word waits for a lock.
    #[track_caller]
    pub fn wait_for_lock(&self, word: &str) {
        let waiting = match self.kind {
            Kind::Postgres => format!(
                "select count(*) from pg_stat_activity where application_name = 'hedui' and wait_event_type = 'Lock' \
                 and query like '%{word}%';"
            ),
            Kind::MariaDb => format!(
                "select count(*) from information_schema.processlist where state = 'User lock' and info like '%{word}%' \
                 and id <> connection_id();"
            ),
        };
        for _ in 0..600 {
            if self.execute(&waiting) != "0\n" {
                return;
            }
            std::thread::sleep(std::time::Duration::from_millis(50));
        }
        panic!("nobody waits for a lock\n{}", self.log());
    }

    /// Stops it now; nothing answers at its port any more.
    pub fn stop(&mut self) {
        drop(self.script.stdin.take());
        let _ = self.script.wait();
    }

    fn client(&self) -> Command {
        let port = self.port.to_string();
        match self.kind {
            Kind::Postgres => {
                let mut client = Command::new("psql");
                client.args(["-X", "-q", "-At", "-F", "\t", "-v", "ON_ERROR_STOP=1", "-h", "127.0.0.1", "-p", &port]);
                client.args(["-U", "hedui", "-d", "hedui"]).env("PGPASSWORD", PASSWORD);
                client
            }
            Kind::MariaDb => {
                let mut client = Command::new("mariadb");
                client.args(["--no-defaults", "--default-character-set=utf8mb4", "-N", "-B", "-n", "-h", "127.0.0.1"]);
                client.args(["-P", &port, "-u", "hedui", "hedui"]).env("MYSQL_PWD", PASSWORD);
                client
            }
        }
    }

    fn quoted(&self, name: &str) -> String {
        match self.kind {
            Kind::Postgres => format!("\"{}\"", name.replace('"', "\"\"")),
            Kind::MariaDb => format!("`{}`", name.replace('`', "``")),
        }
    }

    fn literal(&self, cell: &str) -> String {
        match self.kind {
            _ if cell.is_empty() => "null".to_owned(),
            Kind::Postgres => format!("'{}'", cell.replace('\'', "''")),
            Kind::MariaDb => format!("'{}'", cell.replace('\\', "\\\\").replace('\'', "''")),
        }
    }
}

impl Drop for DatabaseServer {
    fn drop(&mut self) {
        self.stop();
    }
}

/// A connection that is held.
pub struct Held {
    client: Child,
}

impl Drop for Held {
    fn drop(&mut self) {
        drop(self.client.stdin.take());
        let _ = self.client.wait();
    }
}

/// A port that nobody listens on.
pub fn free_port() -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    listener.local_addr().expect("its address").port()
}

#[test]
fn what_is_loaded_is_there() {
    let csv = "编号,名称\n1,\"O'Neill \\ 甲\"\n2,\n";
    let (postgres, mariadb) = (Postgres::start(), MariaDb::start());
    for server in [&postgres.0, &mariadb.0] {
        server.load_csv("客户", csv);
        let table = server.quoted("客户");
        assert_eq!(server.execute(&format!("select count(*) from {table};")), "2\n", "{}", server.log());
        let name = server.quoted("名称");
        let said = server.execute(&format!("select {name} from {table} where {name} is not null;"));
        // MariaDB's client writes a backslash twice
        assert_eq!(said.replace("\\\\", "\\"), "O'Neill \\ 甲\n");
    }
}
