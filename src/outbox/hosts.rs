//! What is known of mail hosts by their names: how fast one may send, whether the sender must be the login, and what
//! stands behind a refused login.
//!
//! Apart because it is knowledge of other people's services, which changes without a word, and not of SMTP. It opens no
//! connection; a host that is not named here gets no special treatment.

use std::time::Duration;

use crate::text;
use crate::text::Text;

/// A mail host, or several of one kind.
struct Host {
    /// Its names; what lies below them is meant too.
    names: &'static [&'static str],
    /// Whether it refuses a sender that is not the login.
    is_strict: bool,
    /// What to look at where it refuses a login.
    login: fn() -> Text,
}

/// Public hosts keep their limits secret; this pace is what their help pages and refusals advise.
const PAUSE: Duration = Duration::from_secs(2);

static HOSTS: [Host; 7] = [
    Host { names: &["exmail.qq.com", "hwsmtp.exmail.qq.com"], is_strict: false, login: tencent },
    Host { names: &["smtp.qq.com"], is_strict: true, login: authorisation_code },
    Host { names: &["qiye.163.com"], is_strict: false, login: netease_company },
    Host { names: &["smtp.163.com", "smtp.126.com", "smtp.yeah.net"], is_strict: true, login: authorisation_code },
    Host { names: &["qiye.aliyun.com", "mxhichina.com"], is_strict: false, login: aliyun },
    Host { names: &["smtp.263.net"], is_strict: false, login: authorisation_code },
    Host { names: &["smtp.office365.com", "smtp.partner.outlook.cn"], is_strict: false, login: exchange_online },
];

fn known(host: &str) -> Option<&'static Host> {
    let host = host.trim_end_matches('.').to_ascii_lowercase();
    let below = |name: &str| host.strip_suffix(name).is_some_and(|rest| rest.is_empty() || rest.ends_with('.'));
    HOSTS.iter().find(|known| known.names.iter().any(|name| below(name)))
}

/// How long to wait between two mails where the configuration says nothing.
pub fn usual_pause(host: &str) -> Duration {
    known(host).map_or(Duration::ZERO, |_| PAUSE)
}

/// Whether a host refuses mails whose sender is not the login.
pub fn wants_login_as_sender(host: &str) -> bool {
    known(host).is_some_and(|known| known.is_strict)
}

/// What to look at where a host refuses a login.
pub fn about_login(host: &str) -> Option<Text> {
    known(host).map(|known| (known.login)())
}

fn tencent() -> Text {
    text!(
        "腾讯企业邮箱：管理员须先在“协作→安全管理→客户端访问限制”允许 IMAP/SMTP，成员须在邮箱设置中开启，开了安全登录的要用客户端专用密码；少一项即 535",
        "Tencent Exmail: the administrator has to allow IMAP/SMTP for clients first, the member has to switch it on, and \
         with safe login the app password is wanted; each that is missing gives 535"
    )
}

fn netease_company() -> Text {
    text!(
        "网易企业邮：管理员须允许 SMTP 客户端，密码处填客户端授权密码",
        "NetEase company mail: the administrator has to allow SMTP clients; the client password is wanted"
    )
}

fn aliyun() -> Text {
    text!(
        "阿里企业邮箱：开启了三方客户端安全密码的，密码处要填它",
        "Aliyun company mail: where security passwords for other clients are switched on, that one is wanted"
    )
}

fn authorisation_code() -> Text {
    text!(
        "此邮箱要填授权码，不是网页登录密码；授权码会过期，改了网页密码也会作废，请重新生成",
        "this host wants an authorisation code, not the password of its website; codes expire, and a change of password ends them: make a new one"
    )
}

fn exchange_online() -> Text {
    text!(
        "Exchange Online：此账号须开启 SMTP AUTH；密码登录将停用，可改用 token 或 token_command（XOAUTH2），或公司内部的邮件中继",
        "Exchange Online: SMTP AUTH has to be on for this mailbox; passwords are being phased out: use token or \
         token_command (XOAUTH2), or the company's internal relay"
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hosts_are_known_by_their_names_and_by_nothing_near_them() {
        for (host, strict, pause) in [
            ("smtp.qq.com", true, PAUSE),
            ("SMTP.163.com.", true, PAUSE),
            ("smtp.qiye.163.com", false, PAUSE),
            ("smtp.exmail.qq.com", false, PAUSE),
            ("hwsmtp.exmail.qq.com", false, PAUSE),
            ("smtp.office365.com", false, PAUSE),
            ("mail.example.com", false, Duration::ZERO),
            ("notsmtp.qq.com", false, Duration::ZERO),
            ("smtp.qq.com.example.com", false, Duration::ZERO),
            ("localhost", false, Duration::ZERO),
        ] {
            assert_eq!((wants_login_as_sender(host), usual_pause(host)), (strict, pause), "{host}");
            assert_eq!(about_login(host).is_some(), pause == PAUSE, "{host}");
        }
    }
}
