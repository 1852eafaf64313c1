//! What a cell says that stands in no record: totals, signatures, notes, the ends of lists, and numbers as they stand
//! beside a total.
//!
//! Apart because these are words alone. Which row they make a total or a note of is decided above.

const TOTALS: [&str; 10] =
    ["合计", "小计", "总计", "本页合计", "本页小计", "累计", "本页累计", "总合计", "合计金额", "Total"];
/// Words that open a signature or a note, also without a colon: no person and no firm is called so.
pub(super) const SIGNATURES: [&str; 9] =
    ["制表人", "填表人", "审核人", "填报人", "复核人", "制表", "填报单位", "备注", "注"];
/// Words that do so before a colon only: alone, 主管 is somebody's title.
const OPENINGS: [&str; 14] = [
    "填表",
    "说明",
    "填表说明",
    "附注",
    "主管",
    "部门主管",
    "部门负责人",
    "单位负责人",
    "制表日期",
    "填表日期",
    "填报日期",
    "日期",
    "打印时间",
    "导出时间",
];
const ENDS: [&str; 4] = ["以下空白", "以下无正文", "以下为空", "此行以下空白"];
/// Words for what a total counts: 12户.
const COUNTED: [&str; 20] = [
    "户", "家", "条", "笔", "个", "份", "项", "人", "台", "次", "名", "位", "张", "件", "页", "单", "客户", "合同",
    "记录", "行",
];
/// What amounts in words are written with: 人民币伍佰万元整.
const AMOUNTS: &str = "人民币零壹贰叁肆伍陆柒捌玖拾佰仟萬亿圆元角分整正〇一二三四五六七八九十百千万两";
/// What such words begin with, and what may stand before them.
pub(super) const BEGINNINGS: &str = "合小总本累制填审复备注说附主部单日打导以此第共T-—*=·【/(（";

/// Whether a cell may be a word of totals: hardly any gets past this look.
pub(super) fn may_be_total(value: &str) -> bool {
    // Most cells begin with a sign that is no mark and is looked up at once.
    match value.chars().next() {
        Some(first) if first.is_ascii_alphanumeric() => return first == 'T',
        Some(first @ '\u{4E00}'..='\u{9FFF}') => return matches!(first, '合' | '小' | '总' | '本' | '累'),
        _ => {}
    }
    let marks = |first: char| first.is_whitespace() || "-—*=·【/(（".contains(first);
    value.trim_start_matches(marks).starts_with(['合', '小', '总', '本', '累', 'T'])
}

/// A text without white space and the marks around it.
pub(super) fn words(folded: &str) -> String {
    let joined: String = folded.chars().filter(|character| !character.is_whitespace()).collect();
    joined.trim_matches(['-', '—', '*', '=', '·', '【', '】', '/']).to_owned()
}

/// A word of totals, alone or before a colon, a bracket or a number.
pub(super) fn is_total(said: &str) -> bool {
    TOTALS.iter().any(|total| {
        said.strip_prefix(total).is_some_and(|rest| {
            rest.is_empty()
                || rest.starts_with(|character: char| character == ':' || character.is_ascii_digit())
                || rest.starts_with('(') && rest.ends_with(')')
                || is_amount_in_words(rest)
        })
    })
}

fn is_amount_in_words(text: &str) -> bool {
    !text.is_empty() && text.chars().all(|character| AMOUNTS.contains(character))
}

/// A number, as it stands beside a word of totals: in digits, counted (12户), in words, or a dash for none.
pub(super) fn is_numeric(folded: &str) -> bool {
    let text: String = folded.chars().filter(|character| !character.is_whitespace()).collect();
    let digits =
        |text: &str| text.chars().all(|character| character.is_ascii_digit() || ".,-+%¥￥万元亿".contains(character));
    let inner = text.trim_start_matches('共').trim_matches(['(', ')', '约']);
    digits(&text)
        || is_dash(&text)
        || is_amount_in_words(&text)
        || is_tally(inner) && inner.chars().any(|c| c.is_ascii_digit())
}

fn is_dash(text: &str) -> bool {
    text.chars().all(|character| "-—–－/\\_".contains(character))
}

/// A count with a word for what it counts.
fn is_tally(text: &str) -> bool {
    COUNTED.iter().any(|word| {
        text.strip_suffix(word).is_some_and(|count| {
            !count.is_empty() && count.chars().all(|character| character.is_ascii_digit() || character == ',')
        })
    })
}

/// The end of a list, a page number, or a word of signatures and notes before a colon.
pub(super) fn is_note(said: &str) -> bool {
    let digit = |rest: &str| rest.starts_with(|character: char| character.is_ascii_digit());
    let inner = said.trim_matches(['(', ')']);
    ENDS.contains(&inner)
        || said.strip_prefix('第').is_some_and(|rest| digit(rest) && rest.contains('页'))
        || said.strip_prefix('共').is_some_and(|rest| digit(rest) && rest.ends_with(['条', '页', '户', '家', '录']))
        || is_signature(said)
}

pub(super) fn is_signature(said: &str) -> bool {
    SIGNATURES.iter().chain(&OPENINGS).any(|note| {
        said.strip_prefix(note)
            .is_some_and(|rest| rest.trim_start_matches(|character: char| character.is_ascii_digit()).starts_with(':'))
    })
}
