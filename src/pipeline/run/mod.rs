//! A run of a job: the whole sentence, from sources to delivered mail, and what of it is committed together.
//!
//! Apart from `check` because it remembers and sends. Everything that a reader gets is written before the commit;
//! nothing is sent that the commit did not hold.

mod before;
mod committing;
mod looked;
mod shown;
mod statuses;

use std::path::PathBuf;
use std::time::Instant;

use super::output::totals;
use super::request::{RunError, RunRequest};
use super::{Advance, access, analysis, attempt, mails, output, page, readings, stopped};
use crate::clock;
use crate::engine::{self, FindingSource};
use crate::history::diff::{Now, learn};
use crate::history::store::{self, HistoryError};
use crate::model::{SourceNote, Status};
use crate::outbox;
use crate::report::input::{Issue, ReportInput};
use crate::report::{self, Document};
use crate::telemetry::Stage;
use crate::text;
use crate::text::Text;
use crate::workplace::Workplace;
use committing::Committing;
use shown::{Evaluated, Shown, upcoming_days};

/// What a run did.
pub struct RunReport {
    /// The folder with its files.
    pub folder: PathBuf,
    /// The files that it wrote there.
    pub files: Vec<PathBuf>,
    /// The revision.
    pub revision: u32,
    /// Findings by status.
    pub counts: Vec<(Status, u64)>,
    /// Whether a source was not read or a rule not evaluated.
    pub partial: bool,
    /// What the reader should know.
    pub notices: Vec<Text>,
    /// What reading gave.
    pub notes: Vec<SourceNote>,
    /// Deliveries of this run and of earlier ones that were tried.
    pub delivery: Option<outbox::DeliveryReport>,
    /// Mails that were not queued again, and why.
    pub not_queued: Vec<Text>,
    /// Documents that were neither written nor queued, and why.
    pub held: Vec<Text>,
    /// Documents that were written and not queued, for the numbers of rows are not believed.
    pub stopped: Vec<Text>,
}

/// read → type → check → diff → render → enqueue → deliver; what does not come to its end is remembered and told.
///
/// # Errors
/// Where state or reports cannot be written; sources and rules that fail are said in the reports instead.
pub fn run(workplace: &Workplace, request: &RunRequest<'_>, advance: Advance<'_>) -> Result<RunReport, RunError> {
    attempt::watched(workplace, request, || carry_out(workplace, request, advance))
}

fn carry_out(workplace: &Workplace, request: &RunRequest<'_>, advance: Advance<'_>) -> Result<RunReport, RunError> {
    let started = Instant::now();
    let folder = &workplace.config.folder;
    // Asynchronous only at the edges: what lies between them runs on all cores, outside of any runtime.
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().map_err(HistoryError::File)?;
    let mut connection =
        if request.dry_run { runtime.block_on(store::look(folder))? } else { runtime.block_on(store::open(folder))? };
    if !request.dry_run {
        runtime.block_on(store::sweep(&mut connection, folder))?;
    }
    let mut before = runtime.block_on(before::remember(&mut connection, workplace, request))?;
    let known = std::mem::take(&mut before.known);
    let analysed_before = runtime.block_on(analysis::remember(&mut connection, workplace, request))?;

    let checked = super::check(workplace, request.as_of, &before.earlier, &|_| true, advance);
    let context = super::context(workplace, request.as_of);
    let source = FindingSource {
        datasets: &checked.datasets,
        context: &context,
        waivers: &workplace.waivers,
        fingerprints: true,
    };
    let stage = Stage::start("score");
    let scores = engine::score(&source, &checked.evaluation);
    let measures = engine::measure(&checked.datasets);
    stage.end(scores.lines.len() as u64);
    let analyses = analysis::analyses(workplace, request, &checked, &scores, analysed_before);
    let now = Now { job: &request.job.name, period_start: request.period.start(), as_of: request.as_of };
    let found = statuses::found(&source, &checked, before.findings.as_ref(), &known, &now);
    let days = upcoming_days(workplace, request);
    let coming = engine::upcoming(&checked.datasets, &checked.reading, &context, &checked.evaluation, days);
    let upcoming = statuses::upcoming_findings(&source, &coming);
    let evaluated = Evaluated {
        workplace,
        request,
        checked: &checked,
        context: &context,
        before: &before,
        found: &found,
        upcoming: &upcoming,
        scores: &scores,
        analyses: &analyses,
    };
    let shown = Shown::gather(evaluated, &mut connection, &runtime)?;

    advance("render");
    let input = shown.input(before.issue);
    let Rendered { documents, mut report } = render_and_write(&evaluated, &shown, &input)?;
    // A corrected issue says so in every mail; whether its content is new is told without that mark.
    let unmarked = if before.issue > 1 { Some(render(workplace, request, &shown.input(1))?) } else { None };
    let composing = mails::Composing {
        workplace,
        request,
        input: &input,
        revision: before.revision,
        people: &shown.people,
        out: &report.folder,
        not_believed: &checked.row_changes,
    };
    let outgoing = composing.compose(&documents, unmarked.as_deref())?;
    report.notices.extend(mails::unaddressed(&workplace.config, &documents));
    if request.dry_run {
        for mail in &outgoing {
            report.files.push(mails::write_copy(folder, mail)?);
        }
        return Ok(report);
    }

    advance("commit");
    let stage = Stage::start("enqueue");
    let known = learn(known, &found.current, &found.deltas, &now);
    let committing = Committing {
        workplace,
        request,
        checked: &checked,
        before: &before,
        found: &found,
        known: &known,
        scores: &scores,
        measures: &measures,
        analyses: &analyses,
        lists: shown.verification.as_ref().map(|verification| verification.made.as_slice()).unwrap_or_default(),
        outgoing: &outgoing,
        started,
    };
    let kept = committing.write()?;
    report.not_queued = runtime.block_on(committing.commit(&mut connection, &kept))?;
    if let Err(error) = runtime.block_on(store::sweep(&mut connection, folder)) {
        // The run is committed, and what could not be deleted is litter for the next one.
        report.notices.push(text!(
            "不再保留的快照没有删掉：{error}",
            "snapshots that are no longer kept were not deleted: {error}"
        ));
    }
    stage.end(outgoing.len() as u64);
    if let Some(only) = request.only_to {
        let period = request.period;
        report.notices.push(text!(
            "只发给 {only}：{period} 不算已报告，到期时 hedui due 照常运行",
            "mailed to {only} alone: {period} does not count as reported, and hedui due runs it when it falls due"
        ));
    }
    for mail in outgoing.iter().filter(|mail| !mail.is_held()) {
        match mails::write_copy(folder, mail) {
            Ok(path) => report.files.push(path),
            // The run is committed and the ledger has the mail: a copy keeps nobody from it.
            Err(error) => report.notices.push(error.text()),
        }
    }
    match runtime.block_on(page::write(&mut connection, workplace, &checked, &shown.access, &shown.said)) {
        Ok(page) => report.files.extend(page),
        // The run is committed and its mails wait: a page keeps nobody from his report.
        Err(error) => report.notices.push(text!("网页没有写出：{error}", "the page was not written: {error}")),
    }

    advance("deliver");
    let stage = Stage::start("deliver");
    // Of several periods that are made up for in a row, each would use up a try of what waits.
    let which =
        mails::Which { only_to: request.only_to, when_due: request.due_on.is_some(), ..mails::Which::default() };
    let moment = clock::after(request.now, started.elapsed());
    let delivered = runtime.block_on(mails::deliver_which(&mut connection, workplace, moment, &which));
    let delivery = delivered.unwrap_or_else(|error| {
        // The run is committed, and what the ledger says of its mails is true.
        report.notices.push(error.text());
        outbox::DeliveryReport { undelivered: outgoing.len(), ..outbox::DeliveryReport::default() }
    });
    stage.end(delivery.tried.len() as u64);
    report.delivery = Some(delivery);
    // last, for it helps nobody who waits for a mail
    readings::keep(workplace, &checked.reading);
    Ok(report)
}

/// The documents of a run, and the report of what was written so far.
struct Rendered {
    documents: Vec<Document>,
    report: RunReport,
}

/// Renders the documents and writes their files; nothing is committed yet.
fn render_and_write(of: &Evaluated<'_>, shown: &Shown<'_>, input: &ReportInput<'_>) -> Result<Rendered, RunError> {
    let Evaluated { workplace, request, checked, before, found, .. } = *of;
    let stage = Stage::start("render");
    let mut documents = render(workplace, request, input)?;
    access::seal(workplace, &mut documents);
    let held = access::held(&documents, &request.job.name, &request.period.to_string());
    let stopped = documents
        .iter()
        .filter_map(|document| {
            Some(stopped::said(document, stopped::reason(document, workplace, &checked.row_changes)?))
        })
        .collect();
    let folder = &workplace.config.folder;
    let out = output::folder(folder, request, before.revision);
    let all = folder.join("out");
    crate::history::files::owners_folder(&all).map_err(|error| RunError::File(all, error))?;
    let mut files = output::write_attachments(&out, &documents)?;
    files.extend(output::write_json(&out, &documents)?);
    let summary = output::RunSummary {
        request,
        checked,
        revision: before.revision,
        partial: checked.is_partial(),
        counts: &found.counts,
        files: &files,
        documents: &documents,
        workplace,
    };
    files.push(output::write_run_json(&out, &summary)?);
    stage.end(documents.len() as u64);
    let report = RunReport {
        folder: out,
        files,
        revision: before.revision,
        counts: totals(&found.counts),
        partial: checked.is_partial(),
        notices: shown.notices.clone(),
        notes: checked.reading.notes.clone(),
        delivery: None,
        not_queued: Vec::new(),
        held,
        stopped,
    };
    Ok(Rendered { documents, report })
}

fn render(workplace: &Workplace, request: &RunRequest, input: &ReportInput) -> Result<Vec<Document>, RunError> {
    let mut documents = Vec::new();
    for report in &request.job.reports {
        documents.extend(report::render(&report.value, input, &workplace.templates)?);
        if workplace.templates.is_reviewed(&report.value) {
            let issue = Issue { is_draft: true, ..input.issue };
            let draft = ReportInput { issue, ..input.clone() };
            documents.extend(report::render(&report.value, &draft, &workplace.templates)?);
        }
    }
    Ok(documents)
}
