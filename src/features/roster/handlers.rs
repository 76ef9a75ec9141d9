//! The list behind the command palette: a small piece of HTML, so that the browser needs no program
//! to draw it.

use super::{model::pages::Palette, service};
use crate::{
    domain::AppError,
    server::{Ctx, Failure, state::State},
};
use axum::{
    Extension, Router,
    extract::Query,
    http::{HeaderName, StatusCode, header},
    response::{IntoResponse, Response},
    routing::get,
};
use leptos::prelude::*;
use serde::Deserialize;

/// Routes of this feature that are not server functions.
pub fn handlers() -> Router<State> {
    Router::new().route("/search/palette", get(palette))
}

#[derive(Deserialize)]
struct Asked {
    /// What to look for.
    #[serde(default)]
    q: String,
}

async fn palette(Extension(ctx): Extension<Ctx>, Query(asked): Query<Asked>) -> Response {
    match service::palette(&ctx, &asked.q).await {
        Ok(palette) => (
            [
                (header::CONTENT_TYPE, "text/html; charset=utf-8"),
                (header::CACHE_CONTROL, "private, no-store"),
                (HeaderName::from_static("x-robots-tag"), "noindex"),
            ],
            drawn(palette),
        )
            .into_response(),
        Err(Failure::App(AppError::NotFound)) => StatusCode::NOT_FOUND.into_response(),
        Err(failure) => {
            tracing::error!(%failure, request_id = ctx.request_id, "the palette failed");
            StatusCode::SERVICE_UNAVAILABLE.into_response()
        }
    }
}

/// One list: groups, people, commands. Empty when nothing was found.
fn drawn(palette: Palette) -> String {
    let row = |kind: &'static str, href: String, name: String, note: String| {
        view! {
            <li class="palette__row" data-kind=kind>
                <a href=href>{name}{(!note.is_empty()).then(|| view! { " "<small>{note}</small> })}</a>
            </li>
        }
        .into_any()
    };
    let groups = palette.groups.into_iter().map(|group| {
        let href = format!("/groups/{}", group.id);
        row("group", href, group.name, group.ident)
    });
    let players = palette.players.into_iter().map(|player| {
        let href = format!("/players/{}", player.id);
        row("player", href, player.name, String::new())
    });
    let commands = palette
        .commands
        .into_iter()
        .map(|(label, href)| row("command", href.to_owned(), label.to_owned(), String::new()));
    let rows: Vec<AnyView> = groups.chain(players).chain(commands).collect();
    // Without the marks at which a program would find its place again.
    let html = view! { <ul class="palette">{rows}</ul> }.to_html();
    html.replace("<!>", "")
}
