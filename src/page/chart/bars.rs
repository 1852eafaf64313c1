//! Lying bars, each with its value beside it and, hollow below it, what it was.
//!
//! Apart from lines because names need room, and an axis would say less than the numbers.

use std::fmt::Write;

use super::{WIDTH, open, text};

/// One bar.
pub struct Bar<'a> {
    /// Its name.
    pub name: &'a str,
    /// 0 to 1, with how it is written; nothing where there is no value.
    pub now: Option<(f64, String)>,
    /// The same of the time before.
    pub before: Option<(f64, String)>,
    /// What to write where there is no value.
    pub absent: &'a str,
}

const NAME: f64 = 92.0;
const VALUE: f64 = 132.0;
const ROW: f64 = 36.0;

/// The chart of some bars.
pub fn bars(id: &str, title: &str, description: &str, bars: &[Bar<'_>]) -> String {
    let mut svg = open(ROW * bars.len() as f64 + 8.0, id, title, description);
    let width = WIDTH - NAME - VALUE;
    for (place, bar) in bars.iter().enumerate() {
        let top = 4.0 + ROW * place as f64;
        text(&mut svg, "name", NAME - 8.0, top + 20.0, "end", bar.name);
        match &bar.now {
            Some((share, written)) => {
                let long = (share * width).max(1.0);
                let _ = write!(
                    svg,
                    "<rect class=\"bar\" x=\"{NAME}\" y=\"{:.1}\" width=\"{long:.1}\" height=\"16\"/>",
                    top + 3.0
                );
                text(&mut svg, "value", NAME + width + 8.0, top + 16.0, "start", written);
            }
            None => text(&mut svg, "absent", NAME + 4.0, top + 20.0, "start", bar.absent),
        }
        if let Some((share, written)) = &bar.before {
            let long = (share * width).max(1.0);
            let _ = write!(
                svg,
                "<rect class=\"before\" x=\"{NAME}\" y=\"{:.1}\" width=\"{long:.1}\" height=\"7\"/>",
                top + 22.0
            );
            text(&mut svg, "small", NAME + width + 8.0, top + 30.0, "start", written);
        }
    }
    let _ = write!(
        svg,
        "<line class=\"grid\" x1=\"{0}\" y1=\"2\" x2=\"{0}\" y2=\"{1:.1}\"/>",
        NAME + width,
        ROW * bars.len() as f64 + 4.0
    );
    svg + "</svg>"
}
