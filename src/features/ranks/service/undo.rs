//! Taking an event of ranks back: running the command it kept, with the rights of whoever undoes.

use super::{change, people, sets, standard};
use crate::{
    domain::{AppError, ConflictCode, FieldErrors, event::EventLine},
    features::ranks::input::Command,
    server::{Ctx, Failure, Result, db::Write},
};

/// Runs the command kept by event `undoes`.
///
/// # Errors
/// What the command answers: a missing grant, or that the state has moved on.
pub async fn undo(tx: &mut Write, ctx: &Ctx, kept: &str, undoes: i64) -> Result<EventLine> {
    let command: Command = serde_json::from_str(kept).map_err(|_| ConflictCode::NotUndoable)?;
    run(tx, ctx, command, undoes).await.map_err(|failure| {
        match failure {
            // What it was about is gone, or a name is another's now: nobody typed a field here.
            Failure::App(AppError::NotFound | AppError::Invalid(FieldErrors(_)))
            | Failure::Constraint(_) => ConflictCode::NotUndoable.into(),
            other => other,
        }
    })
}

async fn run(tx: &mut Write, ctx: &Ctx, command: Command, undoes: i64) -> Result<EventLine> {
    let undoes = Some(undoes);
    match command {
        Command::EditRank(input) => change::edit_again(tx, ctx, input, undoes).await,
        Command::DeleteRank(input) => change::delete(tx, ctx, input, undoes).await,
        Command::RestoreRank(input) => change::restore(tx, ctx, input, undoes).await,
        Command::Appoint(rank, standard) => {
            standard::appoint_in(tx, ctx, rank, None, standard, undoes).await
        }
        Command::SetInsignia(symbols) => standard::set_insignia(tx, ctx, symbols, undoes).await,
        Command::EditSet(input) => sets::edit(tx, ctx, input, undoes).await,
        Command::DeleteSet(set) => sets::delete(tx, ctx, set, None, undoes).await,
        Command::RestoreSet(input) => sets::restore(tx, ctx, input, undoes).await,
        Command::ChooseSet(group, set) => sets::choose_set_in(tx, ctx, group, set, undoes).await,
        Command::ChangeRank(input) => people::change(tx, ctx, input, None, undoes).await,
    }
}
