//! Rank sets (§3.2): other names for the same rungs, and which groups use them.

use super::{finish, tell, undo_with};
use crate::{
    domain::{
        AppError, ConflictCode, FieldProblem, GroupId, RankSetId,
        access::Action,
        event::{EventData, EventKind, EventLine, Outcome},
    },
    features::{
        ranks::{
            access::{authorise, with_ranks},
            input::{Command, EditSet, RestoreSet, Title, check_set},
            model::limits,
            store,
        },
        roster,
    },
    server::{Ctx, Failure, Result, db::Write, events, events::NewEvent},
};
use uuid::Uuid;

/// Adds a rank set; its titles are those of the ladder until it is edited.
///
/// # Errors
/// An invalid or taken name, or the actor may not change ranks.
pub async fn create_set(ctx: &Ctx, name: &str) -> Result<Outcome> {
    let mut tx = ctx.state.db.write(ctx.tenant()?).await?;
    let (set, line) = create_set_in(&mut tx, ctx, name, &[]).await?;
    Ok(finish(ctx, tx, line)
        .await?
        .and_goto(format!("/ranks/sets/{set}")))
}

/// Adds a rank set with these titles.
///
/// # Errors
/// What [`create_set`] answers, or an invalid title.
pub async fn create_set_in(
    tx: &mut Write,
    ctx: &Ctx,
    name: &str,
    titles: &[Title],
) -> Result<(RankSetId, EventLine)> {
    authorise(tx, ctx).await?;
    let (name, titles) = check_set(name, titles)?;
    if store::sets::all(tx).await?.len() >= limits::SETS {
        return Err(AppError::field("name", FieldProblem::OutOfRange).into());
    }
    let set = RankSetId(Uuid::now_v7());
    store::sets::insert(tx, set, &name).await?;
    store::sets::put_titles(tx, set, &titles).await?;
    let undo = Command::DeleteSet(set);
    let kind = EventKind::RankSetCreated;
    let line = tell(tx, ctx, kind, &name, Some(&undo), None).await?;
    Ok((set, line))
}

/// Lets a group use a rank set, for bulk changes that have decided and tell of it themselves.
///
/// # Errors
/// When the database fails.
pub async fn use_set(tx: &mut Write, group: GroupId, set: RankSetId) -> Result<()> {
    store::sets::choose(tx, group, Some(set)).await
}

/// Changes the name of a rank set and all its titles.
///
/// # Errors
/// Invalid fields, a taken name, a title of a rank that there is not, or somebody was faster.
pub async fn edit_set(
    ctx: &Ctx,
    set: RankSetId,
    version: i64,
    name: &str,
    titles: &[Title],
) -> Result<Outcome> {
    let mut tx = ctx.state.db.write(ctx.tenant()?).await?;
    authorise(&mut tx, ctx).await?;
    store::sets::get(&mut tx, set).await?;
    let (name, titles) = check_set(name, titles)?;
    let input = EditSet {
        rank_set_id: set,
        version: Some(version),
        name,
        titles,
    };
    let line = edit(&mut tx, ctx, input, None).await?;
    finish(ctx, tx, line).await
}

pub(super) async fn edit(
    tx: &mut Write,
    ctx: &Ctx,
    input: EditSet,
    undoes: Option<i64>,
) -> Result<EventLine> {
    authorise(tx, ctx).await?;
    let before = store::sets::get(tx, input.rank_set_id).await?;
    let titles = store::sets::titles(tx, input.rank_set_id).await?;
    let ranks = store::ranks::all(tx).await?;
    for (at, title) in input.titles.iter().enumerate() {
        let again = input.titles[..at]
            .iter()
            .any(|other| other.rank_id == title.rank_id);
        let known = ranks.iter().any(|rank| rank.rank_id == title.rank_id);
        if again || !known {
            return Err(AppError::field("titles", FieldProblem::Unknown).into());
        }
    }
    let version = input.version.unwrap_or(before.version);
    if !store::sets::rename(tx, input.rank_set_id, version, &input.name).await? {
        return Err(ConflictCode::Stale.into());
    }
    store::sets::put_titles(tx, input.rank_set_id, &input.titles).await?;
    let live = |title: &Title| ranks.iter().any(|rank| rank.rank_id == title.rank_id);
    let undo = Command::EditSet(EditSet {
        rank_set_id: input.rank_set_id,
        version: Some(version + 1),
        name: before.name,
        titles: titles.into_iter().filter(live).collect(),
    });
    let kind = EventKind::RankSetEdited;
    tell(tx, ctx, kind, &input.name, Some(&undo), undoes).await
}

/// Deletes a rank set; groups that used it use the one above them again.
///
/// # Errors
/// The actor may not change ranks, or somebody was faster.
pub async fn delete_set(ctx: &Ctx, set: RankSetId, version: i64) -> Result<Outcome> {
    let mut tx = ctx.state.db.write(ctx.tenant()?).await?;
    let line = delete(&mut tx, ctx, set, Some(version), None).await?;
    finish(ctx, tx, line).await
}

pub(super) async fn delete(
    tx: &mut Write,
    ctx: &Ctx,
    set: RankSetId,
    version: Option<i64>,
    undoes: Option<i64>,
) -> Result<EventLine> {
    authorise(tx, ctx).await?;
    let before = store::sets::get(tx, set).await?;
    let titles = store::sets::titles(tx, set).await?;
    let groups = store::sets::choices(tx).await?.into_iter();
    let groups = groups.filter(|(_, chosen)| *chosen == set);
    let undo = Command::RestoreSet(RestoreSet {
        rank_set_id: set,
        name: before.name.clone(),
        titles,
        groups: groups.map(|(group, _)| group).collect(),
    });
    let version = version.unwrap_or(before.version);
    if !store::sets::delete(tx, set, version).await? {
        return Err(ConflictCode::Stale.into());
    }
    let kind = EventKind::RankSetDeleted;
    tell(tx, ctx, kind, &before.name, Some(&undo), undoes).await
}

/// Makes a deleted set again, for the groups that used it and have not chosen another since.
pub(super) async fn restore(
    tx: &mut Write,
    ctx: &Ctx,
    input: RestoreSet,
    undoes: Option<i64>,
) -> Result<EventLine> {
    authorise(tx, ctx).await?;
    let sets = store::sets::all(tx).await?;
    if sets.iter().any(|set| set.rank_set_id == input.rank_set_id) {
        return Err(ConflictCode::NotUndoable.into());
    }
    let ranks = store::ranks::all(tx).await?;
    let live = |title: &Title| ranks.iter().any(|rank| rank.rank_id == title.rank_id);
    let titles: Vec<Title> = input.titles.into_iter().filter(live).collect();
    store::sets::insert(tx, input.rank_set_id, &input.name).await?;
    store::sets::put_titles(tx, input.rank_set_id, &titles).await?;
    let chosen = store::sets::choices(tx).await?;
    for group in input.groups {
        if !chosen.iter().any(|(other, _)| *other == group) {
            store::sets::choose(tx, group, Some(input.rank_set_id)).await?;
        }
    }
    let undo = Command::DeleteSet(input.rank_set_id);
    let kind = EventKind::RankSetCreated;
    tell(tx, ctx, kind, &input.name, Some(&undo), undoes).await
}

/// Lets a group, and those below it that choose none themselves, use a rank set; none is the one of
/// the group above. Leaders may do so for the groups they lead.
///
/// # Errors
/// No leadership, no such set, or the root group, which always has the ladder's own names.
pub async fn choose_set(ctx: &Ctx, group: GroupId, set: Option<RankSetId>) -> Result<Outcome> {
    let mut tx = ctx.state.db.write(ctx.tenant()?).await?;
    let line = choose_set_in(&mut tx, ctx, group, set, None).await?;
    finish(ctx, tx, line).await
}

/// See [`choose_set`].
///
/// # Errors
/// The same.
pub async fn choose_set_in(
    tx: &mut Write,
    ctx: &Ctx,
    group: GroupId,
    set: Option<RankSetId>,
    undoes: Option<i64>,
) -> Result<EventLine> {
    with_ranks(ctx)?;
    if group == tx.org().root_group() {
        return Err(Failure::App(AppError::NotFound));
    }
    let name = roster::access::authorise_group(tx, ctx, Action::EditStructure, group).await?;
    let chosen = match set {
        Some(set) => {
            let unknown = AppError::field("rank_set_id", FieldProblem::Unknown);
            let sets = store::sets::all(tx).await?;
            let found = sets.into_iter().find(|row| row.rank_set_id == set);
            found.ok_or(unknown)?.name
        }
        None => "of the group above".to_owned(),
    };
    let before = store::sets::of_group(tx, group).await?;
    store::sets::choose(tx, group, set).await?;
    let data = EventData {
        group: Some(name),
        after: Some(chosen),
        ..EventData::default()
    };
    let event = NewEvent::new(EventKind::RankSetChosen, data)
        .group(group)
        .undo(undo_with(&Command::ChooseSet(group, before)))
        .undoes(undoes);
    events::append(tx, ctx, event).await
}
