//! `hedui lint`: every mistake in the files of a workplace, without any data.

use serde_json::Value;

use super::talk::Talk;
use crate::cli::Common;
use crate::exit_code::ExitCode;
use crate::rule::Pack;
use crate::text;

/// Prints the schema of rule files.
pub fn schema() -> ExitCode {
    out!("{:#}", crate::rule::schema::schema(&Pack::grammar()));
    ExitCode::Done
}

/// Carries out the command.
pub fn run(common: &Common, talk: &Talk) -> ExitCode {
    match talk.workplace(common) {
        Ok(workplace) => {
            if talk.is_json() {
                out!("{}", Value::Array(Vec::new()));
            }
            let (rules, tables) = (workplace.pack.rule_ids().len(), workplace.pack.dictionary.tables.len());
            let remark =
                text!("没有发现错误：{rules} 条规则，{tables} 张表", "no mistakes: {rules} rules, {tables} tables");
            talk.remark(&remark, workplace.config.language);
            ExitCode::Done
        }
        Err(code) => code,
    }
}
