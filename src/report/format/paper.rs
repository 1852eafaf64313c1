//! The page that a sheet is printed on, where its pages are ended by hand: how much it takes and how small it gets.
//!
//! Apart because charts and cards must not be cut in two, and a program that prints knows nothing of either. It is a
//! guess with room to spare: programs measure fonts differently.

use super::super::blocks::Block;
use super::measure::Grid;

/// What A4 leaves between its margins, in pixels of a screen: the long side and the short one.
const LONG: u32 = 1045;
const SHORT: u32 = 717;
const LONG_HIGH: u32 = 1020;
const SHORT_HIGH: u32 = 690;
const PIXELS_A_DIGIT: u32 = 7;
/// What columns may be wider than reckoned, in percent.
const SLACK: u32 = 109;

/// A page.
pub struct Paper {
    /// Whether it stands upright.
    pub is_portrait: bool,
    /// The size of print, in percent.
    pub scale: u16,
}

impl Paper {
    /// The paper of a sheet; nothing for one that may break anywhere.
    pub fn of(blocks: &[Block<'_>]) -> Option<Self> {
        let is_drawn = blocks.iter().any(|block| matches!(block, Block::Chart(_)));
        let grid = Grid::of(blocks);
        if !is_drawn && !grid.is_cards {
            return None;
        }
        let width: u32 = grid.widths.iter().map(|width| u32::from(*width) * PIXELS_A_DIGIT + 5).sum();
        let room = if grid.is_cards { SHORT } else { LONG };
        let scale = room * 100 * 100 / (width * SLACK).max(1);
        Some(Self { is_portrait: grid.is_cards, scale: scale.clamp(20, 100) as u16 })
    }

    /// The pixels that a page takes from top to bottom.
    pub fn height(&self) -> u32 {
        let whole = if self.is_portrait { LONG_HIGH } else { SHORT_HIGH };
        whole * 100 / u32::from(self.scale)
    }
}
