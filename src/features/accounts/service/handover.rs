//! The hand-over of a sign-in from the apex to an Org's host (§2.3): a code that works once, for a
//! minute, on one host, in the browser that began.

use super::session;
use crate::{
    domain::UserId,
    features::accounts::store::{self, CodeRow},
    server::{Ctx, Result, flash::local_path, tenancy, token},
};
use chrono::Duration;

const SECONDS: i64 = 60;

/// Makes a code for a host of an Org; `None` when the host is nobody's.
///
/// # Errors
/// Not signed in at the apex.
pub async fn begin_handover(
    ctx: &Ctx,
    host: &str,
    nonce_hash: &str,
    return_path: &str,
) -> Result<Option<String>> {
    ctx.at_apex()?;
    let user = ctx.user()?.id;
    if !is_org_host(ctx, host).await? {
        return Ok(None);
    }
    let secret = token::fresh();
    let code = CodeRow {
        user_id: user,
        host: host.to_owned(),
        nonce_hash: nonce_hash.to_owned(),
        return_path: return_path.to_owned(),
        expires_at: ctx.now + Duration::seconds(SECONDS),
    };
    let mut tx = ctx.state.db.system().await?;
    store::delete_expired_codes(&mut tx, ctx.now).await?;
    store::insert_code(&mut tx, token::hash(&secret), code).await?;
    tx.commit().await?;
    Ok(Some(secret))
}

/// Does the host belong to an Org?
pub(in crate::features::accounts) async fn is_org_host(ctx: &Ctx, host: &str) -> Result<bool> {
    let state = &ctx.state;
    let found = tenancy::resolve_org(state, host, None, ctx.now).await?;
    Ok(host != state.config.apex.host && found.is_some())
}

/// Takes a code and begins a session on this host. Answers where to go and the cookie; `None` when
/// the code is unknown, used, old, of another host or of another browser.
///
/// # Errors
/// When the database fails.
pub async fn accept_handover(
    ctx: &Ctx,
    code: &str,
    nonce: &str,
) -> Result<Option<(String, String)>> {
    let mut tx = ctx.state.db.system().await?;
    let found = store::take_code(&mut tx, token::hash(code)).await?;
    let good = found.filter(|found| {
        found.host == ctx.client.host
            && found.expires_at > ctx.now
            && token::same(&found.nonce_hash, &token::hash(nonce))
    });
    let Some(good) = good else {
        tx.commit().await?;
        tracing::warn!(request_id = ctx.request_id, "a hand-over code was refused");
        return Ok(None);
    };
    let user: UserId = good.user_id;
    let cookie = session::begin(&mut tx, ctx, user).await?;
    tx.commit().await?;
    tracing::info!(%user, host = ctx.client.host, "signed in by hand-over");
    let path = local_path(&good.return_path).unwrap_or("/").to_owned();
    Ok(Some((path, cookie)))
}
