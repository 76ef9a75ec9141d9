//! Who was who at an instant: names, ranks and memberships as they were, without the tree.

use crate::{
    domain::{GroupId, PlayerId, RankId, time::Instant},
    server::{Result, db::Read},
};

/// A player with the rank of then.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct PersonThen {
    /// Who.
    pub player_id: PlayerId,
    /// Their name now.
    pub common_name: String,
    /// `active`, or what became of them.
    pub standing: String,
    /// When they joined.
    pub joined_at: Instant,
    /// The rank they held.
    pub rank_id: Option<RankId>,
    /// Its name then.
    pub rank_name: Option<String>,
}

/// A membership of then.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct MembershipThen {
    /// Who.
    pub player_id: PlayerId,
    /// Where.
    pub group_id: GroupId,
    /// The group's name then.
    pub group_name: String,
    /// It was their exclusive one.
    pub exclusive: bool,
}

/// All players, by name.
pub(in crate::features::roster) async fn people(
    tx: &mut Read,
    at: Instant,
) -> Result<Vec<PersonThen>> {
    let args = (tx.org(), at);
    tx.all(
        "select p.player_id, p.common_name, p.standing, p.joined_at, h.rank_id, h.rank_name
           from player p
           left join rank_holding h on h.org_id = p.org_id and h.player_id = p.player_id
                                   and h.since <= $2 and (h.until is null or h.until > $2)
          where p.org_id = $1 order by lower(p.common_name), p.player_id, h.since",
        args,
    )
    .await
}

/// All memberships, the exclusive ones first.
pub(in crate::features::roster) async fn memberships(
    tx: &mut Read,
    at: Instant,
) -> Result<Vec<MembershipThen>> {
    let args = (tx.org(), at);
    tx.all(
        "select player_id, group_id, group_name, exclusive from membership
          where org_id = $1 and since <= $2 and (until is null or until > $2)
          order by exclusive desc, since, membership_id",
        args,
    )
    .await
}
