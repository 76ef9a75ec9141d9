//! What concerns the ladder as a whole: its default and guest rank (§3.2), and ready-made insignia.

use super::{finish, tell};
use crate::{
    domain::{
        AppError, ConflictCode, FieldProblem, RankId, RankSetId,
        event::{EventKind, EventLine, Outcome},
    },
    features::ranks::{
        access::authorise,
        input::{Command, EditSet, Standard, Title},
        model::InsigniaSet,
        service::sets,
        store,
    },
    server::{Ctx, Failure, Result, db::Write},
};

/// Makes a rank the default or the guest rank; the one of before is an ordinary one then.
///
/// # Errors
/// The rank is the other of the two, either rank is not below the actor's, the new one grants what
/// they may not give, or somebody was faster.
pub async fn appoint(ctx: &Ctx, rank: RankId, version: i64, standard: Standard) -> Result<Outcome> {
    let mut tx = ctx.state.db.write(ctx.tenant()?).await?;
    let line = appoint_in(&mut tx, ctx, rank, Some(version), standard, None).await?;
    finish(ctx, tx, line).await
}

pub(super) async fn appoint_in(
    tx: &mut Write,
    ctx: &Ctx,
    rank: RankId,
    version: Option<i64>,
    standard: Standard,
    undoes: Option<i64>,
) -> Result<EventLine> {
    let editor = authorise(tx, ctx).await?;
    let ranks = store::ranks::all(tx).await?;
    let new = ranks.iter().find(|row| row.rank_id == rank);
    let new = new.ok_or(Failure::App(AppError::NotFound))?;
    let old = ranks.iter().find(|row| match standard {
        Standard::Default => row.is_default,
        Standard::Guest => row.is_guest,
    });
    let old = old.ok_or(Failure::App(AppError::NotFound))?;
    editor.may_change(ctx, new.level)?;
    editor.may_change(ctx, old.level)?;
    editor.may_hand_on(ctx, new.access.without(old.access))?;
    if new.is_default || new.is_guest {
        return Err(ConflictCode::RankNeeded.into());
    }
    if version.is_some_and(|version| version != new.version) {
        return Err(ConflictCode::Stale.into());
    }
    if standard == Standard::Guest && new.is_held() {
        return Err(ConflictCode::InUse.into());
    }
    store::ranks::appoint(tx, rank, standard).await?;
    let undo = Command::Appoint(old.rank_id, standard);
    let kind = EventKind::RankEdited;
    tell(tx, ctx, kind, &new.name, Some(&undo), undoes).await
}

/// Spreads a ready-made set of insignia over the whole ladder, or over the titles of a rank set.
/// Ranks that are not below the actor's keep their own.
///
/// # Errors
/// No such set, or the actor may not change ranks.
pub async fn apply_insignia(
    ctx: &Ctx,
    insignia: &str,
    rank_set: Option<RankSetId>,
) -> Result<Outcome> {
    let mut tx = ctx.state.db.write(ctx.tenant()?).await?;
    let editor = authorise(&mut tx, ctx).await?;
    let unknown = || AppError::field("set", FieldProblem::Unknown);
    let insignia = InsigniaSet::find(insignia).ok_or_else(unknown)?;
    let mut rungs = store::ranks::all(&mut tx).await?;
    rungs.retain(|rank| !rank.is_guest);
    rungs.reverse();
    let count = rungs.len();
    let symbols = rungs
        .into_iter()
        .enumerate()
        .map(|(at, rank)| (rank, insignia.spread(at, count)));
    let line = match rank_set {
        None => {
            let within = |level: i64| editor.below().is_none_or(|below| level < below);
            let symbols = symbols
                .filter(|(rank, _)| within(rank.level))
                .map(|(rank, symbol)| (rank.rank_id, symbol))
                .collect();
            set_insignia(&mut tx, ctx, symbols, None).await?
        }
        Some(id) => {
            let set = store::sets::get(&mut tx, id).await?;
            let titles = store::sets::titles(&mut tx, id).await?;
            let named = |rank: RankId| titles.iter().find(|title| title.rank_id == rank);
            let titles = symbols
                .map(|(rank, insignia)| match named(rank.rank_id) {
                    Some(title) => Title {
                        insignia,
                        ..title.clone()
                    },
                    None => Title {
                        rank_id: rank.rank_id,
                        name: rank.name,
                        abbreviation: rank.abbreviation,
                        insignia,
                    },
                })
                .collect();
            let input = EditSet {
                rank_set_id: id,
                version: None,
                name: set.name,
                titles,
            };
            sets::edit(&mut tx, ctx, input, None).await?
        }
    };
    finish(ctx, tx, line).await
}

/// Gives ranks these symbols.
pub(super) async fn set_insignia(
    tx: &mut Write,
    ctx: &Ctx,
    symbols: Vec<(RankId, String)>,
    undoes: Option<i64>,
) -> Result<EventLine> {
    let editor = authorise(tx, ctx).await?;
    let ranks = store::ranks::all(tx).await?;
    let mut before = Vec::new();
    for (rank, symbol) in symbols {
        let Some(row) = ranks.iter().find(|row| row.rank_id == rank) else {
            continue;
        };
        editor.may_change(ctx, row.level)?;
        store::ranks::set_insignia(tx, rank, symbol).await?;
        before.push((rank, row.insignia.clone()));
    }
    let undo = Command::SetInsignia(before);
    let kind = EventKind::RankEdited;
    let what = "insignia of the whole ladder";
    tell(tx, ctx, kind, what, Some(&undo), undoes).await
}
