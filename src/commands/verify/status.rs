//! `hedui verify status`: how far rounds have come, what waits to be entered, and who is never reached.

use serde_json::Value;
use sqlx::Connection;

use super::{Stop, Verb};
use crate::exit_code::ExitCode;
use crate::history::store;
use crate::pipeline;
use crate::pipeline::verification::{self, Status};
use crate::text;
use crate::text::Text;
use crate::verify::{self, Line};

impl Verb<'_> {
    pub(super) fn status(&self, period: Option<&str>) -> Result<ExitCode, Stop> {
        let periods = self.periods(period)?;
        let mut connection = self.runtime.block_on(store::look(&self.workplace.config.folder))?;
        let (reading, datasets, _) = pipeline::load(self.workplace, &verify::Returns::default(), &|_| ());
        let told = verification::status(self.workplace, &periods, &datasets, self.as_of, &mut connection);
        let status = self.runtime.block_on(told)?;
        if self.talk.is_json() {
            let lines: Vec<Value> = status.lines.iter().map(line_json).collect();
            out!("{:#}", Value::from(lines));
        } else {
            self.say_status(&status);
        }
        self.runtime.block_on(connection.close())?;
        self.talk.unread(&reading.notes, self.language());
        Ok(if reading.unread.is_empty() { ExitCode::Done } else { ExitCode::Partial })
    }

    fn say_status(&self, status: &Status) {
        let language = self.language();
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
