//! What is done to an operation now and then: publishing it at an hour, cancelling, ending its series,
//! keeping it as a template.

use super::parts::{crumbs, one_button, operation_href, panel};
use crate::{
    domain::AppError,
    features::operations::{
        api::{
            ArchiveOperation, CancelOperation, DeleteOperation, EndSeries, ReviveOperation,
            SaveTemplate, ScheduleOperation, read_operation,
        },
        model::{
            OperationState,
            pages::{OperationHead, OperationPage},
        },
    },
    ui::{CommandForm, Field, Page, Submit, TextArea, form::Radio, loaded_page, reading, states},
};
use leptos::{prelude::*, server_fn::ServerFn};
use leptos_router::hooks::use_params_map;

/// The page `/operations/{id}/manage`.
#[component]
pub fn PageManage() -> impl IntoView {
    let params = use_params_map();
    let page = reading(
        move || params.with(|params| params.get("id").unwrap_or_default()),
        |id: String| async move { read_operation(id.parse().map_err(|_| AppError::NotFound)?).await },
    );
    loaded_page(page, show)
}

fn show(page: OperationPage) -> AnyView {
    let head = page.head;
    if !head.can.plan && !head.can.configure {
        let missing = crate::domain::access::Missing::AccessHere(
            crate::domain::access::Action::PlanOperations,
        );
        return states::problem_page(&AppError::Forbidden(missing));
    }
    let mut crumbs = crumbs();
    crumbs.push((operation_href(head.id), head.title.clone()));
    let mut panels = Vec::new();
    if head.can.plan {
        panels.extend(publishing(&head));
        panels.push(copying(&head));
    }
    if head.can.configure {
        panels.push(template(&head));
    }
    if head.can.plan {
        panels.extend(reviving(&head));
        panels.extend(archiving(&head));
        panels.extend(cancelling(&head));
        panels.extend(ending(&head));
        panels.extend(deleting(&head));
    }
    let meta = head.title.clone();
    view! {
        <Page title="Manage" meta=meta width="form" crumbs=crumbs>
            <div class="stack">{panels}</div>
        </Page>
    }
    .into_any()
}

fn subject(head: &OperationHead) -> Vec<(&'static str, String)> {
    vec![
        ("operation_id", head.id.to_string()),
        ("version", head.version.to_string()),
        ("goto", operation_href(head.id)),
    ]
}

fn publishing(head: &OperationHead) -> Option<AnyView> {
    if !head.state.is_unpublished() {
        return None;
    }
    let scheduled = head.state == OperationState::Scheduled;
    let form = view! {
        <CommandForm to=ScheduleOperation::PATH hidden=subject(head)>
            <Radio name="publish" value="now" label="Now"/>
            <Radio
                name="publish"
                value="at"
                label="At this time"
                hint="In the organiser's time zone, before it begins."
                checked=scheduled
            />
            <div class="form__row">
                <Field name="publish_date" label="Day" kind="date"/>
                <Field name="publish_time" label="Time" kind="time"/>
            </div>
            <Radio
                name="publish"
                value="draft"
                label="Not yet"
                hint="It stays a draft."
                checked=!scheduled
            />
            <div class="form__actions"><Submit label="Save" kind=""/></div>
        </CommandForm>
    };
    Some(panel("Publish", form.into_any()))
}

fn copying(head: &OperationHead) -> AnyView {
    let href = format!("/operations/new?source=operation:{}", head.id);
    let link = view! {
        <p>"Plan another one like this, with the same briefing and billets."</p>
        <div class="form__actions"><a class="button" href=href>"Plan a copy"</a></div>
    };
    panel("Copy", link.into_any())
}

fn template(head: &OperationHead) -> AnyView {
    let hidden = vec![
        ("operation_id", head.id.to_string()),
        ("goto", "/operations/setup".to_owned()),
    ];
    let title = head.title.clone();
    let form = view! {
        <CommandForm to=SaveTemplate::PATH hidden=hidden>
            <Field
                name="name"
                label="Name of the template"
                value=title
                hint="Title, briefing, length, sections and billets are kept; new operations begin from them."
                required=true
            />
            <div class="form__actions"><Submit label="Save as template" kind=""/></div>
        </CommandForm>
    };
    panel("Template", form.into_any())
}

fn cancelling(head: &OperationHead) -> Option<AnyView> {
    if !matches!(
        head.state,
        OperationState::Published | OperationState::Scheduled
    ) {
        return None;
    }
    let form = view! {
        <CommandForm to=CancelOperation::PATH hidden=subject(head)>
            <TextArea
                name="reason"
                label="Why"
                hint="Everybody who sees the operation reads it, and those who come are told."
                required=true
                rows="3"
            />
            <div class="form__actions"><Submit label="Cancel operation" kind="danger"/></div>
        </CommandForm>
    };
    Some(panel("Cancel", form.into_any()))
}

fn ending(head: &OperationHead) -> Option<AnyView> {
    head.series?;
    if head.state.is_over() {
        return None;
    }
    let mut hidden = subject(head);
    hidden.retain(|(name, _)| *name != "goto");
    let form = view! {
        <CommandForm to=EndSeries::PATH hidden=hidden>
            <p>"This one and all that follow do not take place. Those before stay."</p>
            <TextArea name="reason" label="Why" required=true rows="3"/>
            <div class="form__actions"><Submit label="End the series" kind="danger"/></div>
        </CommandForm>
    };
    Some(panel("End the series", form.into_any()))
}

fn reviving(head: &OperationHead) -> Option<AnyView> {
    if head.state != OperationState::Cancelled {
        return None;
    }
    let button = one_button(
        ReviveOperation::PATH,
        subject(head),
        "Let it take place",
        "primary",
    );
    let content = view! {
        <p>"It takes place after all; those who come are told."</p>
        {button}
    };
    Some(panel("Revive", content.into_any()))
}

fn archiving(head: &OperationHead) -> Option<AnyView> {
    if head.state != OperationState::Done {
        return None;
    }
    let button = one_button(ArchiveOperation::PATH, subject(head), "Archive", "");
    let content = view! {
        <p>"It is over, and nothing is left to do for it."</p>
        {button}
    };
    Some(panel("Archive", content.into_any()))
}

fn deleting(head: &OperationHead) -> Option<AnyView> {
    if !head.state.is_unpublished() {
        return None;
    }
    let mut hidden = subject(head);
    hidden.retain(|(name, _)| *name != "goto");
    let button = one_button(DeleteOperation::PATH, hidden, "Delete draft", "danger");
    let text = match head.series {
        Some(_) => "Only this one; the series goes on. It cannot be undone.",
        None => "Nobody but planners has seen it. It cannot be undone.",
    };
    let content = view! { <p>{text}</p>{button} };
    Some(panel("Delete", content.into_any()))
}
