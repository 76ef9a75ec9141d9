//! What is known of the actor in the transaction that writes: a right that was taken a moment ago
//! counts no more (security.md §3.1).

use super::Looker;
use crate::{
    domain::{
        PlayerId, UserId,
        access::{AccessSet, Ceilings, Facts, RankFacts},
    },
    server::{Ctx, Result, db::Read},
};

/// The columns of a rank that decisions need; all null when the Org has no such rank.
#[derive(sqlx::FromRow)]
pub(super) struct RankRow {
    pub(super) level: Option<i64>,
    pub(super) access: Option<String>,
    pub(super) promote_to: Option<i64>,
    pub(super) demote_from: Option<i64>,
    pub(super) kick_to: Option<i64>,
    pub(super) manage_to: Option<i64>,
}

impl RankRow {
    pub(super) fn into_facts(self) -> RankFacts {
        RankFacts {
            level: self.level.unwrap_or_default(),
            access: AccessSet::parse(&self.access.unwrap_or_default()),
            ceilings: Ceilings {
                promote: self.promote_to,
                demote: self.demote_from,
                kick: self.kick_to,
                manage: self.manage_to,
            },
        }
    }
}

#[derive(sqlx::FromRow)]
struct FactsRow {
    founder: bool,
    co_founder: bool,
    player_id: Option<PlayerId>,
    #[sqlx(flatten)]
    rank: RankRow,
}

/// Founder, co-founder, player and rank of the actor. What roles and managing give depends on the
/// group; see `features::roster::access`.
///
/// # Errors
/// When the database fails.
pub async fn facts(tx: &mut Read, ctx: &Ctx) -> Result<Facts> {
    let Some(user) = &ctx.actor.user else {
        // A stranger, or the server's own commands.
        return Ok(ctx.actor.facts());
    };
    if let (Some(looker), Some((player, _))) = (&ctx.actor.looker, &ctx.actor.player) {
        return facts_through(tx, looker, *player).await;
    }
    facts_of(tx, user.id).await
}

/// The same of any user.
pub(super) async fn facts_of(tx: &mut Read, user: UserId) -> Result<Facts> {
    let args = (tx.org(), user);
    let row: FactsRow = tx
        .one(
            "select o.founder_id = $2 as founder, f.player_id is not null as co_founder, p.player_id,
                    k.level, k.access, k.promote_to, k.demote_from, k.kick_to, k.manage_to
               from org o
               left join player p on p.org_id = o.org_id and p.user_id = $2
                                 and p.standing not in ('left', 'kicked', 'banned')
               left join co_founder f on f.org_id = p.org_id and f.player_id = p.player_id
               left join rank_holding h on h.org_id = p.org_id and h.player_id = p.player_id
                                       and h.until is null
               left join rank k on k.org_id = o.org_id and k.rank_id = coalesce(h.rank_id,
                         (select g.rank_id from rank g where g.org_id = o.org_id and g.is_guest))
              where o.org_id = $1",
            args,
        )
        .await?;
    Ok(Facts {
        founder: row.founder,
        co_founder: row.co_founder,
        player: row.player_id,
        rank: row.rank.into_facts(),
        ..Facts::default()
    })
}

/// Founder, co-founder and rank of the person through whose eyes somebody looks, for reading.
async fn facts_through(tx: &mut Read, looker: &Looker, player: PlayerId) -> Result<Facts> {
    let args = (tx.org(), player);
    let row: FactsRow = tx
        .one(
            "select false as founder, f.player_id is not null as co_founder, p.player_id,
                    k.level, k.access, k.promote_to, k.demote_from, k.kick_to, k.manage_to
               from player p
               left join co_founder f on f.org_id = p.org_id and f.player_id = p.player_id
               left join rank_holding h on h.org_id = p.org_id and h.player_id = p.player_id
                                       and h.until is null
               left join rank k on k.org_id = h.org_id and k.rank_id = h.rank_id
              where p.org_id = $1 and p.player_id = $2",
            args,
        )
        .await?;
    Ok(Facts {
        co_founder: row.co_founder,
        player: row.player_id,
        rank: looker.limit(row.rank.into_facts()),
        ..Facts::default()
    })
}
