//! The requests of one group, for those who answer them: what waits, and what was answered.

use super::parts::{group_href, panel, said, state_pill, waiting_row};
use crate::{
    domain::AppError,
    features::joining::{
        api::read_requests,
        model::{Answered, RequestsPage},
    },
    ui::{Avatar, Empty, LocalTime, Page, live::Live, loaded_page, reading},
};
use leptos::prelude::*;
use leptos_router::hooks::use_params_map;

/// The page `/groups/{id}/requests`.
#[component]
pub fn RequestsPageView() -> impl IntoView {
    let params = use_params_map();
    let id = move || params.with(|params| params.get("id")).unwrap_or_default();
    let requests = reading(id, |id| async move {
        read_requests(id.parse().map_err(|_| AppError::NotFound)?).await
    });
    loaded_page(requests, show)
}

fn show(page: RequestsPage) -> AnyView {
    let crumbs = vec![
        ("/roster".to_owned(), "Roster".to_owned()),
        (group_href(page.group.id), page.group.name.clone()),
    ];
    let empty = page.waiting.is_empty() && page.past.is_empty();
    let empty = empty.then(|| {
        view! {
            <Empty
                icon="inbox"
                title="No requests yet"
                text="Who asks to join this group will stand here, and in the inbox of those who may answer."
            />
        }
    });
    let waiting = page.waiting.into_iter().map(waiting_row).collect();
    let past = page.past.into_iter().map(past_row).collect();
    view! {
        <Page title="Requests to join" meta=page.group.name width="reading" crumbs=crumbs>
            <Live/>
            <div class="stack">{empty}{panel("Waiting", waiting)}{panel("Answered", past)}</div>
        </Page>
    }
    .into_any()
}

fn past_row(request: Answered) -> AnyView {
    let who = match request.player {
        Some(player) => {
            let href = format!("/players/{player}");
            view! { <a class="list__title" href=href>{request.name.clone()}</a> }.into_any()
        }
        None => view! { <strong class="list__title">{request.name.clone()}</strong> }.into_any(),
    };
    let ended = request
        .actioned_at
        .map(|at| view! { " · "{request.by.clone()}", "<LocalTime at=at/> });
    view! {
        <li class="list__row request">
            <Avatar name=request.name.clone()/>
            <div class="list__text">
                <p>{who}</p>
                <p class="list__meta">"asked "<LocalTime at=request.at/>{ended}</p>
                {said(&request.name, &request.note)}
                {said(&request.by, &request.answer)}
            </div>
            {state_pill(request.state)}
        </li>
    }
    .into_any()
}
