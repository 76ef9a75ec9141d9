//! Choosing people of a group who get another rank together; the preview comes next.

use crate::{
    domain::{AppError, GroupId},
    features::guard::{
        api::{PlanRankChange, read_candidates},
        model::{Candidate, Candidates},
    },
    ui::{Avatar, CommandForm, Empty, Page, PickRow, Select, Submit, TextArea, loaded_page},
};
use leptos::{prelude::*, server_fn::ServerFn};
use leptos_router::hooks::{use_params_map, use_query_map};

/// The page `/groups/{id}/ranks`, with `below` and `filter` in its address. It is not read again by
/// itself, or what was chosen would be lost.
#[component]
pub fn PageRanks() -> impl IntoView {
    let (path, query) = (use_params_map(), use_query_map());
    let asked = move || {
        let group = path.with(|path| path.get("id"));
        let (below, filter) = query.with(|query| (query.get("below"), query.get("filter")));
        (
            group.and_then(|id| id.parse().ok()),
            below.is_some_and(|below| below == "true"),
            filter.unwrap_or_default(),
        )
    };
    let shown = asked;
    let page = Resource::new_blocking(
        asked,
        |(group, below, filter): (Option<GroupId>, _, _)| async move {
            read_candidates(group.ok_or(AppError::NotFound)?, below, filter).await
        },
    );
    loaded_page(page, move |candidates| {
        let (_, below, filter) = untrack(shown);
        show(candidates, below, filter)
    })
}

fn show(page: Candidates, below: bool, filter: String) -> AnyView {
    let back = format!("/groups/{}", page.group);
    let crumbs = vec![
        ("/roster".to_owned(), "Roster".to_owned()),
        (back.clone(), page.name.clone()),
    ];
    let choose = choose(&page, back);
    view! {
        <Page title="Give a rank to several" meta=page.name.clone() width="reading" crumbs=crumbs>
            <div class="stack">
                <form class="toolbar" method="get" action=format!("/groups/{}/ranks", page.group)>
                    <div class="field">
                        <label class="field__label" for="filter">"Name, rank or group"</label>
                        <input class="input" id="filter" name="filter" type="search" value=filter/>
                    </div>
                    <label class="check">
                        <input type="checkbox" name="below" value="true" checked=below/>
                        <span>"With the groups below"</span>
                    </label>
                    <button class="button">"Show"</button>
                </form>
                {choose}
            </div>
        </Page>
    }
    .into_any()
}

fn choose(page: &Candidates, back: String) -> AnyView {
    if page.people.is_empty() {
        return view! {
            <Empty
                icon="roster"
                title="Nobody to choose"
                text="Nobody here fits. Look for another text, or in the groups below."
            />
        }
        .into_any();
    }
    let rows: Vec<AnyView> = page.people.iter().map(row).collect();
    let ranks = page.ranks.iter();
    let ranks: Vec<(String, String)> = ranks
        .map(|(id, name)| (id.to_string(), name.clone()))
        .collect();
    let hidden = vec![("group_id", page.group.to_string())];
    view! {
        <CommandForm to=PlanRankChange::PATH hidden=hidden class="form pick-list">
            <ul class="list">{rows}</ul>
            <Select name="rank_id" label="New rank" options=ranks required=true/>
            <TextArea
                name="reason"
                label="Reason"
                rows="2"
                hint="Stands in the history of everybody who gets the rank."
                required=true
            />
            <div class="form__actions">
                <Submit label="Look at the change"/>
                <a class="button" data-kind="quiet" href=back>"Cancel"</a>
            </div>
        </CommandForm>
    }
    .into_any()
}

fn row(person: &Candidate) -> AnyView {
    let Candidate {
        player,
        name,
        rank,
        group,
    } = person;
    let meta = [rank.as_str(), " · ", group].concat();
    view! {
        <li class="list__row">
            <PickRow name="players[]" value=player.to_string() label=["Choose ", name].concat()/>
            <Avatar name=name.clone()/>
            <div class="list__text">
                <a class="list__title" href=format!("/players/{player}")>{name.clone()}</a>
                <p class="list__meta">{meta}</p>
            </div>
        </li>
    }
    .into_any()
}
