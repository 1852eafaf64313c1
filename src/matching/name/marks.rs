//! A tidied name with a mark on each character that says what it belongs to.
//!
//! Apart from the steps of reading because brackets and places may stand anywhere in a name: the steps look at what is
//! left unmarked, as if the rest were not there.

use super::tidy::chinese_digit;

/// What a character belongs to.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Mark {
    /// Not yet known; at the end, the core.
    Core,
    Place,
    Trade,
    Weak,
    Legal,
    Branch,
    Number,
    /// Brackets, notes, translations.
    Aside,
}

/// Characters and their marks.
pub(super) struct Marks {
    pub(super) characters: Vec<char>,
    pub(super) marks: Vec<Mark>,
}

impl Marks {
    pub(super) fn new(mut characters: Vec<char>) -> Self {
        for character in &mut characters {
            *character = chinese_digit(*character);
        }
        let marks = vec![Mark::Core; characters.len()];
        Self { characters, marks }
    }

    /// The indexes that are unmarked.
    pub(super) fn open(&self) -> Vec<usize> {
        (0..self.marks.len()).filter(|index| self.marks[*index] == Mark::Core).collect()
    }

    /// The characters at these indexes.
    pub(super) fn at(&self, indexes: &[usize]) -> Vec<char> {
        indexes.iter().map(|index| self.characters[*index]).collect()
    }

    /// Marks these indexes.
    pub(super) fn mark(&mut self, indexes: &[usize], mark: Mark) {
        for index in indexes {
            self.marks[*index] = mark;
        }
    }

    /// The characters with a mark that passes.
    pub(super) fn with(&self, passes: impl Fn(Mark) -> bool) -> Vec<char> {
        let both = self.characters.iter().zip(&self.marks);
        both.filter(|(_, mark)| passes(**mark)).map(|(character, _)| *character).collect()
    }

    /// The name without legal form and asides, and a bit for each of its characters that is a known word.
    pub(super) fn stem(&self) -> (Vec<char>, u32) {
        let (mut stem, mut known) = (Vec::new(), 0_u32);
        for (character, mark) in self.characters.iter().zip(&self.marks) {
            if matches!(mark, Mark::Legal | Mark::Aside) {
                continue;
            }
            if *mark != Mark::Core && stem.len() < 32 {
                known |= 1 << stem.len();
            }
            stem.push(*character);
        }
        (stem, known)
    }
}
