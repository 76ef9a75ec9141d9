//! The preview of a rule: its editor, who would qualify, and who would not and why.

use super::{CriterionField, checklist};
use crate::{
    domain::AppError,
    features::criteria::{
        api::read_preview,
        model::{Person, PreviewPage, RuleRow},
    },
    ui::{AskForm, Empty, Page, Submit, loaded_page, reading},
};
use leptos::prelude::*;
use leptos_router::hooks::use_query_map;
use std::collections::BTreeMap;

/// The page `/criteria/preview`, with the rule in its address: as JSON in `rule`, or as the rows of
/// a form, whatever that calls them.
#[component]
pub fn PagePreview() -> impl IntoView {
    let query = use_query_map();
    let asked = Memo::new(move |_| {
        query.with(|query| {
            let fields = query.clone().into_iter();
            let rows = rows_in(fields.map(|(name, value)| (name.into_owned(), value)));
            let met = query.get("show").is_none_or(|show| show != "unmet");
            let page: u32 = query
                .get("page")
                .and_then(|page| page.parse().ok())
                .unwrap_or(0);
            (query.get("rule").unwrap_or_default(), rows, met, page)
        })
    });
    let page = reading(
        move || asked.get(),
        |(rule, rows, met, page): (String, Vec<RuleRow>, bool, u32)| {
            read_preview(rule, rows, met, page)
        },
    );
    loaded_page(page, show)
}

/// The rows of a form among the fields of an address: `needs[0][kind]`, `input[needs][0][kind]`.
fn rows_in(fields: impl Iterator<Item = (String, String)>) -> Vec<RuleRow> {
    let mut rows: BTreeMap<usize, RuleRow> = BTreeMap::new();
    for (name, value) in fields {
        let Some((rest, part)) = name
            .strip_suffix(']')
            .and_then(|name| name.rsplit_once("]["))
        else {
            continue;
        };
        let Some((_, at)) = rest.rsplit_once('[') else {
            continue;
        };
        let Ok(at) = at.parse::<usize>() else {
            continue;
        };
        let row = rows.entry(at).or_default();
        let place = match part {
            "level" => &mut row.level,
            "kind" => &mut row.kind,
            "number" => &mut row.number,
            "days" => &mut row.days,
            "category" => &mut row.category,
            "rank" => &mut row.rank,
            "group" => &mut row.group,
            "role" => &mut row.role,
            "kept" => &mut row.kept,
            _ => continue,
        };
        *place = value;
    }
    rows.into_values().collect()
}

fn show(page: PreviewPage) -> AnyView {
    let error = (!page.errors.0.is_empty()).then(|| AppError::Invalid(page.errors.clone()));
    let problem = page.problem.clone().map(|problem| {
        view! { <p class="field__error" role="alert">"This is no rule: "{problem}</p> }
    });
    let people = (!page.rule.is_empty()).then(|| people(&page));
    let (rows, choices) = (page.rows, page.choices);
    view! {
        <Page
            title="Who would qualify"
            meta="Nothing is changed here: try a rule out, and see whom it takes"
            width="reading"
        >
            <AskForm to="/criteria/preview" error=error>
                {problem}
                <CriterionField name="rows" label="Rule" rows=rows choices=choices/>
                <div class="form__actions"><Submit label="Show who would qualify"/></div>
            </AskForm>
            {people}
        </Page>
    }
    .into_any()
}

fn people(page: &PreviewPage) -> AnyView {
    let address = |met: bool, at: u32| {
        let show = if met { "met" } else { "unmet" };
        let rule = &page.rule;
        format!("/criteria/preview?show={show}&page={at}&rule={rule}")
    };
    let current = |met: bool| (page.shows_met == met).then_some("page");
    let list = if page.people.is_empty() {
        let text = match page.shows_met {
            true => "Everybody lacks something, or something is not known of them.",
            false => "Everybody meets the rule.",
        };
        view! { <Empty icon="roster" title="Nobody" text=text/> }.into_any()
    } else {
        let rows = page
            .people
            .iter()
            .map(|one| person(one, page.shows_met))
            .collect_view();
        view! { <ul class="list panel">{rows}</ul> }.into_any()
    };
    let link = |at: u32, label: &'static str| {
        let href = address(page.shows_met, at);
        view! { <a class="button" data-size="small" href=href>{label}</a> }
    };
    let earlier = page.page.checked_sub(1).map(|at| link(at, "Back"));
    let later = (page.page + 1 < page.pages).then(|| link(page.page + 1, "On"));
    let pager = (page.pages > 1).then(|| {
        let text = format!("Page {} of {}", page.page + 1, page.pages);
        view! {
            <nav class="pager" aria-label="Pages">
                <span class="pager__text">{text}</span>
                {earlier}
                {later}
            </nav>
        }
    });
    view! {
        <section class="stack" aria-labelledby="preview-people">
            <h2 id="preview-people">"As of now"</h2>
            <p>{page.demand.clone()}</p>
            <nav class="tabs" aria-label="Which">
                <a href=address(true, 0) aria-current=current(true)>
                    {format!("{} qualify", page.met)}
                </a>
                <a href=address(false, 0) aria-current=current(false)>
                    {format!("{} do not", page.unmet)}
                </a>
            </nav>
            {list}
            {pager}
        </section>
    }
    .into_any()
}

fn person(person: &Person, met: bool) -> AnyView {
    let href = format!("/players/{}", person.id);
    let why = checklist(&person.told);
    let why = match met {
        true => view! { <details><summary>"Why"</summary>{why}</details> }.into_any(),
        false => why,
    };
    view! {
        <li class="list__row">
            <div class="list__text">
                <p><a class="list__title" href=href>{person.name.clone()}</a></p>
                {why}
            </div>
        </li>
    }
    .into_any()
}
