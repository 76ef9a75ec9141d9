//! SQL of the event log: reading only. `server::events` writes it.

use crate::{
    domain::{
        GroupId, PlayerId,
        event::{EventData, EventKind, EventLine, sentence},
        time::Instant,
    },
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
            "select seq, at, actor_name, kind, player_id, group_id, from_group_id, data, undo, undoes,
                    undone_by
               from event where org_id = $1 and ",
            $rest
        )
    };
}

/// Newest first, before a number.
pub(super) async fn before(tx: &mut Read, before: i64, count: i64) -> Result<Vec<EventRow>> {
    let args = (tx.org(), before, count);
    tx.all(select_events!("seq < $2 order by seq desc limit $3"), args)
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
        select_events!("seq < $2 and kind = $4 order by seq desc limit $3"),
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
        select_events!("player_id = $2 order by seq desc limit $3"),
        args,
    )
    .await
}

/// Newest first, in or from one group.
pub(super) async fn of_group(tx: &mut Read, group: GroupId, count: i64) -> Result<Vec<EventRow>> {
    let args = (tx.org(), group, count);
    tx.all(
        select_events!("(group_id = $2 or from_group_id = $2) order by seq desc limit $3"),
        args,
    )
    .await
}

/// Oldest first, after a number: what a live stream has not told yet.
pub(super) async fn after(tx: &mut Read, after: i64, count: i64) -> Result<Vec<EventRow>> {
    let args = (tx.org(), after, count);
    tx.all(select_events!("seq > $2 order by seq limit $3"), args)
        .await
}

/// One event.
pub(super) async fn get(tx: &mut Read, seq: i64) -> Result<EventRow> {
    let args = (tx.org(), seq);
    tx.one(select_events!("seq = $2"), args).await
}
