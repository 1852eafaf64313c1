//! `hedui lint`: every mistake in the files of a workplace, without any data.

use serde_json::Value;

use super::talk::Talk;
use crate::cli::{LintArguments, Options, SchemaOf};
use crate::config;
use crate::exit_code::ExitCode;
use crate::rule::{self, Pack};
use crate::text;

/// Prints the schema of rule files, or of the configuration.
fn schema(of: SchemaOf) -> ExitCode {
    match of {
        SchemaOf::Rules => out!("{:#}", rule::schema::schema(&Pack::grammar())),
        SchemaOf::Configuration => out!("{:#}", config::schema::schema()),
    }
    ExitCode::Done
}

/// Carries out the command.
pub fn run(options: &Options, arguments: &LintArguments, talk: &Talk) -> ExitCode {
    if let Some(of) = arguments.schema {
        return schema(of);
    }
    match talk.workplace(options) {
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
