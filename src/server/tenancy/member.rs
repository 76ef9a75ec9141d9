//! A member as the actor of what a signed link does in their name (§9.3). Nobody is signed in by it.

use super::{Actor, ActorUser, facts::facts_of};
use crate::{
    domain::{PlayerId, UserId, time::Instant},
    server::{Result, db::Read},
};

/// The user as a member of the Org; `None` when they are none, or none any more, or their account is
/// disabled. They have the rights of a member, but no session and none over the installation.
///
/// # Errors
/// When the database fails.
pub async fn member(tx: &mut Read, user: UserId) -> Result<Option<Actor>> {
    let args = (tx.org(), user);
    let row: Option<(String, PlayerId, String)> = tx
        .optional(
            "select u.name, p.player_id, p.common_name
               from player p join user_account u on u.user_id = p.user_id
              where p.org_id = $1 and p.user_id = $2 and u.disabled_at is null
                and p.standing not in ('left', 'kicked', 'banned')",
            args,
        )
        .await?;
    let Some((name, player, common_name)) = row else {
        return Ok(None);
    };
    let facts = facts_of(tx, user).await?;
    Ok(Some(Actor {
        user: Some(ActorUser {
            id: user,
            name,
            theme: String::new(),
            site_admin: false,
            session: None,
            last_seen_at: Instant::UNIX_EPOCH,
        }),
        player: Some((player, common_name)),
        founder: facts.founder,
        co_founder: facts.co_founder,
        rank: facts.rank,
        ..Actor::default()
    }))
}
