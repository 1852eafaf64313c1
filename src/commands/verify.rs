//! `hedui verify`: verification lists out to owners, and back.

use std::path::PathBuf;

use chrono::NaiveDate;
use serde_json::{Value, json};
use sqlx::Connection;
use tokio::runtime::Runtime;

use super::talk::{Talk, lock_failed};
use crate::cli::{Common, IssueArguments, IssueBy, VerifyAction};
use crate::clock;
use crate::exit_code::ExitCode;
use crate::history::{files, store};
use crate::lock::Lock;
use crate::model::{Period, PeriodKind};
use crate::pipeline;
use crate::pipeline::request::RunError;
use crate::pipeline::verification::{
    self, By, IssueError, IssueRequest, TakeIn, TakenFile, TakenIn, letters, make, periods, remember, status, take_in,
};
use crate::report::{Attachment, encrypt};
use crate::text;
use crate::text::Text;
use crate::verify::{self, Fate, Line};
use crate::workplace::Workplace;

/// Carries out the command.
pub fn run(common: &Common, action: Option<&VerifyAction>, talk: &Talk) -> ExitCode {
    let workplace = match talk.workplace(common) {
        Ok(workplace) => workplace,
        Err(code) => return code,
    };
    let language = workplace.config.language;
    let as_of = common.as_of.unwrap_or_else(|| clock::day(clock::now(workplace.config.timezone)));
    // Asynchronous only at the edges: sources are read outside of any runtime.
    let runtime = match tokio::runtime::Builder::new_current_thread().enable_all().build() {
        Ok(runtime) => runtime,
        Err(error) => {
            talk.error(&text!("无法启动：{error}", "cannot start: {error}"), language);
            return ExitCode::Bug;
        }
    };
    let verb = Verb { workplace: &workplace, talk, as_of, runtime };
    let done = match action.unwrap_or(&VerifyAction::Status { period: None }) {
        VerifyAction::Issue(arguments) => verb.issue(arguments),
        VerifyAction::Import { files, period } => verb.import(files, period.as_deref()),
        VerifyAction::Status { period } => verb.status(period.as_deref()),
    };
    match done {
        Ok(code) => code,
        Err(RunError::File(path, error)) => {
            let path = path.display();
            talk.error(&text!("无法写出 {path}：{error}", "{path} cannot be written: {error}"), language);
            ExitCode::Usage
        }
        Err(error) => {
            talk.error(&text!("核对没有完成：{error}", "the verification was not carried out: {error}"), language);
            ExitCode::Bug
        }
    }
}

/// What every action needs.
struct Verb<'a> {
    workplace: &'a Workplace,
    talk: &'a Talk,
    as_of: NaiveDate,
    runtime: Runtime,
}

impl Verb<'_> {
    fn error(&self, text: &Text) -> ExitCode {
        self.talk.error(text, self.workplace.config.language);
        ExitCode::Usage
    }

    /// The periods that are meant: the one that is named, or the current ones.
    fn periods(&self, written: Option<&str>) -> Result<Vec<Period>, ExitCode> {
        let Some(written) = written else { return Ok(periods(self.as_of).to_vec()) };
        let known = [PeriodKind::Month, PeriodKind::Quarter, PeriodKind::Year];
        match Period::parse(written).filter(|period| known.contains(&period.kind())) {
            Some(period) => Ok(vec![period]),
            None => Err(self.error(&text!(
                "“{written}”不是核对的周期，如 2026Q4、2026-11、2026",
                "`{written}` is no period of verification: 2026Q4, 2026-11 or 2026"
            ))),
        }
    }

    fn lock(&self) -> Result<Lock, ExitCode> {
        Lock::take(&store::folder(&self.workplace.config.folder))
            .map_err(|error| lock_failed(&error, self.talk, self.workplace.config.language))
    }

    fn issue(&self, arguments: &IssueArguments) -> Result<ExitCode, RunError> {
        let period = match self.periods(arguments.period.as_deref()) {
            Ok(periods) => periods[0],
            Err(code) => return Ok(code),
        };
        let _lock = match self.lock() {
            Ok(lock) => lock,
            Err(code) => return Ok(code),
        };
        let workplace = self.workplace;
        let mut connection = self.runtime.block_on(store::open(&workplace.config.folder))?;
        let returns = self.runtime.block_on(verification::returns(&mut connection, self.as_of))?;
        let (reading, datasets, _) = pipeline::load(workplace, &returns, &|_| ());
        self.talk.unread(&reading.notes, workplace.config.language);
        let before = self.runtime.block_on(verify::store::batches(&mut connection, &period.to_string()))?;
        let by = match arguments.by {
            IssueBy::Department => By::Department,
            IssueBy::Owner => By::Owner,
        };
        let request = IssueRequest {
            period,
            by,
            all: arguments.all,
            only: arguments.only.as_deref(),
            as_of: self.as_of,
            deadline: arguments.deadline,
        };
        let mut made = match make(workplace, &datasets, &before, &request) {
            Ok(made) => made,
            Err(error) => return Ok(self.not_issued(&error)),
        };
        let left_out = self.seal(&mut made);
        let mut attachments: Vec<&Attachment> = made.iter().map(|list| &list.attachment).collect();
        let mut numbers = self.runtime.block_on(verify::store::letters(&mut connection, &period.to_string()))?;
        let numbered: Vec<String> = numbers.keys().cloned().collect();
        let mut written = Vec::new();
        if arguments.letters {
            for list in made.iter().filter(|list| !list.rows.is_empty()) {
                match letters(workplace, &datasets, list, &mut numbers, &request) {
                    Ok(attachment) => match self.sealed_for(&list.recipient, attachment) {
                        Ok(attachment) => written.push(attachment),
                        Err(why) => return Ok(self.error(&why)),
                    },
                    Err(error) => return Ok(self.not_issued(&error)),
                }
            }
        }
        attachments.extend(&written);
        let paths = self.write(period, &attachments)?;
        let period = period.to_string();
        self.runtime.block_on(async {
            let mut transaction = connection.begin().await?;
            remember(&mut transaction, &made).await?;
            for (customer, number) in numbers.iter().filter(|(customer, _)| !numbered.contains(customer)) {
                let letter = (number.as_str(), period.as_str(), customer.as_str());
                verify::store::insert_letter(&mut transaction, letter, self.as_of).await?;
            }
            transaction.commit().await?;
            Ok::<_, RunError>(())
        })?;
        self.say_issued(&made, &paths);
        let code = if reading.unread.is_empty() { ExitCode::Done } else { ExitCode::Partial };
        Ok(if left_out { code.and(ExitCode::NotDelivered) } else { code })
    }

    /// Encrypts the lists of departments that have a password; where it cannot be had, leaves them out and says so.
    fn seal(&self, made: &mut Vec<verification::Made>) -> bool {
        let config = &self.workplace.config;
        let before = made.len();
        made.retain_mut(|list| {
            let department = config.department(&list.recipient);
            let Some(password) = department.and_then(|department| department.password.as_ref()) else { return true };
            let sealed = password.reveal().and_then(|password| self.sealed(&list.attachment.bytes, &password));
            match sealed {
                Ok(bytes) => {
                    list.attachment.bytes = bytes;
                    true
                }
                Err(why) => {
                    let (name, zh, en) = (&list.batch.name, &why.zh, &why.en);
                    let error = text!(
                        "{name}：没有下发，因为不能加密（{zh}）；没有写出未加密的文件",
                        "{name}: not issued, because it cannot be encrypted ({en}); nothing was written in the clear"
                    );
                    self.talk.error(&error, config.language);
                    false
                }
            }
        });
        made.len() < before
    }

    fn sealed_for(&self, recipient: &str, attachment: Attachment) -> Result<Attachment, Text> {
        let department = self.workplace.config.department(recipient);
        let Some(password) = department.and_then(|department| department.password.as_ref()) else {
            return Ok(attachment);
        };
        let bytes = self.sealed(&attachment.bytes, &password.reveal()?)?;
        Ok(Attachment { bytes, ..attachment })
    }

    fn sealed(&self, bytes: &[u8], password: &str) -> Result<Vec<u8>, Text> {
        if password.is_empty() {
            return Err(text!("密码是空的", "the password is empty"));
        }
        encrypt(bytes, password).map_err(|error| text!("{error}", "{error}"))
    }

    fn not_issued(&self, error: &IssueError) -> ExitCode {
        match error {
            IssueError::Condition(problems) => self.talk.problems(problems, self.workplace.config.language),
            other => self.talk.error(&other.text(), self.workplace.config.language),
        }
        match error {
            IssueError::Condition(_) => ExitCode::Usage,
            IssueError::Nothing(_) => ExitCode::Partial,
            IssueError::Write(_) => ExitCode::Bug,
        }
    }

    fn write(&self, period: Period, attachments: &[&Attachment]) -> Result<Vec<PathBuf>, RunError> {
        let out = self.workplace.config.folder.join("out");
        files::owners_folder(&out).map_err(|error| RunError::File(out.clone(), error))?;
        let folder = verification::folder(self.workplace, period);
        let mut paths = Vec::new();
        for attachment in attachments {
            let path = folder.join(&attachment.name);
            files::write_whole(&path, &attachment.bytes).map_err(|error| RunError::File(path.clone(), error))?;
            paths.push(path);
        }
        Ok(paths)
    }

    fn say_issued(&self, made: &[verification::Made], paths: &[PathBuf]) {
        let language = self.workplace.config.language;
        if self.talk.is_json() {
            let lists: Vec<Value> = made
                .iter()
                .map(|list| {
                    json!({
                        "batch": list.batch.name, "department": list.batch.department,
                        "owner": list.batch.owner.as_deref().unwrap_or_default(), "issued": list.rows.len(),
                        "withheld": list.batch.withheld, "deadline": list.batch.deadline.to_string(),
                        "new": list.is_new, "file": list.attachment.name,
                    })
                })
                .collect();
            out!("{:#}", Value::from(lists));
            return;
        }
        for list in made {
            let (name, rows, withheld) = (&list.batch.name, list.rows.len(), list.batch.withheld);
            let deadline = list.batch.deadline;
            let again = if list.is_new { Text::default() } else { text!("（内容同上次）", " (as before)") };
            let kept = if withheld > 0 {
                text!("，另 {withheld} 家因密级未列", ", {withheld} withheld for their confidentiality")
            } else {
                Text::default()
            };
            let (kept_zh, kept_en, again_zh, again_en) = (&kept.zh, &kept.en, &again.zh, &again.en);
            let line = text!(
                "{name}：{rows} 家{kept_zh}，{deadline} 前交回{again_zh}",
                "{name}: {rows} customers{kept_en}, due on {deadline}{again_en}"
            );
            out!("{}", line.get(language));
        }
        for path in paths {
            out!("{}", path.display());
        }
        if made.is_empty() {
            self.talk.remark(&text!("没有要核对的客户", "there is no customer to verify"), language);
        }
    }

    fn import(&self, files: &[PathBuf], period: Option<&str>) -> Result<ExitCode, RunError> {
        let periods = match self.periods(period) {
            Ok(periods) => periods,
            Err(code) => return Ok(code),
        };
        let _lock = match self.lock() {
            Ok(lock) => lock,
            Err(code) => return Ok(code),
        };
        let mut connection = self.runtime.block_on(store::open(&self.workplace.config.folder))?;
        // The source as it is: what came back before is not mixed in.
        let (reading, datasets, _) = pipeline::load(self.workplace, &verify::Returns::default(), &|_| ());
        self.talk.unread(&reading.notes, self.workplace.config.language);
        let request = TakeIn { files, periods: &periods, as_of: self.as_of };
        let taken = match take_in(self.workplace, &datasets, &request, &mut connection, &self.runtime)? {
            Ok(taken) => taken,
            Err(error) => return Ok(self.error(&error)),
        };
        self.say_taken(&taken);
        let partial = taken.files.iter().any(TakenFile::is_partial) || !reading.unread.is_empty();
        Ok(if partial { ExitCode::Partial } else { ExitCode::Done })
    }

    fn say_taken(&self, taken: &TakenIn) {
        let language = self.workplace.config.language;
        if self.talk.is_json() {
            let files: Vec<Value> = taken.files.iter().map(|file| self.file_json(file)).collect();
            let written: Vec<String> = taken.written.iter().map(|path| path.display().to_string()).collect();
            out!("{:#}", json!({ "files": files, "written": written }));
            return;
        }
        for file in &taken.files {
            let name = &file.name;
            if let Some(error) = &file.error {
                let (zh, en) = (&error.zh, &error.en);
                self.talk.error(&text!("{name}：{zh}", "{name}: {en}"), language);
                continue;
            }
            let (accepted, ignored, conflicting) = file.counts();
            let period = &file.period;
            let line = text!(
                "{name}（{period}）：接受 {accepted} 行，未计 {ignored} 行，矛盾 {conflicting} 行",
                "{name} ({period}): {accepted} rows accepted, {ignored} ignored, {conflicting} in conflict"
            );
            out!("{}", line.get(language));
            if let Some(day) = file.before {
                let line =
                    text!("  这份文件 {day} 已导入过，不重复计", "  the same file came in on {day}: it counts once");
                out!("{}", line.get(language));
            }
            for row in file.rows.iter().filter(|row| row.fate != Fate::Accepted && !row.is_blank) {
                let (number, customer) = (row.place.2, &row.customer);
                let reason = reason(row).get(language).to_owned();
                let line = text!("  第 {number} 行 {customer}：{reason}", "  row {number} {customer}: {reason}");
                out!("{}", line.get(language));
            }
        }
        for path in &taken.written {
            out!("{}", path.display());
        }
    }

    fn file_json(&self, file: &TakenFile) -> Value {
        let language = self.workplace.config.language;
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
                    "sheet": row.place.1, "row": row.place.2, "customer": row.customer, "state": state,
                    "result": result, "reason": reason(row).get(language), "notes": notes,
                })
            })
            .collect();
        json!({
            "file": file.name, "period": file.period, "accepted": accepted, "ignored": ignored,
            "conflicts": conflicting, "known_since": file.before.map(|day| day.to_string()),
            "error": file.error.as_ref().map(|error| error.get(language)), "rows": rows,
        })
    }

    fn status(&self, period: Option<&str>) -> Result<ExitCode, RunError> {
        let periods = match self.periods(period) {
            Ok(periods) => periods,
            Err(code) => return Ok(code),
        };
        let mut connection = self.runtime.block_on(store::look(&self.workplace.config.folder))?;
        let (reading, datasets, _) = pipeline::load(self.workplace, &verify::Returns::default(), &|_| ());
        let told = status(self.workplace, &periods, &datasets, self.as_of, &mut connection);
        let status = self.runtime.block_on(told)?;
        if self.talk.is_json() {
            let lines: Vec<Value> = status.lines.iter().map(line_json).collect();
            out!("{:#}", Value::from(lines));
        } else {
            self.say_status(&status);
        }
        self.runtime.block_on(connection.close())?;
        self.talk.unread(&reading.notes, self.workplace.config.language);
        Ok(if reading.unread.is_empty() { ExitCode::Done } else { ExitCode::Partial })
    }

    fn say_status(&self, status: &verification::Status) {
        let language = self.workplace.config.language;
        if status.lines.is_empty() {
            self.talk.remark(&text!("没有下发过核对表", "no list was issued"), language);
        }
        let mut total = Line::default();
        for line in &status.lines {
            total.add(line);
            out!("{}", said(line, &[&line.batch, &line.owner].map(String::as_str).join(" ")).get(language));
        }
        if status.lines.len() > 1 {
            out!("{}", said(&total, text!("合计", "total").get(language)).get(language));
        }
        let table = self.workplace.pack.dictionary.table(&self.workplace.pack.dictionary.customers.table);
        for (customer, field, value, day) in &status.waiting {
            let label =
                table.and_then(|table| table.field(field)).map_or(field.as_str(), |field| field.label(language));
            let line = text!(
                "待录入：{customer} {label} → {value}（{day} 核对）",
                "to be entered: {customer} {label} -> {value} (verified on {day})"
            );
            out!("{}", line.get(language));
        }
        for (customer, times) in &status.unreachable {
            let line = text!(
                "存疑：{customer} 连续 {times} 期联系不上",
                "doubtful: {customer} was not reached {times} rounds running"
            );
            out!("{}", line.get(language));
        }
    }
}

/// Why a row does not count; nothing where it does.
fn reason(row: &verify::Judged) -> Text {
    match &row.fate {
        Fate::Accepted => Text::default(),
        Fate::Ignored(reason) | Fate::Conflict(reason) => reason.clone(),
    }
}

/// A line of the status in words.
fn said(line: &Line, whose: &str) -> Text {
    let Line { issued, returned, confirmed, corrected, unreachable, missing, closed, ended, conflicting, .. } = line;
    let percent = (returned * 100).checked_div(*issued).unwrap_or(0);
    let gone = closed + ended;
    text!(
        "{whose}：应核对 {issued}，已返回 {returned}（{percent}%）：无误 {confirmed}、有变更 {corrected}、联系不上 {unreachable}、停业或终止 {gone}、矛盾 {conflicting}；未返回 {missing}",
        "{whose}: {issued} to verify, {returned} returned ({percent}%): {confirmed} right, {corrected} changed, {unreachable} not reached, {gone} gone, {conflicting} contradictory; {missing} missing"
    )
}

/// A line of the status for scripts, with its rates.
fn line_json(line: &Line) -> Value {
    let mut value = serde_json::to_value(line).unwrap_or(Value::Null);
    let rate = |part: u64| (line.issued > 0).then(|| (part as f64 / line.issued as f64 * 1000.0).round() / 1000.0);
    value["return_rate"] = rate(line.returned).into();
    value["in_time_rate"] = rate(line.in_time).into();
    value
}
