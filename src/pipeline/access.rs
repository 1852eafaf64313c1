//! Who may see what of this run: the configuration's clearances, the dictionary's masks and levels, and the words of
//! records that are withheld (withheld); and the passwords that workbooks are closed with.
//!
//! Apart because it is gathered from the workplace and from the data, and reports know neither. It shows nothing.

mod withheld;

use std::collections::BTreeMap;

use super::Checked;
use crate::dictionary::Field;
use crate::model::Secrecy;
use crate::report::access::{Access, FieldAccess, Important, Reader, RuleAccess};
use crate::report::{Document, encrypt};
use crate::text;
use crate::text::Text;
use crate::workplace::Workplace;

/// Who may see what.
pub fn access(workplace: &Workplace, checked: &Checked) -> Access {
    let config = &workplace.config;
    let dictionary = &workplace.pack.dictionary;
    let departments: BTreeMap<String, Reader> = config
        .departments
        .iter()
        .map(|department| {
            let reader = Reader { clearance: department.clearance, unmasked: department.unmasked };
            (department.name.trim().to_owned(), reader)
        })
        .collect();
    let service = departments.get(config.fallback_department.trim()).copied().unwrap_or_default();
    let masked = |clearance| Reader { clearance, unmasked: false };
    let fields = dictionary.tables.iter().map(|table| {
        let of = |field: &Field| (field.name.clone(), FieldAccess { mask: field.mask, secrecy: field.secrecy });
        (table.name.clone(), table.fields.iter().map(of).collect())
    });
    let mut access = Access {
        service: masked(service.clearance),
        leader: masked(config.people.clearance.leader),
        management: masked(config.people.clearance.management),
        fields: fields.collect(),
        blanks: dictionary.missing.iter().cloned().collect(),
        important: important(workplace, checked),
        contact: config.contact.clone().unwrap_or_else(|| config.fallback_department.clone()),
        retention_days: config.retention_days,
        departments,
        ..Access::default()
    };
    access.rules = rules(workplace, &access.fields);
    access.guards = withheld::guards(workplace, checked, &access);
    access
}

fn rules(
    workplace: &Workplace,
    fields: &BTreeMap<String, BTreeMap<String, FieldAccess>>,
) -> BTreeMap<String, RuleAccess> {
    let mut rules: BTreeMap<String, RuleAccess> = BTreeMap::new();
    for rule in &workplace.pack.rules {
        let level = |(table, field): (String, String)| {
            fields.get(&table).and_then(|fields| fields.get(&field)).map_or(Secrecy::Public, |field| field.secrecy)
        };
        let reads = rule.reads().into_iter().chain(rule.check.reads_where_there_is_a_column());
        let secrecy = reads.map(level).max().unwrap_or(Secrecy::Public);
        let known =
            rules.entry(rule.id.clone()).or_insert(RuleAccess { secrecy: Secrecy::Public, speaks_of_others: false });
        known.secrecy = known.secrecy.max(secrecy);
        known.speaks_of_others |= rule.check.looks_beyond_the_row();
    }
    rules
}

fn important(workplace: &Workplace, checked: &Checked) -> Option<Important> {
    let roles = &workplace.pack.dictionary.customers;
    let role = roles.important.as_ref()?;
    let mut important = Important { clearance: role.clearance, ..Important::default() };
    if let Some(customers) = checked.datasets.get(&roles.table) {
        let is = |record: &usize| role.values.iter().any(|value| value == customers.folded_at(&role.field, *record));
        for record in (0..customers.height).filter(is) {
            important.keys.insert(customers.key_at(record).to_owned());
            important.names.insert(customers.folded_at(&roles.name, record).to_owned());
        }
    }
    Some(important)
}

/// Closes the workbooks of departments that have a password. Where it cannot be had, the document keeps none of them
/// and says why it must not be sent.
pub fn seal(workplace: &Workplace, documents: &mut [Document]) {
    for document in documents {
        let department = document.department.as_deref();
        let Some(revealed) = department.and_then(|name| password(workplace, name)) else { continue };
        // What the workbook shows lies nowhere in the clear.
        document.json.clear();
        let sealed = revealed.and_then(|password| sealed(document, &password));
        if let Err(reason) = sealed {
            document.attachments.clear();
            document.held_because = Some(reason);
        }
    }
}

/// The password of a department's workbooks; nothing where it has none.
pub(super) fn password(workplace: &Workplace, department: &str) -> Option<Result<String, Text>> {
    let password = workplace.config.department(department)?.password.as_ref()?;
    Some(password.reveal().and_then(|password| match password.is_empty() {
        true => Err(text!("密码是空的", "the password is empty")),
        false => Ok(password),
    }))
}

fn sealed(document: &mut Document, password: &str) -> Result<(), Text> {
    for attachment in &mut document.attachments {
        attachment.bytes = encrypt(&attachment.bytes, password)
            .map_err(|error| text!("工作簿无法加密：{error}", "a workbook cannot be encrypted: {error}"))?;
    }
    Ok(())
}

/// What is said of documents that are not sent.
pub fn held(documents: &[Document], job: &str, period: &str) -> Vec<Text> {
    let held = documents.iter().filter_map(|document| document.held_because.as_ref().map(|why| (document, why)));
    held.map(|(document, why)| {
        let department = document.department.as_deref().unwrap_or_default();
        let (zh, en) = (&why.zh, &why.en);
        text!(
            "{department}：邮件没有发出，因为工作簿不能加密（{zh}）；未写出任何未加密的文件。改好后运行 hedui run {job} --period {period}",
            "{department}: nothing was sent, because its workbooks cannot be encrypted ({en}); nothing was written \
             unencrypted. Once that is mended: hedui run {job} --period {period}"
        )
    })
    .collect()
}
