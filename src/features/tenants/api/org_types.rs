//! Server functions on org types, at the apex.

#![expect(
    clippy::too_many_arguments,
    reason = "a plain form sends flat fields, and a type has this many"
)]

use crate::{
    domain::{AppError, event::Outcome},
    features::tenants::model::org_types::{OrgType, OrgTypeLine},
};
use leptos::{prelude::*, server_fn::codec::GetUrl};
use serde::{Deserialize, Serialize};

/// A row of ranks in the form. A row without level and name is no rank.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct RankRow {
    /// Its level.
    pub level: String,
    /// Its name.
    pub name: String,
    /// Its short form.
    pub abbreviation: String,
    /// Symbol of its insignia.
    pub insignia: String,
    /// What it grants.
    pub access: Vec<String>,
}

/// The org types, for administrators of the installation.
#[server(endpoint = "tenants/read_org_types", input = GetUrl)]
pub async fn read_org_types() -> Result<Vec<OrgTypeLine>, AppError> {
    use crate::{features::tenants::service, server::rpc::rpc};
    rpc("tenants/read_org_types", move |ctx| async move {
        service::read_org_types(&ctx).await
    })
    .await
}

/// One org type, for administrators of the installation.
#[server(endpoint = "tenants/read_org_type", input = GetUrl)]
pub async fn read_org_type(
    /// Its id.
    type_id: String,
) -> Result<OrgType, AppError> {
    use crate::{features::tenants::service, server::rpc::rpc};
    rpc("tenants/read_org_type", move |ctx| async move {
        service::read_org_type(&ctx, &type_id).await
    })
    .await
}

/// Makes an org type.
#[server(endpoint = "tenants/create_org_type")]
pub async fn create_org_type(
    /// Its id.
    type_id: String,
    /// Its name.
    name: String,
    /// What it is for.
    #[server(default)]
    description: String,
    /// `player` or `org`.
    #[server(default)]
    member_kind: String,
    /// A person belongs to one organisation of this type at most.
    #[server(default)]
    one_per_person: bool,
    /// Modules.
    #[server(default)]
    modules: Vec<String>,
    /// Access ids offered.
    #[server(default)]
    access: Vec<String>,
    /// How chat commands are called.
    #[server(default)]
    command_name: String,
    /// Other words for the same.
    #[server(default)]
    aliases: String,
    /// Ranks.
    #[server(default)]
    ranks: Vec<RankRow>,
    /// Row of the default rank.
    #[server(default)]
    default: String,
    /// Row of the guest rank.
    #[server(default)]
    guest: String,
) -> Result<Outcome, AppError> {
    use crate::{
        features::tenants::{input::org_types::OrgTypeInput, service},
        server::rpc::command,
    };
    let input = OrgTypeInput {
        type_id,
        name,
        description,
        member_kind,
        one_per_person,
        modules,
        access,
        command_name,
        aliases,
        ranks: rank_inputs(ranks, &default, &guest),
    };
    command("tenants/create_org_type", move |ctx| async move {
        service::create_org_type(&ctx, input).await
    })
    .await
}

/// Changes an org type.
#[server(endpoint = "tenants/edit_org_type")]
pub async fn edit_org_type(
    /// Its id.
    type_id: String,
    /// The version that was read.
    version: i64,
    /// Its name.
    name: String,
    /// What it is for.
    #[server(default)]
    description: String,
    /// `player` or `org`.
    #[server(default)]
    member_kind: String,
    /// A person belongs to one organisation of this type at most.
    #[server(default)]
    one_per_person: bool,
    /// Modules.
    #[server(default)]
    modules: Vec<String>,
    /// Access ids offered.
    #[server(default)]
    access: Vec<String>,
    /// How chat commands are called.
    #[server(default)]
    command_name: String,
    /// Other words for the same.
    #[server(default)]
    aliases: String,
    /// Ranks.
    #[server(default)]
    ranks: Vec<RankRow>,
    /// Row of the default rank.
    #[server(default)]
    default: String,
    /// Row of the guest rank.
    #[server(default)]
    guest: String,
) -> Result<Outcome, AppError> {
    use crate::{
        features::tenants::{input::org_types::OrgTypeInput, service},
        server::rpc::command,
    };
    let input = OrgTypeInput {
        type_id,
        name,
        description,
        member_kind,
        one_per_person,
        modules,
        access,
        command_name,
        aliases,
        ranks: rank_inputs(ranks, &default, &guest),
    };
    command("tenants/edit_org_type", move |ctx| async move {
        service::edit_org_type(&ctx, input, version).await
    })
    .await
}

#[cfg(feature = "ssr")]
fn rank_inputs(
    rows: Vec<RankRow>,
    default: &str,
    guest: &str,
) -> Vec<crate::features::tenants::input::org_types::RankInput> {
    use crate::features::tenants::input::org_types::RankInput;
    let rank = |(row, of): (usize, RankRow)| RankInput {
        row,
        is_default: default == row.to_string(),
        is_guest: guest == row.to_string(),
        level: of.level,
        name: of.name,
        abbreviation: of.abbreviation,
        insignia: of.insignia,
        access: of.access,
    };
    rows.into_iter()
        .enumerate()
        .filter(|(_, of)| !(of.level.trim().is_empty() && of.name.trim().is_empty()))
        .map(rank)
        .collect()
}
