//! Taking an event back: running the commands it kept, with the rights of whoever undoes (§4.7).

use super::{groups, managers, members, players, roles, standing};
use crate::{
    domain::{ConflictCode, event::EventLine},
    features::roster::input::Command,
    server::{Ctx, Result, db::Write},
};

/// Runs the commands kept by event `undoes`. The first event says what it undid.
///
/// # Errors
/// What the commands answer: a missing grant, or that the state has moved on.
pub async fn undo(tx: &mut Write, ctx: &Ctx, kept: &str, undoes: i64) -> Result<EventLine> {
    let commands: Vec<Command> =
        serde_json::from_str(kept).map_err(|_| ConflictCode::NotUndoable)?;
    let mut first = None;
    for command in commands {
        let line = run(tx, ctx, command, first.is_none().then_some(undoes)).await?;
        first.get_or_insert(line);
    }
    first.ok_or_else(|| ConflictCode::NotUndoable.into())
}

async fn run(
    tx: &mut Write,
    ctx: &Ctx,
    command: Command,
    undoes: Option<i64>,
) -> Result<EventLine> {
    match command {
        Command::EditGroup(input) => groups::edit(tx, ctx, input, undoes).await,
        Command::MoveGroup(input) => groups::relocate(tx, ctx, input, undoes).await,
        Command::RetireGroup(input) => groups::retire(tx, ctx, input, undoes).await,
        Command::ReviveGroup(input) => groups::revive(tx, ctx, input, undoes).await,
        Command::PlacePlayer(input) => members::place(tx, ctx, input, undoes).await,
        Command::PostMember(input) => members::post(tx, ctx, input, undoes).await,
        Command::RemoveMember(input) => members::remove(tx, ctx, input, undoes).await,
        Command::RenamePlayer(input) => players::rename(tx, ctx, input, undoes).await,
        Command::EditRole(input) => roles::edit(tx, ctx, input, undoes).await,
        Command::DeleteRole(input) => roles::delete(tx, ctx, input, undoes).await,
        Command::EditPosition(input) => roles::edit_position_in(tx, ctx, input, undoes).await,
        Command::DeletePosition(input) => roles::delete_position_in(tx, ctx, input, undoes).await,
        Command::SetManager(input) => managers::set_manager_in(tx, ctx, input, undoes).await,
        Command::SetManagerGroup(input) => {
            managers::set_manager_group_in(tx, ctx, input, undoes).await
        }
        Command::ReinstatePlayer(input) => standing::reinstate(tx, ctx, input, undoes).await,
    }
}
