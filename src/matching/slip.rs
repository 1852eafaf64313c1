//! One slip of the hand between two texts: a character wrong, missing, added, or two swapped.
//!
//! Apart because names and their cores are compared so. It knows no words; which characters are easily taken for one
//! another it asks of the lexicon.

use super::lexicon::lexicon;

/// The one slip between two texts.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Slip {
    /// Another character stands here, in both.
    Wrong(usize),
    /// The longer has a character more here.
    Added(usize),
    /// This character and the next are swapped.
    Swapped(usize),
}

/// Characters that tell firms from one another where they stand for each other: 一号 and 二号 are no slip.
const MEANT: [&str; 8] =
    ["零一二三四五六七八九十", "东西南北中", "大小", "新老旧", "上中下", "前后", "左右", "甲乙丙丁"];

/// The slip between two different texts, unless it changes what is meant: a number, 东 for 西, 新 in front.
pub(super) fn unmeant_slip(left: &[char], right: &[char]) -> Option<Slip> {
    slip(left, right).filter(|slip| match *slip {
        Slip::Wrong(at) => {
            let digits = left[at].is_ascii_digit() || right[at].is_ascii_digit();
            !digits && !MEANT.iter().any(|set| set.contains(left[at]) && set.contains(right[at]))
        }
        Slip::Added(at) => {
            let added = if left.len() > right.len() { left[at] } else { right[at] };
            !(added.is_ascii_digit() || at == 0 && "新老大小".contains(added))
        }
        Slip::Swapped(_) => true,
    })
}

/// The one slip between two different texts; nothing where there are more or none.
pub(super) fn slip(left: &[char], right: &[char]) -> Option<Slip> {
    if left.len().abs_diff(right.len()) > 1 {
        return None;
    }
    let front = left.iter().zip(right).take_while(|(left, right)| left == right).count();
    let (left, right) = (&left[front..], &right[front..]);
    match (left, right) {
        ([], []) => None,
        ([_, left @ ..], right) if left.len() == right.len() => (left == right).then_some(Slip::Added(front)),
        (left, [_, right @ ..]) if left.len() == right.len() => (left == right).then_some(Slip::Added(front)),
        ([_, left_rest @ ..], [_, right_rest @ ..]) if left_rest == right_rest => Some(Slip::Wrong(front)),
        ([a, b, left_rest @ ..], [c, d, right_rest @ ..]) => {
            (a == d && b == c && left_rest == right_rest).then_some(Slip::Swapped(front))
        }
        _ => None,
    }
}

/// Whether the slip is one that hands and scanners make: a swap, or a character like the right one.
pub(super) fn is_likely(slip: Slip, left: &[char], right: &[char]) -> bool {
    match slip {
        Slip::Swapped(_) => true,
        Slip::Wrong(at) => lexicon().characters.alike(left[at], right[at]),
        Slip::Added(at) => {
            // A character typed twice.
            let longer = if left.len() > right.len() { left } else { right };
            longer.get(at) == longer.get(at + 1) || (at > 0 && longer.get(at) == longer.get(at - 1))
        }
    }
}
