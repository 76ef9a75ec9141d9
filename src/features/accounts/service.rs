//! Commands of accounts.
use crate::{domain::event::Outcome, server::{Ctx, Result}};
pub async fn sign_out(_: &Ctx) -> Result<Outcome> { Ok(Outcome::leave("/")) }
pub async fn set_theme(_: &Ctx, _: String) -> Result<Outcome> { Ok(Outcome { leave: true, ..Outcome::default() }) }
