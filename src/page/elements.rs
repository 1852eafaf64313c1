//! Style and script as elements of the page, and the policy that lets the browser run these and nothing else.
//!
//! Apart because it is what makes a hostile name harmless even where an escape were forgotten: the browser is given the
//! hash of the one script, and asked to fetch nothing from anywhere.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use sha2::{Digest, Sha256};

use crate::report::TemplateProblem;
use crate::text;

/// The style sheet's file.
pub const STYLE: &str = "page/page.css";
/// The script's file.
pub const SCRIPT: &str = "page/page.js";

/// The elements of a page.
pub struct Elements {
    /// `<meta http-equiv="Content-Security-Policy" …>`
    pub policy: String,
    /// `<style>…</style>`
    pub style: String,
    /// `<script>…</script>`
    pub script: String,
}

/// The elements of a style sheet and a script.
pub fn elements(style: &str, script: &str) -> Elements {
    let (style, script) = (plain(style), plain(script));
    let policy = format!(
        "default-src 'none'; style-src 'sha256-{}'; script-src 'sha256-{}'; base-uri 'none'; form-action 'none'",
        hash(&style),
        hash(&script)
    );
    Elements {
        policy: format!("<meta http-equiv=\"Content-Security-Policy\" content=\"{policy}\">"),
        style: format!("<style>{style}</style>"),
        script: format!("<script>{script}</script>"),
    }
}

/// The line ends that a browser hashes.
fn plain(text: &str) -> String {
    text.replace("\r\n", "\n").replace('\r', "\n")
}

fn hash(text: &str) -> String {
    STANDARD.encode(Sha256::digest(text.as_bytes()))
}

/// What a style sheet or script of a company's own must not have: the end of its own element, or an address outside.
pub fn mistakes(name: &str, source: &str) -> Vec<TemplateProblem> {
    let forbidden = ["</script", "</style", "<!--"];
    let lower = source.to_ascii_lowercase();
    let mut mistakes = Vec::new();
    for end in forbidden {
        if let Some(at) = lower.find(end) {
            let message =
                text!("这里不能有 {end}：页面会在此断开", "{end} cannot stand here: the page would break off");
            mistakes.push(TemplateProblem::at(name, source, at..at + end.len(), message));
        }
    }
    for scheme in ["http://", "https://", "@import"] {
        // The name of a namespace is no address.
        let found = lower.match_indices(scheme).find(|(at, _)| !lower[*at..].starts_with("http://www.w3.org/"));
        if let Some((at, _)) = found {
            let message = text!(
                "页面不能引用外部地址，浏览器会拒绝",
                "the page asks no outside address for anything: the browser would refuse"
            );
            mistakes.push(TemplateProblem::at(name, source, at..at + scheme.len(), message));
        }
    }
    mistakes
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_policy_names_the_bytes_between_the_tags() {
        let made = elements("a{}\r\n", "x()");
        assert_eq!(made.style, "<style>a{}\n</style>");
        assert!(made.policy.contains(&format!("script-src 'sha256-{}'", hash("x()"))), "{}", made.policy);
        assert!(made.policy.contains(&format!("style-src 'sha256-{}'", hash("a{}\n"))), "{}", made.policy);
        assert!(!made.policy.contains("unsafe"));
    }

    #[test]
    fn a_script_that_ends_itself_or_asks_outside_is_a_mistake() {
        assert!(mistakes(SCRIPT, "var ns = 'http://www.w3.org/2000/svg';").is_empty());
        let found = mistakes(SCRIPT, "a\nvar x = '</SCRIPT>';");
        assert_eq!((found.len(), found[0].line), (1, 2));
        assert_eq!(mistakes(STYLE, "b{background:url(https://cdn.example/x.png)}").len(), 1);
    }
}
