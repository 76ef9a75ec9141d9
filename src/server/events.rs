//! Appending to the event log (§20), and waking those who follow it.
//!
//! The log is written only through [`append`], inside the transaction of the command it tells of.
//! [`Hub`] says "this Org is at number n now"; who listens reads the log itself and checks what the
//! listener may see. Neighbours: `features::audit` reads the log and serves the live stream,
//! `features::notices` follows all logs and tells people.

use super::{
    ctx::Ctx,
    db::{Db, Dialect, Read, Write},
    error::Result,
};
use crate::domain::{
    GroupId, OperationId, OrgId, PlayerId, UserId,
    event::{EventData, EventKind, EventLine, sentence},
};
use serde::{Deserialize, Serialize};
use std::{
    collections::{BTreeSet, HashMap, HashSet},
    hash::Hash,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};
use tokio::sync::{Notify, watch};

/// An event about to be appended.
#[derive(Clone, Debug)]
pub struct NewEvent {
    /// What happened.
    pub kind: EventKind,
    /// To which player.
    pub player: Option<PlayerId>,
    /// In which group; also decides who may see the event.
    pub group: Option<GroupId>,
    /// From which group.
    pub from_group: Option<GroupId>,
    /// About which operation.
    pub operation: Option<OperationId>,
    /// Names as they are now.
    pub data: EventData,
    /// The commands that take it back, as JSON of the feature that made it.
    pub undo: Option<String>,
    /// The event this one takes back.
    pub undoes: Option<i64>,
}

impl NewEvent {
    /// An event of this kind with nothing else set.
    #[must_use]
    pub fn new(kind: EventKind, data: EventData) -> Self {
        Self {
            kind,
            player: None,
            group: None,
            from_group: None,
            operation: None,
            data,
            undo: None,
            undoes: None,
        }
    }

    /// About this operation; its title belongs into the data.
    #[must_use]
    pub fn operation(self, operation: OperationId) -> Self {
        Self {
            operation: Some(operation),
            ..self
        }
    }

    /// About this player.
    #[must_use]
    pub fn player(self, player: PlayerId) -> Self {
        Self {
            player: Some(player),
            ..self
        }
    }

    /// In this group.
    #[must_use]
    pub fn group(self, group: GroupId) -> Self {
        Self {
            group: Some(group),
            ..self
        }
    }

    /// From this group.
    #[must_use]
    pub fn from_group(self, group: Option<GroupId>) -> Self {
        Self {
            from_group: group,
            ..self
        }
    }

    /// Taken back by these commands.
    #[must_use]
    pub fn undo(self, undo: Option<String>) -> Self {
        Self { undo, ..self }
    }

    /// Takes back that event.
    #[must_use]
    pub fn undoes(self, undoes: Option<i64>) -> Self {
        Self { undoes, ..self }
    }
}

/// Writes an event with the next number of its Org and answers it as people read it.
///
/// # Errors
/// When the database fails, or the event to undo was undone already.
pub async fn append(tx: &mut Write, ctx: &Ctx, mut event: NewEvent) -> Result<EventLine> {
    let seq = tx.next_seq();
    if let Some(parts) = tx.parts() {
        parts.push(Part {
            seq,
            kind: event.kind,
            undo: event.undo.take(),
        });
    }
    let org = tx.org();
    let actor = ctx.actor.name();
    let can_undo = event.undo.is_some();
    let data = serde_json::to_string(&event.data).unwrap_or_else(|_| "{}".to_owned());
    tx.run(
        "insert into event (org_id, seq, at, actor_id, actor_name, kind, player_id, group_id,
                            from_group_id, operation_id, data, undo, undoes)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)",
        (
            org,
            seq,
            ctx.now,
            ctx.actor.user.as_ref().map(|user| user.id),
            actor.clone(),
            event.kind.as_str().to_owned(),
            event.player,
            event.group,
            event.from_group,
            event.operation,
            data,
            event.undo,
            event.undoes,
        ),
    )
    .await?;
    tx.run(
        "update org set event_seq = $2 where org_id = $1",
        (org, seq),
    )
    .await?;
    if let Some(undone) = event.undoes {
        tx.run(
            "update event set undone_by = $3 where org_id = $1 and seq = $2",
            (org, undone, seq),
        )
        .await?;
    }
    let text = sentence(event.kind, &event.data, event.undoes.is_some());
    Ok(EventLine {
        text,
        seq,
        at: ctx.now,
        actor,
        kind: event.kind,
        player_id: event.player,
        group_id: event.group,
        data: event.data,
        undoes: event.undoes,
        undone_by: None,
        can_undo,
    })
}

/// An event that belongs to a bulk change (§4.8). It keeps no undo of its own: the event of the
/// whole change takes all parts back together.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Part {
    /// Its number.
    pub seq: i64,
    /// What happened.
    pub kind: EventKind,
    /// The commands that take it back, as JSON of the feature that made it.
    pub undo: Option<String>,
}

/// From now on the events of this transaction are parts of one change.
pub fn begin_bundle(tx: &mut Write) {
    *tx.parts() = Some(Vec::new());
}

/// Ends the change and answers what takes all of it back, the last part first; none when a part
/// cannot be taken back.
pub fn end_bundle(tx: &mut Write) -> Option<String> {
    let mut parts = tx.parts().take()?;
    parts.reverse();
    let whole = parts.iter().all(|part| part.undo.is_some());
    serde_json::to_string(&parts).ok().filter(|_| whole)
}

/// The parts that [`end_bundle`] kept.
#[must_use]
pub fn parts(kept: &str) -> Vec<Part> {
    serde_json::from_str(kept).unwrap_or_default()
}

/// Channels by key; one lives as long as somebody listens.
#[derive(Debug)]
struct Channels<K>(Mutex<HashMap<K, watch::Sender<i64>>>);

impl<K> Default for Channels<K> {
    fn default() -> Self {
        Self(Mutex::default())
    }
}

impl<K: Eq + Hash> Channels<K> {
    fn follow(&self, key: K, value: i64) -> watch::Receiver<i64> {
        let mut followed = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        followed
            .entry(key)
            .or_insert_with(|| watch::Sender::new(value))
            .subscribe()
    }

    /// Changes the value of a channel that somebody listens to; drops others.
    fn change(&self, key: &K, new: impl FnOnce(i64) -> i64) {
        let mut followed = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let Some(sender) = followed.get(key) else {
            return;
        };
        if sender.receiver_count() == 0 {
            followed.remove(key);
        } else {
            sender.send_if_modified(|value| {
                let before = std::mem::replace(value, new(*value));
                before != *value
            });
        }
    }
}

/// Wakes those who follow an Org's log or a user's notices, and the worker that follows all logs.
/// Holds numbers only, never what happened.
#[derive(Clone, Debug, Default)]
pub struct Hub(Arc<HubInner>);

#[derive(Debug, Default)]
struct HubInner {
    logs: Channels<OrgId>,
    notices: Channels<UserId>,
    /// Orgs in which something happened since the worker looked; each at most once.
    stirred: Mutex<HashSet<OrgId>>,
    bell: Notify,
}

impl Hub {
    /// A receiver of the newest number of this Org.
    #[must_use]
    pub fn follow(&self, org: OrgId, seq: i64) -> watch::Receiver<i64> {
        self.0.logs.follow(org, seq)
    }

    /// Tells followers of a newer number. Channels nobody listens to are dropped.
    pub fn publish(&self, org: OrgId, seq: i64) {
        self.0.logs.change(&org, |newest| newest.max(seq));
        self.stirred_orgs().insert(org);
        self.0.bell.notify_one();
    }

    fn stirred_orgs(&self) -> MutexGuard<'_, HashSet<OrgId>> {
        let stirred = self.0.stirred.lock();
        stirred.unwrap_or_else(PoisonError::into_inner)
    }

    /// Waits until something happened in any Org and answers in which.
    pub async fn stirred(&self) -> HashSet<OrgId> {
        loop {
            let orgs = std::mem::take(&mut *self.stirred_orgs());
            if !orgs.is_empty() {
                return orgs;
            }
            self.0.bell.notified().await;
        }
    }

    /// A receiver that changes whenever the notices of this user do (§5.4).
    #[must_use]
    pub fn follow_notices(&self, user: UserId) -> watch::Receiver<i64> {
        self.0.notices.follow(user, 0)
    }

    /// The notices of this user have changed.
    pub fn notices_changed(&self, user: UserId) {
        self.0.notices.change(&user, |count| count.wrapping_add(1));
    }
}

/// Name of the PostgreSQL channel on which nodes tell each other of new events.
const CHANNEL: &str = "muster_events";
/// Name of the one on which they tell each other whose notices have changed.
const NOTICES: &str = "muster_notices";

/// Commits a command and wakes followers, on this node and on the others.
///
/// # Errors
/// When the database could not commit; then nothing was written and nobody is woken.
pub async fn commit(mut tx: Write, hub: &Hub) -> Result<()> {
    let org = tx.org();
    let newest = tx.newest_seq();
    if tx.dialect() == Dialect::Postgres {
        tx.run(
            "select pg_notify($1, $2)",
            (CHANNEL.to_owned(), format!("{org} {newest}")),
        )
        .await?;
    }
    let seq = tx.commit().await?;
    hub.publish(org, seq);
    Ok(())
}

/// Commits a transaction that changed notices of these users, and wakes those who show their number,
/// on this node and on the others.
///
/// # Errors
/// When the database could not commit; then nothing was written and nobody is woken.
pub async fn commit_notices(mut tx: Read, hub: &Hub, users: &BTreeSet<UserId>) -> Result<()> {
    if tx.dialect() == Dialect::Postgres {
        for user in users {
            tx.run(
                "select pg_notify($1, $2)",
                (NOTICES.to_owned(), user.to_string()),
            )
            .await?;
        }
    }
    tx.done().await?;
    for user in users {
        hub.notices_changed(*user);
    }
    Ok(())
}

/// Follows the other nodes' events on PostgreSQL until the task is dropped; reconnects by itself.
/// On SQLite there is only one node, so there is nothing to follow.
pub async fn follow_other_nodes(db: Db, hub: Hub) {
    let Some(pool) = db.postgres_pool() else {
        return;
    };
    loop {
        let listening = async {
            let mut listener = sqlx::postgres::PgListener::connect_with(pool).await?;
            listener.listen_all([CHANNEL, NOTICES]).await?;
            loop {
                let notice = listener.recv().await?;
                if notice.channel() == NOTICES {
                    if let Ok(user) = notice.payload().parse() {
                        hub.notices_changed(user);
                    }
                    continue;
                }
                let parsed = notice
                    .payload()
                    .split_once(' ')
                    .and_then(|(org, seq)| Some((org.parse().ok()?, seq.parse().ok()?)));
                if let Some((org, seq)) = parsed {
                    hub.publish(org, seq);
                }
            }
        };
        let stopped: std::result::Result<(), sqlx::Error> = listening.await;
        if let Err(error) = stopped {
            tracing::warn!(%error, "lost the notification channel, reconnecting");
        }
        tokio::time::sleep(std::time::Duration::from_secs(1)).await;
    }
}
