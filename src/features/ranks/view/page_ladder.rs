//! The ladder (§3.2): all ranks with what they mean, and the rank sets.

use super::parts::{panel, rank_name};
use crate::{
    domain::access::Ceilings,
    features::ranks::{
        api::{ApplyInsignia, read_ladder},
        model::{INSIGNIA, LadderPage, RankLine, SetLine},
    },
    ui::{CommandForm, Empty, Grants, Icon, Page, Select, Submit, loaded_page, reading, words},
};
use leptos::{prelude::*, server_fn::ServerFn};

/// The page `/ranks`.
#[component]
pub fn PageLadder() -> impl IntoView {
    let ladder = reading(|| (), |()| read_ladder());
    loaded_page(ladder, show)
}

fn show(page: LadderPage) -> AnyView {
    let may = page.refused.is_none();
    let new = may.then(|| {
        view! {
            <a class="button" data-kind="primary" href="/ranks/new"><Icon name="plus"/>"New rank"</a>
        }
        .into_any()
    });
    let rows = page
        .ranks
        .iter()
        .map(|rank| row(rank, page.may_change(rank)))
        .collect_view();
    let note = page
        .refused
        .map(|missing| view! { <p class="reason">{words::missing(missing)}</p> });
    let meta = "Who stands above whom, and what each rank may do.";
    view! {
        <Page title="Ranks" meta=meta actions=new.into_any()>
            <div class="stack">
                <ol class="ladder panel">{rows}</ol>
                {note}
                {sets(&page.sets, may)}
                {may.then(ready_made)}
            </div>
        </Page>
    }
    .into_any()
}

fn row(rank: &RankLine, may: bool) -> AnyView {
    let mark = |shown: bool, text: &'static str| {
        shown.then(|| view! { <span class="pill" data-kind="info">{text}</span> })
    };
    let change = may.then(|| {
        let href = format!("/ranks/{}", rank.title.id);
        let label = ["Edit ", &rank.title.name].concat();
        view! {
            <a class="button" data-size="small" href=href aria-label=label>"Edit"</a>
        }
    });
    let holders = match rank.holders {
        0 => "nobody".to_owned(),
        1 => "1 person".to_owned(),
        count => format!("{count} people"),
    };
    let ceilings = ceilings(&rank.ceilings);
    let ceilings = (!ceilings.is_empty()).then(|| view! { <p class="list__meta">{ceilings}</p> });
    view! {
        <li class="ladder__rung">
            <span class="ladder__level" title="Level">{rank.title.level}</span>
            <div class="ladder__text">
                <p class="list__title">
                    {rank_name(&rank.title)}
                    {mark(rank.is_default, "Default: new people get it")}
                    {mark(rank.is_guest, "Guest: for visitors")}
                </p>
                <Grants access=rank.access/>
                {ceilings}
            </div>
            <span class="ladder__holders">{holders}</span>
            {change}
        </li>
    }
    .into_any()
}

/// Ceilings that are set, in words.
fn ceilings(ceilings: &Ceilings) -> String {
    let part = |what: &str, ceiling: Option<i64>| {
        ceiling.map(|level| format!("{what} up to level {level}"))
    };
    let parts = [
        part("promotes", ceilings.promote),
        part("demotes", ceilings.demote),
        part("removes", ceilings.kick),
        part("renames and invites", ceilings.manage),
    ];
    parts.into_iter().flatten().collect::<Vec<_>>().join(" · ")
}

fn sets(sets: &[SetLine], may: bool) -> AnyView {
    let new = may.then(|| {
        view! { <a class="button" data-size="small" href="/ranks/sets/new">"New rank set"</a> }
    });
    let rows = sets.iter().map(|set| {
        let groups = match set.groups {
            0 => "no group uses it".to_owned(),
            1 => "used by 1 group".to_owned(),
            count => format!("used by {count} groups"),
        };
        let name = if may {
            let href = format!("/ranks/sets/{}", set.id);
            view! { <a class="list__title" href=href>{set.name.clone()}</a> }.into_any()
        } else {
            view! { <p class="list__title">{set.name.clone()}</p> }.into_any()
        };
        view! {
            <li class="list__row">
                <div class="list__text">{name}<p class="list__meta">{groups}</p></div>
            </li>
        }
    });
    let list = if sets.is_empty() {
        view! {
            <Empty
                icon="ranks"
                title="One set of names"
                text="A rank set gives the same ranks other names and insignia, for a flight or a staff that calls them differently. A group chooses its set on its own page."
            />
        }
        .into_any()
    } else {
        view! { <ul class="list">{rows.collect_view()}</ul> }.into_any()
    };
    view! {
        <section class="panel">
            <header class="panel__head"><h2>"Rank sets"</h2>{new}</header>
            {list}
        </section>
    }
    .into_any()
}

/// One command that gives the whole ladder its insignia.
fn ready_made() -> AnyView {
    let options = INSIGNIA
        .iter()
        .map(|set| (set.id.to_owned(), set.label.to_owned()))
        .collect();
    let form = view! {
        <CommandForm to=ApplyInsignia::PATH hidden=vec![("goto", "/ranks".to_owned())]>
            <Select
                name="set"
                label="Ready-made set"
                options=options
                hint="Gives every rank below yours a symbol of this set, the lowest to the highest. It can be undone."
                required=true
            />
            <div class="form__actions"><Submit label="Use for the whole ladder" kind=""/></div>
        </CommandForm>
    };
    panel("Insignia", form.into_any())
}
