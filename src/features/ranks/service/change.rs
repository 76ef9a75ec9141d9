//! Creating, changing and deleting ranks (§3.2).

use super::{
    finish,
    people::{Rung, move_all},
    tell,
};
use crate::{
    domain::{
        AppError, ConflictCode, FieldProblem, PlayerId, RankId,
        access::AccessSet,
        event::{EventKind, EventLine, Outcome},
    },
    features::ranks::{
        access::{Authorised, authorise},
        input::{CheckedRank, Command, DeleteRank, EditRank, RankDetails, RestoreRank},
        model::limits,
        store::{self, ranks::RankRow},
    },
    server::{Ctx, Result, db::Write},
};
use uuid::Uuid;

/// Adds a rank to the ladder.
///
/// # Errors
/// Invalid fields, a taken name, an access or level that the actor may not give.
pub async fn create_rank(ctx: &Ctx, details: RankDetails) -> Result<Outcome> {
    let mut tx = ctx.state.db.write(ctx.tenant()?).await?;
    let editor = authorise(&mut tx, ctx).await?;
    let details = details.validate()?;
    may_become(&editor, ctx, AccessSet::default(), &details)?;
    if store::ranks::all(&mut tx).await?.len() >= limits::RANKS {
        return Err(AppError::field("name", FieldProblem::OutOfRange).into());
    }
    let rank = RankId(Uuid::now_v7());
    store::ranks::insert(&mut tx, rank, &details).await?;
    let undo = Command::DeleteRank(DeleteRank {
        rank_id: rank,
        version: None,
        move_to: None,
    });
    let kind = EventKind::RankCreated;
    let line = tell(&mut tx, ctx, kind, &details.name, Some(&undo), None).await?;
    finish(ctx, tx, line).await
}

/// What a rank becomes must lie below the actor, and what is added must be theirs to give.
fn may_become(
    editor: &Authorised,
    ctx: &Ctx,
    before: AccessSet,
    details: &CheckedRank,
) -> Result<()> {
    editor.may_change(ctx, details.level)?;
    editor.may_add(ctx, details.access.without(before))
}

/// Changes a rank.
///
/// # Errors
/// Invalid fields, a taken name, a rank that is not below the actor's before and after, an access
/// that they may not give, or somebody was faster.
pub async fn edit_rank(
    ctx: &Ctx,
    rank: RankId,
    version: i64,
    details: RankDetails,
) -> Result<Outcome> {
    let mut tx = ctx.state.db.write(ctx.tenant()?).await?;
    let before = authorised_rank(&mut tx, ctx, rank).await?;
    let details = details.validate()?;
    let input = EditRank {
        rank_id: rank,
        version,
        details,
    };
    let line = edit(&mut tx, ctx, before, input, None).await?;
    finish(ctx, tx, line).await
}

/// A rank that the actor may change, with what they may do to it.
async fn authorised_rank(tx: &mut Write, ctx: &Ctx, rank: RankId) -> Result<(Authorised, RankRow)> {
    let editor = authorise(tx, ctx).await?;
    let row = store::ranks::get(tx, rank).await?;
    editor.may_change(ctx, row.level)?;
    Ok((editor, row))
}

pub(super) async fn edit_again(
    tx: &mut Write,
    ctx: &Ctx,
    input: EditRank,
    undoes: Option<i64>,
) -> Result<EventLine> {
    let before = authorised_rank(tx, ctx, input.rank_id).await?;
    edit(tx, ctx, before, input, undoes).await
}

async fn edit(
    tx: &mut Write,
    ctx: &Ctx,
    (editor, before): (Authorised, RankRow),
    input: EditRank,
    undoes: Option<i64>,
) -> Result<EventLine> {
    may_become(&editor, ctx, before.access, &input.details)?;
    if !store::ranks::update(tx, input.rank_id, input.version, &input.details).await? {
        return Err(ConflictCode::Stale.into());
    }
    let undo = Command::EditRank(EditRank {
        rank_id: input.rank_id,
        version: input.version + 1,
        details: CheckedRank {
            level: before.level,
            access: before.access,
            ceilings: before.ceilings(),
            name: before.name,
            abbreviation: before.abbreviation,
            insignia: before.insignia,
        },
    });
    let kind = EventKind::RankEdited;
    tell(tx, ctx, kind, &input.details.name, Some(&undo), undoes).await
}

/// Deletes a rank. Those who hold it get another one that the actor names.
///
/// # Errors
/// The default or guest rank, a rank that is held when no other is named, a rank that is not below
/// the actor's, or somebody was faster.
pub async fn delete_rank(ctx: &Ctx, input: DeleteRank) -> Result<Outcome> {
    let mut tx = ctx.state.db.write(ctx.tenant()?).await?;
    let line = delete(&mut tx, ctx, input, None).await?;
    finish(ctx, tx, line).await
}

pub(super) async fn delete(
    tx: &mut Write,
    ctx: &Ctx,
    input: DeleteRank,
    undoes: Option<i64>,
) -> Result<EventLine> {
    let (editor, rank) = authorised_rank(tx, ctx, input.rank_id).await?;
    if rank.is_default || rank.is_guest {
        return Err(ConflictCode::RankNeeded.into());
    }
    let holders = if rank.is_held() {
        let target = input.move_to.ok_or(ConflictCode::InUse)?;
        move_holders(tx, ctx, &editor, &rank, target).await?
    } else {
        Vec::new()
    };
    let version = input.version.unwrap_or(rank.version);
    if !store::ranks::delete(tx, input.rank_id, version, ctx.now).await? {
        return Err(ConflictCode::Stale.into());
    }
    let undo = Command::RestoreRank(RestoreRank {
        rank_id: input.rank_id,
        moved_to: input.move_to,
        holders,
    });
    let kind = EventKind::RankDeleted;
    tell(tx, ctx, kind, &rank.name, Some(&undo), undoes).await
}

impl RankRow {
    fn rung(&self) -> Rung<'_> {
        Rung {
            id: self.rank_id,
            name: &self.name,
            level: self.level,
        }
    }
}

/// Gives all holders of a rank another one. For those it lifts up this is a promotion, so the actor
/// must stand above the new rank, too, and may give what it adds.
async fn move_holders(
    tx: &mut Write,
    ctx: &Ctx,
    editor: &Authorised,
    from: &RankRow,
    to: RankId,
) -> Result<Vec<PlayerId>> {
    let unknown = || AppError::field("move_to", FieldProblem::Unknown);
    let target = store::ranks::get(tx, to).await.map_err(|_| unknown())?;
    if target.is_guest || target.rank_id == from.rank_id {
        return Err(unknown().into());
    }
    editor.may_change(ctx, target.level)?;
    editor.may_hand_on(ctx, target.access.without(from.access))?;
    let holders = store::holdings::holders(tx, from.rank_id).await?;
    let reason = format!("{} was deleted", from.name);
    move_all(tx, ctx, &holders, (from.rung(), target.rung()), &reason).await?;
    Ok(holders.into_iter().map(|(player, _)| player).collect())
}

/// Brings a deleted rank back; those who held it get it again if they still hold what they got.
pub(super) async fn restore(
    tx: &mut Write,
    ctx: &Ctx,
    input: RestoreRank,
    undoes: Option<i64>,
) -> Result<EventLine> {
    let editor = authorise(tx, ctx).await?;
    let deleted = store::ranks::deleted(tx, input.rank_id)
        .await?
        .ok_or(ConflictCode::NotUndoable)?;
    editor.may_change(ctx, deleted.level)?;
    editor.may_hand_on(ctx, deleted.access)?;
    store::ranks::restore(tx, input.rank_id, &deleted.name).await?;
    if let Some(moved_to) = input.moved_to {
        let mut holders = store::holdings::holders(tx, moved_to).await?;
        holders.retain(|(player, _)| input.holders.contains(player));
        if !holders.is_empty() {
            let from = store::ranks::get(tx, moved_to).await?;
            // It may have risen above the actor since, and with it those who hold it.
            editor.may_change(ctx, from.level)?;
            let back = Rung {
                id: input.rank_id,
                name: &deleted.name,
                level: deleted.level,
            };
            let reason = format!("{} was brought back", deleted.name);
            move_all(tx, ctx, &holders, (from.rung(), back), &reason).await?;
        }
    }
    let undo = Command::DeleteRank(DeleteRank {
        rank_id: input.rank_id,
        version: Some(deleted.version + 1),
        move_to: input.moved_to,
    });
    let kind = EventKind::RankCreated;
    tell(tx, ctx, kind, &deleted.name, Some(&undo), undoes).await
}
