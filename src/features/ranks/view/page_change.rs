//! Promoting and demoting somebody (§3.3).

use super::parts::{form_actions, panel, rank_name, rank_options, reason};
use crate::{
    domain::{AppError, PlayerId, access::Missing},
    features::ranks::{
        api::{DemotePlayer, PromotePlayer, read_player_rank},
        model::{ChangePage, RankTitle},
    },
    ui::{CommandForm, Page, Select, TextArea, loaded_page, reading, words},
};
use leptos::{prelude::*, server_fn::ServerFn};
use leptos_router::hooks::use_params_map;

/// The page `/players/{id}/rank`.
#[component]
pub fn PageChangeRank() -> impl IntoView {
    let params = use_params_map();
    let page = reading(
        move || params.with(|params| params.get("id").unwrap_or_default()),
        |id: String| async move {
            let id: PlayerId = id.parse().map_err(|_| AppError::NotFound)?;
            read_player_rank(id).await
        },
    );
    loaded_page(page, show)
}

fn show(page: ChangePage) -> AnyView {
    let back = format!("/players/{}", page.id);
    let crumbs = vec![
        ("/roster".to_owned(), "Roster".to_owned()),
        (back, page.name.clone()),
    ];
    let title = ["Rank of ", &page.name].concat();
    let now = page.now.as_ref().map(|rank| {
        view! { <p class="rank-now">"Now "{rank_name(rank)}</p> }
    });
    view! {
        <Page title=title width="form" crumbs=crumbs>
            <div class="stack">
                {now}
                {panel("Promote", promotion(&page))}
                {panel("Demote", demotion(&page))}
                {not_offered(&page)}
            </div>
        </Page>
    }
    .into_any()
}

fn is_above(page: &ChangePage, rank: &RankTitle) -> bool {
    let now = page.now.as_ref().map_or(0, |rank| rank.level);
    rank.level > now
}

/// The ranks of one direction that the viewer may give.
fn choices(page: &ChangePage, above: bool) -> Vec<&RankTitle> {
    page.ranks
        .iter()
        .filter(|(rank, missing)| missing.is_none() && is_above(page, rank) == above)
        .map(|(rank, _)| rank)
        .collect()
}

fn hidden(page: &ChangePage) -> Vec<(&'static str, String)> {
    vec![
        ("player_id", page.id.to_string()),
        ("expected", page.expected.clone()),
        ("goto", format!("/players/{}", page.id)),
    ]
}

fn nowhere(text: &'static str) -> AnyView {
    view! { <p class="reason">{text}</p> }.into_any()
}

fn promotion(page: &ChangePage) -> AnyView {
    if let Some(missing) = page.no_promotion {
        return reason(missing);
    }
    let mut choices = choices(page, true);
    if choices.is_empty() {
        return nowhere("There is no higher rank that you may give.");
    }
    // The next rung first: that is where most promotions lead.
    choices.reverse();
    let (hidden, options) = (hidden(page), rank_options(choices.into_iter()));
    let back = format!("/players/{}", page.id);
    view! {
        <CommandForm to=PromotePlayer::PATH hidden=hidden>
            <Select name="rank_id" label="To" options=options required=true/>
            <TextArea name="reason" label="Reason" rows="2"/>
            {form_actions("Promote", "primary", back)}
        </CommandForm>
    }
    .into_any()
}

fn demotion(page: &ChangePage) -> AnyView {
    if let Some(missing) = page.no_demotion {
        return reason(missing);
    }
    let choices = choices(page, false);
    if choices.is_empty() {
        return nowhere("There is no lower rank that you may give.");
    }
    let (hidden, options) = (hidden(page), rank_options(choices.into_iter()));
    let back = format!("/players/{}", page.id);
    view! {
        <CommandForm to=DemotePlayer::PATH hidden=hidden>
            <Select name="rank_id" label="To" options=options required=true/>
            <TextArea
                name="reason"
                label="Reason"
                hint="3 to 500 characters. It stands in the log and in the history of ranks."
                required=true
                rows="2"
            />
            {form_actions("Demote", "danger", back)}
        </CommandForm>
    }
    .into_any()
}

/// Ranks that are missing from the choices, and why, where the forms do not say it already.
fn not_offered(page: &ChangePage) -> Option<AnyView> {
    let said = |missing: &Missing| [page.no_promotion, page.no_demotion].contains(&Some(*missing));
    let rows: Vec<AnyView> = page
        .ranks
        .iter()
        .filter_map(|(rank, missing)| missing.map(|missing| (rank, missing)))
        .filter(|(_, missing)| !said(missing))
        .map(|(rank, missing)| {
            view! {
                <li class="list__row">
                    <div class="list__text">
                        <p class="list__title">{rank_name(rank)}</p>
                        <p class="list__meta">{words::missing(missing)}</p>
                    </div>
                </li>
            }
            .into_any()
        })
        .collect();
    (!rows.is_empty()).then(|| {
        view! {
            <section class="panel">
                <header class="panel__head"><h2>"Not offered"</h2></header>
                <ul class="list">{rows}</ul>
            </section>
        }
        .into_any()
    })
}
