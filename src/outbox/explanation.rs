//! What an administrator has to know besides a server's words: what the answer means here, and what to do.
//!
//! Apart from the judgement because words for people grow with experience, and decide nothing. It knows no connection.

use super::reply::{Stage, says};
use crate::text;
use crate::text::Text;

/// The words of NetEase, and the phrases of others, for a sender that is too fast for them.
const TOO_FAST: [&str; 18] = [
    "hl:icc",
    "hl:ifc",
    "hl:rep",
    "mi:cel",
    "mi:dmc",
    "mi:ccl",
    "mi:sfq",
    "rp:drc",
    "frequen",
    "throttl",
    "rate limit",
    "too many mails",
    "too many messages",
    "too many same size",
    "too many connections",
    "sending limit",
    "quotaexceeded",
    "频率",
];

/// Whether a server says that mails come too fast for it, or too many of them.
pub(super) fn is_about_pace(said: &str) -> bool {
    let said = said.to_lowercase();
    TOO_FAST.iter().any(|word| said.contains(word))
}

/// What the enhanced status codes mean that need a word of their own; x stands for 4 and 5.
fn by_enhanced_code(said: &str) -> Option<Text> {
    let either = |rest: &str| says(said, &format!("5.{rest}")) || says(said, &format!("4.{rest}"));
    Some(match () {
        () if says(said, "5.7.30") => text!(
            "该服务器已停用密码登录(Exchange Online 的基本身份验证);须由其管理员重新开启,或改用 token(XOAUTH2)或公司内部的邮件中继",
            "this server no longer takes passwords (basic authentication of Exchange Online): its administrator has to switch it on again, or use token (XOAUTH2) or the company's internal relay"
        ),
        () if says(said, "5.7.57") => text!(
            "服务器要求先登录:请检查 [mail] 中的 username 和 password",
            "the server wants a login: see username and password in [mail]"
        ),
        () if says(said, "5.7.60") => text!(
            "登录账号无权以 [mail] from 的地址发信:请改用登录账号的地址,或由管理员授予“代理发送”权限",
            "the login may not send as the address in [mail] from: take the login's own, or have its administrator grant Send As"
        ),
        () if either("2.1") => text!("收件人邮箱已停用", "the recipient's mailbox is disabled"),
        () if either("2.2") => text!("收件人邮箱已满", "the recipient's mailbox is full"),
        () if either("2.3") || either("3.4") => {
            text!(
                "邮件超出服务器允许的大小:请调小 [mail] largest 后重新运行该期",
                "the mail is larger than the server takes: lower [mail] largest and run its period again"
            )
        }
        () if ["1.0", "1.1", "1.2", "1.3", "1.6", "1.10"].into_iter().any(either) => {
            text!("收件地址被拒:请核对该地址", "recipient refused: check the address")
        }
        () if either("1.7") || either("1.8") => text!(
            "发件人被拒:[mail] from 的地址多须与登录账号一致",
            "sender refused: most hosts want the address in [mail] from to be the login"
        ),
        () => return None,
    })
}

/// The explanation of an answer, where it needs one.
pub(super) fn explain(stage: Stage, code: u16, said: &str) -> Option<Text> {
    if is_about_pace(said) {
        return Some(text!(
            "发得太快或太多:请在 [mail] 中调大 pause,或限定 per_hour、per_day",
            "too fast or too many: raise pause in [mail], or set per_hour and per_day"
        ));
    }
    by_enhanced_code(said).or_else(|| by_code(stage, code))
}

fn by_code(stage: Stage, code: u16) -> Option<Text> {
    Some(match (stage, code) {
        (Stage::Token, 500..=599) => text!(
            "令牌被拒:请核对 username、令牌是否过期、是否带有发信(SMTP.Send)权限,以及该邮箱是否开启了 SMTP AUTH",
            "token refused: check the user name, whether the token is out of date or lacks the right to send (SMTP.Send), and whether SMTP AUTH is on for this mailbox"
        ),
        (_, 535 | 534) | (Stage::Login, 500..=599) => text!(
            "登录被拒:请核对用户名(一般是完整邮箱地址)和密码;国内邮箱多数要填授权码或客户端专用密码,并先在邮箱设置中允许 SMTP",
            "login refused: check the user name (usually the whole address) and the password; most hosts want an authorisation code or app password here, and SMTP to be allowed in the mailbox settings first"
        ),
        (_, 530) => text!(
            "服务器要求先登录或先加密:请检查 [mail] 中的 username、password 和 security",
            "the server wants a login or encryption first: see username, password and security in [mail]"
        ),
        (_, 538) => text!(
            "服务器只在加密连接上接受登录:请把 security 设为 tls 或 starttls",
            "the server takes logins over encryption only: set security to tls or starttls"
        ),
        (Stage::Connect, 500..=599) => {
            text!("服务器不接受这台机器的连接", "the server does not take connections from this machine")
        }
        (_, 552) => {
            text!("邮件超出服务器允许的大小或空间", "the mail is larger than the server, or the mailbox, takes")
        }
        (Stage::Sender, 500..=599) => text!(
            "发件人被拒:[mail] from 的地址多须与登录账号一致",
            "sender refused: most hosts want the address in [mail] from to be the login"
        ),
        (Stage::Recipient, 550 | 551 | 553) => {
            text!("收件地址被拒:请核对该地址", "recipient refused: check the address")
        }
        (_, 554) => text!(
            "被服务器的策略或反垃圾规则拒收:请联系邮箱管理员",
            "refused by the server's policy or spam rules: ask its administrator"
        ),
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_hosts_answer_to_those_who_are_too_fast_is_known() {
        for said in [
            "MI:SFQ 163 smtp1,D8mowAB",
            "Reject by behaviour spam at Rcpt State: sending too frequently",
            "too many same size mails",
            "4.7.500 Server busy. Please try again later. Throttled",
            "5.2.0 STOREDRV.Submission.Exception:SubmissionQuotaExceededException",
        ] {
            assert!(is_about_pace(said), "{said}");
            assert!(explain(Stage::Answer, 554, said).expect(said).en.contains("pause"), "{said}");
        }
        for said in ["5.4.6 too many hops", "DT:SPM 163", "5.1.1 no such user"] {
            assert!(!is_about_pace(said), "{said}");
        }
    }

    #[test]
    fn the_enhanced_code_says_more_than_the_plain_one() {
        for (stage, code, said, word) in [
            (Stage::Answer, 552, "5.2.2 over quota", "full"),
            (Stage::Recipient, 452, "4.2.2 over quota", "full"),
            (Stage::Answer, 552, "5.3.4 too big", "largest"),
            (Stage::Answer, 554, "5.2.252 SendAsDenied; 5.7.60 cannot send as", "Send As"),
            (Stage::Answer, 550, "5.1.10 RESOLVER.ADR.RecipientNotFound", "address"),
            (Stage::Recipient, 550, "no such user", "address"),
            (Stage::Answer, 554, "DT:SPM", "spam"),
        ] {
            assert!(explain(stage, code, said).expect(said).en.contains(word), "{said}");
        }
    }
}
