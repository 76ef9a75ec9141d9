//! First run of an Org: choosing a starting shape (ui.md §3.2).

use crate::{
    features::roster::{
        api::{ApplyShape, list_shapes},
        model::pages::ShapeChoice,
    },
    ui::{CommandForm, Page, Submit, loaded_page, reading},
};
use leptos::{prelude::*, server_fn::ServerFn};

/// Chooses what the roster begins with.
#[component]
pub fn StartPage() -> impl IntoView {
    let shapes = reading(|| (), |()| list_shapes());
    loaded_page(shapes, |shapes| {
        let choices = shapes.into_iter().enumerate().map(choice).collect_view();
        view! {
            <Page
                title="Choose a starting shape"
                meta="A complete skeleton in one step. Everything can be changed afterwards."
            >
                <CommandForm to=ApplyShape::PATH>
                    <fieldset>
                        <legend class="visually-hidden">"Shape"</legend>
                        <div class="choice-grid">{choices}</div>
                    </fieldset>
                    <div class="form__actions">
                        <Submit label="Start with this shape"/>
                        <a class="button" data-kind="quiet" href="/import">"Import lists instead"</a>
                    </div>
                </CommandForm>
            </Page>
        }
        .into_any()
    })
}

fn choice((index, shape): (usize, ShapeChoice)) -> AnyView {
    let groups = (shape.groups > 0).then(|| [" ", &shape.groups.to_string(), " groups."].concat());
    view! {
        <label class="choice">
            <input type="radio" name="shape" value=shape.id checked=index == 0/>
            <span class="choice__title">{shape.name}</span>
            <span class="choice__text">{shape.summary}{groups}</span>
        </label>
    }
    .into_any()
}
