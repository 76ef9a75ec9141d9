//! What the pages of ranks have in common.

use crate::{
    features::ranks::model::{INSIGNIA, RankTitle, symbol_label},
    ui::{RankInsignia, Submit, form::Tile, words},
};
use leptos::prelude::*;

/// The way to the pages below the ladder.
pub(super) fn crumbs() -> Vec<(String, String)> {
    vec![("/ranks".to_owned(), "Ranks".to_owned())]
}

/// A titled surface.
pub(super) fn panel(title: &'static str, content: AnyView) -> AnyView {
    view! {
        <section class="panel">
            <header class="panel__head"><h2>{title}</h2></header>
            <div class="panel__body">{content}</div>
        </section>
    }
    .into_any()
}

/// The buttons at the end of a form.
pub(super) fn form_actions(label: &'static str, kind: &'static str, cancel: String) -> AnyView {
    view! {
        <div class="form__actions">
            <Submit label=label kind=kind/>
            <a class="button" data-kind="quiet" href=cancel>"Cancel"</a>
        </div>
    }
    .into_any()
}

/// Why something cannot be done, in place of the form that would do it.
pub(super) fn reason(missing: crate::domain::access::Missing) -> AnyView {
    view! { <p class="reason">{words::missing(missing)}</p> }.into_any()
}

/// Insignia, name and short form of a rank.
pub(super) fn rank_name(rank: &RankTitle) -> AnyView {
    let short = (!rank.abbreviation.is_empty())
        .then(|| view! { " "<span class="muted">{rank.abbreviation.clone()}</span> });
    view! {
        <span class="rank-name">
            <RankInsignia symbol=rank.insignia.clone()/>
            <span>{rank.name.clone()}{short}</span>
        </span>
    }
    .into_any()
}

/// All symbols to choose from, set by set.
pub(super) fn insignia_tiles(chosen: &str) -> AnyView {
    let tile = |symbol: String| {
        let (label, checked) = (symbol_label(&symbol), symbol == chosen);
        view! { <Tile name="insignia" value=symbol label=label checked=checked/> }
    };
    let sets = INSIGNIA.iter().map(|set| {
        view! {
            <fieldset class="tiles">
                <legend>{set.label}</legend>
                {set.symbols().map(tile).collect_view()}
            </fieldset>
        }
    });
    view! {
        <div class="form__set">
            <fieldset class="tiles"><legend>"Insignia"</legend>{tile(String::new())}</fieldset>
            {sets.collect_view()}
        </div>
    }
    .into_any()
}

/// Ranks as choices of a select.
pub(super) fn rank_options<'a>(
    ranks: impl Iterator<Item = &'a RankTitle>,
) -> Vec<(String, String)> {
    let mut options = vec![(String::new(), "Choose…".to_owned())];
    options.extend(ranks.map(|rank| (rank.id.to_string(), rank.name.clone())));
    options
}
