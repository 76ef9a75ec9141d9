//! The page on which people join (§5.1, §5.4): every group they see with the way into it, one form for
//! all that are chosen, the answer, and their requests.

use super::parts::{group_href, newcomer_field, panel, said, shield, state_pill, withdrawal};
use crate::{
    domain::GroupId,
    features::{
        joining::{
            api::{JoinGroups, read_join},
            model::{JoinPage, MyRequest, Newcomer, Offer, RequestState, Way},
        },
        roster::model::Policy,
    },
    ui::{
        CommandForm, Empty, LocalTime, Page, Pick, Submit, TextArea, live::Live, loaded,
        parts::Pill, reading, states::sign_in_href, use_viewer,
    },
};
use leptos::{prelude::*, server_fn::ServerFn};
use leptos_router::{hooks::use_query_map, params::ParamsMap};

/// The page `/join`; after joining with ids in its address.
#[component]
pub fn JoinPageView() -> impl IntoView {
    let viewer = use_viewer();
    let org = viewer.org().map(|org| org.name.clone()).unwrap_or_default();
    let query = use_query_map();
    let page = reading(|| (), |()| read_join());
    view! {
        <Page title=["Join ", &org].concat() width="reading">
            <Live/>
            {loaded(page, move |page| show(page, &query.get_untracked()))}
        </Page>
    }
}

fn show(page: JoinPage, asked: &ParamsMap) -> AnyView {
    let answer = answer(&page.offers, asked);
    let (mut ways_in, mut own, mut closed) = (Vec::new(), Vec::new(), Vec::new());
    for offer in page.offers {
        match offer.way {
            Way::Leave { .. } => own.push(offer),
            Way::Closed | Way::None => closed.push(offer),
            _ => ways_in.push(offer),
        }
    }
    let form = if ways_in.is_empty() {
        nothing_open()
    } else {
        form(ways_in, page.newcomer)
    };
    let mine = page.mine.into_iter().map(request_row).collect();
    let belongs = use_viewer().player.is_some();
    let leave = belongs.then(|| {
        view! { <p class="panel__note"><a href="/leave">"Leave the organisation"</a></p> }
    });
    view! {
        <div class="stack">
            {answer}
            {form}
            {panel("My requests", mine)}
            {panel("My groups", own.into_iter().map(own_row).collect())}
            {panel("Closed groups", closed.into_iter().map(closed_row).collect())}
            {leave}
        </div>
    }
    .into_any()
}

// --- the answer ----------------------------------------------------------------------------------

/// What became of the groups of the form. The address only says which: a group counts as joined if
/// the viewer is in it.
fn answer(offers: &[Offer], asked: &ParamsMap) -> Option<AnyView> {
    let named = |key: &str| -> Vec<&Offer> {
        let ids = asked.get(key).unwrap_or_default();
        let ids: Vec<GroupId> = ids.split('.').filter_map(|id| id.parse().ok()).collect();
        offers
            .iter()
            .filter(|offer| ids.contains(&offer.group.id))
            .collect()
    };
    let mut rows = Vec::new();
    for offer in named("joined") {
        if matches!(offer.way, Way::Leave { .. }) {
            rows.push(answer_row(offer, "ok", "Joined"));
        }
    }
    for offer in named("asked") {
        if matches!(offer.way, Way::Requested { .. }) {
            rows.push(answer_row(offer, "warn", "Asked: waits for an answer"));
        }
    }
    for offer in named("not") {
        let why = match offer.way {
            Way::Leave { .. } => "Not joined: you are in it already",
            Way::Requested { .. } => "Not asked: you have asked already",
            Way::Closed | Way::None => "Not joined: its managers add people",
            _ if offer.exclusive => "Not joined: one exclusive group at a time",
            _ => "Not joined",
        };
        rows.push(answer_row(offer, "none", why));
    }
    panel("Your groups of a moment ago", rows)
}

fn answer_row(offer: &Offer, kind: &'static str, text: &'static str) -> AnyView {
    view! {
        <li class="list__row">
            {shield(&offer.group)}
            <div class="list__text">
                <a class="list__title" href=group_href(offer.group.id)>{offer.group.name.clone()}</a>
            </div>
            <Pill kind=kind text=text/>
        </li>
    }
    .into_any()
}

// --- the form ------------------------------------------------------------------------------------

fn nothing_open() -> AnyView {
    view! {
        <Empty
            icon="applications"
            title="No group to join"
            text="Groups that are open, or take requests, will stand here."
        />
    }
    .into_any()
}

fn form(offers: Vec<Offer>, newcomer: Option<Newcomer>) -> AnyView {
    if use_viewer().user.is_none() {
        return view! {
            <section class="banner" aria-label="Log in to join">
                <div class="banner__text">
                    <p class="banner__title">"Log in to join"</p>
                    <p>"Choose your groups here once you are logged in."</p>
                </div>
                <a class="button" data-kind="primary" href=sign_in_href() rel="external">"Log in"</a>
            </section>
            {lists(offers)}
        }
        .into_any();
    }
    let can = |way: fn(&Way) -> bool| offers.iter().any(|offer| way(&offer.way));
    let asks = can(|way| *way == Way::Ask);
    let joins = can(|way| matches!(way, Way::Join { .. }));
    if !asks && !joins {
        return lists(offers);
    }
    let note = asks.then(|| {
        view! {
            <TextArea
                name="note"
                label="Note"
                rows="2"
                hint="Goes with each request. Only those who answer it and you can read it."
            />
        }
    });
    view! {
        <CommandForm to=JoinGroups::PATH>
            {lists(offers)}
            {newcomer_field(newcomer)}
            {note}
            <div class="form__actions"><Submit label="Join the chosen groups"/></div>
        </CommandForm>
    }
    .into_any()
}

/// Open groups, then those that take requests.
fn lists(offers: Vec<Offer>) -> AnyView {
    let (open, others): (Vec<Offer>, Vec<Offer>) = offers
        .into_iter()
        .partition(|offer| offer.policy == Policy::Open);
    let rows = |offers: Vec<Offer>| offers.into_iter().map(offer_row).collect();
    view! {
        {panel("Open: join at once", rows(open))}
        {panel("By request: a manager answers", rows(others))}
    }
    .into_any()
}

fn offer_row(offer: Offer) -> AnyView {
    let name = offer.group.name.clone();
    let head = match offer.way {
        Way::Join { .. } | Way::Ask => {
            let value = offer.group.id.to_string();
            view! { <Pick name="groups[]" value=value label=name/> }.into_any()
        }
        _ => view! { <p class="list__title">{name}</p> }.into_any(),
    };
    // Withdrawing has a form of its own, which cannot stand inside of this one.
    let pending = match offer.way {
        Way::Requested { at, .. } => Some(view! {
            <span class="request-mark">"Requested on "<LocalTime at=at day_only=true/></span>
        }),
        _ => None,
    };
    // Sanitised by the server (`server::markdown`).
    let description = (!offer.description_html.is_empty())
        .then(|| view! { <div class="prose offer__about" inner_html=offer.description_html.clone()></div> });
    view! {
        <li class="list__row offer">
            {shield(&offer.group)}
            <div class="list__text">
                {head}
                <p class="list__meta">
                    <a href=group_href(offer.group.id)>{offer.group.ident.clone()}</a>
                    {about(&offer)}
                </p>
                {description}
            </div>
            {pending}
        </li>
    }
    .into_any()
}

/// Kind, size, and what joining would end.
fn about(offer: &Offer) -> String {
    let members = match offer.members {
        1 => "1 member".to_owned(),
        count => format!("{count} members"),
    };
    let mut parts = vec![String::new(), offer.kind.clone(), members];
    if offer.exclusive {
        parts.push("exclusive".to_owned());
    }
    if let (Some(from), Way::Join { .. } | Way::Ask) = (&offer.from, offer.way) {
        parts.push(["takes you out of ", from].concat());
    }
    parts.join(" · ")
}

// --- the rest ------------------------------------------------------------------------------------

fn own_row(offer: Offer) -> AnyView {
    let leave = [&group_href(offer.group.id), "/leave"].concat();
    let label = ["Leave, ", &offer.group.name].concat();
    view! {
        <li class="list__row">
            {shield(&offer.group)}
            <div class="list__text">
                <a class="list__title" href=group_href(offer.group.id)>{offer.group.name.clone()}</a>
                <p class="list__meta">{offer.group.ident.clone()}{about(&offer)}</p>
            </div>
            <a class="button" data-size="small" href=leave aria-label=label>"Leave"</a>
        </li>
    }
    .into_any()
}

fn closed_row(offer: Offer) -> AnyView {
    let managers: Vec<&str> = offer
        .managers
        .iter()
        .map(|manager| manager.name.as_str())
        .collect();
    let who = if managers.is_empty() {
        String::new()
    } else {
        [" · ask ", &managers.join(", ")].concat()
    };
    view! {
        <li class="list__row">
            {shield(&offer.group)}
            <div class="list__text">
                <a class="list__title" href=group_href(offer.group.id)>{offer.group.name.clone()}</a>
                <p class="list__meta">{offer.group.ident.clone()}{about(&offer)}{who}</p>
            </div>
        </li>
    }
    .into_any()
}

fn request_row(request: MyRequest) -> AnyView {
    let group = match &request.group {
        Some(group) => {
            view! { <a class="list__title" href=group_href(group.id)>{group.name.clone()}</a> }
                .into_any()
        }
        None => {
            view! { <p class="list__title">"A group that you cannot see any more"</p> }.into_any()
        }
    };
    let ended = request
        .actioned_at
        .map(|at| view! { " · "{request.by.clone()}", "<LocalTime at=at/> });
    let withdraw = (request.state == RequestState::Pending).then(|| withdrawal(request.id));
    view! {
        <li class="list__row request">
            <div class="list__text">
                {group}
                <p class="list__meta">"asked "<LocalTime at=request.at/>{ended}</p>
                {said("You", &request.note)}
                {said(&request.by, &request.answer)}
            </div>
            {state_pill(request.state)}
            {withdraw}
        </li>
    }
    .into_any()
}
