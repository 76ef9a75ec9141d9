//! The roster page: four views, filter, as-of date, and edit mode.
//!
//! The drawing comes from the server as HTML (`drawing`). In the page that the server sends, it
//! stands once: what is serialised for the browser leaves it out, and hydration does not touch it.
//! When something happens, the browser fetches the drawing again and exchanges only what changed.

use super::rearranging;
use crate::{
    domain::{AppError, time},
    features::roster::{
        api::{PlacePlayers, read_roster},
        model::{
            RosterView,
            pages::{GroupChoice, RosterPage as Drawn, RosterQuery},
        },
    },
    ui::{self, Icon, Page, loaded_page, use_refresh, use_viewer},
};
use leptos::{ev, prelude::*, server_fn::ServerFn};
use leptos_router::hooks::use_query_map;
use serde::{Deserialize, Serialize};
use std::sync::Arc;

/// Ids of the parts that are exchanged.
const DRAWING: &str = "roster-drawing";
const TREE: &str = "roster-tree";
const TRAY: &str = "roster-tray";

/// A drawn roster whose HTML is not serialised a second time into the page.
#[derive(Clone, Debug, Serialize, Deserialize)]
struct Shown {
    #[serde(skip)]
    html: Arc<str>,
    #[serde(skip)]
    tree_html: String,
    #[serde(skip)]
    tray_html: String,
    query: RosterQuery,
    meta: String,
    empty: bool,
    first_day: String,
    today: String,
    targets: Vec<GroupChoice>,
}

impl Shown {
    fn new(drawn: Drawn, query: RosterQuery) -> Self {
        Self {
            meta: meta(&drawn),
            html: drawn.html,
            tree_html: drawn.tree_html,
            tray_html: drawn.tray_html,
            query,
            empty: drawn.empty,
            first_day: drawn.first_day,
            today: drawn.today,
            targets: drawn.targets,
        }
    }
}

fn meta(drawn: &Drawn) -> String {
    let mut text = plural(drawn.people, "person", "people");
    text.push_str(" in ");
    text.push_str(&plural(drawn.groups, "group", "groups"));
    if drawn.vacancies > 0 {
        text.push_str(", ");
        text.push_str(&plural(drawn.vacancies, "open position", "open positions"));
    }
    text
}

fn plural(number: u32, one: &str, many: &str) -> String {
    let unit = if number == 1 { one } else { many };
    [number.to_string().as_str(), " ", unit].concat()
}

async fn read(query: RosterQuery) -> Result<Shown, AppError> {
    let RosterQuery {
        view,
        as_of,
        filter,
        edit,
    } = query.clone();
    read_roster(view, as_of, filter, edit)
        .await
        .map(|drawn| Shown::new(drawn, query))
}

/// The roster.
#[component]
pub fn RosterPage() -> impl IntoView {
    let asked = use_query_map();
    let query = Memo::new(move |_| {
        asked.with(|asked| {
            let text = |name| asked.get_str(name).unwrap_or_default().to_owned();
            RosterQuery {
                view: RosterView::parse(&text("view")).unwrap_or(RosterView::Cards),
                as_of: text("as_of"),
                filter: text("q"),
                edit: asked.get_str("edit").is_some(),
            }
        })
    });
    let resource = Resource::new_blocking(move || query.get(), read);
    let refresh = use_refresh();
    let counts = RwSignal::new(None::<String>);
    Effect::new(move |_| {
        query.track();
        counts.set(None);
    });
    Effect::new(move |first: Option<()>| {
        let _ = refresh.follow();
        if first.is_some() {
            leptos::task::spawn_local(async move {
                let asked = query.get_untracked();
                let fresh = read(asked.clone()).await;
                // Who has gone on to another view meanwhile must not get this one into it.
                if let Ok(shown) = fresh
                    && query.try_get_untracked().as_ref() == Some(&asked)
                {
                    rearranging::patch(DRAWING, &shown.html);
                    rearranging::patch(TREE, &shown.tree_html);
                    rearranging::patch(TRAY, &shown.tray_html);
                    counts.try_set(Some(shown.meta));
                }
            });
        }
    });
    view! {
        <ui::live::Live/>
        {loaded_page(resource, move |shown| page(shown, counts))}
    }
}

fn page(shown: Shown, counts: RwSignal<Option<String>>) -> AnyView {
    let Shown {
        html,
        tree_html,
        tray_html,
        query,
        meta,
        empty,
        first_day,
        today,
        targets,
    } = shown;
    let can = use_viewer().can;
    let is_past = !query.as_of.is_empty();
    let before = is_past.then(|| past_banner(&query));
    let live_meta = {
        let meta = meta.clone();
        move || counts.get().unwrap_or_else(|| meta.clone())
    };
    let content = if empty {
        first_run(can.edit_all)
    } else if query.edit {
        edit_mode(html, tree_html, tray_html, targets, can.edit_all)
    } else {
        view! { <div id=DRAWING inner_html=ui::spliced(html)></div> }.into_any()
    };
    let toolbar = (!empty && !query.edit).then(|| toolbar(&query, &first_day, &today));
    view! {
        <Page title="Roster" bare=true before=before.into_any()>
            <div class="page-head">
                <div class="page-head__text">
                    <h1>{if query.edit { "Edit roster" } else { "Roster" }}</h1>
                    <p class="page-head__meta">{live_meta}</p>
                </div>
                {actions(&query, can.edit_roster, can.edit_all, empty)}
            </div>
            {toolbar}
            {content}
        </Page>
    }
    .into_any()
}

/// The address of the roster with these choices.
fn address(view: RosterView, as_of: &str) -> String {
    let mut address = ["/roster?view=", view.as_str()].concat();
    if !as_of.is_empty() {
        address.push_str("&as_of=");
        address.push_str(as_of);
    }
    address
}

fn actions(query: &RosterQuery, can_edit: bool, can_create: bool, empty: bool) -> Option<AnyView> {
    if !query.as_of.is_empty() || empty {
        return None;
    }
    let edit = if query.edit {
        view! { <a class="button" data-kind="primary" href="/roster">"Done"</a> }.into_any()
    } else if can_edit {
        view! {
            <a class="button" href="/roster?edit=1"><Icon name="edit"/>"Edit roster"</a>
        }
        .into_any()
    } else {
        ().into_any()
    };
    let create = (can_create && !query.edit).then(|| {
        view! {
            <a class="button" href="/players/new"><Icon name="user"/>"Add person"</a>
            <a class="button" data-kind="primary" href="/groups/new">
                <Icon name="plus"/>
                "New group"
            </a>
        }
    });
    Some(view! { <div class="page-head__actions">{edit}{create}</div> }.into_any())
}

fn past_banner(query: &RosterQuery) -> AnyView {
    let day = time::parse_date(&query.as_of).map_or_else(
        || query.as_of.clone(),
        |date| time::day(time::end_of_day(date)),
    );
    view! {
        <div class="banner" data-kind="past" role="status">
            <Icon name="clock"/>
            <p class="banner__text">
                <span class="banner__title">"The roster as of "{day}</span>
            </p>
            <a class="button" data-size="small" href=address(query.view, "")>"Back to now"</a>
        </div>
    }
    .into_any()
}

fn toolbar(query: &RosterQuery, first_day: &str, today: &str) -> AnyView {
    let chosen = query.view;
    let as_of = query.as_of.clone();
    let tabs = RosterView::ALL
        .iter()
        .map(|view| {
            let current = (*view == chosen).then_some("page");
            view! {
                <a href=address(*view, &as_of) aria-current=current>
                    <Icon name=view.as_str()/>
                    {view.label()}
                </a>
            }
        })
        .collect_view();
    view! {
        <div class="toolbar">
            <nav class="segmented" aria-label="View">{tabs}</nav>
            {filter_form(query)}
            <span class="toolbar__gap"></span>
            {as_of_form(query, first_day, today)}
        </div>
    }
    .into_any()
}

fn filter_form(query: &RosterQuery) -> AnyView {
    view! {
        <form class="search" role="search" aria-label="Filter the roster" method="get" action="/roster">
            <input type="hidden" name="view" value=query.view.as_str()/>
            <input type="hidden" name="as_of" value=query.as_of.clone()/>
            <label class="visually-hidden" for="roster-filter">"Filter by name, role or group"</label>
            <Icon name="filter"/>
            <input
                class="search__input"
                id="roster-filter"
                name="q"
                type="search"
                placeholder="Filter people and groups"
                maxlength="100"
                value=query.filter.clone()
                on:input=move |event| rearranging::filter_rows(&event_target_value(&event))
            />
        </form>
    }
    .into_any()
}

/// A date, and a slider over the days back to the first; the slider needs JavaScript to move the
/// date, the date works alone.
fn as_of_form(query: &RosterQuery, first_day: &str, today: &str) -> AnyView {
    let now = time::parse_date(today);
    let chosen = time::parse_date(&query.as_of).or(now);
    let days = |from: Option<chrono::NaiveDate>, to: Option<chrono::NaiveDate>| match (from, to) {
        (Some(from), Some(to)) => (to - from).num_days().max(0),
        _ => 0,
    };
    let span = days(time::parse_date(first_day), now).max(1);
    let back = days(chosen, now).min(span);
    let shown = RwSignal::new(chosen.map(time::iso_date).unwrap_or_default());
    let slide = move |event: ev::Event| {
        let back = event_target_value(&event).parse().unwrap_or(0);
        if let Some(date) = now.and_then(|now| now.checked_sub_days(chrono::Days::new(back))) {
            shown.set(time::iso_date(date));
        }
    };
    view! {
        <form class="as-of" method="get" action="/roster">
            <input type="hidden" name="view" value=query.view.as_str()/>
            <label class="as-of__label" for="roster-as-of">"As of"</label>
            <input
                class="as-of__range"
                type="range"
                min="0"
                max=span.to_string()
                value=back.to_string()
                dir="rtl"
                aria-label="Days back"
                on:input=slide
            />
            <input
                class="input as-of__date"
                type="date"
                id="roster-as-of"
                name="as_of"
                data-size="small"
                min=first_day.to_owned()
                max=today.to_owned()
                value=shown.get_untracked()
                prop:value=shown
            />
            <button class="button" data-size="small">"Show"</button>
        </form>
    }
    .into_any()
}

fn first_run(can_create: bool) -> AnyView {
    let actions = can_create.then(|| {
        view! {
            <div class="empty__actions">
                <a class="button" data-kind="primary" href="/start">"Choose a starting shape"</a>
                <a class="button" href="/import">"Import people and groups"</a>
            </div>
        }
    });
    view! {
        <div class="empty" data-size="page">
            <Icon name="roster"/>
            <p class="empty__title">"No groups yet"</p>
            <p class="empty__text">
                "The roster shows who belongs where. Start from a ready-made shape, import your \
                 lists, or create the first group."
            </p>
            {actions}
        </div>
    }
    .into_any()
}

fn edit_mode(
    html: Arc<str>,
    tree_html: String,
    tray_html: String,
    targets: Vec<GroupChoice>,
    can_create: bool,
) -> AnyView {
    let options = targets
        .into_iter()
        .map(|group| view! { <option value=group.id.to_string()>{group.name}" · "{group.ident}</option> })
        .collect_view();
    let create = can_create.then(|| {
        view! {
            <a class="button" data-kind="quiet" data-size="small" href="/groups/new">
                <Icon name="plus"/>
                "New"
            </a>
        }
    });
    view! {
        <p class="muted">
            "Drag people and groups by their handles, or focus a handle and press Enter, arrow keys, \
             Enter. Tick several people to move them together."
        </p>
        <form
            class="roster-edit"
            method="post"
            action=PlacePlayers::PATH
            data-command
            on:pointerdown=move |event| rearranging::pointer_down(&event)
            on:pointermove=move |event| rearranging::pointer_move(&event)
            on:pointerup=move |event| rearranging::pointer_up(&event)
            on:pointercancel=move |_| rearranging::cancel()
            on:keydown=move |event| rearranging::key_down(&event)
            on:change=move |_| rearranging::count_selected()
            on:reset=move |_| rearranging::clear_selected()
        >
            <aside class="roster-edit__side" aria-label="Groups and unassigned people">
                <section class="roster-edit__pane" aria-label="Groups">
                    <header>"Groups "{create}</header>
                    <div id=TREE inner_html=tree_html></div>
                </section>
                <section class="roster-edit__pane" aria-label="Unassigned people" data-unassign>
                    <header>"Unassigned"</header>
                    <ul class="roster-edit__tray" id=TRAY inner_html=tray_html></ul>
                </section>
            </aside>
            <div class="roster-edit__cards" id=DRAWING inner_html=html></div>
            <div class="roster-edit__bar" id="roster-bar" data-state="empty">
                <output id="roster-selected">"Nobody selected"</output>
                <button class="button" data-kind="quiet" type="reset">"Clear"</button>
                <label class="visually-hidden" for="roster-to">"Move to"</label>
                <select class="input" id="roster-to" name="group_id">{options}</select>
                <button class="button" data-kind="primary">"Move"</button>
            </div>
            <p class="visually-hidden" role="status" id="roster-say"></p>
        </form>
    }
    .into_any()
}
