//! `hedui check`: load and evaluate; a line a rule on stdout; findings and load notes to files.

use std::path::Path;

use serde_json::{Value, json};

use super::talk::Talk;
use crate::cli::{CheckArguments, FailOn, Options};
use crate::clock;
use crate::engine::{FindingSource, materialise, write_out};
use crate::exit_code::ExitCode;
use crate::export::{Export, ExportError, csv_line};
use crate::history::files;
use crate::model::{Outcome, RuleOutcome};
use crate::pipeline::{self, Checked, Earlier};
use crate::rule::Rule;
use crate::telemetry::Stage;
use crate::text;
use crate::text::Language;
use crate::verify::Returns;
use crate::workplace::Workplace;

/// Carries out the command.
pub fn run(options: &Options, arguments: &CheckArguments, talk: &Talk) -> ExitCode {
    let workplace = match talk.workplace(options) {
        Ok(workplace) => workplace,
        Err(code) => return code,
    };
    let language = workplace.config.language;
    if let Err(code) = check_names(arguments, &workplace, talk) {
        return code;
    }
    let as_of = options.as_of.unwrap_or_else(|| clock::day(clock::now(workplace.config.timezone)));
    let wanted = |rule: &Rule| {
        (arguments.rules.is_empty() || arguments.rules.contains(&rule.id))
            && (arguments.tables.is_empty() || arguments.tables.contains(&rule.table))
    };
    // Opened before the work, so that a wrong name or a full disk is told at once.
    let file = match arguments.findings.as_deref().map(Export::create).transpose() {
        Ok(file) => file,
        Err(error) => {
            talk.error(&error.text(), language);
            return ExitCode::Usage;
        }
    };
    let returns = pipeline::verification::look(&workplace, as_of).unwrap_or_else(|error| {
        talk.remark(&text!("核对记录读不到：{error}", "the verification lists cannot be read: {error}"), language);
        Returns::default()
    });
    let without_notes = arguments.load_notes.is_none();
    let earlier = Earlier { returns, narrows: true, without_notes, ..Earlier::default() };
    let bar = talk.progress();
    let advance = |what: &str| bar.set_message(what.to_owned());
    let checked = pipeline::check(&workplace, as_of, &earlier, &wanted, &advance);
    if let Some(file) = file
        && let Err(error) = export(file, &workplace, &checked, as_of)
    {
        bar.finish_and_clear();
        talk.error(&error.text(), language);
        return ExitCode::Usage;
    }
    bar.finish_and_clear();
    if let Some(path) = &arguments.load_notes
        && let Err(error) = write_load_notes(path, &checked)
    {
        let shown = path.display();
        talk.error(&text!("无法写出 {shown}：{error}", "cannot write {shown}: {error}"), language);
        return ExitCode::Usage;
    }
    for notice in &checked.notices {
        talk.remark(notice, language);
    }
    talk.unread(&checked.reading.notes, language);
    print_outcomes(&checked.evaluation.outcomes, talk, language);
    let code = exit_code(&checked, arguments.fail_on);
    // The process ends: its memory goes back at once, not column by column.
    std::mem::forget(checked);
    code
}

fn check_names(arguments: &CheckArguments, workplace: &Workplace, talk: &Talk) -> Result<(), ExitCode> {
    let ids = workplace.pack.rule_ids();
    let tables = workplace.pack.dictionary.words();
    let named =
        arguments.rules.iter().map(|rule| (rule, &ids)).chain(arguments.tables.iter().map(|table| (table, &tables)));
    for (word, known) in named {
        if !known.contains(&word.as_str()) {
            talk.unknown(&text!("规则或表", "rule or table"), word, known, workplace.config.language);
            return Err(ExitCode::Usage);
        }
    }
    Ok(())
}

fn export(
    mut export: Export,
    workplace: &Workplace,
    checked: &Checked,
    as_of: chrono::NaiveDate,
) -> Result<(), ExportError> {
    let context = pipeline::context(workplace, as_of);
    let source = FindingSource {
        datasets: &checked.datasets,
        context: &context,
        waivers: &workplace.waivers,
        fingerprints: false,
    };
    let stage = Stage::start("export");
    if export.is_csv() {
        write_out(&source, &checked.evaluation, csv_line, |lines| export.write_lines(lines))?;
    } else {
        materialise(&source, &checked.evaluation, |finding| export.write(&finding))?;
    }
    export.finish()?;
    stage.end(checked.evaluation.outcomes.iter().map(|outcome| outcome.failing).sum());
    Ok(())
}

fn write_load_notes(path: &Path, checked: &Checked) -> std::io::Result<()> {
    if let Some(folder) = path.parent().filter(|folder| !folder.as_os_str().is_empty() && !folder.is_dir()) {
        return Err(std::io::Error::new(std::io::ErrorKind::NotFound, folder.display().to_string()));
    }
    let notes = json!({ "sources": checked.reading.notes });
    files::write_whole(path, format!("{notes:#}\n").as_bytes())
}

fn print_outcomes(outcomes: &[RuleOutcome], talk: &Talk, language: Language) {
    if talk.is_json() {
        let list: Vec<Value> = outcomes.iter().map(outcome_json).collect();
        out!("{:#}", Value::from(list));
        return;
    }
    for outcome in outcomes {
        let word = super::talk::outcome_word(outcome.outcome, language);
        let figures = if outcome.outcome.is_concluded() {
            format!("{}/{}", outcome.failing, outcome.tested)
        } else {
            "-".to_owned()
        };
        let reason = if outcome.reason.is_empty() { String::new() } else { format!("  ({})", outcome.reason) };
        out!("{word}  {}  {}  {figures}  {}{reason}", outcome.table, outcome.rule_id, outcome.title);
    }
}

/// A rule's line for scripts.
fn outcome_json(outcome: &RuleOutcome) -> Value {
    json!({
        "rule_id": outcome.rule_id,
        "table": outcome.table,
        "outcome": outcome.outcome.as_str(),
        "tested": outcome.tested,
        "failing": outcome.failing,
        "reason": outcome.reason,
        "title": outcome.title,
        "severity": outcome.severity.as_str(),
        "dimension": outcome.dimension.as_str(),
        "clause": outcome.clause,
    })
}

fn exit_code(checked: &Checked, fail_on: Option<FailOn>) -> ExitCode {
    let outcomes = &checked.evaluation.outcomes;
    let has = |outcome: Outcome| outcomes.iter().any(|line| line.outcome == outcome);
    let mut code = ExitCode::Done;
    if checked.is_partial() {
        code = code.and(ExitCode::Partial);
    }
    let at_level = match fail_on {
        None => false,
        Some(FailOn::Error) => has(Outcome::Failed),
        Some(FailOn::Warning) => has(Outcome::Failed) || has(Outcome::Warned),
    };
    if at_level { code.and(ExitCode::RuleAtLevel) } else { code }
}
