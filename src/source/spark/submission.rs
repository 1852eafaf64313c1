//! One call of the company's own `spark-sql`: a script of statements, waited for, with its words in a log.
//!
//! Apart because it alone starts another program. The script and the log are in a folder of this call, which is gone once
//! what was found is read. No secret is on its command line: what Spark needs of them stands in its own properties.

use std::fs::{File, Permissions};
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use chrono_tz::Tz;

use crate::config::SparkConfig;
use crate::text;
use crate::text::Text;

/// How often it is looked whether the program has ended.
const LOOK: Duration = Duration::from_millis(100);

/// A folder of one call below the exchange folder; gone with this value.
pub struct Exchange {
    folder: PathBuf,
}

impl Exchange {
    /// Makes one, for us and our group: workers that are other users of it write into it.
    ///
    /// # Errors
    /// Where the exchange folder is not there, or cannot be written into.
    pub fn new(spark: &SparkConfig) -> Result<Self, Text> {
        // one process asks at a time, and leaves nothing; what is there is of one that was killed
        let folder = spark.folder.join(format!("hedui-{}", std::process::id()));
        let _ = std::fs::remove_dir_all(&folder);
        let made = std::fs::create_dir(&folder)
            .and_then(|()| std::fs::set_permissions(&folder, Permissions::from_mode(0o770)));
        let shown = spark.folder.display();
        made.map_err(|error| {
            text!(
                "[spark] 的 folder {shown} 不能写入：{error}",
                "the folder of [spark] {shown} cannot be written into: {error}"
            )
        })?;
        Ok(Self { folder })
    }

    /// Where a result of some name comes to lie.
    pub fn path(&self, name: &str) -> PathBuf {
        self.folder.join(name)
    }
}

impl Drop for Exchange {
    fn drop(&mut self) {
        // what cannot be taken away now is taken away by whoever looks after the folder
        let _ = std::fs::remove_dir_all(&self.folder);
    }
}

/// Runs statements one after another and waits for their end.
///
/// # Errors
/// Where Spark cannot be started, does not end in time, or ends with an error: then its log is kept.
pub fn run(spark: &SparkConfig, exchange: &Exchange, statements: &[String], zone: Tz) -> Result<(), Text> {
    let script = exchange.path("hedui.sql");
    let log = exchange.path("spark.log");
    let unwritten = |error: std::io::Error| text!("脚本写不出：{error}", "the script cannot be written: {error}");
    private(&script).and_then(|()| std::fs::write(&script, statements.join(";\n") + ";\n")).map_err(unwritten)?;
    private(&log).map_err(unwritten)?;
    let output = File::options().append(true).open(&log).map_err(unwritten)?;
    let program = spark.home.join("bin/spark-sql");
    let mut command = Command::new(&program);
    command
        .args(["--master", &spark.master, "--name", "hedui"])
        .args(["--conf", "spark.sql.catalogImplementation=in-memory"])
        .args(["--conf", "spark.ui.enabled=false"])
        .args(["--conf", "spark.sql.ansi.enabled=false"])
        .args(["--conf", "spark.sql.parquet.mergeSchema=false"])
        // a pattern may hold what looks like a variable
        .args(["--conf", "spark.sql.variable.substitute=false"])
        .arg("--conf")
        .arg(format!("spark.sql.session.timeZone={}", zone.name()));
    if let Some(properties) = &spark.properties {
        command.arg("--properties-file").arg(properties);
    }
    command.arg("-f").arg(&script).current_dir(&exchange.folder).stdin(Stdio::null());
    let both = output.try_clone().map_err(unwritten)?;
    let shown = program.display();
    let mut child =
        command.stdout(output).stderr(both).spawn().map_err(|error| {
            text!("Spark 启动不了（{shown}）：{error}", "Spark cannot be started ({shown}): {error}")
        })?;
    let begun = Instant::now();
    let status = loop {
        match child.try_wait() {
            Ok(Some(status)) => break status,
            Ok(None) if begun.elapsed() < spark.timeout => std::thread::sleep(LOOK),
            Ok(None) => {
                let (_, _) = (child.kill(), child.wait());
                let seconds = spark.timeout.as_secs();
                return Err(text!(
                    "Spark {seconds} 秒没有完成，已中止；可加大 timeout",
                    "Spark was not done after {seconds} seconds and was ended; you can give it a longer timeout"
                ));
            }
            Err(error) => return Err(text!("等不到 Spark：{error}", "Spark cannot be waited for: {error}")),
        }
    };
    if status.success() {
        return Ok(());
    }
    let Text { zh, en } = kept(&log, &spark.folder);
    Err(text!("Spark 没有完成（{status}）；{zh}", "Spark did not finish ({status}); {en}"))
}

/// An empty file that only its owner reads.
fn private(path: &Path) -> std::io::Result<()> {
    File::create(path)?.set_permissions(Permissions::from_mode(0o600))
}

/// The log outlives its folder where it says what went wrong.
fn kept(log: &Path, folder: &Path) -> Text {
    let place = folder.join("hedui-spark.log");
    match std::fs::rename(log, &place) {
        Ok(()) => {
            let shown = place.display();
            text!("它的日志在 {shown}", "its log is {shown}")
        }
        Err(error) => text!("它的日志没能留下：{error}", "its log could not be kept: {error}"),
    }
}
