//! Who may change an organisation. The facts are read in the transaction that writes, so a
//! co-founder who was removed a moment ago is none any more.

use super::store;
use crate::{
    domain::access::{Action, Facts, Granted, Target, decide},
    server::{Ctx, Result, db::Read},
};

pub(super) async fn authorise(tx: &mut Read, ctx: &Ctx, action: Action) -> Result<Granted> {
    let facts = match &ctx.actor.user {
        Some(user) => store::facts(tx, user.id).await?,
        // The server's own commands; a stranger has no grant here either.
        None => Facts {
            founder: ctx.actor.founder,
            ..Facts::default()
        },
    };
    decide(&facts, action, Target::Org).map_err(|missing| ctx.refuse(missing))
}
