//! Signatures of this installation (§9.3): HMAC-SHA-256 (RFC 2104) with a random key for each purpose,
//! kept in the database so that all nodes have the same. What is signed needs no row of its own.
//!
//! Neighbour: `server::token` makes secrets of which a hash is stored.

use super::{
    db::Db,
    error::{Failure, Result},
    token,
};
use crate::domain::time::Instant;
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;
use std::fmt;

/// Bytes of a signature.
pub const SIGNATURE: usize = 32;

/// A key that signs for one purpose.
#[derive(Clone)]
pub struct Key(Hmac<Sha256>);

// Written by hand so that no key ever stands in a log.
impl fmt::Debug for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Key")
    }
}

impl Key {
    /// The text is the key as it is: HMAC takes keys of any length, and 43 characters of base64 hold
    /// the 256 bits.
    fn of(secret: &str) -> Result<Self> {
        Hmac::<Sha256>::new_from_slice(secret.as_bytes())
            .map(Self)
            .map_err(|_| Failure::setup("a key of the installation cannot be used".to_owned()))
    }

    /// The signature of a message.
    #[must_use]
    pub fn sign(&self, message: &[u8]) -> [u8; SIGNATURE] {
        let mut mac = self.0.clone();
        mac.update(message);
        mac.finalize().into_bytes().into()
    }

    /// Did this key sign the message? Does not tell by time where a wrong signature differs.
    #[must_use]
    pub fn has_signed(&self, message: &[u8], signature: &[u8]) -> bool {
        subtle::ConstantTimeEq::ct_eq(&self.sign(message)[..], signature).into()
    }
}

/// The key for a purpose, if one was ever needed. Makes none: whoever reads must not write.
///
/// # Errors
/// When the database fails.
pub async fn key(db: &Db, purpose: &'static str) -> Result<Option<Key>> {
    let row: Option<(String,)> = db
        .system_row(
            "select secret from installation_key where purpose = $1",
            (purpose.to_owned(),),
        )
        .await?;
    row.map(|(secret,)| Key::of(&secret)).transpose()
}

/// The key for a purpose; it is made when it is first needed. Of two who make it at once, both get
/// the one that came first.
///
/// # Errors
/// When the database fails.
pub async fn key_or_new(db: &Db, purpose: &'static str, now: Instant) -> Result<Key> {
    if let Some(key) = key(db, purpose).await? {
        return Ok(key);
    }
    let mut tx = db.system().await?;
    tx.run(
        "insert into installation_key (purpose, secret, made_at) values ($1, $2, $3)
         on conflict (purpose) do nothing",
        (purpose.to_owned(), token::fresh(), now),
    )
    .await?;
    let (secret,): (String,) = tx
        .one(
            "select secret from installation_key where purpose = $1",
            (purpose.to_owned(),),
        )
        .await?;
    tx.commit().await?;
    Key::of(&secret)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key(secret: &str) -> Key {
        Key::of(secret).expect("a key of any length")
    }

    #[test]
    fn signatures_are_those_of_the_standard() {
        // RFC 4231 §4.3.
        let signature = key("Jefe").sign(b"what do ya want for nothing?");
        let hex: String = signature.iter().map(|byte| format!("{byte:02x}")).collect();
        assert_eq!(
            hex,
            "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"
        );
    }

    #[test]
    fn only_the_signed_message_passes() {
        let (ours, other) = (key(&token::fresh()), key(&token::fresh()));
        let signature = ours.sign(b"come");
        assert!(ours.has_signed(b"come", &signature));
        assert!(!ours.has_signed(b"came", &signature));
        assert!(!other.has_signed(b"come", &signature));
        for at in 0..SIGNATURE {
            let mut wrong = signature;
            wrong[at] ^= 1;
            assert!(!ours.has_signed(b"come", &wrong));
            assert!(!ours.has_signed(b"come", &signature[..at]));
        }
        assert_eq!(format!("{ours:?}"), "Key", "a key is never written out");
    }
}
