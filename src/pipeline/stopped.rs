//! Which mails wait until a person has looked at the numbers of rows, and the mail that tells the fallback department.
//!
//! Apart because it rests on counts alone: half a file would tell a department that its work is done. Reports are written
//! all the same; what is not mailed is said in run.json, on stderr and in this mail.

use super::guard::{Guarded, RowChange};
use super::request::RunRequest;
use crate::report::{Audience, Document};
use crate::text;
use crate::text::Text;
use crate::workplace::Workplace;

/// The name under which the ledger has the mail to the fallback department.
pub const REPORT: &str = "row-guard";

/// Why a document is not mailed; nothing where it is.
///
/// What is for a department, or for a person of it, waits where its customers are not believed, and where any table is
/// not: the department would read conclusions from the rest as if they were all. The fallback department decides about
/// tables and gets its own.
pub fn reason<'c>(document: &Document, workplace: &Workplace, changes: &'c [RowChange]) -> Option<&'c RowChange> {
    let audience = workplace.templates.audience(&document.report)?;
    if !matches!(audience, Audience::Departments | Audience::Persons) {
        return None;
    }
    let department = document.department.as_deref().unwrap_or_default();
    let is_fallback = department == workplace.config.fallback_department;
    changes.iter().find(|change| match &change.of {
        Guarded::Table(..) => !is_fallback,
        Guarded::Department(name) => name == department,
    })
}

/// What is not mailed, a sentence each: whose, which report, and why.
pub fn said(document: &Document, change: &RowChange) -> Text {
    let (report, reason) = (&document.report, change.said());
    let person = document.addressed.person.as_ref().map(|(name, _)| name.as_str());
    let whose = [document.department.as_deref(), person].into_iter().flatten().collect::<Vec<_>>().join(" ");
    let (zh, en) = (reason.zh, reason.en);
    text!("{whose} 的 {report} 没有发出：{zh}", "{report} of {whose} was not mailed: {en}")
}

/// The mail to the fallback department: what changed, whose mails wait, what to do.
pub fn notice(workplace: &Workplace, request: &RunRequest, changes: &[RowChange], documents: &[Document]) -> Document {
    let language = workplace.config.language;
    let (job, period) = (&request.job.name, request.period.to_string());
    let mut waiting: Vec<&str> = documents
        .iter()
        .filter(|document| reason(document, workplace, changes).is_some())
        .filter_map(|document| document.department.as_deref())
        .collect();
    waiting.sort_unstable();
    waiting.dedup();
    let joint = text!("、", ", ");
    let waiting = match waiting.join(joint.get(language)) {
        list if list.is_empty() => text!("没有邮件因此停发。", "No mail waits for that."),
        list => text!("因此没有发出报告的部门：{list}。", "Their reports were written and not mailed: {list}."),
    };
    let mut lines = vec![text!(
        "{job} {period}：数据行数与上次相差过大，请先核对。",
        "{job} {period}: the numbers of rows are far from last time's; please look at them first."
    )];
    lines.extend(changes.iter().map(|change| {
        let said = change.said();
        let (zh, en) = (said.zh, said.en);
        text!("· {zh}", "- {en}")
    }));
    lines.push(waiting);
    lines.push(text!(
        "文件不全或重复：补齐后重新运行 hedui run {job} --period {period}。",
        "Where a file is not whole, or was put in twice: mend it, then hedui run {job} --period {period}."
    ));
    lines.extend(may_be_empty(changes));
    lines.push(text!(
        "行数确实如此：运行 hedui run {job} --period {period} --accept-rows，按新行数下结论并发出邮件。",
        "Where the numbers are right: hedui run {job} --period {period} --accept-rows concludes from them and mails to all."
    ));
    let subject = text!("请核对数据行数（{job} {period}）", "Look at the numbers of rows ({job} {period})");
    let department = Some(workplace.config.fallback_department.clone());
    Document { department, ..super::notice::document(REPORT, &subject, &lines, language) }
}

/// What to do where a table has nothing left: that the number is right does not make nothing a finding.
fn may_be_empty(changes: &[RowChange]) -> Option<Text> {
    let empty = changes.iter().filter(|change| change.now == 0).filter_map(|change| match &change.of {
        Guarded::Table(name, _) => Some(format!("\"{name}\"")),
        Guarded::Department(_) => None,
    });
    let empty = empty.collect::<Vec<_>>().join(", ");
    (!empty.is_empty()).then(|| {
        text!(
            "空表确实可以为空：在 hedui.toml 写 [guard] allow_empty = [{empty}]，以后即按“没有记录”下结论，原有问题视为已解决。只用 \
             --accept-rows 则发出邮件，但仍不据空表下结论。",
            "Where a table may truly be empty: write [guard] allow_empty = [{empty}] into hedui.toml, and it counts as one \
             without records, whose earlier findings are resolved. With --accept-rows alone the mails are sent, and nothing \
             is concluded from an empty table."
        )
    })
}
