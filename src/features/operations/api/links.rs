//! Answering by a personal link of a mail (§9.3). Nobody needs to be signed in.

#[cfg(feature = "ssr")]
use crate::features::operations::service;
use crate::{
    domain::{AppError, event::Outcome},
    features::operations::model::{Answer, answers::AnswerLinkPage},
};
use leptos::{prelude::*, server_fn::codec::GetUrl};

/// What a link asks, and whom.
#[server(endpoint = "operations/read_answer_link", input = GetUrl)]
pub async fn read_answer_link(
    /// The secret of the link.
    token: String,
) -> Result<AnswerLinkPage, AppError> {
    use crate::server::rpc::rpc;
    rpc("operations/read_answer_link", move |ctx| async move {
        service::read_answer_link(&ctx, &token).await
    })
    .await
}

/// Says whether whom the link was sent to comes.
#[server(endpoint = "operations/answer_by_link")]
pub async fn answer_by_link(
    /// The secret of the link.
    token: String,
    /// What they say.
    answer: Answer,
    /// In their words.
    #[server(default)]
    note: String,
) -> Result<Outcome, AppError> {
    use crate::server::rpc::command;
    command("operations/answer_by_link", move |ctx| async move {
        service::answer_by_link(&ctx, &token, answer, &note).await
    })
    .await
}
