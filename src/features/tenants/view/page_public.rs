//! The public page of an organisation: what visitors see first, coming from a link.

use crate::{
    domain::{module::Module, name::acronym_of},
    features::{
        roster::model::{
            Policy,
            pages::{PublicGroup, PublicGroups},
        },
        tenants::{api::read_public_face, model::PublicFace},
    },
    ui::{Empty, Insignia, Page, loaded_page, reading, states::sign_in_href, use_viewer},
};
use leptos::prelude::*;
use leptos_meta::{Link, Meta};

/// `/` for visitors, `/about` for everybody.
#[component]
pub fn PagePublic() -> impl IntoView {
    let face = reading(|| (), |()| read_public_face());
    loaded_page(face, page)
}

fn page(face: PublicFace) -> AnyView {
    let PublicFace {
        name,
        type_name,
        url,
        description_html,
        summary,
        groups,
    } = face;
    let meta = [type_name.as_str(), &size(&groups)].join(" · ");
    let about = if summary.is_empty() {
        meta.clone()
    } else {
        summary
    };
    let description = (!description_html.is_empty()).then(|| {
        // Sanitised by the server (`server::markdown`).
        view! { <div class="prose" inner_html=description_html></div> }
    });
    view! {
        <Link rel="canonical" href=url.clone()/>
        <Meta property="og:type" content="website"/>
        <Meta property="og:site_name" content="Muster"/>
        <Meta property="og:title" content=name.clone()/>
        <Meta property="og:description" content=about.clone()/>
        <Meta property="og:url" content=url/>
        <Meta name="description" content=about/>
        <Page title=name.clone() width="reading" bare=true>
            <div class="stack">
                <header class="public-head">
                    <Insignia acronym=acronym_of(&name) name=name.clone() size="large"/>
                    <div class="public-head__text">
                        <h1>{name}</h1>
                        <p class="page-head__meta">{meta}</p>
                    </div>
                    <div class="public-head__actions">{ways()}</div>
                </header>
                {description}
                {group_list(groups.top)}
            </div>
        </Page>
    }
    .into_any()
}

fn size(groups: &PublicGroups) -> String {
    let of = |count: u32, one: &str, many: &str| {
        [
            count.to_string().as_str(),
            if count == 1 { one } else { many },
        ]
        .concat()
    };
    [
        of(groups.people, " person", " people"),
        of(groups.groups, " group", " groups"),
    ]
    .join(" in ")
}

fn has_joining() -> bool {
    let viewer = use_viewer();
    viewer
        .org()
        .is_some_and(|org| org.modules.has(Module::Joining))
}

/// What a visitor can do next.
fn ways() -> AnyView {
    let viewer = use_viewer();
    let joins = viewer.player.is_none() && has_joining();
    let join = joins.then(|| {
        view! { <a class="button" data-kind="primary" href="/join">"Join"</a> }
    });
    let log_in = viewer.user.is_none().then(|| {
        view! { <a class="button" href=sign_in_href() rel="external">"Log in"</a> }
    });
    view! { {join}<a class="button" href="/roster">"Roster"</a>{log_in} }.into_any()
}

fn group_list(groups: Vec<PublicGroup>) -> AnyView {
    if groups.is_empty() {
        return view! {
            <Empty
                icon="roster"
                title="No public groups"
                text="Whoever belongs here sees more after logging in."
            />
        }
        .into_any();
    }
    let joining = has_joining();
    let rows = groups.into_iter().map(|group| group_row(group, joining));
    let note = (!joining).then(|| {
        view! { <p class="panel__body">"The leaders add new members themselves."</p> }
    });
    view! {
        <section class="panel">
            <header class="panel__head"><h2>"Groups"</h2></header>
            <ul class="list">{rows.collect_view()}</ul>
            {note}
        </section>
    }
    .into_any()
}

fn group_row(group: PublicGroup, joining: bool) -> AnyView {
    let people = if group.people == 1 {
        "1 person".to_owned()
    } else {
        format!("{} people", group.people)
    };
    let meta = [group.kind, people].join(" · ");
    let purpose = (!group.purpose.is_empty()).then(|| view! { <p>{group.purpose}</p> });
    let way = joining.then(|| {
        let (kind, text) = match group.policy {
            Policy::Open => ("ok", "Open to everybody"),
            Policy::ByRequest => ("info", "Ask to join"),
            Policy::Closed => ("none", "By invitation"),
        };
        view! { <span class="pill" data-kind=kind>{text}</span> }
    });
    view! {
        <li class="list__row">
            <Insignia acronym=group.acronym name=group.name.clone()/>
            <div class="list__text">
                <a class="list__title" href=format!("/groups/{}", group.id)>{group.name}</a>
                <p class="list__meta">{meta}</p>
                {purpose}
            </div>
            {way}
        </li>
    }
    .into_any()
}
