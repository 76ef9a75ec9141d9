//! What the commands of accounts take.

use crate::domain::{FieldErrors, name};

/// What a new user gives.
#[derive(Clone)]
pub struct Registration {
    /// Call sign (§2.1).
    pub name: String,
    /// E-mail address.
    pub email: String,
    /// Password in clear.
    pub password: String,
}

/// What a user signs in with.
#[derive(Clone)]
pub struct Credentials {
    /// Call sign or e-mail address; a call sign has no `@`, so the two cannot be confused.
    pub login: String,
    /// Password in clear.
    pub password: String,
    /// Local path to go to afterwards; empty for the start.
    pub return_to: String,
}

/// A change of the account.
#[derive(Clone)]
pub struct AccountChange {
    /// Call sign.
    pub name: String,
    /// E-mail address.
    pub email: String,
    /// IANA name of the time zone.
    pub time_zone: String,
    /// The present password; needed to change the e-mail address (ASVS 7.5.1).
    pub password: String,
    /// The version that was read.
    pub version: i64,
}

/// Checks call sign and e-mail address and notes what is wrong.
pub fn check_identity(
    errors: &mut FieldErrors,
    name: &str,
    email: &str,
) -> Option<(String, String)> {
    let name = errors.check("name", name::user_name(name));
    let email = errors.check("email", name::email(email));
    name.zip(email)
}
