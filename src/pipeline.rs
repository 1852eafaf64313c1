//! **read → type → check → diff → render → enqueue → deliver**: the seven verbs in order.
//!
//! The only module that knows all others. It hands values from one stage to the next and decides nothing that a stage
//! could decide itself.

mod access;
pub mod alive;
mod analysis;
pub mod attempt;
pub mod beginning;
mod comparable;
mod compared;
pub mod coverage;
mod delivered;
pub mod due;
pub mod examples;
mod facts;
mod failure;
pub mod given_up;
pub mod guard;
mod kept;
pub mod mails;
pub mod narrowing;
mod notice;
mod output;
mod page;
mod people;
pub mod profile;
pub mod purge;
mod readings;
pub mod recipients;
pub mod request;
pub mod run;
mod shared;
mod size;
mod stopped;
mod uncompared;
pub mod verification;
mod waived;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use chrono::NaiveDate;
use rayon::prelude::*;

use guard::RowChange;

use crate::dataset::Dataset;
use crate::engine::{self, Context, Evaluation};
use crate::history::snapshots::Kept;
use crate::model::{AskedMarks, ChangedRecords, Measures, Outcome, SourceFile, SourceNote};
use crate::rule::{Rule, Waivers};
use crate::source::{self, Narrowings, Reading, Unread};
use crate::telemetry::Stage;
use crate::text;
use crate::text::Text;
use crate::verify::Returns;
use crate::workplace::Workplace;
use compared::Compared;

/// What reading, typing and checking gave.
pub struct Checked {
    /// What was read.
    pub reading: Reading,
    /// The datasets by table.
    pub datasets: BTreeMap<String, Dataset>,
    /// What changed since the run compared with.
    compared: Compared,
    /// The same as rules were given it.
    changed: Arc<ChangedRecords>,
    /// The files that were read; none where nobody asks for them.
    files: Vec<SourceFile>,
    /// Outcomes and failing rows.
    pub evaluation: Evaluation,
    /// What the reader must know before the figures.
    pub notices: Vec<Text>,
    /// Numbers of rows that are not believed.
    pub row_changes: Vec<RowChange>,
}

impl Checked {
    /// Whether a source was not read, or a rule not evaluated on all of it.
    pub fn is_partial(&self) -> bool {
        !self.reading.unread.is_empty()
            || !self.evaluation.left_out.is_empty()
            || !self.row_changes.is_empty()
            || self.evaluation.outcomes.iter().any(|outcome| outcome.outcome == Outcome::NotEvaluated)
    }
}

/// Hears of progress: what is being worked on.
pub type Advance<'a> = &'a (dyn Fn(&str) + Sync);

/// What earlier runs of the job left behind; nothing of it where the program only looks.
#[derive(Debug, Default)]
pub struct Earlier {
    /// The rows of each table in the run that this one is compared with.
    pub rows: BTreeMap<String, u64>,
    /// The rows of the customers by department in that run.
    pub departments: BTreeMap<String, u64>,
    /// Whether a person said that this time's rows are right.
    pub rows_are_right: bool,
    /// What the last runs measured.
    pub measures: Arc<Measures>,
    /// What came back of verification lists.
    pub returns: Returns,
    /// The tables that the run compared with kept.
    pub kept: Vec<Kept>,
    /// The files that it was read from.
    pub files: Vec<SourceFile>,
    /// Its as-of day; nothing where there is none.
    pub as_of: Option<NaiveDate>,
    /// What it is called; nothing where there is none.
    pub run_id: Option<String>,
    /// The marks that it, or a run before it, asked for in vain.
    pub asked: AskedMarks,
    /// Whether what is read is to be remembered.
    pub is_run: bool,
    /// Whether what files give may be kept, so that those that do not change need not be parsed again.
    pub keeps_readings: bool,
    /// Whether rows and columns that no wanted rule needs may stay where they are.
    pub narrows: bool,
    /// Whether nobody reads the load notes, so that what only they tell need not be found out.
    pub without_notes: bool,
}

/// read → type → check.
pub fn check(
    workplace: &Workplace,
    as_of: NaiveDate,
    earlier: &Earlier,
    wanted: &dyn Fn(&Rule) -> bool,
    advance: Advance,
) -> Checked {
    let narrowings = match earlier.narrows {
        true => narrowing::plan(workplace, as_of, &earlier.returns, wanted),
        false => Narrowings::new(),
    };
    let needed = match earlier.narrows && earlier.without_notes {
        true => Some(narrowing::fields(workplace, as_of, &earlier.returns)),
        false => None,
    };
    let wish = Wish { narrowings, needed, keeps_readings: earlier.keeps_readings };
    let (mut reading, mut datasets, moved) = load_wanted(workplace, &earlier.returns, &wish, advance);
    let roles = &workplace.pack.dictionary.customers;
    let (mut notices, row_changes) = guard::apply(&mut datasets, &reading, earlier, roles, &workplace.config);
    notices.extend(moved);
    let waiting = verification::waiting(&earlier.returns, &datasets, workplace).len();
    if waiting > 0 {
        notices.push(text!(
            "有 {waiting} 项核对时接受的更正还没有录入客户系统（hedui verify status 列出）",
            "{waiting} corrections accepted in verification are not in the data yet (hedui verify status lists them)"
        ));
    }
    let wants_files = delivered::is_wanted(workplace, as_of, wanted);
    let files = match earlier.is_run || wants_files {
        true => delivered::files(workplace, &reading, &datasets, earlier),
        false => Vec::new(),
    };
    if wants_files {
        delivered::feed(&files, workplace, earlier.as_of.is_some(), &mut reading, &mut datasets);
    }
    let compared = compared::compare(workplace, earlier, &datasets, wanted);
    let changed = Arc::new(compared.for_rules(&earlier.asked, &datasets));
    let context = Context { history: earlier.measures.clone(), changed: changed.clone(), ..context(workplace, as_of) };
    let stage = Stage::start("check");
    let evaluation = evaluate(&datasets, &reading, &context, &workplace.waivers, wanted, advance);
    stage.end(evaluation.outcomes.iter().map(|outcome| outcome.failing).sum());
    notices.extend(calendar_notices(workplace, as_of, &evaluation));
    Checked { reading, datasets, compared, changed, files, evaluation, notices, row_changes }
}

/// check: what the rules say of what was read, without what is waived.
pub fn evaluate(
    datasets: &BTreeMap<String, Dataset>,
    reading: &Reading,
    context: &Context,
    waivers: &Waivers,
    wanted: &dyn Fn(&Rule) -> bool,
    advance: Advance,
) -> Evaluation {
    let mut evaluation = engine::evaluate(datasets, reading, context, wanted, &|table| advance(table));
    waived::apply(&mut evaluation, datasets, context, waivers);
    evaluation
}

/// What rules are evaluated with where nothing is remembered.
pub fn context(workplace: &Workplace, as_of: NaiveDate) -> Context<'_> {
    Context {
        dictionary: &workplace.pack.dictionary,
        rules: workplace.pack.rules.iter().collect(),
        judged: None,
        service: &workplace.config.fallback_department,
        calendar: workplace.calendar.clone(),
        decisions: workplace.decisions.clone(),
        as_of,
        language: workplace.config.language,
        history: Arc::default(),
        changed: Arc::default(),
    }
}

/// read → type, with what came back of verification lists; and what the reader must know of that.
pub fn load(
    workplace: &Workplace,
    returns: &Returns,
    advance: Advance,
) -> (Reading, BTreeMap<String, Dataset>, Option<Text>) {
    load_wanted(workplace, returns, &Wish::default(), advance)
}

/// What tables are wanted for.
#[derive(Default)]
struct Wish {
    /// What may stay in databases.
    narrowings: Narrowings,
    /// The fields that rules and findings need by table, where nobody reads the load notes; nothing: all, and the notes.
    needed: Option<BTreeMap<String, BTreeSet<String>>>,
    /// Whether what files give may be kept.
    keeps_readings: bool,
}

impl Wish {
    /// Whether anybody needs a field.
    fn needs(&self, table: &str, field: &str) -> bool {
        let needed = self.needed.as_ref().and_then(|needed| needed.get(table));
        needed.is_none_or(|fields| fields.contains(field))
    }
}

/// The same, of what tables are wanted for.
fn load_wanted(
    workplace: &Workplace,
    returns: &Returns,
    wish: &Wish,
    advance: Advance,
) -> (Reading, BTreeMap<String, Dataset>, Option<Text>) {
    let dictionary = &workplace.pack.dictionary;
    let stage = Stage::start("read");
    let room = readings::room(workplace, wish.keeps_readings);
    let mut reading = source::read_all(&workplace.config, dictionary, &wish.narrowings, &room, advance);
    stage.end(reading.notes.iter().map(|note| note.rows_read).sum());
    let taken = source::readings::taken(&reading);
    if taken > 0 {
        tracing::info!(files = taken, "not parsed again: they are as an earlier run read them");
    }
    let moved = verification::apply(&mut reading, returns, workplace);
    let stage = Stage::start("type");
    let language = workplace.config.language;
    let typed = std::mem::take(&mut reading.tables).into_par_iter().filter_map(|(name, mut raw)| {
        let table = dictionary.table(&name)?;
        advance(&name);
        let whole = reading.unread_of(&name).next().is_none();
        raw.iter_mut().for_each(|piece| piece.leave_out(|field| !wish.needs(&name, field)));
        let dataset = Dataset::build(table, dictionary, raw, whole);
        let remarks = |dataset: &Dataset| match wish.needed {
            Some(_) => Vec::new(),
            None => dataset.remarks(language),
        };
        Some((name, dataset.map(|dataset| (remarks(&dataset), dataset))))
    });
    let typed: Vec<_> = typed.collect(); // in the order of the tables
    let mut datasets = BTreeMap::new();
    for (name, built) in typed {
        match built {
            Ok((remarks, dataset)) => {
                remark(&mut reading.notes, &dataset, remarks);
                datasets.insert(name, dataset);
            }
            Err(error) => reading.unread.push(Unread { table: name, source: String::new(), file: error.to_string() }),
        }
    }
    stage.end(datasets.values().map(|dataset| dataset.height as u64).sum());
    (reading, datasets, moved)
}

/// Adds to the load notes what typing noticed of the cells.
fn remark(notes: &mut [SourceNote], dataset: &Dataset, remarks: Vec<Vec<String>>) {
    for (part, remarks) in dataset.parts.iter().zip(remarks) {
        let is_its = |note: &&mut SourceNote| {
            note.error.is_none()
                && (note.table.as_str(), note.file.as_str(), note.sheet.as_str(), note.source.as_str())
                    == (dataset.table.name.as_str(), part.file.as_str(), part.sheet.as_str(), part.source.as_str())
        };
        if let Some(note) = notes.iter_mut().find(is_its) {
            note.remarks.extend(remarks);
        }
    }
}

fn calendar_notices(workplace: &Workplace, as_of: NaiveDate, evaluation: &Evaluation) -> Vec<Text> {
    use chrono::Datelike;
    let mut years = evaluation.years_not_loaded.clone();
    if !workplace.calendar.has_year(as_of.year()) {
        years.insert(as_of.year());
    }
    let mut spans: Vec<(i32, i32)> = Vec::new();
    for year in years {
        match spans.last_mut() {
            Some((_, last)) if *last + 1 == year => *last = year,
            _ => spans.push((year, year)),
        }
    }
    spans
        .into_iter()
        .map(|(first, last)| {
            let span = if first == last { first.to_string() } else { format!("{first}-{last}") };
            text!(
                "{span}年放假安排未载入，暂按周一至周五计算工作日；请将 cn-{first}.toml 放入 calendar 文件夹（一年一个文件）",
                "the working days of {span} are not loaded and count Monday to Friday; put cn-{first}.toml into calendar/ \
                 (a file a year)"
            )
        })
        .collect()
}
