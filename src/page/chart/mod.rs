//! Charts as inline SVG: drawn by hand, so that the page needs no script and no address for them.
//!
//! Apart because they know numbers and words and no run. Colours are classes of the style sheet; series also differ in
//! marker and dash, so that a black and white print can be read.

mod bars;
mod lines;

pub use bars::{Bar, bars};
pub use lines::{Line, Scale, lines};

use std::fmt::Write;

/// The width of every chart in its own units: on a telephone nearly pixels, on a desktop half as large again.
const WIDTH: f64 = 420.0;

/// Text between tags, or in an attribute in double quotes.
pub fn escaped(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for letter in text.chars() {
        match letter {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\'' => escaped.push_str("&#39;"),
            other => escaped.push(other),
        }
    }
    escaped
}

/// The opening of a picture with its title and description for those who do not see it.
fn open(height: f64, id: &str, title: &str, description: &str) -> String {
    let (id, title, description) = (escaped(id), escaped(title), escaped(description));
    format!(
        "<svg class=\"chart\" viewBox=\"0 0 {WIDTH} {height}\" role=\"img\" aria-labelledby=\"{id}-t {id}-d\">\
         <title id=\"{id}-t\">{title}</title><desc id=\"{id}-d\">{description}</desc>"
    )
}

fn text(svg: &mut String, class: &str, x: f64, y: f64, anchor: &str, words: &str) {
    let words = escaped(words);
    // Writing to a String cannot fail.
    let _ = write!(svg, "<text class=\"{class}\" x=\"{x:.1}\" y=\"{y:.1}\" text-anchor=\"{anchor}\">{words}</text>");
}

/// The marker of a series at a place: another form for each of the first six, hollow from then on.
fn marker(svg: &mut String, series: usize, x: f64, y: f64, said: &str) {
    const R: f64 = 3.6;
    let points = |corners: &[(f64, f64)]| -> String {
        corners.iter().map(|(right, down)| format!("{:.1},{:.1} ", x + right * R, y + down * R)).collect()
    };
    let shape = match series % 6 {
        0 => format!("<circle cx=\"{x:.1}\" cy=\"{y:.1}\" r=\"{R}\""),
        1 => format!("<polygon points=\"{}\"", points(&[(-1.0, -1.0), (1.0, -1.0), (1.0, 1.0), (-1.0, 1.0)])),
        2 => format!("<polygon points=\"{}\"", points(&[(0.0, -1.3), (1.2, 0.9), (-1.2, 0.9)])),
        3 => format!("<polygon points=\"{}\"", points(&[(0.0, -1.4), (1.4, 0.0), (0.0, 1.4), (-1.4, 0.0)])),
        4 => format!("<polygon points=\"{}\"", points(&[(0.0, 1.3), (1.2, -0.9), (-1.2, -0.9)])),
        _ => format!(
            "<polygon points=\"{}\"",
            points(&[
                (-1.3, -0.4),
                (-0.4, -1.3),
                (0.4, -1.3),
                (1.3, -0.4),
                (1.3, 0.4),
                (0.4, 1.3),
                (-0.4, 1.3),
                (-1.3, 0.4)
            ])
        ),
    };
    let hollow = if series >= 6 { " hollow" } else { "" };
    let _ = write!(svg, "{shape} class=\"mark s{series}{hollow}\">");
    if !said.is_empty() {
        let _ = write!(svg, "<title>{}</title>", escaped(said));
    }
    svg.push_str(if series.is_multiple_of(6) { "</circle>" } else { "</polygon>" });
}

/// A piece of line with its marker, for the legend.
pub fn sample(series: usize) -> String {
    let mut svg = String::from("<svg class=\"sample\" viewBox=\"0 0 34 12\" aria-hidden=\"true\">");
    let _ = write!(svg, "<line class=\"line s{series}\" x1=\"1\" y1=\"6\" x2=\"33\" y2=\"6\"/>");
    marker(&mut svg, series, 17.0, 6.0, "");
    svg + "</svg>"
}
