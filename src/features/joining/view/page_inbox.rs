//! The inbox (§14.2): what waits for the viewer, newest first, each with its answer in place.

use super::parts::waiting_row;
use crate::{
    features::{
        attendance::view::appeals,
        joining::{api::read_inbox, model::InboxPage},
        leave::view::page_leave,
    },
    ui::{Empty, Page, live::Live, loaded, reading},
};
use leptos::prelude::*;

/// The page `/inbox`.
#[component]
pub fn InboxPageView() -> impl IntoView {
    let inbox = reading(|| (), |()| read_inbox());
    view! {
        <Page title="Inbox" meta="What waits for you, newest first" width="reading">
            <Live/>
            {loaded(inbox, show)}
        </Page>
    }
}

fn show(page: InboxPage) -> AnyView {
    if page.waiting.is_empty() && page.leave.is_empty() && page.appeals.is_empty() {
        return view! {
            <Empty
                icon="inbox"
                title="Nothing waits for you"
                text="Requests to join the groups that you lead or manage, for leave and about attendance will stand here, to be answered in place."
            />
        }
        .into_any();
    }
    let requests = page.waiting.into_iter().map(waiting_row);
    let leave = page.leave.into_iter().map(page_leave::waiting_row);
    let appeals = page.appeals.into_iter().map(appeals::waiting_row);
    let rows: Vec<AnyView> = requests.chain(leave).chain(appeals).collect();
    let more = (page.more > 0).then(|| {
        let text = format!("{} more wait behind these.", page.more);
        view! { <p class="panel__note">{text}</p> }
    });
    view! { <ul class="list">{rows}</ul>{more} }.into_any()
}
