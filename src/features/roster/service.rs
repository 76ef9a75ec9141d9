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
mod pages;
mod players;
mod public;
mod queries;
mod roles;
mod search;
mod shapes;
mod standing;
mod then;
mod undo;

pub use admission::{become_player, enter_group, free_common_name, takes_members, user_player};
pub use bulk::{
    Bulk, BulkCounts, BulkGroup, BulkGroupChange, BulkHolding, BulkMembership, BulkPlayer,
    apply_bulk,
};
pub use founding::{add_founder, plant_root, rename_root};
pub use groups::{create_group, edit_group, move_group, retire_group};
pub use leaving::leave_group;
pub use managers::{set_manager, set_manager_group};
pub use members::{place_player, place_players, post_member, remove_member, remove_members_in};
pub use pages::{read_choices, read_group, read_player};
pub use players::{
    accept_invitation, create_player, invitation_name, invite_player, rename_player,
};
pub use public::public_groups;
pub use queries::{
    Cache, decide_on, facts, facts_of, group_choice, leads_anything, roster_as_of, roster_in,
    roster_now, roster_since, visible_groups,
};
pub use roles::{
    create_position, create_role, delete_position, delete_role, edit_position, edit_role,
};
pub use search::{palette, search, shown_players};
pub use shapes::{apply_shape, list_shapes};
pub use standing::{Removed, kick_player, reinstate_player, remove_from_org};
pub use then::{MembershipThen, PersonThen, memberships_at, people_at};
pub use undo::undo;

pub use super::store::players::UserPlayer;

use super::input::Command;
use crate::{
    domain::{
        AppError,
        event::{EventLine, Outcome},
        module::Module,
    },
    server::{Ctx, Failure, Result, db::Write, events},
};

/// The commands that take an event back, as the event keeps them.
fn undo_with(commands: &[Command]) -> Option<String> {
    serde_json::to_string(commands).ok()
}

/// Asserts that the Org's type has positions (§1.6).
fn has_positions(ctx: &Ctx) -> Result<()> {
    if ctx.tenant()?.modules.has(Module::Positions) {
        Ok(())
    } else {
        Err(Failure::App(AppError::NotFound))
    }
}

/// Commits a command whose event is the answer.
async fn finish(ctx: &Ctx, tx: Write, event: EventLine) -> Result<Outcome> {
    events::commit(tx, &ctx.state.hub).await?;
    Ok(Outcome {
        event: Some(event),
        ..Outcome::default()
    })
}
