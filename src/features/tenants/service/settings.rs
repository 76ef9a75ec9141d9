//! Settings of an organisation, and the list of the viewer's organisations.

use super::{host_of, time_zone};
use crate::{
    domain::{
        AppError, ConflictCode, FieldErrors, FieldProblem,
        access::{Action, Target, decide},
        event::{EventData, EventKind, Outcome},
    },
    features::{
        roster,
        tenants::{
            access::authorise,
            input::OrgChange,
            model::{OrgLine, OrgSettings},
            store,
        },
    },
    server::{
        Ctx, Result,
        events::{self, NewEvent},
        flash::encode_query,
    },
};

/// The organisations of the signed-in user.
///
/// # Errors
/// Not at the apex, or not signed in.
pub async fn list_my_orgs(ctx: &Ctx) -> Result<Vec<OrgLine>> {
    ctx.at_apex()?;
    let user = ctx.user()?.id;
    let mut tx = ctx.state.db.system_read().await?;
    let rows = store::my_orgs(&mut tx, user).await?;
    tx.commit().await?;
    let line = |row: store::MyOrgRow| {
        let standing = row.standing();
        let host = host_of(ctx, &row.slug, row.host);
        let there = ctx.state.config.apex.url_of(&host);
        let href = format!("{there}/sign-in?return={}", encode_query("/"));
        OrgLine {
            name: row.name,
            href,
            standing,
            people: row.people,
        }
    };
    Ok(rows.into_iter().map(line).collect())
}

/// The settings of the host's organisation, for those who may change them.
///
/// # Errors
/// No Org's host, or a missing grant.
pub async fn read_settings(ctx: &Ctx) -> Result<OrgSettings> {
    let mut tx = ctx.state.db.read(ctx.tenant()?).await?;
    authorise(&mut tx, ctx, Action::ManageOrg).await?;
    let row = store::settings(&mut tx).await?;
    let mut hosts = store::hosts(&mut tx).await?;
    hosts.push(host_of(ctx, &row.slug, None));
    let co_founders = store::seats::co_founders(&mut tx).await?;
    let chooses = decide(&ctx.actor.facts(), Action::ManageFounders, Target::Org).is_ok();
    let candidates = if chooses {
        store::seats::candidates(&mut tx, row.founder_id).await?
    } else {
        Vec::new()
    };
    let offer = store::seats::founding_offer(&mut tx)
        .await?
        .filter(|_| chooses);
    tx.done().await?;
    Ok(OrgSettings {
        offered: offer.map(|offer| (offer.common_name, offer.offered_at)),
        name: row.name,
        time_zone: row.time_zone,
        accent_hue: row.accent_hue,
        description: row.description,
        type_id: row.type_id,
        hosts,
        version: row.version,
        founder: row.founder,
        co_founders,
        candidates,
    })
}

/// Changes name, time zone, accent and description.
///
/// # Errors
/// Invalid, reserved or taken values, a missing grant, or somebody was faster.
pub async fn edit_org(ctx: &Ctx, input: OrgChange) -> Result<Outcome> {
    let mut tx = ctx.state.db.write(ctx.tenant()?).await?;
    authorise(&mut tx, ctx, Action::ManageOrg).await?;
    let mut errors = FieldErrors::default();
    let zone = errors
        .check("time_zone", time_zone(&input.time_zone))
        .unwrap_or_default();
    let (name, description) = input.check(&ctx.state.config.reserved_names, errors)?;
    let before = store::settings(&mut tx).await?;
    let renamed = before.name != name;
    if renamed && store::is_other_users_name(&mut tx, &name, before.founder_id).await? {
        return Err(AppError::field("name", FieldProblem::UserName).into());
    }
    let (version, hue) = (input.version, input.accent_hue);
    if !store::update_org(&mut tx, version, &name, &zone, hue, description).await? {
        return Err(ConflictCode::Stale.into());
    }
    if renamed {
        roster::service::rename_root(&mut tx, ctx, &name).await?;
    }
    let data = EventData {
        before: renamed.then_some(before.name),
        after: renamed.then_some(name),
        ..EventData::default()
    };
    let event = events::append(&mut tx, ctx, NewEvent::new(EventKind::OrgEdited, data)).await?;
    events::commit(tx, &ctx.state.hub).await?;
    // Name and accent are part of the frame, so the page is loaded anew.
    Ok(Outcome {
        event: Some(event),
        goto: None,
        leave: true,
    })
}
