//! The text files of the tests: encodings, quotes, records, and that all ways of reading them agree.

use encoding_rs::GB18030;

use super::*;
use crate::source::grid::MOST_CHARACTERS;

fn rows(text: &str) -> Vec<Vec<String>> {
    Records::new(text, b',').map(|record| record.expect("a record")).collect()
}

#[test]
fn a_blank_line_is_a_record_and_a_quoted_line_break_is_not() {
    let text = "a,b\r\n\r\n\"x\ny\",2\r\n,\n\"q\"\"r\",4";
    assert_eq!(rows(text), [vec!["a", "b"], vec![], vec!["x\ny", "2"], vec!["", ""], vec!["q\"r", "4"]]);
}

#[test]
fn a_mark_within_a_file_belongs_to_its_value() {
    let text = "\u{FEFF}a,b\n\u{FEFF}1,2\n\"\u{FEFF}3\",4\n";
    assert_eq!(rows(text), [vec!["\u{FEFF}a", "b"], vec!["\u{FEFF}1", "2"], vec!["\u{FEFF}3", "4"]]);
}

#[test]
fn both_ways_of_reading_agree() {
    let plain = "编号,名称,备注\n1,甲,\"a\nb\"\n2,,c\n,,\n3,\"\"\"引号\"\"\",\n";
    let body = TextBody { text: plain.to_owned(), separator: b',', wrapped: false };
    let fast = body.below_in_pieces(0, 3, 1).expect("a plain file");
    let slow = body.below_one_by_one(0, 3).expect("records");
    for (left, right) in fast.columns.iter().zip(&slow.columns) {
        let left: Vec<_> = left.values.iter().collect();
        let right: Vec<_> = right.values.iter().collect();
        assert_eq!(left, right);
    }
    assert_eq!(fast.columns.len(), slow.columns.len());
}

proptest::proptest! {
    #[test]
    fn pieces_hold_what_records_hold(cells in proptest::collection::vec("[a\"甲乙丙丁戊己庚,\n\r ]{0,9}", 0..40), rough in proptest::bool::ANY) {
        let written = |cell: &String| if rough { cell.clone() } else { format!("\"{}\"", cell.replace('"', "\"\"")) };
        let rows: Vec<String> = cells.chunks(3).map(|row| row.iter().map(written).collect::<Vec<_>>().join(",")).collect();
        let text = format!("a,b,c\n{}", rows.join("\n"));
        let body = TextBody { text: text.clone(), separator: b',', wrapped: false };
        if quotes::swallowing(&text, ",").is_none() && let Some(fast) = body.below_in_pieces(0, 3, 1) {
            let slow = body.below_one_by_one(0, 3).expect("records");
            for (left, right) in fast.columns.iter().zip(&slow.columns) {
                proptest::prop_assert_eq!(left.values.iter().collect::<Vec<_>>(), right.values.iter().collect::<Vec<_>>());
            }
        }
    }
}

const SMALL: blocks::Steps = blocks::Steps { head: 400, range: 32, block: 16 };

/// The rows below the first one, in blocks and as they are read whole.
fn both(bytes: &[u8]) -> (Option<Below>, Result<Below, Text>) {
    let file = tempfile::NamedTempFile::new().expect("a file");
    std::fs::write(file.path(), bytes).expect("written");
    let wish = TextWish::default();
    let whole = open(bytes.to_vec(), &wish);
    let sheet = blocks::open(file.path(), &wish, SMALL);
    if let (Some(sheet), Ok(whole)) = (&sheet, &whole) {
        assert_eq!((&sheet.head, &sheet.encoding), (&whole.head, &whole.encoding));
    }
    let in_blocks = sheet.and_then(|sheet| {
        let below = sheet.below(0, sheet.head[0].len()).ok();
        assert_eq!(sheet.is_odd(), below.is_none());
        below
    });
    (in_blocks, whole.and_then(|sheet| sheet.below(0, sheet.head[0].len())))
}

fn texts(below: &Below) -> Vec<Vec<Option<&str>>> {
    below.columns.iter().map(|cells| cells.values.iter().collect()).collect()
}

proptest::proptest! {
    #[test]
    fn blocks_hold_what_the_whole_file_holds(
        cells in proptest::collection::vec("[a\"甲乙丙,\n\r= ]{0,9}", 0..150),
        is_rough in proptest::bool::ANY,
        line in proptest::sample::select(vec!["\n", "\r\n"]),
        (has_mark, is_broken) in proptest::arbitrary::any::<(bool, bool)>(),
    ) {
        let written = |cell: &String| if is_rough { cell.clone() } else { format!("\"{}\"", cell.replace('"', "\"\"")) };
        let rows = cells.chunks(3).map(|row| row.iter().map(written).collect::<Vec<_>>().join(","));
        let head = std::iter::once("编号,名称,备注".to_owned()).chain((0..HEAD_ROWS).map(|row| format!("{row},b,c")));
        let text = head.chain(rows).collect::<Vec<_>>().join(line);
        let mut bytes = if has_mark { b"\xEF\xBB\xBF".to_vec() } else { Vec::new() };
        bytes.extend(text.as_bytes());
        if is_broken {
            bytes.push(0xFF);
        }
        let (in_blocks, whole) = both(&bytes);
        if let Some(in_blocks) = in_blocks {
            let whole = whole.expect("what is plain can be read");
            proptest::prop_assert_eq!(texts(&in_blocks), texts(&whole));
            proptest::prop_assert_eq!((in_blocks.rows.get(7), &in_blocks.cut), (whole.rows.get(7), &whole.cut));
            let said = |below: &Below| below.remarks.iter().map(|remark| remark.zh.clone()).collect::<Vec<_>>();
            proptest::prop_assert_eq!(said(&in_blocks), said(&whole));
        }
    }

    #[test]
    fn a_plain_file_is_read_in_blocks(cells in proptest::collection::vec("[a甲乙丙= ]{0,9}|\"[a甲,\"]{0,9}\"", 3..150)) {
        let quoted = |cell: &String| match cell.strip_prefix('"').and_then(|cell| cell.strip_suffix('"')) {
            Some(inner) => format!("\"{}\"", inner.replace('"', "\"\"")),
            None => cell.clone(),
        };
        let rows = cells.chunks_exact(3).map(|row| row.iter().map(quoted).collect::<Vec<_>>().join(","));
        let head = std::iter::once("编号,名称,备注".to_owned()).chain((0..HEAD_ROWS).map(|row| format!("{row},b,c")));
        let text = head.chain(rows).collect::<Vec<_>>().join("\n");
        let (in_blocks, whole) = both(text.as_bytes());
        proptest::prop_assert_eq!(in_blocks.as_ref().map(texts), whole.as_ref().ok().map(texts));
        proptest::prop_assert!(in_blocks.is_some());
    }
}

#[test]
fn one_broken_byte_makes_no_other_encoding() {
    let mut bytes = "编号,名称\n1,上海华联公司\n2,甲\n".as_bytes().to_vec();
    bytes.extend(b"3,\xFF\n");
    let sheet = open(bytes, &TextWish::default()).expect("text");
    assert_eq!((sheet.encoding.as_str(), sheet.head[1][1].as_str()), ("UTF-8", "上海华联公司"));
    assert!(sheet.remarks[0].zh.contains("第 4 行"), "{}", sheet.remarks[0].zh);
}

#[test]
fn a_quote_within_a_cell_hides_no_full_width_comma() {
    let text = "编号，名称，备注\n1，甲 12\" 管，a\n2，\"乙，丙\"，b\n";
    let sheet = open(text.as_bytes().to_vec(), &TextWish::default()).expect("text");
    assert_eq!(sheet.head[1], ["1", "甲 12\" 管", "a"]);
    assert_eq!(sheet.head[2], ["2", "乙，丙", "b"]);
}

#[test]
fn a_quote_that_is_never_closed_is_told_by_its_row() {
    let text = "编号,名称\n\n1,\"甲\n乙\"\n2,\"丙\n3,丁\n";
    let Err(said) = open(text.as_bytes().to_vec(), &TextWish::default()) else { panic!("read") };
    assert!(said.zh.contains("第 4 行"), "{}", said.zh);
}

#[test]
fn a_cell_that_is_too_long_is_cut_and_told() {
    let text = format!("a,b\n1,2\n3,{}\n", "长".repeat(MOST_CHARACTERS + 1));
    let body = TextBody { text, separator: b',', wrapped: false };
    let below = body.below(0, 2).expect("records");
    assert_eq!(below.cut, [(2, 1)]);
    assert_eq!(below.columns[1].values.get(1).map(|cell| cell.chars().count()), Some(MOST_CHARACTERS));
}

#[test]
fn the_encoding_is_found_out() {
    let (gbk, _, _) = GB18030.encode("编号,名称\n1,䶮𠮷\n");
    let sheet = open(gbk.into_owned(), &TextWish::default()).expect("text");
    assert_eq!((sheet.encoding.as_str(), sheet.head[1][1].as_str()), ("GB18030", "䶮𠮷"));
    let utf16: Vec<u8> =
        [0xFF, 0xFE].into_iter().chain("编号\t名称\n1\t甲\n".encode_utf16().flat_map(u16::to_le_bytes)).collect();
    let sheet = open(utf16, &TextWish::default()).expect("text");
    assert_eq!((sheet.encoding.as_str(), sheet.head[0].len()), ("UTF-16LE", 2));
}
