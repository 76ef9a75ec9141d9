//! Server functions of accounts. Only `sign_out` and `set_theme` answer on an Org's host; everything
//! else belongs to the apex.

use super::model::{Account, SessionLine};
use crate::domain::{AppError, SessionId, event::Outcome};
use leptos::{prelude::*, server_fn::codec::GetUrl};

/// Creates a user and signs them in.
#[server(endpoint = "accounts/register_user")]
pub async fn register_user(
    /// Call sign.
    name: String,
    /// E-mail address.
    email: String,
    /// Password.
    password: String,
    /// Local path to go to afterwards.
    #[server(default)]
    return_to: String,
) -> Result<Outcome, AppError> {
    use super::{input::Registration, service};
    use crate::server::rpc::command_with_cookie;
    let input = Registration {
        name,
        email,
        password,
    };
    command_with_cookie("accounts/register_user", move |ctx| async move {
        service::register_user(&ctx, input, &return_to).await
    })
    .await
}

/// Signs a user in at the apex.
#[server(endpoint = "accounts/sign_in")]
pub async fn sign_in(
    /// Call sign or e-mail address.
    login: String,
    /// Password.
    password: String,
    /// Local path to go to afterwards.
    #[server(default)]
    return_to: String,
) -> Result<Outcome, AppError> {
    use super::{input::Credentials, service};
    use crate::server::rpc::command_with_cookie;
    let input = Credentials {
        login,
        password,
        return_to,
    };
    command_with_cookie("accounts/sign_in", move |ctx| async move {
        service::sign_in(&ctx, input).await
    })
    .await
}

/// Ends this browser's session on this host.
#[server(endpoint = "accounts/sign_out")]
pub async fn sign_out() -> Result<Outcome, AppError> {
    use super::service;
    use crate::server::rpc::command_with_cookie;
    command_with_cookie("accounts/sign_out", move |ctx| async move {
        service::sign_out(&ctx).await
    })
    .await
}

/// Ends all sessions of the user, this one too.
#[server(endpoint = "accounts/sign_out_everywhere")]
pub async fn sign_out_everywhere() -> Result<Outcome, AppError> {
    use super::service;
    use crate::server::rpc::command_with_cookie;
    command_with_cookie("accounts/sign_out_everywhere", move |ctx| async move {
        service::sign_out_everywhere(&ctx).await
    })
    .await
}

/// Chooses light, dark or the system's theme.
#[server(endpoint = "accounts/set_theme")]
pub async fn set_theme(
    /// `system`, `light` or `dark`.
    theme: String,
) -> Result<Outcome, AppError> {
    use super::service;
    use crate::server::rpc::command;
    command("accounts/set_theme", move |ctx| async move {
        service::set_theme(&ctx, theme).await
    })
    .await
}

/// Changes call sign, e-mail address and time zone.
#[server(endpoint = "accounts/edit_account")]
pub async fn edit_account(
    /// Call sign.
    name: String,
    /// E-mail address.
    email: String,
    /// IANA name of the time zone.
    time_zone: String,
    /// Present password; needed for another e-mail address.
    #[server(default)]
    password: String,
    /// The version that was read.
    version: i64,
) -> Result<Outcome, AppError> {
    use super::{input::AccountChange, service};
    use crate::server::rpc::command;
    let input = AccountChange {
        name,
        email,
        time_zone,
        password,
        version,
    };
    command("accounts/edit_account", move |ctx| async move {
        service::edit_account(&ctx, input).await
    })
    .await
}

/// Changes the password; all other sessions end.
#[server(endpoint = "accounts/change_password")]
pub async fn change_password(
    /// The password until now.
    old_password: String,
    /// The password from now on.
    new_password: String,
) -> Result<Outcome, AppError> {
    use super::service;
    use crate::server::rpc::command_with_cookie;
    command_with_cookie("accounts/change_password", move |ctx| async move {
        service::change_password(&ctx, old_password, new_password).await
    })
    .await
}

/// Ends one session of the user.
#[server(endpoint = "accounts/revoke_session")]
pub async fn revoke_session(
    /// The session.
    session_id: SessionId,
) -> Result<Outcome, AppError> {
    use super::service;
    use crate::server::rpc::command;
    command("accounts/revoke_session", move |ctx| async move {
        service::revoke_session(&ctx, session_id).await
    })
    .await
}

/// Ends all sessions of the user but this one.
#[server(endpoint = "accounts/revoke_other_sessions")]
pub async fn revoke_other_sessions() -> Result<Outcome, AppError> {
    use super::service;
    use crate::server::rpc::command;
    command("accounts/revoke_other_sessions", move |ctx| async move {
        service::revoke_other_sessions(&ctx).await
    })
    .await
}

/// The signed-in user's account.
#[server(endpoint = "accounts/read_account", input = GetUrl)]
pub async fn read_account() -> Result<Account, AppError> {
    use super::service;
    use crate::server::rpc::rpc;
    rpc("accounts/read_account", move |ctx| async move {
        service::read_account(&ctx).await
    })
    .await
}

/// The signed-in user's sessions, the newest first.
#[server(endpoint = "accounts/read_sessions", input = GetUrl)]
pub async fn read_sessions() -> Result<Vec<SessionLine>, AppError> {
    use super::service;
    use crate::server::rpc::rpc;
    rpc("accounts/read_sessions", move |ctx| async move {
        service::read_sessions(&ctx).await
    })
    .await
}
