//! What makes a mail this one and no other, and what tells whether two say the same.
//!
//! Apart because the ledger, the Message-ID and the decision to send again rest on it. It knows no encoding of mails.

use sha2::{Digest, Sha256};

use super::address;

/// What makes a mail this one and no other.
#[derive(Clone, Copy, Debug)]
pub struct Identity<'a> {
    /// The company's name.
    pub company: &'a str,
    /// The job.
    pub job: &'a str,
    /// The report.
    pub report: &'a str,
    /// The department: one manager may get the same report of two.
    pub department: &'a str,
    /// The period.
    pub period: &'a str,
    /// The recipient's bare address.
    pub recipient: &'a str,
    /// The revision.
    pub revision: u32,
    /// What else there may be of it: a person, a draft, a part; empty for the one mail of a department.
    pub variant: &'a str,
}

/// The Message-ID of a mail: the same for the same identity, whenever and wherever it is made; its domain is that of
/// the sender (`hedui.invalid` where that is no address, which [`super::render`] refuses anyway).
pub fn message_id(identity: &Identity<'_>, from: &str) -> String {
    let Identity { company, job, report, department, period, recipient, revision, variant } = *identity;
    let recipient = recipient.trim().to_ascii_lowercase();
    let revision = revision.to_string();
    let parts = [company, job, report, department, period, &recipient, &revision];
    let variant = Some(variant).filter(|variant| !variant.is_empty());
    let hash = hex_hash(parts.iter().copied().chain(variant).map(str::as_bytes));
    let sender = address::mailbox(from).ok();
    let domain = sender.as_ref().map_or("hedui.invalid", |mailbox| mailbox.email.domain());
    format!("<{}@{}>", &hash[..40], domain.to_ascii_lowercase())
}

/// SHA-256 of what the reader gets: subject, bodies, names and bytes of the attachments. A mark of the revision, and
/// whatever else changes without the content, is for the caller to leave out.
pub fn content_hash(subject: &str, text: &str, html: &str, attachments: &[(String, Vec<u8>)]) -> String {
    let bodies = [subject.as_bytes(), text.as_bytes(), html.as_bytes()];
    let files = attachments.iter().flat_map(|(name, bytes)| [name.as_bytes(), bytes.as_slice()]);
    hex_hash(bodies.into_iter().chain(files))
}

/// SHA-256 of a file's bytes, as other programs reckon it.
pub(super) fn file_hash(bytes: &[u8]) -> String {
    Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect()
}

/// Each part with its length before it, so that no two lists of parts hash alike.
pub(super) fn hex_hash<'a>(parts: impl IntoIterator<Item = &'a [u8]>) -> String {
    let mut hash = Sha256::new();
    for part in parts {
        hash.update(u64::try_from(part.len()).unwrap_or(u64::MAX).to_be_bytes());
        hash.update(part);
    }
    hash.finalize().iter().map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const IDENTITY: Identity<'_> = Identity {
        company: "华联进出口有限公司",
        job: "weekly",
        report: "department-weekly",
        department: "华东销售部",
        period: "2026-W47",
        recipient: "boss@example.com",
        revision: 1,
        variant: "",
    };

    #[test]
    fn the_message_id_changes_with_each_part_of_the_identity_only() {
        let from = "客户服务部 <kefu@Example.com>";
        let id = message_id(&IDENTITY, from);
        assert!(id.ends_with("@example.com>"), "{id}");
        assert_eq!(id, message_id(&Identity { recipient: "Boss@Example.com", ..IDENTITY }, "other@example.com"));
        for other in [
            Identity { company: "别家", ..IDENTITY },
            Identity { job: "monthly", ..IDENTITY },
            Identity { report: "service-digest", ..IDENTITY },
            Identity { department: "华南销售部", ..IDENTITY },
            Identity { period: "2026-W48", ..IDENTITY },
            Identity { recipient: "gm@example.com", ..IDENTITY },
            Identity { revision: 2, ..IDENTITY },
            Identity { variant: "draft", ..IDENTITY },
            Identity { job: "weeklyd", report: "epartment-weekly", ..IDENTITY },
        ] {
            assert_ne!(id, message_id(&other, from), "{other:?}");
        }
    }

    #[test]
    fn the_content_hash_sees_where_one_part_ends() {
        let file = |name: &str, bytes: &[u8]| vec![(name.to_owned(), bytes.to_vec())];
        let hash = content_hash("a", "b", "c", &file("n", b"x"));
        assert_eq!(hash, content_hash("a", "b", "c", &file("n", b"x")));
        assert_eq!(hash.len(), 64);
        assert_ne!(hash, content_hash("ab", "", "c", &file("n", b"x")));
        assert_ne!(hash, content_hash("a", "b", "c", &file("nx", b"")));
        assert_ne!(hash, content_hash("a", "b", "c", &[]));
    }
}
