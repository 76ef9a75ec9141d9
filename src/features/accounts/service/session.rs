//! Sessions: beginning, listing, ending (§2.4).

use crate::{
    domain::{AppError, SessionId, UserId, event::Outcome},
    features::accounts::{
        model::{SessionLine, device},
        store::{self, NewSession},
    },
    server::{
        Ctx, Failure, Result,
        db::System,
        request::{ABSOLUTE_DAYS, IDLE_DAYS},
        token,
    },
};
use chrono::Duration;
use uuid::Uuid;

/// The browser forgets the cookie after the absolute limit; `server::request` prolongs the session
/// itself while it is used.
const COOKIE_SECONDS: i64 = ABSOLUTE_DAYS * 24 * 60 * 60;

/// Begins a session of this user on the host that was asked for. The one this browser had ends:
/// every sign-in gives a new token (ASVS 7.2.4). Answers the cookie.
pub(super) async fn begin(tx: &mut System, ctx: &Ctx, user: UserId) -> Result<String> {
    if let Some((old, session)) = ctx
        .actor
        .user
        .as_ref()
        .and_then(|user| Some((user.id, user.session?)))
    {
        store::delete_session(tx, old, session).await?;
    }
    store::delete_expired_sessions(tx, user, ctx.now).await?;
    let secret = token::fresh();
    let new = NewSession {
        id: SessionId(Uuid::now_v7()),
        token_hash: token::hash(&secret),
        user,
        host: ctx.client.host.clone(),
        agent: ctx.client.agent.clone(),
        address: ctx.client.address.clone(),
        expires_at: ctx.now + Duration::days(IDLE_DAYS),
    };
    store::insert_session(tx, new, ctx.now).await?;
    Ok(ctx
        .state
        .config
        .set_cookie("session", &secret, COOKIE_SECONDS))
}

fn no_cookie(ctx: &Ctx) -> String {
    ctx.state.config.set_cookie("session", "", 0)
}

/// The session that asks.
fn current(ctx: &Ctx) -> Result<SessionId> {
    ctx.user()?
        .session
        .ok_or(Failure::App(AppError::SignInRequired))
}

/// Ends this browser's session on this host.
///
/// # Errors
/// When the database fails.
pub async fn sign_out(ctx: &Ctx) -> Result<(Outcome, String)> {
    if let Ok(session) = current(ctx) {
        let mut tx = ctx.state.db.system().await?;
        store::delete_session(&mut tx, ctx.user()?.id, session).await?;
        tx.commit().await?;
    }
    Ok((Outcome::leave("/"), no_cookie(ctx)))
}

/// Ends all sessions of the user.
///
/// # Errors
/// Not signed in, or not at the apex.
pub async fn sign_out_everywhere(ctx: &Ctx) -> Result<(Outcome, String)> {
    ctx.at_apex()?;
    let user = ctx.user()?.id;
    let mut tx = ctx.state.db.system().await?;
    store::delete_sessions_but(&mut tx, user, SessionId(Uuid::now_v7())).await?;
    tx.commit().await?;
    tracing::info!(%user, "signed out everywhere");
    Ok((Outcome::leave("/"), no_cookie(ctx)))
}

/// Ends one session of the user; the page that asked shows the list again.
///
/// # Errors
/// Not signed in, not at the apex, or no such session of this user.
pub async fn revoke_session(ctx: &Ctx, session: SessionId) -> Result<Outcome> {
    ctx.at_apex()?;
    let user = ctx.user()?.id;
    let mut tx = ctx.state.db.system().await?;
    let ended = store::delete_session(&mut tx, user, session).await?;
    tx.commit().await?;
    if !ended {
        return Err(Failure::App(AppError::NotFound));
    }
    tracing::info!(%user, %session, "session revoked");
    let was_own = ctx.user()?.session == Some(session);
    Ok(if was_own {
        Outcome::leave("/")
    } else {
        Outcome::default()
    })
}

/// Ends all sessions of the user but the one that asks.
///
/// # Errors
/// Not signed in, or not at the apex.
pub async fn revoke_other_sessions(ctx: &Ctx) -> Result<Outcome> {
    ctx.at_apex()?;
    let user = ctx.user()?.id;
    let own = current(ctx)?;
    let mut tx = ctx.state.db.system().await?;
    store::delete_sessions_but(&mut tx, user, own).await?;
    tx.commit().await?;
    tracing::info!(%user, "other sessions revoked");
    Ok(Outcome::default())
}

/// The user's sessions, the one last used first.
///
/// # Errors
/// Not signed in, or not at the apex.
pub async fn read_sessions(ctx: &Ctx) -> Result<Vec<SessionLine>> {
    ctx.at_apex()?;
    let user = ctx.user()?;
    let mut tx = ctx.state.db.system_read().await?;
    let rows = store::sessions(&mut tx, user.id, ctx.now).await?;
    tx.commit().await?;
    let line = |row: store::SessionRow| SessionLine {
        current: user.session == Some(row.session_id),
        id: row.session_id,
        host: row.host,
        device: device(&row.agent),
        address: row.address,
        created_at: row.created_at,
        last_seen_at: row.last_seen_at,
    };
    Ok(rows.into_iter().map(line).collect())
}
