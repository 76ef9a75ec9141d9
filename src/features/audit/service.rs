//! Reading the event log as far as the actor may, and undoing from it.

use super::{
    model::{LogPage, UNDO_DAYS},
    store,
};
use crate::{
    domain::{
        AppError, ConflictCode, GroupId, OperationId, PlayerId,
        access::{Action, Facts, Target, decide},
        event::{EventKind, EventLine, Outcome},
    },
    features::{
        operations, ranks,
        roster::{
            self,
            read_model::{Roster, Visible},
        },
    },
    server::{
        Ctx, Failure, Result,
        db::Write,
        events::{self, NewEvent},
    },
};
use chrono::Duration;
use std::sync::Arc;
use store::EventRow;

/// Events on a page of the log.
const PAGE: usize = 50;
/// Events in the history of a group or player.
const HISTORY: i64 = 100;
/// How often a page that hides events may read on.
const MOST_READS: usize = 10;

/// Was the event made by `ranks`, so that its undo is theirs, too?
fn is_of_ranks(kind: EventKind) -> bool {
    use EventKind as K;
    matches!(kind, K::Promoted | K::Demoted | K::RankChanged) || kind.as_str().starts_with("rank.")
}

/// Was the event made by filling billets?
fn is_of_billets(kind: EventKind) -> bool {
    kind.as_str().starts_with("billet.")
}

/// Was the event made by `operations`?
fn is_of_operations(kind: EventKind) -> bool {
    kind.as_str().starts_with("operation.")
}

/// What taking an event of this kind back asks for, as far as a list can tell: the commands decide.
fn taken_back_by(kind: EventKind) -> Action {
    use EventKind as K;
    match kind {
        K::Promoted | K::RankChanged => Action::Demote,
        K::Demoted => Action::Promote,
        K::Kicked => Action::Kick,
        K::RankSetChosen => Action::EditStructure,
        kind if is_of_ranks(kind) => Action::EditRanks,
        kind if is_of_billets(kind) => Action::FillBillets,
        kind if is_of_operations(kind) => Action::PlanOperations,
        _ => Action::AssignMembers,
    }
}

/// The kind of what would be taken back: of a bulk change, that of its parts, which are alike.
fn kind_to_take_back(row: &EventRow) -> Option<EventKind> {
    match (row.kind()?, &row.undo) {
        (EventKind::BulkApplied, Some(kept)) => Some(events::parts(kept).first()?.kind),
        (kind, _) => Some(kind),
    }
}

/// What one viewer may see of events.
struct Eyes {
    roster: Arc<Roster>,
    visible: Visible,
    facts: Facts,
    /// They are the viewer's own, not those of somebody they look as (§3.6).
    own: bool,
    operations: operations::service::Eyes,
}

impl Eyes {
    async fn of(ctx: &Ctx, seq: i64) -> Result<Self> {
        let roster = roster::service::roster_since(ctx, seq).await?;
        let visible = roster::service::visible_groups(ctx, &roster);
        let facts = roster::service::facts(ctx, &roster);
        Ok(Self {
            operations: operations::service::Eyes::of(ctx, roster.clone()),
            roster,
            visible,
            facts,
            own: ctx.own_eyes().is_ok(),
        })
    }

    /// An event shows to those who may read the log, when all groups it tells of do, and the
    /// operation. What somebody asked and was answered is between them and those who may answer:
    /// nobody reads it through another's eyes. What happened after the roster was read may be in
    /// groups that it does not know as hidden.
    fn sees(&self, row: &EventRow) -> bool {
        row.seq <= self.roster.seq
            && decide(&self.facts, Action::ReadLog, Target::Org).is_ok()
            && (!row.is_request() || (self.own && self.takes_part(row)))
            && (!row.is_leave() || (self.own && self.is_told_of_leave(row)))
            && self.sees_operation(row)
            && [row.group_id, row.from_group_id]
                .iter()
                .flatten()
                .all(|g| self.visible.has(*g))
    }

    fn sees_operation(&self, row: &EventRow) -> bool {
        match row.operation() {
            None => true,
            Some((Some(group), shown)) => self.operations.sees(group, shown),
            Some((None, _)) => false,
        }
    }

    /// Did the viewer ask, or may they answer?
    fn takes_part(&self, row: &EventRow) -> bool {
        let asked = row.player_id.is_some() && row.player_id == self.facts.player;
        asked || self.assigns(row)
    }

    /// Did the viewer ask for leave, or may they answer requests for it?
    fn is_told_of_leave(&self, row: &EventRow) -> bool {
        let asked = row.player_id.is_some() && row.player_id == self.facts.player;
        let group = row
            .player_id
            .and_then(|player| self.roster.exclusive_of(player));
        let path = group.map(|(_, group)| self.roster.path(group));
        let path = path.unwrap_or_default();
        asked || decide(&self.facts, Action::ReviewLeave, Target::Group(&path)).is_ok()
    }

    /// May the viewer add and remove members in the group that the event is about?
    fn assigns(&self, row: &EventRow) -> bool {
        let path = row.group_id.map(|group| self.roster.path(group));
        let path = path.unwrap_or_default();
        decide(&self.facts, Action::AssignMembers, Target::Group(&path)).is_ok()
    }

    fn line(&self, ctx: &Ctx, row: EventRow) -> Option<EventLine> {
        let fresh = ctx.now - row.at < Duration::days(UNDO_DAYS);
        let possible = row.undo.is_some() && row.undone_by.is_none() && fresh;
        let may = possible && {
            let path = row
                .group_id
                .map(|group| self.roster.path(group))
                .unwrap_or_default();
            let action = kind_to_take_back(&row).map_or(Action::AssignMembers, taken_back_by);
            decide(&self.facts, action, Target::Group(&path)).is_ok()
        };
        row.into_line(may)
    }

    fn lines(&self, ctx: &Ctx, rows: Vec<EventRow>) -> Vec<EventLine> {
        rows.into_iter()
            .filter(|row| self.sees(row))
            .filter_map(|row| self.line(ctx, row))
            .collect()
    }
}

/// A page of the log, newest first.
///
/// # Errors
/// The actor is no player of the Org, or the database fails.
pub async fn list_events(ctx: &Ctx, before: Option<i64>, kind: &str) -> Result<LogPage> {
    let tenant = ctx.tenant()?;
    ctx.actor
        .may(Action::ReadLog)
        .map_err(|missing| ctx.refuse(missing))?;
    let kind = EventKind::parse(kind);
    let eyes = Eyes::of(ctx, tenant.seq).await?;
    let mut events = Vec::new();
    let mut before = before.unwrap_or(i64::MAX);
    let mut tx = ctx.state.db.read(tenant).await?;
    for _ in 0..MOST_READS {
        let count = PAGE as i64 + 1;
        let rows = match kind {
            Some(kind) => store::of_kind(&mut tx, kind, before, count).await?,
            None => store::before(&mut tx, before, count).await?,
        };
        let end = rows.len() <= PAGE;
        before = rows.last().map_or(before, |row| row.seq);
        events.extend(eyes.lines(ctx, rows));
        if end || events.len() > PAGE {
            break;
        }
    }
    tx.done().await?;
    let next = (events.len() > PAGE).then(|| events[PAGE - 1].seq);
    events.truncate(PAGE);
    Ok(LogPage { events, next })
}

/// The history of a group, newest first; empty for strangers.
///
/// # Errors
/// When the database fails.
pub async fn events_of_group(ctx: &Ctx, group: GroupId) -> Result<Vec<EventLine>> {
    let tenant = ctx.tenant()?;
    let eyes = Eyes::of(ctx, tenant.seq).await?;
    let mut tx = ctx.state.db.read(tenant).await?;
    let rows = store::of_group(&mut tx, group, HISTORY).await?;
    tx.done().await?;
    Ok(eyes.lines(ctx, rows))
}

/// The history of a player, newest first; empty for strangers.
///
/// # Errors
/// When the database fails.
pub async fn events_of_player(ctx: &Ctx, player: PlayerId) -> Result<Vec<EventLine>> {
    let tenant = ctx.tenant()?;
    let eyes = Eyes::of(ctx, tenant.seq).await?;
    let mut tx = ctx.state.db.read(tenant).await?;
    let rows = store::of_player(&mut tx, player, HISTORY).await?;
    tx.done().await?;
    Ok(eyes.lines(ctx, rows))
}

/// The history of an operation, newest first; empty for strangers.
///
/// # Errors
/// When the database fails.
pub async fn events_of_operation(ctx: &Ctx, operation: OperationId) -> Result<Vec<EventLine>> {
    let tenant = ctx.tenant()?;
    let eyes = Eyes::of(ctx, tenant.seq).await?;
    let mut tx = ctx.state.db.read(tenant).await?;
    let rows = store::of_operation(&mut tx, operation, HISTORY).await?;
    tx.done().await?;
    Ok(eyes.lines(ctx, rows))
}

/// Takes an event back, with the actor's own rights.
///
/// # Errors
/// No such event for the actor; too old, undone before or not undoable; or what the commands
/// answer.
pub async fn undo_event(ctx: &Ctx, seq: i64) -> Result<Outcome> {
    let tenant = ctx.tenant()?;
    ctx.user()?;
    let eyes = Eyes::of(ctx, tenant.seq).await?;
    let mut tx = ctx.state.db.write(tenant).await?;
    let row = store::get(&mut tx, seq).await?;
    if !eyes.sees(&row) {
        return Err(Failure::App(AppError::NotFound));
    }
    if row.undone_by.is_some() {
        return Err(ConflictCode::AlreadyUndone.into());
    }
    let too_old = ctx.now - row.at > Duration::days(UNDO_DAYS);
    let kept = row.undo.as_deref().filter(|_| !too_old);
    let kept = kept.ok_or(ConflictCode::NotUndoable)?;
    let line = match row.kind() {
        Some(EventKind::BulkApplied) => take_all_back(&mut tx, ctx, &row, kept).await?,
        Some(kind) => take_back(&mut tx, ctx, kind, kept, seq).await?,
        None => return Err(ConflictCode::NotUndoable.into()),
    };
    events::commit(tx, &ctx.state.hub).await?;
    Ok(Outcome {
        event: Some(line),
        ..Outcome::default()
    })
}

/// Runs the commands that an event of this kind kept, by the feature that made it.
async fn take_back(
    tx: &mut Write,
    ctx: &Ctx,
    kind: EventKind,
    kept: &str,
    seq: i64,
) -> Result<EventLine> {
    match kind {
        // A change never contains another one.
        EventKind::BulkApplied => Err(ConflictCode::NotUndoable.into()),
        kind if is_of_ranks(kind) => ranks::service::undo(tx, ctx, kept, seq).await,
        kind if is_of_billets(kind) => operations::service::undo_billets(tx, ctx, kept, seq).await,
        kind if is_of_operations(kind) => operations::service::undo(tx, ctx, kept, seq).await,
        _ => roster::service::undo(tx, ctx, kept, seq).await,
    }
}

/// Takes every part of a bulk change back, all or nothing (§4.8).
async fn take_all_back(tx: &mut Write, ctx: &Ctx, row: &EventRow, kept: &str) -> Result<EventLine> {
    for part in events::parts(kept) {
        let undo = part.undo.ok_or(ConflictCode::NotUndoable)?;
        take_back(tx, ctx, part.kind, &undo, part.seq).await?;
    }
    let event = NewEvent::new(EventKind::BulkApplied, row.data())
        .undoes(Some(row.seq))
        .from_group(row.from_group_id);
    let event = match row.group_id {
        Some(group) => event.group(group),
        None => event,
    };
    events::append(tx, ctx, event).await
}

/// What a live stream tells next: numbers and areas of the events after `seq` that the actor may
/// see, and the number it is at then.
///
/// # Errors
/// When the database fails.
pub async fn news_after(ctx: &Ctx, seq: i64, newest: i64, most: i64) -> Result<News> {
    let mut tx = ctx.state.db.read(ctx.tenant()?).await?;
    let rows = store::after(&mut tx, seq, most + 1).await?;
    tx.done().await?;
    if rows.len() as i64 > most {
        return Ok(News {
            lines: Vec::new(),
            at: newest,
            reload: true,
        });
    }
    let at = rows.last().map_or(seq, |row| row.seq);
    let eyes = Eyes::of(ctx, newest.max(at)).await?;
    Ok(News {
        lines: eyes.lines(ctx, rows),
        at,
        reload: false,
    })
}

/// See [`news_after`].
#[derive(Debug)]
pub struct News {
    /// The events the actor may see.
    pub lines: Vec<EventLine>,
    /// The number the stream is at now.
    pub at: i64,
    /// Too much was missed: fetch everything again.
    pub reload: bool,
}
