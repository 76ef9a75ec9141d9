//! What stands above every page of an operation: what, when, where, who comes, and the way to its
//! other pages, each with an address of its own.

use super::parts::{category, counts_in_words, crumbs, one_button, operation_href, state, time_at};
use crate::{
    domain::time::rfc3339,
    features::operations::{
        api::PublishOperation,
        model::{OperationState, pages::OperationHead},
    },
    ui::{Icon, Page, live::Live},
};
use leptos::{prelude::*, server_fn::ServerFn};

/// A page of an operation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OperationTab {
    /// What it is about.
    Briefing,
    /// Who comes.
    Answers,
    /// Who has which place.
    Billets,
    /// Who was there.
    Attendance,
    /// What became of it.
    AfterAction,
    /// What happened to it.
    History,
}

impl OperationTab {
    /// All of them, in order, with the end of their address and what people read.
    const ALL: [(Self, &'static str, &'static str); 6] = [
        (Self::Briefing, "", "Briefing"),
        (Self::Answers, "/answers", "Answers"),
        (Self::Billets, "/billets", "Billets"),
        (Self::Attendance, "/attendance", "Attendance"),
        (Self::AfterAction, "/report", "After action"),
        (Self::History, "/history", "History"),
    ];

    /// A draft has nobody to attend it, and what is not over has no report.
    fn shows(self, head: &OperationHead) -> bool {
        match self {
            Self::Answers | Self::Attendance | Self::AfterAction => !head.state.is_unpublished(),
            Self::Briefing | Self::Billets | Self::History => true,
        }
    }
}

/// A page of an operation: its head, its tabs and the content of one.
#[must_use]
pub fn operation_page(head: &OperationHead, tab: OperationTab, content: AnyView) -> AnyView {
    let title = match OperationTab::ALL.iter().find(|(of, ..)| *of == tab) {
        Some((_, end, label)) if !end.is_empty() => format!("{label} · {}", head.title),
        _ => head.title.clone(),
    };
    let (above, tabs) = (operation_head(head), tabs(head, tab));
    view! {
        <Page title=title crumbs=crumbs() bare=true>
            <Live/>
            {above}
            {tabs}
            {content}
        </Page>
    }
    .into_any()
}

/// The head alone.
#[must_use]
pub fn operation_head(head: &OperationHead) -> AnyView {
    let when = &head.when;
    let there = (!when.there.is_empty())
        .then(|| view! { <span class="op-head__there">{when.there.clone()}</span> });
    let group_href = format!("/groups/{}", head.group.0);
    let organiser = (!head.organiser.1.is_empty()).then(|| {
        let name = head.organiser.1.clone();
        match head.organiser.0 {
            Some(player) => {
                let href = format!("/players/{player}");
                view! { ", "<a href=href>{name}</a> }.into_any()
            }
            None => view! { ", "{name} }.into_any(),
        }
    });
    let place = (!head.place.is_empty()).then(|| {
        view! { <div><dt>"Where"</dt><dd>{head.place.clone()}</dd></div> }
    });
    let campaign = head.campaign.as_ref().map(|(_, name)| {
        view! { <div><dt>"Campaign"</dt><dd>{name.clone()}</dd></div> }
    });
    let until = head.answer_until.clone().map(|(at, text)| {
        view! { <div><dt>"Answers until"</dt><dd>{time_at(at, text)}</dd></div> }
    });
    let coming = (!head.state.is_unpublished()).then(|| {
        let counts = counts_in_words(head.counts, head.capacity);
        view! { <div><dt>"Answers"</dt><dd>{counts}</dd></div> }
    });
    let marks = view! {
        {head.category.as_ref().map(category)}
        {state(head.state)}
        <span class="op-head__countdown">{when.countdown.clone()}</span>
    };
    view! {
        <header class="op-head">
            <div class="page-head">
                <div class="page-head__text">
                    <h1>{head.title.clone()}</h1>
                    <p class="op-head__marks">{marks}</p>
                </div>
                {actions(head)}
            </div>
            {banner(head)}
            <dl class="facts op-head__facts">
                <div>
                    <dt>"When"</dt>
                    <dd>
                        <time
                            datetime=rfc3339(when.starts_at)
                            data-local="span"
                            data-until=rfc3339(when.ends_at)
                        >
                            {when.here.clone()}
                        </time>
                        " "
                        <span class="op-head__length">{when.length.clone()}</span>
                        {there}
                    </dd>
                </div>
                {place}
                <div>
                    <dt>"Organised by"</dt>
                    <dd><a href=group_href>{head.group.1.clone()}</a>{organiser}</dd>
                </div>
                <div><dt>"For"</dt><dd>{head.audience.label()}</dd></div>
                {campaign}
                {coming}
                {until}
            </dl>
        </header>
    }
    .into_any()
}

/// What those who plan it do most: publish what is not public, change what is to come.
fn actions(head: &OperationHead) -> Option<AnyView> {
    if !head.can.plan {
        return None;
    }
    let here = operation_href(head.id);
    let publish = head.state.is_unpublished().then(|| {
        let hidden = vec![
            ("operation_id", head.id.to_string()),
            ("version", head.version.to_string()),
        ];
        one_button(PublishOperation::PATH, hidden, "Publish now", "primary")
    });
    let edit = (head.state != OperationState::Cancelled).then(|| {
        let href = [&here, "/edit"].concat();
        view! { <a class="button" href=href><Icon name="edit"/>"Edit"</a> }
    });
    let manage = [&here, "/manage"].concat();
    let buttons = view! {
        <div class="page-head__actions">
            {publish}
            {edit}
            <a class="button" data-kind="quiet" href=manage>"Manage"</a>
        </div>
    };
    Some(buttons.into_any())
}

/// What must not be overlooked: that it was cancelled, or that nobody else sees it yet.
fn banner(head: &OperationHead) -> Option<AnyView> {
    let text = match head.state {
        OperationState::Cancelled if head.cancel_reason.is_empty() => {
            view! { "This was cancelled." }.into_any()
        }
        OperationState::Cancelled => {
            let reason = head.cancel_reason.clone();
            view! { "This was cancelled: "<q>{reason}</q> }.into_any()
        }
        OperationState::Draft => {
            view! { "This is a draft: only those who plan operations here see it." }.into_any()
        }
        OperationState::Scheduled => {
            let at = head.publishes.clone().map(|(at, text)| time_at(at, text));
            view! { "Only those who plan operations here see this. It is published "{at}"." }
                .into_any()
        }
        _ => return None,
    };
    let kind = if head.state == OperationState::Cancelled {
        "bad"
    } else {
        "info"
    };
    Some(
        view! {
            <div class="banner" data-kind=kind role="note"><Icon name="info"/><p>{text}</p></div>
        }
        .into_any(),
    )
}

fn tabs(head: &OperationHead, chosen: OperationTab) -> AnyView {
    let here = operation_href(head.id);
    let links = OperationTab::ALL
        .iter()
        .filter(|(tab, ..)| tab.shows(head))
        .map(|(tab, end, label)| {
            let count = match tab {
                OperationTab::Billets if head.counts.billets > 0 => {
                    Some(format!("{}/{}", head.counts.filled, head.counts.billets))
                }
                _ => None,
            };
            let count = count.map(|count| view! { " "<span class="tabs__count">{count}</span> });
            let current = (*tab == chosen).then_some("page");
            view! { <a href=[&here, *end].concat() aria-current=current>{*label}{count}</a> }
        });
    view! { <nav class="tabs" aria-label="Sections">{links.collect_view()}</nav> }.into_any()
}
