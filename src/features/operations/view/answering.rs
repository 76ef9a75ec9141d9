//! Answering in one tap: part of the pages of an operation and of the agenda.

use super::parts::operation_href;
use crate::{
    domain::OperationId,
    features::operations::{
        api::AnswerOperation,
        model::{
            Answer, Confirmed,
            answers::{Asked, MyAnswer},
        },
    },
    ui::{CommandForm, Field, parts::Pill},
};
use leptos::{prelude::*, server_fn::ServerFn};

/// What can be tapped, in order.
const CHOICES: [Answer; 4] = [
    Answer::Attending,
    Answer::Maybe,
    Answer::Late,
    Answer::Declined,
];

/// What the viewer said, and the buttons to say something else; nothing for who cannot answer.
#[must_use]
pub fn answering(id: OperationId, asked: &Asked) -> Option<AnyView> {
    let said = asked.mine.as_ref().map(said);
    if !asked.open && said.is_none() {
        return None;
    }
    let form = asked.open.then(|| form(id, asked));
    let late = (asked.open && asked.only_off).then(|| {
        view! { <p class="answering__note">"It is too late to sign up; you can still sign off."</p> }
    });
    Some(
        view! {
            <section class="panel answering" aria-label="My answer">
                <h2 class="answering__title">"Will you be there?"</h2>
                {said}
                {late}
                {form}
            </section>
        }
        .into_any(),
    )
}

fn form(id: OperationId, asked: &Asked) -> AnyView {
    let hidden = vec![("operation_id", id.to_string())];
    let mine = asked.mine.as_ref();
    let note = mine.map(|mine| mine.note.clone()).unwrap_or_default();
    let buttons = buttons(mine.map(|mine| mine.answer), asked.only_off);
    view! {
        <CommandForm to=AnswerOperation::PATH hidden=hidden class="form answering__form">
            {buttons}
            <Field name="note" label="Note" value=note hint="Read by everybody who comes."/>
        </CommandForm>
    }
    .into_any()
}

/// The four buttons; after the deadline one.
#[must_use]
pub fn buttons(chosen: Option<Answer>, only_off: bool) -> AnyView {
    let shown = CHOICES
        .into_iter()
        .filter(|answer| !only_off || *answer == Answer::Declined);
    let buttons = shown.map(|answer| {
        let pressed = chosen == Some(answer);
        view! {
            <button
                class="button answering__button"
                data-answer=answer.as_str()
                name="answer"
                value=answer.as_str()
                aria-pressed=if pressed { "true" } else { "false" }
            >
                {answer.label()}
            </button>
        }
    });
    view! { <div class="answering__choices" role="group" aria-label="Answer">{buttons.collect_view()}</div> }
        .into_any()
}

/// What came of the answer.
#[must_use]
pub fn said(mine: &MyAnswer) -> AnyView {
    let text = outcome(mine);
    let clashes = mine.clashes.iter().map(|(id, title)| {
        let href = operation_href(*id);
        view! { <li>"At the same time: "<a href=href>{title.clone()}</a></li> }
    });
    let clashes = (!mine.clashes.is_empty())
        .then(|| view! { <ul class="answering__clashes">{clashes.collect_view()}</ul> });
    view! {
        <p class="answering__said">{answer_pill(mine.answer, mine.turn.is_some())}" "{text}</p>
        {clashes}
    }
    .into_any()
}

fn outcome(mine: &MyAnswer) -> String {
    let mut parts = Vec::new();
    if let Some(turn) = mine.turn {
        parts.push(format!(
            "You wait for a place: number {turn} on the waitlist."
        ));
    } else if let Some(place) = mine.place {
        parts.push(format!("You have place {place}."));
    }
    if mine.answer.comes() && mine.confirmed != Confirmed::Open {
        parts.push(format!(
            "A leader says: {}.",
            mine.confirmed.label().to_lowercase()
        ));
    }
    if let Some(billet) = &mine.billet {
        parts.push(format!("Your billet is {billet}."));
    }
    parts.join(" ")
}

/// An answer as a pill: by colour and word.
#[must_use]
pub fn answer_pill(answer: Answer, waits: bool) -> AnyView {
    let (kind, text) = match answer {
        _ if waits => ("warn", "Waiting"),
        Answer::Attending | Answer::Late => ("ok", answer.label()),
        Answer::Maybe => ("info", answer.label()),
        Answer::Declined | Answer::None => ("none", answer.label()),
    };
    view! { <Pill kind=kind text=text/> }.into_any()
}
