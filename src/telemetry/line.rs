//! A line of the log: its moment, its level, the process that wrote it, and what it says by name.
//!
//! Apart because people and programs read the same lines in two forms. It decides nothing about what is logged.

use std::fmt;

use serde_json::{Map, Value};
use tracing::field::{Field, Visit};
use tracing::{Event, Subscriber};
use tracing_subscriber::fmt::format::Writer;
use tracing_subscriber::fmt::time::{FormatTime, SystemTime};
use tracing_subscriber::fmt::{FmtContext, FormatEvent, FormatFields};
use tracing_subscriber::registry::LookupSpan;

use crate::cli::LogFormat;

/// Writes lines in a form.
pub struct Line {
    form: LogFormat,
    /// What tells the lines of this process from those of others.
    run: String,
}

impl Line {
    /// Lines of a process.
    pub fn new(form: LogFormat, run: String) -> Self {
        Self { form, run }
    }
}

impl<S, N> FormatEvent<S, N> for Line
where
    S: Subscriber + for<'s> LookupSpan<'s>,
    N: for<'w> FormatFields<'w> + 'static,
{
    fn format_event(&self, _: &FmtContext<'_, S, N>, mut writer: Writer<'_>, event: &Event<'_>) -> fmt::Result {
        let mut said = Said::default();
        event.record(&mut said);
        let mut moment = String::new();
        SystemTime.format_time(&mut Writer::new(&mut moment))?;
        let (level, run) = (event.metadata().level(), &self.run);
        match self.form {
            LogFormat::Json => {
                let mut line = Map::new();
                line.insert("time".to_owned(), moment.into());
                line.insert("level".to_owned(), level.as_str().to_lowercase().into());
                line.insert("run".to_owned(), run.as_str().into());
                // what is said under a name that the line has already does not take its place
                for (name, value) in said.0 {
                    line.entry(name).or_insert(value);
                }
                writeln!(writer, "{}", Value::from(line))
            }
            LogFormat::Text => {
                write!(writer, "{moment} {level:>5} run={run}")?;
                for (name, value) in &said.0 {
                    match (name.as_str(), value) {
                        ("message", Value::String(words)) => write!(writer, " {words}")?,
                        (_, value) => write!(writer, " {name}={value}")?,
                    }
                }
                writer.write_char('\n')
            }
        }
    }
}

/// What an event says, in the order in which it says it.
#[derive(Default)]
struct Said(Vec<(String, Value)>);

impl Said {
    fn add(&mut self, field: &Field, value: impl Into<Value>) {
        self.0.push((field.name().to_owned(), value.into()));
    }
}

impl Visit for Said {
    fn record_debug(&mut self, field: &Field, value: &dyn fmt::Debug) {
        self.add(field, format!("{value:?}"));
    }

    fn record_str(&mut self, field: &Field, value: &str) {
        self.add(field, value);
    }

    fn record_u64(&mut self, field: &Field, value: u64) {
        self.add(field, value);
    }

    fn record_i64(&mut self, field: &Field, value: i64) {
        self.add(field, value);
    }

    fn record_bool(&mut self, field: &Field, value: bool) {
        self.add(field, value);
    }

    fn record_f64(&mut self, field: &Field, value: f64) {
        self.add(field, value);
    }
}
