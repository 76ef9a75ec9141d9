//! The viewer's notices (§5.4), newest first. Opening one that is unread marks it, so it is a form:
//! following a link must not change anything.

use crate::{
    features::notices::{
        api::{MarkAllRead, OpenNotice, list_notices},
        model::{NoticeLine, NoticePage},
    },
    ui::{Empty, LocalTime, Page, live::Live, loaded_page, reading},
};
use leptos::{prelude::*, server_fn::ServerFn};
use leptos_router::hooks::use_query_map;

/// The page `/notices`, with `before` in its address.
#[component]
pub fn PageNotices() -> impl IntoView {
    let query = use_query_map();
    let before = Memo::new(move |_| {
        query.with(|query| {
            let before = query.get("before")?;
            before.parse::<i64>().ok()
        })
    });
    let resource = reading(move || before.get(), list_notices);
    loaded_page(resource, move |page| {
        whole(page, before.get_untracked().is_some())
    })
}

fn whole(page: NoticePage, is_later_page: bool) -> AnyView {
    let newest = page.notices.first().map(|notice| notice.seq);
    let meta = match page.unread {
        0 => "Everything is read".to_owned(),
        count => format!("{count} unread"),
    };
    let mark_all = newest
        .filter(|_| page.unread > 0 && !is_later_page)
        .map(|newest| {
            view! {
                <form method="post" action=MarkAllRead::PATH data-command="">
                    <input type="hidden" name="up_to" value=newest.to_string()/>
                    <button class="button">"Mark all read"</button>
                </form>
            }
        });
    let actions = view! {
        {mark_all}
        <a class="button" data-kind="quiet" href="/notices/settings">"Choose what you get"</a>
    };
    view! {
        <Page title="Notices" meta=meta width="reading" actions=actions.into_any()>
            <Live/>
            {list(page, is_later_page)}
        </Page>
    }
    .into_any()
}

fn list(page: NoticePage, is_later_page: bool) -> AnyView {
    if page.notices.is_empty() {
        return view! {
            <Empty
                icon="bell"
                title="Nothing yet"
                text="When somebody moves or promotes you, answers your request or asks to join your \
                      group, it is told here."
            >
                <a class="button" href="/notices/settings">"Choose what you get"</a>
            </Empty>
        }
        .into_any();
    }
    let newest = is_later_page.then(|| link("/notices".to_owned(), "Newest"));
    let older = page
        .next
        .map(|next| link(format!("/notices?before={next}"), "Older"));
    let pager = (newest.is_some() || older.is_some()).then(|| {
        view! {
            <nav class="pager" aria-label="Pages">
                <span class="pager__text"></span>
                {newest}
                {older}
            </nav>
        }
    });
    let rows = page.notices.into_iter().map(row).collect_view();
    view! { <ul class="list">{rows}</ul>{pager} }.into_any()
}

fn row(notice: NoticeLine) -> AnyView {
    let opening = if notice.unread {
        view! {
            <form class="notice__open" method="post" action=OpenNotice::PATH data-command="">
                <input type="hidden" name="notice_id" value=notice.id.to_string()/>
                <button class="notice__text">
                    <span class="visually-hidden">"Unread: "</span>
                    {notice.text}
                </button>
            </form>
        }
        .into_any()
    } else {
        view! { <a class="notice__text" href=notice.href>{notice.text}</a> }.into_any()
    };
    view! {
        <li class="list__row notice" data-state=notice.unread.then_some("unread")>
            {opening}
            <span class="list__meta"><LocalTime at=notice.at/></span>
        </li>
    }
    .into_any()
}

fn link(href: String, label: &'static str) -> AnyView {
    view! { <a class="button" data-size="small" href=href>{label}</a> }.into_any()
}
