//! `hedui policy`: each clause of the policies, and what enforces or reports it, or why nothing does.

use serde_json::{Value, json};

use super::talk::Talk;
use crate::cli::{Options, PolicyArguments};
use crate::exit_code::ExitCode;
use crate::pipeline::coverage::{ClauseCoverage, coverage};
use crate::text;
use crate::text::Language;
use crate::workplace::Workplace;

/// Carries out the command.
pub fn run(options: &Options, arguments: &PolicyArguments, talk: &Talk) -> ExitCode {
    let workplace = match talk.workplace(options) {
        Ok(workplace) => workplace,
        Err(code) => return code,
    };
    let as_of = options.as_of.unwrap_or_else(|| crate::clock::day(crate::clock::now(workplace.config.timezone)));
    let known = |document: &&String| workplace.pack.clauses.documents.iter().any(|known| known.id == **document);
    if let Some(unknown) = arguments.documents.iter().find(|document| !known(document)) {
        let message = text!("没有文件“{unknown}”", "there is no document `{unknown}`");
        talk.error(&message, workplace.config.language);
        return ExitCode::Usage;
    }
    let mut lines = coverage(&workplace, as_of);
    lines.retain(|line| {
        arguments.priority.is_none_or(|priority| line.clause.priority == u64::from(priority))
            && (arguments.documents.is_empty() || arguments.documents.contains(&line.clause.document))
    });
    let language = workplace.config.language;
    if talk.is_json() {
        let list: Vec<Value> = lines.iter().map(|line| clause_json(line, &workplace, language)).collect();
        out!("{:#}", Value::from(list));
        return ExitCode::Done;
    }
    for line in &lines {
        let by: Vec<&str> = line.rules.iter().chain(&line.reports).map(String::as_str).collect();
        let reason = line.reason.get(language);
        let said = [by.join(" "), reason.to_owned()].into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>();
        let (clause, status) = (line.clause, line.status.words(language));
        out!("{}  {}  {status}  {}  {}", clause.id, clause.priority, clause.quote, said.join("  "));
    }
    for (status, count) in ClauseCoverage::counts(&lines) {
        talk.remark(&crate::text::Text::same(format!("{} {count}", status.words(language))), language);
    }
    ExitCode::Done
}

fn clause_json(line: &ClauseCoverage, workplace: &Workplace, language: Language) -> Value {
    let clause = line.clause;
    let document = workplace.pack.clauses.document_of(clause);
    json!({
        "clause": clause.id,
        "document": document.map_or("", |document| document.title.as_str()),
        "version": document.map_or("", |document| document.version.as_str()),
        "article": clause.article,
        "quote": clause.quote,
        "priority": clause.priority,
        "status": line.status.as_str(),
        "rules": line.rules,
        "reports": line.reports,
        "reason": line.reason.get(language),
    })
}
