//! What a customer is worth and what it owes: credit, satisfaction, and for those who have bought nothing yet the
//! opportunity.
//!
//! Apart from the card because no rule that every company has reads these columns: they are there for the analysis, and
//! have dice of their own, so that the rest of the company stays as it was. It does not know of faults.

use super::dice::{Dice, Stream};
use super::firm::{IMPORTANT, Identity, ORDINARY, POTENTIAL};
use super::tables::Cell;

const OPPORTUNITIES: [&str; 5] =
    ["新厂投产，采购量将增加", "现有供应商交期不稳", "计划增加进口品类", "正在招标", "有意试单"];
const FACTORS: [&str; 4] = ["价格", "付款条件", "交期", "样品检测结果"];
const SUPPORT: [&str; 4] = ["技术部配合打样", "财务部核定账期", "主管一同拜访", "提供资质文件"];
const INTENTS: [&str; 4] = ["意向明确", "洽谈中", "初步接触", "暂无意向"];

/// The cells, in the order of their columns.
pub(super) fn cells(who: &Identity, seed: u64) -> Vec<Cell> {
    let mut dice = Dice::new(seed, who.index, Stream::Business);
    let buys = who.tier != POTENTIAL;
    let grade = match who.tier {
        IMPORTANT => dice.weighted(&[40, 40, 15, 5, 0]),
        ORDINARY => dice.weighted(&[2, 18, 40, 30, 10]),
        _ => dice.weighted(&[10, 35, 35, 15, 5]),
    };
    let graded = buys && dice.permille(900);
    let limit = [800, 400, 150, 50, 10][grade] * 100;
    let owes = graded && dice.permille(620);
    let owed = if owes { dice.between(1, limit * 21 / 20) } else { 0 };
    let late = owed > 0 && dice.permille(260);
    let overdue = if late { dice.between(1, owed) } else { 0 };
    let days = [dice.between(1, 30), dice.between(31, 60), dice.between(61, 90), dice.between(91, 180)];
    let days = [days[0], days[1], days[2], days[3], dice.between(181, 500)][dice.weighted(&[45, 25, 14, 10, 6])];
    let amount = |hundredths: i64| if hundredths > 0 { Cell::Amount(hundredths) } else { Cell::Empty };
    let known = !buys && dice.permille(550);
    let mut text = |is_there: bool, words: &[&'static str]| -> Cell {
        if is_there { words[dice.below(words.len())].into() } else { Cell::Empty }
    };
    let opportunity = text(known, &OPPORTUNITIES);
    let factors = text(known, &FACTORS);
    let support = text(known, &SUPPORT);
    let intent = text(!buys, &INTENTS);
    let answered = buys && dice.permille(if who.tier == IMPORTANT { 850 } else { 450 });
    let mark = if answered { Cell::Amount(dice.between(62, 98) * 100) } else { Cell::Empty };
    let demand = if known { Cell::Amount(dice.between(5, 300) * 100) } else { Cell::Empty };
    vec![
        if graded { ["AAA", "AA", "A", "B", "C"][grade].into() } else { Cell::Empty },
        if graded { Cell::Amount(limit) } else { Cell::Empty },
        amount(owed),
        amount(overdue),
        if late { Cell::Amount(days * 100) } else { Cell::Empty },
        mark,
        demand,
        opportunity,
        factors,
        support,
        intent,
    ]
}
