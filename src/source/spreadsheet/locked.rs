//! An .xls with a password: its stream deciphered in memory, where the old RC4 encryptions of Excel were used.
//!
//! Apart because here the records of a stream are told into those that are enciphered and those that never are, which is
//! nobody else's concern; the ciphers are libraries'. It knows no cells. The encryption of .xlsx is another one.

use std::io::{Cursor, Write};

use md5::{Digest, Md5};
use rc4::consts::{U7, U8, U16};
use rc4::{KeyInit, Rc4, StreamCipher};
use sha1::Sha1;

use super::xls::{FILE_PASS, Records, SHEET};

/// After so many bytes of the stream the key changes.
const BLOCK: usize = 1024;
/// The records that are never enciphered, for they are needed to decipher the others.
const NEVER: [u16; 6] = [0x0809, FILE_PASS, 0x00E1, 0x0138, 0x0194, 0x0196];
/// Of the record of a sheet the place where it begins is not enciphered.
const PLACE: usize = 4;

/// Why a stream stays shut.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shut {
    /// By none of the passwords.
    WrongPassword,
    /// By another encryption.
    Unsupported,
}

/// The keys of an enciphered stream.
struct Lock {
    way: Way,
    salt: [u8; 16],
    /// A text and the hash of it, both enciphered: so a right password is told from a wrong one.
    proof: Vec<u8>,
}

/// How a key is made of a password.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Way {
    /// Excel 97 and 2000.
    Md5,
    /// Excel 2002 and 2003, with a key of so many bytes.
    Sha1(usize),
}

/// The workbook whose stream is deciphered by one of the passwords: an OLE file with that stream alone.
///
/// # Errors
/// Where no password fits, or the encryption is another one.
pub fn unlocked<'p>(stream: &[u8], passwords: impl Iterator<Item = &'p str>) -> Result<Vec<u8>, Shut> {
    let mut records = Records { stream, at: 0 };
    let (_, said) = records.find(|(kind, _)| *kind == FILE_PASS).ok_or(Shut::Unsupported)?;
    let lock = Lock::read(said).ok_or(Shut::Unsupported)?;
    let mut secrets = passwords.map(|password| lock.secret(password));
    let secret = secrets.find(|secret| lock.fits(secret)).ok_or(Shut::WrongPassword)?;
    file_of(&lock.deciphered(stream, &secret)).map_err(|_| Shut::Unsupported)
}

impl Lock {
    /// Reads what the file says of its encryption; nothing where it is another one.
    fn read(said: &[u8]) -> Option<Self> {
        let short = |at: usize| Some(u16::from_le_bytes(said.get(at..at + 2)?.try_into().ok()?));
        let long = |at: usize| Some(u32::from_le_bytes(said.get(at..at + 4)?.try_into().ok()?) as usize);
        match (short(0)?, short(2)?, short(4)?) {
            (1, 1, 1) => {
                let salt = said.get(6..22)?.try_into().ok()?;
                Some(Self { way: Way::Md5, salt, proof: said.get(22..54)?.to_vec() })
            }
            (1, 2..=4, 2) => {
                // flags, the size of a header, and the header: flags, size, cipher, hash, the bits of a key
                let key = match long(14 + 16)? {
                    0 => 5,
                    bits => bits / 8,
                };
                let behind = 14 + long(10)?;
                let salt = said.get(behind + 4..behind + 20)?.try_into().ok()?;
                let text = said.get(behind + 20..behind + 36)?;
                let hash = said.get(behind + 40..behind + 60)?;
                let is_rc4 = matches!(long(14 + 8)?, 0 | 0x6801) && matches!(key, 5 | 7 | 8 | 16);
                is_rc4.then(|| Self { way: Way::Sha1(key), salt, proof: [text, hash].concat() })
            }
            _ => None,
        }
    }

    /// What all keys are made of.
    fn secret(&self, password: &str) -> Vec<u8> {
        let password: Vec<u8> = password.encode_utf16().flat_map(u16::to_le_bytes).collect();
        match self.way {
            Way::Md5 => {
                let hash = Md5::digest(&password);
                let once = [&hash[..5], &self.salt].concat();
                Md5::digest(once.repeat(16))[..5].to_vec()
            }
            Way::Sha1(_) => Sha1::digest([self.salt.as_slice(), &password].concat()).to_vec(),
        }
    }

    /// Deciphers one block in place.
    fn apply(&self, secret: &[u8], number: u32, block: &mut [u8]) {
        let made = [secret, &number.to_le_bytes()].concat();
        let key = match self.way {
            Way::Md5 => Md5::digest(made).to_vec(),
            // A key of forty bits is filled up with zeros.
            Way::Sha1(5) => [&Sha1::digest(made)[..5], &[0; 11]].concat(),
            Way::Sha1(length) => Sha1::digest(made)[..length].to_vec(),
        };
        match key.len() {
            7 => Rc4::<U7>::new(key.as_slice().into()).apply_keystream(block),
            8 => Rc4::<U8>::new(key.as_slice().into()).apply_keystream(block),
            _ => Rc4::<U16>::new(key.as_slice().into()).apply_keystream(block),
        }
    }

    fn fits(&self, secret: &[u8]) -> bool {
        let mut proof = self.proof.clone();
        self.apply(secret, 0, &mut proof);
        let (text, hash) = proof.split_at(16);
        match self.way {
            Way::Md5 => Md5::digest(text)[..] == *hash,
            Way::Sha1(_) => Sha1::digest(text)[..] == *hash,
        }
    }

    /// The stream deciphered, and without the record that says it is not.
    fn deciphered(&self, stream: &[u8], secret: &[u8]) -> Vec<u8> {
        let mut plain = stream.to_vec();
        for (number, block) in (0..).zip(plain.chunks_mut(BLOCK)) {
            self.apply(secret, number, block);
        }
        // The heads of records, and some records, were never enciphered: they are put back as they were.
        let mut at = 0;
        for (kind, data) in (Records { stream, at: 0 }) {
            let start = at + 4;
            let untouched = match kind {
                _ if NEVER.contains(&kind) => data.len(),
                SHEET => PLACE.min(data.len()),
                _ => 0,
            };
            plain[at..start + untouched].copy_from_slice(&stream[at..start + untouched]);
            if kind == FILE_PASS {
                plain[at..at + 2].fill(0);
            }
            at = start + data.len();
        }
        plain
    }
}

/// An OLE file with this stream.
fn file_of(stream: &[u8]) -> std::io::Result<Vec<u8>> {
    let mut file = cfb::CompoundFile::create_with_version(cfb::Version::V3, Cursor::new(Vec::new()))?;
    let mut target = file.create_stream("/Workbook")?;
    target.write_all(stream)?;
    target.flush()?;
    drop(target);
    file.flush()?;
    Ok(file.into_inner().into_inner())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn stream(said: &[u8], rest: &[u8]) -> Vec<u8> {
        let record = |kind: u16, data: &[u8]| {
            let length = u16::try_from(data.len()).expect("a length");
            [&kind.to_le_bytes()[..], &length.to_le_bytes(), data].concat()
        };
        [record(0x0809, &[0; 4]), record(FILE_PASS, said), record(SHEET, &[9; 12]), rest.to_vec()].concat()
    }

    #[test]
    fn other_encryptions_are_told_from_wrong_passwords() {
        let of_95 = [0, 0, 1, 2, 3, 4];
        let of_1997 = [&[1, 0, 1, 0, 1, 0][..], &[7; 48]].concat();
        let opened = |said: &[u8]| unlocked(&stream(said, &[]), ["a", "b"].into_iter());
        assert_eq!(opened(&of_95), Err(Shut::Unsupported));
        assert_eq!(opened(&of_1997), Err(Shut::WrongPassword));
        assert_eq!(opened(&of_1997[..40]), Err(Shut::Unsupported));
    }

    #[test]
    fn what_is_never_enciphered_stays_as_it_is_and_deciphering_twice_gives_the_same() {
        let lock = Lock { way: Way::Sha1(16), salt: [3; 16], proof: vec![0; 36] };
        let before = stream(&[1; 6], &[0xFD, 0, 8, 0, 1, 2, 3, 4, 5, 6, 7, 8]);
        let secret = lock.secret("geheim");
        let through = lock.deciphered(&before, &secret);
        assert_eq!(through.len(), before.len());
        assert_eq!(through[..8], before[..8], "the opening record");
        assert_eq!(through[8..12], [0, 0, 6, 0], "the record that speaks of a password is one of no kind");
        assert_eq!(through[18..26], before[18..26], "where a sheet begins");
        assert_ne!(through[26..34], before[26..34]);
        let again = lock.deciphered(&through, &secret);
        assert_eq!(again[18..], before[18..], "the cipher undoes itself");
    }

    proptest! {
        #[test]
        fn no_bytes_break_it(said in prop::collection::vec(any::<u8>(), 0..120), way in 0_u8..5, rest in prop::collection::vec(any::<u8>(), 0..64)) {
            let said = [&[1, 0, way, 0, way.min(2), 0][..], &said].concat();
            let _ = unlocked(&stream(&said, &rest), ["x"].into_iter());
        }
    }
}
