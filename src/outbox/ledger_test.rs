//! The ledger on a real database: what is committed, what is kept, what comes back after a kill.
//!
//! Apart from `store` and `deliver` because both are needed to see it.

use std::num::NonZeroU32;
use std::path::Path;
use std::time::Duration;

use chrono::{DateTime, FixedOffset, TimeDelta};
use sqlx::{Connection as _, SqliteConnection};

use super::store::{self, StoreError};
use super::*;

type Tested = Result<(), Box<dyn std::error::Error>>;

fn run(test: impl Future<Output = Tested>) -> Tested {
    tokio::runtime::Builder::new_current_thread().enable_all().build()?.block_on(test)
}

fn now() -> DateTime<FixedOffset> {
    DateTime::parse_from_rfc3339("2026-11-22T08:00:00+08:00").expect("a moment")
}

async fn ledger() -> Result<SqliteConnection, Box<dyn std::error::Error>> {
    let mut connection = SqliteConnection::connect("sqlite::memory:").await?;
    for migration in [
        include_str!("../history/migrations/0001_initial.sql"),
        include_str!("../history/migrations/0005_outbox.sql"),
        include_str!("../history/migrations/0012_in_doubt.sql"),
    ] {
        sqlx::raw_sql(migration).execute(&mut connection).await?;
    }
    sqlx::raw_sql(
        "insert into run (run_id, job, period, period_kind, period_start, revision, as_of, started_at, seconds, \
         status, findings_file, known_file, snapshot_file) values ('weekly/2026-W47/r1', 'weekly', '2026-W47', \
         'week', '2026-11-16', 1, '2026-11-22', '2026-11-22T08:00:00+08:00', 1.0, 'done', 'f', 'k', 's')",
    )
    .execute(&mut connection)
    .await?;
    Ok(connection)
}

fn new(recipient: &str, revision: u32) -> NewDelivery {
    let identity = Identity {
        company: "华联进出口有限公司",
        job: "weekly",
        report: "department-weekly",
        department: "华东销售部",
        period: "2026-W47",
        recipient,
        revision,
        variant: "",
    };
    let from = "客户服务部 <kefu@example.com>";
    let mail = Mail {
        report: identity.report.into(),
        department: identity.department.into(),
        period: identity.period.into(),
        revision,
        person: String::new(),
        is_draft: false,
        part: (1, 1),
        recipient: recipient.into(),
        to: vec![recipient.into()],
        cc: vec![],
        from: from.into(),
        reply_to: None,
        subject: "【客户数据】华东销售部 2026-W47".into(),
        text: "正文".into(),
        html: "<p>正文</p>".into(),
        attachments: vec![("周报.xlsx".into(), b"PK".to_vec())],
        message_id: message_id(&identity, from),
        date: now(),
    };
    let hash = content_hash(&mail.subject, &mail.text, &mail.html, &mail.attachments);
    let file = format!("out/weekly/2026-W47/mails/{recipient}.eml");
    let bytes = render(&mail).expect("a mail");
    NewDelivery::of(&mail, bytes, "weekly/2026-W47/r1", "weekly", &hash, &file)
}

fn nowhere() -> Transport {
    let host = "127.0.0.1".to_owned();
    let timeout = Duration::from_secs(2);
    let (security, username, password, token, ca_file) = (Security::None, None, None, None, None);
    Transport::Smtp(SmtpSettings { host, port: 1, security, username, password, token, ca_file, timeout })
}

#[test]
fn a_rolled_back_run_leaves_no_mail() -> Tested {
    run(async {
        let mut connection = ledger().await?;
        let mut tx = connection.begin().await?;
        store::enqueue(&mut tx, &new("a@example.com", 1)).await?;
        tx.rollback().await?;
        assert!(store::list(&mut connection, &Filter::default()).await?.is_empty());
        Ok(())
    })
}

#[test]
fn a_server_that_is_not_there_defers_every_mail() -> Tested {
    run(async {
        let mut connection = ledger().await?;
        for recipient in ["a@example.com", "b@example.com"] {
            store::enqueue(&mut connection, &new(recipient, 1)).await?;
        }
        let workplace = Path::new("/nowhere");
        let report = deliver(&mut connection, &nowhere(), workplace, now(), &Round::default()).await?;
        assert_eq!(report.counts.into_iter().collect::<Vec<_>>(), [(State::Deferred, 2)]);
        assert_eq!(report.undelivered, 2);
        let all = store::list(&mut connection, &Filter::default()).await?;
        assert!(all.iter().all(|row| row.attempts == 1 && row.next_try_at == "2026-11-22T08:02:00+08:00"));
        assert!(all[0].last_reply.contains("127.0.0.1:1"), "{}", all[0].last_reply);
        // not yet due; due two minutes later, in whatever time zone that is written
        assert!(store::due(&mut connection, now() + TimeDelta::minutes(1), false).await?.is_empty());
        let later = (now() + TimeDelta::minutes(2)).to_utc().fixed_offset();
        assert_eq!(store::due(&mut connection, later, false).await?.len(), 2);
        Ok(())
    })
}

#[test]
fn tries_end_and_a_person_starts_them_anew() -> Tested {
    run(async {
        let mut connection = ledger().await?;
        let id = store::enqueue(&mut connection, &new("a@example.com", 1)).await?;
        let round = Round { early: true, tries: NonZeroU32::new(3), ..Round::default() };
        for (state, attempts) in [(State::Deferred, 1), (State::Deferred, 2), (State::Refused, 3)] {
            deliver(&mut connection, &nowhere(), Path::new("/nowhere"), now(), &round).await?;
            let row = store::show(&mut connection, id).await?;
            assert_eq!((row.state, row.attempts), (state, attempts), "{}", row.last_reply);
        }
        assert!(store::show(&mut connection, id).await?.last_reply.contains("127.0.0.1:1"));
        let report = deliver(&mut connection, &nowhere(), Path::new("/nowhere"), now(), &round).await?;
        assert_eq!((report.tried.len(), report.undelivered), (0, 1));
        store::retry(&mut connection, id, now()).await?;
        deliver(&mut connection, &nowhere(), Path::new("/nowhere"), now(), &round).await?;
        assert_eq!(store::show(&mut connection, id).await?.state, State::Deferred);
        Ok(())
    })
}

#[test]
fn what_was_handed_over_is_counted_by_the_moment_whatever_its_time_zone() -> Tested {
    let workplace = std::env::temp_dir().join(format!("hedui-outbox-pace-{}", std::process::id()));
    run(async {
        let mut connection = ledger().await?;
        for recipient in ["a@example.com", "b@example.com"] {
            store::enqueue(&mut connection, &new(recipient, 1)).await?;
        }
        let round = Round { limit: Some(1), ..Round::default() };
        deliver(&mut connection, &Transport::File, &workplace, now(), &round).await?;
        for (back, count) in [(TimeDelta::minutes(5), 1), (TimeDelta::minutes(-5), 0)] {
            for moment in [now() - back, (now() - back).to_utc().fixed_offset()] {
                assert_eq!(store::handed_over_since(&mut connection, moment).await?, count, "{moment}");
            }
        }
        Ok(())
    })?;
    std::fs::remove_dir_all(&workplace)?;
    Ok(())
}

#[test]
fn files_are_accepted_and_their_bytes_leave_the_database() -> Tested {
    let workplace = std::env::temp_dir().join(format!("hedui-outbox-ledger-{}", std::process::id()));
    run(async {
        let mut connection = ledger().await?;
        let mail = new("a@example.com", 1);
        let id = store::enqueue(&mut connection, &mail).await?;
        let report = deliver(&mut connection, &Transport::File, &workplace, now(), &Round::default()).await?;
        assert_eq!((report.tried.len(), report.undelivered), (1, 0));
        let row = store::show(&mut connection, id).await?;
        assert_eq!((row.state, row.attempts), (State::Accepted, 1));
        assert_eq!(row.last_reply, format!("已写入 {}", mail.file));
        assert_eq!(std::fs::read(workplace.join(&mail.file))?, mail.message);
        assert_eq!(store::message(&mut connection, id).await?, None);
        let key = Key {
            job: "weekly",
            report: "department-weekly",
            period: "2026-W47",
            department: "华东销售部",
            person: "",
            is_draft: false,
            recipient: "A@Example.com",
        };
        let known: Vec<_> = store::earlier(&mut connection, &key).await?;
        assert_eq!(known.iter().map(|mail| (mail.id, mail.state)).collect::<Vec<_>>(), [(id, State::Accepted)]);
        assert_eq!(known[0].content_hash, mail.content_hash);
        // once accepted, for good
        assert!(
            deliver(&mut connection, &Transport::File, &workplace, now(), &Round::default()).await?.tried.is_empty()
        );
        assert!(matches!(store::retry(&mut connection, id, now()).await, Err(StoreError::NotAllowed { .. })));
        Ok(())
    })?;
    std::fs::remove_dir_all(&workplace)?;
    Ok(())
}

#[test]
fn what_a_kill_left_sending_is_unknown_until_a_person_decides() -> Tested {
    run(async {
        let mut connection = ledger().await?;
        let id = store::enqueue(&mut connection, &new("a@example.com", 1)).await?;
        let before = store::show(&mut connection, id).await?.standing();
        store::mark_sending(&mut connection, id, before, now()).await?;
        assert!(matches!(store::retry(&mut connection, id, now()).await, Err(StoreError::NotAllowed { .. })));
        let report = deliver(&mut connection, &nowhere(), Path::new("/nowhere"), now(), &Round::default()).await?;
        assert_eq!((report.recovered, report.tried.len(), report.undelivered), (1, 0, 1));
        assert_eq!(store::show(&mut connection, id).await?.state, State::Unknown);
        // the person's word, and not before
        store::retry(&mut connection, id, now()).await?;
        let row = store::show(&mut connection, id).await?;
        assert_eq!((row.state, row.attempts), (State::Planned, 1));
        assert!(store::message(&mut connection, id).await?.is_some());
        store::drop(&mut connection, id, "已口头告知", now()).await?;
        assert_eq!(store::message(&mut connection, id).await?, None);
        assert_eq!(store::undelivered(&mut connection, None).await?, 0);
        Ok(())
    })
}

#[test]
fn two_who_saw_the_same_row_do_not_both_send_it() -> Tested {
    run(async {
        let mut connection = ledger().await?;
        let id = store::enqueue(&mut connection, &new("a@example.com", 1)).await?;
        let seen = store::show(&mut connection, id).await?.standing();
        store::mark_sending(&mut connection, id, seen, now()).await?;
        let second = store::mark_sending(&mut connection, id, seen, now()).await;
        assert!(matches!(second, Err(StoreError::Moved(_))));
        Ok(())
    })
}

#[test]
fn nothing_is_sent_within_a_transaction() -> Tested {
    run(async {
        let mut connection = ledger().await?;
        store::enqueue(&mut connection, &new("a@example.com", 1)).await?;
        let mut tx = connection.begin().await?;
        let refused = deliver(&mut tx, &nowhere(), Path::new("/nowhere"), now(), &Round::default()).await;
        assert!(refused.is_err());
        Ok(())
    })
}

#[test]
fn held_mails_wait_for_release_and_rounds_can_be_narrowed() -> Tested {
    run(async {
        let mut connection = ledger().await?;
        let held = store::enqueue(
            &mut connection,
            &NewDelivery { held: Some("boss@example.com".into()), ..new("a@example.com", 1) },
        )
        .await?;
        let other = store::enqueue(&mut connection, &new("b@example.com", 1)).await?;
        let third = store::enqueue(&mut connection, &new("c@example.com", 1)).await?;
        assert_eq!(store::undelivered(&mut connection, None).await?, 2);
        store::release(&mut connection, held, "王总", now()).await?;
        let tried = |report: DeliveryReport| report.tried.iter().map(|mail| mail.id).collect::<Vec<_>>();
        let mut try_round = async |round: Round| {
            deliver(&mut connection, &nowhere(), Path::new("/nowhere"), now(), &round).await.map(tried)
        };
        assert_eq!(try_round(Round { limit: Some(1), ..Round::default() }).await?, [held]);
        assert_eq!(try_round(Round { ids: vec![other], ..Round::default() }).await?, [other]);
        assert_eq!(try_round(Round { ids: vec![held, third], ..Round::default() }).await?, [third]);
        assert_eq!(try_round(Round { ids: vec![held], early: true, ..Round::default() }).await?, [held]);
        Ok(())
    })
}
