//! The form of an operation: a new one, or one that is changed.

use super::parts::{crumbs, operation_href};
use crate::{
    domain::AppError,
    features::operations::{
        api::{EditOperation, PlanOperation, read_operation_form},
        model::{Audience, pages::OperationFormPage, recurrence::WEEKDAYS},
    },
    ui::{
        CheckSet, CommandForm, Field, Page, Select, Submit, TextArea, form::Radio, loaded_page,
        reading,
    },
};
use leptos::{prelude::*, server_fn::ServerFn};
use leptos_router::hooks::{use_params_map, use_query_map};
use std::sync::Arc;

/// Minutes before the start, as people read them.
const BEFORE: [(i64, &str); 7] = [
    (60, "1 hour before"),
    (180, "3 hours before"),
    (720, "12 hours before"),
    (1440, "1 day before"),
    (2880, "2 days before"),
    (4320, "3 days before"),
    (10080, "1 week before"),
];

/// The page `/operations/new`, with `source` in its address.
#[component]
pub fn PageNewOperation() -> impl IntoView {
    let query = use_query_map();
    let page = reading(
        move || query.with(|query| query.get("source").unwrap_or_default()),
        |source: String| read_operation_form(String::new(), source),
    );
    loaded_page(page, show_new)
}

/// The page `/operations/{id}/edit`.
#[component]
pub fn PageEditOperation() -> impl IntoView {
    let params = use_params_map();
    let page = reading(
        move || params.with(|params| params.get("id").unwrap_or_default()),
        |id: String| async move {
            if id.parse::<crate::domain::OperationId>().is_err() {
                return Err(AppError::NotFound);
            }
            read_operation_form(id, String::new()).await
        },
    );
    loaded_page(page, show_edit)
}

fn show_new(page: OperationFormPage) -> AnyView {
    let page = Arc::new(page);
    let shown = page.clone();
    let hidden = vec![("source", page.source.0.clone())];
    let sources = sources(&page);
    view! {
        <Page title="Plan operation" width="form" crumbs=crumbs()>
            {sources}
            <CommandForm to=PlanOperation::PATH hidden=hidden>
                {what(&shown)}
                {when(&shown)}
                {repeat(&shown)}
                {where_to(&shown)}
                {answers(&shown)}
                {publishing()}
                <div class="form__actions">
                    <Submit label="Plan operation"/>
                    <a class="button" data-kind="quiet" href="/operations">"Cancel"</a>
                </div>
            </CommandForm>
        </Page>
    }
    .into_any()
}

fn show_edit(page: OperationFormPage) -> AnyView {
    let page = Arc::new(page);
    let Some(editing) = page.editing.clone() else {
        return ().into_any();
    };
    let here = operation_href(editing.id);
    let mut crumbs = crumbs();
    crumbs.push((here.clone(), editing.title.clone()));
    let hidden = vec![
        ("operation_id", editing.id.to_string()),
        ("version", editing.version.to_string()),
    ];
    let shown = page.clone();
    let meta = format!("Organised by {}", editing.group);
    view! {
        <Page title="Edit operation" meta=meta width="form" crumbs=crumbs>
            <CommandForm to=EditOperation::PATH hidden=hidden>
                {editing.in_series.then(scope)}
                {what(&shown)}
                {when(&shown)}
                {editing.in_series.then(|| repeat(&shown))}
                {where_to(&shown)}
                {answers(&shown)}
                <div class="form__actions">
                    <Submit label="Save"/>
                    <a class="button" data-kind="quiet" href=here>"Cancel"</a>
                </div>
            </CommandForm>
        </Page>
    }
    .into_any()
}

/// From what a new operation can begin.
fn sources(page: &OperationFormPage) -> AnyView {
    let current = |source: &str| (page.source.0 == source).then_some("true");
    let templates = page.templates.iter().map(|(id, name)| {
        let source = format!("template:{id}");
        let href = format!("/operations/new?source={source}");
        view! {
            <a class="button" data-size="small" href=href aria-current=current(&source)>
                {name.clone()}
            </a>
        }
    });
    let billets = match page.source.1 {
        0 => String::new(),
        1 => "It brings 1 billet.".to_owned(),
        count => format!("It brings {count} billets."),
    };
    view! {
        <nav class="op-sources" aria-label="Begin from">
            <span class="muted">"Begin from"</span>
            <a class="button" data-size="small" href="/operations/new" aria-current=current("")>
                "Nothing"
            </a>
            <a class="button" data-size="small" href="/operations/new?source=last">
                "My last operation"
            </a>
            {templates.collect_view()}
            <span class="muted">{billets}</span>
        </nav>
    }
    .into_any()
}

fn scope() -> AnyView {
    view! {
        <fieldset class="form__set" data-kind="options">
            <legend>"What is changed"</legend>
            <Radio
                name="scope"
                value="this"
                label="Only this one"
                hint="It stays as it is when the series is changed later."
                checked=true
            />
            <Radio name="scope" value="following" label="This one and those that follow"/>
            <Radio
                name="scope"
                value="all"
                label="All that have not begun"
                hint="Those that were changed by themselves stay as they are."
            />
        </fieldset>
    }
    .into_any()
}

fn what(page: &OperationFormPage) -> AnyView {
    let fields = &page.fields;
    let group = page.editing.is_none().then(|| {
        let options = page.groups.iter().map(|group| {
            let indent = "\u{2003}".repeat(group.depth as usize);
            (
                group.id.to_string(),
                [&indent, group.name.as_str()].concat(),
            )
        });
        let options = options.collect();
        let chosen = page
            .group
            .map(|group| group.to_string())
            .unwrap_or_default();
        view! {
            <Select
                name="group_id"
                label="Organised by"
                options=options
                value=chosen
                required=true
            />
        }
    });
    let none = |label: &str| vec![(String::new(), label.to_owned())];
    let mut categories = none("None");
    let known = page.categories.iter();
    categories.extend(known.map(|(id, name)| (id.to_string(), name.clone())));
    let campaign = (!page.campaigns.is_empty()).then(|| {
        let mut campaigns = none("None");
        let known = page.campaigns.iter();
        campaigns.extend(known.map(|(id, name)| (id.to_string(), name.clone())));
        view! {
            <Select
                name="operation[campaign_id]"
                label="Campaign"
                options=campaigns
                value=fields.campaign_id.clone()
            />
        }
    });
    let audiences = Audience::ALL
        .iter()
        .map(|audience| (audience.as_str().to_owned(), audience.label().to_owned()))
        .collect();
    view! {
        <Field
            name="operation[title]"
            label="Title"
            value=fields.title.clone()
            required=true
            autofocus=true
        />
        <div class="form__row">
            {group}
            <Select
                name="operation[category_id]"
                label="Category"
                options=categories
                value=fields.category_id.clone()
            />
        </div>
        <div class="form__row">
            <Select
                name="operation[audience]"
                label="For whom"
                options=audiences
                value=fields.audience.clone()
                hint="Once it is published. Nobody sees it who does not see the organising group."
                required=true
            />
            {campaign}
        </div>
    }
    .into_any()
}

fn when(page: &OperationFormPage) -> AnyView {
    let fields = &page.fields;
    let zones = page
        .zones
        .iter()
        .map(|zone| (zone.clone(), zone.replace('_', " ")));
    let zones: Vec<(String, String)> = zones.collect();
    view! {
        <fieldset class="form__set">
            <legend>"When"</legend>
            <div class="form__row">
                <Field
                    name="operation[date]"
                    label="Day"
                    kind="date"
                    value=fields.date.clone()
                    required=true
                />
                <Field
                    name="operation[time]"
                    label="Begins at"
                    kind="time"
                    value=fields.time.clone()
                    required=true
                />
                <Field
                    name="operation[length]"
                    label="Length"
                    value=fields.length.clone()
                    hint="Hours and minutes, such as 2:30."
                    required=true
                />
            </div>
            <Select
                name="operation[zone]"
                label="Time zone"
                options=zones
                value=fields.zone.clone()
                hint="Everybody sees it in their own. A time that a change of clocks leaves out is as much later; of one that comes twice the first is meant."
                required=true
            />
        </fieldset>
    }
    .into_any()
}

fn repeat(page: &OperationFormPage) -> AnyView {
    let fields = &page.repeat;
    let in_series = page.editing.is_some();
    let mut every = vec![
        ("days", "Every day, or every few days"),
        ("weeks", "Every week, or every few weeks"),
        ("month_day", "Every month on this day"),
        ("month_weekday", "Every month on this day of the week"),
        ("rule", "By a rule of RFC 5545"),
    ];
    if !in_series {
        every.insert(0, ("", "Not at all"));
    }
    let options = |list: &[(&str, &str)]| {
        let pairs = list.iter();
        pairs
            .map(|(value, label)| ((*value).to_owned(), (*label).to_owned()))
            .collect::<Vec<_>>()
    };
    let days = WEEKDAYS
        .iter()
        .map(|(_, code, label)| ((*code).to_owned(), (*label).to_owned()))
        .collect();
    let ends = options(&[
        ("never", "Never"),
        ("on", "After this day"),
        ("after", "After so many times"),
    ]);
    let hint = if in_series {
        "Taken over only when those that follow are changed, too."
    } else {
        "Each one is an operation of its own, with its own answers."
    };
    view! {
        <fieldset class="form__set op-repeat">
            <legend>"Comes again"</legend>
            <p class="field__hint">{hint}</p>
            <div class="form__row">
                <Select
                    name="repeat[every]"
                    label="How"
                    options=options(&every)
                    value=fields.every.clone()
                />
                <Field
                    name="repeat[interval]"
                    label="Every so many"
                    kind="number"
                    value=fields.interval.clone()
                    hint="Days, weeks or months; empty is 1."
                />
            </div>
            <CheckSet
                name="repeat[on][]"
                label="On these days of the week"
                options=days
                checked=fields.on.clone()
                hint="For weeks; empty is the day of the week on which it begins."
            />
            <div class="form__row">
                <Select
                    name="repeat[ends]"
                    label="Ends"
                    options=ends
                    value=fields.ends.clone()
                />
                <Field name="repeat[until]" label="Last day" kind="date" value=fields.until.clone()/>
                <Field
                    name="repeat[count]"
                    label="How many times"
                    kind="number"
                    value=fields.count.clone()
                />
            </div>
            <Field
                name="repeat[rule]"
                label="Rule"
                value=fields.rule.clone()
                hint="Such as FREQ=MONTHLY;BYDAY=FR;BYMONTHDAY=13."
            />
        </fieldset>
    }
    .into_any()
}

fn where_to(page: &OperationFormPage) -> AnyView {
    let fields = &page.fields;
    view! {
        <Field
            name="operation[place]"
            label="Place or server"
            value=fields.place.clone()
        />
        <TextArea
            name="operation[briefing]"
            label="Briefing"
            value=fields.briefing.clone()
            hint="Markdown: # heading, **bold**, - list, [text](https://…)."
            rows="10"
        />
    }
    .into_any()
}

fn answers(page: &OperationFormPage) -> AnyView {
    let fields = &page.fields;
    let before = |chosen: &[String]| {
        let mut options: Vec<(String, String)> = BEFORE
            .iter()
            .map(|(minutes, label)| (minutes.to_string(), (*label).to_owned()))
            .collect();
        for other in chosen.iter().filter(|minutes| !minutes.is_empty()) {
            if !options.iter().any(|(value, _)| value == other) {
                options.push((other.clone(), format!("{other} minutes before")));
            }
        }
        options
    };
    let reminders: Vec<String> = fields.remind.iter().map(ToString::to_string).collect();
    let mut until = vec![(String::new(), "It begins".to_owned())];
    until.extend(before(std::slice::from_ref(&fields.answer_before)));
    view! {
        <div class="form__row">
            <Field
                name="operation[capacity]"
                label="Places"
                kind="number"
                value=fields.capacity.clone()
                hint="Empty is no limit; whoever comes later waits."
            />
            <Select
                name="operation[answer_before]"
                label="Answers until"
                options=until
                value=fields.answer_before.clone()
                hint="After that people can only sign off."
            />
        </div>
        <CheckSet
            name="operation[remind][]"
            label="Remind those who gave no answer"
            options=before(&reminders)
            checked=reminders
        />
    }
    .into_any()
}

fn publishing() -> AnyView {
    view! {
        <fieldset class="form__set" data-kind="options">
            <legend>"Publish"</legend>
            <Radio
                name="publish"
                value="draft"
                label="Not yet"
                hint="Only those who plan operations here see it."
                checked=true
            />
            <Radio name="publish" value="now" label="Now"/>
            <Radio
                name="publish"
                value="at"
                label="At this time"
                hint="Of a series, each one as long before it begins."
            />
            <div class="form__row">
                <Field name="publish_date" label="Day" kind="date"/>
                <Field name="publish_time" label="Time" kind="time"/>
            </div>
        </fieldset>
    }
    .into_any()
}
