//! One run: what it would change or has changed, row by row, and how far it is.

use super::{state_words, steps};
use crate::{
    domain::{AppError, ImportId},
    features::transfer_data::{
        api::{StartImport, read_import},
        model::pages::{CountLine, ProblemLine, RunPage, RunState},
    },
    ui::{CommandForm, Field, Icon, LocalTime, Page, Submit, loaded, parts::Pill, reading},
};
use leptos::{prelude::*, server_fn::ServerFn};
use leptos_router::hooks::use_params_map;

/// How often a running run is looked at again.
const LOOK_AGAIN: &str = "700";
/// The same for browsers without JavaScript, which load the page again. Others ignore it.
const RELOAD: &str = "<meta http-equiv=\"refresh\" content=\"2\">";

/// The page of a run.
#[component]
pub fn PageImportRun() -> impl IntoView {
    let params = use_params_map();
    let page = reading(
        move || {
            params
                .with(|params| params.get("id"))
                .and_then(|id| id.parse().ok())
        },
        |id: Option<ImportId>| async move {
            match id {
                Some(id) => read_import(id).await,
                None => Err(AppError::NotFound),
            }
        },
    );
    view! {
        <Page
            title="Import"
            width="reading"
            crumbs=vec![("/import".to_owned(), "Import".to_owned())]
        >
            {loaded(page, content)}
        </Page>
    }
}

fn content(page: RunPage) -> AnyView {
    let step = match page.state {
        RunState::Checked => 1,
        RunState::Running | RunState::Failed => 2,
        RunState::Done => 3,
    };
    let facts = facts(&page);
    let doing = doing(&page);
    let start = start(&page);
    let title = if page.state == RunState::Done {
        "What was changed"
    } else {
        "What would change"
    };
    view! {
        {steps(step)}
        <div class="stack">
            {facts}
            {doing}
            {counts(title, page.counts)}
            {without_description(page.empty_descriptions)}
            {ended(page.memberships_ended, page.ended)}
            {start}
            {problems(page.id, page.problems, page.problem_count)}
        </div>
    }
    .into_any()
}

fn facts(page: &RunPage) -> AnyView {
    let (kind, word) = state_words(page.state);
    let finished = page.finished.map(|at| {
        view! { <div><dt>"Finished"</dt><dd><LocalTime at=at/></dd></div> }
    });
    view! {
        <dl class="facts" data-kind="list">
            <div><dt>"State"</dt><dd><Pill kind=kind text=word/></dd></div>
            <div><dt>"Files"</dt><dd>{page.files.clone()}</dd></div>
            <div><dt>"Uploaded"</dt><dd><LocalTime at=page.created/></dd></div>
            {finished}
        </dl>
    }
    .into_any()
}

/// How far a running run is, or how it ended.
fn doing(page: &RunPage) -> AnyView {
    match page.state {
        RunState::Running => progress(page.done_rows, page.total_rows),
        RunState::Done if page.changes == 0 => banner(
            "ok",
            "status",
            "check",
            "Everything was here already: nothing was changed.",
        ),
        RunState::Done => banner(
            "ok",
            "status",
            "check",
            "Imported. The event log says so too.",
        ),
        RunState::Failed => banner(
            "bad",
            "alert",
            "warning",
            "The import stopped and nothing of it was written. Try again; if it stays, tell the operator.",
        ),
        RunState::Checked if page.refused => banner(
            "bad",
            "alert",
            "warning",
            "A file could not be read, so nothing can be imported. See the problems, correct the file and upload again.",
        ),
        RunState::Checked => ().into_any(),
    }
}

fn progress(done: u32, total: u32) -> AnyView {
    let count = if total == 0 {
        "Comparing".to_owned()
    } else {
        format!("{done} of {total} rows")
    };
    // Without a value the bar says only that something is going on.
    let value = (total > 0).then(|| done.to_string());
    view! {
        <div class="job" data-look-again=LOOK_AGAIN>
            <strong>"Importing"</strong>
            <span class="job__count">{count}</span>
            <progress
                class="progress"
                value=value
                max=total.max(1).to_string()
                aria-label="Import progress"
            ></progress>
            <p class="job__note">"You can leave this page; it goes on."</p>
        </div>
        <noscript inner_html=RELOAD></noscript>
    }
    .into_any()
}

fn banner(
    kind: &'static str,
    role: &'static str,
    icon: &'static str,
    text: &'static str,
) -> AnyView {
    view! {
        <div class="banner" data-kind=kind role=role>
            <Icon name=icon/>
            <p class="banner__text">{text}</p>
        </div>
    }
    .into_any()
}

fn counts(title: &'static str, lines: Vec<CountLine>) -> AnyView {
    let rows = lines
        .into_iter()
        .map(|line| {
            let cells = line
                .counts
                .into_iter()
                .map(|count| view! { <td data-align="end">{count}</td> })
                .collect_view();
            view! { <tr><th scope="row">{line.label}</th>{cells}</tr> }
        })
        .collect_view();
    view! {
        <section class="panel import-counts">
            <header class="panel__head"><h2>{title}</h2></header>
            <div class="table-wrap" role="region" aria-label="Counts" tabindex="0">
                <table class="table">
                    <thead>
                        <tr>
                            <th scope="col" data-kind="name">"Kind"</th>
                            <th scope="col" data-align="end">"New"</th>
                            <th scope="col" data-align="end">"Changed"</th>
                            <th scope="col" data-align="end">"Same"</th>
                            <th scope="col" data-align="end">"Left out"</th>
                        </tr>
                    </thead>
                    <tbody>{rows}</tbody>
                </table>
            </div>
        </section>
    }
    .into_any()
}

fn without_description(count: u32) -> Option<AnyView> {
    let text = match count {
        0 => return None,
        1 => "One group has no description yet. Its page says so.".to_owned(),
        _ => format!("{count} groups have no description yet. Their pages say so."),
    };
    Some(view! { <p class="field__hint">{text}</p> }.into_any())
}

/// Who loses which place, because no row names it (§4.8).
fn ended(count: u32, lines: Vec<(String, String)>) -> Option<AnyView> {
    if count == 0 {
        return None;
    }
    let listed = lines.len();
    let more = (count as usize > listed).then(|| {
        view! { <p class="field__hint">{format!("The first {listed} of {count} memberships.")}</p> }
    });
    let rows = lines
        .into_iter()
        .map(
            |(player, group)| view! { <tr><td data-kind="name">{player}</td><td>{group}</td></tr> },
        )
        .collect_view();
    let panel = view! {
        <section class="panel">
            <header class="panel__head">
                <h2>"Memberships that end"</h2>
                <span class="badge" data-kind="quiet">{count}</span>
            </header>
            <div class="table-wrap" role="region" aria-label="Memberships that end" tabindex="0">
                <table class="table">
                    <thead><tr><th scope="col">"Who"</th><th scope="col">"Group"</th></tr></thead>
                    <tbody>{rows}</tbody>
                </table>
            </div>
        </section>
        {more}
    };
    Some(panel.into_any())
}

/// The button that begins, or why there is none.
fn start(page: &RunPage) -> Option<AnyView> {
    if matches!(page.state, RunState::Running | RunState::Done) {
        return None;
    }
    if page.is_open && page.changes > 0 {
        let label = match page.valid_rows {
            1 => "Import the valid row".to_owned(),
            rows => format!("Import the {rows} valid rows"),
        };
        let typed = page.must_type.then(|| {
            let label = format!("Type {} to end so many memberships", page.memberships_ended);
            view! { <Field name="count" label=label autocomplete="off" required=true/> }
        });
        let form = view! {
            <CommandForm to=StartImport::PATH hidden=vec![("import_id", page.id.to_string())]>
                {typed}
                <div class="form__actions">
                    <Submit label=label/>
                    <a class="button" data-kind="quiet" href="/import">"Choose other files"</a>
                </div>
            </CommandForm>
        };
        return Some(form.into_any());
    }
    let why = match (page.valid_rows, page.changes) {
        _ if page.refused => "",
        (0, _) => "There is no row that could be imported.",
        (_, 0) => "There is nothing to import: everything is here already.",
        _ => "The files were not kept this long. Upload them again.",
    };
    let why = (!why.is_empty()).then(|| view! { <p>{why}</p> });
    let form = view! {
        {why}
        <div class="form__actions"><a class="button" href="/import">"Choose other files"</a></div>
    };
    Some(form.into_any())
}

fn problems(id: ImportId, lines: Vec<ProblemLine>, count: u32) -> AnyView {
    if count == 0 {
        return view! { <p>"No problems: every row is in order."</p> }.into_any();
    }
    let listed = lines.len();
    let more = (count as usize > listed).then(|| {
        view! { <p class="field__hint">{format!("The first {listed} of {count} problems.")}</p> }
    });
    let rows = lines.into_iter().map(problem).collect_view();
    view! {
        <section class="panel import-report">
            <header class="panel__head">
                <h2>"Problems"</h2>
                <span class="badge" data-kind="quiet">{count}</span>
                <a
                    class="button"
                    data-size="small"
                    href=format!("/import/{id}/report.csv")
                    rel="external"
                    download=""
                >
                    "Download as CSV"
                </a>
            </header>
            <div class="table-wrap" role="region" aria-label="Problems" tabindex="0">
                <table class="table">
                    <thead>
                        <tr>
                            <th scope="col">"File"</th>
                            <th scope="col" data-align="end">"Line"</th>
                            <th scope="col">"Code"</th>
                            <th scope="col">"Weight"</th>
                            <th scope="col">"What is wrong"</th>
                        </tr>
                    </thead>
                    <tbody>{rows}</tbody>
                </table>
            </div>
        </section>
        {more}
    }
    .into_any()
}

fn problem(line: ProblemLine) -> AnyView {
    let (kind, weight) = if line.is_error {
        ("bad", "Left out")
    } else {
        ("warn", "Check")
    };
    view! {
        <tr>
            <td>{line.file}</td>
            <td data-align="end">{line.line}</td>
            <td>{line.code}</td>
            <td><Pill kind=kind text=weight/></td>
            <td data-kind="wrap">{line.text}</td>
        </tr>
    }
    .into_any()
}
