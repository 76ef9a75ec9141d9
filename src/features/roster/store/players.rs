//! Players and invitations to claim them.

use crate::{
    domain::{InvitationId, PlayerId, RankId, UserId, time::Instant},
    server::{
        Result,
        db::{Read, Write},
    },
};

/// The columns of a player that commands read.
#[derive(Clone, Debug, sqlx::FromRow)]
pub(in crate::features::roster) struct PlayerRow {
    pub(in crate::features::roster) player_id: PlayerId,
    pub(in crate::features::roster) user_id: Option<UserId>,
    pub(in crate::features::roster) common_name: String,
    pub(in crate::features::roster) standing: String,
    pub(in crate::features::roster) founder: bool,
    pub(in crate::features::roster) co_founder: bool,
    pub(in crate::features::roster) rank_id: Option<RankId>,
    pub(in crate::features::roster) rank_name: Option<String>,
    pub(in crate::features::roster) level: Option<i64>,
    pub(in crate::features::roster) access: Option<String>,
}

/// A player by id.
pub(in crate::features::roster) async fn get(tx: &mut Read, player: PlayerId) -> Result<PlayerRow> {
    let args = (tx.org(), player);
    tx.one(
        "select p.player_id, p.user_id, p.common_name, p.standing,
                coalesce(o.founder_id = p.user_id, false) as founder,
                f.player_id is not null as co_founder,
                k.rank_id, k.name as rank_name, k.level, k.access
           from player p
           join org o on o.org_id = p.org_id
           left join co_founder f on f.org_id = p.org_id and f.player_id = p.player_id
           left join rank_holding h on h.org_id = p.org_id and h.player_id = p.player_id
                                   and h.until is null
           left join rank k on k.org_id = h.org_id and k.rank_id = h.rank_id
          where p.org_id = $1 and p.player_id = $2",
        args,
    )
    .await
}

/// The player of a user, whatever their standing.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct UserPlayer {
    /// Who.
    pub player_id: PlayerId,
    /// The name used in history.
    pub common_name: String,
    /// `active`, `left`, `kicked`, `banned`, or what an import said.
    pub standing: String,
}

/// The player of a user.
pub(in crate::features::roster) async fn of_user(
    tx: &mut Read,
    user: UserId,
) -> Result<Option<UserPlayer>> {
    let args = (tx.org(), user);
    tx.optional(
        "select player_id, common_name, standing from player where org_id = $1 and user_id = $2",
        args,
    )
    .await
}

/// Is there a player with this name, ignoring case, other than `except`?
pub(in crate::features::roster) async fn name_taken(
    tx: &mut Read,
    common_name: &str,
    except: Option<PlayerId>,
) -> Result<bool> {
    let args = (tx.org(), common_name.to_owned());
    let found: Vec<(PlayerId,)> = tx
        .all(
            "select player_id from player where org_id = $1 and lower(common_name) = lower($2)",
            args,
        )
        .await?;
    Ok(found.iter().any(|(player,)| Some(*player) != except))
}

/// Inserts a player.
pub(in crate::features::roster) async fn insert(
    tx: &mut Write,
    player: PlayerId,
    user: Option<UserId>,
    common_name: &str,
    now: Instant,
) -> Result<()> {
    let org = tx.org();
    tx.run(
        "insert into player (org_id, player_id, user_id, common_name, joined_at)
         values ($1, $2, $3, $4, $5)",
        (org, player, user, common_name.to_owned(), now),
    )
    .await?;
    Ok(())
}

/// Renames a player; answers false when the version is another.
pub(in crate::features::roster) async fn rename(
    tx: &mut Write,
    player: PlayerId,
    version: i64,
    common_name: &str,
) -> Result<bool> {
    let org = tx.org();
    let rows = tx
        .run(
            "update player set common_name = $4, version = version + 1
              where org_id = $1 and player_id = $2 and version = $3",
            (org, player, version, common_name.to_owned()),
        )
        .await?;
    Ok(rows == 1)
}

/// Stores an invitation; earlier unused ones for the same player end.
pub(in crate::features::roster) async fn invite(
    tx: &mut Write,
    invitation: InvitationId,
    player: PlayerId,
    token_hash: String,
    now: Instant,
    expires: Instant,
) -> Result<()> {
    end_invitations(tx, player).await?;
    let org = tx.org();
    tx.run(
        "insert into invitation (org_id, invitation_id, player_id, token_hash, created_at, expires_at)
         values ($1, $2, $3, $4, $5, $6)",
        (org, invitation, player, token_hash, now, expires),
    )
    .await?;
    Ok(())
}

/// Ends the unused invitations for a player.
pub(in crate::features::roster) async fn end_invitations(
    tx: &mut Write,
    player: PlayerId,
) -> Result<()> {
    let org = tx.org();
    tx.run(
        "delete from invitation where org_id = $1 and player_id = $2 and used_at is null",
        (org, player),
    )
    .await?;
    Ok(())
}

/// A player whom an invitation is for.
#[derive(Clone, Debug, sqlx::FromRow)]
pub(in crate::features::roster) struct InvitedRow {
    pub(in crate::features::roster) player_id: PlayerId,
    pub(in crate::features::roster) common_name: String,
}

/// The player of a usable invitation of this Org; who is gone cannot be claimed.
pub(in crate::features::roster) async fn invited(
    tx: &mut Read,
    token_hash: String,
    now: Instant,
) -> Result<Option<InvitedRow>> {
    let args = (tx.org(), token_hash, now);
    tx.optional(
        "select p.player_id, p.common_name
           from invitation i
           join player p on p.org_id = i.org_id and p.player_id = i.player_id
          where i.org_id = $1 and i.token_hash = $2 and i.used_at is null and i.expires_at > $3
            and p.standing not in ('left', 'kicked', 'banned')",
        args,
    )
    .await
}

/// Lets a user claim a player; answers false when somebody was faster.
pub(in crate::features::roster) async fn claim(
    tx: &mut Write,
    player: PlayerId,
    user: UserId,
    token_hash: String,
    now: Instant,
) -> Result<bool> {
    let org = tx.org();
    let used = tx
        .run(
            "update invitation set used_at = $3
              where org_id = $1 and token_hash = $2 and used_at is null",
            (org, token_hash, now),
        )
        .await?;
    let claimed = tx
        .run(
            "update player set user_id = $3, version = version + 1
              where org_id = $1 and player_id = $2 and user_id is null",
            (org, player, user),
        )
        .await?;
    Ok(used == 1 && claimed == 1)
}
