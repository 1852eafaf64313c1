//! The bytes of one file, read by several readers side by side.
//!
//! Apart because calamine wants a reader of its own for every sheet that is read at the same time, and none of them
//! needs a copy of the file.

use std::io::{Error, Read, Result, Seek, SeekFrom};
use std::sync::Arc;

/// A place in bytes that others read too.
#[derive(Clone)]
pub struct SharedBytes {
    bytes: Arc<Vec<u8>>,
    position: u64,
}

impl SharedBytes {
    /// Takes the bytes of a file.
    pub fn new(bytes: Vec<u8>) -> Self {
        Self { bytes: Arc::new(bytes), position: 0 }
    }

    /// The bytes themselves.
    pub fn as_slice(&self) -> &[u8] {
        &self.bytes
    }
}

impl Read for SharedBytes {
    fn read(&mut self, target: &mut [u8]) -> Result<usize> {
        let start = usize::try_from(self.position).unwrap_or(usize::MAX).min(self.bytes.len());
        let rest = self.bytes.get(start..).unwrap_or_default();
        let length = rest.len().min(target.len());
        target[..length].copy_from_slice(&rest[..length]);
        self.position += length as u64;
        Ok(length)
    }
}

impl Seek for SharedBytes {
    fn seek(&mut self, to: SeekFrom) -> Result<u64> {
        let (base, offset) = match to {
            SeekFrom::Start(position) => (position, 0),
            SeekFrom::End(offset) => (self.bytes.len() as u64, offset),
            SeekFrom::Current(offset) => (self.position, offset),
        };
        self.position =
            base.checked_add_signed(offset).ok_or_else(|| Error::other("a seek to before the first byte"))?;
        Ok(self.position)
    }
}
