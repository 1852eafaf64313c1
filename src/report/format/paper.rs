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
/// The long side of a sheet that is long: its rows add up to more than is reckoned.
const UPRIGHT_HIGH: u32 = 890;
const PIXELS_A_DIGIT: u32 = 7;
/// What columns of cards may be wider than reckoned, in percent: a program without the font takes another.
const SLACK: u32 = 125;

/// A page.
pub struct Paper {
    /// The size of print of cards, in percent, which stand upright; nothing for a sheet that is fitted to the width.
    pub cards: Option<u16>,
    /// Whether it stands upright.
    pub is_upright: bool,
    /// The pixels that it takes from top to bottom.
    pub height: u32,
}

impl Paper {
    /// The paper of a sheet; nothing for one that may break anywhere. A sheet that should be taken in at a glance stands
    /// upright, where more of it is on one page.
    pub fn of(blocks: &[Block<'_>], at_a_glance: bool) -> Option<Self> {
        let grid = Grid::of(blocks);
        let width: u32 = grid.widths.iter().map(|width| u32::from(*width) * PIXELS_A_DIGIT + 5).sum();
        if grid.is_cards {
            // Not fitted to pages: Excel may take no notice of page breaks then.
            let scale = (SHORT * 100 * 100 / (width * SLACK).max(1)).clamp(20, 100);
            return Some(Self { cards: Some(scale as u16), is_upright: true, height: LONG_HIGH * 100 / scale });
        }
        let is_drawn = blocks.iter().any(|block| matches!(block, Block::Chart(_)));
        is_drawn.then(|| match at_a_glance {
            true => Self { cards: None, is_upright: true, height: UPRIGHT_HIGH * width.max(SHORT) / SHORT },
            false => Self { cards: None, is_upright: false, height: SHORT_HIGH * width.max(LONG) / LONG },
        })
    }
}
