//! Ways to log in to a mail server: by access token, or not at all.
//!
//! Apart from `outbox`, where logins fail: here what is asked for is done as the server wants it, and no secret is seen.

use crate::mail::{run, states, workplace};
use crate::server::Server;
use crate::workplace::{AS_OF, Ran, Workplace};

const TOKEN: &str = "eyJ0eXAi.geheim-token.4711";

/// `[mail]` with a way to log in instead of the password.
fn instead_of_the_password(server: &Server, way: &str) -> String {
    server.settings().replace("password = \"env:HEDUI_IT_PASSWORD\"", way)
}

fn run_with_token(workplace: &Workplace, token: &str) -> Ran {
    let mut command = workplace.command();
    command.args(["run", "weekly", "--as-of", AS_OF, "-vv"]).env("HEDUI_IT_TOKEN", token);
    Ran::of(&mut command, "run")
}

#[test]
fn a_token_logs_in_wherever_it_comes_from() {
    let mailbox = tempfile::tempdir().expect("a mailbox");
    let server = Server::start(mailbox.path(), 0, &["--token", TOKEN]);
    for (number, (way, file, text)) in [
        ("token = \"env:HEDUI_IT_TOKEN\"", "", String::new()),
        ("token = \"file:mail.token\"", "mail.token", format!("{TOKEN}\n")),
        ("token_command = [\"sh\", \"-c\", \"echo $HEDUI_IT_TOKEN\"]", "", String::new()),
        ("token_command = [\"sh\", \"./token.sh\", \"a b\"]", "token.sh", format!("[ \"$1\" = 'a b' ] && echo {TOKEN}\n")),
        ("token_command = [\"sh\", \"-c\", \"echo {\\\\\\\"access_token\\\\\\\": \\\\\\\"$HEDUI_IT_TOKEN\\\\\\\"}\"]", "", String::new()),
    ]
    .into_iter()
    .enumerate()
    {
        let workplace = workplace(&instead_of_the_password(&server, way));
        if !file.is_empty() {
            workplace.write(file, text);
            use std::os::unix::fs::PermissionsExt as _;
            let mode = std::fs::Permissions::from_mode(0o600);
            std::fs::set_permissions(workplace.path(file), mode).expect("the owner's alone");
        }
        let ran = run_with_token(&workplace, TOKEN);
        ran.exits(0);
        assert!(!ran.stderr.contains(TOKEN), "{way}: {}", ran.all());
        let received = server.mails();
        assert_eq!(received.len(), 6 * (number + 1), "{way}");
        let (_, last) = received.last().expect("a mail");
        assert_eq!((&last["mechanism"], &last["login"]), (&"XOAUTH2".into(), &"kefu@example.com".into()), "{way}");
    }
}

#[test]
fn a_token_that_is_no_good_defers_and_says_why_without_it() {
    let wrong = "eyJ0eXAi.wrong-token.0815";
    for (faults, way, words) in [
        (["--token", TOKEN].as_slice(), "token = \"env:HEDUI_IT_TOKEN\"", "令牌被拒"),
        // what the server said before it refused
        (&["--token", TOKEN], "token = \"env:HEDUI_IT_TOKEN\"", "SMTP.Send"),
        (&[], "token = \"env:HEDUI_IT_TOKEN\"", "AUTH XOAUTH2"),
        (&["--token", TOKEN], "token_command = [\"sh\", \"-c\", \"echo $HEDUI_IT_TOKEN; exit 7\"]", "7"),
        (&["--token", TOKEN], "token_command = [\"./nowhere\"]", "nowhere"),
        (&["--token", TOKEN], "token_command = [\"sh\", \"-c\", \"sleep 60\"]\ntimeout = \"1s\"", "没有结束"),
        (&["--token", TOKEN], "token_command = [\"echo\", \"two words\"]", "令牌不可用"),
    ] {
        let mailbox = tempfile::tempdir().expect("a mailbox");
        let server = Server::start(mailbox.path(), 0, faults);
        let workplace = workplace(&instead_of_the_password(&server, way));
        let ran = run_with_token(&workplace, wrong);
        ran.exits(4).says(words);
        assert_eq!((states(&workplace), server.mails().len()), (vec!["deferred".to_owned(); 6], 0), "{way}");
        let list = workplace.hedui(&["outbox", "list"]).stdout;
        assert!(!ran.stderr.contains(wrong) && !list.contains(wrong), "{way}: {}", ran.all());
    }
}

#[test]
fn a_relay_is_used_without_a_login() {
    let mailbox = tempfile::tempdir().expect("a mailbox");
    let server = Server::start_with(mailbox.path(), 0, None, &["--misbehave", "no-auth"]);
    let settings = instead_of_the_password(&server, "")
        .replace("username = \"kefu@example.com\"", "")
        .replace("\"tls\"", "\"none\"");
    let workplace = workplace(&settings);
    run(&workplace, &["run", "weekly"]).exits(0);
    assert!(server.mails().iter().all(|(_, envelope)| envelope["login"].is_null()));
    assert_eq!(server.mails().len(), 6);
}

#[test]
fn ways_to_log_in_that_do_not_go_together_are_told() {
    for (lines, words) in [
        ("username = \"kefu@example.com\"", "password"),
        ("token = \"env:T\"", "username"),
        ("username = \"u\"\npassword = \"env:P\"\ntoken = \"env:T\"", "password, token"),
        ("username = \"u\"\ntoken = \"env:T\"\ntoken_command = [\"t\"]", "token, token_command"),
        ("username = \"u\"\ntoken_command = []", "token_command"),
        ("username = \"u\"\ntoken = \"geheim\"", "env:"),
        ("host = \"smtp.qq.com\"\nusername = \"12345@qq.com\"\npassword = \"env:P\"", "smtp.qq.com"),
        ("host = \"smtp.163.com\"\nusername = \"other\"\npassword = \"env:P\"", "smtp.163.com"),
        ("timeout = \"0s\"", "timeout"),
        ("pause = \"2\"", "pause"),
        ("tries = 0", "tries"),
        ("per_hour = 0", "per_hour"),
    ] {
        let host = if lines.contains("host") { "" } else { "host = \"mail.example.com\"\n" };
        let workplace = workplace(&format!("transport = \"smtp\"\n{host}{lines}"));
        let ran = workplace.hedui(&["lint"]);
        ran.exits(2).says(words).says("hedui.toml:");
        assert!(!ran.stderr.contains("geheim"), "{}", ran.all());
    }
    for lines in [
        "host = \"smtp.qq.com\"\nusername = \"KEFU@example.com\"\npassword = \"env:P\"",
        "host = \"smtp.163.com\"\nusername = \"kefu\"\npassword = \"env:P\"",
        "host = \"mail.example.com\"\npause = \"0s\"\nper_run = 1\nper_day = 500\ntries = 1\nmost_recipients = 1",
    ] {
        workplace(&format!("transport = \"smtp\"\n{lines}")).hedui(&["lint"]).exits(0);
    }
}
