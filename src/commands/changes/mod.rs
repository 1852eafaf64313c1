//! `hedui history changes`: what changed in the data between two periods of a job, cell by cell.
//!
//! Apart from the other subjects of `history` because it reads snapshots and compares them. It shows values whole, as
//! `history findings` does: whoever may read state/ may read them there.

mod opened;
mod printer;

use std::collections::BTreeMap;

use sqlx::sqlite::SqliteConnection;

use super::talk::Talk;
use crate::cli::ChangeArguments;
use crate::compare::{Records, Settings, compare};
use crate::dictionary::Table;
use crate::exit_code::ExitCode;
use crate::folding::fold;
use crate::history::changes::{Owners, Reading, Side, changes};
use crate::history::snapshot::Snapshot;
use crate::history::snapshots::{self, Kept};
use crate::history::store::{self, HistoryError, Run};
use crate::model::Period;
use crate::report::input::{ChangeKind, RecordChange};
use crate::text;
use crate::text::Text;
use crate::workplace::Workplace;
use opened::Opened;
use printer::Printer;

/// So many lines are listed; how many more there are is said.
const MOST_LINES: usize = 1_000_000;

/// Whether what is asked for can be: tables, fields and periods by their names.
pub fn check(arguments: &ChangeArguments, workplace: &Workplace, talk: &Talk) -> Result<(), ExitCode> {
    let language = workplace.config.language;
    let dictionary = &workplace.pack.dictionary;
    for period in [&arguments.period, &arguments.from, &arguments.to].into_iter().flatten() {
        if Period::parse(period).is_none() {
            let message = text!(
                "“{period}”不是周期（如 2026-W47、2026-11）",
                "`{period}` is no period (write 2026-W47 or 2026-11)"
            );
            talk.error(&message, language);
            return Err(ExitCode::Usage);
        }
    }
    let table = arguments.table.as_ref().map(|name| (name, dictionary.table_called(name)));
    if let Some((name, None)) = &table {
        talk.unknown(&text!("表", "table"), name, &dictionary.words(), language);
        return Err(ExitCode::Usage);
    }
    if let Some(name) = &arguments.field {
        let tables: Vec<&Table> = match table {
            Some((_, Some(table))) => vec![table],
            _ => dictionary.tables.iter().collect(),
        };
        if !tables.iter().any(|table| table.field_called(name).is_some()) {
            let words: Vec<&str> = tables.iter().flat_map(|table| table.words()).collect();
            talk.unknown(&text!("字段名", "field name"), name, &words, language);
            return Err(ExitCode::Usage);
        }
    }
    Ok(())
}

/// Shows the changes of each job that is asked for.
pub async fn show(
    workplace: &Workplace,
    connection: &mut SqliteConnection,
    runs: &[Run],
    arguments: &ChangeArguments,
    talk: &Talk,
) -> Result<(), HistoryError> {
    let language = workplace.config.language;
    let mut printer = Printer::new(arguments.csv, talk);
    let last = store::last_of_each_job(runs);
    let is_asked = |run: &&&Run| arguments.job.as_ref().is_none_or(|job| run.job == *job);
    let jobs: Vec<&Run> = last.iter().filter(is_asked).copied().collect();
    if jobs.is_empty() {
        talk.remark(&text!("没有这个任务的运行记录", "there is no run of such a job"), language);
    }
    let mut damaged = None;
    for run in jobs {
        let Some((from, to)) = pair(connection, run, arguments).await? else {
            let job = &run.job;
            talk.remark(&text!("{job}：没有两期可以比较", "{job}: there are no two periods to compare"), language);
            continue;
        };
        let comparing = Comparing { workplace, arguments, talk, from: &from, to: &to };
        let customers = &workplace.pack.dictionary.customers.table;
        let kept = [
            snapshots::of_run(connection, &from, customers).await?,
            snapshots::of_run(connection, &to, customers).await?,
        ];
        if let Err(error) = comparing.print(&kept, &mut printer) {
            damaged = damaged.or(Some(error));
        }
    }
    printer.end();
    damaged.map_or(Ok(()), Err)
}

/// The two runs that are compared: of both periods the last revision.
async fn pair(
    connection: &mut SqliteConnection,
    last: &Run,
    arguments: &ChangeArguments,
) -> Result<Option<(Run, Run)>, HistoryError> {
    let job = &last.job;
    let written = arguments.to.as_ref().or(arguments.period.as_ref()).unwrap_or(&last.period);
    let Some(period) = Period::parse(written) else { return Ok(None) };
    let Some(to) = store::run_of(connection, job, period).await? else { return Ok(None) };
    let from = match arguments.from.as_ref().and_then(|written| Period::parse(written)) {
        Some(from) => store::run_of(connection, job, from).await?,
        None => store::run_before(connection, job, period).await?,
    };
    Ok(from.map(|from| (from, to)))
}

struct Comparing<'c> {
    workplace: &'c Workplace,
    arguments: &'c ChangeArguments,
    talk: &'c Talk,
    from: &'c Run,
    to: &'c Run,
}

impl Comparing<'_> {
    fn remark(&self, text: &Text) {
        self.talk.remark(text, self.workplace.config.language);
    }

    fn print(&self, [then, now]: &[Vec<Kept>; 2], printer: &mut Printer) -> Result<(), HistoryError> {
        for (run, kept) in [(self.from, then), (self.to, now)] {
            if kept.is_empty() {
                let run = &run.run_id;
                self.remark(&text!(
                    "{run} 的数据没有留存或已过保留期（[state] keep_snapshots）",
                    "the data of {run} were not kept, or are no longer ([state] keep_snapshots)"
                ));
                return Ok(());
            }
        }
        let dictionary = &self.workplace.pack.dictionary;
        let asked = self.arguments.table.as_ref().and_then(|name| dictionary.table_called(name));
        let is_wanted = |table: &str| asked.is_none_or(|asked| asked.name == table);
        let opened = |kept: &[Kept]| Opened::of(kept, self.workplace, &is_wanted, self.talk);
        let (mut earlier, mut later) = (opened(then), opened(now));
        let mut damaged = earlier.damaged.take();
        damaged = damaged.or(later.damaged.take());
        let (earlier, later) = (earlier.tables, later.tables);
        let reading_then: &Reading<'_> = &|table| earlier.get(table).map(|table| -> &dyn Records { table });
        let reading_now: &Reading<'_> = &|table| later.get(table).map(|table| -> &dyn Records { table });
        let (owners_then, owners_now) = (Owners::of(dictionary, reading_then)?, Owners::of(dictionary, reading_now)?);
        let mut room = MOST_LINES;
        let mut is_known = false;
        for table in &dictionary.tables {
            let Some(table) = self.narrowed(table).filter(|table| is_wanted(&table.name)) else { continue };
            let (Some(before), Some(after)) = (reading_then(&table.name), reading_now(&table.name)) else { continue };
            let is_own = |kept: &[Kept], run: &Run| {
                kept.iter().any(|kept| kept.table == table.name && kept.of_run == run.run_id)
            };
            if !is_own(now, self.to) {
                let (zh, en, period) = (&table.label, &table.label_en, &self.to.period);
                self.remark(&text!(
                    "{period} 没有读全“{zh}”，或者行数不可信，不比较",
                    "{en} was not read whole, or not believed, in {period}, so it is not compared"
                ));
                continue;
            }
            let from = self.compared_with(&table, then);
            let key = self.arguments.key.as_deref().map(fold);
            let settings = Settings { table: &table, dictionary, most_cells: room, only: key.as_deref() };
            let difference = compare(&settings, before, after)?;
            is_known |= difference.has_records();
            for remark in difference.remarks(&table) {
                self.remark(&remark);
            }
            let before = Side { records: before, owners: &owners_then };
            let after = Side { records: after, owners: &owners_now };
            let (found, left_out) = changes(&table, &difference, &before, &after, room)?;
            for change in &found {
                room -= change.cells.len().max(1).min(room);
                self.lines(change, &table, from, [&earlier, &later], printer);
            }
            if left_out > 0 {
                let (zh, en) = (&table.label, &table.label_en);
                self.remark(&text!(
                    "“{zh}”另有 {left_out} 项变化没有列出，请用 --key、--field 缩小范围",
                    "{left_out} more changes of {en} are not listed: narrow them down by --key or --field"
                ));
            }
        }
        if let (Some(key), false, None) = (&self.arguments.key, is_known, &damaged) {
            self.remark(&text!(
                "两期的数据里都没有编号“{key}”",
                "neither period has a record, or a customer, of the key {key}"
            ));
        }
        damaged.map_or(Ok(()), Err)
    }

    /// The period that a table is compared with: an older one, and that is said, where the earlier run did not read it.
    fn compared_with<'k>(&'k self, table: &Table, then: &'k [Kept]) -> &'k str {
        let kept = then.iter().find(|kept| kept.table == table.name);
        let Some(period) = kept.and_then(|kept| kept.carried_from(&self.from.run_id)) else { return &self.from.period };
        let (zh, en, from) = (&table.label, &table.label_en, &self.from.period);
        self.remark(&text!(
            "{from} 没有读全“{zh}”，或者行数不可信，与 {period} 的数据比较",
            "{en} was not read whole, or not believed, in {from}: it is compared with the data of {period}"
        ));
        period
    }

    /// The table with the one field that is asked for; nothing where it has none such.
    fn narrowed(&self, table: &Table) -> Option<Table> {
        let mut table = table.clone();
        if let Some(name) = &self.arguments.field {
            let field = table.field_called(name)?.name.clone();
            let telling: Vec<String> = table.key.iter().chain(table.identity.iter().flatten()).cloned().collect();
            table.fields.retain(|known| known.name == field || telling.contains(&known.name));
        }
        Some(table)
    }

    /// A line a changed cell, an added and a removed record.
    fn lines(
        &self,
        change: &RecordChange,
        table: &Table,
        from: &str,
        [earlier, later]: [&BTreeMap<String, Snapshot>; 2],
        printer: &mut Printer,
    ) {
        if self.arguments.field.is_some() && change.kind != ChangeKind::Changed {
            return;
        }
        let (kind, stands_in) = match change.kind {
            ChangeKind::Added => ("added", later),
            ChangeKind::Removed => ("removed", earlier),
            ChangeKind::Changed => ("changed", later),
        };
        let whole = [(String::new(), String::new(), String::new())];
        let cells = if change.cells.is_empty() { &whole[..] } else { &change.cells[..] };
        for (field, old, new) in cells {
            let parts = stands_in.get(&table.name).map(Records::parts).unwrap_or_default();
            let part = parts.iter().find(|part| (&part.file, &part.sheet) == (&change.place.file, &change.place.sheet));
            let column = part.and_then(|part| part.letters.get(field)).map_or("", String::as_str);
            let key = if table.key.is_some() { &change.record_key } else { &change.customer_key };
            printer.line(&[
                self.to.job.as_str().into(),
                from.into(),
                self.to.period.as_str().into(),
                kind.into(),
                table.name.as_str().into(),
                key.as_str().into(),
                change.customer.as_str().into(),
                field.as_str().into(),
                old.as_str().into(),
                new.as_str().into(),
                change.place.file.as_str().into(),
                change.place.sheet.as_str().into(),
                change.place.row.into(),
                column.into(),
                change.department.as_str().into(),
                change.owner.as_str().into(),
            ]);
        }
    }
}
