//! Who may change an organisation.

use crate::{
    domain::access::{Action, Granted, Target, decide},
    server::{Ctx, Result, db::Read, tenancy},
};

pub(super) async fn authorise(tx: &mut Read, ctx: &Ctx, action: Action) -> Result<Granted> {
    let facts = tenancy::facts(tx, ctx).await?;
    decide(&facts, action, Target::Org).map_err(|missing| ctx.refuse(missing))
}
