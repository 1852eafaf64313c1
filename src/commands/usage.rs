//! Mistakes on the command line in the words of whoever typed them: what, where, and what to type instead.
//!
//! Apart because the library that reads the command line speaks English only.

use clap::error::{ContextKind, ContextValue, ErrorKind};

use super::talk;
use crate::exit_code::ExitCode;
use crate::text::Language;
use crate::workplace::default_language;

/// Says why a command line cannot be carried out, or shows the help or version that was asked for.
pub fn say(error: &clap::Error) -> ExitCode {
    let is_help = matches!(error.kind(), ErrorKind::DisplayHelp | ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand);
    let language = default_language();
    if is_help
        && language == Language::Zh
        && let Err(help) = crate::cli::chinese::command().try_get_matches()
    {
        let _ = help.print();
        return if error.use_stderr() { ExitCode::Usage } else { ExitCode::Done };
    }
    if !error.use_stderr() {
        let _ = error.print();
        return ExitCode::Done;
    }
    match (language, chinese(error)) {
        (Language::Zh, Some(words)) => talk::line(std::io::stderr(), format_args!("{words}")),
        _ => {
            let _ = error.print();
        }
    }
    ExitCode::Usage
}

/// The mistake in Chinese; nothing for what is rather shown as help.
fn chinese(error: &clap::Error) -> Option<String> {
    let of = |kind: ContextKind| match error.get(kind) {
        Some(ContextValue::String(word)) => word.clone(),
        Some(ContextValue::Strings(words)) => words.join(" "),
        _ => String::new(),
    };
    let (argument, value) = (of(ContextKind::InvalidArg), of(ContextKind::InvalidValue));
    let near = [ContextKind::SuggestedArg, ContextKind::SuggestedSubcommand, ContextKind::SuggestedValue];
    let near = near.map(of).into_iter().find(|word| !word.is_empty());
    let known = of(ContextKind::ValidValue).replace(' ', "、");
    let known = if known.is_empty() { String::new() } else { format!("（可写：{known}）") };
    let said = match error.kind() {
        ErrorKind::UnknownArgument => format!("没有参数“{argument}”"),
        ErrorKind::InvalidSubcommand => format!("没有命令“{}”", of(ContextKind::InvalidSubcommand)),
        ErrorKind::InvalidValue if value.is_empty() => format!("{argument} 后面要有值{known}"),
        ErrorKind::InvalidValue => format!("{argument} 不能是“{value}”{known}"),
        ErrorKind::ValueValidation => format!("{argument} 不能是“{value}”"),
        ErrorKind::MissingRequiredArgument => format!("缺少 {argument}"),
        ErrorKind::MissingSubcommand => {
            let known = of(ContextKind::ValidSubcommand).replace(' ', "、");
            format!("{} 后面要写做什么：{known}", of(ContextKind::InvalidSubcommand))
        }
        ErrorKind::ArgumentConflict => {
            format!("{argument} 不能与 {} 同时写，或只能写一次", of(ContextKind::PriorArg))
        }
        ErrorKind::TooManyValues | ErrorKind::TooFewValues | ErrorKind::WrongNumberOfValues => {
            format!("{argument} 的值太多或太少")
        }
        _ => return None,
    };
    let near = near.map(|near| format!("，是否想写“{near}”？")).unwrap_or_default();
    let form = of_form(argument.as_str());
    Some(format!("错误: {said}{near}{form}\n用法见 hedui help，或 hedui help 命令"))
}

/// How a value that has a form of its own is written.
fn of_form(argument: &str) -> &'static str {
    match argument {
        _ if argument.contains("YYYY-MM-DD") => "；日期写作 2026-11-22",
        _ => "",
    }
}
