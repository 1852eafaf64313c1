//! Whether mails wait that should have arrived.
//!
//! Apart from the mail server: it may be well while a mail of last week is still in doubt.

use super::{Patient, Remark};
use crate::exit_code::ExitCode;
use crate::history::store;
use crate::text;

pub(super) fn look(patient: &Patient) -> Option<Vec<Remark>> {
    let health = match patient.health() {
        Ok(Some(health)) => health,
        Ok(None) if store::gone(patient.folder).is_none() => {
            return Some(vec![Remark::well(text!("还没有发过邮件", "no mail was ever queued"))]);
        }
        _ => return None, // what waits is in the history, which is to be mended first
    };
    let waiting =
        |state: &str| health.deliveries.iter().find(|(known, _)| known == state).map_or(0, |(_, count)| *count);
    let mut remarks = Vec::new();
    let (unknown, refused) = (waiting("unknown") + waiting("sending"), waiting("refused"));
    if unknown > 0 {
        remarks.push(Remark::ill(
            ExitCode::NotDelivered,
            text!("{unknown} 封邮件是否送达不明", "nobody knows whether {unknown} mails arrived"),
            text!(
                "问收件人；没收到的 hedui outbox retry 编号，收到的 hedui outbox drop 编号",
                "ask the recipients; then hedui outbox retry ID, or drop ID"
            ),
        ));
    }
    if refused > 0 {
        remarks.push(Remark::ill(
            ExitCode::NotDelivered,
            text!("{refused} 封邮件被拒收", "{refused} mails were refused"),
            text!(
                "hedui outbox list 看原因，改好后 hedui outbox retry 编号",
                "hedui outbox list tells why; then hedui outbox retry ID"
            ),
        ));
    }
    let late = waiting("planned") + waiting("deferred");
    if late > 0 {
        remarks.push(Remark::ill(
            ExitCode::NotDelivered,
            text!("{late} 封邮件等待发送", "{late} mails wait to be sent"),
            text!(
                "hedui outbox send；crontab 里应有一行定时补发",
                "hedui outbox send; a line of the crontab should do so"
            ),
        ));
    }
    let held = waiting("held");
    if held > 0 {
        remarks.push(Remark::doubtful(
            text!("{held} 封邮件等待批准", "{held} mails wait for approval"),
            text!(
                "hedui outbox release 任务 周期，或 hedui outbox drop",
                "hedui outbox release JOB PERIOD, or hedui outbox drop"
            ),
        ));
    }
    if remarks.is_empty() {
        let sent = waiting("accepted");
        remarks.push(Remark::well(text!("没有积压的邮件，已送达 {sent} 封", "no mail waits, {sent} arrived")));
    }
    Some(remarks)
}
