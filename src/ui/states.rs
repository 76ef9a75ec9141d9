//! Loading, empty, error, not found: the states of a page around its content.

use super::{
    context::{PageStatus, use_refresh, use_viewer},
    parts::Icon,
    words,
};
use crate::domain::AppError;
use leptos::prelude::*;
use serde::{Serialize, de::DeserializeOwned};
use std::future::Future;

/// What a page reads: fetched on the server with the page, again whenever [`super::use_refresh`]
/// is raised or a followed part of the address changes.
pub fn reading<S, T, F>(
    follow: impl Fn() -> S + Send + Sync + 'static,
    read: impl Fn(S) -> F + Send + Sync + 'static,
) -> Resource<Result<T, AppError>>
where
    S: PartialEq + Clone + Send + Sync + 'static,
    T: Serialize + DeserializeOwned + Send + Sync + 'static,
    F: Future<Output = Result<T, AppError>> + Send + 'static,
{
    let refresh = use_refresh();
    Resource::new_blocking(
        move || (follow(), refresh.follow()),
        move |(source, _)| read(source),
    )
}

/// Shows what was read, or why it could not be; keeps the old picture while reading again.
pub fn loaded<T>(
    resource: Resource<Result<T, AppError>>,
    show: impl Fn(T) -> AnyView + Clone + Send + Sync + 'static,
) -> AnyView
where
    T: Clone + Send + Sync + Serialize + DeserializeOwned + 'static,
{
    view! {
        <Transition fallback=|| ()>
            {move || {
                let show = show.clone();
                Suspend::new(async move {
                    match resource.await {
                        Ok(data) => show(data),
                        Err(error) => problem(&error),
                    }
                })
            }}
        </Transition>
    }
    .into_any()
}

/// An error in place of content; also decides the status of the page.
#[must_use]
pub fn problem(error: &AppError) -> AnyView {
    PageStatus::set_error(error);
    match error {
        AppError::NotFound => not_found(),
        AppError::SignInRequired => sign_in_first(),
        other => message(
            "warning",
            words::error(other),
            "Go back, or reload the page.",
        ),
    }
}

fn message(icon: &'static str, title: String, text: &'static str) -> AnyView {
    view! {
        <div class="empty" data-size="page" role="alert">
            <Icon name=icon/>
            <h2 class="empty__title">{title}</h2>
            <p class="empty__text">{text}</p>
        </div>
    }
    .into_any()
}

fn sign_in_first() -> AnyView {
    view! {
        <div class="empty" data-size="page">
            <Icon name="lock"/>
            <h2 class="empty__title">"Log in to see this"</h2>
            <p class="empty__text">"This page is for people who are logged in."</p>
            <div class="empty__actions">
                <a class="button" data-kind="primary" href=sign_in_href() rel="external">"Log in"</a>
            </div>
        </div>
    }
    .into_any()
}

/// Where logging in begins and comes back to this page. On an Org's host this leads through the
/// apex and back (§2.3).
pub fn sign_in_href() -> impl Fn() -> String + Clone + Copy + Send + Sync + 'static {
    let path = leptos_router::hooks::use_location().pathname;
    let at_apex = use_viewer().org().is_none();
    move || match path.get().as_str() {
        _ if at_apex => "/sign-in".into(),
        "/" => "/sign-in".into(),
        path => ["/sign-in?return=", path].concat(),
    }
}

fn not_found() -> AnyView {
    view! {
        <div class="empty" data-size="page">
            <p class="empty__code">"404"</p>
            <h1 class="empty__title">"There is nothing here"</h1>
            <p class="empty__text">"The address is wrong, or what was here is gone."</p>
            <div class="empty__actions"><a class="button" href="/">"To the start"</a></div>
        </div>
    }
    .into_any()
}

/// The page for every address that is nobody's; answers 404.
#[component]
pub fn NotFound() -> impl IntoView {
    PageStatus::set(404);
    view! {
        <leptos_meta::Title text="Not found"/>
        <main class="content" id="main" tabindex="-1">{not_found()}</main>
    }
}

/// Nothing here yet: what this is for, and the one action that fills it.
#[component]
pub fn Empty(
    /// Symbol.
    icon: &'static str,
    /// What is missing.
    #[prop(into)]
    title: String,
    /// What it is for.
    #[prop(into)]
    text: String,
    /// The action.
    #[prop(optional)]
    children: Option<Children>,
) -> impl IntoView {
    view! {
        <div class="empty">
            <Icon name=icon/>
            <p class="empty__title">{title}</p>
            <p class="empty__text">{text}</p>
            {children.map(|actions| view! { <div class="empty__actions">{actions()}</div> })}
        </div>
    }
}
