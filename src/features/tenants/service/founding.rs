//! Founding an organisation (§1.4, §3.1).

use super::{host_of, list_org_types, time_zone};
use crate::{
    domain::{
        AppError, FieldErrors, FieldProblem, OrgId, PlayerId, UserId,
        event::{EventData, EventKind},
    },
    features::{
        operations, ranks, roster,
        tenants::{
            input::{CheckedOrg, NewOrg},
            model::{FoundingPlace, org_types::OrgTypeChoice},
            store::{self, OrgRow},
        },
    },
    server::{
        Ctx, Failure, Result,
        events::{self, NewEvent},
        flash::encode_query,
        tenancy::plain_host,
    },
};
use uuid::Uuid;

/// A founded organisation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Founded {
    /// Its id.
    pub id: OrgId,
    /// Its slug.
    pub slug: String,
    /// Its canonical host.
    pub host: String,
    /// The founder's player.
    pub founder: PlayerId,
}

impl Founded {
    /// Path at the apex that leads the founder to the Org's host, signed in.
    #[must_use]
    pub fn first_visit(&self) -> String {
        format!(
            "/handover?host={}&return={}",
            encode_query(&self.host),
            encode_query("/")
        )
    }
}

/// What the page of founding shows.
///
/// # Errors
/// Not at the apex, or not signed in.
pub async fn read_founding(ctx: &Ctx) -> Result<FoundingPlace> {
    ctx.at_apex()?;
    ctx.user()?;
    let apex = &ctx.state.config.apex;
    let port = apex.port.map(|port| format!(":{port}")).unwrap_or_default();
    Ok(FoundingPlace {
        host_suffix: format!(".{}{port}", apex.host),
        types: list_org_types(ctx).await?,
    })
}

/// Founds an organisation with its root group and its founder's player, at the apex or by the
/// server's own command.
///
/// # Errors
/// Not signed in; a name that breaks a rule, is reserved, taken or another user's; a taken slug or
/// host.
pub async fn found_org(ctx: &Ctx, input: NewOrg) -> Result<Founded> {
    ctx.at_apex()?;
    let founder = founder_of(ctx, &input)?;
    let types = list_org_types(ctx).await?;
    let (checked, zone, own_host) = check(ctx, &types, &input)?;
    let id = OrgId(Uuid::now_v7());
    let mut tx = ctx.state.db.system().await?;
    let founder_name = store::user_name(&mut tx, founder).await?;
    if store::is_other_users_name(&mut tx, &checked.name, founder).await? {
        return Err(AppError::field("name", FieldProblem::UserName).into());
    }
    let row = OrgRow {
        id,
        accent_hue: i64::from(crate::ui::insignia::hue_of(&checked.name)) * 30,
        checked,
        time_zone: zone,
        founder,
    };
    store::insert_org(&mut tx, &row, ctx.now).await?;
    if let Some(host) = &own_host {
        store::insert_domain(&mut tx, id, host.clone()).await?;
    }
    let mut tx = tx.into_write(id).await?;
    let name = row.checked.name;
    ranks::service::plant_ranks(&mut tx, &row.checked.type_id).await?;
    operations::service::plant_defaults(&mut tx).await?;
    roster::service::plant_root(&mut tx, ctx, &name).await?;
    let player = roster::service::add_founder(&mut tx, ctx, founder, &founder_name).await?;
    let data = EventData {
        after: Some(name),
        ..EventData::default()
    };
    events::append(&mut tx, ctx, NewEvent::new(EventKind::OrgFounded, data)).await?;
    events::commit(tx, &ctx.state.hub).await?;
    tracing::info!(org = %id, %founder, "organisation founded");
    let host = host_of(ctx, &row.checked.slug, own_host);
    Ok(Founded {
        id,
        slug: row.checked.slug,
        host,
        founder: player,
    })
}

/// The signed-in user; only the server's own commands may name another.
fn founder_of(ctx: &Ctx, input: &NewOrg) -> Result<UserId> {
    match (&ctx.actor.user, input.founder) {
        (Some(user), _) => Ok(user.id),
        (None, Some(founder)) if ctx.actor.founder => Ok(founder),
        (None, _) => Err(Failure::App(AppError::SignInRequired)),
    }
}

fn check(
    ctx: &Ctx,
    types: &[OrgTypeChoice],
    input: &NewOrg,
) -> Result<(CheckedOrg, String, Option<String>)> {
    let mut errors = FieldErrors::default();
    let checked = input.check(&ctx.state.config.reserved_names, types, &mut errors);
    let zone = if input.time_zone.trim().is_empty() {
        "UTC"
    } else {
        &input.time_zone
    };
    let zone = errors.check("time_zone", time_zone(zone));
    let host = input
        .host
        .as_deref()
        .map(|host| own_host(ctx, host))
        .transpose();
    let host = errors.check("host", host);
    errors.into_result()?;
    match (checked, zone, host) {
        (Some(checked), Some(zone), Some(host)) => Ok((checked, zone, host)),
        _ => Err(Failure::App(AppError::Transport)),
    }
}

/// A host of an Org's own: never the apex or a name below it (security.md §3.5).
fn own_host(ctx: &Ctx, text: &str) -> std::result::Result<String, FieldProblem> {
    let apex = &ctx.state.config.apex.host;
    let host = plain_host(text.trim()).filter(|host| host.contains('.') && !text.contains(':'));
    let host = host.ok_or(FieldProblem::Malformed)?;
    let below = host
        .strip_suffix(apex.as_str())
        .is_some_and(|rest| rest.ends_with('.'));
    if host == *apex || below {
        Err(FieldProblem::Reserved)
    } else {
        Ok(host)
    }
}
