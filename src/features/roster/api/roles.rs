//! Commands on roles and positions.

use crate::domain::{AppError, GroupId, PositionId, RoleId, access, event::Outcome};
#[cfg(feature = "ssr")]
use crate::features::roster::{input, service};
use leptos::prelude::*;

/// Adds a role to a group.
#[server(endpoint = "roster/create_role")]
pub async fn create_role(
    /// Which group.
    group_id: GroupId,
    /// Its name.
    name: String,
    /// Its short form.
    #[server(default)]
    acronym: String,
    /// Grants the group's tools.
    #[server(default)]
    leadership: bool,
    /// One holder at a time.
    #[server(default)]
    singular: bool,
    /// What it grants in the group and below it, besides leadership.
    #[server(default)]
    access: Vec<access::Action>,
) -> Result<Outcome, AppError> {
    use crate::server::rpc::command;
    let details = input::RoleDetails {
        name,
        acronym,
        leadership,
        singular,
        access: access.into_iter().collect(),
    };
    let input = input::CreateRole { group_id, details };
    command("roster/create_role", |ctx| async move {
        service::create_role(&ctx, input).await
    })
    .await
}

/// Changes a role.
#[server(endpoint = "roster/edit_role")]
pub async fn edit_role(
    /// Which role.
    role_id: RoleId,
    /// The version that was read.
    version: i64,
    /// Its name.
    name: String,
    /// Its short form.
    #[server(default)]
    acronym: String,
    /// Grants the group's tools.
    #[server(default)]
    leadership: bool,
    /// One holder at a time.
    #[server(default)]
    singular: bool,
    /// What it grants in the group and below it, besides leadership.
    #[server(default)]
    access: Vec<access::Action>,
) -> Result<Outcome, AppError> {
    use crate::server::rpc::command;
    let details = input::RoleDetails {
        name,
        acronym,
        leadership,
        singular,
        access: access.into_iter().collect(),
    };
    let input = input::EditRole {
        role_id,
        version,
        details,
    };
    command("roster/edit_role", |ctx| async move {
        service::edit_role(&ctx, input).await
    })
    .await
}

/// Deletes a role that nobody holds.
#[server(endpoint = "roster/delete_role")]
pub async fn delete_role(
    /// Which role.
    role_id: RoleId,
) -> Result<Outcome, AppError> {
    use crate::server::rpc::command;
    let input = input::DeleteRole {
        role_id,
        restore: false,
    };
    command("roster/delete_role", |ctx| async move {
        service::delete_role(&ctx, input).await
    })
    .await
}

/// Adds a position to a group.
#[server(endpoint = "roster/create_position")]
pub async fn create_position(
    /// Which group.
    group_id: GroupId,
    /// Its name.
    name: String,
    /// What it wants, in words.
    #[server(default)]
    wants: String,
    /// Which role.
    role_id: RoleId,
) -> Result<Outcome, AppError> {
    use crate::server::rpc::command;
    let input = input::CreatePosition {
        group_id,
        details: input::PositionDetails {
            name,
            wants,
            role_id,
        },
    };
    command("roster/create_position", |ctx| async move {
        service::create_position(&ctx, input).await
    })
    .await
}

/// Changes a position.
#[server(endpoint = "roster/edit_position")]
pub async fn edit_position(
    /// Which position.
    position_id: PositionId,
    /// The version that was read.
    version: i64,
    /// Its name.
    name: String,
    /// What it wants, in words.
    #[server(default)]
    wants: String,
    /// Which role.
    role_id: RoleId,
) -> Result<Outcome, AppError> {
    use crate::server::rpc::command;
    let details = input::PositionDetails {
        name,
        wants,
        role_id,
    };
    let input = input::EditPosition {
        position_id,
        version,
        details,
    };
    command("roster/edit_position", |ctx| async move {
        service::edit_position(&ctx, input).await
    })
    .await
}

/// Deletes a position that nobody fills.
#[server(endpoint = "roster/delete_position")]
pub async fn delete_position(
    /// Which position.
    position_id: PositionId,
) -> Result<Outcome, AppError> {
    use crate::server::rpc::command;
    let input = input::DeletePosition {
        position_id,
        restore: false,
    };
    command("roster/delete_position", |ctx| async move {
        service::delete_position(&ctx, input).await
    })
    .await
}
