//! `hedui verify issue`: makes the lists of a round, writes them, and remembers what was issued.

use std::collections::BTreeMap;
use std::path::PathBuf;

use serde_json::{Value, json};
use sqlx::Connection;

use super::{Stop, Verb};
use crate::cli::{IssueArguments, IssueBy};
use crate::dataset::Dataset;
use crate::exit_code::ExitCode;
use crate::history::store;
use crate::pipeline;
use crate::pipeline::request::RunError;
use crate::pipeline::verification::{self, By, IssueError, IssueRequest, Made};
use crate::report::Attachment;
use crate::text;
use crate::text::Text;
use crate::verify;

impl Verb<'_> {
    pub(super) fn issue(&self, arguments: &IssueArguments) -> Result<ExitCode, Stop> {
        let period = self.periods(arguments.period.as_deref())?[0];
        let _lock = self.lock()?;
        let workplace = self.workplace;
        let mut connection = self.runtime.block_on(store::open(&workplace.config.folder))?;
        let returns = self.runtime.block_on(verification::returns(&mut connection, self.as_of))?;
        let (reading, datasets, _) = pipeline::load(workplace, &returns, &|_| ());
        self.talk.unread(&reading.notes, self.language());
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
        let mut made =
            verification::make(workplace, &datasets, &before, &request).map_err(|error| self.not_issued(&error))?;
        let left_out = verification::seal_lists(workplace, &mut made);
        for why in &left_out {
            self.talk.error(why, self.language());
        }
        let numbered = self.runtime.block_on(verify::store::letters(&mut connection, &period.to_string()))?;
        let mut numbers = numbered.clone();
        let letters = match arguments.letters {
            true => self.letters(&made, &datasets, &mut numbers, &request)?,
            false => Vec::new(),
        };
        let attachments: Vec<&Attachment> = made.iter().map(|list| &list.attachment).chain(&letters).collect();
        let paths = verification::write(workplace, period, &attachments)?;
        self.runtime.block_on(async {
            let mut transaction = connection.begin().await?;
            verification::remember(&mut transaction, &made).await?;
            verification::remember_numbers(&mut transaction, &numbered, &numbers, &request).await?;
            transaction.commit().await?;
            Ok::<_, RunError>(())
        })?;
        self.say_issued(&made, &paths);
        let code = if reading.unread.is_empty() { ExitCode::Done } else { ExitCode::Partial };
        Ok(if left_out.is_empty() { code } else { code.and(ExitCode::NotDelivered) })
    }

    /// The letters to the customers of all lists, closed as the lists are.
    fn letters(
        &self,
        made: &[Made],
        datasets: &BTreeMap<String, Dataset>,
        numbers: &mut BTreeMap<String, String>,
        request: &IssueRequest<'_>,
    ) -> Result<Vec<Attachment>, Stop> {
        let mut written = Vec::new();
        for list in made.iter().filter(|list| !list.rows.is_empty()) {
            let mut attachment = verification::letters(self.workplace, datasets, list, numbers, request)
                .map_err(|error| self.not_issued(&error))?;
            verification::seal(self.workplace, &list.recipient, &mut attachment).map_err(|why| self.wrong(&why))?;
            written.push(attachment);
        }
        Ok(written)
    }

    fn not_issued(&self, error: &IssueError) -> Stop {
        match error {
            IssueError::Condition(problems) => self.talk.problems(problems, self.language()),
            other => self.talk.error(&other.text(), self.language()),
        }
        Stop::Said(match error {
            IssueError::Condition(_) => ExitCode::Usage,
            IssueError::Nothing(_) => ExitCode::Partial,
            IssueError::Write(_) => ExitCode::Bug,
        })
    }

    fn say_issued(&self, made: &[Made], paths: &[PathBuf]) {
        if self.talk.is_json() {
            out!("{:#}", Value::from(made.iter().map(list_json).collect::<Vec<_>>()));
            return;
        }
        for list in made {
            out!("{}", said(list).get(self.language()));
        }
        for path in paths {
            out!("{}", path.display());
        }
        if made.is_empty() {
            self.talk.remark(&text!("没有要核对的客户", "there is no customer to verify"), self.language());
        }
    }
}

/// A list for scripts.
fn list_json(list: &Made) -> Value {
    json!({
        "batch": list.batch.name, "department": list.batch.department,
        "owner": list.batch.owner.as_deref().unwrap_or_default(), "issued": list.rows.len(),
        "withheld": list.batch.withheld, "deadline": list.batch.deadline.to_string(),
        "new": list.is_new, "file": list.attachment.name,
    })
}

/// A list in words.
fn said(list: &Made) -> Text {
    let (name, rows, withheld) = (&list.batch.name, list.rows.len(), list.batch.withheld);
    let deadline = list.batch.deadline;
    let again = if list.is_new { Text::default() } else { text!("（内容同上次）", " (as before)") };
    let kept = if withheld > 0 {
        text!("，另 {withheld} 家因密级未列", ", {withheld} withheld for their confidentiality")
    } else {
        Text::default()
    };
    let (kept_zh, kept_en, again_zh, again_en) = (&kept.zh, &kept.en, &again.zh, &again.en);
    text!(
        "{name}：{rows} 家{kept_zh}，{deadline} 前交回{again_zh}",
        "{name}: {rows} customers{kept_en}, due on {deadline}{again_en}"
    )
}
