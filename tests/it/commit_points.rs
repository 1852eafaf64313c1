//! Killed right before every single step to the disk or the net: each sync, rename, deletion, new file, and everything
//! that is said to the mail server.
//!
//! Apart from the random kills because nothing is left to chance here: the first step of a run, then its second, week by
//! week, until a run has no more steps.

use std::os::unix::process::ExitStatusExt;

use crate::calm::Weeks;
use crate::faults::{Fault, steps, with};

/// More steps than a run has: the loop ends long before.
const MOST: u64 = 1000;

#[test]
fn killed_at_every_commit_point_no_mail_is_lost_or_doubled() {
    let mut weeks = Weeks::new(MOST);
    let logs = tempfile::tempdir().expect("a folder");
    let log = logs.path().join("first");
    // the first week makes the store; the others are alike
    let mut command = weeks.command(0);
    with(&mut command, weeks.shaken.folder(), Fault::Kill(0), &log);
    let mut calm = weeks.begin(0);
    assert!(command.status().expect("the program").success());
    assert!(calm.wait().expect("its end").success());
    let known = steps(&log);
    for expected in
        ["sync state/history.db-wal", "sync state/findings", "sync out/weekly", "send", "delete state/running.json"]
    {
        assert!(known.iter().any(|step| step.starts_with(expected)), "no `{expected}` in {known:#?}");
    }
    let (mut week, mut in_doubt, mut uncommitted) = (0, 0, 0);
    loop {
        week += 1;
        assert!(week < MOST, "there is no end of steps");
        let mut calm = weeks.begin(week);
        let log = logs.path().join(week.to_string());
        let mut command = weeks.command(week);
        with(&mut command, weeks.shaken.folder(), Fault::Kill(week), &log);
        let ended = command.status().expect("the program");
        assert!(calm.wait().expect("its end").success());
        let what = format!("killed before step {week}: {:?}", steps(&log).last());
        if ended.signal().is_none() {
            assert!([Some(0), Some(4)].contains(&ended.code()), "{what}: {ended}");
            break;
        }
        uncommitted += u64::from(!weeks.is_committed(week));
        let before = std::mem::replace(&mut in_doubt, weeks.go_on(week, week % 3 == 0, &what));
        assert!(in_doubt <= before + 1, "{what}: one mail at most was on its way");
    }
    let kills = week - 1;
    println!("{kills} steps, {uncommitted} of them before the commit; {in_doubt} mails in doubt");
    assert!(uncommitted > 20 && kills - uncommitted > 20, "both sides of the commit were tried");
    assert!(in_doubt > 0, "a mail whose bytes were going out is in doubt");
    weeks.same_history();
}
