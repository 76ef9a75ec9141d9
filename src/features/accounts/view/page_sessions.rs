//! The user's sessions (§2.4): every signed-in browser on every host.

use crate::{
    features::accounts::{
        api::{RevokeOtherSessions, RevokeSession, read_sessions},
        model::SessionLine,
    },
    ui::{LocalTime, Page, loaded, parts::Pill, reading},
};
use leptos::{prelude::*, server_fn::ServerFn};

/// List and end.
#[component]
pub fn PageSessions() -> impl IntoView {
    let sessions = reading(|| (), |()| read_sessions());
    let crumbs = vec![("/account".to_owned(), "Account".to_owned())];
    view! {
        <Page
            title="Sessions"
            meta="Every browser that is logged in as you, on every host."
            crumbs=crumbs
        >
            {loaded(sessions, list)}
        </Page>
    }
}

fn list(sessions: Vec<SessionLine>) -> AnyView {
    let others = (sessions.len() > 1).then(|| {
        view! {
            <form method="post" action=RevokeOtherSessions::PATH data-command="">
                <button class="button" data-kind="danger">"End all others"</button>
            </form>
        }
    });
    view! {
        <section class="panel">
            <header class="panel__head"><h2>"Logged in"</h2>{others}</header>
            <ul class="list">{sessions.into_iter().map(row).collect_view()}</ul>
        </section>
    }
    .into_any()
}

fn row(session: SessionLine) -> AnyView {
    let SessionLine {
        id,
        host,
        device,
        address,
        created_at,
        last_seen_at,
        current,
    } = session;
    let title = [&device, ", ", &host].concat();
    let end = if current {
        view! { <Pill kind="ok" text="This browser"/> }.into_any()
    } else {
        let label = ["End: ", &title].concat();
        view! {
            <form method="post" action=RevokeSession::PATH data-command="">
                <input type="hidden" name="session_id" value=id.to_string()/>
                <button class="button" data-size="small" aria-label=label>"End"</button>
            </form>
        }
        .into_any()
    };
    view! {
        <li class="list__row">
            <div class="list__text">
                <p class="list__title">{title}</p>
                <p class="list__meta">
                    "Last used "<LocalTime at=last_seen_at/>", since "<LocalTime at=created_at/>
                    {(!address.is_empty()).then(|| [", from ", &address].concat())}
                </p>
            </div>
            <div class="list__actions">{end}</div>
        </li>
    }
    .into_any()
}
