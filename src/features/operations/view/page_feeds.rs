//! The page of the viewer's calendar feeds: making them, and taking them back.

use crate::{
    features::operations::{
        api::{MakeFeed, RevokeFeed, read_feeds},
        model::{
            Answer,
            feeds::{FeedLine, FeedsPage, MOST},
        },
    },
    ui::{
        CheckSet, CommandForm, Field, LocalTime, Page, Submit, loaded_page, parts::CopyButton,
        reading,
    },
};
use leptos::{prelude::*, server_fn::ServerFn};
use leptos_router::hooks::use_query_map;

/// The page `/calendar/feeds`, with `made` in its address right after making one.
#[component]
pub fn PageFeeds() -> impl IntoView {
    let query = use_query_map();
    let page = reading(
        move || query.with(|query| query.get("made").unwrap_or_default()),
        read_feeds,
    );
    loaded_page(page, show)
}

fn show(page: FeedsPage) -> AnyView {
    let crumbs = vec![("/calendar".to_owned(), "Calendar".to_owned())];
    let made = page.made.as_deref().map(made);
    let own = if page.is_member {
        own(&page.feeds)
    } else {
        view! {
            <p>"Members can have feeds of their own here, with their answers and billets in them."</p>
        }
        .into_any()
    };
    let public = public(&page.public);
    let how = how();
    view! {
        <Page
            title="Calendar feeds"
            meta="Operations in the calendar program that you use anyway"
            width="reading"
            crumbs=crumbs
        >
            {made}
            {own}
            {public}
            {how}
        </Page>
    }
    .into_any()
}

/// The address of a feed that was just made.
fn made(address: &str) -> AnyView {
    let link = address.to_owned();
    view! {
        <div class="banner" data-kind="ok" role="status">
            <div>
                <label class="banner__title" for="feed-address">"Your feed's address"</label>
                <p>
                    "It is shown this once. Whoever has it reads what you may see, so keep it to yourself."
                </p>
                <div class="cal-address">
                    <input class="input" id="feed-address" readonly=true value=link.clone()/>
                    <CopyButton text=link.clone()/>
                    {subscribe(&link)}
                </div>
            </div>
        </div>
    }
    .into_any()
}

/// A link that calendar programs open.
fn subscribe(address: &str) -> AnyView {
    let (_, rest) = address.split_once("://").unwrap_or(("", address));
    let href = format!("webcal://{rest}");
    view! { <a class="button" href=href rel="external">"Open in my calendar"</a> }.into_any()
}

fn own(feeds: &[FeedLine]) -> AnyView {
    let rows = feeds.iter().map(row).collect_view();
    let list = (!feeds.is_empty()).then(|| view! { <ul class="list panel">{rows}</ul> });
    let answers = Answer::ALL
        .iter()
        .map(|answer| (answer.as_str().to_owned(), answer.label().to_owned()))
        .collect();
    if feeds.len() >= MOST {
        let full = format!("{MOST} feeds are the most. Revoke one to make another.");
        return view! { <section class="stack"><h2>"My feeds"</h2>{list}<p>{full}</p></section> }
            .into_any();
    }
    view! {
        <section class="stack">
            <h2>"My feeds"</h2>
            {list}
            <CommandForm to=MakeFeed::PATH>
                <Field
                    name="name"
                    label="Name"
                    value="My operations"
                    hint="For you, such as the device it is for."
                    required=true
                />
                <CheckSet
                    name="answers[]"
                    label="Only what I answered so"
                    options=answers
                    checked=Vec::new()
                    hint="Nothing chosen is everything that you see."
                />
                <Submit label="Make a feed"/>
            </CommandForm>
        </section>
    }
    .into_any()
}

fn row(feed: &FeedLine) -> AnyView {
    let read = match feed.last_read_at {
        Some(at) => view! { "last read "<LocalTime at=at/> }.into_any(),
        None => "never read".into_any(),
    };
    let label = format!("Revoke {}", feed.name);
    view! {
        <li class="list__row">
            <div class="list__text">
                <p class="list__title">{feed.name.clone()}</p>
                <p class="list__meta">
                    {feed.shows.clone()}" · made "<LocalTime at=feed.created_at/>" · "{read}
                </p>
            </div>
            <form method="post" action=RevokeFeed::PATH data-command>
                <input type="hidden" name="feed_id" value=feed.id.to_string()/>
                <button class="button" data-kind="danger" data-size="small" aria-label=label>
                    "Revoke"
                </button>
            </form>
        </li>
    }
    .into_any()
}

fn public(address: &str) -> AnyView {
    let link = address.to_owned();
    view! {
        <section class="stack">
            <h2>"What everybody may see"</h2>
            <p>"The organisation's public operations, without anybody's answers. Pass it on as you like."</p>
            <div class="cal-address">
                <input
                    class="input"
                    readonly=true
                    aria-label="Address of the public feed"
                    value=link.clone()
                />
                <CopyButton text=link.clone()/>
                {subscribe(&link)}
            </div>
        </section>
    }
    .into_any()
}

fn how() -> AnyView {
    view! {
        <section class="stack">
            <h2>"How to subscribe"</h2>
            <dl class="facts">
                <div>
                    <dt>"Google Calendar"</dt>
                    <dd>"Other calendars › Add › From URL, and paste the address. Google reads it a few times a day."</dd>
                </div>
                <div>
                    <dt>"Apple"</dt>
                    <dd>"Open the feed on the device, or File › New Calendar Subscription, and choose how often it is read."</dd>
                </div>
                <div>
                    <dt>"Outlook"</dt>
                    <dd>"Add calendar › Subscribe from web, and paste the address."</dd>
                </div>
            </dl>
        </section>
    }
    .into_any()
}
