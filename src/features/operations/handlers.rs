//! Calendars for calendar programs (§9.2): plain files, read without a session.

use super::service::{self, feeds::Feed};
use crate::{
    domain::{AppError, time::Instant},
    server::{Ctx, Failure, state::State},
};
use axum::{
    Extension, Router,
    extract::Path,
    http::{HeaderMap, HeaderName, StatusCode, header},
    response::{IntoResponse, Response},
    routing::get,
};
use chrono::DateTime;

/// How dates stand in headers (RFC 9110 §5.6.7).
const HTTP_DATE: &str = "%a, %d %b %Y %H:%M:%S GMT";

/// Routes of this feature that are not server functions.
pub fn handlers() -> Router<State> {
    Router::new().route("/calendar/feed/{file}", get(feed))
}

async fn feed(
    Extension(ctx): Extension<Ctx>,
    Path(file): Path<String>,
    headers: HeaderMap,
) -> Response {
    let read = match file.strip_suffix(".ics") {
        Some(secret) => service::feeds::read_feed(&ctx, secret).await,
        None => Err(Failure::App(AppError::NotFound)),
    };
    match read {
        Ok(feed) => answer(feed, &headers),
        Err(Failure::App(AppError::NotFound)) => nothing(),
        Err(failure) => {
            tracing::error!(%failure, request_id = ctx.request_id, "a feed failed");
            let retry = [(header::RETRY_AFTER, "60")];
            (StatusCode::SERVICE_UNAVAILABLE, retry).into_response()
        }
    }
}

/// The same for an address that never was, one that was revoked, and one whose owner has left.
fn nothing() -> Response {
    (
        StatusCode::NOT_FOUND,
        [
            (header::CONTENT_TYPE, "text/plain; charset=utf-8"),
            (header::CACHE_CONTROL, "no-store"),
        ],
        "There is no calendar at this address.\n",
    )
        .into_response()
}

fn answer(feed: Feed, asked: &HeaderMap) -> Response {
    let changed = feed.changed_at.map(|at| at.format(HTTP_DATE).to_string());
    let mut head = HeaderMap::new();
    let fields = [
        // Asked for again each time, but sent again only when it has changed.
        (header::CACHE_CONTROL, Some("private, no-cache")),
        (HeaderName::from_static("x-robots-tag"), Some("noindex")),
        (header::ETAG, Some(feed.tag.as_str())),
        (header::LAST_MODIFIED, changed.as_deref()),
    ];
    for (name, value) in fields {
        if let Some(Ok(value)) = value.map(str::parse) {
            head.insert(name, value);
        }
    }
    if is_known(&feed, asked) {
        return (StatusCode::NOT_MODIFIED, head).into_response();
    }
    let kind = [
        (header::CONTENT_TYPE, "text/calendar; charset=utf-8"),
        (
            header::CONTENT_DISPOSITION,
            "inline; filename=\"operations.ics\"",
        ),
    ];
    (head, kind, feed.text).into_response()
}

/// Does whoever asks have this very calendar? The mark decides; the date only where none was sent
/// (RFC 9110 §13.1.3).
fn is_known(feed: &Feed, asked: &HeaderMap) -> bool {
    let text = |name| asked.get(name).and_then(|value| value.to_str().ok());
    if let Some(tags) = text(header::IF_NONE_MATCH) {
        let known = |tag: &str| tag == "*" || tag.trim_start_matches("W/") == feed.tag;
        return tags.split(',').any(|tag| known(tag.trim()));
    }
    let since = text(header::IF_MODIFIED_SINCE).and_then(read_date);
    match (since, feed.changed_at) {
        (Some(since), Some(changed)) => changed.timestamp() <= since.timestamp(),
        _ => false,
    }
}

fn read_date(text: &str) -> Option<Instant> {
    let date = DateTime::parse_from_rfc2822(text).ok()?;
    Some(date.to_utc())
}

#[cfg(test)]
mod tests {
    use super::*;
    use chrono::Utc;

    fn asked(name: HeaderName, value: &str) -> HeaderMap {
        HeaderMap::from_iter([(name, value.parse().expect("a header"))])
    }

    #[test]
    fn a_calendar_is_sent_only_when_it_has_changed() {
        let changed: DateTime<Utc> = "2026-03-06T19:00:00.7Z".parse().expect("an instant");
        let feed = Feed {
            text: String::new(),
            tag: "\"abc\"".into(),
            changed_at: Some(changed),
        };
        let known = |name, value| is_known(&feed, &asked(name, value));
        assert!(known(header::IF_NONE_MATCH, "\"abc\""));
        assert!(known(header::IF_NONE_MATCH, "\"x\", W/\"abc\""));
        assert!(!known(header::IF_NONE_MATCH, "\"abcd\""));
        let date = changed.format(HTTP_DATE).to_string();
        assert_eq!(date, "Fri, 06 Mar 2026 19:00:00 GMT");
        assert!(known(header::IF_MODIFIED_SINCE, &date));
        assert!(!known(
            header::IF_MODIFIED_SINCE,
            "Fri, 06 Mar 2026 18:59:59 GMT"
        ));
        assert!(!known(header::IF_MODIFIED_SINCE, "yesterday"));
        assert!(!is_known(&feed, &HeaderMap::new()));
    }
}
