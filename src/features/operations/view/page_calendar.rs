//! The page of the calendar: what is chosen above, the days below (`calendar`).

use super::{calendar, parts::mark};
use crate::{
    features::operations::{
        api::read_calendar,
        model::{
            Answer,
            calendar::{CalendarAsked, CalendarPage, CalendarView},
        },
    },
    ui::{Icon, Page, live::Live, loaded_page, reading},
};
use leptos::prelude::*;
use leptos_router::hooks::use_query_map;

/// The page `/calendar`; its address says which view, which day, and what is filtered.
#[component]
pub fn PageCalendar() -> impl IntoView {
    let query = use_query_map();
    let asked = Memo::new(move |_| {
        query.with(|query| {
            let part = |name: &str| query.get(name).unwrap_or_default();
            CalendarAsked {
                view: part("view"),
                date: part("date"),
                zone: part("zone"),
                category: part("category"),
                group: part("group"),
                answer: part("answer"),
            }
        })
    });
    let page = reading(move || asked.get(), read_calendar);
    loaded_page(page, show)
}

fn show(page: CalendarPage) -> AnyView {
    let meta = format!("Days and times are those of {}.", page.zone);
    let actions = view! {
        <a class="button" href="/operations">"List"</a>
        <a class="button" href="/calendar/feeds">"Subscribe"</a>
    }
    .into_any();
    let (above, days, below) = (toolbar(&page), calendar::days(&page), notes(&page));
    let filters = (filters(&page), categories(&page));
    view! {
        <Page title="Calendar" meta=meta actions=actions>
            <Live/>
            {above}
            {filters}
            {days}
            {below}
        </Page>
    }
    .into_any()
}

/// Which view, which days, and the way to others.
fn toolbar(page: &CalendarPage) -> AnyView {
    let asked = &page.asked;
    let views = CalendarView::ALL.map(|view| {
        let current = (view == page.view).then_some("page");
        view! { <a href=asked.in_view(view).href() aria-current=current>{view.label()}</a> }
    });
    let step = |date: &str, icon: &'static str, label: &'static str| {
        let href = asked.on(date).href();
        view! { <a class="button" href=href aria-label=label><Icon name=icon/></a> }
    };
    let steps = (
        step(&page.previous, "chevron-left", "Before"),
        view! { <a class="button" href=asked.on("").href()>"Today"</a> },
        step(&page.next, "chevron-right", "After"),
    );
    view! {
        <div class="toolbar">
            <nav class="cal-steps" aria-label="Days">{steps}</nav>
            <h2 class="cal-title">{page.title.clone()}</h2>
            <span class="toolbar__gap"></span>
            <nav class="segmented" aria-label="View">{views.into_iter().collect_view()}</nav>
        </div>
    }
    .into_any()
}

/// The categories: what their marks mean, and a choice of one.
fn categories(page: &CalendarPage) -> AnyView {
    let chosen = &page.asked.category;
    let link = |id: String, content: AnyView| {
        let current = (id == *chosen).then_some("true");
        let asked = CalendarAsked {
            category: id,
            ..page.asked.clone()
        };
        view! { <a class="cal-chip" href=asked.href() aria-current=current>{content}</a> }
    };
    let all = link(String::new(), view! { "All categories" }.into_any());
    let each = page.categories.iter().map(|category| {
        let name = category.name.clone();
        link(
            category.id.to_string(),
            view! { {mark(category)}{name} }.into_any(),
        )
    });
    let each = each.collect_view();
    view! { <nav class="cal-chips" aria-label="Category">{all}{each}</nav> }.into_any()
}

/// What else can be chosen, as a form that leads to an address.
fn filters(page: &CalendarPage) -> AnyView {
    let asked = &page.asked;
    let mut groups = vec![(String::new(), "All groups".to_owned())];
    let here = page
        .groups
        .iter()
        .map(|(id, name)| (id.to_string(), name.clone()));
    groups.extend(here);
    if groups.iter().all(|(id, _)| *id != asked.group) {
        groups.push((asked.group.clone(), "The group you chose".to_owned()));
    }
    let answers = page.is_member.then(|| {
        let every = (String::new(), "All answers".to_owned());
        let each = Answer::ALL
            .iter()
            .map(|answer| (answer.as_str().to_owned(), answer.label().to_owned()));
        let options = std::iter::once(every).chain(each).collect();
        select("answer", "My answer", options, &asked.answer)
    });
    let zones = (!page.zones.is_empty()).then(|| {
        let own = (String::new(), "The organisation's".to_owned());
        let each = page.zones.iter().map(|zone| (zone.clone(), zone.clone()));
        let options = std::iter::once(own).chain(each).collect();
        select("zone", "Time zone", options, &asked.zone)
    });
    let kept = [
        ("view", &asked.view),
        ("date", &asked.date),
        ("category", &asked.category),
    ];
    let kept = kept
        .into_iter()
        .filter(|(_, value)| !value.is_empty())
        .map(|(name, value)| view! { <input type="hidden" name=name value=value.clone()/> });
    let kept = kept.collect_view();
    let groups = select("group", "Group", groups, &asked.group);
    view! {
        <form class="filters" method="get" action="/calendar">
            {kept}
            {groups}
            {answers}
            {zones}
            <button class="button">"Filter"</button>
        </form>
    }
    .into_any()
}

fn select(
    name: &'static str,
    label: &'static str,
    options: Vec<(String, String)>,
    chosen: &str,
) -> AnyView {
    let id = ["calendar-", name].concat();
    let options = options
        .into_iter()
        .map(|(value, text)| {
            let selected = value == chosen;
            view! { <option value=value selected=selected>{text}</option> }
        })
        .collect_view();
    view! {
        <div class="field">
            <label class="field__label" for=id.clone()>{label}</label>
            <select class="input" id=id name=name>{options}</select>
        </div>
    }
    .into_any()
}

/// What the days do not say by themselves.
fn notes(page: &CalendarPage) -> AnyView {
    let moving = if page.plans {
        "Drag an operation by its handle to another day or hour, or open the handle to type the time."
    } else {
        "Only those who plan operations of a group can move them."
    };
    let too_many = page.too_many.then(|| {
        view! { <p class="cal-note">"There is more than fits here. Choose a week or a group."</p> }
    });
    view! { {too_many}<p class="cal-note">{moving}</p> }.into_any()
}
