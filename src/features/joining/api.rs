//! Server functions of joining: each one call of the service.

use super::model::{InboxPage, JoinPage, OfferPage, RequestsPage};
#[cfg(feature = "ssr")]
use super::{input, service};
use crate::domain::{AppError, GroupId, MembershipId, RequestId, event::Outcome};
use leptos::prelude::*;
use leptos::server_fn::codec::GetUrl;
use serde::{Deserialize, Serialize};

/// Joins one group at once when it is open, else asks to join it.
#[server(endpoint = "joining/join_group")]
pub async fn join_group(
    /// Which.
    group_id: GroupId,
    /// A word to those who answer.
    #[server(default)]
    note: String,
    /// The name to have here; the call sign when empty.
    #[server(default)]
    common_name: String,
) -> Result<Outcome, AppError> {
    use crate::server::rpc::command;
    let input = input::JoinGroups {
        groups: vec![group_id],
        note,
        common_name,
    };
    command("joining/join_group", move |ctx| async move {
        service::join_group(&ctx, group_id, input).await
    })
    .await
}

/// Joins several groups in one go; the outcome leads to the page that says what became of each.
#[server(endpoint = "joining/join_groups")]
pub async fn join_groups(
    /// Which.
    #[server(default)]
    groups: Vec<GroupId>,
    /// A word to those who answer.
    #[server(default)]
    note: String,
    /// The name to have here; the call sign when empty.
    #[server(default)]
    common_name: String,
) -> Result<Outcome, AppError> {
    use crate::server::rpc::command;
    let input = input::JoinGroups {
        groups,
        note,
        common_name,
    };
    command("joining/join_groups", |ctx| async move {
        service::join_groups(&ctx, input).await
    })
    .await
}

/// Takes one's own request back.
#[server(endpoint = "joining/withdraw_request")]
pub async fn withdraw_request(
    /// Which.
    request_id: RequestId,
) -> Result<Outcome, AppError> {
    use crate::server::rpc::command;
    command("joining/withdraw_request", move |ctx| async move {
        service::withdraw_request(&ctx, request_id).await
    })
    .await
}

/// The two answers to a request: the buttons of its form.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// Let them in.
    Approve,
    /// Do not.
    Decline,
}

/// Approves or declines a request; to decline takes a note.
#[server(endpoint = "joining/answer_request")]
pub async fn answer_request(
    /// Which.
    request_id: RequestId,
    /// How.
    verdict: Verdict,
    /// A word to who asked.
    #[server(default)]
    note: String,
    /// Another name for a newcomer, when theirs was taken meanwhile.
    #[server(default)]
    common_name: String,
) -> Result<Outcome, AppError> {
    use crate::server::rpc::command;
    let input = input::AnswerRequest {
        request_id,
        note,
        common_name,
    };
    command("joining/answer_request", move |ctx| async move {
        match verdict {
            Verdict::Approve => service::approve_request(&ctx, input).await,
            Verdict::Decline => service::decline_request(&ctx, input).await,
        }
    })
    .await
}

/// Ends one's own membership of a group.
#[server(endpoint = "joining/leave_group")]
pub async fn leave_group(
    /// Which.
    membership_id: MembershipId,
    /// Why, if they want to say.
    #[server(default)]
    reason: String,
) -> Result<Outcome, AppError> {
    use crate::server::rpc::command;
    let input = input::LeaveGroup {
        membership_id,
        reason,
    };
    command("joining/leave_group", |ctx| async move {
        service::leave_group(&ctx, input).await
    })
    .await
}

/// Ends one's belonging to the organisation.
#[server(endpoint = "joining/leave_org")]
pub async fn leave_org(
    /// They mean it.
    #[server(default)]
    sure: bool,
    /// Why, if they want to say.
    #[server(default)]
    reason: String,
) -> Result<Outcome, AppError> {
    use crate::server::rpc::command;
    let input = input::LeaveOrg { sure, reason };
    command("joining/leave_org", |ctx| async move {
        service::leave_org(&ctx, input).await
    })
    .await
}

/// The page on which people join.
#[server(endpoint = "joining/read_join", input = GetUrl)]
pub async fn read_join() -> Result<JoinPage, AppError> {
    use crate::server::rpc::rpc;
    rpc("joining/read_join", |ctx| async move {
        service::read_join(&ctx).await
    })
    .await
}

/// One group with the way into it.
#[server(endpoint = "joining/read_offer", input = GetUrl)]
pub async fn read_offer(
    /// Which.
    group_id: GroupId,
) -> Result<OfferPage, AppError> {
    use crate::server::rpc::rpc;
    rpc("joining/read_offer", move |ctx| async move {
        service::read_offer(&ctx, group_id).await
    })
    .await
}

/// The requests of a group.
#[server(endpoint = "joining/read_requests", input = GetUrl)]
pub async fn read_requests(
    /// Which.
    group_id: GroupId,
) -> Result<RequestsPage, AppError> {
    use crate::server::rpc::rpc;
    rpc("joining/read_requests", move |ctx| async move {
        service::read_requests(&ctx, group_id).await
    })
    .await
}

/// Everything that waits for the viewer.
#[server(endpoint = "joining/read_inbox", input = GetUrl)]
pub async fn read_inbox() -> Result<InboxPage, AppError> {
    use crate::server::rpc::rpc;
    rpc("joining/read_inbox", |ctx| async move {
        service::read_inbox(&ctx).await
    })
    .await
}
