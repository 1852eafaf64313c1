//! The page: `out/index.html`, what runs found and how it went, to be opened in a browser without a server.
//!
//! Apart from the mailed reports because nobody knows who opens it, and because one file shows all runs. It is given
//! plain data and gives a text: the same state gives the same bytes. It knows no store, no engine and no folder.

pub mod input;

/// What a template sees of something: its parts by name.
macro_rules! object {
    ($($name:ident: $value:expr),* $(,)?) => {
        minijinja::Value::from_pairs([$((stringify!($name), minijinja::Value::from($value))),*])
    };
}

mod basis;
mod chart;
mod elements;
mod findings;
mod history;
mod rehearsal;
mod scores;
mod veil;

pub use history::MOST_RUNS;
pub use input::PageInput;
pub use rehearsal::{rehearse, variables};

use std::collections::BTreeMap;

use minijinja::Value;

use crate::model::Whose;
use crate::report::{Strings, TemplateProblem, Templates};
use crate::text::Language;
use veil::Veil;

/// Periods of a job that a chart shows.
pub const MOST_PERIODS: usize = 13;

/// The template.
const TEMPLATE: &str = "page/page.html.j2";

/// Writes the page.
///
/// # Errors
/// Where a company's own template breaks on this state.
pub fn write(input: &PageInput<'_>, templates: &Templates) -> Result<String, Box<TemplateProblem>> {
    let strings = templates.strings(input.language);
    templates.fill_file(TEMPLATE, Value::from_pairs(context(input, templates, strings)))
}

/// What the template may name.
fn context(input: &PageInput<'_>, templates: &Templates, strings: &Strings) -> BTreeMap<&'static str, Value> {
    let veil = Veil::new(input);
    let elements = elements::elements(templates.text(elements::STYLE), templates.text(elements::SCRIPT));
    let language = match input.language {
        Language::Zh => "zh-CN",
        Language::En => "en",
    };
    // The run that was made last may be one of an older period: what it found is not what stands now.
    let view = |run| history::run_view(run, strings);
    let now =
        input.jobs.first().and_then(|job| input.runs.iter().find(|run| run.job == job.job && run.period == job.period));
    let search = input.with_findings.then(|| findings::view(input, &veil, strings));
    BTreeMap::from([
        ("policy", Value::from_safe_string(elements.policy)),
        ("style", Value::from_safe_string(elements.style)),
        ("script", Value::from_safe_string(elements.script)),
        ("language", Value::from(language)),
        ("company", Value::from(input.company)),
        ("clearance", Value::from(input.clearance.as_str())),
        ("ran", input.runs.first().map_or(Value::from(()), view)),
        ("now", now.map_or(Value::from(()), view)),
        ("score", score(input)),
        ("warnings", basis::warnings(input, &veil, strings).into_iter().collect()),
        ("runs", history::view(input, strings)),
        ("scores", Value::from(scores::view(input, &veil, strings))),
        ("findings", search.unwrap_or_else(|| Value::from(()))),
        ("rules", basis::rules(input, &veil, strings)),
        ("notes", basis::notes(input, &veil, strings)),
        ("words", strings.value()),
    ])
}

/// The company's score in the latest run; none where nothing was tested.
fn score(input: &PageInput<'_>) -> Value {
    let point = input.jobs.first().and_then(|job| job.points.last());
    let ratio = point.map(|point| point.scores.ratio(&Whose::Company, None)).unwrap_or_default();
    match ratio.percent() {
        None => Value::from(()),
        Some(percent) => object! { percent: percent, passed: ratio.passed, tested: ratio.tested },
    }
}
