//! The preview of a plan: everybody it would change, everybody it would leave, and the button.

use crate::features::guard::{
    api::{ApplyPlan, read_plan},
    model::{Item, PlanPage, PlanState, Skipped},
};
use crate::{
    domain::{AppError, PlanId, PlayerId},
    ui::{Avatar, CommandForm, Empty, Field, Icon, Page, Submit, loaded_page, states, words},
};
use leptos::{prelude::*, server_fn::ServerFn};
use leptos_router::hooks::use_params_map;

/// The page `/plans/{id}`. It is not read again by itself: what is applied is what was looked at.
#[component]
pub fn PagePlan() -> impl IntoView {
    let params = use_params_map();
    let id = params.with_untracked(|params| params.get("id"));
    let id: Option<PlanId> = id.and_then(|id| id.parse().ok());
    match id {
        Some(id) => {
            let plan = Resource::new_blocking(|| (), move |()| read_plan(id));
            loaded_page(plan, page)
        }
        None => states::problem_page(&AppError::NotFound),
    }
}

fn page(plan: PlanPage) -> AnyView {
    let crumbs = vec![
        ("/roster".to_owned(), "Roster".to_owned()),
        (plan.back.clone(), "Back".to_owned()),
    ];
    let title = plan.title.clone();
    let meta = match plan.state {
        PlanState::Open => "Nothing has been changed yet",
        PlanState::Applied | PlanState::Expired => "",
    };
    let content = match plan.state {
        PlanState::Open => open(plan),
        PlanState::Applied => closed("ok", "check", "This was done already.", plan.back),
        PlanState::Expired => closed(
            "warn",
            "clock",
            "This plan is more than an hour old, so it cannot be applied any more. Make it again.",
            plan.back,
        ),
    };
    view! {
        <Page
            title=title
            meta=meta
            width="reading"
            crumbs=crumbs
        >
            <div class="stack">{content}</div>
        </Page>
    }
    .into_any()
}

fn closed(kind: &'static str, icon: &'static str, text: &'static str, back: String) -> AnyView {
    view! {
        <div class="banner" data-kind=kind role="status">
            <Icon name=icon/>
            <p class="banner__text">{text}</p>
            <a class="button" data-size="small" href=back>"Back"</a>
        </div>
    }
    .into_any()
}

fn open(plan: PlanPage) -> AnyView {
    let (changed, left) = (plan.plan.items.clone(), plan.plan.skipped.clone());
    let form = (!changed.is_empty()).then(|| confirm(&plan));
    let items = if changed.is_empty() {
        view! {
            <Empty
                icon="check"
                title="Nothing would change"
                text="Everybody you chose is left as they are. Below it says why."
            >
                <a class="button" href=plan.back.clone()>"Back"</a>
            </Empty>
        }
        .into_any()
    } else {
        list("Would change", changed.into_iter().map(item).collect())
    };
    let left = (!left.is_empty())
        .then(|| list("Left as they are", left.into_iter().map(skipped).collect()));
    view! { {items}{left}{form} }.into_any()
}

fn list(title: &'static str, rows: Vec<AnyView>) -> AnyView {
    let count = rows.len();
    view! {
        <section class="panel">
            <header class="panel__head">
                <h2>{title}</h2>
                <span class="badge" data-kind="quiet">{count}</span>
            </header>
            <ul class="list">{rows}</ul>
        </section>
    }
    .into_any()
}

fn item(item: Item) -> AnyView {
    row(item.player, item.name, item.what, Some(item.why))
}

fn skipped(skipped: Skipped) -> AnyView {
    row(
        skipped.player,
        skipped.name,
        words::error(&skipped.why),
        None,
    )
}

fn row(player: PlayerId, name: String, what: String, why: Option<String>) -> AnyView {
    let why = why.map(|why| view! { <p class="list__meta">"Why: "{why}</p> });
    view! {
        <li class="list__row">
            <Avatar name=name.clone() size="small"/>
            <div class="list__text">
                <p>
                    <a class="list__title" href=format!("/players/{player}")>{name}</a>
                    " "
                    {what}
                </p>
                {why}
            </div>
        </li>
    }
    .into_any()
}

fn confirm(plan: &PlanPage) -> AnyView {
    let hidden = vec![
        ("plan_id", plan.id.to_string()),
        ("digest", plan.digest.clone()),
    ];
    let count = plan.plan.count();
    let typed = plan.must_type.then(|| {
        let label = format!("Type {count} to confirm");
        let hint = format!(
            "More than {} people at once, so this is asked. It can be undone afterwards.",
            plan.allowed
        );
        view! { <Field name="count" label=label hint=hint autocomplete="off" required=true/> }
    });
    let action = plan.action.clone();
    let back = plan.back.clone();
    view! {
        <CommandForm to=ApplyPlan::PATH hidden=hidden>
            {typed}
            <div class="form__actions">
                <Submit label=action kind="danger-primary"/>
                <a class="button" data-kind="quiet" href=back>"Cancel"</a>
            </div>
        </CommandForm>
    }
    .into_any()
}
