//! Patterns that mean the same to every regular-expression engine: PostgreSQL's, MariaDB's, MySQL's and Java's.
//!
//! Apart because engines agree on little: classes of plain characters, groups, alternatives and greedy counts, matched
//! against a text without line breaks as a whole. A pattern that asks for more is not sent.

/// PostgreSQL counts no further.
const MOST_TIMES: u32 = 255;

/// A pattern as every engine understands it, without backslashes, which string literals treat differently; nothing where
/// it cannot be written so.
pub fn portable(pattern: &str) -> Option<String> {
    let mut written = String::with_capacity(pattern.len() + 8);
    let mut characters = pattern.chars().peekable();
    let mut depth = 0_u32;
    // whether something stands there that a count may follow
    let mut countable = false;
    while let Some(character) = characters.next() {
        match character {
            '(' => {
                if characters.peek() == Some(&'?') {
                    characters.next();
                    if characters.next() != Some(':') {
                        return None;
                    }
                }
                written.push('(');
                depth += 1;
                countable = false;
            }
            ')' => {
                depth = depth.checked_sub(1)?;
                written.push(')');
                countable = true;
            }
            '|' => {
                written.push('|');
                countable = false;
            }
            '[' => {
                class(&mut characters, &mut written)?;
                countable = true;
            }
            '\\' => {
                single(characters.next().filter(|next| ".+*?(){}|/-$".contains(*next))?, &mut written);
                countable = true;
            }
            '*' | '+' | '?' if countable => {
                written.push(character);
                countable = false;
            }
            '{' if countable => {
                count(&mut characters, &mut written)?;
                countable = false;
            }
            character if is_plain(character) => {
                written.push(character);
                countable = true;
            }
            _ => return None,
        }
    }
    (depth == 0 && !written.is_empty()).then(|| format!("^({written})$"))
}

/// A character that stands for itself everywhere.
fn is_plain(character: char) -> bool {
    character.is_ascii_alphanumeric() || " -_@%/:,;=!#".contains(character) || ('一'..='鿿').contains(&character)
}

/// One character that is a sign elsewhere, as a class of its own.
fn single(character: char, written: &mut String) {
    match character {
        '-' | '/' => written.push(character),
        other => {
            written.push('[');
            written.push(other);
            written.push(']');
        }
    }
}

/// `[…]` of plain characters, points and ranges of letters or digits.
fn class(characters: &mut std::iter::Peekable<std::str::Chars<'_>>, written: &mut String) -> Option<()> {
    written.push('[');
    let mut members = 0;
    loop {
        let character = match characters.next()? {
            ']' if members > 0 => break,
            '\\' => characters.next().filter(|next| *next == '.')?,
            character => character,
        };
        let is_dash = character == '-';
        // a dash is itself only at the end
        if is_dash && characters.peek() != Some(&']') {
            return None;
        }
        if !is_dash && (!is_plain(character) && !".+".contains(character) || ":=".contains(character)) {
            return None;
        }
        written.push(character);
        members += 1;
        if !is_dash && characters.peek() == Some(&'-') {
            characters.next();
            match characters.next()? {
                ']' => {
                    written.push('-');
                    break;
                }
                end if character.is_ascii_alphanumeric() && end.is_ascii_alphanumeric() && character <= end => {
                    written.push('-');
                    written.push(end);
                }
                end if ('一'..='鿿').contains(&character) && ('一'..='鿿').contains(&end) && character <= end => {
                    written.push('-');
                    written.push(end);
                }
                _ => return None,
            }
        }
    }
    written.push(']');
    Some(())
}

/// `{n}`, `{n,}` or `{n,m}`, greedy.
fn count(characters: &mut std::iter::Peekable<std::str::Chars<'_>>, written: &mut String) -> Option<()> {
    let inner: String = characters.by_ref().take_while(|character| *character != '}').collect();
    let (least, most) = inner.split_once(',').unwrap_or((&inner, &inner));
    let number = |text: &str| text.parse::<u32>().ok().filter(|number| *number <= MOST_TIMES);
    let least = number(least)?;
    if !most.is_empty() && number(most)? < least {
        return None;
    }
    written.push('{');
    written.push_str(&inner);
    written.push('}');
    Some(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn simple_patterns_are_written_without_backslashes() {
        for (pattern, wanted) in [
            ("[0-9]{6}", "^([0-9]{6})$"),
            (r"(\+86-?)?1[3-9][0-9]{9}", "^(([+]86-?)?1[3-9][0-9]{9})$"),
            (r"0[0-9]{2,3}-?[0-9]{7,8}(-[0-9]{1,6})?", "^(0[0-9]{2,3}-?[0-9]{7,8}(-[0-9]{1,6})?)$"),
            (
                r"[A-Za-z0-9._%+-]+@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)*",
                "^([A-Za-z0-9._%+-]+@[A-Za-z0-9-]+([.][A-Za-z0-9-]+)*)$",
            ),
            ("(?:终端|银行)[0-9]+", "^((终端|银行)[0-9]+)$"),
        ] {
            assert_eq!(portable(pattern).as_deref(), Some(wanted), "{pattern}");
        }
    }

    #[test]
    fn what_engines_disagree_on_is_not_sent() {
        for pattern in [
            ".*",
            r"\d+",
            r"\p{Han}+",
            "(?i)abc",
            "(?s).",
            "a+?",
            "a++",
            "a{300}",
            "a{2,1}",
            "[^a]",
            "[[:alpha:]]",
            "a b$",
            "^a",
            "[a&&b]",
            "[+--]",
            "[:a:]",
            "(a",
            "a)",
            "*a",
            "",
            "[]a]",
            r"[\d]",
            "é",
            r"\bword",
            "[a-",
            r"a\",
            r"\^",
            r"\[",
        ] {
            assert_eq!(portable(pattern), None, "{pattern}");
        }
    }
}
