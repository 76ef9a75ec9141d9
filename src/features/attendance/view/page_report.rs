//! The after-action report (§9.8): one form for what became of the operation and who was there.

use super::page_sheet::groups;
use crate::{
    domain::AppError,
    features::{
        attendance::{
            api::{FileReport, read_report},
            model::pages::ReportPage,
        },
        operations::view::head::{OperationTab, operation_page},
    },
    ui::{CommandForm, Empty, Field, LocalTime, Submit, TextArea, loaded_page, reading},
};
use leptos::{prelude::*, server_fn::ServerFn};
use leptos_router::hooks::use_params_map;

/// The page `/operations/{id}/report`.
#[component]
pub fn PageReport() -> impl IntoView {
    let params = use_params_map();
    let page = reading(
        move || params.with(|params| params.get("id").unwrap_or_default()),
        |id: String| async move { read_report(id.parse().map_err(|_| AppError::NotFound)?).await },
    );
    loaded_page(page, show)
}

fn show(page: ReportPage) -> AnyView {
    let (report, form) = (report(&page), page.may.then(|| form(&page)));
    let content = view! { <div class="stack">{report}{form}</div> }.into_any();
    operation_page(&page.sheet.head, OperationTab::AfterAction, content)
}

fn report(page: &ReportPage) -> AnyView {
    let Some((by, at)) = page.filed.clone() else {
        if page.may {
            return ().into_any();
        }
        return view! {
            <Empty
                icon="documents"
                title="No report yet"
                text="What became of the operation stands here when those who lead it have filed it."
            />
        }
        .into_any();
    };
    let html = page.html.clone();
    view! {
        <article class="panel">
            <header class="panel__head"><h2>"After-action report"</h2></header>
            <div class="panel__body">
                <div class="prose" inner_html=html></div>
                <p class="list__meta">{by}", "<LocalTime at=at/></p>
            </div>
        </article>
    }
    .into_any()
}

fn form(page: &ReportPage) -> AnyView {
    let filed = page.filed.is_some();
    let hidden = vec![
        ("operation_id", page.sheet.head.id.to_string()),
        ("version", page.version.to_string()),
    ];
    let label = if filed { "Save report" } else { "File report" };
    let title = if filed {
        "Change the report"
    } else {
        "File the report"
    };
    let (text, sheet) = (page.text.clone(), page.sheet.clone());
    let form = view! {
        <CommandForm to=FileReport::PATH hidden=hidden class="form sheet__form">
            <TextArea
                name="text"
                label="What became of it"
                value=text
                rows="10"
                hint="Markdown. Filing it says that the operation is over."
                required=true
            />
            {groups(&sheet)}
            <Field name="reason" label="Why attendance is corrected" hint="Kept with each entry that you change."/>
            <div class="form__actions sheet__save"><Submit label=label/></div>
        </CommandForm>
    };
    if filed {
        view! {
            <details class="sheet__list">
                <summary class="button">{title}</summary>
                {form}
            </details>
        }
        .into_any()
    } else {
        form.into_any()
    }
}
