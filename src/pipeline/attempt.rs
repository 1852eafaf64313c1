//! A run that is watched: one that is killed leaves a mark for the next, one that fails is remembered and told, and after
//! each the signs of life are written.
//!
//! Apart from the run itself because all of this is about its not coming to its end. It knows nothing of what a run does.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;
use std::time::{Duration, Instant};

use serde::{Deserialize, Serialize};

use super::failure::{self, Unfinished};
use super::request::{RunError, RunRequest};
use super::run::RunReport;
use super::{alive, output};
use crate::history::files;
use crate::history::store::{self, HistoryError};
use crate::model::Period;
use crate::problem::Problem;
use crate::text;
use crate::text::Language;
use crate::workplace::Workplace;

/// Below state/: the run that goes on, or that was killed.
const MARK: &str = "running.json";
/// Below state/: the mark of a run that failed, where the history could not be told so: a full disk has room for a new name.
const FAILED: &str = "failed.json";

/// The mark of a run that goes on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Mark {
    job: String,
    period: String,
    as_of: String,
    started_at: String,
    /// How often the job was killed in this period before, one time after another.
    interrupted: u32,
}

/// Carries a run out and looks after what becomes of it. A dry run leaves no trace.
///
/// # Errors
/// Those of the run; they are told to administrator and service manager, too.
pub fn watched(
    workplace: &Workplace,
    request: &RunRequest<'_>,
    carry_out: impl FnOnce() -> Result<RunReport, RunError>,
) -> Result<RunReport, RunError> {
    if request.dry_run {
        return carry_out();
    }
    let started = Instant::now();
    // A panic is one of the ways to fail: somebody has to hear of it.
    let result = begin(workplace, request)
        .and_then(|()| catch_unwind(AssertUnwindSafe(carry_out)).unwrap_or(Err(RunError::Broken)));
    let state = store::folder(&workplace.config.folder);
    let status = match &result {
        Ok(report) => {
            end(&state);
            if report.partial { "partial" } else { "done" }
        }
        Err(error) => {
            let seconds = started.elapsed().as_secs_f64();
            let unfinished = Unfinished { request, reason: error.text(), status: "failed", seconds };
            // Where the failure is not in the history, the mark stays and says that there was a run.
            if failure::tell(workplace, &unfinished, leaves_history_alone(error)) {
                end(&state);
            } else {
                let _ = std::fs::rename(state.join(MARK), state.join(FAILED));
            }
            "failed"
        }
    };
    alive::beat(workplace, &alive::Beat::of_run(request, status, started.elapsed()));
    result
}

/// Tells that a run could not begin, for the files of the workplace have mistakes.
pub fn not_begun(workplace: &Workplace, request: &RunRequest<'_>, problems: &[Problem]) {
    let count = problems.len();
    let first = |language| problems.first().map(|problem| problem.line(language)).unwrap_or_default();
    let (zh, en) = (first(Language::Zh), first(Language::En));
    let reason = text!(
        "规则、模板等文件有 {count} 处错误，第一处是 {zh}；运行 hedui lint 可看到全部",
        "there are mistakes in rules, templates or the like: {count}, the first being {en}; hedui lint shows them all"
    );
    let is_gone = store::gone(&workplace.config.folder).is_some();
    failure::tell(workplace, &Unfinished { request, reason, status: "failed", seconds: 0.0 }, is_gone);
    alive::beat(workplace, &alive::Beat::of_run(request, "failed", Duration::ZERO));
}

/// Tells that nobody knows what has fallen due, for the history cannot be read.
pub fn not_looked_up(workplace: &Workplace, request: &RunRequest<'_>, error: &RunError) {
    let unfinished = Unfinished { request, reason: error.text(), status: "failed", seconds: 0.0 };
    failure::tell(workplace, &unfinished, leaves_history_alone(error));
    alive::beat(workplace, &alive::Beat::of_run(request, "failed", Duration::ZERO));
}

/// Whether the history is not to be written to: it is damaged, gone, or another version's.
fn leaves_history_alone(error: &RunError) -> bool {
    matches!(error, RunError::History(HistoryError::Damaged(_) | HistoryError::Gone(_) | HistoryError::Migration(_)))
}

/// Clears up after a run that was killed, looks whether the history is whole, and sets the mark.
fn begin(workplace: &Workplace, request: &RunRequest<'_>) -> Result<(), RunError> {
    let folder = &workplace.config.folder;
    let (state, out) = (store::folder(folder), folder.join("out"));
    let swept = files::sweep(&state, &|_| false)
        .and_then(|()| files::sweep(&out, &|_| false))
        // a dry run needs no lock and may be writing now
        .and_then(|()| files::sweep(&output::folder(folder, request, 1), &|name| name != "dry-run"));
    swept.map_err(|error| RunError::File(out.clone(), error))?;
    let killed = read(&state, MARK);
    let left = killed.clone().or_else(|| read(&state, FAILED));
    if let Some(period) =
        left.as_ref().and_then(|left| Period::parse(&left.period).map(|_| out.join(&left.job).join(&left.period)))
    {
        files::sweep(&period, &|name| name != "dry-run").map_err(|error| RunError::File(period, error))?;
    }
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().map_err(HistoryError::File)?;
    let status = if killed.is_some() { "interrupted" } else { "failed" };
    let was_unfinished = runtime.block_on(look_back(workplace, left.as_ref(), status))?;
    let again = killed.filter(|left| was_unfinished && left.job == request.job.name && left.period == period(request));
    let interrupted = again.map_or(0, |left| left.interrupted + 1);
    let mark = Mark {
        job: request.job.name.clone(),
        period: period(request),
        as_of: request.as_of.to_string(),
        started_at: request.now.to_rfc3339(),
        interrupted,
    };
    let written = serde_json::to_vec(&mark).unwrap_or_default();
    let path = state.join(MARK);
    files::write_whole(&path, &written).map_err(|error| RunError::File(path, error))?;
    let _ = std::fs::remove_file(state.join(FAILED)); // the history has it now
    if interrupted >= 2 {
        tell_of_interruptions(workplace, request);
    }
    Ok(())
}

/// Whether the history is there and whole; then, whether the run that left its mark did not come to its commit, which is remembered.
async fn look_back(workplace: &Workplace, left: Option<&Mark>, status: &str) -> Result<bool, RunError> {
    let mut connection = store::open(&workplace.config.folder).await?;
    store::check(&mut connection).await?;
    let known = store::all_runs(&mut connection).await?;
    let Some(left) = left else { return Ok(false) };
    let is_it =
        |run: &store::Run| (&run.job, &run.period, &run.started_at) == (&left.job, &left.period, &left.started_at);
    if known.iter().any(|run| is_it(run) && run.revision > 0) {
        return Ok(false); // killed once all was committed: its mails wait, or are in doubt
    }
    let (job, period) = (&left.job, &left.period);
    tracing::warn!(job, period, status, "an earlier run did not come to its end; nothing of it was kept");
    if let Some(run) = failure::unfinished_run(job, period, &left.as_of, &left.started_at, status) {
        store::insert_unfinished(&mut connection, &run).await?;
    }
    Ok(true)
}

/// A job that is killed every time never comes to say so itself.
fn tell_of_interruptions(workplace: &Workplace, request: &RunRequest<'_>) {
    let reason = text!(
        "程序连续几次在运行途中被中断（内存不足、关机或被人终止）；请查看服务器的系统日志",
        "the program was killed amid its work several times in a row (memory, a shutdown, or somebody): look into the \
         server's log"
    );
    failure::tell(workplace, &Unfinished { request, reason, status: "interrupted", seconds: 0.0 }, false);
}

fn period(request: &RunRequest<'_>) -> String {
    request.period.to_string()
}

/// A mark that cannot be read is none: what it told of is in the history, or was never begun.
fn read(state: &Path, name: &str) -> Option<Mark> {
    serde_json::from_slice(&std::fs::read(state.join(name)).ok()?).ok()
}

fn end(state: &Path) {
    let _ = std::fs::remove_file(state.join(MARK)); // where it stays, the next run sees that this one was committed
}
