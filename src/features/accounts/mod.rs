//! Users, their passwords and sessions, and signing in across hosts (§2.1–2.4).
//!
//! - A user signs in at the apex. Every Org's host gets its own session by a one-time hand-over
//!   (`handlers`), because cookies are host-only: no Org's host ever sees another's cookie.
//! - Sessions end 14 days after they were last used and 90 days after they began. Signing in and
//!   changing the password give a new token; changing the password ends all other sessions.
//! - Failed sign-ins are counted by account and by address (`server::throttle`) and slow down the
//!   next try; nobody is locked out for good. An unknown name costs the same time and gets the same
//!   answer as a wrong password.
//! - Call signs are public, so registering says when one is taken. It also says so of an e-mail
//!   address (ASVS 6.3.8 asks not to): without mail delivery the only other way would be an account
//!   that cannot be used. Such answers count as failures of the caller's address, so that lists of
//!   addresses cannot be tried, and the address's owner is told by mail. When mails are delivered,
//!   registering will end with "look into your mail" for everybody.
//!
//! Others use [`service`](self) to create users; `tenants` founds organisations for them.

pub mod api;
pub mod input;
pub mod model;
pub mod routes;
pub mod view;

#[cfg(feature = "ssr")]
pub mod handlers;
#[cfg(feature = "ssr")]
mod passwords;
#[cfg(feature = "ssr")]
pub mod service;
#[cfg(feature = "ssr")]
mod store;
