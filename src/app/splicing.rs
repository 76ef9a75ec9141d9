//! Putting a kept drawing into a rendered page: the page is rendered with a mark in its place, and
//! the answer is sent as what stands before the mark, the drawing from memory, and the rest. A
//! drawing of 200 kB would otherwise be copied at every step of rendering.

use crate::ui::context::Splice;
use axum::{
    body::{Body, Bytes, to_bytes},
    extract::Request,
    http::{HeaderValue, header},
    middleware::Next,
    response::Response,
};
use futures::stream;
use std::{convert::Infallible, sync::Arc};

/// Largest page around a drawing.
const PAGE_LIMIT: usize = 8 * 1024 * 1024;

/// Text kept in memory, lent to answers.
struct Kept(Arc<str>);

impl AsRef<[u8]> for Kept {
    fn as_ref(&self) -> &[u8] {
        self.0.as_bytes()
    }
}

/// Middleware around pages.
pub(super) async fn splice(mut request: Request, next: Next) -> Response {
    let slot = Splice::default();
    request.extensions_mut().insert(slot.clone());
    let response = next.run(request).await;
    let Some(drawing) = slot.take() else {
        return response;
    };
    let (mut parts, body) = response.into_parts();
    let page = to_bytes(body, PAGE_LIMIT).await.unwrap_or_default();
    let mark = Splice::MARK.as_bytes();
    let Some(at) = page.windows(mark.len()).position(|window| window == mark) else {
        return Response::from_parts(parts, Body::from(page));
    };
    let pieces = [
        page.slice(..at),
        Bytes::from_owner(Kept(drawing)),
        page.slice(at + mark.len()..),
    ];
    let length: usize = pieces.iter().map(Bytes::len).sum();
    parts
        .headers
        .insert(header::CONTENT_LENGTH, HeaderValue::from(length));
    let body = Body::from_stream(stream::iter(pieces.map(Ok::<_, Infallible>)));
    Response::from_parts(parts, body)
}
