//! Whether the addresses of the configuration are those of the company.
//!
//! Apart because a report in the wrong hands cannot be called back. Whether an address exists, a mail server says.

use super::{Patient, Remark};
use crate::config::Config;
use crate::pipeline::recipients::bare;
use crate::text;

/// Hosts of private mailboxes, and whether their servers stand outside of the mainland.
const PRIVATE: [(&str, bool); 18] = [
    ("qq.com", false),
    ("foxmail.com", false),
    ("163.com", false),
    ("126.com", false),
    ("yeah.net", false),
    ("139.com", false),
    ("189.cn", false),
    ("sina.com", false),
    ("sina.cn", false),
    ("sohu.com", false),
    ("aliyun.com", false),
    ("gmail.com", true),
    ("outlook.com", true),
    ("hotmail.com", true),
    ("live.com", true),
    ("icloud.com", true),
    ("yahoo.com", true),
    ("proton.me", true),
];

/// Domains of examples, which no mail reaches.
const SAMPLES: [&str; 3] = ["example.com", "example.org", "example.net"];

/// So many letters make a slip of one domain out of another.
const SLIP: usize = 2;

pub(super) fn look(patient: &Patient) -> Option<Vec<Remark>> {
    let config = patient.config?;
    let all = all(config);
    let own = domain(&bare(&config.mail.from));
    let mut remarks = Vec::new();
    remarks.extend(samples(&all, &config.mail.domains));
    for (whose, address) in &all {
        remarks.extend(of_one(whose, address, &own, &config.mail.domains));
    }
    remarks.extend(shared(config));
    if config.mail.domains.is_empty() && !all.is_empty() {
        remarks.push(Remark::doubtful(
            text!(
                "[mail] domains 没有写：写错的地址也会收到客户资料",
                "[mail] domains is not set: a mistyped address gets customers' records too"
            ),
            text!(
                "写上 domains = [\"{own}\"]，配置里别的地址即报错",
                "write domains = [\"{own}\"]: any other address is then refused"
            ),
        ));
    }
    if remarks.is_empty() {
        let count = all.len();
        remarks.push(Remark::well(text!(
            "{count} 个收件地址都在公司域名内",
            "{count} addresses, all within the company's domains"
        )));
    }
    Some(remarks)
}

/// Whom the configuration mails to: whose it is, and the bare address.
fn all(config: &Config) -> Vec<(String, String)> {
    let departments = config.departments.iter().flat_map(|department| {
        department.to.iter().chain(&department.cc).map(|address| (department.name.clone(), bare(address)))
    });
    let people = &config.people;
    let groups = [
        ("service", &people.service),
        ("leader", &people.leader),
        ("management", &people.management),
        ("administrator", &people.administrator),
    ];
    let people = groups.into_iter().flat_map(|(group, addresses)| {
        addresses.iter().map(move |address| (format!("[people] {group}"), bare(address)))
    });
    let mut all: Vec<(String, String)> = Vec::new();
    for entry in departments.chain(people) {
        if !all.iter().any(|(_, known)| known.eq_ignore_ascii_case(&entry.1)) {
            all.push(entry);
        }
    }
    all
}

/// Addresses that are still those of the sample.
fn samples(all: &[(String, String)], domains: &[String]) -> Option<Remark> {
    let is_sample = |address: &str| {
        let host = domain(address);
        SAMPLES.contains(&host.as_str()) && !domains.contains(&host)
    };
    let found: Vec<String> = all
        .iter()
        .filter(|(_, address)| is_sample(address))
        .map(|(whose, address)| format!("{whose} {address}"))
        .collect();
    let list = found.join(", ");
    (!found.is_empty()).then(|| {
        Remark::doubtful(
            text!("还是样例的地址，收不到邮件：{list}", "still the sample's, which no mail reaches: {list}"),
            text!("换成真实的邮箱", "write real addresses"),
        )
    })
}

fn of_one(whose: &str, address: &str, own: &str, domains: &[String]) -> Option<Remark> {
    let host = domain(address);
    if let Some((_, abroad)) = PRIVATE.iter().find(|(name, _)| *name == host && *name != own) {
        let (zh, en) = match abroad {
            true => ("，且服务器在境外（个人信息出境）", ", and its server stands abroad"),
            false => ("", ""),
        };
        return Some(Remark::doubtful(
            text!("{whose} 的 {address} 是私人邮箱{zh}", "{address} of {whose} is a private mailbox{en}"),
            text!(
                "换成公司邮箱；确需如此的，先经批准",
                "take an address of the company; otherwise have it approved first"
            ),
        ));
    }
    let is_typo = domains.is_empty() && host != own && strsim::damerau_levenshtein(&host, own) <= SLIP;
    is_typo.then(|| {
        Remark::doubtful(
            text!(
                "{whose} 的 {address}：域名与公司的 {own} 只差一两个字母",
                "{address} of {whose} is a letter or two away from {own}"
            ),
            text!("看是否写错", "see whether it is a slip"),
        )
    })
}

/// An address that gets the reports of departments with different clearances.
fn shared(config: &Config) -> Vec<Remark> {
    let mut remarks = Vec::new();
    for (number, department) in config.departments.iter().enumerate() {
        for address in department.to.iter().chain(&department.cc).map(|address| bare(address)) {
            let is_his = |other: &String| bare(other).eq_ignore_ascii_case(&address);
            let other = config.departments[..number]
                .iter()
                .find(|other| other.clearance != department.clearance && other.to.iter().chain(&other.cc).any(is_his));
            if let Some(other) = other {
                let (one, two) = (&other.name, &department.name);
                remarks.push(Remark::doubtful(
                    text!(
                        "{address} 同时收 {one} 和 {two} 的报告，两者密级授权不同",
                        "{address} gets the reports of {one} and of {two}, whose clearances differ"
                    ),
                    text!("看授权是否有误，或换一个地址", "see which clearance is meant, or take another address"),
                ));
            }
        }
    }
    remarks
}

fn domain(address: &str) -> String {
    address.rsplit('@').next().unwrap_or_default().to_ascii_lowercase()
}
