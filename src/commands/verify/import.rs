//! `hedui verify import`: takes returned lists in, and says what became of every row.

use std::path::PathBuf;

use serde_json::{Value, json};

use super::{Stop, Verb};
use crate::exit_code::ExitCode;
use crate::history::store;
use crate::pipeline;
use crate::pipeline::verification::{TakeIn, TakenFile, TakenIn, take_in};
use crate::text;
use crate::text::{Language, Text};
use crate::verify::{self, Fate};

impl Verb<'_> {
    pub(super) fn import(&self, files: &[PathBuf], period: Option<&str>) -> Result<ExitCode, Stop> {
        let periods = self.periods(period)?;
        let _lock = self.lock()?;
        let mut connection = self.runtime.block_on(store::open(&self.workplace.config.folder))?;
        // The source as it is: what came back before is not mixed in.
        let (reading, datasets, _) = pipeline::load(self.workplace, &verify::Returns::default(), &|_| ());
        self.talk.unread(&reading.notes, self.language());
        let request = TakeIn { files, periods: &periods, as_of: self.as_of };
        let taken = take_in(self.workplace, &datasets, &request, &mut connection, &self.runtime)?
            .map_err(|error| self.wrong(&error))?;
        self.say_taken(&taken);
        let partial = taken.files.iter().any(TakenFile::is_partial) || !reading.unread.is_empty();
        Ok(if partial { ExitCode::Partial } else { ExitCode::Done })
    }

    fn say_taken(&self, taken: &TakenIn) {
        let language = self.language();
        if self.talk.is_json() {
            let files: Vec<Value> = taken.files.iter().map(|file| file_json(file, language)).collect();
            let written: Vec<String> = taken.written.iter().map(|path| path.display().to_string()).collect();
            out!("{:#}", json!({ "files": files, "written": written }));
            return;
        }
        for file in &taken.files {
            match &file.error {
                Some(error) => {
                    let (name, zh, en) = (&file.name, &error.zh, &error.en);
                    self.talk.error(&text!("{name}：{zh}", "{name}: {en}"), language);
                }
                None => say_file(file, language),
            }
        }
        for path in &taken.written {
            out!("{}", path.display());
        }
    }
}

/// What became of a file's rows, in words: how many, and those that somebody has to look at.
fn say_file(file: &TakenFile, language: Language) {
    let (accepted, ignored, conflicting) = file.counts();
    let (name, period) = (&file.name, &file.period);
    let line = text!(
        "{name}（{period}）：接受 {accepted} 行，未计 {ignored} 行，矛盾 {conflicting} 行",
        "{name} ({period}): {accepted} rows accepted, {ignored} ignored, {conflicting} in conflict"
    );
    out!("{}", line.get(language));
    if let Some(day) = file.before {
        let line = text!("  这份文件 {day} 已导入过，不重复计", "  the same file came in on {day}: it counts once");
        out!("{}", line.get(language));
    }
    for row in file.rows.iter().filter(|row| row.fate != Fate::Accepted && !row.is_blank) {
        let (number, customer) = (row.place.row, &row.customer);
        let reason = reason(row).get(language).to_owned();
        let line = text!("  第 {number} 行 {customer}：{reason}", "  row {number} {customer}: {reason}");
        out!("{}", line.get(language));
    }
}

/// A file for scripts.
fn file_json(file: &TakenFile, language: Language) -> Value {
    let (accepted, ignored, conflicting) = file.counts();
    let rows: Vec<Value> = file
        .rows
        .iter()
        .map(|row| {
            let state = match row.fate {
                Fate::Accepted => "accepted",
                Fate::Ignored(_) => "ignored",
                Fate::Conflict(_) => "conflict",
            };
            let notes: Vec<&str> = row.notes.iter().map(|note| note.get(language)).collect();
            let result = row.answer.as_ref().map_or("", |answer| answer.answered.key());
            json!({
                "sheet": row.place.sheet, "row": row.place.row, "customer": row.customer, "state": state,
                "result": result, "reason": reason(row).get(language), "notes": notes,
            })
        })
        .collect();
    json!({
        "file": file.name, "period": file.period, "accepted": accepted, "ignored": ignored,
        "conflicts": conflicting, "other_lines": file.other_lines, "known_since": file.before.map(|day| day.to_string()),
        "error": file.error.as_ref().map(|error| error.get(language)), "rows": rows,
    })
}

/// Why a row does not count; nothing where it does.
fn reason(row: &verify::Judged) -> Text {
    match &row.fate {
        Fate::Accepted => Text::default(),
        Fate::Ignored(reason) | Fate::Conflict(reason) => reason.clone(),
    }
}
