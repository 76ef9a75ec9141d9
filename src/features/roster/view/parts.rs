//! What the pages of groups and people have in common: how they read, and the small parts they are
//! put together from. Each part is one plain function, so that a page is little code in the browser.

use crate::{
    domain::{
        AppError, GroupId, PlayerId,
        access::{Action, Missing},
        time::{self, Instant},
        viewer::Viewer,
    },
    features::roster::{
        api::{read_choices, read_group, read_player, search},
        model::pages::{Choices, GroupChoice, GroupPage, HistoryLine, PlayerPage},
    },
    ui::{Icon, LocalTime, Submit, states, use_refresh, words},
};
use leptos::prelude::*;
use leptos_router::{
    hooks::{use_params_map, use_query_map},
    params::ParamsMap,
};
use serde::{Deserialize, Serialize};
use std::str::FromStr;

/// Number of the refresh, and what is needed.
type Source = (u32, Needs);

/// What the address of the page says.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Asked {
    path: ParamsMap,
    query: ParamsMap,
}

impl Asked {
    /// A part of the path, or else of the query; empty when there is none.
    pub(super) fn text(&self, name: &str) -> String {
        self.path
            .get(name)
            .or_else(|| self.query.get(name))
            .unwrap_or_default()
    }

    /// The same as an id; something else than an id leads nowhere.
    pub(super) fn id<T: FromStr>(&self, name: &str) -> Result<T, AppError> {
        self.text(name).parse().map_err(|_| AppError::NotFound)
    }
}

/// What a page has to read before it can be drawn; ids as the address has them.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Needs {
    /// This group.
    pub(super) group: Option<String>,
    /// This person.
    pub(super) player: Option<String>,
    /// What forms that place people offer.
    pub(super) choices: bool,
    /// All groups that the viewer sees.
    pub(super) groups: bool,
}

impl Needs {
    /// The group of the address.
    pub(super) fn group(asked: &Asked) -> Self {
        Self {
            group: Some(asked.text("id")),
            ..Self::default()
        }
    }

    /// The group of the address, and what forms offer.
    pub(super) fn group_and_choices(asked: &Asked) -> Self {
        Self {
            choices: true,
            ..Self::group(asked)
        }
    }

    /// The person of the address.
    pub(super) fn player(asked: &Asked) -> Self {
        Self {
            player: Some(asked.text("id")),
            ..Self::default()
        }
    }
}

/// What a page was given. One type for all pages, because each further one costs the browser.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub(super) struct Matter {
    group: Option<GroupPage>,
    player: Option<PlayerPage>,
    choices: Option<Choices>,
    groups: Option<Vec<GroupChoice>>,
}

impl Matter {
    /// The group that was read.
    pub(super) fn group(&mut self) -> Result<GroupPage, AppError> {
        self.group.take().ok_or(AppError::NotFound)
    }

    /// The person who was read.
    pub(super) fn player(&mut self) -> Result<PlayerPage, AppError> {
        self.player.take().ok_or(AppError::NotFound)
    }

    /// What forms offer.
    pub(super) fn choices(&mut self) -> Choices {
        self.choices.take().unwrap_or_default()
    }

    /// All groups that the viewer sees.
    pub(super) fn groups(&mut self) -> Vec<GroupChoice> {
        self.groups.take().unwrap_or_default()
    }
}

async fn read(needs: Needs) -> Result<Matter, AppError> {
    let mut matter = Matter::default();
    if let Some(id) = needs.group {
        matter.group = Some(read_group(id.parse().map_err(|_| AppError::NotFound)?).await?);
    }
    if let Some(id) = needs.player {
        matter.player = Some(read_player(id.parse().map_err(|_| AppError::NotFound)?).await?);
    }
    if needs.choices {
        matter.choices = Some(read_choices().await?);
    }
    if needs.groups {
        // An empty text finds all groups.
        matter.groups = Some(search(String::new()).await?.groups);
    }
    Ok(matter)
}

/// How a page is drawn from what it was given.
pub(super) type Show = fn(Matter, &Asked) -> Result<AnyView, AppError>;

/// A page that is read again when something changed.
pub(super) fn live_page(needs: fn(&Asked) -> Needs, show: Show) -> AnyView {
    page(true, needs, show)
}

/// A page with a form. It is not read again by itself: a new version under what somebody is typing
/// would overwrite another's change unseen.
pub(super) fn form_page(needs: fn(&Asked) -> Needs, show: Show) -> AnyView {
    page(false, needs, show)
}

fn page(live: bool, needs: fn(&Asked) -> Needs, show: Show) -> AnyView {
    let (path, query) = (use_params_map(), use_query_map());
    let refresh = use_refresh();
    let source = move || -> Source {
        let asked = Asked {
            path: path.get(),
            query: query.get(),
        };
        (if live { refresh.follow() } else { 0 }, needs(&asked))
    };
    let resource = Resource::new_blocking(source, |(_, needs)| read(needs));
    let drawn = move |matter: Result<Matter, AppError>| {
        let asked = Asked {
            path: path.get_untracked(),
            query: query.get_untracked(),
        };
        matter
            .and_then(|matter| show(matter, &asked))
            .unwrap_or_else(|error| states::problem_page(&error))
    };
    view! {
        <Transition fallback=|| ()>
            {move || Suspend::new(async move { drawn(resource.await) })}
        </Transition>
    }
    .into_any()
}

/// The address of a group's page.
pub(super) fn group_href(id: GroupId) -> String {
    format!("/groups/{id}")
}

/// The address of a person's page.
pub(super) fn player_href(id: PlayerId) -> String {
    format!("/players/{id}")
}

/// The letters of a group's shield: the ident begins with them (§4.2).
pub(super) fn acronym_in(group: &GroupChoice) -> String {
    group.ident.split('-').next().unwrap_or_default().to_owned()
}

/// The way to a group's page.
pub(super) fn crumbs_to(group: &GroupPage) -> Vec<(String, String)> {
    let roster = ("/roster".to_owned(), "Roster".to_owned());
    let above = group
        .above
        .iter()
        .map(|above| (group_href(above.id), above.name.clone()));
    std::iter::once(roster).chain(above).collect()
}

/// The way to a page below a group's page.
pub(super) fn crumbs_below(group: &GroupPage) -> Vec<(String, String)> {
    let mut crumbs = crumbs_to(group);
    crumbs.push((group_href(group.id), group.name.clone()));
    crumbs
}

/// A link that looks like a button; an empty `kind` is the ordinary one.
pub(super) fn button(
    href: String,
    icon: &'static str,
    label: &'static str,
    kind: &'static str,
) -> AnyView {
    view! {
        <a class="button" data-kind=(!kind.is_empty()).then_some(kind) href=href>
            <Icon name=icon/>
            {label}
        </a>
    }
    .into_any()
}

/// A small button in a row; `of` says to those who cannot see the row what it is about.
pub(super) fn row_button(href: String, label: &'static str, of: &str) -> AnyView {
    let full = [label, ", ", of].concat();
    view! { <a class="button" data-size="small" href=href aria-label=full>{label}</a> }.into_any()
}

/// Where members of the organisation look for something they may not do: it opens the reason, by
/// keyboard too (ui.md §4).
pub(super) fn locked(label: &'static str, missing: Missing) -> AnyView {
    view! {
        <details class="menu">
            <summary class="button" data-state="locked">
                <Icon name="lock"/>
                {label}
                <span class="visually-hidden">", not possible: why?"</span>
            </summary>
            <div class="menu__panel"><p class="menu__note">{words::missing(missing)}</p></div>
        </details>
    }
    .into_any()
}

/// A line in a menu.
pub(super) fn menu_item(href: String, icon: &'static str, label: &'static str) -> AnyView {
    view! { <a class="menu__item" href=href><Icon name=icon/>{label}</a> }.into_any()
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

/// A tab: its name in the address, its label, and how many things it holds.
pub(super) type Tab = (&'static str, &'static str, Option<usize>);

/// Tabs of a page; the first is the one without a name in the address.
pub(super) fn tabs(base: &str, chosen: &str, tabs: &[Tab]) -> AnyView {
    let links: Vec<AnyView> = tabs
        .iter()
        .enumerate()
        .map(|(index, (name, label, count))| {
            let href = if index == 0 {
                base.to_owned()
            } else {
                [base, "?tab=", name].concat()
            };
            let count = count
                .map(|count| view! { " "<span class="tabs__count">{count.to_string()}</span> });
            let current = (*name == chosen).then_some("page");
            view! { <a href=href aria-current=current>{*label}{count}</a> }.into_any()
        })
        .collect();
    view! { <nav class="tabs" aria-label="Sections">{links}</nav> }.into_any()
}

/// The tab that the address names, else the first.
pub(super) fn chosen_tab(tabs: &[Tab], asked: Option<String>) -> &'static str {
    let known = |name: &String| tabs.iter().find(|tab| tab.0 == name).map(|tab| tab.0);
    asked
        .as_ref()
        .and_then(known)
        .or(tabs.first().map(|tab| tab.0))
        .unwrap_or_default()
}

/// A titled surface around a list or table.
pub(super) fn panel(title: &'static str, actions: Option<AnyView>, content: AnyView) -> AnyView {
    view! {
        <section class="panel">
            <header class="panel__head"><h2>{title}</h2>{actions}</header>
            {content}
        </section>
    }
    .into_any()
}

/// Cells with words in the head of a table.
pub(super) fn heads(labels: &[&'static str]) -> AnyView {
    labels
        .iter()
        .map(|label| view! { <th scope="col">{*label}</th> })
        .collect_view()
        .into_any()
}

/// Memberships over time; `about` heads the column of what each is about.
pub(super) fn history_table(
    viewer: &Viewer,
    about: &'static str,
    lines: Vec<HistoryLine>,
) -> AnyView {
    let all = &["As", "From", "Until", "For", "Why it ended"];
    // Most memberships end without words: then there is no column for them.
    let with_reasons = lines.iter().any(|line| line.reason.is_some());
    let columns = if with_reasons {
        all.as_slice()
    } else {
        &all[..4]
    };
    let rows: Vec<AnyView> = lines
        .into_iter()
        .map(|line| history_row(viewer.now, line, with_reasons))
        .collect();
    view! {
        <div class="table-wrap" role="region" aria-label="Memberships" tabindex="0">
            <table class="table service">
                <thead><tr>{heads(&[about])}{heads(columns)}</tr></thead>
                <tbody>{rows}</tbody>
            </table>
        </div>
    }
    .into_any()
}

fn history_row(now: Instant, line: HistoryLine, with_reason: bool) -> AnyView {
    let state = if line.until.is_some() {
        "past"
    } else {
        "current"
    };
    let title = match line.href {
        Some(href) => view! { <a href=href>{line.title}</a> }.into_any(),
        None => line.title.into_any(),
    };
    let until = match line.until {
        Some(until) => view! { <LocalTime at=until day_only=true/> }.into_any(),
        None => "now".into_any(),
    };
    view! {
        <tr data-state=state>
            <td data-kind="name">{title}</td>
            <td>{line.post}</td>
            <td><LocalTime at=line.since day_only=true/></td>
            <td>{until}</td>
            <td>{time::span(line.since, line.until.unwrap_or(now))}</td>
            {with_reason.then(|| view! { <td data-kind="wrap">{line.reason}</td> })}
        </tr>
    }
    .into_any()
}

/// Groups as choices of a select, indented like the tree.
pub(super) fn group_options<'a>(
    groups: impl Iterator<Item = &'a GroupChoice>,
) -> Vec<(String, String)> {
    groups
        .map(|group| {
            // No-break spaces: browsers swallow others at the beginning of an option.
            let indent = "\u{a0}\u{a0}\u{a0}".repeat(group.depth as usize);
            (
                group.id.to_string(),
                [&indent, &group.name].map(String::as_str).concat(),
            )
        })
        .collect()
}

/// Refuses a page to somebody who may not do what it is for.
pub(super) fn refuse(allowed: bool, action: Action) -> Result<(), AppError> {
    if allowed {
        Ok(())
    } else {
        Err(AppError::Forbidden(Missing::AccessHere(action)))
    }
}
