//! Personal data as it is customarily shown to readers who need not see it: 138****8000.
//!
//! Apart because workbooks, mails and pages mask alike. It knows no reader: who sees a value whole is decided elsewhere.

/// How the values of a field are masked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mask {
    /// The name of a person: the surname stays.
    Name,
    /// A telephone number, mobile or fixed.
    Phone,
    /// An e-mail address: first letter and domain stay.
    Email,
    /// An identity number: nothing of it stays.
    Identity,
    /// A bank account: the last four stay.
    Account,
    /// The address of a person: down to the district.
    Address,
    /// A 微信 or QQ number: the first two stay.
    Handle,
    /// Anything else that is nobody's business: nothing of it stays.
    Hidden,
}

impl Mask {
    /// The words of the dictionary.
    pub const WORDS: [(&'static str, Mask); 8] = [
        ("name", Mask::Name),
        ("phone", Mask::Phone),
        ("email", Mask::Email),
        ("identity", Mask::Identity),
        ("account", Mask::Account),
        ("address", Mask::Address),
        ("handle", Mask::Handle),
        ("hidden", Mask::Hidden),
    ];

    /// The value with its private part replaced by asterisks; empty where it is empty.
    pub fn apply(self, value: &str) -> String {
        let letters: Vec<char> = value.chars().collect();
        let keep = |first: usize, last: usize| -> String {
            if letters.len() <= first + last {
                return "*".repeat(letters.len());
            }
            let middle = letters.len() - first - last;
            letters[..first]
                .iter()
                .copied()
                .chain(std::iter::repeat_n('*', middle))
                .chain(letters[letters.len() - last..].iter().copied())
                .collect()
        };
        match self {
            Mask::Name => keep(1, 0),
            Mask::Phone => keep(3, 4),
            Mask::Email => match value.split_once('@') {
                Some((_, domain)) => letters.iter().take(1).collect::<String>() + "***@" + domain,
                None => keep(1, 0),
            },
            Mask::Account => keep(0, 4),
            Mask::Address => keep(6, 0),
            Mask::Handle => keep(2, 0),
            Mask::Identity | Mask::Hidden => "*".repeat(letters.len().min(8)),
        }
    }
}
