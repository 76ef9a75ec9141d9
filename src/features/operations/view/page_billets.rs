//! The billets of an operation: who has which, and what the viewer can do with each.

use super::{
    head::{OperationTab, operation_page},
    parts::operation_href,
};
use crate::{
    domain::AppError,
    features::operations::{
        api::{AwaitBillet, EmptyBillet, LeaveBillet, PreferBillets, TakeBillet, read_billets},
        model::{
            Held,
            answers::{BilletLine, BilletsPage, Chance, Holder, SectionLines},
            limits,
        },
    },
    ui::{CommandForm, Empty, Select, Submit, loaded_page, parts::Pill, reading},
};
use leptos::{prelude::*, server_fn::ServerFn};
use leptos_router::hooks::use_params_map;

/// Preferences that the form offers; the whole list may be longer.
const PREFERENCES: usize = 3;

/// The page `/operations/{id}/billets`.
#[component]
pub fn PageBillets() -> impl IntoView {
    let params = use_params_map();
    let page = reading(
        move || params.with(|params| params.get("id").unwrap_or_default()),
        |id: String| async move { read_billets(id.parse().map_err(|_| AppError::NotFound)?).await },
    );
    loaded_page(page, show)
}

fn show(page: BilletsPage) -> AnyView {
    let content = view! {
        <div class="stack">
            {actions(&page)}
            {how(&page)}
            {sections(&page)}
            {preferences(&page)}
        </div>
    };
    operation_page(&page.head, OperationTab::Billets, content.into_any())
}

fn actions(page: &BilletsPage) -> Option<AnyView> {
    let here = operation_href(page.head.id);
    let plan = page.head.can.plan.then(|| {
        view! { <a class="button" href=[&here, "/billets/edit"].concat()>"Edit billets"</a> }
    });
    let filled = page.head.can.fill && page.open && !page.sections.is_empty();
    let fill = filled.then(|| {
        view! {
            <a class="button" href=[&here, "/board"].concat()>"Billet board"</a>
            <a class="button" href=[&here, "/suggest"].concat()>"Suggest"</a>
        }
    });
    (plan.is_some() || fill.is_some())
        .then(|| view! { <div class="billets__actions">{fill}{plan}</div> }.into_any())
}

/// How people come to a billet here.
fn how(page: &BilletsPage) -> Option<AnyView> {
    if page.sections.is_empty() {
        return None;
    }
    let text = match (page.self_service, page.comes) {
        (false, _) => "The leaders of this operation fill its billets.",
        (true, true) => "Take a free billet, or wait for one.",
        (true, false) => "Whoever comes takes a free billet: answer the operation first.",
    };
    let stages = page
        .stages
        .iter()
        .map(|stage| view! { <li>{stage.clone()}</li> });
    let stages = (!page.stages.is_empty())
        .then(|| view! { <ul class="billets__stages">{stages.collect_view()}</ul> });
    Some(view! { <div class="billets__how"><p>{text}</p>{stages}</div> }.into_any())
}

fn sections(page: &BilletsPage) -> AnyView {
    if page.sections.is_empty() {
        return view! {
            <Empty
                icon="operations"
                title="No billets"
                text="Whoever plans the operation can give it sections and billets."
            />
        }
        .into_any();
    }
    let sections = page.sections.iter().map(|one| section(page, one));
    view! { <div class="billets">{sections.collect_view()}</div> }.into_any()
}

fn section(page: &BilletsPage, section: &SectionLines) -> AnyView {
    let filled = section
        .billets
        .iter()
        .filter(|line| line.holder.is_some())
        .count();
    let count = format!("{filled}/{}", section.billets.len());
    let rows = section.billets.iter().map(|line| row(page, line));
    view! {
        <section class="billets__section">
            <h2 class="billets__title">{section.name.clone()}" "<span class="tabs__count">{count}</span></h2>
            <ul class="list panel">{rows.collect_view()}</ul>
        </section>
    }
    .into_any()
}

fn row(page: &BilletsPage, line: &BilletLine) -> AnyView {
    let leads = page.head.can.fill || page.head.can.plan;
    let title = match leads {
        true => {
            let href = format!("{}/billets/{}", operation_href(page.head.id), line.id);
            view! { <a class="list__title" href=href>{line.title.clone()}</a> }.into_any()
        }
        false => view! { <span class="list__title">{line.title.clone()}</span> }.into_any(),
    };
    let mut meta: Vec<String> = Vec::new();
    meta.extend(Some(line.text.clone()).filter(|text| !text.is_empty()));
    if !line.needs.is_empty() {
        meta.push(["Needs ", &line.needs].concat());
    }
    if line.waiting > 0 {
        meta.push(format!("{} waiting", line.waiting));
    }
    let (reason, act) = chance(page, line);
    let empty = (page.head.can.fill && page.open && line.holder.is_some()).then(|| {
        let hidden = vec![("billet_id", line.id.to_string())];
        let spoken = ["Empty ", &line.title].concat();
        view! {
            <CommandForm to=EmptyBillet::PATH hidden=hidden class="billets__act">
                <button class="button" data-size="small" aria-label=spoken>"Empty"</button>
            </CommandForm>
        }
    });
    view! {
        <li class="list__row billet" data-state=state(line)>
            <div class="list__text">
                <p>{title}" "{held(line)}</p>
                <p class="list__meta">{meta.join(" · ")}</p>
                {reason.map(|reason| view! { <p class="billet__reason">{reason}</p> })}
            </div>
            <div class="billet__holder">{holder(line.holder.as_ref())}</div>
            {act}{empty}
        </li>
    }
    .into_any()
}

fn state(line: &BilletLine) -> &'static str {
    match (&line.holder, line.held) {
        (Some(_), _) => "filled",
        (None, Held::Blocked) => "blocked",
        (None, Held::Reserved) => "reserved",
        (None, Held::Open) => "free",
    }
}

/// That nobody takes it by themself, and why.
pub(super) fn held(line: &BilletLine) -> Option<AnyView> {
    if line.held == Held::Open {
        return None;
    }
    let text = match line.held_note.as_str() {
        "" => line.held.label().to_owned(),
        note => format!("{}: {note}", line.held.label()),
    };
    Some(view! { <Pill kind="info" text=text/> }.into_any())
}

/// Who has it.
pub(super) fn holder(holder: Option<&Holder>) -> AnyView {
    let Some(holder) = holder else {
        return view! { <span class="billet__free">"Free"</span> }.into_any();
    };
    match (holder.player, holder.name.as_str()) {
        (_, "") => view! { <span>"Filled"</span> }.into_any(),
        (Some(player), name) => {
            let href = format!("/players/{player}");
            view! { <a href=href>{name.to_owned()}</a> }.into_any()
        }
        (None, name) => view! { <span>{name.to_owned()}" (guest)"</span> }.into_any(),
    }
}

/// What the viewer can do with a billet, and why not more.
fn chance(page: &BilletsPage, line: &BilletLine) -> (Option<String>, Option<AnyView>) {
    let hidden = vec![("billet_id", line.id.to_string())];
    let spoken = |what: &str| format!("{what}: {}", line.title);
    let one = |to: &'static str, kind: &'static str, label: &'static str, waits: bool| {
        let mut hidden = hidden.clone();
        if waits {
            hidden.push(("waits", "true".to_owned()));
        }
        let (spoken, kind) = (spoken(label), Some(kind).filter(|kind| !kind.is_empty()));
        Some(
            view! {
                <CommandForm to=to hidden=hidden class="billets__act">
                    <button class="button" data-size="small" data-kind=kind aria-label=spoken>{label}</button>
                </CommandForm>
            }
            .into_any(),
        )
    };
    match &line.chance {
        Chance::None => (None, None),
        _ if !page.open => (None, None),
        Chance::Mine => (None, one(LeaveBillet::PATH, "", "Leave", false)),
        Chance::Take => (None, one(TakeBillet::PATH, "primary", "Take", false)),
        Chance::Wait => (None, one(AwaitBillet::PATH, "", "Wait for it", true)),
        Chance::Waiting(turn) => (
            Some(format!("You wait for it: number {turn}.")),
            one(AwaitBillet::PATH, "", "Stop waiting", false),
        ),
        Chance::Later(_, at) => (Some(format!("Opens to you on {at}.")), None),
        Chance::Lacks(lacks) => (Some(format!("You lack: {lacks}.")), None),
    }
}

/// What the viewer would like, for those who fill the billets.
fn preferences(page: &BilletsPage) -> Option<AnyView> {
    if !page.open || !page.comes || page.sections.is_empty() {
        return None;
    }
    let mut options = vec![(String::new(), "No preference".to_owned())];
    let mut chosen = vec![String::new(); limits::PREFERENCES];
    for section in &page.sections {
        for line in section
            .billets
            .iter()
            .filter(|line| line.held == Held::Open)
        {
            let label = format!("{} · {}", section.name, line.title);
            options.push((line.id.to_string(), label));
            let at = line.preference.and_then(|at| usize::try_from(at - 1).ok());
            if let Some(slot) = at.and_then(|at| chosen.get_mut(at)) {
                *slot = line.id.to_string();
            }
        }
    }
    let selects = (1..=PREFERENCES).zip(chosen).map(move |(number, value)| {
        let label = format!("Preference {number}");
        view! { <Select name=format!("billets[{}]", number - 1) label=label options=options.clone() value=value/> }
    });
    let hidden = vec![("operation_id", page.head.id.to_string())];
    Some(
        view! {
            <section class="panel billets__preferences">
                <h2>"What I would like"</h2>
                <CommandForm to=PreferBillets::PATH hidden=hidden class="form">
                    {selects.collect_view()}
                    <Submit label="Save my preferences" kind=""/>
                </CommandForm>
            </section>
        }
        .into_any(),
    )
}
