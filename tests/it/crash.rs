//! Killed at random moments: no mail is lost, none is doubled without the ledger's saying "unknown", the next start goes
//! on, and the history is that of weeks without a kill.
//!
//! Apart because it plays with chance: the seed is printed, HEDUI_SEED repeats it, HEDUI_KILLS asks for another number.

use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use crate::calm::Weeks;
use crate::company::Company;

/// So many kills unless more are asked for.
const KILLS: u64 = 50;

fn number(name: &str) -> Option<u64> {
    std::env::var(name).ok().and_then(|value| value.parse().ok())
}

/// Marsaglia's xorshift: enough to choose moments.
struct Chance(u64);

impl Chance {
    fn below(&mut self, limit: u64) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0 % limit
    }
}

/// Starts a week's run and kills it after a while; whether it was still running then.
fn killed(weeks: &Weeks, week: u64, after: Duration) -> bool {
    let mut child = weeks.command(week).spawn().expect("the program");
    std::thread::sleep(after);
    let running = child.try_wait().expect("its state").is_none();
    child.kill().expect("killed");
    child.wait().expect("gone");
    running
}

#[test]
fn killed_at_random_moments_no_mail_is_lost_or_doubled() {
    let kills = number("HEDUI_KILLS").unwrap_or(KILLS);
    let now = SystemTime::now().duration_since(UNIX_EPOCH).expect("a time").as_nanos() as u64;
    let seed = number("HEDUI_SEED").unwrap_or(now % 1_000_000) + 1;
    println!("HEDUI_SEED={} HEDUI_KILLS={kills}", seed - 1);
    let mut chance = Chance(seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1);
    let mut weeks = Weeks::new(kills);
    let mut calm = weeks.begin(0);
    let started = Instant::now();
    weeks.command(0).status().expect("the program");
    let mut whole = u64::try_from(started.elapsed().as_micros()).expect("a while");
    assert!(calm.wait().expect("its end").success());
    let (mut before, mut amid, mut in_doubt) = (0, 0, 0);
    for kill in 1..=kills {
        let mut calm = weeks.begin(kill);
        let after = Duration::from_micros(chance.below(whole));
        let what = format!("kill {kill} after {after:?} (HEDUI_SEED={})", seed - 1);
        let arrived = weeks.arrived();
        let running = killed(&weeks, kill, after);
        let sent = weeks.arrived() - arrived;
        amid += u64::from(running && (1..4).contains(&sent));
        before += u64::from(running && !weeks.is_committed(kill));
        // what a run takes changes with what else the machine has to do
        let next = Instant::now();
        let again = chance.below(2) == 0;
        in_doubt = weeks.go_on(kill, again, &what);
        if !running {
            whole = whole.min(u64::try_from(after.as_micros()).expect("a while")).max(100_000);
        } else if again {
            whole = whole.max(u64::try_from(next.elapsed().as_micros()).expect("a while") / 2);
        }
        assert!(calm.wait().expect("its end").success(), "{what}");
    }
    println!("{before} of {kills} kills came before the commit, {amid} amid the sending; {in_doubt} mails in doubt");
    // one more week in which nothing happens clears up after the last
    assert!(weeks.begin(kills + 1).wait().expect("its end").success());
    weeks.go_on(kills + 1, true, "a week without a kill");
    weeks.same_history();
}

#[test]
fn killed_before_the_commit_nothing_has_happened() {
    let mut company = Company::clean(4);
    company.customers.set(0, "联系电话", "123");
    let workplace = company.workplace();
    // litter as a kill leaves it: files without a run, and half a file
    workplace.as_of("2026-11-15", &["run", "weekly"]).exits(0);
    workplace.write("state/findings/weekly-2026-W47-r1.parquet", "PAR1 half of");
    workplace.write("state/findings/known-weekly-2026-W47-r1.parquet", "");
    workplace.write("state/snapshots/.tmpXYZ", "x");
    for litter in ["out/.hedui-a.tmp", "out/weekly/2026-W47/.hedui-b.tmp", "state/.hedui-c.tmp"] {
        workplace.write(litter, "x");
    }
    workplace.write("out/weekly/2026-W47/dry-run/.hedui-d.tmp", "x"); // somebody writes it now
    workplace.as_of("2026-11-22", &["run", "weekly"]).exits(0).prints("新增 0");
    for litter in
        ["state/snapshots/.tmpXYZ", "out/.hedui-a.tmp", "out/weekly/2026-W47/.hedui-b.tmp", "state/.hedui-c.tmp"]
    {
        assert!(!workplace.path(litter).exists(), "{litter}");
    }
    assert!(workplace.path("out/weekly/2026-W47/dry-run/.hedui-d.tmp").exists());
    let findings = workplace.hedui(&["history", "findings", "--format", "json"]).exits(0).json();
    assert_eq!(findings[0]["status"], "open");
    assert_eq!(findings[0]["first_seen"], "2026-11-15");
}
