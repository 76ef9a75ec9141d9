//! One billet: who could be put there and what speaks against it, and its form; and the text of all.

use super::{
    head::{OperationTab, operation_page},
    page_billets::{held, holder},
    parts::operation_href,
};
use crate::{
    domain::AppError,
    features::{
        criteria::view::{CriterionField, preview_button},
        operations::{
            api::{
                EditBillet, EditBillets, EmptyBillet, FillBillet, SetRelease, read_billet,
                read_plan,
            },
            input::stages::{EVERYBODY, KEPT, StageRow},
            model::{
                Held,
                answers::{BilletPage, CandidateLine, PlanPage},
                release::limits,
            },
        },
    },
    ui::{
        CellField, CellSelect, Checkbox, CommandForm, Field, Select, Submit, TextArea, loaded_page,
        reading,
    },
};
use leptos::{prelude::*, server_fn::ServerFn};
use leptos_router::hooks::use_params_map;

/// Empty rows below the stages.
const SPARE_STAGES: usize = 2;

/// The page `/operations/{id}/billets/{billet}`.
#[component]
pub fn PageBillet() -> impl IntoView {
    let params = use_params_map();
    let page = reading(
        move || params.with(|params| params.get("billet").unwrap_or_default()),
        |id: String| async move { read_billet(id.parse().map_err(|_| AppError::NotFound)?).await },
    );
    loaded_page(page, show)
}

fn show(page: BilletPage) -> AnyView {
    let back = [&operation_href(page.head.id), "/billets"].concat();
    let fill = (page.head.can.fill && page.open).then(|| filling(&page));
    let edit = page.head.can.plan.then(|| editing(&page));
    let needs = (!page.billet.needs.is_empty())
        .then(|| view! { <p>"Needs "{page.billet.needs.clone()}</p> });
    let content = view! {
        <div class="stack">
            <p><a href=back>"All billets"</a></p>
            <section class="panel billet-page">
                <h2>{page.billet.title.clone()}" "{held(&page.billet)}</h2>
                {needs}
                <p>{holder(page.billet.holder.as_ref())}</p>
            </section>
            {fill}
            {edit}
        </div>
    };
    operation_page(&page.head, OperationTab::Billets, content.into_any())
}

/// Who could be put there: those who fit first.
fn filling(page: &BilletPage) -> AnyView {
    let hidden = || vec![("billet_id", page.billet.id.to_string())];
    if let Some(holder) = &page.billet.holder {
        let label = format!("Empty: {} leaves it", holder.name);
        return view! {
            <CommandForm to=EmptyBillet::PATH hidden=hidden() class="form">
                <Submit label=label kind="danger"/>
            </CommandForm>
        }
        .into_any();
    }
    if page.billet.held == Held::Blocked {
        return view! { <p>"This billet is blocked: nobody fills it."</p> }.into_any();
    }
    if page.candidates.is_empty() {
        return view! { <p>"Nobody has signed up who could be put here."</p> }.into_any();
    }
    let options: Vec<(String, String)> = page.candidates.iter().map(candidate).collect();
    let mut fields = hidden();
    fields.push(("version", page.billet.version.to_string()));
    view! {
        <section class="panel">
            <h2>"Fill it"</h2>
            <CommandForm to=FillBillet::PATH hidden=fields class="form">
                <Select
                    name="rsvp_id"
                    label="Who"
                    options=options
                    hint="Those who meet the needs come first. What speaks against somebody stands behind their name."
                />
                <Submit label="Put them here"/>
            </CommandForm>
        </section>
    }
    .into_any()
}

fn candidate(one: &CandidateLine) -> (String, String) {
    let mut text = one.name.clone();
    if !one.fits {
        text.push_str(" — does not fit");
    }
    if !one.remarks.is_empty() {
        text.push_str(&format!(" ({})", one.remarks.join("; ")));
    }
    (one.rsvp.to_string(), text)
}

fn editing(page: &BilletPage) -> AnyView {
    let hidden = vec![
        ("billet_id", page.billet.id.to_string()),
        ("version", page.billet.version.to_string()),
    ];
    let billet = page.billet.clone();
    let sections = page.sections.iter();
    let sections = sections
        .map(|(id, name)| (id.to_string(), name.clone()))
        .collect();
    let holds = Held::ALL.iter();
    let holds = holds
        .map(|held| (held.as_str().to_owned(), held.label().to_owned()))
        .collect();
    let section = page.section.to_string();
    let (needs, choices) = (page.needs.clone(), page.choices.clone());
    view! {
        <section class="panel">
            <h2>"Change it"</h2>
            <CommandForm to=EditBillet::PATH hidden=hidden class="form">
                <Field name="billet[title]" label="Title" value=billet.title required=true/>
                <Field name="billet[text]" label="What is to be known" value=billet.text/>
                <Select name="billet[section_id]" label="Section" options=sections value=section/>
                <Select name="billet[held]" label="Who may fill it" options=holds value=billet.held.as_str()/>
                <Field name="billet[held_note]" label="For whom, or why" value=billet.held_note/>
                <CriterionField name="needs" label="Needs" rows=needs choices=choices/>
                <div class="form__actions">
                    <Submit label="Save the billet"/>
                    {preview_button()}
                </div>
            </CommandForm>
        </section>
    }
    .into_any()
}

/// The page `/operations/{id}/billets/edit`.
#[component]
pub fn PagePlan() -> impl IntoView {
    let params = use_params_map();
    let page = reading(
        move || params.with(|params| params.get("id").unwrap_or_default()),
        |id: String| async move { read_plan(id.parse().map_err(|_| AppError::NotFound)?).await },
    );
    loaded_page(page, show_plan)
}

fn show_plan(page: PlanPage) -> AnyView {
    let id = page.head.id.to_string();
    let hidden = vec![("operation_id", id.clone()), ("was", page.was.clone())];
    let releasing = vec![
        ("operation_id", id),
        ("version", page.head.version.to_string()),
    ];
    let (text, checked) = (page.text.clone(), page.self_service);
    let (stage_rows, ranks) = (page.stages, page.ranks);
    let back = [&operation_href(page.head.id), "/billets"].concat();
    let content = view! {
        <div class="stack">
            <p><a href=back>"All billets"</a></p>
            <section class="panel">
                <h2>"Sections and billets"</h2>
                <CommandForm to=EditBillets::PATH hidden=hidden class="form">
                    <TextArea
                        name="billets"
                        label="Billets"
                        value=text
                        rows="16"
                        hint="A line with # begins a section; every other line is a billet. After its title, separated by |: a text, its needs as JSON, reserved: for whom, or blocked: why. 4x Rifleman makes four. Whoever has a billet keeps it while its title stays."
                    />
                    <Submit label="Save the billets"/>
                </CommandForm>
            </section>
            <section class="panel">
                <h2>"Who takes billets themselves"</h2>
                <CommandForm to=SetRelease::PATH hidden=releasing class="form">
                    <Checkbox name="self_service" label="Members take free billets themselves" checked=checked/>
                    {stages(&stage_rows, &ranks)}
                    <Submit label="Save" kind=""/>
                </CommandForm>
            </section>
        </div>
    };
    operation_page(&page.head, OperationTab::Billets, content.into_any())
}

/// A row for each stage, with some to spare.
fn stages(stages: &[StageRow], ranks: &[(i64, String)]) -> AnyView {
    let mut choices = vec![
        (String::new(), "nobody yet: no stage".to_owned()),
        (EVERYBODY.to_owned(), "everybody".to_owned()),
    ];
    choices.extend(
        ranks
            .iter()
            .map(|(level, name)| (level.to_string(), format!("{name} and above"))),
    );
    let count = (stages.len() + SPARE_STAGES).min(limits::STAGES);
    let rows = stages.iter().cloned();
    let rows = rows.chain(std::iter::repeat_with(StageRow::default));
    let rows = rows.take(count).enumerate().map(|(at, row)| {
        let field = |part: &str| format!("stages[{at}][{part}]");
        let label = |what: &str| format!("Stage {}: {what}", at + 1);
        let mut options = choices.clone();
        let kept = (row.who == KEPT).then(|| {
            options.push((KEPT.to_owned(), "those of a rule that was imported".to_owned()));
            view! { <input type="hidden" name=field("kept") value=row.kept.clone()/> }
        });
        if !options.iter().any(|(value, _)| *value == row.who) {
            options.push((row.who.clone(), format!("level {} and above", row.who)));
        }
        view! {
            <li class="stage-row">
                {kept}
                <CellField
                    name=field("opens") label=label("hours after publishing") value=row.opens
                    placeholder="0".into() inputmode="numeric"
                />
                <span>"hours after publishing, for"</span>
                <CellSelect name=field("who") label=label("for whom") options=options value=row.who/>
            </li>
        }
    });
    view! {
        <fieldset class="stage-rows">
            <legend class="field__label">"Stages"</legend>
            <p class="field__hint">
                "The best qualified first, the others later. Without a stage, everybody at once."
            </p>
            <ol>{rows.collect_view()}</ol>
        </fieldset>
    }
    .into_any()
}
