//! What was corrected (§9.6), for those who may record anybody.

use super::parts::{crumbs, tabs};
use crate::{
    features::attendance::{
        api::{ReviewCorrections, read_corrections},
        model::pages::{CorrectionLine, CorrectionsPage},
    },
    ui::{Empty, LocalTime, Page, live::Live, loaded_page, parts::Pill, reading},
};
use leptos::{prelude::*, server_fn::ServerFn};

/// The page `/attendance/corrections`.
#[component]
pub fn PageCorrections() -> impl IntoView {
    let page = reading(|| (), |()| read_corrections());
    loaded_page(page, show)
}

fn show(page: CorrectionsPage) -> AnyView {
    let open = page.lines.iter().any(|line| !line.reviewed);
    let review = open.then(|| {
        view! {
            <form method="post" action=ReviewCorrections::PATH data-command="">
                <button class="button" data-kind="primary">"I have looked at all of them"</button>
            </form>
        }
        .into_any()
    });
    let content = if page.lines.is_empty() {
        view! {
            <Empty
                icon="log"
                title="Nothing was corrected"
                text="Every entry that is changed after it was recorded stands here, with what it was before."
            />
        }
        .into_any()
    } else {
        let rows = page.lines.into_iter().map(row).collect_view();
        view! { <ul class="list panel">{rows}</ul> }.into_any()
    };
    let meta = "What was recorded and changed afterwards";
    view! {
        <Page title="Corrections" meta=meta width="reading" crumbs=crumbs() actions=review.into_any()>
            <Live/>
            {tabs("/attendance/corrections", true)}
            {content}
        </Page>
    }
    .into_any()
}

fn row(line: CorrectionLine) -> AnyView {
    let (player, operation) = (
        format!("/players/{}", line.player),
        format!("/operations/{}/attendance", line.operation),
    );
    let or_nothing = |text: String| {
        if text.is_empty() {
            "nothing".to_owned()
        } else {
            text
        }
    };
    let change = format!("{} → {}", or_nothing(line.before), or_nothing(line.after));
    let reason = (!line.reason.is_empty())
        .then(|| view! { <p class="request__said">"“"{line.reason.clone()}"”"</p> });
    let late = line.late.then(|| view! { <Pill kind="warn" text="Late"/> });
    let new = (!line.reviewed).then(|| view! { <Pill kind="info" text="New"/> });
    view! {
        <li class="list__row">
            <div class="list__text">
                <p>
                    <a class="list__title" href=player>{line.name}</a>
                    " in "
                    <a href=operation>{line.title}</a>
                    ": "
                    {change}
                </p>
                <p class="list__meta">{line.by}", "<LocalTime at=line.at/></p>
                {reason}
            </div>
            {late}
            {new}
        </li>
    }
    .into_any()
}
