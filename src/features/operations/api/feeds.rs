//! Feeds of the calendar (§9.2).

#[cfg(feature = "ssr")]
use crate::features::operations::service;
use crate::{
    domain::{AppError, FeedId, event::Outcome},
    features::operations::model::feeds::FeedsPage,
};
use leptos::{prelude::*, server_fn::codec::GetUrl};

/// The caller's feeds.
#[server(endpoint = "operations/read_feeds", input = GetUrl)]
pub async fn read_feeds(
    /// The secret of one that was just made.
    #[server(default)]
    made: String,
) -> Result<FeedsPage, AppError> {
    use crate::server::rpc::rpc;
    rpc("operations/read_feeds", move |ctx| async move {
        service::feeds::read_feeds(&ctx, &made).await
    })
    .await
}

/// Makes a feed.
#[server(endpoint = "operations/make_feed")]
pub async fn make_feed(
    /// What it is called.
    name: String,
    /// Which of the caller's answers it shows; none is everything.
    #[server(default)]
    answers: Vec<String>,
) -> Result<Outcome, AppError> {
    use crate::server::rpc::command;
    command("operations/make_feed", move |ctx| async move {
        service::feeds::make_feed(&ctx, &name, &answers).await
    })
    .await
}

/// Ends a feed.
#[server(endpoint = "operations/revoke_feed")]
pub async fn revoke_feed(
    /// Which.
    feed_id: FeedId,
) -> Result<Outcome, AppError> {
    use crate::server::rpc::command;
    command("operations/revoke_feed", move |ctx| async move {
        service::feeds::revoke_feed(&ctx, feed_id).await
    })
    .await
}
