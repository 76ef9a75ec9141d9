//! The one HTTP router: pages, server functions, plain handlers, files, health.
//!
//! From outside in: security headers · a panic answers 500 · health and hashed files, which need no
//! host · [`request::resolve`] (host, session, origin) · features' plain handlers · for the rest a
//! limit on bodies, [`flash::after_form`] around server functions, the viewer around pages.

use super::{
    App, built::Built, document::shell, files, health, splicing, strangers, theme, viewer,
};
use crate::{
    domain::viewer::Viewer,
    features::{accounts, audit, joining, operations, roster, transfer_data},
    server::{
        config::Config,
        db::Db,
        flash, headers, request,
        state::{Clock, State},
    },
    ui::{PageStatus, context::Splice},
};
use axum::{
    Router,
    extract::{DefaultBodyLimit, FromRef, Request, State as AxumState},
    http::{HeaderValue, Method, StatusCode, header, request::Parts},
    middleware::{from_fn, from_fn_with_state},
    response::{IntoResponse, Response},
    routing::get,
};
use leptos::{
    config::LeptosOptions,
    nonce::use_nonce,
    prelude::{provide_context, use_context, with_context},
};
use leptos_axum::{
    AxumRouteListing, LeptosRoutes, ResponseOptions, generate_route_list_with_exclusions,
};
use std::sync::{Arc, LazyLock};
use tower_http::{catch_panic::CatchPanicLayer, limit::RequestBodyLimitLayer};

impl FromRef<State> for LeptosOptions {
    fn from_ref(state: &State) -> Self {
        state.config.leptos.clone()
    }
}

/// Puts the process together with the caches that features keep in it.
#[must_use]
pub fn state(config: Config, db: Db, clock: Clock) -> State {
    State::new(
        config,
        db,
        clock,
        vec![
            Arc::new(roster::service::Cache::default()),
            Arc::new(roster::view::drawing::Cache::default()),
            Arc::new(joining::service::Counts::default()),
            Arc::new(operations::service::feeds::PublicFeeds::default()),
            Arc::new(transfer_data::service::Running::default()),
        ],
    )
}

/// Everything the server answers.
pub fn router(state: State) -> Router {
    let https = state.config.apex.https;
    let site = Router::new()
        .merge(pages(&state))
        .merge(accounts::handlers::handlers())
        .merge(audit::handlers::handlers())
        .merge(operations::handlers::handlers())
        .merge(roster::handlers::handlers())
        .merge(transfer_data::handlers::handlers())
        .route("/theme.css", get(theme::serve))
        .route("/robots.txt", get(strangers::robots))
        .layer(from_fn_with_state(state.clone(), request::resolve));
    Router::new()
        .route("/healthz", get(health::alive))
        .route("/readyz", get(health::ready))
        .route("/pkg/{*file}", get(file))
        .route("/fonts/{*file}", get(file))
        .merge(site)
        .layer(CatchPanicLayer::custom(|_| internal_error()))
        .layer(from_fn(move |request, next| {
            headers::secure(https, request, next)
        }))
        .with_state(state)
}

/// The routes of all pages. Listed once in a process: while Leptos lists them, the pages of other
/// routers in the process would wait for their data for ever.
pub fn routes() -> &'static [AxumRouteListing] {
    static ROUTES: LazyLock<Vec<AxumRouteListing>> = LazyLock::new(|| {
        generate_route_list_with_exclusions(App, Some(vec!["/{*any}".to_owned()]))
    });
    &ROUTES
}

/// Pages and server functions, and the pages of addresses that are nobody's.
fn pages(state: &State) -> Router<State> {
    let options = state.config.leptos.clone();
    let built = Built::for_pages(options.clone());
    let document = move || shell(built(), options.clone());
    let unknown = leptos_axum::render_app_async_with_context(page_context, document.clone());
    Router::new()
        .leptos_routes_with_context(state, routes().to_vec(), page_context, document)
        .fallback(
            move |AxumState(state): AxumState<State>, request: Request| async move {
                nobodys_address(&state, request, unknown).await
            },
        )
        .layer(from_fn(accounts::handlers::org_sign_in))
        .layer(from_fn(splicing::splice))
        .layer(from_fn(viewer::for_pages))
        .layer(from_fn(flash::after_form))
        .layer(from_fn(strangers::mark))
        .layer(DefaultBodyLimit::max(flash::FORM_LIMIT))
        .layer(RequestBodyLimitLayer::new(flash::FORM_LIMIT))
}

/// Copies what middleware found out about the request to where views look for it. Runs for every
/// page and server function.
fn page_context() {
    let found = with_context(|parts: &Parts| {
        let extensions = &parts.extensions;
        (
            extensions.get::<PageStatus>().cloned(),
            extensions.get::<Splice>().cloned(),
            extensions.get::<Viewer>().cloned(),
        )
    });
    let (status, splice, viewer) = found.unwrap_or_default();
    if let Some(status) = status {
        provide_context(status);
    }
    if let Some(splice) = splice {
        provide_context(splice);
    }
    let Some(viewer) = viewer else {
        return;
    };
    provide_context(viewer);
    if let (Some(nonce), Some(response)) = (use_nonce(), use_context::<ResponseOptions>())
        && let Ok(policy) = HeaderValue::from_str(&headers::page_policy(&nonce))
    {
        response.insert_header(header::CONTENT_SECURITY_POLICY, policy);
    }
}

/// Files first; a page only for what could be one.
async fn nobodys_address<F>(
    state: &State,
    request: Request,
    page: impl FnOnce(Request) -> F,
) -> Response
where
    F: Future<Output = Response>,
{
    let path = request.uri().path();
    if !matches!(*request.method(), Method::GET | Method::HEAD) || path.starts_with("/api/") {
        StatusCode::NOT_FOUND.into_response()
    } else if files::is_file(path) {
        files::serve(&state.config, request).await
    } else {
        page(request).await
    }
}

async fn file(AxumState(state): AxumState<State>, request: Request) -> Response {
    files::serve(&state.config, request).await
}

/// What is left to say after a panic: nothing about its cause.
fn internal_error() -> Response {
    (
        StatusCode::INTERNAL_SERVER_ERROR,
        [
            (header::CONTENT_TYPE, "text/plain; charset=utf-8"),
            (header::CACHE_CONTROL, "no-store"),
        ],
        "Something went wrong. Please try again.\n",
    )
        .into_response()
}
