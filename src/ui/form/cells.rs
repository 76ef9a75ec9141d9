//! Controls in tables and lists, which say by what stands around them what they are.

use super::{FormState, some, use_form};
use crate::{domain::FieldProblem, ui::words};
use leptos::prelude::*;

/// One line of text in the cell of a table, whose head says to those who see it what it is. Its name
/// may be part of a list, such as `titles[2][name]`.
#[component]
pub fn CellField(
    /// Name of the argument.
    name: String,
    /// What people read who do not see the table.
    label: String,
    /// The value before anything is typed.
    value: String,
    /// What stands there while it is empty.
    placeholder: String,
    /// Id of a `<datalist>` to choose from.
    #[prop(optional)]
    list: &'static str,
    /// `inputmode` of the input.
    #[prop(optional)]
    inputmode: &'static str,
) -> impl IntoView {
    let cell = Cell::new(name, label);
    let value = cell.state.value(&cell.name, value);
    let input = view! {
        <input
            class="input"
            data-size="small"
            id=cell.id.clone()
            name=cell.name.clone()
            value=value
            placeholder=placeholder
            list=some(list)
            inputmode=some(inputmode)
            aria-invalid=cell.invalid()
            aria-describedby=cell.described_by()
        />
    };
    cell.around(input.into_any())
}

/// One of several, like [`CellField`] without a label that is seen.
#[component]
pub fn CellSelect(
    /// Name of the argument.
    name: String,
    /// What people read who do not see what stands around it.
    label: String,
    /// Value and text of each choice.
    options: Vec<(String, String)>,
    /// The value before anything is chosen.
    value: String,
    /// Class of the control, besides `input`.
    #[prop(optional)]
    class: &'static str,
) -> impl IntoView {
    let cell = Cell::new(name, label);
    let chosen = cell.state.value(&cell.name, value);
    let options = options
        .into_iter()
        .map(|(value, text)| {
            let selected = value == chosen;
            view! { <option value=value selected=selected>{text}</option> }
        })
        .collect_view();
    let select = view! {
        <select
            class=["input ", class].concat()
            data-size="small"
            id=cell.id.clone()
            name=cell.name.clone()
            aria-invalid=cell.invalid()
            aria-describedby=cell.described_by()
        >
            {options}
        </select>
    };
    cell.around(select.into_any())
}

/// What surrounds a control whose label is read only by those who do not see it.
struct Cell {
    state: FormState,
    name: String,
    label: String,
    id: String,
    problem: Option<FieldProblem>,
}

impl Cell {
    fn new(name: String, label: String) -> Self {
        let state = use_form();
        let called = (name.clone().into(), label.clone());
        state.labels.update_value(|labels| labels.push(called));
        Self {
            id: state.control_id(&name),
            problem: state.problem(&name),
            state,
            name,
            label,
        }
    }

    fn invalid(&self) -> Option<&'static str> {
        self.problem.as_ref().map(|_| "true")
    }

    fn error_id(&self) -> String {
        [&self.id, "-error"].concat()
    }

    fn described_by(&self) -> Option<String> {
        self.problem.as_ref().map(|_| self.error_id())
    }

    fn around(self, control: AnyView) -> AnyView {
        let error_id = self.error_id();
        let state = self.problem.as_ref().map(|_| "error");
        let problem = self.problem.as_ref().map(|problem| {
            view! { <p class="field__error" id=error_id>{words::problem(problem)}</p> }
        });
        view! {
            <div class="field" data-state=state>
                <label class="visually-hidden" for=self.id>{self.label}</label>
                {control}
                {problem}
            </div>
        }
        .into_any()
    }
}
