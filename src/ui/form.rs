//! Forms that send commands, the same with and without JavaScript.
//!
//! A form is a plain `<form method="post">` to the endpoint of a server function:
//!
//! ```text
//! <CommandForm to=CreateGroup::PATH hidden=vec![("parent_id", id.to_string())]>
//!     <Field name="name" label="Name" required=true/>
//!     <Submit label="Create group"/>
//! </CommandForm>
//! ```
//!
//! - Without JavaScript the server sends the browser back to the page, and the fields show what was
//!   typed and what is wrong with it from [`Viewer::flash`](crate::domain::viewer::Viewer).
//! - With JavaScript `browser` sends the same fields by fetch, reads `Outcome` or `AppError`, and
//!   puts the error into the same places of the form. Nothing is drawn anew, so nothing typed is
//!   lost.
//!
//! The views here run on the server only (see `drawn`). Tiny forms of one button (undo, revoke) are
//! plain forms with the attribute `data-command`; whatever comes of them appears as a toast.

pub mod cells;
pub mod choices;

pub use cells::{CellField, CellSelect};
pub use choices::{AccessBoxes, CheckSet, Checkbox, Complaint, Pick, PickRow, Radio, Tile};

use super::{context::use_flash, words};
use crate::domain::{AppError, FieldProblem};
use leptos::{context::Provider, prelude::*};
use std::borrow::Cow;

/// Name of a field. Those of lists, such as `ranks[2][name]`, are made as they are drawn.
type FieldName = Cow<'static, str>;

/// What a form knows while it is on the screen.
#[derive(Clone, Copy)]
pub struct FormState {
    /// Why the last attempt failed.
    error: StoredValue<Option<AppError>>,
    /// What was typed before a plain post failed.
    typed: StoredValue<Option<Vec<(String, String)>>>,
    /// Beginning of the ids of its controls.
    id: StoredValue<String>,
    /// What people read at each field, for the summary.
    labels: StoredValue<Vec<(FieldName, String)>>,
}

impl FormState {
    fn new(endpoint: &'static str, hidden: &[(&'static str, String)]) -> Self {
        let flash = use_flash(endpoint).filter(|flash| same_subject(&flash.fields, hidden));
        let (error, typed) = match flash {
            Some(flash) if flash.error.is_some() => (flash.error, Some(flash.fields)),
            _ => (None, None),
        };
        Self {
            error: StoredValue::new(error),
            typed: StoredValue::new(typed),
            id: StoredValue::new(form_id(endpoint, hidden)),
            labels: StoredValue::new(Vec::new()),
        }
    }

    fn problem(self, field: &str) -> Option<FieldProblem> {
        self.error.with_value(|error| match error {
            Some(AppError::Invalid(errors)) => errors.at(field).cloned(),
            _ => None,
        })
    }

    /// What to show in a field: what was typed, else the value given.
    fn value(self, field: &str, given: String) -> String {
        self.typed.with_value(|typed| match typed {
            Some(typed) => typed
                .iter()
                .find(|(name, _)| name == field)
                .map_or(given, |(_, value)| value.clone()),
            None => given,
        })
    }

    /// Whether a box is checked: a box that is not sent was not checked.
    fn is_checked(self, field: &str, value: &str, given: bool) -> bool {
        self.typed.with_value(|typed| match typed {
            Some(typed) => typed
                .iter()
                .any(|(name, sent)| name == field && sent == value),
            None => given,
        })
    }

    /// The label of a field; its name as words when the form does not show it.
    fn label(self, field: &str) -> String {
        let shown = self.labels.with_value(|labels| {
            labels
                .iter()
                .find(|(name, _)| name == field)
                .map(|(_, label)| label.clone())
        });
        shown.unwrap_or_else(|| humanise(field))
    }

    fn control_id(self, field: &str) -> String {
        self.id.with_value(|id| control_id(id, field))
    }
}

fn control_id(form: &str, field: &str) -> String {
    [form, "-", field].concat()
}

/// Several forms of one endpoint stand apart by their hidden fields; not by the state in which they
/// were read, which the message may be about.
fn same_subject(typed: &[(String, String)], hidden: &[(&'static str, String)]) -> bool {
    hidden
        .iter()
        .filter(|(name, _)| !matches!(*name, "version" | "expected"))
        .all(|(name, value)| {
            typed
                .iter()
                .filter(|(typed, _)| typed == name)
                .all(|(_, typed)| typed == value)
        })
}

/// Unique on the page, because ids are part of it.
fn form_id(endpoint: &str, hidden: &[(&'static str, String)]) -> String {
    let function = endpoint.rsplit('/').next().unwrap_or(endpoint);
    match hidden.iter().find(|(name, _)| name.ends_with("_id")) {
        Some((_, value)) => control_id(function, value),
        None => function.to_owned(),
    }
}

/// A form that asks a page: its fields go into the address. It shows the problems that the page found.
#[component]
pub fn AskForm(
    /// Address of the page.
    to: &'static str,
    /// What was wrong with what was asked.
    error: Option<AppError>,
    /// Fields and buttons.
    children: Children,
) -> impl IntoView {
    let state = FormState::new(to, &[]);
    state.error.set_value(error);
    view! {
        <Provider value=state>
            <form class="form" method="get" action=to>
                {state.error.get_value().map(|error| summary(state, &error))}
                {children()}
            </form>
        </Provider>
    }
    .into_any()
}

/// A form that sends a command; see the module's documentation.
#[component]
pub fn CommandForm(
    /// The endpoint: `TheFunction::PATH`.
    to: &'static str,
    /// Fields that nobody types: ids and `version`.
    #[prop(optional)]
    hidden: Vec<(&'static str, String)>,
    /// Class of the form, `form` unless told otherwise.
    #[prop(default = "form")]
    class: &'static str,
    /// Fields and buttons.
    children: Children,
) -> impl IntoView {
    let state = FormState::new(to, &hidden);
    let inputs = hidden
        .into_iter()
        .map(|(name, value)| view! { <input type="hidden" name=name value=value/> })
        .collect_view();
    view! {
        <Provider value=state>
            <form
                class=class
                method="post"
                action=to
                data-form
            >
                {inputs}
                {state.error.get_value().map(|error| summary(state, &error))}
                {children()}
            </form>
        </Provider>
    }
    .into_any()
}

/// What went wrong, before the first field, with links to the fields.
fn summary(state: FormState, error: &AppError) -> AnyView {
    let fields = match error {
        AppError::Invalid(errors) => errors
            .0
            .iter()
            .map(|(field, problem)| {
                let href = ["#", &state.control_id(field)].concat();
                let text = [&state.label(field), ": ", &words::problem(problem)].concat();
                view! { <li><a href=href rel="external">{text}</a></li> }
            })
            .collect(),
        _ => Vec::new(),
    };
    let list = (!fields.is_empty()).then(|| view! { <ul>{fields}</ul> });
    view! {
        <div class="form__summary" role="alert">
            <p><strong>{words::error(error)}</strong></p>
            {list}
        </div>
    }
    .into_any()
}

/// `common_name` → `Common name`.
fn humanise(field: &str) -> String {
    let words = field.trim_end_matches("_id").replace('_', " ");
    let mut letters = words.chars();
    match letters.next() {
        Some(first) => first.to_uppercase().chain(letters).collect(),
        None => words,
    }
}

/// The form around the caller. A field that is made before its form, and only put into it, knows
/// neither what was typed nor what was wrong with it: make fields within the form's children.
fn use_form() -> FormState {
    use_context().unwrap_or_else(|| FormState::new("", &[]))
}

/// What surrounds a control and what belongs to it.
struct Control {
    state: FormState,
    name: FieldName,
    has_hint: bool,
}

impl Control {
    fn id(&self) -> String {
        self.state.control_id(&self.name)
    }

    fn part(&self, part: &str) -> String {
        [&self.id(), "-", part].concat()
    }

    fn is_wrong(&self) -> bool {
        self.state.problem(&self.name).is_some()
    }

    fn invalid(&self) -> Option<&'static str> {
        self.is_wrong().then_some("true")
    }

    fn described_by(&self) -> Option<String> {
        match (self.has_hint, self.is_wrong()) {
            (false, false) => None,
            (true, false) => Some(self.part("hint")),
            (false, true) => Some(self.part("error")),
            (true, true) => Some([self.part("hint"), self.part("error")].join(" ")),
        }
    }

    /// Lets the summary call the field by what people read.
    fn is_called(&self, label: &str) {
        let name = (self.name.clone(), label.to_owned());
        self.state.labels.update_value(|labels| labels.push(name));
    }

    fn problem(&self) -> Option<AnyView> {
        let problem = self.state.problem(&self.name)?;
        let text = words::problem(&problem);
        Some(view! { <p class="field__error" id=self.part("error")>{text}</p> }.into_any())
    }

    fn around(self, label: String, hint: String, required: bool, control: AnyView) -> AnyView {
        self.is_called(&label);
        view! {
            <div class="field" data-state=self.is_wrong().then_some("error")>
                <label class="field__label" for=self.id()>
                    {label}
                    {(!required).then(|| view! { " "<span class="field__optional">"(optional)"</span> })}
                </label>
                {control}
                {self.has_hint.then(|| view! { <p class="field__hint" id=self.part("hint")>{hint}</p> })}
                {self.problem()}
            </div>
        }
        .into_any()
    }
}

/// Whether a control that a page draws by itself was chosen in the form around it before a plain post
/// failed; else what is given.
#[must_use]
pub fn was_chosen(name: &str, value: &str, given: bool) -> bool {
    use_form().is_checked(name, value, given)
}

fn some(text: &'static str) -> Option<&'static str> {
    (!text.is_empty()).then_some(text)
}

/// One line of text.
#[component]
pub fn Field(
    /// Name of the argument.
    #[prop(into)]
    name: FieldName,
    /// What people read.
    #[prop(into)]
    label: String,
    /// The value before anything is typed.
    #[prop(optional, into)]
    value: String,
    /// What helps to fill it in.
    #[prop(optional, into)]
    hint: String,
    /// `type` of the input.
    #[prop(default = "text")]
    kind: &'static str,
    /// It must be filled in.
    #[prop(optional)]
    required: bool,
    /// `autocomplete` of the input.
    #[prop(optional)]
    autocomplete: &'static str,
    /// It has the focus when the page or dialog opens.
    #[prop(optional)]
    autofocus: bool,
) -> impl IntoView {
    let control = Control {
        state: use_form(),
        name: name.clone(),
        has_hint: !hint.is_empty(),
    };
    let input = view! {
        <input
            class="input"
            id=control.id()
            name=name
            type=kind
            value=control.state.value(&control.name, value)
            required=required
            autofocus=autofocus
            autocomplete=some(autocomplete)
            aria-invalid=control.invalid()
            aria-describedby=control.described_by()
        />
    };
    control.around(label, hint, required, input.into_any())
}

/// Several lines of text.
#[component]
pub fn TextArea(
    /// Name of the argument.
    #[prop(into)]
    name: FieldName,
    /// What people read.
    #[prop(into)]
    label: String,
    /// The value before anything is typed.
    #[prop(optional, into)]
    value: String,
    /// What helps to fill it in.
    #[prop(optional, into)]
    hint: String,
    /// It must be filled in.
    #[prop(optional)]
    required: bool,
    /// Lines to begin with.
    #[prop(default = "5")]
    rows: &'static str,
) -> impl IntoView {
    let control = Control {
        state: use_form(),
        name: name.clone(),
        has_hint: !hint.is_empty(),
    };
    let area = view! {
        <textarea
            class="input"
            id=control.id()
            name=name
            rows=rows
            required=required
            aria-invalid=control.invalid()
            aria-describedby=control.described_by()
        >
            {control.state.value(&control.name, value)}
        </textarea>
    };
    control.around(label, hint, required, area.into_any())
}

/// One of several.
#[component]
pub fn Select(
    /// Name of the argument.
    #[prop(into)]
    name: FieldName,
    /// What people read.
    #[prop(into)]
    label: String,
    /// Value and text of each choice.
    options: Vec<(String, String)>,
    /// The value before anything is chosen.
    #[prop(optional, into)]
    value: String,
    /// What helps to choose.
    #[prop(optional, into)]
    hint: String,
    /// Something must be chosen.
    #[prop(optional)]
    required: bool,
) -> impl IntoView {
    let control = Control {
        state: use_form(),
        name: name.clone(),
        has_hint: !hint.is_empty(),
    };
    let chosen = control.state.value(&control.name, value);
    let options = options
        .into_iter()
        .map(|(value, text)| {
            let selected = value == chosen;
            view! { <option value=value selected=selected>{text}</option> }
        })
        .collect_view();
    let select = view! {
        <select
            class="input"
            id=control.id()
            name=name
            required=required
            aria-invalid=control.invalid()
            aria-describedby=control.described_by()
        >
            {options}
        </select>
    };
    control.around(label, hint, required, select.into_any())
}

/// The button that sends the form.
#[component]
pub fn Submit(
    /// What happens.
    #[prop(into)]
    label: String,
    /// `primary`, `danger`, `danger-primary`, or empty for an ordinary one.
    #[prop(default = "primary")]
    kind: &'static str,
) -> impl IntoView {
    view! { <button class="button" data-kind=some(kind)>{label}</button> }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn forms_of_one_endpoint_stand_apart_by_their_hidden_fields() {
        let typed = [
            ("role_id".to_owned(), "1".to_owned()),
            ("version".to_owned(), "3".to_owned()),
        ];
        let hidden = |id: &str| [("role_id", id.to_owned()), ("version", "4".to_owned())];
        assert!(same_subject(&typed, &hidden("1")));
        assert!(!same_subject(&typed, &hidden("2")));
        assert_eq!(
            form_id("/api/roster/edit_role", &hidden("1")),
            "edit_role-1"
        );
        assert_eq!(form_id("/api/accounts/sign_in", &[]), "sign_in");
    }

    #[test]
    fn argument_names_become_words() {
        assert_eq!(humanise("common_name"), "Common name");
        assert_eq!(humanise("role_id"), "Role");
    }
}
