//! SQL of what people hold of an Org itself: founding, co-founding, the offer of the founding, and the
//! seats of types that allow one Org for each person.

use crate::{
    domain::{PlayerId, UserId, time::Instant},
    server::{
        Result,
        db::{Read, Write},
    },
};

pub(in crate::features::tenants) async fn co_founders(
    tx: &mut Read,
) -> Result<Vec<(PlayerId, String)>> {
    let org = tx.org();
    tx.all(
        "select p.player_id, p.common_name
           from co_founder f join player p on p.org_id = f.org_id and p.player_id = f.player_id
          where f.org_id = $1 order by p.common_name",
        (org,),
    )
    .await
}

/// Players with a user who belong to the Org and are neither founder nor co-founder.
pub(in crate::features::tenants) async fn candidates(
    tx: &mut Read,
    founder: UserId,
) -> Result<Vec<(PlayerId, String)>> {
    let org = tx.org();
    tx.all(
        "select p.player_id, p.common_name
           from player p
           left join co_founder f on f.org_id = p.org_id and f.player_id = p.player_id
          where p.org_id = $1 and p.user_id is not null and p.user_id <> $2 and f.player_id is null
            and p.standing not in ('left', 'kicked', 'banned')
          order by p.common_name",
        (org, founder),
    )
    .await
}

/// Common name and user of a player; `NotFound` for one of another Org.
pub(in crate::features::tenants) async fn player(
    tx: &mut Read,
    player: PlayerId,
) -> Result<(String, Option<UserId>)> {
    let org = tx.org();
    tx.one(
        "select common_name, user_id from player where org_id = $1 and player_id = $2",
        (org, player),
    )
    .await
}

pub(in crate::features::tenants) async fn insert_co_founder(
    tx: &mut Write,
    player: PlayerId,
    now: Instant,
) -> Result<()> {
    let org = tx.org();
    tx.run(
        "insert into co_founder (org_id, player_id, since) values ($1, $2, $3)",
        (org, player, now),
    )
    .await?;
    Ok(())
}

pub(in crate::features::tenants) async fn delete_co_founder(
    tx: &mut Write,
    player: PlayerId,
) -> Result<bool> {
    let org = tx.org();
    let rows = tx
        .run(
            "delete from co_founder where org_id = $1 and player_id = $2",
            (org, player),
        )
        .await?;
    Ok(rows == 1)
}

/// Does the player still belong to the Org?
pub(in crate::features::tenants) async fn is_here(tx: &mut Read, player: PlayerId) -> Result<bool> {
    let args = (tx.org(), player);
    let found: Option<(PlayerId,)> = tx
        .optional(
            "select player_id from player
              where org_id = $1 and player_id = $2
                and standing not in ('left', 'kicked', 'banned')",
            args,
        )
        .await?;
    Ok(found.is_some())
}

/// The player of a user, and their name.
pub(in crate::features::tenants) async fn player_of(
    tx: &mut Read,
    user: UserId,
) -> Result<Option<(PlayerId, String)>> {
    let args = (tx.org(), user);
    tx.optional(
        "select player_id, common_name from player where org_id = $1 and user_id = $2",
        args,
    )
    .await
}

#[derive(sqlx::FromRow)]
pub(in crate::features::tenants) struct OfferRow {
    pub(in crate::features::tenants) player_id: PlayerId,
    pub(in crate::features::tenants) common_name: String,
    pub(in crate::features::tenants) offered_at: Instant,
}

/// The offer of the founding; there is one at most.
pub(in crate::features::tenants) async fn founding_offer(
    tx: &mut Read,
) -> Result<Option<OfferRow>> {
    let org = tx.org();
    tx.optional(
        "select w.player_id, p.common_name, w.offered_at
           from founding_offer w
           join player p on p.org_id = w.org_id and p.player_id = w.player_id
          where w.org_id = $1",
        (org,),
    )
    .await
}

pub(in crate::features::tenants) async fn insert_founding_offer(
    tx: &mut Write,
    player: PlayerId,
    now: Instant,
) -> Result<()> {
    let org = tx.org();
    tx.run(
        "insert into founding_offer (org_id, player_id, offered_at) values ($1, $2, $3)",
        (org, player, now),
    )
    .await?;
    Ok(())
}

/// Makes the Orgs of a type that counts seats take a user one after the other.
pub(in crate::features::tenants) async fn lock_seats_of(
    tx: &mut Write,
    user: UserId,
) -> Result<()> {
    let org = tx.org();
    tx.run(
        "update user_account set version = version
          where user_id = $2
            and exists (select 1 from org o join org_type t on t.type_id = o.type_id
                         where o.org_id = $1 and t.one_per_person)",
        (org, user),
    )
    .await?;
    Ok(())
}

/// Takes the user's seat in this Org, unless the type counts none or they have it already.
pub(in crate::features::tenants) async fn insert_seat(tx: &mut Write, user: UserId) -> Result<()> {
    let org = tx.org();
    tx.run(
        "insert into sole_membership (user_id, type_id, org_id)
         select $2, t.type_id, o.org_id
           from org o join org_type t on t.type_id = o.type_id
          where o.org_id = $1 and t.one_per_person
         on conflict (user_id, type_id, org_id) do nothing",
        (org, user),
    )
    .await?;
    Ok(())
}

/// Name of another Org of this type in which the user sits.
pub(in crate::features::tenants) async fn seat_elsewhere(
    tx: &mut Read,
    user: UserId,
) -> Result<Option<String>> {
    let org = tx.org();
    let row: Option<(String,)> = tx
        .optional(
            "select other.name
               from org o
               join org_type t on t.type_id = o.type_id and t.one_per_person
               join sole_membership s on s.type_id = o.type_id and s.user_id = $2
               join org other on other.org_id = s.org_id
              where o.org_id = $1 and s.org_id <> o.org_id
              order by other.name_key limit 1",
            (org, user),
        )
        .await?;
    Ok(row.map(|(name,)| name))
}

pub(in crate::features::tenants) async fn delete_seat(tx: &mut Write, user: UserId) -> Result<()> {
    let org = tx.org();
    tx.run(
        "delete from sole_membership where org_id = $1 and user_id = $2",
        (org, user),
    )
    .await?;
    Ok(())
}

/// Takes an offer of the founding to this player back.
pub(in crate::features::tenants) async fn delete_founding_offer(
    tx: &mut Write,
    player: PlayerId,
) -> Result<()> {
    let org = tx.org();
    tx.run(
        "delete from founding_offer where org_id = $1 and player_id = $2",
        (org, player),
    )
    .await?;
    Ok(())
}

/// Another user is the founder from now on.
pub(in crate::features::tenants) async fn set_founder(
    tx: &mut Write,
    founder: UserId,
) -> Result<()> {
    let org = tx.org();
    tx.run(
        "update org set founder_id = $2, version = version + 1 where org_id = $1",
        (org, founder),
    )
    .await?;
    Ok(())
}
