//! Feeds: the secret addresses of calendars.

use crate::{
    domain::{FeedId, PlayerId, time::Instant},
    server::{
        Result,
        db::{Read, Write},
    },
};

/// A feed as it is stored.
#[derive(Clone, Debug, sqlx::FromRow)]
pub(in crate::features::operations) struct Feed {
    /// Its id.
    pub(in crate::features::operations) feed_id: FeedId,
    /// Whose it is.
    pub(in crate::features::operations) player_id: Option<PlayerId>,
    /// What they call it.
    pub(in crate::features::operations) name: String,
    /// Which answers it shows, separated by spaces; empty is all.
    pub(in crate::features::operations) answers: String,
    /// What is kept of its secret.
    pub(in crate::features::operations) token_hash: String,
    /// When it was made.
    pub(in crate::features::operations) created_at: Instant,
    /// When it was last read, to the hour.
    pub(in crate::features::operations) last_read_at: Option<Instant>,
}

/// The feeds of a player, the newest first.
pub(in crate::features::operations) async fn of_player(
    tx: &mut Read,
    player: PlayerId,
) -> Result<Vec<Feed>> {
    let args = (tx.org(), player);
    tx.all(
        "select feed_id, player_id, name, answers, token_hash, created_at, last_read_at
           from calendar_feed where org_id = $1 and player_id = $2
          order by created_at desc, feed_id desc",
        args,
    )
    .await
}

/// The feed with this secret.
pub(in crate::features::operations) async fn by_hash(
    tx: &mut Read,
    token_hash: String,
) -> Result<Option<Feed>> {
    let args = (tx.org(), token_hash);
    tx.optional(
        "select feed_id, player_id, name, answers, token_hash, created_at, last_read_at
           from calendar_feed where org_id = $1 and token_hash = $2",
        args,
    )
    .await
}

/// Adds a feed of a player.
pub(in crate::features::operations) async fn insert(
    tx: &mut Write,
    feed: FeedId,
    player: PlayerId,
    name: String,
    answers: String,
    token_hash: String,
    now: Instant,
) -> Result<()> {
    let args = (tx.org(), feed, player, name, answers, token_hash, now);
    tx.run(
        "insert into calendar_feed (org_id, feed_id, player_id, name, answers, token_hash, created_at)
         values ($1, $2, $3, $4, $5, $6, $7)",
        args,
    )
    .await?;
    Ok(())
}

/// Removes a feed of a player; false when they have no such feed.
pub(in crate::features::operations) async fn delete(
    tx: &mut Write,
    feed: FeedId,
    player: PlayerId,
) -> Result<bool> {
    let args = (tx.org(), feed, player);
    let rows = tx
        .run(
            "delete from calendar_feed where org_id = $1 and feed_id = $2 and player_id = $3",
            args,
        )
        .await?;
    Ok(rows == 1)
}

/// Notes that a feed was read.
pub(in crate::features::operations) async fn touch(
    tx: &mut Read,
    feed: FeedId,
    now: Instant,
) -> Result<()> {
    let args = (tx.org(), feed, now);
    tx.run(
        "update calendar_feed set last_read_at = $3 where org_id = $1 and feed_id = $2",
        args,
    )
    .await?;
    Ok(())
}

/// When something last happened in the Org.
pub(in crate::features::operations) async fn last_event_at(
    tx: &mut Read,
) -> Result<Option<Instant>> {
    let org = tx.org();
    let row: Option<(Instant,)> = tx
        .optional(
            "select at from event where org_id = $1 order by seq desc limit 1",
            (org,),
        )
        .await?;
    Ok(row.map(|(at,)| at))
}
