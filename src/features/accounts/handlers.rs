//! Plain handlers of accounts.
use crate::server::state::State;
use axum::{Router, extract::Request, middleware::Next, response::Response};
pub fn handlers() -> Router<State> { Router::new() }
pub async fn org_sign_in(request: Request, next: Next) -> Response { next.run(request).await }
