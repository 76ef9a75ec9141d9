//! Server functions of accounts.

use crate::domain::{AppError, event::Outcome};
use leptos::prelude::*;

/// Ends this browser's session on this host.
#[server(endpoint = "accounts/sign_out")]
pub async fn sign_out() -> Result<Outcome, AppError> {
    use crate::{features::accounts::service, server::rpc::command};
    command("accounts/sign_out", move |ctx| async move { service::sign_out(&ctx).await }).await
}

/// Chooses light, dark or the system's theme.
#[server(endpoint = "accounts/set_theme")]
pub async fn set_theme(
    /// `system`, `light` or `dark`.
    theme: String,
) -> Result<Outcome, AppError> {
    use crate::{features::accounts::service, server::rpc::command};
    command("accounts/set_theme", move |ctx| async move { service::set_theme(&ctx, theme).await })
        .await
}
