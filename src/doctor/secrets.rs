//! Whether every secret that the configuration names can be had, and by nobody else.
//!
//! Apart because a secret is needed by mail, sources and workbooks alike. It tells where a secret is kept, never what it
//! is.

use std::os::unix::fs::PermissionsExt;
use std::path::Path;

use super::{Patient, Remark};
use crate::config::secrets::is_open_to_others;
use crate::config::{Config, Location, MailTransport, Secret, Token};
use crate::exit_code::ExitCode;
use crate::text;
use crate::text::Text;

/// A secret, what it is for, and what a run ends with that cannot have it.
pub(super) struct Kept<'c> {
    pub(super) secret: &'c Secret,
    of: Text,
    code: ExitCode,
}

pub(super) fn look(patient: &Patient) -> Option<Vec<Remark>> {
    let config = patient.config?;
    let kept = all(config);
    let mut remarks: Vec<Remark> = kept.iter().flat_map(of_one).collect();
    if remarks.is_empty() {
        let count = kept.len();
        remarks.push(match count {
            0 => Remark::well(text!("配置没有用到密钥", "the configuration names no secret")),
            _ => Remark::well(text!(
                "{count} 个密钥都取得到，别人读不到",
                "{count} secrets can be had, and by nobody else"
            )),
        });
    }
    Some(remarks)
}

/// Every secret of a configuration.
pub(super) fn all(config: &Config) -> Vec<Kept<'_>> {
    let mut kept: Vec<Kept> = Vec::new();
    if let MailTransport::Smtp(smtp) = &config.mail.transport {
        let of = text!("邮件账号", "the mail server");
        let token = match &smtp.token {
            Some(Token::Kept(secret)) => Some(secret),
            _ => None,
        };
        let secrets = smtp.password.iter().chain(token);
        kept.extend(secrets.map(|secret| Kept { secret, of: of.clone(), code: ExitCode::NotDelivered }));
    }
    for source in &config.sources {
        let of = source.table.value.as_str();
        let of = text!("表 {of} 的来源", "a source of {of}");
        let password = source.workbook.password.iter();
        let url = match &source.location {
            Location::Database(database) => Some(&database.url),
            Location::Files(_) => None,
        };
        let secrets = password.chain(url).filter(|secret| !matches!(secret, Secret::Written(_)));
        kept.extend(secrets.map(|secret| Kept { secret, of: of.clone(), code: ExitCode::Partial }));
    }
    for department in &config.departments {
        let name = &department.name;
        let of = text!("{name}的工作簿", "the workbooks of {name}");
        kept.extend(department.password.iter().map(|secret| Kept {
            secret,
            of: of.clone(),
            code: ExitCode::NotDelivered,
        }));
    }
    kept
}

fn of_one(kept: &Kept) -> Vec<Remark> {
    let Kept { secret, of: Text { zh, en }, code } = kept;
    if let Err(error) = secret.reveal() {
        let (why_zh, why_en) = (error.zh, error.en);
        return vec![Remark::ill(
            *code,
            text!("{zh}的密钥取不到：{why_zh}", "the secret of {en} cannot be had: {why_en}"),
            mend(secret),
        )];
    }
    let Secret::File(path) = secret else { return Vec::new() };
    let mut remarks = Vec::new();
    let shown = path.display();
    if is_open_to_others(path) {
        remarks.push(Remark::doubtful(
            text!("{zh}的密钥文件 {shown} 别的用户也能读", "other users may read {shown}, the secret of {en}"),
            text!("chmod 600 {shown}，并换一个新密码", "chmod 600 {shown}, and change the password"),
        ));
    }
    if path.parent().is_some_and(is_anybodys) {
        remarks.push(Remark::doubtful(
            text!(
                "密钥文件 {shown} 所在的文件夹谁都能写，文件可能被替换",
                "anybody may write the folder of {shown}, and put another file there"
            ),
            text!("chmod o-w 该文件夹", "chmod o-w that folder"),
        ));
    }
    remarks
}

fn mend(secret: &Secret) -> Text {
    match secret {
        Secret::Credential(name) => text!(
            "服务单元里写 LoadCredential={name}:文件；凭据只有由 systemd 启动时才看得到：\
             systemd-run -t -p LoadCredential={name}:文件 hedui doctor",
            "write LoadCredential={name}:FILE in the unit; a credential is seen only where systemd starts hedui: \
             systemd-run -t -p LoadCredential={name}:FILE hedui doctor"
        ),
        _ => text!(
            "变量写进 crontab 或服务单元的环境；文件写好后 chmod 600，归运行 hedui 的用户",
            "set the variable where cron or the service starts hedui; a file is chmod 600 and the user's who runs hedui"
        ),
    }
}

/// Whether anybody may replace what lies in a folder.
fn is_anybodys(folder: &Path) -> bool {
    // with the sticky bit, as in /tmp, everybody only replaces his own
    std::fs::metadata(folder).is_ok_and(|data| data.permissions().mode() & 0o1002 == 0o002)
}
