//! Server functions of notices: everybody's own, so being signed in is all they ask for.

use super::model::{NoticePage, Switch};
use crate::domain::{AppError, NoticeId, event::Outcome};
use leptos::{prelude::*, server_fn::codec::GetUrl};

/// The viewer's notices, newest first, before a number.
#[server(endpoint = "notices/list_notices", input = GetUrl)]
pub async fn list_notices(
    /// Notices of events before this number.
    #[server(default)]
    before: Option<i64>,
) -> Result<NoticePage, AppError> {
    use crate::server::rpc::rpc;
    rpc("notices/list_notices", move |ctx| async move {
        super::service::list_notices(&ctx, before).await
    })
    .await
}

/// Marks a notice as read and goes where it leads.
#[server(endpoint = "notices/open_notice")]
pub async fn open_notice(
    /// Which.
    notice_id: NoticeId,
) -> Result<Outcome, AppError> {
    use crate::server::rpc::command;
    command("notices/open_notice", move |ctx| async move {
        super::service::open_notice(&ctx, notice_id).await
    })
    .await
}

/// Marks the viewer's notices as read.
#[server(endpoint = "notices/mark_all_read")]
pub async fn mark_all_read(
    /// Those of events up to this number.
    up_to: i64,
) -> Result<Outcome, AppError> {
    use crate::server::rpc::command;
    command("notices/mark_all_read", move |ctx| async move {
        super::service::mark_all_read(&ctx, up_to).await
    })
    .await
}

/// Where the viewer wants to be told of what.
#[server(endpoint = "notices/read_switches", input = GetUrl)]
pub async fn read_switches() -> Result<Vec<Switch>, AppError> {
    use crate::server::rpc::rpc;
    rpc("notices/read_switches", move |ctx| async move {
        super::service::read_switches(&ctx).await
    })
    .await
}

/// Sets where the viewer wants to be told of what.
#[server(endpoint = "notices/set_switches")]
pub async fn set_switches(
    /// Topics of the page of notices.
    #[server(default)]
    in_app: Vec<String>,
    /// Topics of mails.
    #[server(default)]
    mail: Vec<String>,
) -> Result<Outcome, AppError> {
    use crate::server::rpc::command;
    command("notices/set_switches", move |ctx| async move {
        super::service::set_switches(&ctx, &in_app, &mail).await
    })
    .await
}
