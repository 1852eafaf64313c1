//! `hedui explain`: a rule, one of its findings, and what more is to be said of it.
//!
//! Apart because each command has a file of its own. It knows what may be typed, and nothing of what is done with it.

use clap::Args;

/// Arguments of `explain`.
#[derive(Debug, Args)]
pub struct ExplainArguments {
    /// A rule's id, or a finding as RULE/RECORD or RULE/RECORD/FIELD
    #[arg(required_unless_present = "kinds", value_name = "RULE|FINDING")]
    pub subject: Option<String>,
    /// The record's key: the values behind the rule's verdict on it
    #[arg(value_name = "RECORD")]
    pub record: Option<String>,
    /// Also print the plan that the rule is evaluated by
    #[arg(long)]
    pub plan: bool,
    /// What would be if a number were another; may be repeated
    #[arg(long, value_name = "NAME=VALUE")]
    pub what_if: Vec<String>,
    /// The kinds of check and their keys
    #[arg(long)]
    pub kinds: bool,
}
