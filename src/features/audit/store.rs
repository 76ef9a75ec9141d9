//! SQL of the event log: reading only. `server::events` writes it.

use crate::{
    domain::{
        GroupId, OperationId, PlayerId,
        event::{EventData, EventKind, EventLine, sentence},
        time::Instant,
    },
    features::operations::model::{Audience, OperationState, sight::Shown},
    server::{Result, db::Read},
};

/// An event as it is stored.
#[derive(Clone, Debug, sqlx::FromRow)]
pub(super) struct EventRow {
    pub(super) seq: i64,
    pub(super) at: Instant,
    actor_name: String,
    kind: String,
    pub(super) player_id: Option<PlayerId>,
    pub(super) group_id: Option<GroupId>,
    pub(super) from_group_id: Option<GroupId>,
    operation_id: Option<OperationId>,
    operation_group: Option<GroupId>,
    operation_state: Option<String>,
    operation_audience: Option<String>,
    was_published: bool,
    data: String,
    pub(super) undo: Option<String>,
    undoes: Option<i64>,
    pub(super) undone_by: Option<i64>,
}

impl EventRow {
    /// What happened; `None` for a kind this version does not know.
    pub(super) fn kind(&self) -> Option<EventKind> {
        EventKind::parse(&self.kind)
    }

    /// The names of then.
    pub(super) fn data(&self) -> EventData {
        serde_json::from_str(&self.data).unwrap_or_default()
    }

    /// Is it about somebody's request to join?
    pub(super) fn is_request(&self) -> bool {
        self.kind.starts_with("request.")
    }

    /// Is it about somebody's leave of absence?
    pub(super) fn is_leave(&self) -> bool {
        self.kind.starts_with("leave.")
    }

    /// The operation that it is about: its group and what decides who sees it. Of one that was
    /// deleted only its planners ever knew.
    pub(super) fn operation(&self) -> Option<(Option<GroupId>, Shown)> {
        self.operation_id?;
        let group = self.operation_group.or(self.group_id);
        let words = (&self.operation_state, &self.operation_audience);
        let shown = match words {
            (Some(state), Some(audience)) => Shown::new(
                OperationState::from(state.clone()),
                self.was_published,
                Audience::from(audience.clone()),
            ),
            _ => Shown::new(OperationState::Draft, false, Audience::Group),
        };
        Some((group, shown))
    }

    /// As people read it; `None` for a kind this version does not know.
    pub(super) fn into_line(self, can_undo: bool) -> Option<EventLine> {
        let (kind, data) = (self.kind()?, self.data());
        Some(EventLine {
            text: sentence(kind, &data, self.undoes.is_some()),
            seq: self.seq,
            at: self.at,
            actor: self.actor_name,
            kind,
            player_id: self.player_id,
            group_id: self.group_id,
            data,
            undoes: self.undoes,
            undone_by: self.undone_by,
            can_undo,
        })
    }
}

macro_rules! select_events {
    ($rest:literal) => {
        concat!(
            "select e.seq, e.at, e.actor_name, e.kind, e.player_id, e.group_id, e.from_group_id, e.data,
                    e.undo, e.undoes, e.undone_by, e.operation_id, o.group_id as operation_group,
                    o.state as operation_state, o.audience as operation_audience,
                    o.published_at is not null as was_published
               from event e
               left join operation o on o.org_id = e.org_id and o.operation_id = e.operation_id
              where e.org_id = $1 and ",
            $rest
        )
    };
}

/// Newest first, before a number.
pub(super) async fn before(tx: &mut Read, before: i64, count: i64) -> Result<Vec<EventRow>> {
    let args = (tx.org(), before, count);
    tx.all(
        select_events!("e.seq < $2 order by e.seq desc limit $3"),
        args,
    )
    .await
}

/// Newest first, of one kind, before a number.
pub(super) async fn of_kind(
    tx: &mut Read,
    kind: EventKind,
    before: i64,
    count: i64,
) -> Result<Vec<EventRow>> {
    let args = (tx.org(), before, count, kind.as_str().to_owned());
    tx.all(
        select_events!("e.seq < $2 and e.kind = $4 order by e.seq desc limit $3"),
        args,
    )
    .await
}

/// Newest first, about one player.
pub(super) async fn of_player(
    tx: &mut Read,
    player: PlayerId,
    count: i64,
) -> Result<Vec<EventRow>> {
    let args = (tx.org(), player, count);
    tx.all(
        select_events!("e.player_id = $2 order by e.seq desc limit $3"),
        args,
    )
    .await
}

/// Newest first, in or from one group.
pub(super) async fn of_group(tx: &mut Read, group: GroupId, count: i64) -> Result<Vec<EventRow>> {
    let args = (tx.org(), group, count);
    tx.all(
        select_events!("(e.group_id = $2 or e.from_group_id = $2) order by e.seq desc limit $3"),
        args,
    )
    .await
}

/// Newest first, about one operation.
pub(super) async fn of_operation(
    tx: &mut Read,
    operation: OperationId,
    count: i64,
) -> Result<Vec<EventRow>> {
    let args = (tx.org(), operation, count);
    tx.all(
        select_events!("e.operation_id = $2 order by e.seq desc limit $3"),
        args,
    )
    .await
}

/// Oldest first, after a number: what a live stream has not told yet.
pub(super) async fn after(tx: &mut Read, after: i64, count: i64) -> Result<Vec<EventRow>> {
    let args = (tx.org(), after, count);
    tx.all(select_events!("e.seq > $2 order by e.seq limit $3"), args)
        .await
}

/// One event.
pub(super) async fn get(tx: &mut Read, seq: i64) -> Result<EventRow> {
    let args = (tx.org(), seq);
    tx.one(select_events!("e.seq = $2"), args).await
}
