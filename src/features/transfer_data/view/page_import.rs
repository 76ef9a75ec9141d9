//! Choosing the files of an import, and the runs so far.
//!
//! The form is a plain one in every browser: files go to an upload handler, which answers with the
//! page of the checked run.

use super::{state_words, steps};
use crate::{
    features::transfer_data::{
        api::list_imports,
        model::pages::{ImportPage, RunLine},
    },
    ui::{LocalTime, Page, loaded, parts::Pill, reading},
};
use leptos::prelude::*;

/// Where an import begins.
#[component]
pub fn PageImport() -> impl IntoView {
    let page = reading(|| (), |()| list_imports());
    view! {
        <Page
            title="Import"
            meta="Nothing changes until you import what the check shows"
            width="reading"
        >
            {loaded(page, content)}
        </Page>
    }
}

fn content(page: ImportPage) -> AnyView {
    let runs = (!page.runs.is_empty()).then(|| runs(page.runs));
    view! {
        {steps(0)}
        <div class="stack">
            {upload_form(page.leadership_roles, page.max_megabytes)}
            {runs}
        </div>
    }
    .into_any()
}

fn upload_form(leadership_roles: String, max_megabytes: u32) -> AnyView {
    let limit = format!(
        "UTF-8, at most {max_megabytes} MB each. Columns in brackets may be left out; \
        the order of columns and rows does not matter."
    );
    view! {
        <form class="form" method="post" action="/import/upload" enctype="multipart/form-data">
            {file_field(
                "groups",
                "Groups (CSV)",
                "group,parent[,acronym,kind,description,exclusive,visibility,policy,founded,retired]",
                true,
            )}
            {file_field("memberships", "Memberships (CSV)", "player,group,role[,since,until]", true)}
            {file_field("players", "People (CSV)", "player[,standing,joined]", false)}
            <p class="field__hint">{limit}</p>
            <fieldset class="form__set" data-kind="options">
                <legend>"Options"</legend>
                <label class="check">
                    <input type="checkbox" name="merge_case" value="true"/>
                    <span>
                        "Merge names that differ only in case"
                        <span class="check__hint">
                            "Rook and rook become one person. Otherwise they are two, and the report says so."
                        </span>
                    </span>
                </label>
                <label class="check">
                    <input type="checkbox" name="prune" value="true"/>
                    <span>
                        "End memberships that the files do not name"
                        <span class="check__hint">
                            "For files that hold everybody. The check lists who would lose which place."
                        </span>
                    </span>
                </label>
            </fieldset>
            <div class="field">
                <label class="field__label" for="leadership_roles">"Leading roles"</label>
                <textarea
                    class="input"
                    id="leadership_roles"
                    name="leadership_roles"
                    rows="4"
                    maxlength="4000"
                    aria-describedby="leadership_roles-hint"
                >
                    {leadership_roles}
                </textarea>
                <p class="field__hint" id="leadership_roles-hint">
                    "New roles with one of these names may manage their group. Separate them by commas."
                </p>
            </div>
            <div class="form__actions">
                <button class="button" data-kind="primary">"Check the files"</button>
            </div>
        </form>
    }
    .into_any()
}

fn file_field(
    name: &'static str,
    label: &'static str,
    columns: &'static str,
    required: bool,
) -> AnyView {
    let hint = [name, "-hint"].concat();
    view! {
        <div class="field">
            <label class="field__label" for=name>
                {label}
                {(!required).then(|| view! { " "<span class="field__optional">"(optional)"</span> })}
            </label>
            <input
                class="input"
                id=name
                name=name
                type="file"
                accept=".csv,text/csv"
                required=required
                aria-describedby=hint.clone()
            />
            <p class="field__hint" id=hint>{columns}</p>
        </div>
    }
    .into_any()
}

fn runs(runs: Vec<RunLine>) -> AnyView {
    let rows = runs
        .into_iter()
        .map(|run| {
            let (kind, word) = state_words(run.state);
            view! {
                <li class="list__row">
                    <div class="list__text">
                        <p class="list__title">
                            <a href=format!("/import/{}", run.id)>
                                "Import of "<LocalTime at=run.created/>
                            </a>
                        </p>
                    </div>
                    <Pill kind=kind text=word/>
                </li>
            }
        })
        .collect_view();
    view! {
        <section class="panel">
            <header class="panel__head"><h2>"Imports so far"</h2></header>
            <ul class="list">{rows}</ul>
        </section>
    }
    .into_any()
}
