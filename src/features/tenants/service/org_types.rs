//! Org types (§1.6): data that the administrators of the installation write.
//!
//! What a type switches on and offers counts at once for the organisations there are; its ranks
//! count for new ones only, because those of an organisation are its own from its first moment.
//! Types are never deleted. There is no event log at the apex: changes stand in the server's log.

use crate::{
    domain::{ConflictCode, event::Outcome},
    features::tenants::{
        access::authorise_site,
        input::org_types::{CheckedOrgType, OrgTypeInput},
        model::org_types::{OrgType, OrgTypeChoice, OrgTypeLine},
        store::org_types as store,
    },
    server::{Ctx, Result},
};

/// The types that an organisation can be founded with; for everybody.
///
/// # Errors
/// When the database fails.
pub async fn list_org_types(ctx: &Ctx) -> Result<Vec<OrgTypeChoice>> {
    let mut tx = ctx.state.db.system_read().await?;
    let types = store::choices(&mut tx).await?;
    tx.commit().await?;
    Ok(types)
}

/// The types with what they switch on and how many organisations are of them.
///
/// # Errors
/// Not at the apex, or no administrator of the installation.
pub async fn read_org_types(ctx: &Ctx) -> Result<Vec<OrgTypeLine>> {
    let mut tx = ctx.state.db.system_read().await?;
    authorise_site(&mut tx, ctx).await?;
    let types = store::lines(&mut tx).await?;
    tx.commit().await?;
    Ok(types)
}

/// One type with everything it decides.
///
/// # Errors
/// Not at the apex, no administrator of the installation, or no such type.
pub async fn read_org_type(ctx: &Ctx, id: &str) -> Result<OrgType> {
    let mut tx = ctx.state.db.system_read().await?;
    authorise_site(&mut tx, ctx).await?;
    let found = store::read(&mut tx, id).await?;
    tx.commit().await?;
    Ok(found)
}

/// Makes a new type.
///
/// # Errors
/// Not at the apex, no administrator of the installation, invalid fields, or a taken id.
pub async fn create_org_type(ctx: &Ctx, input: OrgTypeInput) -> Result<Outcome> {
    let mut tx = ctx.state.db.system().await?;
    let admin = authorise_site(&mut tx, ctx).await?;
    let checked = input.check()?;
    store::insert(&mut tx, admin, &checked).await?;
    if checked.one_per_person {
        store::note_sole_memberships(&mut tx, admin, &checked.type_id).await?;
    }
    tx.commit().await?;
    log(ctx, "an org type was made", &checked);
    Ok(onwards(&checked))
}

/// Changes a type; its id stays.
///
/// # Errors
/// Not at the apex, no administrator of the installation, no such type, invalid fields, or somebody
/// was faster.
pub async fn edit_org_type(ctx: &Ctx, input: OrgTypeInput, version: i64) -> Result<Outcome> {
    let mut tx = ctx.state.db.system().await?;
    let admin = authorise_site(&mut tx, ctx).await?;
    let before = store::read(&mut tx, input.type_id.trim()).await?;
    let checked = input.check()?;
    if !store::update(&mut tx, admin, &checked, version).await? {
        return Err(ConflictCode::Stale.into());
    }
    match (before.one_per_person, checked.one_per_person) {
        (false, true) => store::note_sole_memberships(&mut tx, admin, &before.id).await?,
        (true, false) => store::forget_sole_memberships(&mut tx, admin, &before.id).await?,
        _ => {}
    }
    tx.commit().await?;
    log(ctx, "an org type was changed", &checked);
    Ok(onwards(&checked))
}

fn log(ctx: &Ctx, what: &'static str, of: &CheckedOrgType) {
    let user = ctx.actor.user.as_ref().map(|user| user.id.to_string());
    let user = user.unwrap_or_else(|| "operator".to_owned());
    tracing::info!(
        user,
        actor = ctx.actor.name(),
        type_id = of.type_id,
        modules = of.modules.stored(),
        access = of.access.stored(),
        ranks = of.ranks.len(),
        what
    );
}

fn onwards(of: &CheckedOrgType) -> Outcome {
    Outcome {
        goto: Some(format!("/site/types/{}", of.type_id)),
        ..Outcome::default()
    }
}
