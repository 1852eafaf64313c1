//! Whether mail can go out: the settings held against what hosts ask for, and the login really tried.
//!
//! Apart because most workplaces that do not work fail here. It sends no mail.

use super::{Patient, Remark, block_on};
use crate::config::{MailTransport, Security, SmtpConfig};
use crate::exit_code::ExitCode;
use crate::outbox::hosts;
use crate::pipeline::mails;
use crate::pipeline::recipients::bare;
use crate::text;
use crate::text::Text;
use crate::workplace::Workplace;

pub(super) fn look(patient: &Patient) -> Option<Vec<Remark>> {
    let workplace = patient.workplace?;
    let config = &workplace.config;
    if config.jobs.is_empty() {
        return Some(vec![Remark::well(text!("没有任务，不发邮件", "no job, no mail"))]);
    }
    let mut remarks = Vec::new();
    match &config.mail.transport {
        MailTransport::File => remarks.push(Remark::doubtful(
            text!(
                "[mail] transport = \"file\"：邮件只存成文件，谁也收不到",
                "[mail] transport = \"file\": mails become files, and nobody gets them"
            ),
            text!(
                "试用完了改为 transport = \"smtp\"，写上 host、username、password",
                "once it has been tried, write transport = \"smtp\" with host, username and password"
            ),
        )),
        MailTransport::Smtp(smtp) => {
            remarks.extend(settings(smtp, &bare(&config.mail.from)));
            remarks.extend(login(workplace));
        }
    }
    remarks.extend(share(workplace));
    if remarks.is_empty() {
        let MailTransport::Smtp(SmtpConfig { host, port, .. }) = &config.mail.transport else { return Some(remarks) };
        remarks.push(Remark::well(text!("{host}:{port} 可以登录", "{host}:{port} lets us log in")));
    }
    Some(remarks)
}

fn settings(smtp: &SmtpConfig, from: &str) -> Vec<Remark> {
    let SmtpConfig { host, port, security, username, .. } = smtp;
    let mut remarks = Vec::new();
    if *security == Security::None && username.is_some() {
        remarks.push(Remark::doubtful(
            text!(
                "security = \"none\" 且有 username：密码在网上明文传送",
                "security = \"none\" with a username: the password goes over the network in the open"
            ),
            text!(
                "用 security = \"tls\"（465）或 \"starttls\"（587）；内部中继不登录的，去掉 username",
                "take security = \"tls\" (465) or \"starttls\" (587); a relay without login needs no username"
            ),
        ));
    }
    let unusual = matches!((security, port), (Security::Tls, 25 | 587) | (Security::StartTls, 465 | 994));
    if unusual {
        remarks.push(Remark::doubtful(
            text!("端口 {port} 与 security 不配", "port {port} does not go with security"),
            text!(
                "465（994）用 \"tls\"，587 用 \"starttls\"，25 用 \"none\" 或 \"starttls\"",
                "465 (994) is \"tls\", 587 \"starttls\", 25 \"none\" or \"starttls\""
            ),
        ));
    }
    if let Some(username) = username.as_ref().filter(|name| name.contains('@') && !name.eq_ignore_ascii_case(from)) {
        let is_strict = hosts::wants_login_as_sender(host);
        let said = text!("发件人 {from} 与登录账号 {username} 不同", "the sender {from} is not the login {username}");
        let mend = text!(
            "[mail] from 用登录账号的地址（国内主机多因此退信 501/550/554）",
            "let [mail] from have the login's address: most hosts in China turn others down (501, 550, 554)"
        );
        remarks.push(match is_strict {
            true => Remark::ill(ExitCode::NotDelivered, said, mend),
            false => Remark::doubtful(said, mend),
        });
    }
    remarks
}

/// Connects and logs in, as a run would.
fn login(workplace: &Workplace) -> Option<Remark> {
    let Text { zh, en } = match block_on(mails::greet(workplace)) {
        Ok(Ok(())) => return None,
        Ok(Err(words)) => words,
        Err(error) => Text::same(error.to_string()),
    };
    Some(Remark::ill(
        ExitCode::NotDelivered,
        text!("邮件服务器：{zh}", "the mail server: {en}"),
        text!(
            "核对 host、port、security、username；535 多是要用授权码（客户端专用密码），或管理员没有开通 SMTP；\
             云主机封 25 端口，用 465",
            "check host, port, security and username; 535 often asks for an authorisation code in place of the password, \
             or for SMTP to be switched on; clouds block port 25, take 465"
        ),
    ))
}

/// Whether files that are too large can be left where mails say that they lie.
fn share(workplace: &Workplace) -> Option<Remark> {
    let folder = workplace.config.mail.share_folder.as_deref()?;
    let shown = folder.display();
    let error = match tempfile::NamedTempFile::new_in(folder) {
        Ok(_) => return None,
        Err(error) => error,
    };
    Some(Remark::ill(
        ExitCode::NotDelivered,
        text!("共享文件夹 {shown} 放不进文件：{error}", "no file can be put on the share {shown}: {error}"),
        text!(
            "看是否已挂载，运行 hedui 的用户能否写",
            "see that it is mounted, and that the user who runs hedui may write there"
        ),
    ))
}
