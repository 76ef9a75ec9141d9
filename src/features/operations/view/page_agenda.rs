//! The agenda: what is coming, day by day, and what was.

use super::{
    answering::{answer_pill, buttons},
    parts::{category, counts_in_words, operation_href, state},
};
use crate::{
    domain::time::rfc3339,
    features::operations::{
        api::{AnswerOperation, read_agenda},
        model::{
            Answer, OperationState,
            pages::{AgendaPage, OperationLine},
        },
    },
    ui::{CommandForm, Empty, Icon, Page, live::Live, loaded_page, reading, use_viewer},
};
use leptos::{prelude::*, server_fn::ServerFn};
use leptos_router::hooks::use_query_map;

/// The page `/operations`, with `past` and `from` in its address.
#[component]
pub fn PageAgenda() -> impl IntoView {
    let query = use_query_map();
    let asked = Memo::new(move |_| {
        query.with(|query| {
            let past = query.get("past").is_some_and(|past| past == "true");
            (past, query.get("from").unwrap_or_default())
        })
    });
    let page = reading(
        move || asked.get(),
        |(past, from): (bool, String)| read_agenda(past, from),
    );
    loaded_page(page, show)
}

fn show(page: AgendaPage) -> AnyView {
    let meta = format!("Times are in {}.", page.zone);
    let (tabs, list, pager) = (tabs(page.past), list(&page), pager(&page));
    let actions = actions(&page);
    view! {
        <Page title="Operations" meta=meta width="reading" actions=actions>
            <Live/>
            {tabs}
            {list}
            {pager}
        </Page>
    }
    .into_any()
}

fn actions(page: &AgendaPage) -> AnyView {
    let plan = page.plans.then(|| {
        view! {
            <a class="button" data-kind="primary" href="/operations/new">
                <Icon name="plus"/>
                "Plan operation"
            </a>
        }
    });
    let setup = page.configures.then(|| {
        view! { <a class="button" data-kind="quiet" href="/operations/setup">"Set up"</a> }
    });
    view! { {setup}{plan} }.into_any()
}

fn tabs(past: bool) -> AnyView {
    let current = |is: bool| is.then_some("page");
    let members = use_viewer().player.is_some().then(|| {
        view! {
            <a href="/attendance">"Attendance"</a>
            <a href="/absence">"Leave"</a>
        }
    });
    view! {
        <nav class="tabs" aria-label="Which">
            <a href="/operations" aria-current=current(!past)>"Coming"</a>
            <a href="/operations?past=true" aria-current=current(past)>"Past"</a>
            {members}
            <a href="/calendar">"Calendar"</a>
        </nav>
    }
    .into_any()
}

fn list(page: &AgendaPage) -> AnyView {
    if page.operations.is_empty() {
        let (title, text) = match page.past {
            true => ("Nothing yet", "Operations that are over stand here."),
            false => (
                "Nothing is planned",
                "What the organisation does together, and when, stands here.",
            ),
        };
        return view! { <Empty icon="operations" title=title text=text/> }.into_any();
    }
    let days = page
        .operations
        .chunk_by(|one, other| one.day == other.day)
        .map(|day| {
            let heading = day[0].day.clone();
            let rows = day.iter().map(row).collect_view();
            view! {
                <section class="agenda__day">
                    <h2 class="agenda__date">{heading}</h2>
                    <ul class="list panel">{rows}</ul>
                </section>
            }
        });
    view! { <div class="agenda">{days.collect_view()}</div> }.into_any()
}

fn row(operation: &OperationLine) -> AnyView {
    let href = operation_href(operation.id);
    let cancelled = (operation.state == OperationState::Cancelled).then_some("cancelled");
    let mut meta = vec![operation.when.length.clone(), operation.group.clone()];
    if !operation.place.is_empty() {
        meta.push(operation.place.clone());
    }
    meta.extend(
        operation
            .billet
            .iter()
            .map(|billet| format!("you are {billet}")),
    );
    if !operation.state.is_unpublished() {
        meta.push(counts_in_words(operation.counts, operation.capacity));
    }
    view! {
        <li class="list__row agenda__row" data-state=cancelled>
            <time class="agenda__clock" datetime=rfc3339(operation.when.starts_at)>
                {operation.clock.clone()}
            </time>
            <div class="list__text">
                <p class="agenda__title">
                    <a class="list__title" href=href>{operation.title.clone()}</a>
                    {operation.category.as_ref().map(category)}
                    {state(operation.state)}
                </p>
                <p class="list__meta">{meta.join(" · ")}</p>
                {answer(operation)}
            </div>
            <span class="agenda__countdown">{operation.when.countdown.clone()}</span>
        </li>
    }
    .into_any()
}

/// What the viewer said, and the buttons to say something else in one tap.
fn answer(operation: &OperationLine) -> Option<AnyView> {
    if !operation.open {
        return operation
            .mine
            .map(|mine| answer_pill(mine, operation.waits));
    }
    let hidden = vec![("operation_id", operation.id.to_string())];
    let buttons = buttons(operation.mine, operation.only_off);
    let waits = operation
        .waits
        .then(|| answer_pill(Answer::Attending, true));
    Some(
        view! {
            <CommandForm to=AnswerOperation::PATH hidden=hidden class="answering__row">
                {buttons}
                {waits}
            </CommandForm>
        }
        .into_any(),
    )
}

fn pager(page: &AgendaPage) -> Option<AnyView> {
    let past = if page.past { "past=true&" } else { "" };
    let next = page.next.as_ref().map(|next| {
        let href = format!("/operations?{past}from={next}");
        let label = if page.past { "Earlier" } else { "Later" };
        view! { <a class="button" href=href>{label}</a> }
    })?;
    Some(
        view! {
            <nav class="pager" aria-label="Pages"><span class="pager__text"></span>{next}</nav>
        }
        .into_any(),
    )
}
