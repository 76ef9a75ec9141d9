//! The page on which an operation is moved to another day or time.

use super::parts::{crumbs, operation_href};
use crate::{
    domain::AppError,
    features::operations::{
        api::{MoveOperation, read_move},
        model::{OperationState, calendar::MovePage},
    },
    ui::{CommandForm, Field, Page, Submit, form::choices::Radio, loaded_page, reading},
};
use leptos::{prelude::*, server_fn::ServerFn};
use leptos_router::hooks::{use_params_map, use_query_map};

/// The page `/operations/{id}/move`, with `from` and `to` when it was dragged in the calendar.
#[component]
pub fn PageMove() -> impl IntoView {
    let (params, query) = (use_params_map(), use_query_map());
    let asked = move || {
        let id = params.with(|params| params.get("id").unwrap_or_default());
        let part = |name: &str| query.with(|query| query.get(name).unwrap_or_default());
        (id, part("from"), part("to"))
    };
    let page = reading(
        asked,
        |(id, from, to): (String, String, String)| async move {
            read_move(id.parse().map_err(|_| AppError::NotFound)?, from, to).await
        },
    );
    loaded_page(page, show)
}

fn show(page: MovePage) -> AnyView {
    let back = operation_href(page.id);
    let mut crumbs = crumbs();
    crumbs.push((back.clone(), page.title.clone()));
    let title = format!("Move {}", page.title);
    let meta = format!("It begins {}, {}.", page.now, page.zone);
    let content = if page.possible {
        form(&page, back)
    } else {
        let why = match page.state {
            OperationState::Cancelled => "It was cancelled. Let it take place again first.",
            _ => "It is over, so it stays where it was.",
        };
        view! { <p>{why}</p><p><a class="button" href=back>"Back"</a></p> }.into_any()
    };
    view! { <Page title=title meta=meta width="form" crumbs=crumbs>{content}</Page> }.into_any()
}

fn form(page: &MovePage, back: String) -> AnyView {
    let hidden = vec![
        ("operation_id", page.id.to_string()),
        ("version", page.version.to_string()),
    ];
    let in_series = page.in_series;
    let hint = format!("In {}.", page.zone);
    let (date, time) = (page.date.clone(), page.time.clone());
    view! {
        <CommandForm to=MoveOperation::PATH hidden=hidden>
            <Field name="date" label="Day" kind="date" value=date required=true/>
            <Field name="time" label="Time" kind="time" value=time hint=hint required=true/>
            {in_series.then(which)}
            <div class="form__actions">
                <Submit label="Move"/>
                <a class="button" href=back>"Cancel"</a>
            </div>
        </CommandForm>
    }
    .into_any()
}

fn which() -> AnyView {
    view! {
        <fieldset class="form__set" data-kind="options">
            <legend>"Which"</legend>
            <Radio name="scope" value="this" label="This one" checked=true/>
            <Radio name="scope" value="following" label="This one and those that follow"/>
        </fieldset>
    }
    .into_any()
}
