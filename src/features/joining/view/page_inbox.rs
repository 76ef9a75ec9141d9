//! The inbox (§14.2): what waits for the viewer, newest first, each with its answer in place.

use super::parts::waiting_row;
use crate::{
    features::joining::{api::read_inbox, model::InboxPage},
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
    if page.waiting.is_empty() {
        return view! {
            <Empty
                icon="inbox"
                title="Nothing waits for you"
                text="Requests to join the groups that you lead or manage will stand here, to be answered in place."
            />
        }
        .into_any();
    }
    let rows: Vec<AnyView> = page.waiting.into_iter().map(waiting_row).collect();
    let more = (page.more > 0).then(|| {
        let text = format!("{} more wait behind these.", page.more);
        view! { <p class="panel__note">{text}</p> }
    });
    view! { <ul class="list">{rows}</ul>{more} }.into_any()
}
