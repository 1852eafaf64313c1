//! Opening a workbook: what kind it is by its content, with a password where it has one.
//!
//! Apart because everything that can keep a workbook shut is told here, in words for the person who has it: a
//! password, a wrong one, an old encryption, half a file, an archive that is no workbook, or one made to burst.

use calamine::{Ods, Reader, Sheets, Xls, Xlsb, Xlsx};

use super::locked::{self, Shut};
use super::parts::Parts;
use super::shared::SharedBytes;
use super::{short_cells, xls};
use crate::source::cells::{explain, password};
use crate::text;
use crate::text::Text;

/// Excel protects workbooks that are only to be changed with care by this word, and opens them without asking.
const ASKED_OF_NOBODY: &str = "VelvetSweatshop";

/// Opens a workbook from its bytes, with one of the passwords where it has one.
///
/// # Errors
/// Where it is protected by another password, damaged, too large, or none.
pub fn open(bytes: Vec<u8>, passwords: &[String]) -> Result<(SharedBytes, Sheets<SharedBytes>), Text> {
    if bytes.starts_with(b"PK\x03\x04") {
        return open_archive(SharedBytes::new(bytes));
    }
    if xls::has_stream(&bytes, "EncryptionInfo") || xls::has_stream(&bytes, "EncryptedPackage") {
        return open_archive(SharedBytes::new(decrypted(&bytes, passwords)?));
    }
    // A file whose sectors run in a circle would be followed for ever: only what has an end is handed on.
    let stream = xls::stream(&bytes).ok_or_else(|| explain("OLE"))?;
    if !xls::is_encrypted(&stream) {
        return open_old(bytes, &stream);
    }
    let bytes = locked::unlocked(&stream, words(passwords)).map_err(|shut| match shut {
        Shut::WrongPassword => wrong(passwords),
        Shut::Unsupported => text!(
            "文件有打开密码（Excel 95 一类的旧式加密，无法解开）；请用 Excel 或 WPS 去掉密码，或另存为 .xlsx",
            "the workbook is protected by a password (an encryption such as that of Excel 95, which cannot be opened here); \
             remove it in Excel or WPS, or save it as .xlsx"
        ),
    })?;
    let stream = xls::stream(&bytes).ok_or_else(|| explain("OLE"))?;
    open_old(bytes, &stream)
}

/// Whether a workbook is encrypted, by whatever password.
pub fn is_locked(bytes: &[u8]) -> bool {
    xls::has_stream(bytes, "EncryptionInfo")
        || xls::has_stream(bytes, "EncryptedPackage")
        || xls::stream(bytes).is_some_and(|stream| xls::is_encrypted(&stream))
}

/// Opens an .xls whose stream is told.
fn open_old(bytes: Vec<u8>, stream: &[u8]) -> Result<(SharedBytes, Sheets<SharedBytes>), Text> {
    if !xls::is_within_limits(stream) {
        return Err(text!(
            "工作簿声称的行列数过大（多半已损坏），未读；请用 Excel 或 WPS 打开检查后另存为 .xlsx",
            "the workbook says that it has more rows and columns than can be held (it is damaged, most likely) and was not \
             read; look at it in Excel or WPS and save it as .xlsx"
        ));
    }
    let shared = SharedBytes::new(bytes);
    let sheets = Xls::new(shared.clone()).map_err(|error| explain(&error.to_string()))?;
    Ok((shared, Sheets::Xls(sheets)))
}

/// Opens the same bytes once more, for another thread.
pub fn open_again(shared: &SharedBytes) -> Result<Sheets<SharedBytes>, Text> {
    open_kind(shared, &Parts::open(shared)?)
}

fn open_archive(mut shared: SharedBytes) -> Result<(SharedBytes, Sheets<SharedBytes>), Text> {
    let mut parts = Parts::open(&shared)?;
    if is_binary(&parts)
        && let Some(full) = short_cells::in_full(&shared)?
    {
        shared = full;
        parts = Parts::open(&shared)?;
    }
    let sheets = open_kind(&shared, &parts)?;
    Ok((shared, sheets))
}

fn open_kind(shared: &SharedBytes, parts: &Parts) -> Result<Sheets<SharedBytes>, Text> {
    let bytes = shared.clone();
    let opened = if is_binary(parts) {
        Xlsb::new(bytes).map(Sheets::Xlsb).map_err(|error| error.to_string())
    } else if parts.has("content.xml") {
        Ods::new(bytes).map(Sheets::Ods).map_err(|error| error.to_string())
    } else if parts.has("[content_types].xml") || parts.has("_rels/.rels") {
        Xlsx::new(bytes).map(Sheets::Xlsx).map_err(|error| error.to_string())
    } else {
        return Err(text!(
            "这是 ZIP 压缩包，不是工作簿；请解压后使用其中的文件",
            "this is a ZIP archive, not a workbook; unpack it and use the files in it"
        ));
    };
    opened.map_err(|error| explain(&error))
}

/// Whether an archive is an .xlsb.
fn is_binary(parts: &Parts) -> bool {
    parts.has_ending("workbook.bin")
}

/// The archive in an encrypted workbook, by Excel's own word or one of the passwords.
fn decrypted(bytes: &[u8], passwords: &[String]) -> Result<Vec<u8>, Text> {
    for word in words(passwords) {
        if let Ok(opened) = office_crypto::decrypt_from_bytes(bytes.to_vec(), word)
            && opened.starts_with(b"PK\x03\x04")
        {
            return Ok(opened);
        }
    }
    Err(wrong(passwords))
}

/// The words that may open a workbook.
fn words(passwords: &[String]) -> impl Iterator<Item = &str> {
    std::iter::once(ASKED_OF_NOBODY).chain(passwords.iter().map(String::as_str))
}

/// That none of them did.
fn wrong(passwords: &[String]) -> Text {
    if passwords.is_empty() {
        return password();
    }
    text!(
        "文件有打开密码，而配置中的 password 打不开它：密码不对，或加密方式不支持；请核对密码或请提供者重发",
        "the workbook is protected by a password, and the one that is configured does not open it: it is wrong, or the \
         encryption is not supported; check it, or ask the owner for a copy"
    )
}
