//! The mark of a row: the list that it belongs to, the customer, and digits by which a slip of the pen is known.
//!
//! Apart because a row finds its way home by it, whatever else was done to the sheet. A token that was copied from
//! another company's list, or of which a letter is wrong, is not taken for one.

use sha2::{Digest, Sha256};

use crate::folding::fold;

/// What stands between the parts of a token; no batch holds it.
const BETWEEN: char = '|';

/// The name of a list: 2026Q4-国内一部-v1, with the owner where the list is his.
pub fn batch(period: &str, department: &str, owner: Option<&str>, version: u32) -> String {
    let part = |text: &str| -> String {
        fold(text).chars().filter(|letter| !letter.is_whitespace() && *letter != BETWEEN).collect()
    };
    match owner {
        Some(owner) => format!("{period}-{}-{}-v{version}", part(department), part(owner)),
        None => format!("{period}-{}-v{version}", part(department)),
    }
}

/// The token of a customer's row in a list.
pub fn token(batch: &str, customer: &str, company: &str) -> String {
    format!("{batch}{BETWEEN}{customer}{BETWEEN}{}", check_digits(batch, customer, company))
}

/// The list and the customer of a token; nothing where it is damaged or not one of this company's.
pub fn read(text: &str, company: &str) -> Option<(String, String)> {
    let folded = fold(text);
    let (rest, digits) = folded.rsplit_once(BETWEEN)?;
    let (batch, customer) = rest.split_once(BETWEEN)?;
    let (batch, customer, digits) = (batch.trim(), customer.trim(), digits.trim());
    (digits == check_digits(batch, customer, company)).then(|| (batch.to_owned(), customer.to_owned()))
}

/// Whether a text was meant to be a token.
pub fn is_meant(text: &str) -> bool {
    fold(text).matches(BETWEEN).count() >= 2
}

/// Four digits out of batch, customer and company: a slip is known in all but one of ten thousand cases.
fn check_digits(batch: &str, customer: &str, company: &str) -> String {
    let digest = Sha256::digest(format!("{company}\u{1f}{batch}\u{1f}{customer}").as_bytes());
    let number = digest.iter().take(4).fold(0_u32, |number, byte| number << 8 | u32::from(*byte));
    format!("{:04}", number % 10_000)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_is_read_back_and_a_slip_is_known() {
        let batch = batch("2026Q4", "国内 一部|甲", Some("王伟"), 1);
        assert_eq!(batch, "2026Q4-国内一部甲-王伟-v1");
        let token = token(&batch, "经销商2023-001", "华联");
        assert_eq!(read(&format!(" {token}\u{3000}"), "华联"), Some((batch, "经销商2023-001".to_owned())));
        assert_eq!(read(&token, "别家"), None);
        assert_eq!(read(&token.replace("001", "002"), "华联"), None);
        assert!(is_meant(&token) && !is_meant("部门负责人："));
    }

    #[test]
    fn a_customer_whose_code_holds_a_stroke_finds_his_way_home() {
        let token = token("2026Q4-一部-v1", "A|7", "华联");
        assert_eq!(read(&token, "华联"), Some(("2026Q4-一部-v1".to_owned(), "A|7".to_owned())));
    }
}
