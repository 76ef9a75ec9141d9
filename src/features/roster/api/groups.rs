//! Commands on groups, and the shapes an organisation may start from.

#[cfg(feature = "ssr")]
use crate::features::roster::{input, service};
use crate::{
    domain::{AppError, GroupId, PlayerId, event::Outcome},
    features::roster::{input::MembersGo, model::pages::ShapeChoice},
};
use leptos::prelude::*;
use leptos::server_fn::codec::GetUrl;

/// Creates a group.
#[server(endpoint = "roster/create_group")]
pub async fn create_group(
    /// Under this group.
    parent_id: GroupId,
    /// Its name.
    name: String,
    /// Its short form.
    #[server(default)]
    acronym: String,
    /// What it is for, in Markdown.
    description: String,
    /// What it is called, such as "Squad".
    kind: String,
    /// One membership of a player at a time.
    #[server(default)]
    exclusive: bool,
    /// `public` or `private`.
    visibility: String,
    /// `open`, `by_request` or `closed`.
    policy: String,
) -> Result<Outcome, AppError> {
    use crate::server::rpc::command;
    let details = input::GroupDetails {
        name,
        acronym,
        description,
        kind,
        visibility,
        policy,
    };
    let input = input::CreateGroup {
        parent_id,
        exclusive,
        details,
    };
    command("roster/create_group", |ctx| async move {
        service::create_group(&ctx, input).await
    })
    .await
}

/// Changes a group.
#[server(endpoint = "roster/edit_group")]
pub async fn edit_group(
    /// Which group.
    group_id: GroupId,
    /// The version that was read.
    version: i64,
    /// Its name.
    name: String,
    /// Its short form.
    #[server(default)]
    acronym: String,
    /// What it is for, in Markdown.
    description: String,
    /// What it is called, such as "Squad".
    kind: String,
    /// `public` or `private`.
    visibility: String,
    /// `open`, `by_request` or `closed`.
    policy: String,
) -> Result<Outcome, AppError> {
    use crate::server::rpc::command;
    let details = input::GroupDetails {
        name,
        acronym,
        description,
        kind,
        visibility,
        policy,
    };
    let input = input::EditGroup {
        group_id,
        version,
        details,
    };
    command("roster/edit_group", |ctx| async move {
        service::edit_group(&ctx, input).await
    })
    .await
}

/// Moves a group below another parent or behind a sibling; an empty `after` puts it first.
#[server(endpoint = "roster/move_group")]
pub async fn move_group(
    /// Which group.
    group_id: GroupId,
    /// The version that was read.
    version: i64,
    /// Under this group.
    parent_id: GroupId,
    /// Behind this sibling; empty means first.
    #[server(default)]
    after: String,
) -> Result<Outcome, AppError> {
    use crate::server::rpc::command;
    let after = input::optional_id("after", &after)?;
    let input = input::MoveGroup {
        group_id,
        version,
        parent_id,
        after,
    };
    command("roster/move_group", |ctx| async move {
        service::move_group(&ctx, input).await
    })
    .await
}

/// Retires a group.
#[server(endpoint = "roster/retire_group")]
pub async fn retire_group(
    /// Which group.
    group_id: GroupId,
    /// The version that was read.
    version: i64,
    /// What becomes of its members.
    members: MembersGo,
) -> Result<Outcome, AppError> {
    use crate::server::rpc::command;
    let input = input::RetireGroup {
        group_id,
        version,
        members,
    };
    command("roster/retire_group", |ctx| async move {
        service::retire_group(&ctx, input).await
    })
    .await
}

/// Adds or removes a manager of a group.
#[server(endpoint = "roster/set_manager")]
pub async fn set_manager(
    /// Which group.
    group_id: GroupId,
    /// Which player.
    player_id: PlayerId,
    /// True to add, false to remove.
    #[server(default)]
    manages: bool,
) -> Result<Outcome, AppError> {
    use crate::server::rpc::command;
    let input = input::SetManager {
        group_id,
        player_id,
        manages,
    };
    command("roster/set_manager", |ctx| async move {
        service::set_manager(&ctx, input).await
    })
    .await
}

/// Makes the members of a group managers of another, or takes that back.
#[server(endpoint = "roster/set_manager_group")]
pub async fn set_manager_group(
    /// Of which group.
    group_id: GroupId,
    /// Whose members.
    manager_group_id: GroupId,
    /// True to add, false to remove.
    #[server(default)]
    manages: bool,
) -> Result<Outcome, AppError> {
    use crate::server::rpc::command;
    let input = input::SetManagerGroup {
        group_id,
        manager_group_id,
        manages,
    };
    command("roster/set_manager_group", |ctx| async move {
        service::set_manager_group(&ctx, input).await
    })
    .await
}

/// The starting shapes to choose from.
#[server(endpoint = "roster/list_shapes", input = GetUrl)]
pub async fn list_shapes() -> Result<Vec<ShapeChoice>, AppError> {
    use crate::server::rpc::rpc;
    rpc("roster/list_shapes", |_| async {
        Ok(service::list_shapes())
    })
    .await
}

/// Applies a starting shape to an organisation without groups.
#[server(endpoint = "roster/apply_shape")]
pub async fn apply_shape(
    /// Id of the shape.
    shape: String,
) -> Result<Outcome, AppError> {
    use crate::server::rpc::command;
    command("roster/apply_shape", |ctx| async move {
        service::apply_shape(&ctx, &shape).await
    })
    .await
}
