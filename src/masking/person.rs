//! Names, addresses for mail and messengers: what stays of what a person is called by.
//!
//! Apart because they are masked by letter and script, not by position.

use super::{STARS, digit, letters_among};
use crate::text;
use crate::text::Text;

/// What stands between several names or addresses in one cell.
pub const SEPARATORS: &[char] = &['/', ';', '；', '、', ',', '，', '|', '\n', '／'];
/// Surnames of two letters that people bear today.
const COMPOUND: [&str; 24] = [
    "欧阳", "司马", "诸葛", "上官", "司徒", "东方", "独孤", "南宫", "夏侯", "皇甫", "尉迟", "公孙", "慕容", "长孙",
    "宇文", "轩辕", "令狐", "钟离", "闻人", "端木", "百里", "呼延", "东郭", "西门",
];
/// Letters that a name in Chinese seldom has more of.
const LONG: usize = 4;

/// One name: 张*, 欧阳**, J***.
pub fn name(one: &str) -> (String, Vec<Text>) {
    let name = one.trim();
    let letters: Vec<char> = name.chars().collect();
    let is_chinese = letters.first().is_some_and(|letter| is_han(*letter));
    if !is_chinese {
        let first: String = letters.iter().take(1).filter(|letter| letter.is_alphabetic()).collect();
        let remarks =
            if letters.iter().any(|letter| digit(*letter).is_some()) { vec![letters_among()] } else { Vec::new() };
        return (format!("{first}{STARS}"), remarks);
    }
    let surname = if letters.len() > 2 && COMPOUND.iter().any(|known| name.starts_with(known)) { 2 } else { 1 };
    let surname = if letters.len() == 1 { 0 } else { surname };
    let stars = letters.len() - surname;
    let masked = letters.iter().take(surname).collect::<String>() + &"*".repeat(stars.min(LONG));
    let count = letters.len();
    let mut remarks = Vec::new();
    if count > LONG {
        remarks.push(text!("{count}字", "{count} letters"));
    }
    if letters.iter().any(|letter| !is_han(*letter) && *letter != '·') {
        remarks.push(letters_among());
    }
    (masked, remarks)
}

/// One e-mail address: z***@domain.
pub fn email(one: &str) -> (String, Vec<Text>) {
    let address = one.trim();
    let first: String = address.chars().take(1).filter(|letter| letter.is_alphanumeric()).collect();
    let ats = address.matches(['@', '＠']).count();
    let Some((_, domain)) = address.rsplit_once(['@', '＠']) else {
        return (format!("{first}{STARS}"), vec![text!("没有 @", "no @")]);
    };
    let (domain, fits) = shown_domain(domain);
    let mut remarks = Vec::new();
    if ats > 1 {
        remarks.push(text!("{ats} 个 @", "{ats} @"));
    }
    if !fits {
        remarks.push(letters_among());
    }
    (format!("{first}{STARS}@{domain}"), remarks)
}

/// A domain as far as it is one: long numbers and letters that no domain has are hidden.
fn shown_domain(domain: &str) -> (String, bool) {
    let fits = |letter: char| letter.is_ascii_alphanumeric() || matches!(letter, '.' | '-' | '。' | '．' | '，');
    let longest = domain.split(|letter: char| digit(letter).is_none()).map(str::len).max().unwrap_or_default();
    let shown = domain
        .chars()
        .map(|letter| if !fits(letter) || (longest > 4 && digit(letter).is_some()) { '*' } else { letter })
        .collect();
    (shown, domain.chars().all(fits) && domain.contains('.'))
}

/// A 微信 or QQ number: its first two letters.
pub fn handle(value: &str) -> String {
    let letters: Vec<char> = value.trim().chars().collect();
    let kept = if letters.len() > 4 { 2 } else { 0 };
    letters.iter().take(kept).collect::<String>() + STARS
}

fn is_han(letter: char) -> bool {
    matches!(letter, '\u{3400}'..='\u{9fff}' | '\u{20000}'..='\u{3134f}')
}
