//! The encoding of a text file: told by a mark, by the user, or found out.
//!
//! Apart because it is decided on bytes alone, before there are rows or cells.

use encoding_rs::{Encoding, GB18030, UTF_8};

use crate::text;
use crate::text::Text;

/// One sequence in so many may be broken in a text that is still UTF-8: in none of another encoding do nearly all fit.
const BROKEN_OF: usize = 10;

/// A byte-order mark decides; else strict UTF-8; else GB18030, which is what Chinese office programs write.
pub(super) fn decode(bytes: Vec<u8>, wished: Option<&'static Encoding>) -> Result<(String, String, bool), Text> {
    if let Some((encoding, mark)) = Encoding::for_bom(&bytes) {
        if encoding == UTF_8 {
            return match String::from_utf8(bytes.get(mark..).unwrap_or_default().to_vec()) {
                Ok(text) => Ok((text, "UTF-8".to_owned(), false)),
                Err(error) => Ok(decode_as(UTF_8, error.as_bytes())),
            };
        }
        return Ok(decode_as(encoding, bytes.get(mark..).unwrap_or_default()));
    }
    if let Some(encoding) = wished.filter(|encoding| *encoding != UTF_8) {
        return Ok(decode_as(encoding, &bytes));
    }
    if is_binary(&bytes) {
        return Err(text!("不是表格文件：含有二进制内容", "not a table: the file holds binary data"));
    }
    match String::from_utf8(bytes) {
        Ok(text) => Ok((text, "UTF-8".to_owned(), false)),
        Err(error) => {
            let bytes = error.as_bytes();
            Ok(decode_as(if wished.is_some() || is_nearly_utf8(bytes) { UTF_8 } else { GB18030 }, bytes))
        }
    }
}

/// Whether a zero near the beginning says that this is no text.
pub(super) fn is_binary(bytes: &[u8]) -> bool {
    memchr::memchr(0, bytes.get(..4096.min(bytes.len())).unwrap_or_default()).is_some()
}

/// Whether a text is UTF-8 but for a few places.
fn is_nearly_utf8(bytes: &[u8]) -> bool {
    let (mut valid, mut broken) = (0_usize, 0_usize);
    for chunk in bytes.utf8_chunks() {
        valid += chunk.valid().chars().filter(|character| !character.is_ascii()).count();
        broken += usize::from(!chunk.invalid().is_empty());
    }
    broken * BROKEN_OF <= valid
}

fn decode_as(encoding: &'static Encoding, bytes: &[u8]) -> (String, String, bool) {
    let (text, broken) = encoding.decode_without_bom_handling(bytes);
    // GBK is a part of GB18030: what is read as one is named as the other.
    let name = if encoding == encoding_rs::GBK { GB18030.name() } else { encoding.name() };
    (text.into_owned(), name.to_ascii_uppercase(), broken)
}
