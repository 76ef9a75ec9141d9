//! Server functions of the roster: each one call of the service.
//!
//! Arguments are flat, because plain forms can send nothing else; they are put together to the
//! commands of `input` here. An empty choice of a form arrives as an empty text, so ids that may be
//! absent are read by [`optional_id`](super::input::optional_id).

use super::{
    input::MembersGo,
    model::{
        RosterView,
        pages::{Choices, GroupPage, PlayerPage, RosterPage, SearchPage, ShapeChoice},
    },
};
use crate::domain::{
    AppError, GroupId, MembershipId, PlayerId, PositionId, RoleId, event::Outcome,
};
use leptos::prelude::*;
use leptos::server_fn::codec::GetUrl;

/// The roster page.
#[server(endpoint = "roster/read_roster", input = GetUrl)]
pub async fn read_roster(
    /// How to look at it.
    view: RosterView,
    /// As of this date, `2026-06-06`; empty means now.
    #[server(default)]
    as_of: String,
    /// Only rows with this text.
    #[server(default)]
    filter: String,
    /// With handles for rearranging.
    #[server(default)]
    edit: bool,
) -> Result<RosterPage, AppError> {
    use crate::server::rpc::rpc;
    let query = super::model::pages::RosterQuery {
        view,
        as_of,
        filter,
        edit,
    };
    rpc("roster/read_roster", move |ctx| async move {
        super::view::drawing::read_roster(&ctx, &query).await
    })
    .await
}

/// The page of a group.
#[server(endpoint = "roster/read_group", input = GetUrl)]
pub async fn read_group(
    /// Which.
    id: GroupId,
) -> Result<GroupPage, AppError> {
    use crate::server::rpc::rpc;
    rpc("roster/read_group", move |ctx| async move {
        super::service::read_group(&ctx, id).await
    })
    .await
}

/// The page of a player.
#[server(endpoint = "roster/read_player", input = GetUrl)]
pub async fn read_player(
    /// Which.
    id: PlayerId,
) -> Result<PlayerPage, AppError> {
    use crate::server::rpc::rpc;
    rpc("roster/read_player", move |ctx| async move {
        super::service::read_player(&ctx, id).await
    })
    .await
}

/// What forms that place people offer.
#[server(endpoint = "roster/read_choices", input = GetUrl)]
pub async fn read_choices() -> Result<Choices, AppError> {
    use crate::server::rpc::rpc;
    rpc("roster/read_choices", |ctx| async move {
        super::service::read_choices(&ctx).await
    })
    .await
}

/// Groups and players by name.
#[server(endpoint = "roster/search", input = GetUrl)]
pub async fn search(
    /// What to look for.
    #[server(default)]
    text: String,
) -> Result<SearchPage, AppError> {
    use crate::server::rpc::rpc;
    rpc("roster/search", move |ctx| async move {
        super::service::search(&ctx, &text).await
    })
    .await
}

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
    let details = super::input::GroupDetails {
        name,
        acronym,
        description,
        kind,
        visibility,
        policy,
    };
    let input = super::input::CreateGroup {
        parent_id,
        exclusive,
        details,
    };
    command("roster/create_group", |ctx| async move {
        super::service::create_group(&ctx, input).await
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
    let details = super::input::GroupDetails {
        name,
        acronym,
        description,
        kind,
        visibility,
        policy,
    };
    let input = super::input::EditGroup {
        group_id,
        version,
        details,
    };
    command("roster/edit_group", |ctx| async move {
        super::service::edit_group(&ctx, input).await
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
    let after = super::input::optional_id("after", &after)?;
    let input = super::input::MoveGroup {
        group_id,
        version,
        parent_id,
        after,
    };
    command("roster/move_group", |ctx| async move {
        super::service::move_group(&ctx, input).await
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
    let input = super::input::RetireGroup {
        group_id,
        version,
        members,
    };
    command("roster/retire_group", |ctx| async move {
        super::service::retire_group(&ctx, input).await
    })
    .await
}

/// Puts a player into a group: adds or transfers.
#[server(endpoint = "roster/place_player")]
pub async fn place_player(
    /// Which player.
    player_id: PlayerId,
    /// Which group.
    group_id: GroupId,
    /// Which role.
    #[server(default)]
    role_id: String,
    /// Which position.
    #[server(default)]
    position_id: String,
    /// The exclusive membership the sender saw; empty means none.
    #[server(default)]
    expected: String,
) -> Result<Outcome, AppError> {
    use crate::server::rpc::command;
    let input = super::input::PlacePlayer {
        player_id,
        group_id,
        role_id: super::input::optional_id::<RoleId>("role_id", &role_id)?,
        position_id: super::input::optional_id::<PositionId>("position_id", &position_id)?,
        expected: super::input::optional_id::<MembershipId>("expected", &expected)?,
    };
    command("roster/place_player", |ctx| async move {
        super::service::place_player(&ctx, input).await
    })
    .await
}

/// Puts several players into a group. Each is sent as the player's id, or as `id.membership` with
/// the exclusive membership in which the sender saw them.
#[server(endpoint = "roster/place_players")]
pub async fn place_players(
    /// Which group.
    group_id: GroupId,
    /// Who, each as `id` or `id.membership`.
    #[server(default)]
    players: Vec<String>,
) -> Result<Outcome, AppError> {
    use crate::server::rpc::command;
    let inputs = players
        .iter()
        .map(|text| {
            let (player, expected) = text.split_once('.').unwrap_or((text, ""));
            let malformed = AppError::field("players", crate::domain::FieldProblem::Malformed);
            Ok(super::input::PlacePlayer {
                player_id: player.parse().map_err(|_| malformed)?,
                group_id,
                role_id: None,
                position_id: None,
                expected: super::input::optional_id("players", expected)?,
            })
        })
        .collect::<Result<Vec<_>, AppError>>()?;
    command("roster/place_players", |ctx| async move {
        super::service::place_players(&ctx, inputs).await
    })
    .await
}

/// Gives a member another role or position in the same group.
#[server(endpoint = "roster/post_member")]
pub async fn post_member(
    /// Which membership.
    membership_id: MembershipId,
    /// Which role.
    #[server(default)]
    role_id: String,
    /// Which position.
    #[server(default)]
    position_id: String,
) -> Result<Outcome, AppError> {
    use crate::server::rpc::command;
    let input = super::input::PostMember {
        membership_id,
        role_id: super::input::optional_id::<RoleId>("role_id", &role_id)?,
        position_id: super::input::optional_id::<PositionId>("position_id", &position_id)?,
    };
    command("roster/post_member", |ctx| async move {
        super::service::post_member(&ctx, input).await
    })
    .await
}

/// Ends a membership.
#[server(endpoint = "roster/remove_member")]
pub async fn remove_member(
    /// Which membership.
    membership_id: MembershipId,
    /// Why.
    reason: String,
) -> Result<Outcome, AppError> {
    use crate::server::rpc::command;
    let input = super::input::RemoveMember {
        membership_id,
        reason,
    };
    command("roster/remove_member", |ctx| async move {
        super::service::remove_member(&ctx, input).await
    })
    .await
}

/// Creates a player.
#[server(endpoint = "roster/create_player")]
pub async fn create_player(
    /// The name used in history.
    common_name: String,
    /// Which group.
    #[server(default)]
    group_id: String,
) -> Result<Outcome, AppError> {
    use crate::server::rpc::command;
    let input = super::input::CreatePlayer {
        common_name,
        group_id: super::input::optional_id("group_id", &group_id)?,
    };
    command("roster/create_player", |ctx| async move {
        super::service::create_player(&ctx, input).await
    })
    .await
}

/// Renames a player.
#[server(endpoint = "roster/rename_player")]
pub async fn rename_player(
    /// Which player.
    player_id: PlayerId,
    /// The version that was read.
    version: i64,
    /// The name used in history.
    common_name: String,
) -> Result<Outcome, AppError> {
    use crate::server::rpc::command;
    let input = super::input::RenamePlayer {
        player_id,
        version,
        common_name,
    };
    command("roster/rename_player", |ctx| async move {
        super::service::rename_player(&ctx, input).await
    })
    .await
}

/// Makes an invitation; the outcome leads to the page that shows its link once.
#[server(endpoint = "roster/invite_player")]
pub async fn invite_player(
    /// Which player.
    player_id: PlayerId,
) -> Result<Outcome, AppError> {
    use crate::server::rpc::command;
    command("roster/invite_player", move |ctx| async move {
        let secret = super::service::invite_player(&ctx, player_id).await?;
        Ok(Outcome::goto(format!(
            "/players/{player_id}?invitation={secret}"
        )))
    })
    .await
}

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
) -> Result<Outcome, AppError> {
    use crate::server::rpc::command;
    let details = super::input::RoleDetails {
        name,
        acronym,
        leadership,
        singular,
    };
    let input = super::input::CreateRole { group_id, details };
    command("roster/create_role", |ctx| async move {
        super::service::create_role(&ctx, input).await
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
) -> Result<Outcome, AppError> {
    use crate::server::rpc::command;
    let details = super::input::RoleDetails {
        name,
        acronym,
        leadership,
        singular,
    };
    let input = super::input::EditRole {
        role_id,
        version,
        details,
    };
    command("roster/edit_role", |ctx| async move {
        super::service::edit_role(&ctx, input).await
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
    let input = super::input::DeleteRole {
        role_id,
        restore: false,
    };
    command("roster/delete_role", |ctx| async move {
        super::service::delete_role(&ctx, input).await
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
    let input = super::input::CreatePosition {
        group_id,
        details: super::input::PositionDetails {
            name,
            wants,
            role_id,
        },
    };
    command("roster/create_position", |ctx| async move {
        super::service::create_position(&ctx, input).await
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
    let details = super::input::PositionDetails {
        name,
        wants,
        role_id,
    };
    let input = super::input::EditPosition {
        position_id,
        version,
        details,
    };
    command("roster/edit_position", |ctx| async move {
        super::service::edit_position(&ctx, input).await
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
    let input = super::input::DeletePosition {
        position_id,
        restore: false,
    };
    command("roster/delete_position", |ctx| async move {
        super::service::delete_position(&ctx, input).await
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
    let input = super::input::SetManager {
        group_id,
        player_id,
        manages,
    };
    command("roster/set_manager", |ctx| async move {
        super::service::set_manager(&ctx, input).await
    })
    .await
}

/// The starting shapes to choose from.
#[server(endpoint = "roster/list_shapes", input = GetUrl)]
pub async fn list_shapes() -> Result<Vec<ShapeChoice>, AppError> {
    use crate::server::rpc::rpc;
    rpc("roster/list_shapes", |_| async {
        Ok(super::service::list_shapes())
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
        super::service::apply_shape(&ctx, &shape).await
    })
    .await
}

/// Claims the player of an invitation.
#[server(endpoint = "roster/accept_invitation")]
pub async fn accept_invitation(
    /// The invitation's secret.
    token: String,
) -> Result<Outcome, AppError> {
    use crate::server::rpc::command;
    command("roster/accept_invitation", |ctx| async move {
        super::service::accept_invitation(&ctx, &token).await
    })
    .await
}

/// The name of the player that an invitation is for.
#[server(endpoint = "roster/read_invitation", input = GetUrl)]
pub async fn read_invitation(
    /// The invitation's secret.
    token: String,
) -> Result<String, AppError> {
    use crate::server::rpc::rpc;
    rpc("roster/read_invitation", move |ctx| async move {
        super::service::invitation_name(&ctx, &token).await
    })
    .await
}
