//! SQL of users and sessions. They belong to no Org, so the cross-tenant transaction is used.

use crate::{
    domain::{SessionId, UserId, time::Instant},
    server::{Result, db::System},
};

#[derive(sqlx::FromRow)]
pub(super) struct UserRow {
    pub(super) user_id: UserId,
    pub(super) name: String,
    pub(super) email: String,
    pub(super) password_hash: String,
    pub(super) time_zone: String,
    pub(super) disabled_at: Option<Instant>,
    pub(super) version: i64,
}

#[derive(sqlx::FromRow)]
pub(super) struct SessionRow {
    pub(super) session_id: SessionId,
    pub(super) host: String,
    pub(super) agent: String,
    pub(super) address: String,
    pub(super) created_at: Instant,
    pub(super) last_seen_at: Instant,
}

#[derive(sqlx::FromRow)]
pub(super) struct CodeRow {
    pub(super) user_id: UserId,
    pub(super) host: String,
    pub(super) nonce_hash: String,
    pub(super) return_path: String,
    pub(super) expires_at: Instant,
}

pub(super) struct NewSession {
    pub(super) id: SessionId,
    pub(super) token_hash: String,
    pub(super) user: UserId,
    pub(super) host: String,
    pub(super) agent: String,
    pub(super) address: String,
    pub(super) expires_at: Instant,
}

pub(super) async fn insert_user(
    tx: &mut System,
    user: &UserRow,
    name_key: String,
    email_key: String,
    now: Instant,
) -> Result<()> {
    tx.run(
        "insert into user_account (user_id, name, name_key, email, email_key, password_hash,
                                   time_zone, created_at)
         values ($1, $2, $3, $4, $5, $6, $7, $8)",
        (
            user.user_id,
            user.name.clone(),
            name_key,
            user.email.clone(),
            email_key,
            user.password_hash.clone(),
            user.time_zone.clone(),
            now,
        ),
    )
    .await?;
    Ok(())
}

pub(super) async fn user(tx: &mut System, user: UserId) -> Result<UserRow> {
    tx.one(
        "select user_id, name, email, password_hash, time_zone, disabled_at, version
           from user_account where user_id = $1",
        (user,),
    )
    .await
}

/// By call sign or e-mail address, as they are compared.
pub(super) async fn user_by_login(tx: &mut System, key: String) -> Result<Option<UserRow>> {
    tx.optional(
        "select user_id, name, email, password_hash, time_zone, disabled_at, version
           from user_account where name_key = $1 or email_key = $1",
        (key,),
    )
    .await
}

/// Answers false when the version is another.
pub(super) async fn update_user(
    tx: &mut System,
    change: &UserRow,
    name_key: String,
    email_key: String,
) -> Result<bool> {
    let rows = tx
        .run(
            "update user_account
                set name = $3, name_key = $4, email = $5, email_key = $6, time_zone = $7,
                    version = version + 1
              where user_id = $1 and version = $2",
            (
                change.user_id,
                change.version,
                change.name.clone(),
                name_key,
                change.email.clone(),
                email_key,
                change.time_zone.clone(),
            ),
        )
        .await?;
    Ok(rows == 1)
}

pub(super) async fn set_password(tx: &mut System, user: UserId, hash: String) -> Result<()> {
    tx.run(
        "update user_account set password_hash = $2, version = version + 1 where user_id = $1",
        (user, hash),
    )
    .await?;
    Ok(())
}

/// Does the user administer the installation?
pub(super) async fn is_site_admin(tx: &mut System, user: UserId) -> Result<bool> {
    let (site_admin,): (bool,) = tx
        .one(
            "select site_admin from user_account where user_id = $1",
            (user,),
        )
        .await?;
    Ok(site_admin)
}

/// Answers false when there is no such user.
pub(super) async fn set_site_admin(tx: &mut System, user: UserId, admin: bool) -> Result<bool> {
    let rows = tx
        .run(
            "update user_account set site_admin = $2 where user_id = $1",
            (user, admin),
        )
        .await?;
    Ok(rows == 1)
}

pub(super) async fn set_theme(tx: &mut System, user: UserId, theme: String) -> Result<()> {
    tx.run(
        "update user_account set theme = $2 where user_id = $1",
        (user, theme),
    )
    .await?;
    Ok(())
}

pub(super) async fn insert_session(tx: &mut System, new: NewSession, now: Instant) -> Result<()> {
    tx.run(
        "insert into session (session_id, token_hash, user_id, host, agent, address, created_at,
                              last_seen_at, expires_at)
         values ($1, $2, $3, $4, $5, $6, $7, $7, $8)",
        (
            new.id,
            new.token_hash,
            new.user,
            new.host,
            new.agent,
            new.address,
            now,
            new.expires_at,
        ),
    )
    .await?;
    Ok(())
}

pub(super) async fn sessions(
    tx: &mut System,
    user: UserId,
    now: Instant,
) -> Result<Vec<SessionRow>> {
    tx.all(
        "select session_id, host, agent, address, created_at, last_seen_at
           from session where user_id = $1 and expires_at > $2
          order by last_seen_at desc, session_id",
        (user, now),
    )
    .await
}

/// Ends one session, if it is this user's.
pub(super) async fn delete_session(
    tx: &mut System,
    user: UserId,
    session: SessionId,
) -> Result<bool> {
    let rows = tx
        .run(
            "delete from session where user_id = $1 and session_id = $2",
            (user, session),
        )
        .await?;
    Ok(rows == 1)
}

/// Ends all sessions of the user but one; with a new id nothing is spared.
pub(super) async fn delete_sessions_but(
    tx: &mut System,
    user: UserId,
    spared: SessionId,
) -> Result<()> {
    tx.run(
        "delete from session where user_id = $1 and session_id <> $2",
        (user, spared),
    )
    .await?;
    Ok(())
}

pub(super) async fn delete_expired_sessions(
    tx: &mut System,
    user: UserId,
    now: Instant,
) -> Result<()> {
    tx.run(
        "delete from session where user_id = $1 and expires_at <= $2",
        (user, now),
    )
    .await?;
    Ok(())
}

pub(super) async fn insert_code(tx: &mut System, hash: String, code: CodeRow) -> Result<()> {
    tx.run(
        "insert into handover_code (code_hash, user_id, host, nonce_hash, return_path, expires_at)
         values ($1, $2, $3, $4, $5, $6)",
        (
            hash,
            code.user_id,
            code.host,
            code.nonce_hash,
            code.return_path,
            code.expires_at,
        ),
    )
    .await?;
    Ok(())
}

pub(super) async fn delete_expired_codes(tx: &mut System, now: Instant) -> Result<()> {
    tx.run("delete from handover_code where expires_at <= $1", (now,))
        .await?;
    Ok(())
}

/// Takes a code out: it works once.
pub(super) async fn take_code(tx: &mut System, hash: String) -> Result<Option<CodeRow>> {
    tx.optional(
        "delete from handover_code where code_hash = $1
         returning user_id, host, nonce_hash, return_path, expires_at",
        (hash,),
    )
    .await
}
