//! The sheet of an operation (§9.6): everybody by the group they were in, one row of buttons each.

use super::appeals::mine;
use crate::{
    domain::{AppError, AttendanceStateId},
    features::{
        attendance::{
            api::{FillSheet, OpenCheckIn, RecordList, RecordSheet, read_sheet},
            input::{row_key, seen},
            model::pages::{SheetGroup, SheetPage, SheetRow, StateChoice},
        },
        operations::{
            model::Answer,
            view::head::{OperationTab, operation_page},
        },
    },
    ui::{
        Checkbox, CommandForm, Empty, Field, LocalTime, Select, Submit, TextArea,
        form::was_chosen,
        loaded_page,
        parts::{CopyButton, Pill},
        reading, use_viewer,
    },
};
use leptos::{prelude::*, server_fn::ServerFn};
use leptos_router::hooks::{use_params_map, use_query_map};

/// The page `/operations/{id}/attendance`.
#[component]
pub fn PageSheet() -> impl IntoView {
    let params = use_params_map();
    let page = reading(
        move || params.with(|params| params.get("id").unwrap_or_default()),
        |id: String| async move { read_sheet(id.parse().map_err(|_| AppError::NotFound)?).await },
    );
    loaded_page(page, show)
}

fn show(page: SheetPage) -> AnyView {
    let content = content(&page);
    operation_page(&page.head, OperationTab::Attendance, content)
}

fn content(page: &SheetPage) -> AnyView {
    if !page.open {
        let (title, text) = if page.head.state.is_unpublished() {
            (
                "Not published yet",
                "Attendance is recorded here when the operation has begun.",
            )
        } else {
            (
                "Nobody was there yet",
                "Attendance is recorded here as soon as the operation begins.",
            )
        };
        return view! { <Empty icon="roster" title=title text=text/> }.into_any();
    }
    if page.groups.is_empty() {
        return view! {
            <Empty
                icon="roster"
                title="Nobody on the sheet"
                text="Those for whom the operation is, and those who answered, stand here."
            />
        }
        .into_any();
    }
    let (counts, mine, tools, sheet) = (counts(page), mine(page), tools(page), sheet(page));
    let (link, check_in) = (shown_link(), check_in(page));
    view! { <div class="stack sheet">{link}{counts}{mine}{tools}{check_in}{sheet}</div> }.into_any()
}

fn counts(page: &SheetPage) -> AnyView {
    let of = |id: AttendanceStateId| page.states.iter().find(|state| state.id == id);
    let pills = page.counts.iter().filter_map(|(id, count)| {
        let state = of(*id)?;
        let text = format!("{count} {}", state.name.to_lowercase());
        Some(view! { <Pill kind=state.tone.kind() text=text/> })
    });
    let rows = page.groups.iter().flat_map(|group| &group.rows);
    let open = rows.filter(|row| row.state.is_none()).count();
    let open = (open > 0).then(|| view! { <span>{open}" not recorded"</span> });
    view! { <p class="sheet__counts">{pills.collect_view()}{open}</p> }.into_any()
}

/// The quick ways: fill in, paste a list.
fn tools(page: &SheetPage) -> Option<AnyView> {
    page.may.then_some(())?;
    let id = page.head.id.to_string();
    let fill = |who: &'static str, label: &'static str| {
        view! {
            <form method="post" action=FillSheet::PATH data-command="">
                <input type="hidden" name="operation_id" value=id.clone()/>
                <button class="button" name="who" value=who>{label}</button>
            </form>
        }
    };
    let states = live(&page.states)
        .map(|state| (state.id.to_string(), state.name.clone()))
        .collect();
    let hidden = vec![("operation_id", id.clone())];
    Some(
        view! {
            <div class="toolbar">
                {fill("attending", "Who answered “attending” was present")}
                {fill("others", "Everybody else was absent")}
            </div>
            <details class="panel sheet__list">
                <summary class="panel__head"><h2>"Paste a list"</h2></summary>
                <div class="panel__body">
                    <CommandForm to=RecordList::PATH hidden=hidden>
                        <TextArea
                            name="text"
                            label="Names"
                            rows="6"
                            hint="One in a line, or a chat or dump. What follows a colon or a tab is left out, as are times and numbers before a name. Nothing is guessed."
                            required=true
                        />
                        <Select name="state_id" label="They were" options=states required=true/>
                        <Checkbox name="leave_out" label="Leave out names that nobody here has"/>
                        <div class="form__actions"><Submit label="Record list" kind=""/></div>
                    </CommandForm>
                </div>
            </details>
        }
        .into_any(),
    )
}

/// The link for checking in, right after it was made; it can be seen only now.
fn shown_link() -> Option<AnyView> {
    let secret = use_query_map().with_untracked(|query| query.get("check_in"))?;
    let viewer = use_viewer();
    let host = viewer.org().map(|org| org.url.as_str()).unwrap_or_default();
    let link = [host, "/check-in/", &secret].concat();
    Some(
        view! {
            <section class="banner" data-kind="ok" aria-label="Check-in">
                <div class="banner__text field">
                    <label class="banner__title" for="check-in-link">"Link for checking in"</label>
                    <p>"Whoever is there opens it and presses one button. It is shown only now."</p>
                    <input class="input" id="check-in-link" readonly=true value=link.clone()/>
                </div>
                <CopyButton text=link/>
            </section>
        }
        .into_any(),
    )
}

fn check_in(page: &SheetPage) -> Option<AnyView> {
    let open = page.check_in.as_ref().map(|open| {
        view! { <p class="list__meta">"The check-in is open until "<LocalTime at=open.until/>"."</p> }
    });
    let form = page.may_check_in.then(|| {
        let hidden = vec![("operation_id", page.head.id.to_string())];
        let label = if page.check_in.is_some() {
            "Make a new link"
        } else {
            "Open the check-in"
        };
        view! {
            <details class="panel sheet__list">
                <summary class="panel__head"><h2>"Check-in by link"</h2></summary>
                <div class="panel__body">
                    <CommandForm to=OpenCheckIn::PATH hidden=hidden>
                        <Field
                            name="minutes"
                            label="Good for so many minutes"
                            value="15"
                            hint="5 to 60. A link from before is good no more."
                            required=true
                        />
                        <div class="form__actions"><Submit label=label kind=""/></div>
                    </CommandForm>
                </div>
            </details>
        }
    });
    (open.is_some() || form.is_some()).then(|| view! { {open}{form} }.into_any())
}

fn live(states: &[StateChoice]) -> impl Iterator<Item = &StateChoice> {
    states.iter().filter(|state| !state.deleted)
}

fn sheet(page: &SheetPage) -> AnyView {
    if !page.may {
        return groups(page);
    }
    let hidden = vec![("operation_id", page.head.id.to_string())];
    let page = page.clone();
    view! {
        <CommandForm to=RecordSheet::PATH hidden=hidden class="form sheet__form">
            {groups(&page)}
            <Field
                name="reason"
                label="Why something is corrected"
                hint="Kept with each entry that you change."
            />
            <div class="form__actions sheet__save"><Submit label="Save attendance"/></div>
        </CommandForm>
    }
    .into_any()
}

/// The groups of a sheet; within a form that of `record_sheet` or of the report.
#[must_use]
pub(super) fn groups(page: &SheetPage) -> AnyView {
    let group = |group: &SheetGroup| {
        let title = if group.name.is_empty() {
            "Others".to_owned()
        } else {
            group.name.clone()
        };
        let rows = group
            .rows
            .iter()
            .map(|row| person(row, &page.states))
            .collect_view();
        view! {
            <section class="panel">
                <header class="panel__head"><h2>{title}</h2></header>
                <ul class="list">{rows}</ul>
            </section>
        }
    };
    page.groups.iter().map(group).collect_view().into_any()
}

fn person(row: &SheetRow, states: &[StateChoice]) -> AnyView {
    let href = format!("/players/{}", row.player);
    let mut meta = Vec::new();
    if !row.rank.is_empty() {
        meta.push(row.rank.clone());
    }
    if row.answer != Answer::None {
        meta.push(["answered ", &row.answer.label().to_lowercase()].concat());
    }
    if row.offered.is_some() {
        meta.push("on leave".to_owned());
    }
    if let Some(source) = row.source {
        meta.push(["from ", source.label()].concat());
    }
    let control = if row.may {
        choices(row, states)
    } else {
        recorded(row, states)
    };
    view! {
        <li class="list__row sheet__row">
            <div class="list__text">
                <a class="list__title" href=href>{row.name.clone()}</a>
                <p class="list__meta">{meta.join(" · ")}</p>
            </div>
            {control}
        </li>
    }
    .into_any()
}

fn recorded(row: &SheetRow, states: &[StateChoice]) -> AnyView {
    let state = row
        .state
        .and_then(|id| states.iter().find(|state| state.id == id));
    match state {
        Some(state) => view! { <Pill kind=state.tone.kind() text=state.name.clone()/> }.into_any(),
        None => view! { <span class="sheet__open">"not recorded"</span> }.into_any(),
    }
}

/// One row of buttons: nothing, and every state that can be chosen.
fn choices(row: &SheetRow, states: &[StateChoice]) -> AnyView {
    let name = format!("marks[{}]", row_key(row.player));
    let shown = row.state.or(row.offered);
    let before = (
        format!("seen[{}]", row_key(row.player)),
        seen(row.version, row.state),
    );
    let button = |value: String, short: String, long: String, kind: &'static str, chosen: bool| {
        view! { <Choice name=name.clone() value=value short=short long=long kind=kind chosen=chosen/> }
    };
    let offered = states
        .iter()
        .filter(|state| !state.deleted || row.state == Some(state.id));
    let buttons = offered.map(|state| {
        button(
            state.id.to_string(),
            state.abbreviation.clone(),
            state.name.clone(),
            state.tone.kind(),
            shown == Some(state.id),
        )
    });
    let nothing = button(
        String::new(),
        "–".to_owned(),
        "Not recorded".to_owned(),
        "none",
        shown.is_none(),
    );
    let label = ["Attendance of ", &row.name].concat();
    view! {
        <fieldset class="marks">
            <legend class="visually-hidden">{label}</legend>
            <input type="hidden" name=before.0 value=before.1/>
            {nothing}
            {buttons.collect_view()}
        </fieldset>
    }
    .into_any()
}

/// One of the buttons: a radio with the short form of a state on it.
#[component]
fn Choice(
    name: String,
    value: String,
    short: String,
    long: String,
    kind: &'static str,
    chosen: bool,
) -> impl IntoView {
    let chosen = was_chosen(&name, &value, chosen);
    let title = long.clone();
    view! {
        <label class="marks__choice" data-kind=kind title=title>
            <input type="radio" name=name value=value checked=chosen/>
            <span aria-hidden="true">{short}</span>
            <span class="visually-hidden">{long}</span>
        </label>
    }
}
