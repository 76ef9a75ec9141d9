//! The billet board: sections as columns, billets as slots, and a tray of those who signed up.
//!
//! Whoever is chosen in the tray stands in the address; the server then draws at each slot what
//! speaks for and against them. So it works by mouse, touch, keyboard, and without JavaScript.

use super::{
    head::{OperationTab, operation_page},
    page_billets::{held, holder},
    parts::operation_href,
};
use crate::{
    domain::AppError,
    features::operations::{
        api::{EmptyBillet, FillBillet, read_board},
        model::{
            Answer,
            answers::{BilletLine, BoardPage, SectionLines, TrayLine, Verdict},
        },
    },
    ui::{CommandForm, Empty, loaded_page, parts::Pill, reading},
};
use leptos::{prelude::*, server_fn::ServerFn};
use leptos_router::hooks::{use_params_map, use_query_map};

/// The page `/operations/{id}/board`, with `who` in its address.
#[component]
pub fn PageBoard() -> impl IntoView {
    let (params, query) = (use_params_map(), use_query_map());
    let asked = move || {
        let id = params.with(|params| params.get("id").unwrap_or_default());
        (id, query.with(|query| query.get("who").unwrap_or_default()))
    };
    let page = reading(asked, |(id, who): (String, String)| async move {
        let id = id.parse().map_err(|_| AppError::NotFound)?;
        read_board(id, who.parse().ok()).await
    });
    loaded_page(page, show)
}

fn show(page: BoardPage) -> AnyView {
    let back = [&operation_href(page.head.id), "/billets"].concat();
    let sections = page.sections.iter().map(|one| section(&page, one));
    let content = view! {
        <div class="stack">
            <p><a href=back>"All billets"</a></p>
            <div class="board">
                {tray(&page)}
                <div class="board__sections">{sections.collect_view()}</div>
            </div>
        </div>
    };
    operation_page(&page.head, OperationTab::Billets, content.into_any())
}

fn tray(page: &BoardPage) -> AnyView {
    if page.tray.is_empty() {
        return view! {
            <Empty icon="members" title="Nobody yet" text="Whoever signs up stands here."/>
        }
        .into_any();
    }
    let board = [&operation_href(page.head.id), "/board"].concat();
    let rows = page.tray.iter().map(|line| tray_row(page, line, &board));
    let stop = page
        .who
        .map(|_| view! { <a href=board.clone()>"Choose nobody"</a> });
    view! {
        <section class="panel board__tray" aria-label="Signed up">
            <p class="board__hint">
                "Choose somebody; every billet then says what speaks for and against them. "{stop}
            </p>
            <ul class="board__people">{rows.collect_view()}</ul>
        </section>
    }
    .into_any()
}

fn tray_row(page: &BoardPage, line: &TrayLine, board: &str) -> AnyView {
    let chosen = page.who == Some(line.rsvp);
    let href = format!("{board}?who={}", line.rsvp);
    let choose = href.clone();
    let mut meta: Vec<String> = Some(line.rank.clone()).into_iter().collect();
    meta.extend(line.billet.iter().map(|billet| format!("is {billet}")));
    if !line.wishes.is_empty() {
        meta.push(["would like ", &line.wishes.join(", ")].concat());
    }
    meta.retain(|part| !part.is_empty());
    let clash = line
        .clashes
        .then(|| view! { <Pill kind="warn" text="Clash"/> });
    let maybe = (line.answer != Answer::Attending)
        .then(|| view! { <Pill kind="info" text=line.answer.label()/> });
    view! {
        <li class="board__item">
            <span
                class="drag-handle"
                aria-hidden="true"
                data-drag=""
                data-open=choose
                data-name=line.name.clone()
            ></span>
            <a
                class="board__person"
                href=href
                aria-current=chosen.then_some("true")
                data-placed=line.billet.is_some().then_some("")
            >
                <span class="board__name">{line.name.clone()}</span>
                {maybe}{clash}
                <span class="list__meta">{meta.join(" · ")}</span>
            </a>
        </li>
    }
    .into_any()
}

fn section(page: &BoardPage, section: &SectionLines) -> AnyView {
    let slots = section.billets.iter().map(|line| slot(page, line));
    view! {
        <section class="panel board__section">
            <h2 class="billets__title">{section.name.clone()}</h2>
            <ul class="board__slots">{slots.collect_view()}</ul>
        </section>
    }
    .into_any()
}

fn slot(page: &BoardPage, line: &BilletLine) -> AnyView {
    let verdict = page.verdicts.get(&line.id);
    let (kind, reason, label) = match verdict {
        None => (None, None, None),
        Some(Verdict::Here) => (Some("here"), Some("Is here".to_owned()), None),
        Some(Verdict::Fits) => (Some("ok"), Some("Fits".to_owned()), Some("Put here")),
        Some(Verdict::Doubts(why)) => (Some("warn"), Some(why.clone()), Some("Put here")),
        Some(Verdict::Lacks(why)) => {
            let why = ["Lacks: ", why].concat();
            (Some("bad"), Some(why), Some("Put here anyway"))
        }
        Some(Verdict::Never(why)) => (Some("bad"), Some(why.clone()), None),
    };
    let fill = page.who.zip(label).filter(|_| page.open).map(|(who, label)| {
        let hidden = vec![
            ("billet_id", line.id.to_string()),
            ("version", line.version.to_string()),
            ("rsvp_id", who.to_string()),
        ];
        let spoken = [label, ": ", &line.title].concat();
        view! {
            <CommandForm to=FillBillet::PATH hidden=hidden class="billets__act">
                <button class="button" data-size="small" data-put="" aria-label=spoken>{label}</button>
            </CommandForm>
        }
    });
    let empty = (page.open && line.holder.is_some() && page.who.is_none()).then(|| {
        let hidden = vec![("billet_id", line.id.to_string())];
        let spoken = ["Empty ", &line.title].concat();
        view! {
            <CommandForm to=EmptyBillet::PATH hidden=hidden class="billets__act">
                <button class="button" data-size="small" aria-label=spoken>"Empty"</button>
            </CommandForm>
        }
    });
    let needs = (!line.needs.is_empty())
        .then(|| view! { <p class="list__meta">"Needs "{line.needs.clone()}</p> });
    let reason = reason.map(|reason| view! { <p class="board__verdict">{reason}</p> });
    view! {
        <li class="board__slot" data-place="" data-verdict=kind>
            <p><strong>{line.title.clone()}</strong>" "{held(line)}</p>
            {needs}
            <p class="billet__holder">{holder(line.holder.as_ref())}</p>
            {reason}
            {fill}{empty}
        </li>
    }
    .into_any()
}
