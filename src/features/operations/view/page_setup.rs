//! What operations are set up with: categories, campaigns and templates.

use super::parts::{HUE_STEP, crumbs, mark, one_button, panel};
use crate::{
    features::operations::{
        api::{
            CreateCampaign, CreateCategory, DeleteCategory, DeleteTemplate, EditCampaign,
            EditCategory, EndCampaign, read_setup,
        },
        model::{
            Mark,
            pages::{CampaignLine, CategoryLine, SetupPage, TemplateLine},
        },
    },
    ui::{
        Checkbox, CommandForm, Empty, Field, Page, Select, Submit, TextArea, loaded_page, reading,
    },
};
use leptos::{prelude::*, server_fn::ServerFn};

/// Names of the hues in steps, from red on.
const HUES: [&str; 12] = [
    "Red", "Orange", "Amber", "Yellow", "Lime", "Green", "Teal", "Cyan", "Blue", "Violet",
    "Magenta", "Pink",
];

/// The page `/operations/setup`.
#[component]
pub fn PageSetup() -> impl IntoView {
    let page = reading(|| (), |()| read_setup());
    loaded_page(page, show)
}

fn show(page: SetupPage) -> AnyView {
    let categories = page.categories.iter().map(category).collect_view();
    let campaigns = page.campaigns.iter().map(campaign).collect_view();
    let templates = templates(&page.templates);
    view! {
        <Page title="Set up operations" width="form" crumbs=crumbs()>
            <div class="stack">
                <section class="stack" aria-labelledby="categories">
                    <h2 id="categories">"Categories"</h2>
                    {categories}
                    {new_category()}
                </section>
                <section class="stack" aria-labelledby="campaigns">
                    <h2 id="campaigns">"Campaigns"</h2>
                    {campaigns}
                    {new_campaign()}
                </section>
                <section class="stack" aria-labelledby="templates">
                    <h2 id="templates">"Templates"</h2>
                    {templates}
                </section>
            </div>
        </Page>
    }
    .into_any()
}

/// The fields of a category, drawn inside of its form.
fn category_fields(name: String, hue: i64, of: Mark, counts: bool) -> AnyView {
    let hues = HUES
        .iter()
        .enumerate()
        .map(|(at, label)| ((at as i64 * HUE_STEP).to_string(), (*label).to_owned()))
        .collect();
    let marks = Mark::ALL
        .iter()
        .map(|mark| (mark.as_str().to_owned(), mark.label().to_owned()))
        .collect();
    let hue = (hue / HUE_STEP * HUE_STEP).to_string();
    view! {
        <Field name="category[name]" label="Name" value=name required=true/>
        <div class="form__row">
            <Select name="category[hue]" label="Colour" options=hues value=hue required=true/>
            <Select
                name="category[mark]"
                label="Shape"
                options=marks
                value=of.as_str()
                required=true
            />
        </div>
        <Checkbox
            name="category[counts]"
            label="Counts towards attendance"
            checked=counts
        />
    }
    .into_any()
}

fn category(line: &CategoryLine) -> AnyView {
    let hidden = vec![
        ("category_id", line.mark.id.to_string()),
        ("version", line.version.to_string()),
    ];
    let delete = one_button(DeleteCategory::PATH, hidden.clone(), "Delete", "danger");
    let (name, hue, of, counts) = (
        line.mark.name.clone(),
        line.mark.hue,
        line.mark.mark,
        line.counts,
    );
    let title = line.mark.name.clone();
    let summary = if counts {
        "counts towards attendance"
    } else {
        "does not count towards attendance"
    };
    view! {
        <details class="panel op-setup">
            <summary class="op-setup__head">
                {mark(&line.mark)}
                <strong>{title}</strong>
                <span class="muted">{summary}</span>
            </summary>
            <div class="panel__body stack">
                <CommandForm to=EditCategory::PATH hidden=hidden>
                    {category_fields(name, hue, of, counts)}
                    <div class="form__actions"><Submit label="Save" kind=""/></div>
                </CommandForm>
                <p class="muted">"Operations that have it keep it when it is deleted."</p>
                {delete}
            </div>
        </details>
    }
    .into_any()
}

fn new_category() -> AnyView {
    let form = view! {
        <CommandForm to=CreateCategory::PATH>
            {category_fields(String::new(), 0, Mark::Disc, true)}
            <div class="form__actions"><Submit label="Add category" kind=""/></div>
        </CommandForm>
    };
    panel("New category", form.into_any())
}

fn campaign_fields(name: String, description: String) -> AnyView {
    view! {
        <Field name="name" label="Name" value=name required=true/>
        <TextArea name="description" label="What it is about" value=description rows="3"/>
    }
    .into_any()
}

fn campaign(line: &CampaignLine) -> AnyView {
    let hidden = vec![
        ("campaign_id", line.id.to_string()),
        ("version", line.version.to_string()),
    ];
    let is_over = line.ended_at.is_some();
    let mut end = hidden.clone();
    end.push(("ended", (!is_over).to_string()));
    let label = if is_over {
        "Let it go on"
    } else {
        "End campaign"
    };
    let end = one_button(EndCampaign::PATH, end, label, "");
    let (name, description) = (line.name.clone(), line.description.clone());
    let title = line.name.clone();
    let summary = is_over.then(|| view! { <span class="muted">"over"</span> });
    view! {
        <details class="panel op-setup">
            <summary class="op-setup__head"><strong>{title}</strong>{summary}</summary>
            <div class="panel__body stack">
                <CommandForm to=EditCampaign::PATH hidden=hidden>
                    {campaign_fields(name, description)}
                    <div class="form__actions"><Submit label="Save" kind=""/></div>
                </CommandForm>
                {end}
            </div>
        </details>
    }
    .into_any()
}

fn new_campaign() -> AnyView {
    let form = view! {
        <CommandForm to=CreateCampaign::PATH>
            {campaign_fields(String::new(), String::new())}
            <div class="form__actions"><Submit label="Begin campaign" kind=""/></div>
        </CommandForm>
    };
    panel("New campaign", form.into_any())
}

fn templates(lines: &[TemplateLine]) -> AnyView {
    if lines.is_empty() {
        return view! {
            <Empty
                icon="operations"
                title="No templates yet"
                text="On the page Manage of an operation it can be saved as a template, with its sections and billets."
            />
        }
        .into_any();
    }
    let row = |line: &TemplateLine| {
        let href = format!("/operations/new?source=template:{}", line.id);
        let hidden = vec![
            ("template_id", line.id.to_string()),
            ("version", line.version.to_string()),
        ];
        view! {
            <li class="list__row">
                <div class="list__text">
                    <a class="list__title" href=href>{line.name.clone()}</a>
                    <p class="list__meta">{line.what.clone()}</p>
                </div>
                {one_button(DeleteTemplate::PATH, hidden, "Delete", "danger")}
            </li>
        }
    };
    view! { <ul class="list panel">{lines.iter().map(row).collect_view()}</ul> }.into_any()
}
