//! The third benchmark: a million rows of PostgreSQL by hedui's reading stage, beside psql's `\copy … csv`.
//!
//! `cargo bench --profile dev --bench database`; see benches/README.md. It starts a server of its own and stops it. It
//! measures and judges nothing.

#![expect(clippy::print_stdout, reason = "a benchmark prints")]

use std::collections::BTreeMap;
use std::error::Error;
use std::io::{BufRead, BufReader};
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::Instant;

use clap::Parser;

use hedui::source;
use hedui::source::readings::Room;
use hedui::workplace::Workplace;

const PASSWORD: &str = "bench";
const QUERY: &str = "select * from crm.customer";

/// Measures reading of PostgreSQL beside psql.
#[derive(Debug, Parser)]
struct Arguments {
    /// How many rows
    #[arg(long, default_value_t = 1_000_000)]
    rows: u64,
    /// Measure both so often, in turn, and take the fastest
    #[arg(long, default_value_t = 5, value_name = "R", value_parser = clap::value_parser!(u32).range(1..))]
    repeat: u32,
    /// Where the server keeps its data; a temporary folder otherwise
    #[arg(long, value_name = "DIR")]
    server: Option<PathBuf>,
    /// Given by cargo
    #[arg(long, hide = true)]
    bench: bool,
}

fn main() -> Result<(), Box<dyn Error>> {
    let arguments = Arguments::parse();
    let scratch = tempfile::tempdir()?;
    let folder = match &arguments.server {
        Some(folder) => folder.clone(),
        None => scratch.path().join("server"),
    };
    std::fs::create_dir_all(&folder)?;
    open_to_all(scratch.path())?;
    let server = Server::start(&folder)?;
    println!("filling a table of {} rows", arguments.rows);
    server.psql(&[&table(arguments.rows)])?;
    let workplace = workplace(scratch.path(), server.port)?;
    let csv = scratch.path().join("copy.csv");
    let (mut by_psql, mut by_hedui) = (f64::INFINITY, f64::INFINITY);
    for _ in 0..arguments.repeat {
        let copy = format!("\\copy ({QUERY}) to '{}' csv", csv.display());
        let started = Instant::now();
        server.psql(&[&copy])?;
        let psql = started.elapsed().as_secs_f64();
        let started = Instant::now();
        let reading =
            source::read_all(&workplace.config, &workplace.pack.dictionary, &BTreeMap::new(), &Room::closed(), &|_| {});
        let hedui = started.elapsed().as_secs_f64();
        if let Some(error) = reading.notes.iter().find_map(|note| note.error.clone()) {
            return Err(error.into());
        }
        let rows: u64 = reading.notes.iter().map(|note| note.rows_checked).sum();
        if rows != arguments.rows {
            return Err(format!("{rows} rows were read").into());
        }
        println!("psql {psql:.2} s, hedui {hedui:.2} s");
        (by_psql, by_hedui) = (by_psql.min(psql), by_hedui.min(hedui));
    }
    let bytes = std::fs::metadata(&csv)?.len();
    println!("{} rows of 10 columns, {bytes} bytes as CSV, fastest of {}", arguments.rows, arguments.repeat);
    println!("psql \\copy {by_psql:.2} s, hedui's reading {by_hedui:.2} s, hedui / psql: {:.2}", by_hedui / by_psql);
    Ok(())
}

/// The table, filled, and looked at by the server once.
fn table(rows: u64) -> String {
    format!(
        "create schema crm; create table crm.customer (\"档案编号\" text, \"客户名称\" text, \"客户类型\" varchar(20), \
         \"统一社会信用代码\" char(18), \"联系电话\" text, \"地址\" text, \"注册资本(万元)\" numeric(14,2), \
         \"签约日期\" date, \"最近更新日期\" timestamptz, \"邮编\" integer); \
         insert into crm.customer select '经销商2023-' || n, '宁波华联第' || n || '贸易有限公司', \
         (array['经销商','终端','供应商'])[1 + n % 3], lpad(n::text, 18, '9'), '138' || lpad(n::text, 8, '0'), \
         case when n % 7 = 0 then null else '宁波市中山路' || n || '号' end, n / 100.0, date '2010-01-01' + (n % 5000)::int, \
         timestamptz '2026-01-01 08:00+08' + n % 100000 * interval '1 minute', 310000 + n % 10000 \
         from generate_series(1, {rows}) n; vacuum analyze crm.customer"
    )
}

fn workplace(folder: &Path, port: u16) -> Result<Workplace, Box<dyn Error>> {
    let password = folder.join("url");
    std::fs::write(&password, format!("postgres://hedui:{PASSWORD}@127.0.0.1:{port}/hedui"))?;
    let configuration = format!(
        "[company]\nname = \"bench\"\n[[source]]\ntable = \"customers\"\nurl = \"file:url\"\nquery = \"{QUERY}\"\n"
    );
    std::fs::write(folder.join("hedui.toml"), configuration)?;
    Workplace::load(Some(&folder.join("hedui.toml")), folder).map_err(|error| format!("{error:?}").into())
}

/// The server runs as another user where we are root.
fn open_to_all(folder: &Path) -> Result<(), Box<dyn Error>> {
    use std::os::unix::fs::PermissionsExt;
    Ok(std::fs::set_permissions(folder, std::fs::Permissions::from_mode(0o755))?)
}

/// A server that stops with this.
struct Server {
    script: Child,
    port: u16,
}

impl Server {
    fn start(folder: &Path) -> Result<Self, Box<dyn Error>> {
        let port = TcpListener::bind("127.0.0.1:0")?.local_addr()?.port();
        let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/services/database_server.sh");
        let mut script = Command::new("bash")
            .arg(script)
            .arg("postgres")
            .arg(folder)
            .args([&port.to_string(), PASSWORD, "shared_buffers=512MB", "max_wal_size=4GB"])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()?;
        let mut line = String::new();
        if let Some(stdout) = script.stdout.take() {
            BufReader::new(stdout).read_line(&mut line)?;
        }
        if line.trim() == "READY" { Ok(Self { script, port }) } else { Err("no server".into()) }
    }

    fn psql(&self, commands: &[&str]) -> Result<(), Box<dyn Error>> {
        let mut client = Command::new("psql");
        client.args(["-X", "-q", "-v", "ON_ERROR_STOP=1", "-h", "127.0.0.1", "-p", &self.port.to_string()]);
        client.args(["-U", "hedui", "-d", "hedui"]).env("PGPASSWORD", PASSWORD);
        for part in commands.iter().flat_map(|command| command.split("; ")) {
            client.args(["-c", part]);
        }
        if client.status()?.success() { Ok(()) } else { Err("psql failed".into()) }
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        drop(self.script.stdin.take());
        let _ = self.script.wait();
    }
}
