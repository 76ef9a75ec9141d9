//! Who holds which rank since when: intervals that are started and ended, never overwritten.

use crate::{
    domain::{PlayerId, RankId, time::Instant},
    server::{
        Result,
        db::{Read, Write},
    },
};
use uuid::Uuid;

/// Starts a holding of the default rank, for a player who holds none.
pub(in crate::features::ranks) async fn begin_default(
    tx: &mut Write,
    player: PlayerId,
    at: Instant,
) -> Result<()> {
    let org = tx.org();
    tx.run(
        "insert into rank_holding (org_id, holding_id, player_id, rank_id, since, rank_name, level)
         select r.org_id, $2, $3, r.rank_id, $4, r.name, r.level
           from rank r
          where r.org_id = $1 and r.is_default
            and not exists (select 1 from rank_holding h
                             where h.org_id = $1 and h.player_id = $3 and h.until is null)",
        (org, Uuid::now_v7(), player, at),
    )
    .await?;
    Ok(())
}

/// The running holding of a player.
#[derive(Clone, Copy, Debug, sqlx::FromRow)]
pub(in crate::features::ranks) struct OpenRow {
    pub(in crate::features::ranks) holding_id: Uuid,
    pub(in crate::features::ranks) rank_id: RankId,
}

/// The running holding of a player, if there is one.
pub(in crate::features::ranks) async fn open(
    tx: &mut Read,
    player: PlayerId,
) -> Result<Option<OpenRow>> {
    let args = (tx.org(), player);
    tx.optional(
        "select holding_id, rank_id from rank_holding
          where org_id = $1 and player_id = $2 and until is null",
        args,
    )
    .await
}

/// The level of the newest holding of a player, running or ended: as it was then, and of the rank now.
pub(in crate::features::ranks) async fn last(
    tx: &mut Read,
    player: PlayerId,
) -> Result<Option<(i64, i64)>> {
    let args = (tx.org(), player);
    tx.optional(
        "select h.level, r.level
           from rank_holding h
           join rank r on r.org_id = h.org_id and r.rank_id = h.rank_id
          where h.org_id = $1 and h.player_id = $2
          order by h.since desc, h.holding_id desc limit 1",
        args,
    )
    .await
}

/// Ends the running holding of a player.
pub(in crate::features::ranks) async fn end(
    tx: &mut Write,
    player: PlayerId,
    at: Instant,
) -> Result<()> {
    let org = tx.org();
    tx.run(
        "update rank_holding set until = case when since > $3 then since else $3 end
          where org_id = $1 and player_id = $2 and until is null",
        (org, player, at),
    )
    .await?;
    Ok(())
}

/// Starts a holding; name and level are the rank's of now.
pub(in crate::features::ranks) async fn begin(
    tx: &mut Write,
    holding: Uuid,
    player: PlayerId,
    rank: RankId,
    at: Instant,
    reason: &str,
) -> Result<()> {
    let org = tx.org();
    tx.run(
        "insert into rank_holding (org_id, holding_id, player_id, rank_id, since, rank_name, level,
                                   reason)
         select org_id, $2, $3, rank_id, $5, name, level, $6
           from rank where org_id = $1 and rank_id = $4",
        (org, holding, player, rank, at, reason.to_owned()),
    )
    .await?;
    Ok(())
}

/// A holding of the past, written afterwards.
#[derive(Clone, Debug)]
pub(in crate::features::ranks) struct Past {
    pub(in crate::features::ranks) player: PlayerId,
    pub(in crate::features::ranks) rank: RankId,
    pub(in crate::features::ranks) since: Instant,
    pub(in crate::features::ranks) until: Option<Instant>,
}

/// Inserts a holding with both its ends.
pub(in crate::features::ranks) async fn insert_past(tx: &mut Write, past: Past) -> Result<()> {
    let org = tx.org();
    tx.run(
        "insert into rank_holding (org_id, holding_id, player_id, rank_id, since, until, rank_name,
                                   level)
         select org_id, $2, $3, rank_id, $5, $6, name, level
           from rank where org_id = $1 and rank_id = $4",
        (
            org,
            Uuid::now_v7(),
            past.player,
            past.rank,
            past.since,
            past.until,
        ),
    )
    .await?;
    Ok(())
}

/// The players who hold a rank, with their names.
pub(in crate::features::ranks) async fn holders(
    tx: &mut Read,
    rank: RankId,
) -> Result<Vec<(PlayerId, String)>> {
    let args = (tx.org(), rank);
    tx.all(
        "select h.player_id, p.common_name
           from rank_holding h
           join player p on p.org_id = h.org_id and p.player_id = h.player_id
          where h.org_id = $1 and h.rank_id = $2 and h.until is null order by h.player_id",
        args,
    )
    .await
}

/// An interval, with the name of then.
#[derive(Clone, Debug, sqlx::FromRow)]
pub(in crate::features::ranks) struct HistoryRow {
    pub(in crate::features::ranks) rank_name: String,
    pub(in crate::features::ranks) since: Instant,
    pub(in crate::features::ranks) until: Option<Instant>,
    pub(in crate::features::ranks) reason: String,
}

/// A player's ranks over time, newest first. At most 200.
pub(in crate::features::ranks) async fn history(
    tx: &mut Read,
    player: PlayerId,
) -> Result<Vec<HistoryRow>> {
    let args = (tx.org(), player);
    tx.all(
        "select rank_name, since, until, reason from rank_holding
          where org_id = $1 and player_id = $2
          order by since desc, holding_id desc limit 200",
        args,
    )
    .await
}
