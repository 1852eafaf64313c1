//! The suggested rules, a function a kind of check: what of a column speaks for one, and its words.
//!
//! Apart because each can be read by itself. It sees facts and no cell.

use chrono::NaiveDate;

use super::super::mapping::{percent, quoted};
use super::super::{ColumnProfile, Content, Count, shape};
use super::{ENOUGH, Reference, Suggesting, Suggestion, grouped};
use crate::dictionary::FieldType;
use crate::text;

/// From this share on a rule is kept almost always.
const ALMOST: f64 = 0.99;
/// At most so many different values are a list.
const LIST: u64 = 12;
/// Each value of a list occurs so often on average, at least.
const OFTEN: u64 = 5;
/// At most so many shapes are a format.
const FORMATS: usize = 3;
/// Ages that people think in, in days.
const AGES: [i64; 7] = [30, 60, 90, 180, 365, 730, 1095];

impl Suggesting<'_> {
    /// One rule for all fields that are always filled, or almost.
    pub(super) fn required(&self) -> Option<Suggestion> {
        let rows = self.sheet.rows_checked;
        let mut fields = Vec::new();
        let mut evidence = Vec::new();
        for column in &self.sheet.columns {
            let (Some(field), empty) = (&column.field, rows - column.facts.filled) else { continue };
            if share(column.facts.filled, rows) < ALMOST || fields.contains(field) {
                continue;
            }
            fields.push(field.clone());
            let (label, of) = (self.label(field), grouped(rows));
            let (zh, en, empty) = (label.zh, label.en, grouped(empty));
            evidence.push(text!("{zh}：{of} 行中 {empty} 行为空", "{en}: {empty} of {of} empty"));
        }
        let list = fields.iter().map(|field| quoted(field)).collect::<Vec<_>>().join(", ");
        let own = format!("\n[[rule.require]]\nfields = [{list}]\n");
        (!fields.is_empty()).then(|| {
            let title = text!("必填项为空", "A field that is always filled is empty");
            let message = text!("“{{field}}”未填写", "{{field}} is missing");
            self.rule("required", None, &title, &message, "completeness", &own, evidence)
        })
    }

    pub(super) fn unique(&self, column: &ColumnProfile) -> Option<Suggestion> {
        let (field, facts) = (column.field.as_deref()?, &column.facts);
        let is_code = self.table.field(field).is_some_and(|field| field.code);
        let tells = column.is_key || is_code || matches!(looks(column), Some(Content::CreditCode | Content::Account));
        if !tells || facts.filled < ENOUGH || share(facts.filled - facts.repeated, facts.filled) < ALMOST {
            return None;
        }
        let (filled, repeated) = (grouped(facts.filled), grouped(facts.repeated));
        let said = match facts.repeated {
            0 => text!("{filled} 个值没有重复", "no doubles among {filled} values"),
            _ => text!("{filled} 个值中 {repeated} 个重复", "{repeated} of {filled} values are doubles"),
        };
        let label = self.label(field);
        let (zh, en) = (&label.zh, &label.en);
        let title = text!("{zh}重复", "{en} is used twice");
        let message = text!("另有一行的“{zh}”与此相同", "Another row has the same {en}");
        let own = format!("field = {}\n", quoted(field));
        Some(self.rule("unique", Some(field), &title, &message, "uniqueness", &own, vec![said]))
    }

    pub(super) fn allowed_values(&self, column: &ColumnProfile) -> Option<Suggestion> {
        let (field, facts) = (column.field.as_deref()?, &column.facts);
        let is_text = self.table.field(field).is_some_and(|field| field.field_type == FieldType::Text && !field.code);
        let is_list = facts.distinct > 0 && facts.distinct <= LIST && facts.filled >= facts.distinct * OFTEN;
        let is_whole = facts.values.iter().map(|value| value.count).sum::<u64>() == facts.filled;
        let is_plain =
            |value: &str| !value.contains(['*', '…']) && matches!(Content::of(value), None | Some(Content::Person));
        if !is_text
            || !is_list
            || !is_whole
            || column.is_key
            || !facts.values.iter().all(|value| is_plain(&value.value))
        {
            return None;
        }
        let distinct = facts.distinct;
        let counts: Vec<String> =
            facts.values.iter().map(|value| format!("{} {}", value.value, grouped(value.count))).collect();
        let counts = counts.join(", ");
        let evidence = vec![text!("{distinct} 种取值：{counts}", "{distinct} distinct: {counts}")];
        let label = self.label(field);
        let (zh, en) = (&label.zh, &label.en);
        let title = text!("{zh}取值不在范围内", "{en} is none of the known values");
        let message = text!("“{zh}”不是已知的取值", "{en} is none of the known values");
        let list = facts.values.iter().map(|value| quoted(&value.value)).collect::<Vec<_>>().join(", ");
        let own = format!("field = {}\nvalues = [{list}]\n", quoted(field));
        Some(self.rule("allowed_values", Some(field), &title, &message, "validity", &own, evidence))
    }

    pub(super) fn format(&self, column: &ColumnProfile) -> Option<Suggestion> {
        let (field, facts) = (column.field.as_deref()?, &column.facts);
        if self.table.field(field).is_none_or(|field| field.field_type != FieldType::Text) || facts.filled < ENOUGH {
            return None;
        }
        let shapes = &facts.shapes[..facts.shapes.len().min(FORMATS)];
        let mut patterns: Vec<String> = Vec::new();
        for kept in shapes {
            if share(fitting_of(&patterns, shapes), facts.sampled) >= ALMOST {
                break;
            }
            if !shape::tells(&kept.value) {
                return None;
            }
            patterns.push(shape::pattern(&kept.value));
        }
        let fitting = fitting_of(&patterns, shapes);
        if share(fitting, facts.sampled) < ALMOST {
            return None;
        }
        let listed = shapes.iter().take(patterns.len());
        let listed: Vec<String> = listed.map(|shape| format!("{} {}", shape.value, grouped(shape.count))).collect();
        let (share, listed) = (percent(share(fitting, facts.sampled)), listed.join(", "));
        let mut evidence = vec![text!("{share} 的值符合：{listed}", "{share} of values: {listed}")];
        if facts.sampled < facts.filled {
            let (sampled, filled) = (grouped(facts.sampled), grouped(facts.filled));
            evidence.push(text!("抽查 {filled} 个值中的 {sampled} 个", "a sample: {sampled} of {filled} values"));
        }
        let label = self.label(field);
        let (zh, en) = (&label.zh, &label.en);
        let title = text!("{zh}格式不符", "{en} has another format");
        let message = text!("“{zh}”的格式与其他行不同", "{en} is written otherwise than in the other rows");
        let list = patterns.iter().map(|pattern| quoted(pattern)).collect::<Vec<_>>().join(", ");
        let own = format!("field = {}\npatterns = [{list}]\n", quoted(field));
        Some(self.rule("format", Some(field), &title, &message, "validity", &own, evidence))
    }

    pub(super) fn not_in_the_future(&self, column: &ColumnProfile) -> Option<Suggestion> {
        let field = self.dated(column)?;
        let latest: NaiveDate = column.facts.most.as_deref()?.parse().ok()?;
        if latest > self.as_of {
            return None;
        }
        let (filled, as_of) = (grouped(column.facts.filled), self.as_of);
        let evidence = vec![text!(
            "{filled} 个日期都不晚于 {as_of}，最晚 {latest}",
            "0 of {filled} after {as_of}, the latest {latest}"
        )];
        let label = self.label(field);
        let (zh, en) = (&label.zh, &label.en);
        let title = text!("{zh}晚于当天", "{en} lies in the future");
        let message = text!("“{zh}”晚于检查当天", "{en} is later than the day of the check");
        let own = format!("fails_when = \"{field} > as_of\"\nfield = {}\n", quoted(field));
        Some(self.rule("compare", Some(field), &title, &message, "accuracy", &own, evidence))
    }

    pub(super) fn stale(&self, column: &ColumnProfile) -> Option<Suggestion> {
        let field = self.dated(column)?;
        let facts = &column.facts;
        let latest: NaiveDate = facts.most.as_deref()?.parse().ok()?;
        let old: NaiveDate = facts.old.as_deref()?.parse().ok()?;
        let age = self.as_of.signed_duration_since(old).num_days();
        let days = AGES.into_iter().find(|days| age <= *days)?;
        // A column of days long past is no column that somebody keeps up to date.
        if latest > self.as_of || age < 0 || share(facts.filled, facts.rows) < 0.8 {
            return None;
        }
        let (as_of, earliest) = (self.as_of, facts.least.as_deref().unwrap_or_default());
        let evidence = vec![text!(
            "95 % 的日期不早于 {old}（{as_of} 前 {age} 天），最早 {earliest}",
            "95 % are not before {old} ({age} days before {as_of}), the earliest {earliest}"
        )];
        let label = self.label(field);
        let (zh, en) = (&label.zh, &label.en);
        let title = text!("{zh}过久", "{en} is long ago");
        let message = text!("“{zh}”已超过 {{age}} 天", "{en} is more than {{age}} days ago");
        let own = format!(
            "field = {}\nunit = \"day\"\n\n[rule.parameters]\nage = {{ value = {days}, basis = \"company\" }}\n",
            quoted(field)
        );
        Some(self.rule("stale", Some(field), &title, &message, "timeliness", &own, evidence))
    }

    pub(super) fn reference(&self, reference: &Reference) -> Option<Suggestion> {
        if reference.filled < ENOUGH || share(reference.found, reference.filled) < ALMOST {
            return None;
        }
        let Reference { field, to, to_field, filled, found } = reference;
        let (filled, found) = (grouped(*filled), grouped(*found));
        let evidence =
            vec![text!("{filled} 个 {field} 中 {found} 个在 {to} 中找到", "{found} of {filled} {field} found in {to}")];
        let label = self.label(field);
        let (zh, en) = (&label.zh, &label.en);
        let title = text!("{zh}没有对应记录", "{en} names no record");
        let message = text!("“{zh}”为空或没有对应记录", "{en} is empty or names no record");
        let own = format!("field = {}\nto = {}\nto_field = {}\n", quoted(field), quoted(to), quoted(to_field));
        Some(self.rule("reference", Some(field), &title, &message, "consistency", &own, evidence))
    }
}

/// How many of the sampled cells have one of the shapes whose patterns were taken.
fn fitting_of(patterns: &[String], shapes: &[Count]) -> u64 {
    shapes.iter().take(patterns.len()).map(|shape| shape.count).sum()
}

fn looks(column: &ColumnProfile) -> Option<Content> {
    column.facts.likeness.map(|likeness| likeness.content)
}

fn share(part: u64, whole: u64) -> f64 {
    part as f64 / whole.max(1) as f64
}
