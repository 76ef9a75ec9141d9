//! Server functions of tenants.

mod org_types;

pub use org_types::*;

use super::model::{FoundingOffer, FoundingPlace, OrgLine, OrgSearch, OrgSettings, PublicFace};
use crate::domain::{AppError, PlayerId, event::Outcome};
use leptos::{prelude::*, server_fn::codec::GetUrl};

/// Founds an organisation; the outcome leads to its host, signed in.
#[server(endpoint = "tenants/found_org")]
pub async fn found_org(
    /// Its name.
    name: String,
    /// Label of its host under the apex; made from the name when empty.
    #[server(default)]
    slug: String,
    /// Its type.
    type_id: String,
    /// IANA name of its time zone; UTC when empty.
    #[server(default)]
    time_zone: String,
) -> Result<Outcome, AppError> {
    use super::{input::NewOrg, service};
    use crate::server::rpc::command;
    let input = NewOrg {
        name,
        slug,
        type_id,
        time_zone,
        founder: None,
        host: None,
    };
    command("tenants/found_org", move |ctx| async move {
        let founded = service::found_org(&ctx, input).await?;
        Ok(Outcome::leave(founded.first_visit()))
    })
    .await
}

/// Changes an organisation's settings.
#[server(endpoint = "tenants/edit_org")]
pub async fn edit_org(
    /// Its name.
    name: String,
    /// IANA name of its time zone.
    time_zone: String,
    /// Hue of its accent, 0–359.
    accent_hue: i64,
    /// What visitors read on the public page, in Markdown.
    #[server(default)]
    description: String,
    /// The version that was read.
    version: i64,
) -> Result<Outcome, AppError> {
    use super::{input::OrgChange, service};
    use crate::server::rpc::command;
    let input = OrgChange {
        name,
        time_zone,
        accent_hue,
        description,
        version,
    };
    command("tenants/edit_org", move |ctx| async move {
        service::edit_org(&ctx, input).await
    })
    .await
}

/// Makes a player a co-founder.
#[server(endpoint = "tenants/add_co_founder")]
pub async fn add_co_founder(
    /// The player.
    player_id: PlayerId,
) -> Result<Outcome, AppError> {
    use super::service;
    use crate::server::rpc::command;
    command("tenants/add_co_founder", move |ctx| async move {
        service::add_co_founder(&ctx, player_id).await
    })
    .await
}

/// Ends a player's being a co-founder.
#[server(endpoint = "tenants/remove_co_founder")]
pub async fn remove_co_founder(
    /// The player.
    player_id: PlayerId,
) -> Result<Outcome, AppError> {
    use super::service;
    use crate::server::rpc::command;
    command("tenants/remove_co_founder", move |ctx| async move {
        service::remove_co_founder(&ctx, player_id).await
    })
    .await
}

/// The organisations of the signed-in user, by name; none for strangers.
#[server(endpoint = "tenants/list_my_orgs", input = GetUrl)]
pub async fn list_my_orgs() -> Result<Vec<OrgLine>, AppError> {
    use super::service;
    use crate::server::rpc::rpc;
    rpc("tenants/list_my_orgs", move |ctx| async move {
        service::list_my_orgs(&ctx).await
    })
    .await
}

/// What the page of founding shows.
#[server(endpoint = "tenants/read_founding", input = GetUrl)]
pub async fn read_founding() -> Result<FoundingPlace, AppError> {
    use super::service;
    use crate::server::rpc::rpc;
    rpc("tenants/read_founding", move |ctx| async move {
        service::read_founding(&ctx).await
    })
    .await
}

/// What the host's organisation shows to everybody.
#[server(endpoint = "tenants/read_public_face", input = GetUrl)]
pub async fn read_public_face() -> Result<PublicFace, AppError> {
    use super::service;
    use crate::server::rpc::rpc;
    rpc("tenants/read_public_face", move |ctx| async move {
        service::read_public_face(&ctx).await
    })
    .await
}

/// Organisations by their name or that of a public group.
#[server(endpoint = "tenants/search_orgs", input = GetUrl)]
pub async fn search_orgs(
    /// What to look for; all when empty.
    #[server(default)]
    text: String,
    /// Which page of the answer, from 1.
    #[server(default)]
    page: u32,
) -> Result<OrgSearch, AppError> {
    use super::service;
    use crate::server::rpc::rpc;
    rpc("tenants/search_orgs", move |ctx| async move {
        service::search_orgs(&ctx, &text, page).await
    })
    .await
}

/// The settings of the host's organisation.
#[server(endpoint = "tenants/read_settings", input = GetUrl)]
pub async fn read_settings() -> Result<OrgSettings, AppError> {
    use super::service;
    use crate::server::rpc::rpc;
    rpc("tenants/read_settings", move |ctx| async move {
        service::read_settings(&ctx).await
    })
    .await
}

/// Offers the founding to a player.
#[server(endpoint = "tenants/offer_founding")]
pub async fn offer_founding(
    /// The player.
    player_id: PlayerId,
) -> Result<Outcome, AppError> {
    use super::service;
    use crate::server::rpc::command;
    command("tenants/offer_founding", move |ctx| async move {
        service::offer_founding(&ctx, player_id).await
    })
    .await
}

/// Takes the offered founding back.
#[server(endpoint = "tenants/take_founding_back")]
pub async fn take_founding_back() -> Result<Outcome, AppError> {
    use super::service;
    use crate::server::rpc::command;
    command("tenants/take_founding_back", move |ctx| async move {
        service::take_founding_back(&ctx).await
    })
    .await
}

/// The founding, if it is offered to the viewer.
#[server(endpoint = "tenants/read_founding_offer", input = GetUrl)]
pub async fn read_founding_offer() -> Result<FoundingOffer, AppError> {
    use super::service;
    use crate::server::rpc::rpc;
    rpc("tenants/read_founding_offer", move |ctx| async move {
        service::read_founding_offer(&ctx).await
    })
    .await
}

/// Accepts the founding.
#[server(endpoint = "tenants/accept_founding")]
pub async fn accept_founding(
    /// The organisation's name, typed.
    name: String,
) -> Result<Outcome, AppError> {
    use super::service;
    use crate::server::rpc::command;
    command("tenants/accept_founding", move |ctx| async move {
        service::accept_founding(&ctx, &name).await
    })
    .await
}

/// Declines the founding.
#[server(endpoint = "tenants/decline_founding")]
pub async fn decline_founding() -> Result<Outcome, AppError> {
    use super::service;
    use crate::server::rpc::command;
    command("tenants/decline_founding", move |ctx| async move {
        service::decline_founding(&ctx).await
    })
    .await
}
