//! Who may change an organisation, and who the rules of all of them.

use crate::{
    domain::access::{Action, Granted, Missing, Target, decide},
    features::tenants::store::org_types,
    server::{
        Ctx, Result,
        db::{Read, System},
        tenancy,
    },
};

pub(super) async fn authorise(tx: &mut Read, ctx: &Ctx, action: Action) -> Result<Granted> {
    let facts = tenancy::facts(tx, ctx).await?;
    decide(&facts, action, Target::Org).map_err(|missing| ctx.refuse(missing))
}

/// Proof that the actor administers the installation (§21), which functions that write its rules
/// demand.
#[derive(Clone, Copy, Debug)]
pub(super) struct SiteAdmin(());

/// Asserts that this is the apex and the actor an administrator of the installation, or its operator
/// at the machine.
///
/// # Errors
/// `NotFound` on an Org's host, else what is missing.
pub(super) async fn authorise_site(tx: &mut System, ctx: &Ctx) -> Result<SiteAdmin> {
    ctx.at_apex()?;
    let allowed = match &ctx.actor.user {
        Some(user) => org_types::is_site_admin(tx, user.id).await?,
        None => ctx.actor.founder,
    };
    if allowed {
        Ok(SiteAdmin(()))
    } else {
        Err(ctx.refuse(Missing::SiteAdmin))
    }
}
