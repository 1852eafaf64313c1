//! Whether the files of the workplace can be read, and say what a workplace must say.
//!
//! Apart because nothing else can be looked at where they cannot. It reads no data.

use super::{Patient, Remark};
use crate::exit_code::ExitCode;
use crate::text;
use crate::text::{Language, Text};

/// The company's name as `hedui init` leaves it.
const UNEDITED: &str = "本公司名称";

pub(super) fn look(patient: &Patient) -> Option<Vec<Remark>> {
    let mistake = |problem: &crate::problem::Problem| {
        let said = Text { zh: problem.line(Language::Zh), en: problem.line(Language::En) };
        Remark::ill(
            ExitCode::Usage,
            said,
            text!("改好这一行，再用 hedui lint 检查", "mend the line, and see with hedui lint"),
        )
    };
    let mut remarks: Vec<Remark> = patient.problems.iter().map(mistake).collect();
    if let Some(config) = patient.config {
        if config.company == UNEDITED {
            remarks.push(Remark::doubtful(
                text!("[company] name 还是样例的“{UNEDITED}”", "[company] name is still the sample's"),
                text!("写上公司名称，它出现在每封邮件里", "write the company's name: it stands in every mail"),
            ));
        }
        if config.jobs.is_empty() {
            remarks.push(Remark::doubtful(
                text!("没有任务（[[job]]），不会发出任何报告", "there is no [[job]]: nothing is ever reported"),
                text!(
                    "照 hedui init 写出的样例加一个 [[job]]",
                    "add a [[job]] as in the sample that hedui init writes"
                ),
            ));
        }
        remarks.extend(config.jobs.iter().filter(|job| job.reports.is_empty()).map(|job| {
            let name = &job.name;
            Remark::doubtful(
                text!(
                    "任务 {name} 没有报告，运行了也没有人收到",
                    "the job {name} has no reports: nobody hears of its runs"
                ),
                text!(
                    "在该任务写 reports = [\"department-weekly\", …]",
                    "give it reports = [\"department-weekly\", …]"
                ),
            )
        }));
    }
    if let Some(workplace) = patient.workplace {
        remarks.extend(workplace.waivers.lapsed(patient.as_of).into_iter().map(|(rule, key)| {
            Remark::doubtful(
                text!("豁免已到期：{rule} {key}", "a waiver has lapsed: {rule} {key}"),
                text!("在 waivers.toml 续期或删去", "renew it in waivers.toml, or take it out"),
            )
        }));
    }
    if let (true, Some(workplace)) = (remarks.is_empty(), patient.workplace) {
        let (rules, jobs) = (workplace.pack.rule_ids().len(), workplace.config.jobs.len());
        remarks.push(Remark::well(text!(
            "没有错误：{rules} 条规则，{jobs} 个任务",
            "no mistakes: {rules} rules, {jobs} jobs"
        )));
    }
    Some(remarks)
}
