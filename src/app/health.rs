//! For whoever watches the process. Answered for any host, and says nothing about anybody.

use crate::server::state::State;
use axum::{
    extract::State as AxumState,
    http::{StatusCode, header},
    response::{IntoResponse, Response},
};
use std::time::Duration;

const WAIT: Duration = Duration::from_secs(3);

fn plain(status: StatusCode, text: &'static str) -> Response {
    (status, [(header::CACHE_CONTROL, "no-store")], text).into_response()
}

/// The process lives.
pub(super) async fn alive() -> Response {
    plain(StatusCode::OK, "ok\n")
}

/// The process can serve: the database answers in time.
pub(super) async fn ready(AxumState(state): AxumState<State>) -> Response {
    let asked = state
        .db
        .system_row::<(i64,)>("select cast(1 as bigint)", ());
    match tokio::time::timeout(WAIT, asked).await {
        Ok(Ok(Some(_))) => plain(StatusCode::OK, "ready\n"),
        Ok(Ok(None) | Err(_)) | Err(_) => {
            tracing::warn!("not ready: the database does not answer");
            plain(StatusCode::SERVICE_UNAVAILABLE, "not ready\n")
        }
    }
}
