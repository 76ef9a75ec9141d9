//! Appeals: one's own on the sheet, and those that wait in the inbox.

use crate::{
    features::attendance::{
        api::{AnswerAppeal, MakeAppeal, WithdrawAppeal},
        model::{
            AppealState,
            pages::{MyAppeal, SheetPage, WaitingAppeal},
        },
    },
    ui::{Avatar, CommandForm, LocalTime, Submit, TextArea, parts::Pill},
};
use leptos::{prelude::*, server_fn::ServerFn};

/// What concerns the viewer themself, where there is something to do or to know.
#[must_use]
pub(super) fn mine(page: &SheetPage) -> Option<AnyView> {
    let mine = page.mine.as_ref()?;
    let appeal = mine.appeal.as_ref().map(appeal);
    let form = mine.can_appeal.then(|| {
        let hidden = vec![("operation_id", page.head.id.to_string())];
        view! {
            <details class="sheet__list">
                <summary class="button">"I was there"</summary>
                <CommandForm to=MakeAppeal::PATH hidden=hidden>
                    <TextArea
                        name="text"
                        label="What happened"
                        rows="3"
                        hint="Those who record attendance read it and answer once."
                        required=true
                    />
                    <div class="form__actions"><Submit label="Ask to correct it"/></div>
                </CommandForm>
            </details>
        }
    });
    (appeal.is_some() || form.is_some()).then(|| {
        view! { <section class="stack" aria-label="Your attendance">{appeal}{form}</section> }
            .into_any()
    })
}

fn appeal(appeal: &MyAppeal) -> AnyView {
    let kind = match appeal.state {
        AppealState::Pending => "warn",
        AppealState::Granted => "ok",
        AppealState::Declined => "bad",
        AppealState::Withdrawn => "none",
    };
    let answer = (!appeal.answer.is_empty()).then(|| {
        view! {
            <p class="request__said">
                <strong>{appeal.by.clone()}</strong>": “"{appeal.answer.clone()}"”"
            </p>
        }
    });
    let withdraw = (appeal.state == AppealState::Pending).then(|| {
        view! {
            <form method="post" action=WithdrawAppeal::PATH data-command="">
                <input type="hidden" name="appeal_id" value=appeal.id.to_string()/>
                <button class="button" data-size="small">"Withdraw"</button>
            </form>
        }
    });
    view! {
        <ul class="list panel">
            <li class="list__row request">
                <div class="list__text">
                    <p class="list__title">"You asked to correct your attendance"</p>
                    <p class="request__said">"“"{appeal.text.clone()}"”"</p>
                    {answer}
                </div>
                <Pill kind=kind text=appeal.state.label()/>
                {withdraw}
            </li>
        </ul>
    }
    .into_any()
}

/// An appeal with the two answers to it.
#[must_use]
pub fn waiting_row(appeal: WaitingAppeal) -> AnyView {
    let (player, operation) = (
        format!("/players/{}", appeal.player),
        format!("/operations/{}/attendance", appeal.operation),
    );
    let recorded = if appeal.state.is_empty() {
        "nothing is recorded".to_owned()
    } else {
        ["recorded: ", &appeal.state].concat()
    };
    let name = appeal.name.clone();
    let (grant, decline) = (
        ["Grant the appeal of ", &name].concat(),
        ["Decline the appeal of ", &name].concat(),
    );
    let hidden = vec![("appeal_id", appeal.id.to_string())];
    view! {
        <li class="list__row request">
            <Avatar name=name.clone()/>
            <div class="list__text">
                <p>
                    <a class="list__title" href=player>{name.clone()}</a>
                    " says that they were at "
                    <a href=operation>{appeal.title}</a>
                </p>
                <p class="list__meta"><LocalTime at=appeal.at/>" · "{recorded}</p>
                <p class="request__said"><strong>{name}</strong>": “"{appeal.text}"”"</p>
            </div>
            <CommandForm to=AnswerAppeal::PATH hidden=hidden class="form request__form">
                <TextArea name="note" label="Note" rows="2" hint="To decline, say why."/>
                <div class="form__actions">
                    <button class="button" data-kind="primary" name="verdict" value="grant" aria-label=grant>
                        "They were there"
                    </button>
                    <button class="button" name="verdict" value="decline" aria-label=decline>
                        "Decline"
                    </button>
                </div>
            </CommandForm>
        </li>
    }
    .into_any()
}
