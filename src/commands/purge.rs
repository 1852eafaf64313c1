//! `hedui purge`: what of our own copies is to be given up, and, on a person's word, giving it up.

use serde_json::{Value, json};

use super::talk::{Talk, lock_failed};
use crate::cli::{Options, PurgeArguments};
use crate::clock;
use crate::exit_code::ExitCode;
use crate::history::store;
use crate::lock::Lock;
use crate::pipeline::purge::{self, Plan, Step, Word};
use crate::pipeline::request::RunError;
use crate::text;
use crate::text::Text;
use crate::workplace::Workplace;

/// Carries out the command.
pub fn run(options: &Options, arguments: &PurgeArguments, talk: &Talk) -> ExitCode {
    let workplace = match talk.workplace(options) {
        Ok(workplace) => workplace,
        Err(code) => return code,
    };
    let language = workplace.config.language;
    // What is planned must still be so when it is carried out.
    let _lock = match Lock::take(&store::folder(&workplace.config.folder)) {
        Ok(lock) => lock,
        Err(error) => return lock_failed(&error, talk, language),
    };
    match super::block_on(plan_and_act(&workplace, options, arguments, talk)) {
        Ok(Ok(())) => ExitCode::Done,
        Ok(Err(error)) => {
            let Text { zh, en } = error.text();
            talk.error(&text!("没有清理完：{zh}", "the purge was not completed: {en}"), language);
            if error.is_bug() { ExitCode::Bug } else { ExitCode::Usage }
        }
        Err(error) => {
            talk.error(&text!("无法启动：{error}", "cannot start: {error}"), language);
            ExitCode::Bug
        }
    }
}

async fn plan_and_act(
    workplace: &Workplace,
    options: &Options,
    arguments: &PurgeArguments,
    talk: &Talk,
) -> Result<(), RunError> {
    let language = workplace.config.language;
    let now = clock::now(workplace.config.timezone);
    let as_of = options.as_of.unwrap_or_else(|| clock::day(now));
    let mut connection = store::open(&workplace.config.folder).await?;
    let plan = purge::plan(&mut connection, workplace, as_of).await?;
    show(&plan, workplace, talk);
    let steps = plan.steps.len();
    if arguments.carry_out {
        let by = super::outbox::by(arguments.by.as_deref());
        // also where the plan is empty: a purge that was killed may have left files that nothing names any more
        purge::carry_out(&mut connection, workplace, &plan, &Word { by: &by, now }).await?;
    }
    let said = match (steps, arguments.carry_out) {
        (0, _) => text!("没有要清理的", "there is nothing to give up"),
        (_, false) => text!(
            "以上 {steps} 项，什么也没有删；确认后运行 hedui purge --carry-out",
            "{steps} steps, nothing was deleted; to do it: hedui purge --carry-out"
        ),
        (_, true) => text!(
            "已清理 {steps} 项，记录见 hedui register --purged",
            "{steps} steps carried out, the log is hedui register --purged"
        ),
    };
    talk.remark(&said, language);
    Ok(())
}

fn show(plan: &Plan, workplace: &Workplace, talk: &Talk) {
    let language = workplace.config.language;
    for remark in &plan.remarks {
        talk.remark(remark, language);
    }
    if talk.is_json() {
        let list: Vec<Value> = plan
            .steps
            .iter()
            .map(|Step { kind, what, count, bytes, reason, .. }| {
                json!({
                    "kind": kind.as_str(), "what": what, "count": count, "bytes": bytes, "reason": reason.get(language),
                })
            })
            .collect();
        out!("{:#}", Value::from(list));
        return;
    }
    for Step { kind, what, count, bytes, reason, .. } in &plan.steps {
        out!("{}  {what}  {count}  {bytes}  {}", kind.as_str(), reason.get(language));
    }
}
