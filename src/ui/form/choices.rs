//! Boxes to tick and choices to make.

use super::{Control, FieldName, use_form};
use crate::{
    domain::access::{AccessSet, Action, Missing},
    ui::{RankInsignia, words},
};
use leptos::prelude::*;

/// Yes or no.
#[component]
pub fn Checkbox(
    /// Name of the argument, a `bool` with `#[server(default)]`.
    #[prop(into)]
    name: FieldName,
    /// What people read.
    #[prop(into)]
    label: String,
    /// Checked before anybody touches it.
    #[prop(optional)]
    checked: bool,
    /// What helps to decide.
    #[prop(optional, into)]
    hint: String,
) -> impl IntoView {
    choice(
        "checkbox",
        name,
        "true".to_owned(),
        label,
        checked,
        hint,
        false,
    )
}

/// A box before a thing in a list, to choose several of them. The name ends with `[]`.
#[component]
pub fn PickRow(
    /// Name of the argument, with `[]`.
    name: &'static str,
    /// What is sent.
    value: String,
    /// What is chosen; read by those who cannot see the row.
    #[prop(into)]
    label: String,
) -> impl IntoView {
    let checked = use_form().is_checked(name, &value, false);
    view! {
        <label class="check">
            <input type="checkbox" name=name value=value checked=checked aria-label=label/>
        </label>
    }
}

/// One of several, each with its own words.
#[component]
pub fn Radio(
    /// Name of the argument.
    #[prop(into)]
    name: FieldName,
    /// What is sent.
    #[prop(into)]
    value: String,
    /// What people read.
    #[prop(into)]
    label: String,
    /// Chosen before anybody touches it.
    #[prop(optional)]
    checked: bool,
    /// What helps to decide.
    #[prop(optional, into)]
    hint: String,
) -> impl IntoView {
    choice("radio", name, value, label, checked, hint, false)
}

/// One of several that may be chosen together.
#[component]
pub fn Pick(
    /// Name of the argument, a `Vec` with `#[server(default)]`: `things[]`.
    #[prop(into)]
    name: FieldName,
    /// What is sent.
    #[prop(into)]
    value: String,
    /// What people read.
    #[prop(into)]
    label: String,
    /// Chosen before anybody touches it.
    #[prop(optional)]
    checked: bool,
    /// What helps to decide.
    #[prop(optional, into)]
    hint: String,
) -> impl IntoView {
    choice("checkbox", name, value, label, checked, hint, false)
}

fn choice(
    kind: &'static str,
    name: FieldName,
    value: String,
    label: String,
    checked: bool,
    hint: String,
    disabled: bool,
) -> AnyView {
    let checked = use_form().is_checked(&name, &value, checked);
    view! {
        <label class="check">
            <input type=kind name=name value=value checked=checked disabled=disabled/>
            <span>
                {label}
                {(!hint.is_empty()).then(|| view! { <span class="check__hint">{hint}</span> })}
            </span>
        </label>
    }
    .into_any()
}

/// Several boxes that make one list, under one heading.
#[component]
pub fn CheckSet(
    /// Name of the argument with `[]`, a `Vec` with `#[server(default)]`.
    #[prop(into)]
    name: FieldName,
    /// What people read above them.
    #[prop(into)]
    label: String,
    /// Value and text of each box.
    options: Vec<(String, String)>,
    /// The values checked before anybody touches them.
    checked: Vec<String>,
    /// What helps to choose.
    #[prop(optional, into)]
    hint: String,
) -> impl IntoView {
    let control = Control {
        state: use_form(),
        name: name.clone(),
        has_hint: !hint.is_empty(),
    };
    control.is_called(&label);
    let boxes = options.into_iter().map(|(value, text)| {
        let checked = checked.contains(&value);
        let no_hint = String::new();
        choice(
            "checkbox",
            name.clone(),
            value,
            text,
            checked,
            no_hint,
            false,
        )
    });
    view! {
        <fieldset
            class="field form__set"
            data-kind="options"
            id=control.id()
            data-state=control.is_wrong().then_some("error")
            aria-describedby=control.described_by()
        >
            <legend class="field__label">{label}</legend>
            {control.has_hint.then(|| view! { <p class="field__hint" id=control.part("hint")>{hint}</p> })}
            {boxes.collect_view()}
            {control.problem()}
        </fieldset>
    }
    .into_any()
}

/// The problem of a field whose controls stand apart, such as radios in several rows.
#[component]
pub fn Complaint(
    /// Name of the argument.
    #[prop(into)]
    name: FieldName,
    /// What people read at it.
    #[prop(into)]
    label: String,
) -> impl IntoView {
    let control = Control {
        state: use_form(),
        name,
        has_hint: false,
    };
    control.is_called(&label);
    view! {
        <div class="field" id=control.id() data-state=control.is_wrong().then_some("error")>
            {control.problem()}
        </div>
    }
    .into_any()
}

/// What something grants (§3.2, §3.4): a box for each action that can be given. One that the editor
/// may not give is disabled and says why; but what was given before can always be left or taken.
#[component]
pub fn AccessBoxes(
    /// What the boxes are about.
    legend: &'static str,
    /// One line beneath it.
    hint: &'static str,
    /// What can be given, and why the editor may not.
    offers: Vec<(Action, Option<Missing>)>,
    /// What is given now.
    given: AccessSet,
) -> impl IntoView {
    let id = use_form().control_id("access");
    let boxes = offers.into_iter().map(|(action, missing)| {
        let is_given = given.has(action);
        let missing = missing.filter(|_| !is_given);
        let mut label = action.label().to_owned();
        label[..1].make_ascii_uppercase();
        let why = missing.map(words::missing).unwrap_or_default();
        let refused = missing.is_some();
        choice(
            "checkbox",
            "access[]".into(),
            action.id().to_owned(),
            label,
            is_given,
            why,
            refused,
        )
    });
    view! {
        <fieldset class="form__set" data-kind="options" id=id>
            <legend>{legend}</legend>
            <p class="field__hint">{hint}</p>
            {boxes.collect_view()}
        </fieldset>
    }
}

/// One of several pictures: the insignia of ranks.
#[component]
pub fn Tile(
    /// Name of the argument.
    name: &'static str,
    /// What is sent; also the symbol that is shown. Empty for none.
    value: String,
    /// What people read who do not see it.
    label: String,
    /// Chosen before anybody touches it.
    checked: bool,
) -> impl IntoView {
    let checked = use_form().is_checked(name, &value, checked);
    let nothing = value.is_empty().then_some("–");
    view! {
        <label class="tile">
            <input type="radio" name=name value=value.clone() checked=checked/>
            <RankInsignia symbol=value/>
            {nothing}
            <span class="visually-hidden">{label}</span>
        </label>
    }
}
