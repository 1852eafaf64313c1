//! `hedui profile`: what a source holds, on stdout; a mapping and rules to paste.

mod columns;
mod shown;

use serde_json::json;

use super::talk::{Talk, here};
use crate::cli::{Options, ProfileArguments};
use crate::clock;
use crate::dictionary::Dictionary;
use crate::exit_code::ExitCode;
use crate::pipeline::profile::{Known, ProfileRequest, profile};
use crate::profile::{SheetProfile, Suggestion, rule_file};
use crate::rule::{Choice, Pack};
use crate::text::Language;
use crate::workplace::{Workplace, WorkplaceError};

/// Carries out the command.
pub fn run(options: &Options, arguments: &ProfileArguments, talk: &Talk) -> ExitCode {
    match Workplace::load(options.config.as_deref(), &here()) {
        Ok(workplace) => {
            let (config, dictionary) = (&workplace.config, &workplace.pack.dictionary);
            let known = Known { dictionary, config: Some(config), language: config.language };
            look(options, arguments, &known, talk)
        }
        // Whoever begins has files and no workplace.
        Err(WorkplaceError::NotFound(_, language)) if options.config.is_none() => match built_in() {
            Ok(dictionary) => {
                look(options, arguments, &Known { dictionary: &dictionary, config: None, language }, talk)
            }
            Err(code) => code,
        },
        other => match talk.loaded(other) {
            Ok(_) => ExitCode::Bug,
            Err(code) => code,
        },
    }
}

/// The dictionary that ships inside the program.
fn built_in() -> Result<Dictionary, ExitCode> {
    Pack::load(None, &Choice::default()).map(|pack| pack.dictionary).map_err(|_| ExitCode::Bug)
}

fn look(options: &Options, arguments: &ProfileArguments, known: &Known, talk: &Talk) -> ExitCode {
    let language = known.language;
    let timezone = known.config.map_or(chrono_tz::Asia::Shanghai, |config| config.timezone);
    let here = here();
    let request = ProfileRequest {
        source: &arguments.source,
        sheet: arguments.sheet.as_deref(),
        table: arguments.table.as_deref(),
        query: arguments.query.as_deref(),
        here: &here,
        as_of: options.as_of.unwrap_or_else(|| clock::day(clock::now(timezone))),
    };
    let bar = talk.progress();
    bar.set_message(arguments.source.clone());
    let sheets = profile(&request, known);
    bar.finish_and_clear();
    let sheets = match sheets {
        Ok(sheets) => sheets,
        Err(error) => {
            talk.error(&error, language);
            return ExitCode::Usage;
        }
    };
    if talk.is_json() {
        out!("{:#}", json!({ "sheets": sheets, "rule_file": pasted(&sheets) }));
    } else {
        print(&sheets, language);
    }
    if sheets.iter().any(|sheet| sheet.error.is_some()) { ExitCode::Partial } else { ExitCode::Done }
}

fn pasted(sheets: &[SheetProfile]) -> String {
    let rules: Vec<&Suggestion> = sheets.iter().flat_map(|sheet| &sheet.rules).collect();
    rule_file(&rules)
}

fn print(sheets: &[SheetProfile], language: Language) {
    for sheet in sheets {
        shown::sheet(sheet, language).iter().for_each(|line| out!("{line}"));
        out!("");
    }
    // Files of one pattern are one source.
    let mut mappings: Vec<&str> = Vec::new();
    for mapping in sheets.iter().map(|sheet| sheet.mapping.as_str()).filter(|text| !text.is_empty()) {
        if !mappings.contains(&mapping) {
            mappings.push(mapping);
        }
    }
    if !mappings.is_empty() {
        out!("{}", heading(language, "# ---- hedui.toml：数据源，可直接粘贴", "# ---- hedui.toml: sources to paste"));
        mappings.iter().for_each(|mapping| out!("{mapping}"));
    }
    let rules = pasted(sheets);
    if !rules.is_empty() {
        out!(
            "{}",
            heading(
                language,
                "# ---- rules/profile.toml：建议的规则，# 后是依据；挑选后粘贴，再运行 hedui lint",
                "# ---- rules/profile.toml: rules to choose from, their evidence behind #; then run hedui lint"
            )
        );
        out!("{}", rules.trim_end());
    }
}

fn heading<'h>(language: Language, zh: &'h str, en: &'h str) -> &'h str {
    match language {
        Language::Zh => zh,
        Language::En => en,
    }
}
