//! A workbook that opens with a password only: ECMA-376 agile encryption, as Excel, WPS and LibreOffice know it.
//!
//! Apart because it is a format around a format. It knows neither where the password is kept nor what it protects.

use std::io::{Cursor, Write};

use ms_offcrypto_writer::Ecma376AgileWriter;

/// Why a workbook could not be encrypted.
#[derive(Debug, thiserror::Error)]
pub enum EncryptError {
    /// The library failed; nothing of the workbook is told.
    #[error("{0}")]
    Writer(std::io::Error),
}

/// Encrypts a workbook. The key is salted: the same bytes look different every time.
///
/// # Errors
/// Where the library fails.
pub fn encrypt(bytes: &[u8], password: &str) -> Result<Vec<u8>, EncryptError> {
    let mut encrypted = Cursor::new(Vec::new());
    let mut writer =
        Ecma376AgileWriter::create(&mut rand_0_9::rng(), password, &mut encrypted).map_err(EncryptError::Writer)?;
    writer.write_all(bytes).map_err(EncryptError::Writer)?;
    writer.into_inner().map_err(EncryptError::Writer)?;
    Ok(encrypted.into_inner())
}
