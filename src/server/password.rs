//! Password hashing: Argon2id (RFC 9106) with OWASP's parameters, a few at a time.

use super::error::{Failure, Result};
use crate::domain::AppError;
use argon2::{
    Algorithm, Argon2, Params, PasswordHasher, PasswordVerifier, Version,
    password_hash::phc::PasswordHash,
};
use std::{sync::LazyLock, time::Duration};
use tokio::sync::Semaphore;

/// Greatest length of a password in bytes; more would only cost time.
pub const MAX_BYTES: usize = 256;

/// Each hash takes 19 MiB and a core for about 20 ms, so few run at once and the rest wait.
static SLOTS: LazyLock<Semaphore> = LazyLock::new(|| {
    Semaphore::new(std::thread::available_parallelism().map_or(2, std::num::NonZero::get))
});
const WAIT: Duration = Duration::from_secs(10);

fn argon2() -> Argon2<'static> {
    let params = Params::new(19_456, 2, 1, None).unwrap_or_default();
    Argon2::new(Algorithm::Argon2id, Version::V0x13, params)
}

async fn in_turn<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> Result<T> {
    let busy = || Failure::App(AppError::TooMany { retry_after: 10 });
    let _slot = tokio::time::timeout(WAIT, SLOTS.acquire())
        .await
        .map_err(|_| busy())?
        .map_err(|_| busy())?;
    tokio::task::spawn_blocking(work)
        .await
        .map_err(|error| Failure::setup(format!("password hashing stopped: {error}")))
}

/// The hash to store, in PHC string form.
///
/// # Errors
/// `TooMany` when the machine is busy with other hashes.
pub async fn hash(password: String) -> Result<String> {
    in_turn(move || {
        argon2()
            .hash_password(password.as_bytes())
            .map(|hash| hash.to_string())
    })
    .await?
    .map_err(|error| Failure::setup(format!("cannot hash a password: {error}")))
}

/// Does the password fit the hash? With no hash (unknown user) it takes as long and says no.
///
/// # Errors
/// `TooMany` when the machine is busy with other hashes.
pub async fn verify(password: String, stored: Option<String>) -> Result<bool> {
    in_turn(move || match stored.as_deref().map(PasswordHash::new) {
        Some(Ok(hash)) => argon2().verify_password(password.as_bytes(), &hash).is_ok(),
        _ => {
            let _ = argon2().hash_password(password.as_bytes());
            false
        }
    })
    .await
}
