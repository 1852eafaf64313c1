//! A run of a job: the whole sentence, from sources to delivered mail, and what of it is committed together.
//!
//! Apart from `check` because it remembers and sends. Everything that a reader gets is written before the commit;
//! nothing is sent that the commit did not hold.

use std::collections::BTreeMap;
use std::path::PathBuf;

use sqlx::{Connection, SqliteConnection};

use super::guard::Guarded;
use super::output::totals;
use super::people::People;
use super::request::{RunError, RunRequest, is_late};
use super::{
    Advance, Checked, Earlier, access, analysis, facts, guard, kept, mails, output, page, stopped, verification,
};
use crate::engine::{self, FindingSource, Upcoming, materialise};
use crate::history::bulk::{self, KnownFindings, StoredFindings};
use crate::history::diff::{Current, Deltas, KnownIndex, Now, Standing, diff, learn};
use crate::history::store::{self, HistoryError, Run};
use crate::history::{delivered, figures, rows, scores, snapshots};
use crate::model::{Finding, Outcome, Scores, SourceNote, Status};
use crate::outbox;
use crate::report::access::Reader;
use crate::report::input::{Issue, Persons, ReportInput, TrendPoint};
use crate::report::{self, Document};
use crate::telemetry::Stage;
use crate::text;
use crate::text::Text;
use crate::workplace::Workplace;

/// Earlier runs that a trend shows beside this one.
const TREND: u32 = 11;

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

/// What is known of the run that this one is compared with.
struct Before {
    run: Option<Run>,
    findings: Option<StoredFindings>,
    earlier: Earlier,
    scores: Option<Scores>,
    known: KnownFindings,
    trend: Vec<TrendPoint>,
    revision: u32,
    in_doubt: usize,
}

/// read → type → check → diff → render → enqueue → deliver.
///
/// # Errors
/// Where state or reports cannot be written; sources and rules that fail are said in the reports instead.
pub fn run(workplace: &Workplace, request: &RunRequest<'_>, advance: Advance<'_>) -> Result<RunReport, RunError> {
    let started = std::time::Instant::now();
    let folder = &workplace.config.folder;
    // Asynchronous only at the edges: what lies between them runs on all cores, outside of any runtime.
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().map_err(HistoryError::File)?;
    let mut connection =
        if request.dry_run { runtime.block_on(store::look(folder))? } else { runtime.block_on(store::open(folder))? };
    if !request.dry_run {
        runtime.block_on(store::sweep(&mut connection, folder))?;
    }
    let before = runtime.block_on(remember(&mut connection, workplace, request))?;
    let analysed_before = runtime.block_on(analysis::remember(&mut connection, workplace, request))?;
    let checked = super::check(workplace, request.as_of, &before.earlier, &|_| true, advance);
    let context = super::context(workplace, request.as_of);
    let source = FindingSource {
        datasets: &checked.datasets,
        context: &context,
        waivers: &workplace.waivers,
        fingerprints: true,
    };
    let mut findings: Vec<Finding> = Vec::new();
    let gathered: Result<(), std::convert::Infallible> = materialise(&source, &checked.evaluation, |finding| {
        findings.push(finding);
        Ok(())
    });
    let Ok(()) = gathered;
    let stage = Stage::start("score");
    let scored = engine::score(&source, &checked.evaluation);
    let measures = engine::measure(&checked.datasets);
    stage.end(scored.lines.len() as u64);
    let analyses = analysis::analyses(workplace, request, &checked, &scored, analysed_before);
    let now = Now { job: &request.job.name, period_start: request.period.start(), as_of: request.as_of };
    let current: Vec<Current> = findings
        .iter()
        .map(|finding| Current { fingerprint: finding.fingerprint, waived: finding.status == Status::Waived })
        .collect();
    let stage = Stage::start("diff");
    let deltas = compare(&mut findings, &current, before.findings.as_ref(), &checked, &before.known, &now);
    stage.end(findings.len() as u64);
    let upcoming_days = upcoming_days(workplace, request);
    let coming = engine::upcoming(&checked.datasets, &checked.reading, &context, &checked.evaluation, upcoming_days);
    let upcoming = upcoming_findings(&source, &coming);
    let mut notices = facts::notices(workplace, request, &checked, before.in_doubt);
    let returns = &before.earlier.returns;
    let verification =
        runtime.block_on(verification::of_run(workplace, request, &checked, returns, &mut connection))?;
    notices.extend(verification.iter().filter_map(|verification| verification.trouble.clone()));
    let changed = checked.compared.for_reports(workplace, &checked.datasets);
    let counts = counts(&findings);
    let rows_by_department = facts::rows_by_department(workplace, &checked);
    let mut trend = before.trend;
    trend.push(TrendPoint { period: request.period.to_string(), counts: counts.clone(), scores: scored.overall() });
    let language = workplace.config.language;
    let rules = facts::rule_facts(workplace, language);
    let labels = facts::labels(workplace, language);
    let people = People::of(workplace, &checked, request.as_of);
    let deliveries = runtime.block_on(facts::deliveries(&mut connection, workplace, request, before.run.as_ref()))?;
    let departments: Vec<String> =
        workplace.config.departments.iter().map(|department| department.name.clone()).collect();
    let allowed = access::access(workplace, &checked);
    let shown: Vec<String> = notices.iter().map(|notice| notice.get(language).to_owned()).collect();
    let listings = facts::listings(workplace, request, &checked, &context, &findings);
    let input = |revision: u32| ReportInput {
        company: &workplace.config.company,
        language,
        job: &request.job.name,
        period: request.period,
        revision,
        as_of: request.as_of,
        late: is_late(request),
        previous: before.run.as_ref().map(|run| (run.as_of_day(), run.period.clone())),
        findings: &findings,
        upcoming: &upcoming,
        upcoming_days,
        outcomes: &checked.evaluation.outcomes,
        scores: &scored,
        scores_before: before.scores.as_ref(),
        notes: &checked.reading.notes,
        customers: &workplace.pack.dictionary.customers.table,
        rows: &rows_by_department,
        changes: &changed,
        trend: &trend,
        departments: &departments,
        fallback: &workplace.config.fallback_department,
        rules: &rules,
        labels: &labels,
        listings: &listings,
        analyses: &analyses,
        notices: &shown,
        verification: verification.as_ref().map(|verification| &verification.facts),
        persons: Persons { all: &people.all, days_back: &people.days_back, clearances: &people.clearances },
        deliveries: &deliveries,
        issue: Issue::default(),
        access: &allowed,
        reader: Reader::WHOLE,
    };
    advance("render");
    let stage = Stage::start("render");
    let mut documents = render(workplace, request, &input(before.revision))?;
    access::seal(workplace, &mut documents);
    let held = access::held(&documents, &request.job.name, &request.period.to_string());
    let not_believed = &checked.row_changes;
    let stopped: Vec<Text> = documents
        .iter()
        .filter_map(|document| Some(stopped::said(document, stopped::reason(document, workplace, not_believed)?)))
        .collect();
    let out = output::folder(folder, request, before.revision);
    let partial = checked.is_partial();
    let all = folder.join("out");
    crate::history::files::owners_folder(&all).map_err(|error| RunError::File(all, error))?;
    let mut files = output::write_attachments(&out, &documents)?;
    files.extend(output::write_json(&out, &documents)?);
    let summary = output::RunSummary {
        request,
        checked: &checked,
        revision: before.revision,
        partial,
        counts: &counts,
        files: &files,
        documents: &documents,
        workplace,
    };
    files.push(output::write_run_json(&out, &summary)?);
    stage.end(documents.len() as u64);
    let mut report = RunReport {
        folder: out.clone(),
        files,
        revision: before.revision,
        counts: totals(&counts),
        partial,
        notices,
        notes: checked.reading.notes.clone(),
        delivery: None,
        not_queued: Vec::new(),
        held,
        stopped,
    };
    // A corrected issue says so in every mail; whether its content is new is told without that mark.
    let unmarked = if before.revision > 1 { Some(render(workplace, request, &input(1))?) } else { None };
    let composing = mails::Composing {
        workplace,
        request,
        input: &input(before.revision),
        people: &people,
        out: &out,
        not_believed,
    };
    let outgoing = composing.compose(&documents, unmarked.as_deref())?;
    if request.dry_run {
        for mail in &outgoing {
            report.files.push(mails::write_copy(folder, mail)?);
        }
        return Ok(report);
    }
    advance("commit");
    let stage = Stage::start("enqueue");
    let customers = &workplace.pack.dictionary.customers.table;
    let kept::KeptRun { run, tables } = kept::write(&kept::Leaving {
        folder,
        request,
        compared_with: before.run.as_ref(),
        revision: before.revision,
        findings: &findings,
        customers,
        checked: &checked,
        earlier: &before.earlier,
    })?;
    let known = learn(before.known, &current, &deltas, &now);
    bulk::write_known(&store::folder(folder).join(&run.known_file), &known)?;
    let run = Run {
        seconds: started.elapsed().as_secs_f64(),
        status: if partial { "partial" } else { "done" }.to_owned(),
        ..run
    };
    let rows = rows_to_remember(&checked, &before.earlier.rows);
    let departments = departments_to_remember(workplace, &checked, &before.earlier.departments);
    report.not_queued = runtime.block_on(async {
        let mut transaction = connection.begin().await?;
        store::insert(&mut transaction, &run, &checked.evaluation.outcomes, &rows, &counts, &scored, &measures).await?;
        snapshots::insert(&mut transaction, &run.run_id, &tables).await?;
        snapshots::forget(&mut transaction, workplace.config.state.keep_snapshots).await?;
        delivered::insert(&mut transaction, &run.run_id, &checked.files).await?;
        rows::insert(&mut transaction, &run, &departments).await?;
        figures::insert(&mut transaction, &run, &analysis::kept(&analyses)).await?;
        let lists = verification.as_ref().map(|verification| verification.made.as_slice()).unwrap_or_default();
        verification::remember(&mut transaction, lists).await?;
        let not_queued = mails::enqueue(&mut transaction, workplace, &run, &outgoing, request).await?;
        transaction.commit().await?;
        Ok::<_, RunError>(not_queued)
    })?;
    if let Err(error) = runtime.block_on(store::sweep(&mut connection, folder)) {
        // The run is committed, and what could not be deleted is litter for the next one.
        report.notices.push(text!(
            "不再保留的快照没有删掉：{error}",
            "snapshots that are no longer kept were not deleted: {error}"
        ));
    }
    stage.end(outgoing.len() as u64);
    for mail in outgoing.iter().filter(|mail| !mail.is_held()) {
        report.files.push(mails::write_copy(folder, mail)?);
    }
    match runtime.block_on(page::write(&mut connection, workplace, &checked, &allowed, &shown)) {
        Ok(page) => report.files.extend(page),
        // The run is committed and its mails wait: a page keeps nobody from his report.
        Err(error) => report.notices.push(text!("网页没有写出：{error}", "the page was not written: {error}")),
    }
    advance("deliver");
    let stage = Stage::start("deliver");
    let which = mails::Which { only_to: request.only_to, ..mails::Which::default() };
    let delivery = runtime.block_on(mails::deliver_which(&mut connection, workplace, request.now, &which))?;
    stage.end(delivery.tried.len() as u64);
    report.delivery = Some(delivery);
    Ok(report)
}

/// How many days ahead the reports of a job look.
fn upcoming_days(workplace: &Workplace, request: &RunRequest<'_>) -> u64 {
    let reports = request.job.reports.iter();
    reports.map(|report| workplace.templates.upcoming_days(&report.value)).max().unwrap_or_default()
}

/// What begins to fail in the coming days, each with its first day; what is waived is nobody's work.
fn upcoming_findings<'f>(source: &FindingSource<'f>, coming: &'f [Upcoming]) -> Vec<Finding<'f>> {
    let mut upcoming = Vec::new();
    for Upcoming { day, evaluation } in coming {
        let gathered: Result<(), std::convert::Infallible> = materialise(source, evaluation, |finding| {
            if finding.status != Status::Waived {
                upcoming.push(Finding { first_seen: *day, ..finding });
            }
            Ok(())
        });
        let Ok(()) = gathered;
    }
    upcoming
}

async fn remember(
    connection: &mut SqliteConnection,
    workplace: &Workplace,
    request: &RunRequest<'_>,
) -> Result<Before, RunError> {
    let job = &request.job.name;
    let folder = &workplace.config.folder;
    let run = store::run_before(connection, job, request.period).await?;
    let last = store::last_run(connection).await?;
    let state = store::folder(folder);
    let findings = run.as_ref().map(|run| StoredFindings::read(&state.join(&run.findings_file))).transpose()?;
    let known = last.map(|run| bulk::read_known(&state.join(run.known_file))).transpose()?.unwrap_or_default();
    let departments = match &run {
        Some(run) => rows::read(connection, &run.run_id).await?,
        None => BTreeMap::new(),
    };
    let (rows, scores) = match &run {
        Some(run) => (
            store::row_counts(connection, &run.run_id).await?.into_iter().collect(),
            Some(scores::read(connection, &run.run_id).await?).filter(|scores| !scores.lines.is_empty()),
        ),
        None => Default::default(),
    };
    let runs = store::earlier_runs(connection, job, request.period, TREND).await?;
    let trend = store::trend(connection, &runs).await?;
    let run_ids: Vec<String> = runs.into_iter().map(|(run_id, _)| run_id).collect();
    let measures = scores::read_measures(connection, &run_ids).await?;
    let returns = verification::returns(connection, request.as_of).await?;
    let customers = &workplace.pack.dictionary.customers.table;
    let (kept, files) = match &run {
        Some(run) => {
            (snapshots::of_run(connection, run, customers).await?, delivered::of_run(connection, &run.run_id).await?)
        }
        None => Default::default(),
    };
    let as_of = run.as_ref().map(Run::as_of_day);
    let earlier = Earlier {
        rows,
        departments,
        rows_are_right: request.accept_rows,
        measures: measures.into(),
        returns,
        kept,
        files,
        as_of,
        is_run: true,
    };
    let revision = if request.dry_run { 1 } else { store::next_revision(connection, job, request.period).await? };
    let unknown = outbox::Filter { states: vec![outbox::State::Unknown], ..outbox::Filter::default() };
    let in_doubt = outbox::store::list(connection, &unknown).await?.len();
    Ok(Before { run, findings, earlier, scores, known, trend, revision, in_doubt })
}

/// Gives every finding its status, and adds those that are gone.
fn compare<'f>(
    findings: &mut Vec<Finding<'f>>,
    current: &[Current],
    stored: Option<&'f StoredFindings>,
    checked: &Checked,
    known: &KnownFindings,
    now: &Now,
) -> Deltas {
    let stood: Vec<Finding> = stored
        .iter()
        .flat_map(|stored| (0..stored.len()).map(|index| stored.get(index)))
        .filter(|finding| finding.status.is_standing())
        .collect();
    let standing: Vec<Standing> = stood
        .iter()
        .map(|finding| Standing { fingerprint: finding.fingerprint, looked_at: looked_at(finding, checked) })
        .collect();
    let deltas = diff(&standing, current, &KnownIndex::new(known), now);
    for (finding, (status, first_seen)) in findings.iter_mut().zip(&deltas.current) {
        finding.status = *status;
        finding.first_seen = *first_seen;
    }
    for (position, status) in &deltas.gone {
        findings.extend(stood.get(*position).cloned().map(|finding| Finding { status: *status, ..finding }));
    }
    deltas
}

/// Whether the rule of an earlier finding was concluded this time, and its source was read.
fn looked_at(finding: &Finding, checked: &Checked) -> bool {
    let concluded = checked.evaluation.outcomes.iter().any(|outcome| {
        // With nothing left to apply to, a rule has looked at everything there is.
        let looked =
            outcome.outcome.is_concluded() || (outcome.outcome == Outcome::NotApplicable && outcome.reason.is_empty());
        outcome.rule_id == finding.rule_id && outcome.table == finding.table && looked
    });
    let unread = checked.reading.unread_of(finding.table).any(|unread| unread.source == finding.source);
    let left_out = checked
        .evaluation
        .left_out
        .iter()
        .any(|(rule, table, source)| rule == finding.rule_id && table == finding.table && source == finding.source);
    let believed = !checked.row_changes.iter().any(|change| {
        matches!(&change.of, Guarded::Department(name) if name == finding.department)
            && checked.datasets.get(finding.table).is_some_and(|dataset| dataset.half.is_some())
    });
    concluded && !unread && !left_out && believed
}

/// The rows of each table that the next run is compared with.
fn rows_to_remember(checked: &Checked, before: &BTreeMap<String, u64>) -> Vec<(String, u64)> {
    let now = checked.datasets.iter().map(|(name, dataset)| (name.clone(), dataset.height as u64)).collect();
    let is_guarded = |name: &str| {
        checked.row_changes.iter().any(|change| matches!(&change.of, Guarded::Table(table, _) if table == name))
    };
    guard::remembered(now, before, |name| {
        is_guarded(name) || !checked.datasets.contains_key(name) || checked.reading.unread_of(name).next().is_some()
    })
}

/// The rows of each department's customers that the next run is compared with.
fn departments_to_remember(
    workplace: &Workplace,
    checked: &Checked,
    before: &BTreeMap<String, u64>,
) -> Vec<(String, u64)> {
    let roles = &workplace.pack.dictionary.customers;
    let now = guard::rows_by_department(&checked.datasets, roles);
    let customers = checked.datasets.get(&roles.table);
    let is_whole = customers.is_some_and(|customers| customers.not_concluded.is_none())
        && checked.reading.unread_of(&roles.table).next().is_none();
    let is_guarded = |name: &str| {
        checked.row_changes.iter().any(|change| matches!(&change.of, Guarded::Department(guarded) if guarded == name))
    };
    guard::remembered(now, before, |name| !is_whole || is_guarded(name))
}

/// (department, status, findings), in order.
fn counts(findings: &[Finding]) -> Vec<(String, Status, u64)> {
    let mut counts: BTreeMap<(&str, Status), u64> = BTreeMap::new();
    for finding in findings {
        *counts.entry((finding.department, finding.status)).or_insert(0) += 1;
    }
    counts.into_iter().map(|((department, status), count)| (department.to_owned(), status, count)).collect()
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
