//! Commands and queries of the roster: the feature's only door.
//!
//! Commands come in pairs: `verb_noun(ctx, input)` opens the transaction, and a function on the
//! transaction does the work, so that undo and imports can do several in one.

mod admission;
mod bulk;
mod founding;
mod groups;
mod leaving;
mod managers;
mod members;
mod players;
mod queries;
mod roles;
mod search;
mod shapes;
mod undo;

pub use admission::{become_player, enter_group, free_common_name, takes_members, user_player};
pub use bulk::{
    Bulk, BulkCounts, BulkGroup, BulkGroupChange, BulkMembership, BulkPlayer, apply_bulk,
};
pub use founding::{add_founder, plant_root, rename_root};
pub use groups::{create_group, edit_group, move_group, retire_group};
pub use leaving::{end_belonging, leave_group};
pub use managers::{set_manager, set_manager_group};
pub use members::{place_player, place_players, post_member, remove_member};
pub use players::{
    accept_invitation, create_player, invitation_name, invite_player, rename_player,
};
pub use queries::{
    Cache, facts, group_choice, leads_anything, read_choices, read_group, read_player,
    roster_as_of, roster_in, roster_now, roster_since, visible_groups,
};
pub use roles::{
    create_position, create_role, delete_position, delete_role, edit_position, edit_role,
};
pub use search::{palette, search};
pub use shapes::{apply_shape, list_shapes};
pub use undo::undo;

pub use super::store::players::UserPlayer;

use super::input::Command;
use crate::{
    domain::event::{EventLine, Outcome},
    server::{Ctx, Result, db::Write, events},
};

/// The commands that take an event back, as the event keeps them.
fn undo_with(commands: &[Command]) -> Option<String> {
    serde_json::to_string(commands).ok()
}

/// Commits a command whose event is the answer.
async fn finish(ctx: &Ctx, tx: Write, event: EventLine) -> Result<Outcome> {
    events::commit(tx, &ctx.state.hub).await?;
    Ok(Outcome {
        event: Some(event),
        ..Outcome::default()
    })
}
