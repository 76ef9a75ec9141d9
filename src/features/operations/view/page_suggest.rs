//! A suggested fill of the open billets, with its reasons, before it is applied.

use super::{
    head::{OperationTab, operation_page},
    parts::operation_href,
};
use crate::{
    domain::AppError,
    features::operations::{
        api::{ApplySuggestion, read_suggestion},
        model::{
            answers::{SuggestedLine, SuggestionPage},
            suggestion::Weights,
        },
    },
    ui::{CommandForm, Empty, Submit, loaded_page, reading},
};
use leptos::{prelude::*, server_fn::ServerFn};
use leptos_router::hooks::{use_params_map, use_query_map};

/// The page `/operations/{id}/suggest`, with the weights in its address.
#[component]
pub fn PageSuggest() -> impl IntoView {
    let (params, query) = (use_params_map(), use_query_map());
    let asked = move || {
        let id = params.with(|params| params.get("id").unwrap_or_default());
        let usual = Weights::default();
        let weight = |name: &str, usual: u8| {
            let typed = query.with(|query| query.get(name));
            typed.and_then(|typed| typed.parse().ok()).unwrap_or(usual)
        };
        (
            id,
            weight("preference", usual.preference),
            weight("qualification", usual.qualification),
            weight("fairness", usual.fairness),
        )
    };
    let page = reading(
        asked,
        |(id, preference, qualification, fairness): (String, u8, u8, u8)| async move {
            let id = id.parse().map_err(|_| AppError::NotFound)?;
            read_suggestion(id, preference, qualification, fairness).await
        },
    );
    loaded_page(page, show)
}

fn show(page: SuggestionPage) -> AnyView {
    let back = [&operation_href(page.head.id), "/billets"].concat();
    let content = view! {
        <div class="stack">
            <p><a href=back>"All billets"</a></p>
            {weighing(&page)}
            {applying(&page)}
            {list("Suggested", &page.placed)}
            {list("Left over", &page.left)}
            {list("Stay empty", &page.empty)}
        </div>
    };
    operation_page(&page.head, OperationTab::Billets, content.into_any())
}

/// What counts how much; a plain form that asks for the page again.
fn weighing(page: &SuggestionPage) -> AnyView {
    let (preference, qualification, fairness) = page.weights;
    let field = |name: &'static str, label: &'static str, value: u8| {
        let id = format!("weigh-{name}");
        view! {
            <div class="field">
                <label class="field__label" for=id.clone()>{label}</label>
                <input class="input" id=id name=name type="number" min="0" max="20" value=value.to_string()/>
            </div>
        }
    };
    view! {
        <form class="panel suggest__weights" method="get">
            {field("preference", "Preference", preference)}
            {field("qualification", "Qualification", qualification)}
            {field("fairness", "Left out before", fairness)}
            <button class="button">"Suggest again"</button>
        </form>
    }
    .into_any()
}

fn applying(page: &SuggestionPage) -> AnyView {
    if page.placed.is_empty() || !page.open {
        return view! {
            <Empty
                icon="operations"
                title="Nothing to suggest"
                text="Nobody who has signed up and has no billet fits an open one."
            />
        }
        .into_any();
    }
    let (preference, qualification, fairness) = page.weights;
    let hidden = vec![
        ("operation_id", page.head.id.to_string()),
        ("preference", preference.to_string()),
        ("qualification", qualification.to_string()),
        ("fairness", fairness.to_string()),
        ("mark", page.mark.clone()),
    ];
    let label = match page.placed.len() {
        1 => "Fill 1 billet so".to_owned(),
        many => format!("Fill {many} billets so"),
    };
    view! {
        <CommandForm to=ApplySuggestion::PATH hidden=hidden class="suggest__apply">
            <Submit label=label/>
        </CommandForm>
    }
    .into_any()
}

fn list(title: &'static str, lines: &[SuggestedLine]) -> Option<AnyView> {
    if lines.is_empty() {
        return None;
    }
    let rows = lines.iter().map(|line| {
        let what = match (line.name.as_str(), line.title.as_str()) {
            ("", title) => format!("{} · {title}", line.section),
            (name, "") => name.to_owned(),
            (name, title) => format!("{name} → {} · {title}", line.section),
        };
        view! {
            <li class="list__row">
                <div class="list__text">
                    <p class="list__title">{what}</p>
                    <p class="list__meta">{line.why.clone()}</p>
                </div>
            </li>
        }
    });
    let title = format!("{title} ({})", lines.len());
    Some(
        view! {
            <section>
                <h2 class="answers__title">{title}</h2>
                <ul class="list panel">{rows.collect_view()}</ul>
            </section>
        }
        .into_any(),
    )
}
