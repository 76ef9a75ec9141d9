//! The live stream (§14.3, §20): server-sent events with number and area only; the browser fetches
//! what it shows again. Each event is checked against what the follower may see when it is sent.
//! Besides, it tells the follower how many of their notices are unread (§5.4), whenever that changes.

use super::service;
use crate::{
    features::notices,
    server::{Ctx, state::State},
};
use axum::{
    Extension, Router,
    extract::Query,
    http::{HeaderMap, StatusCode},
    response::{
        IntoResponse, Response,
        sse::{Event, KeepAlive, Sse},
    },
    routing::get,
};
use futures::stream::{self, Stream};
use serde::Deserialize;
use std::{collections::VecDeque, convert::Infallible, time::Duration};
use tokio::sync::watch;

/// Events sent one by one after a gap; with more, the browser is told to reload.
const MOST_MISSED: i64 = 200;
/// How often an idle stream looks whether its session still holds and nothing was missed.
const LOOK_EVERY: Duration = Duration::from_secs(15);

/// Routes of this feature that are not server functions.
pub fn handlers() -> Router<State> {
    Router::new().route("/live", get(live))
}

#[derive(Deserialize)]
struct After {
    /// Number of the newest event the page includes.
    after: Option<i64>,
}

struct Follower {
    ctx: Ctx,
    newest: watch::Receiver<i64>,
    closing: watch::Receiver<bool>,
    /// Changes with the follower's notices; strangers have none.
    notices: Option<watch::Receiver<i64>>,
    at: i64,
    waiting: VecDeque<Event>,
}

async fn live(
    Extension(ctx): Extension<Ctx>,
    Query(query): Query<After>,
    headers: HeaderMap,
) -> Response {
    let Ok(tenant) = ctx.tenant() else {
        return StatusCode::NOT_FOUND.into_response();
    };
    // A reconnecting browser says where it was; that beats the address it first used.
    let last_id = headers
        .get("last-event-id")
        .and_then(|value| value.to_str().ok())
        .and_then(|text| text.parse().ok());
    let at = last_id.or(query.after).unwrap_or(tenant.seq).max(0);
    let follower = Follower {
        newest: ctx.state.hub.follow(tenant.id(), tenant.seq),
        closing: ctx.state.closing(),
        notices: ctx.actor.user.as_ref().map(|user| {
            let mut notices = ctx.state.hub.follow_notices(user.id);
            // A page that was out of sight may have missed some.
            notices.mark_changed();
            notices
        }),
        at,
        waiting: VecDeque::from([Event::default().comment("hello")]),
        ctx,
    };
    let mut response = Sse::new(follower.into_stream())
        .keep_alive(KeepAlive::default())
        .into_response();
    // Proxies must not collect the stream.
    response.headers_mut().insert(
        "x-accel-buffering",
        axum::http::HeaderValue::from_static("no"),
    );
    response
}

impl Follower {
    fn into_stream(self) -> impl Stream<Item = Result<Event, Infallible>> {
        stream::unfold(self, |mut follower| async move {
            loop {
                if let Some(event) = follower.waiting.pop_front() {
                    return Some((Ok(event), follower));
                }
                if !follower.wait().await {
                    return None;
                }
            }
        })
    }

    /// Waits for news and queues them; false when the stream is over.
    async fn wait(&mut self) -> bool {
        if let Err(failure) = self.look().await {
            tracing::warn!(%failure, "a live stream stopped");
            return false;
        }
        if !self.waiting.is_empty() {
            // Asked now, not when the stream began: who lost a right meanwhile hears nothing by it.
            return is_who_they_were(&self.ctx).await;
        }
        // `changed` tells only of what comes after the receiver was made.
        if *self.closing.borrow() {
            return false;
        }
        tokio::select! {
            changed = self.newest.changed() => changed.is_ok(),
            () = changed(self.notices.as_ref()) => true,
            _ = self.closing.changed() => false,
            () = tokio::time::sleep(LOOK_EVERY) => is_who_they_were(&self.ctx).await,
        }
    }

    async fn look(&mut self) -> crate::server::Result<()> {
        let newest = (*self.newest.borrow_and_update()).max(self.at);
        let news = service::news_after(&self.ctx, self.at, newest, MOST_MISSED).await?;
        if news.reload {
            let event = Event::default()
                .id(news.at.to_string())
                .event("reload")
                .data("{}");
            self.waiting.push_back(event);
        }
        for line in news.lines {
            let area = line.kind.as_str().split('.').next().unwrap_or_default();
            let event = Event::default()
                .id(line.seq.to_string())
                .event("change")
                .data(format!("{{\"seq\":{},\"area\":\"{area}\"}}", line.seq));
            self.waiting.push_back(event);
        }
        self.at = news.at;
        if let Some(notices) = &mut self.notices
            && notices.has_changed().unwrap_or(false)
        {
            notices.mark_unchanged();
            let unread = notices::service::unread(&self.ctx).await?;
            // Without an id: the stream's place in the log is where it was.
            let event = Event::default().event("notices").data(unread.to_string());
            self.waiting.push_back(event);
        }
        Ok(())
    }
}

/// Waits until the follower's notices have changed; for strangers, for ever. The change counts as
/// seen only when its number is told.
async fn changed(notices: Option<&watch::Receiver<i64>>) {
    if let Some(notices) = notices
        && notices.clone().changed().await.is_ok()
    {
        return;
    }
    std::future::pending().await
}

/// A follower whose session ended, who looks through other eyes, or whose rights are others than
/// they were, gets nothing more (§2.4, §3.6). A browser connects again, with the rights of then.
async fn is_who_they_were(ctx: &Ctx) -> bool {
    let Ok(tenant) = ctx.tenant() else {
        return false;
    };
    crate::server::tenancy::session_holds(&ctx.state, tenant, &ctx.actor).await
}
