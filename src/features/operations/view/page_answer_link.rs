//! The page behind a personal link of a mail (§9.3): what is asked, whom, and the buttons. Nothing is
//! said before one of them is pressed.

use super::answering::{buttons, said};
use crate::{
    domain::time::rfc3339,
    features::operations::{
        api::{AnswerByLink, read_answer_link},
        model::answers::AnswerLinkPage,
    },
    ui::{CommandForm, Field, Page, loaded_page, reading},
};
use leptos::{prelude::*, server_fn::ServerFn};
use leptos_router::hooks::use_params_map;

/// The page `/answer/{token}`.
#[component]
pub fn PageAnswerLink() -> impl IntoView {
    let params = use_params_map();
    let token = move || params.with(|params| params.get("token").unwrap_or_default());
    let page = reading(token, read_answer_link);
    loaded_page(page, move |page| {
        show(
            page,
            params.with_untracked(|params| params.get("token").unwrap_or_default()),
        )
    })
}

fn show(page: AnswerLinkPage, token: String) -> AnyView {
    let AnswerLinkPage {
        title,
        when,
        name,
        mine,
    } = page;
    let question = ["Will you be there, ", &name, "?"].concat();
    let there = (!when.there.is_empty()).then(|| view! { <p>{when.there.clone()}</p> });
    let answered = mine.as_ref().map(said);
    let chosen = mine.as_ref().map(|mine| mine.answer);
    let note = mine.map(|mine| mine.note).unwrap_or_default();
    let hidden = vec![("token", token)];
    view! {
        <Page title=title width="form">
            <p>
                <time
                    datetime=rfc3339(when.starts_at)
                    data-local="span"
                    data-until=rfc3339(when.ends_at)
                >
                    {when.here.clone()}
                </time>
            </p>
            {there}
            <section class="panel answering" aria-label="My answer">
                <h2 class="answering__title">{question}</h2>
                {answered}
                <CommandForm to=AnswerByLink::PATH hidden=hidden class="form answering__form">
                    {buttons(chosen, false)}
                    <Field name="note" label="Note" value=note hint="Read by everybody who comes."/>
                </CommandForm>
            </section>
        </Page>
    }
    .into_any()
}
