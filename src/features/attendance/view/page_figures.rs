//! Figures of attendance (§9.7): people, groups and categories, as a table with a drawn bar beside
//! each number; on a phone each line is a card.

use super::parts::{bar, crumbs, of_operations, tabs};
use crate::{
    features::{
        attendance::{
            api::read_figures,
            model::{
                WINDOWS,
                pages::{By, FigureLine, FiguresPage},
                percent,
            },
        },
        operations::view::parts::mark,
    },
    ui::{Empty, Page, live::Live, loaded_page, reading},
};
use leptos::prelude::*;
use leptos_router::hooks::use_query_map;

/// The page `/attendance`, with `by`, `q`, `group` and `from` in its address.
#[component]
pub fn PageFigures() -> impl IntoView {
    let query = use_query_map();
    let asked = move || {
        query.with(|query| {
            let text = |key: &str| query.get(key).unwrap_or_default();
            let from = text("from").parse().unwrap_or(0);
            (text("by"), text("q"), text("group"), from)
        })
    };
    let page = reading(
        asked,
        |(by, text, group, from): (String, String, String, u32)| {
            read_figures(by, text, group, from)
        },
    );
    loaded_page(page, show)
}

fn show(page: FiguresPage) -> AnyView {
    let here = match page.by {
        By::People => "/attendance",
        By::Groups => "/attendance?by=groups",
        By::Categories => "/attendance?by=categories",
    };
    let meta = "How much of what counted was attended; accountable counts what was excused, too.";
    let (tabs, filters) = (tabs(here, page.may_review), filters(&page));
    let (table, pager) = (table(&page), pager(&page));
    view! {
        <Page title="Attendance" meta=meta crumbs=crumbs()>
            <Live/>
            {tabs}
            <div class="stack">{filters}{table}{pager}</div>
        </Page>
    }
    .into_any()
}

fn filters(page: &FiguresPage) -> Option<AnyView> {
    if page.by == By::Categories {
        return None;
    }
    let options = page.groups.iter().map(|group| {
        let indent = "\u{a0}\u{a0}\u{a0}".repeat(group.depth as usize);
        let selected = page.group == Some(group.id);
        view! {
            <option value=group.id.to_string() selected=selected>{indent}{group.name.clone()}</option>
        }
    });
    let (text, by) = (page.text.clone(), page.by.as_str());
    Some(
        view! {
            <form class="toolbar" method="get" action="/attendance">
                <input type="hidden" name="by" value=by/>
                <div class="field">
                    <label class="field__label" for="figures-text">"Name"</label>
                    <input class="input" id="figures-text" type="search" name="q" value=text/>
                </div>
                <div class="field">
                    <label class="field__label" for="figures-group">"Group and those below"</label>
                    <select class="input" id="figures-group" name="group">
                        <option value="" selected=page.group.is_none()>"All"</option>
                        {options.collect_view()}
                    </select>
                </div>
                <button class="button">"Show"</button>
            </form>
        }
        .into_any(),
    )
}

fn table(page: &FiguresPage) -> AnyView {
    if page.lines.is_empty() {
        return view! {
            <Empty
                icon="operations"
                title="No figures"
                text="As soon as attendance of an operation is recorded, it counts here."
            />
        }
        .into_any();
    }
    let of = match page.by {
        By::People => "Name",
        By::Groups => "Group",
        By::Categories => "Category",
    };
    let people = page.by == By::People;
    let heads = WINDOWS
        .iter()
        .map(|label| view! { <th scope="col">{*label}</th> });
    let missed = people.then(|| {
        view! { <th scope="col" data-align="end">"Missed in a row"</th> }
    });
    let rows = page
        .lines
        .iter()
        .map(|line| row(line, people))
        .collect_view();
    view! {
        <div class="table-wrap figures" role="region" tabindex="0" aria-label="Figures of attendance">
            <table class="table">
                <thead>
                    <tr><th scope="col" data-kind="name">{of}</th>{heads.collect_view()}{missed}</tr>
                </thead>
                <tbody>{rows}</tbody>
            </table>
        </div>
    }
    .into_any()
}

fn row(line: &FigureLine, people: bool) -> AnyView {
    let name = match &line.href {
        Some(href) => view! { <a href=href.clone()>{line.name.clone()}</a> }.into_any(),
        None => view! { {line.mark.as_ref().map(mark)}{line.name.clone()} }.into_any(),
    };
    let meta = (!line.meta.is_empty())
        .then(|| view! { <span class="figures__meta">{line.meta.clone()}</span> });
    let cells = WINDOWS.iter().zip(line.sums.windows).map(|(label, sums)| {
        let attended = percent(sums.attended_percent());
        let more = match sums.operations {
            0 => of_operations(sums),
            _ => format!(
                "{} · acc. {}",
                of_operations(sums),
                percent(sums.accountable_percent())
            ),
        };
        view! {
            <td data-label=*label>
                <span class="figures__cell">
                    <strong>{attended}</strong>
                    {bar(sums)}
                    <small>{more}</small>
                </span>
            </td>
        }
    });
    let missed = people.then(|| {
        let missed = match line.sums.missed {
            0 => "–".to_owned(),
            count => count.to_string(),
        };
        view! { <td data-align="end" data-label="Missed in a row">{missed}</td> }
    });
    view! {
        <tr>
            <th scope="row" data-kind="name">{name}{meta}</th>
            {cells.collect_view()}
            {missed}
        </tr>
    }
    .into_any()
}

fn pager(page: &FiguresPage) -> Option<AnyView> {
    let next = page.next?;
    let group = page
        .group
        .map(|group| group.to_string())
        .unwrap_or_default();
    let by = page.by.as_str();
    let href = format!("/attendance?by={by}&group={group}&from={next}");
    Some(
        view! {
            <nav class="pager" aria-label="Pages">
                <span class="pager__text"></span>
                <a class="button" href=href>"More"</a>
            </nav>
        }
        .into_any(),
    )
}
