//! Loading, empty, error, not found: the states of a page around its content.

use super::{
    context::{PageStatus, use_refresh, use_viewer},
    page::main_class,
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

/// Shows what was read, or why it could not be, below the heading of a page; keeps the old picture
/// while reading again.
pub fn loaded<T>(
    resource: Resource<Result<T, AppError>>,
    show: impl Fn(T) -> AnyView + Clone + Send + Sync + 'static,
) -> AnyView
where
    T: Clone + Send + Sync + Serialize + DeserializeOwned + 'static,
{
    loaded_or(resource, show, problem)
}

/// The same for what is a page itself, with its heading.
pub fn loaded_page<T>(
    resource: Resource<Result<T, AppError>>,
    show: impl Fn(T) -> AnyView + Clone + Send + Sync + 'static,
) -> AnyView
where
    T: Clone + Send + Sync + Serialize + DeserializeOwned + 'static,
{
    loaded_or(resource, show, problem_page)
}

fn loaded_or<T>(
    resource: Resource<Result<T, AppError>>,
    show: impl Fn(T) -> AnyView + Clone + Send + Sync + 'static,
    problem: fn(&AppError) -> AnyView,
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
    told(error, false)
}

/// An error in place of a page.
#[must_use]
pub fn problem_page(error: &AppError) -> AnyView {
    let title = match as_told(error) {
        AppError::NotFound => "Not found",
        AppError::SignInRequired => "Log in",
        _ => "Not possible",
    };
    view! {
        <leptos_meta::Title text=title/>
        <main class=main_class() id="main" tabindex="-1">{told(error, true)}</main>
    }
    .into_any()
}

/// Who is not logged in is told to do that first: it may be all that is missing.
fn as_told(error: &AppError) -> &AppError {
    match error {
        AppError::Forbidden(_) if use_viewer().user.is_none() => &AppError::SignInRequired,
        other => other,
    }
}

fn told(error: &AppError, whole: bool) -> AnyView {
    let error = as_told(error);
    PageStatus::set_error(error);
    match error {
        AppError::NotFound => not_found(whole),
        AppError::SignInRequired => sign_in_first(whole),
        other => message(whole, words::error(other)),
    }
}

/// A page has one heading of the first level; content below it has others.
fn heading(whole: bool, text: String) -> AnyView {
    if whole {
        view! { <h1 class="empty__title">{text}</h1> }.into_any()
    } else {
        view! { <h2 class="empty__title">{text}</h2> }.into_any()
    }
}

fn message(whole: bool, title: String) -> AnyView {
    view! {
        <div class="empty" data-size="page" role="alert">
            <Icon name="warning"/>
            {heading(whole, title)}
            <p class="empty__text">"Go back, or reload the page."</p>
        </div>
    }
    .into_any()
}

fn sign_in_first(whole: bool) -> AnyView {
    view! {
        <div class="empty" data-size="page">
            <Icon name="lock"/>
            {heading(whole, "Log in to see this".to_owned())}
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
pub fn sign_in_href() -> impl Fn() -> String + Copy + Send + Sync + 'static {
    let path = leptos_router::hooks::use_location().pathname;
    let at_apex = use_viewer().org().is_none();
    move || match path.get().as_str() {
        _ if at_apex => "/sign-in".into(),
        "/" => "/sign-in".into(),
        path => ["/sign-in?return=", path].concat(),
    }
}

fn not_found(whole: bool) -> AnyView {
    view! {
        <div class="empty" data-size="page">
            <p class="empty__code">"404"</p>
            {heading(whole, "There is nothing here".to_owned())}
            <p class="empty__text">"The address is wrong, or what was here is gone."</p>
            <div class="empty__actions"><a class="button" href="/">"To the start"</a></div>
        </div>
    }
    .into_any()
}

/// The page for every address that is nobody's; answers 404.
#[component]
pub fn NotFound() -> impl IntoView {
    problem_page(&AppError::NotFound)
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
