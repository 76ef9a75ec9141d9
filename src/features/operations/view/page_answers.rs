//! Who comes: everybody who answered, and a leader's word over it.

use super::{
    answering::{answer_pill, answering},
    head::{OperationTab, operation_page},
};
use crate::{
    domain::AppError,
    features::operations::{
        api::{AddGuest, AnswerFor, ConfirmAnswer, RemoveGuest, read_answers},
        model::{
            Answer, Confirmed, OperationState,
            answers::{AnswerLine, AnswersPage},
        },
    },
    ui::{CommandForm, Empty, Field, Select, Submit, loaded_page, parts::Pill, reading},
};
use leptos::{prelude::*, server_fn::ServerFn};
use leptos_router::hooks::use_params_map;

/// The page `/operations/{id}/answers`.
#[component]
pub fn PageAnswers() -> impl IntoView {
    let params = use_params_map();
    let page = reading(
        move || params.with(|params| params.get("id").unwrap_or_default()),
        |id: String| async move { read_answers(id.parse().map_err(|_| AppError::NotFound)?).await },
    );
    loaded_page(page, show)
}

fn show(page: AnswersPage) -> AnyView {
    let manages = page.head.can.fill && page.head.state == OperationState::Published;
    let content = view! {
        <div class="stack">
            {answering(page.head.id, &page.asked)}
            {lists(&page, manages)}
            {manages.then(|| leading(&page))}
        </div>
    };
    operation_page(&page.head, OperationTab::Answers, content.into_any())
}

fn lists(page: &AnswersPage, manages: bool) -> AnyView {
    if page.hidden {
        return view! {
            <Empty icon="members" title="For members" text="Members of the organisation see who comes."/>
        }
        .into_any();
    }
    if page.people.is_empty() {
        return view! {
            <Empty icon="members" title="No answers yet" text="Whoever answers stands here."/>
        }
        .into_any();
    }
    let comes = |line: &&AnswerLine| line.answer.comes() && line.turn.is_none();
    let waits = |line: &&AnswerLine| line.turn.is_some();
    let says = |answer: Answer| move |line: &&AnswerLine| line.answer == answer;
    view! {
        {list("They come", page.people.iter().filter(comes), manages)}
        {list("Waitlist", page.people.iter().filter(waits), manages)}
        {list("Maybe", page.people.iter().filter(says(Answer::Maybe)), manages)}
        {list("They do not come", page.people.iter().filter(says(Answer::Declined)), manages)}
    }
    .into_any()
}

fn list<'a>(
    title: &'static str,
    lines: impl Iterator<Item = &'a AnswerLine>,
    manages: bool,
) -> Option<AnyView> {
    let rows: Vec<AnyView> = lines.map(|line| row(line, manages)).collect();
    if rows.is_empty() {
        return None;
    }
    let title = format!("{title} ({})", rows.len());
    Some(
        view! {
            <section>
                <h2 class="answers__title">{title}</h2>
                <ol class="list panel answers">{rows}</ol>
            </section>
        }
        .into_any(),
    )
}

fn row(line: &AnswerLine, manages: bool) -> AnyView {
    let number = line.place.or(line.turn).map(|number| number.to_string());
    let name = match line.player {
        Some(player) => {
            let href = format!("/players/{player}");
            view! { <a class="list__title" href=href>{line.name.clone()}</a> }.into_any()
        }
        None => view! { <span class="list__title">{line.name.clone()}</span> }.into_any(),
    };
    let mut meta: Vec<String> = line.billet.clone().into_iter().collect();
    meta.extend(Some(line.note.clone()).filter(|note| !note.is_empty()));
    if line.clashes {
        meta.push("comes to another operation at the same time".to_owned());
    }
    let confirmed = (line.answer.comes() && line.confirmed != Confirmed::Open).then(|| {
        let kind = if line.confirmed == Confirmed::Confirmed {
            "ok"
        } else {
            "warn"
        };
        view! { <Pill kind=kind text=line.confirmed.label()/> }
    });
    let guest = line
        .player
        .is_none()
        .then(|| view! { <Pill kind="info" text="Guest"/> });
    let late = matches!(line.answer, Answer::Late).then(|| answer_pill(Answer::Late, false));
    view! {
        <li class="list__row answers__row">
            <span class="answers__number">{number}</span>
            <div class="list__text">
                <p>{name}</p>
                <p class="list__meta">{meta.join(" · ")}</p>
            </div>
            {guest}{late}{confirmed}
            {manages.then(|| word(line))}
        </li>
    }
    .into_any()
}

/// A leader's word over an answer.
fn word(line: &AnswerLine) -> AnyView {
    let hidden = || vec![("rsvp_id", line.id.to_string())];
    let confirm = line.answer.comes().then(|| {
        let buttons = [
            (Confirmed::Confirmed, "Confirm"),
            (Confirmed::Standby, "Standby"),
            (Confirmed::Open, "Neither"),
        ];
        let buttons = buttons.into_iter().filter(|(to, _)| *to != line.confirmed);
        let buttons = buttons.map(|(to, label)| {
            let spoken = [label, ": ", &line.name].concat();
            view! {
                <button class="button" data-size="small" name="confirmed" value=to.as_str() aria-label=spoken>
                    {label}
                </button>
            }
        });
        let buttons = buttons.collect_view();
        view! {
            <CommandForm to=ConfirmAnswer::PATH hidden=hidden() class="answers__word">
                {buttons}
            </CommandForm>
        }
    });
    let remove = line.player.is_none().then(|| {
        view! {
            <CommandForm to=RemoveGuest::PATH hidden=hidden() class="answers__word">
                <Submit label="Remove" kind="danger"/>
            </CommandForm>
        }
    });
    view! { {confirm}{remove} }.into_any()
}

/// Answering for others, and guests.
fn leading(page: &AnswersPage) -> AnyView {
    let hidden = || vec![("operation_id", page.head.id.to_string())];
    let players = page
        .others
        .iter()
        .map(|(id, name)| (id.to_string(), name.clone()));
    let answered = page.people.iter().filter_map(|line| {
        let player = line.player?;
        Some((
            player.to_string(),
            format!("{} ({})", line.name, line.answer.label()),
        ))
    });
    let players: Vec<(String, String)> = players.chain(answered).collect();
    let answers = [
        Answer::Attending,
        Answer::Maybe,
        Answer::Late,
        Answer::Declined,
    ]
    .map(|answer| (answer.as_str().to_owned(), answer.label().to_owned()));
    view! {
        <section class="panel answers__leading">
            <h2>"Answer for somebody"</h2>
            <CommandForm to=AnswerFor::PATH hidden=hidden() class="form">
                <Select name="player_id" label="Who" options=players/>
                <Select name="answer" label="Answer" options=answers.to_vec()/>
                <Submit label="Answer for them" kind=""/>
            </CommandForm>
        </section>
        <section class="panel answers__leading">
            <h2>"Add a guest"</h2>
            <CommandForm to=AddGuest::PATH hidden=hidden() class="form">
                <Field name="guest_name" label="Name" required=true hint="Somebody without account who comes."/>
                <Submit label="Add the guest" kind=""/>
            </CommandForm>
        </section>
    }
    .into_any()
}
