//! Finding organisations at the apex (§5.5).

use crate::{
    domain::name::acronym_of,
    features::tenants::{
        api::search_orgs,
        model::{FoundOrg, OrgSearch},
    },
    ui::{Empty, Insignia, Page, loaded, reading},
};
use leptos::prelude::*;
use leptos_router::hooks::use_query_map;

/// The page `/orgs`, with `q` and `page` in its address.
#[component]
pub fn PageOrgs() -> impl IntoView {
    let query = use_query_map();
    let asked = Memo::new(move |_| {
        query.with(|query| {
            let page = query.get("page").and_then(|page| page.parse().ok());
            (query.get("q").unwrap_or_default(), page.unwrap_or(1))
        })
    });
    let found = reading(move || asked.get(), |(text, page)| search_orgs(text, page));
    view! {
        <Page title="Organisations" meta="Every organisation here, and its public groups.">
            {move || form(asked.get().0)}
            {loaded(found, move |found| results(found, asked.get_untracked().0))}
        </Page>
    }
}

fn form(text: String) -> AnyView {
    view! {
        <form class="filters" method="get" action="/orgs" role="search" aria-label="Organisations">
            <div class="field">
                <label class="field__label" for="org-search">"Name of an organisation or group"</label>
                <input
                    class="input"
                    id="org-search"
                    name="q"
                    type="search"
                    maxlength="100"
                    value=text
                />
            </div>
            <button class="button" data-kind="primary">"Search"</button>
        </form>
    }
    .into_any()
}

fn results(found: OrgSearch, text: String) -> AnyView {
    let asked = !text.trim().is_empty();
    if found.exact.is_empty() && found.partial.is_empty() {
        let (title, words) = if asked {
            (
                "Nothing found",
                format!(
                    "No organisation and no public group is called “{}”.",
                    text.trim()
                ),
            )
        } else {
            ("No organisations yet", "Found the first one.".to_owned())
        };
        return view! {
            <Empty icon="search" title=title text=words>
                <a class="button" href="/found">"Found an organisation"</a>
            </Empty>
        }
        .into_any();
    }
    let pager = pager(&found, &text);
    let partial = if asked {
        "With this in a name"
    } else {
        "All organisations"
    };
    view! {
        {list("Of this name", found.exact)}
        {list(partial, found.partial)}
        {pager}
    }
    .into_any()
}

fn list(title: &'static str, orgs: Vec<FoundOrg>) -> Option<AnyView> {
    if orgs.is_empty() {
        return None;
    }
    let rows = orgs.into_iter().map(row).collect_view();
    Some(
        view! {
            <section class="stack">
                <h2>{title}</h2>
                <ul class="org-list">{rows}</ul>
            </section>
        }
        .into_any(),
    )
}

fn row(org: FoundOrg) -> AnyView {
    let people = if org.people == 1 {
        "1 person".to_owned()
    } else {
        format!("{} people", org.people)
    };
    let meta = [org.type_name, people].join(" · ");
    let summary = (!org.summary.is_empty())
        .then(|| view! { <span class="org-list__text">{org.summary}</span> });
    view! {
        <li>
            <a class="org-list__link" href=org.href rel="external">
                <Insignia acronym=acronym_of(&org.name) name=org.name.clone()/>
                <span class="org-list__name">{org.name}</span>
                <span class="org-list__meta">{meta}</span>
                {summary}
            </a>
        </li>
    }
    .into_any()
}

fn pager(found: &OrgSearch, text: &str) -> Option<AnyView> {
    if found.page == 1 && !found.more {
        return None;
    }
    let href = |page: u32| {
        let query = leptos_router::params::ParamsMap::from_iter([
            ("q".to_owned(), text.to_owned()),
            ("page".to_owned(), page.to_string()),
        ]);
        ["/orgs", &query.to_query_string()].concat()
    };
    let back =
        (found.page > 1).then(|| view! { <a class="button" href=href(found.page - 1)>"Back"</a> });
    let onwards = found
        .more
        .then(|| view! { <a class="button" href=href(found.page + 1)>"Further ones"</a> });
    let here = format!("Page {}", found.page);
    Some(
        view! {
            <nav class="pager" aria-label="Pages">
                <span class="pager__text">{here}</span>
                {back}
                {onwards}
            </nav>
        }
        .into_any(),
    )
}
