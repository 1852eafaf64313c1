//! Whether what is found has somebody to go to: departments of the data against those of the configuration, and who is
//! told when something goes wrong.
//!
//! Apart because a department that was renamed, or misspelt, is seen only where data and configuration meet.

use super::{Patient, Remark};
use crate::config::Config;
use crate::exit_code::ExitCode;
use crate::pipeline::guard::rows_by_department;
use crate::problem::nearest;
use crate::text;

pub(super) fn look(patient: &Patient) -> Option<Vec<Remark>> {
    let config = patient.config?;
    let mut remarks = Vec::new();
    remarks.extend(fallback(config));
    remarks.extend(unaddressed(config));
    remarks.extend(administrator(config));
    remarks.extend(of_data(patient, config));
    if remarks.is_empty() {
        let count = config.departments.len();
        remarks.push(Remark::well(text!(
            "数据中的部门都有登记（{count} 个）",
            "every department of the data has an entry ({count})"
        )));
    }
    Some(remarks)
}

fn fallback(config: &Config) -> Option<Remark> {
    let name = &config.fallback_department;
    let has_recipients = config.department(name).is_some_and(|department| !department.to.is_empty());
    (!has_recipients).then(|| {
        Remark::ill(
            ExitCode::Usage,
            text!(
                "备用部门“{name}”没有收件人：没有登记的部门，其问题无处可发",
                "the fallback department `{name}` has no recipient: what is nobody's goes nowhere"
            ),
            text!(
                "写上 [departments.\"{name}\"] 及其 to = [\"…@…\"]",
                "write [departments.\"{name}\"] with to = [\"…@…\"]"
            ),
        )
    })
}

/// Entries that a new workplace has for the departments of the data, before anybody filled in who reads their reports.
fn unaddressed(config: &Config) -> Option<Remark> {
    let without = config.departments.iter().filter(|department| department.to.is_empty());
    let names: Vec<&str> = without.map(|department| department.name.as_str()).collect();
    let (count, list) = (names.len(), names.join(", "));
    (count > 0).then(|| {
        Remark::doubtful(
            text!(
                "{count} 个部门没有收件人，只写工作簿、不发邮件：{list}",
                "{count} departments have no recipient, a workbook is written and no mail: {list}"
            ),
            text!(
                "在 [departments] 填上 to = [\"…@…\"]；不单独发的部门，删去整段，其问题归备用部门",
                "fill in to = [\"…@…\"] in [departments]; a department without a report of its own: take its entry out"
            ),
        )
    })
}

fn administrator(config: &Config) -> Option<Remark> {
    (config.people.administrator.is_empty() && !config.jobs.is_empty()).then(|| {
        Remark::doubtful(
            text!(
                "[people] administrator 没有写：程序出错时没有人知道",
                "[people] administrator names nobody: nobody hears when something fails"
            ),
            text!("写上管理员的邮箱", "write an administrator's address"),
        )
    })
}

fn of_data(patient: &Patient, config: &Config) -> Vec<Remark> {
    let mut remarks = Vec::new();
    let (Some(workplace), Some(read)) = (patient.workplace, patient.read()) else { return remarks };
    let roles = &workplace.pack.dictionary.customers;
    if read.datasets.get(&roles.table).is_none_or(|customers| customers.height == 0) {
        return remarks;
    }
    let rows = rows_by_department(&read.datasets, roles);
    let entries: Vec<&str> = config.departments.iter().map(|department| department.name.trim()).collect();
    let fallback = &config.fallback_department;
    for (name, count) in rows.iter().filter(|(name, _)| !name.is_empty() && !entries.contains(&name.as_str())) {
        let near = nearest(name, entries.iter().copied());
        let near = near.map(|near| text!("，是否即“{near}”？", ", is it `{near}`?")).unwrap_or_default();
        let (zh, en) = (near.zh, near.en);
        remarks.push(Remark::doubtful(
            text!(
                "数据中的部门“{name}”（{count} 个客户）没有登记{zh}",
                "the department `{name}` of the data ({count} customers) has no entry{en}"
            ),
            text!(
                "写上 [departments.\"{name}\"]，或改正数据；在此之前其问题发给{fallback}",
                "write [departments.\"{name}\"], or mend the data; until then what is found goes to {fallback}"
            ),
        ));
    }
    let is_used = |name: &str| rows.keys().any(|known| known == name) || name == fallback.as_str();
    for name in entries.iter().filter(|name| !is_used(name)) {
        remarks.push(Remark::doubtful(
            text!("登记的部门“{name}”在数据中没有客户", "the department `{name}` has an entry and no customer"),
            text!(
                "看名称是否与数据一致；部门已撤销的，删去",
                "see that it is written as in the data; take it out if it is gone"
            ),
        ));
    }
    remarks
}
