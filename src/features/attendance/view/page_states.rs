//! What attendance can be (§9.6): each state with its meaning, and the forms to change them.

use super::parts::{crumbs, tabs};
use crate::{
    features::attendance::{
        api::{CreateState, DeleteState, EditState, read_states},
        model::{
            Tone, UsedFor,
            pages::{StateLine, StatesPage},
        },
    },
    ui::{Checkbox, CommandForm, Field, Page, Select, Submit, loaded_page, parts::Pill, reading},
};
use leptos::{prelude::*, server_fn::ServerFn};

/// The page `/attendance/states`.
#[component]
pub fn PageStates() -> impl IntoView {
    let page = reading(|| (), |()| read_states());
    loaded_page(page, show)
}

fn show(page: StatesPage) -> AnyView {
    let may = page.may;
    let next = page.states.len();
    let rows = page
        .states
        .into_iter()
        .enumerate()
        .map(|(at, state)| row(state, at, may))
        .collect_view();
    let new = may.then(|| new_state(next));
    let meta = "Figures ask what a state means, never what it is called.";
    view! {
        <Page title="States of attendance" meta=meta crumbs=crumbs() width="reading">
            {tabs("/attendance/states", false)}
            <div class="stack">
                <ul class="list panel">{rows}</ul>
                {new}
            </div>
        </Page>
    }
    .into_any()
}

fn row(state: StateLine, at: usize, may: bool) -> AnyView {
    let choice = &state.choice;
    let mut meta = vec![choice.abbreviation.clone(), state.meaning.in_words()];
    if state.used_for != UsedFor::Nothing {
        meta.push(["used for ", &state.used_for.label().to_lowercase()].concat());
    }
    meta.push(match state.entries {
        0 => "no entries".to_owned(),
        1 => "1 entry".to_owned(),
        count => format!("{count} entries"),
    });
    if choice.deleted {
        meta.push("deleted".to_owned());
    }
    let (name, kind) = (choice.name.clone(), choice.tone.kind());
    let edit = (may && !choice.deleted).then(|| edit_state(&state, at));
    view! {
        <li class="list__row state">
            <div class="list__text">
                <p class="list__title"><Pill kind=kind text=name/></p>
                <p class="list__meta">{meta.join(" · ")}</p>
            </div>
            {edit}
        </li>
    }
    .into_any()
}

fn edit_state(state: &StateLine, at: usize) -> AnyView {
    let hidden = vec![
        ("state_id", state.choice.id.to_string()),
        ("version", state.version.to_string()),
    ];
    let label = ["Edit ", &state.choice.name].concat();
    let state = state.clone();
    view! {
        <details class="state__edit">
            <summary class="button" data-size="small" aria-label=label>"Edit"</summary>
            <CommandForm to=EditState::PATH hidden=hidden.clone()>
                {fields(Some(&state), at)}
                {agree(&state)}
                <div class="form__actions"><Submit label="Save state"/></div>
            </CommandForm>
            <CommandForm to=DeleteState::PATH hidden=hidden class="form state__delete">
                <div class="form__actions"><Submit label="Delete state" kind="danger"/></div>
            </CommandForm>
        </details>
    }
    .into_any()
}

/// To be ticked by who changes the meaning of what was recorded.
fn agree(state: &StateLine) -> Option<AnyView> {
    let entries = match state.entries {
        0 => return None,
        1 => "1 entry has".to_owned(),
        count => format!("{count} entries have"),
    };
    let hint = format!(
        "{entries} this state. Another name changes no figure; another meaning gives all of them another value."
    );
    let label = "Change what they count, if I change the meaning";
    Some(view! { <Checkbox name="agreed" label=label hint=hint/> }.into_any())
}

fn new_state(at: usize) -> AnyView {
    view! {
        <section class="panel">
            <header class="panel__head"><h2>"New state"</h2></header>
            <div class="panel__body">
                <CommandForm to=CreateState::PATH>
                    {fields(None, at)}
                    <div class="form__actions"><Submit label="Add state"/></div>
                </CommandForm>
            </div>
        </section>
    }
    .into_any()
}

fn fields(state: Option<&StateLine>, at: usize) -> AnyView {
    let name = state.map(|state| state.choice.name.clone());
    let short = state.map(|state| state.choice.abbreviation.clone());
    let credit = state.map_or_else(
        || "100".to_owned(),
        |state| state.meaning.credit.to_string(),
    );
    let excused = state.is_some_and(|state| state.meaning.excused);
    let counts = state.is_none_or(|state| state.meaning.counts);
    let used_for = state.map_or(UsedFor::Nothing, |state| state.used_for);
    let tone = state.map_or(Tone::Neutral, |state| state.choice.tone);
    let uses = UsedFor::ALL
        .iter()
        .map(|one| (one.as_str().to_owned(), one.label().to_owned()))
        .collect();
    let tones = Tone::ALL
        .iter()
        .map(|one| (one.as_str().to_owned(), one.label().to_owned()))
        .collect();
    view! {
        <div class="form__row">
            <Field name="state[name]" label="Name" value=name.unwrap_or_default() required=true/>
            <Field name="state[abbreviation]" label="Short form" value=short.unwrap_or_default() required=true/>
        </div>
        <div class="form__row">
            <Field name="state[credit]" label="Credit in per cent" value=credit required=true/>
            <Field name="state[order]" label="Place in the order" value=at.to_string() required=true/>
        </div>
        <Checkbox
            name="state[excused]"
            label="Excused"
            checked=excused
            hint="What is missing of the credit counts as accountable."
        />
        <Checkbox
            name="state[counts]"
            label="Counts"
            checked=counts
            hint="Else it is as if the operation had not been for them."
        />
        <div class="form__row">
            <Select
                name="state[used_for]"
                label="Used for"
                options=uses
                value=used_for.as_str()
                hint="What Muster enters by itself. One state for each."
                required=true
            />
            <Select name="state[tone]" label="Tone" options=tones value=tone.as_str() required=true/>
        </div>
    }
    .into_any()
}
