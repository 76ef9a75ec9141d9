//! What the pages of joining have in common.

use crate::{
    domain::{GroupId, RequestId, time::Instant},
    features::{
        joining::{
            api::{AnswerRequest, JoinGroup, WithdrawRequest},
            model::{Newcomer, RequestState, Waiting, Way},
        },
        roster::model::pages::GroupChoice,
    },
    ui::{
        Avatar, CommandForm, Field, Insignia, LocalTime, TextArea, parts::Pill,
        states::sign_in_href,
    },
};
use leptos::{prelude::*, server_fn::ServerFn};

/// The address of a group's page.
pub(super) fn group_href(id: GroupId) -> String {
    format!("/groups/{id}")
}

/// The shield of a group: the ident begins with its acronym (§4.2).
pub(super) fn shield(group: &GroupChoice) -> AnyView {
    let acronym = group.ident.split('-').next().unwrap_or_default().to_owned();
    view! { <Insignia acronym=acronym name=group.name.clone() size="small"/> }.into_any()
}

/// What the viewer of a group can do about belonging to it, as its page shows it; the primary
/// action unless something else is.
#[must_use]
pub fn group_action(group: GroupId, way: Way, primary: bool) -> AnyView {
    let kind = primary.then_some("primary");
    let at = |page: &str| [&group_href(group), page].concat();
    match way {
        Way::Join { confirm: false } => view! {
            <form method="post" action=JoinGroup::PATH data-command="">
                <input type="hidden" name="group_id" value=group.to_string()/>
                <button class="button" data-kind=kind>"Join"</button>
            </form>
        }
        .into_any(),
        Way::Join { confirm: true } => {
            view! { <a class="button" data-kind=kind href=at("/join")>"Join"</a> }.into_any()
        }
        Way::Ask => {
            view! { <a class="button" data-kind=kind href=at("/join")>"Ask to join"</a> }.into_any()
        }
        Way::Requested { id, at } => requested(id, at),
        Way::Leave { .. } => {
            view! { <a class="button" data-kind="quiet" href=at("/leave")>"Leave"</a> }.into_any()
        }
        Way::SignIn => view! {
            <a class="button" data-kind=kind href=sign_in_href() rel="external">"Log in to join"</a>
        }
        .into_any(),
        Way::Banned => {
            view! { <span class="reason">"You were banned from this organisation."</span> }
                .into_any()
        }
        Way::None | Way::Closed => ().into_any(),
    }
}

/// A request of the viewer's that waits, and the way to take it back.
pub(super) fn requested(id: RequestId, at: Instant) -> AnyView {
    view! {
        <span class="request-mark">"Requested on "<LocalTime at=at day_only=true/></span>
        {withdrawal(id)}
    }
    .into_any()
}

/// The button that takes a request back.
pub(super) fn withdrawal(id: RequestId) -> AnyView {
    view! {
        <form method="post" action=WithdrawRequest::PATH data-command="">
            <input type="hidden" name="request_id" value=id.to_string()/>
            <button class="button" data-size="small">"Withdraw"</button>
        </form>
    }
    .into_any()
}

/// The field by which a newcomer chooses their name here.
pub(super) fn newcomer_field(newcomer: Option<Newcomer>) -> Option<AnyView> {
    let Newcomer { name, taken } = newcomer?;
    let hint = if taken {
        "Somebody here has your call sign already, so choose another name. If that is you, ask for an invitation to claim it."
    } else {
        "How you will be called here and in history. Your call sign, unless you choose another."
    };
    let value = if taken { String::new() } else { name };
    Some(
        view! {
            <Field name="common_name" label="Your name here" value=value hint=hint required=taken/>
        }
        .into_any(),
    )
}

/// The state of a request in one word.
pub(super) fn state_pill(state: RequestState) -> AnyView {
    let kind = match state {
        RequestState::Pending => "warn",
        RequestState::Approved => "ok",
        RequestState::Declined => "bad",
        RequestState::Withdrawn => "none",
    };
    view! { <Pill kind=kind text=state.label()/> }.into_any()
}

/// Words of somebody, set apart.
pub(super) fn said(who: &str, text: &str) -> Option<AnyView> {
    (!text.is_empty()).then(|| {
        view! { <p class="request__said"><strong>{who.to_owned()}</strong>": “"{text.to_owned()}"”"</p> }
            .into_any()
    })
}

/// A request with the two answers to it.
pub(super) fn waiting_row(waiting: Waiting) -> AnyView {
    let Waiting { name, group, .. } = waiting;
    let who = match waiting.player {
        Some(player) => {
            let href = format!("/players/{player}");
            view! { <a class="list__title" href=href>{name.clone()}</a> }.into_any()
        }
        None => view! { <strong class="list__title">{name.clone()}</strong> }.into_any(),
    };
    let newcomer = waiting.player.is_none().then_some(" · new here");
    let from = waiting
        .from
        .map(|from| [" · leaves ", &from, " for it"].concat());
    let renaming = waiting.name_taken.then(|| {
        view! {
            <Field
                name="common_name"
                label="Name here"
                hint="Somebody else has taken this name meanwhile."
            />
        }
    });
    let (approve, decline) = (["Approve, ", &name].concat(), ["Decline, ", &name].concat());
    let hidden = vec![("request_id", waiting.id.to_string())];
    view! {
        <li class="list__row request">
            <Avatar name=name.clone()/>
            <div class="list__text">
                <p>{who}" asks to join "<a href=group_href(group.id)>{group.name}</a></p>
                <p class="list__meta"><LocalTime at=waiting.at/>{newcomer}{from}</p>
                {said(&name, &waiting.note)}
            </div>
            <CommandForm to=AnswerRequest::PATH hidden=hidden class="form request__form">
                {renaming}
                <TextArea name="note" label="Note" rows="2" hint="To decline, say why."/>
                <div class="form__actions">
                    <button class="button" data-kind="primary" name="verdict" value="approve" aria-label=approve>
                        "Approve"
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

/// A titled surface around a list.
pub(super) fn panel(title: &'static str, rows: Vec<AnyView>) -> Option<AnyView> {
    (!rows.is_empty()).then(|| {
        view! {
            <section class="panel">
                <header class="panel__head"><h2>{title}</h2></header>
                <ul class="list">{rows}</ul>
            </section>
        }
        .into_any()
    })
}
