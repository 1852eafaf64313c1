//! What the records of a list are grouped by, and what is reckoned of each group.
//!
//! Apart because a list of groups has no columns of its own, and not every item can be reckoned with.

use super::column::width;
use crate::model::FigureKind;
use crate::params::{Params, Placed};
use crate::rule::listing::item::Names;
use crate::rule::listing::{Column, Figure, Groups};
use crate::text;
use crate::text::Text;

/// The groups of a list; nothing where it has none.
pub(super) fn groups(entry: &Params, names: &Names) -> Option<Groups> {
    let by = entry.optional_strings("group_by");
    let figures = entry.tables("figures");
    let chart = entry.optional_bool("chart");
    let Some(by) = by else {
        for key in ["figures", "chart"].into_iter().filter(|key| entry.has(key)) {
            let message = text!("{key} 只用于 group_by", "`{key}` is for `group_by`");
            entry.problems().add(entry.span_of(key), message);
        }
        return None;
    };
    entry.must_not_be_empty("group_by", by.is_empty());
    entry.must_not_be_empty("figures", figures.is_empty());
    let column = |written: &Placed<String>| {
        let item = names.named_or_reckoned(entry, written)?;
        Some(Column { title: names.title(&item), width: names.width(&item).max(16), item })
    };
    Some(Groups {
        by: by.iter().filter_map(column).collect(),
        figures: figures.iter().filter_map(|figure| self::figure(figure, names)).collect(),
        chart: chart.unwrap_or(false),
    })
}

fn figure(params: &Params, names: &Names) -> Option<Figure> {
    params.must_have("of");
    let how = params.optional_word("of", &FigureKind::WORDS);
    let (field, value) = (params.optional_string("field"), params.optional_string("value"));
    let title = params.optional_text("title");
    let width = width(params);
    params.finish();
    let how = how?;
    let counts = matches!(how, FigureKind::Count | FigureKind::Share);
    let item = match (&field, &value) {
        (None, None) if counts => None,
        (Some(field), None) if !counts => Some(names.named(params, field)?),
        (None, Some(value)) if !counts => Some(names.reckoned(params, value)?),
        _ => {
            let message = text!(
                "count、share 不带字段，其余要 field 或 value 之一",
                "count and share take no field, the others one of `field` and `value`"
            );
            params.problems().add(params.span(), message);
            return None;
        }
    };
    if let Some(item) = &item
        && matches!(how, FigureKind::Sum | FigureKind::Average)
        && !names.is_number(item)
    {
        params.problems().add(params.span(), text!("只有数字能求和、求平均", "only numbers can be added up"));
        return None;
    }
    let title = title.unwrap_or_else(|| figure_title(how, item.as_ref().map(|item| names.title(item))));
    Some(Figure { how, item, title, width: width.unwrap_or(14) })
}

fn figure_title(how: FigureKind, of: Option<Text>) -> Text {
    let Text { zh, en } = of.unwrap_or_default();
    match how {
        FigureKind::Count => text!("条数", "Count"),
        FigureKind::Share => text!("占比", "Share"),
        FigureKind::Sum => text!("{zh}合计", "{en}, total"),
        FigureKind::Average => text!("{zh}平均", "{en}, average"),
        FigureKind::Least => text!("{zh}最小", "{en}, least"),
        FigureKind::Most => text!("{zh}最大", "{en}, most"),
        FigureKind::Distinct => text!("{zh}（去重）", "{en}, distinct"),
    }
}
