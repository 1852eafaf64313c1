//! One way of writing: simplified, lower case, Chinese digits, round brackets, nothing between.
//!
//! Apart because names and addresses are tidied alike before anything is looked for in them.

use crate::matching::lexicon::lexicon;
use crate::matching::lexicon::regions::is_han;

/// Tidies a folded text: simplified characters, lower case, brackets as ( and ), no blanks or punctuation.
pub(in crate::matching) fn tidy(text: &str) -> Vec<char> {
    let characters = &lexicon().characters;
    let mut tidied = Vec::with_capacity(text.len() / 2);
    for character in text.chars() {
        match character {
            '(' | '[' | '{' | '【' | '〔' | '［' | '﹙' | '「' | '<' | '《' | '〈' => tidied.push('('),
            ')' | ']' | '}' | '】' | '〕' | '］' | '﹚' | '」' | '>' | '》' | '〉' => tidied.push(')'),
            '㈱' => tidied.extend("有限公司".chars()),
            _ if is_han(character) => tidied.push(characters.simplified(character)),
            _ if character.is_ascii_alphanumeric() => tidied.push(character.to_ascii_lowercase()),
            _ if character.is_ascii() => {}
            _ if character.is_alphanumeric() => tidied.extend(plain(character)),
            _ => {}
        }
    }
    tidied
}

/// A letter of another alphabet in lower case, the commonest accents off.
pub(super) fn plain(character: char) -> impl Iterator<Item = char> {
    const ACCENTS: &str = "àaáaâaãaäaåaçcèeéeêeëeìiíiîiïiñnòoóoôoõoöoøoùuúuûuüuýyÿyßs";
    character.to_lowercase().map(|letter| {
        let mut accents = ACCENTS.chars();
        while let (Some(accented), Some(plain)) = (accents.next(), accents.next()) {
            if accented == letter {
                return plain;
            }
        }
        letter
    })
}

/// Arabic and formal digits as Chinese ones: 1 and 壹 as 一.
pub(in crate::matching) fn chinese_digit(character: char) -> char {
    match character {
        '0' | '〇' => '零',
        '1' | '壹' => '一',
        '2' | '贰' => '二',
        '3' | '叁' => '三',
        '4' | '肆' => '四',
        '5' | '伍' => '五',
        '6' | '陆' => '六',
        '7' | '柒' => '七',
        '8' | '捌' => '八',
        '9' | '玖' => '九',
        '拾' => '十',
        other => other,
    }
}
