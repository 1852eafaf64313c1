//! Lists and letters closed with the password of the department that gets them.
//!
//! Apart because nothing may lie anywhere in the clear where a password is wanted: what cannot be closed is not issued.

use super::made::Made;
use crate::pipeline::access::password;
use crate::report::{Attachment, encrypt};
use crate::text;
use crate::text::Text;
use crate::workplace::Workplace;

/// Closes lists, takes out those that cannot be closed, and says of each why not.
pub fn seal_lists(workplace: &Workplace, made: &mut Vec<Made>) -> Vec<Text> {
    let mut left_out = Vec::new();
    made.retain_mut(|list| match seal(workplace, &list.recipient, &mut list.attachment) {
        Ok(()) => true,
        Err(why) => {
            let (name, zh, en) = (&list.batch.name, &why.zh, &why.en);
            left_out.push(text!(
                "{name}：没有下发，因为不能加密（{zh}）；没有写出未加密的文件",
                "{name}: not issued, because it cannot be encrypted ({en}); nothing was written in the clear"
            ));
            false
        }
    });
    left_out
}

/// Closes a workbook with the password of its recipient, where he has one.
///
/// # Errors
/// Where the password cannot be had or does not serve; the workbook is still in the clear then.
pub fn seal(workplace: &Workplace, recipient: &str, attachment: &mut Attachment) -> Result<(), Text> {
    let Some(password) = password(workplace, recipient) else { return Ok(()) };
    attachment.bytes = encrypt(&attachment.bytes, &password?).map_err(|error| text!("{error}", "{error}"))?;
    Ok(())
}
