//! Pages of the import: choosing files, and one run from its check to its end.

pub mod page_import;
pub mod page_import_run;

pub use page_import::PageImport;
pub use page_import_run::PageImportRun;

use super::model::pages::RunState;
use leptos::prelude::*;

/// Where the import is: choose, check, import.
fn steps(at: usize) -> AnyView {
    let steps = ["Choose files", "Check", "Import"]
        .into_iter()
        .enumerate()
        .map(|(index, name)| {
            let state = match index.cmp(&at) {
                std::cmp::Ordering::Less => "done",
                std::cmp::Ordering::Equal => "current",
                std::cmp::Ordering::Greater => "todo",
            };
            view! {
                <li data-state=state aria-current=(index == at).then_some("step")>{name}</li>
            }
        })
        .collect_view();
    view! { <ol class="steps">{steps}</ol> }.into_any()
}

/// A state as a pill's kind and word.
fn state_words(state: RunState) -> (&'static str, &'static str) {
    match state {
        RunState::Checked => ("info", "Checked, not imported"),
        RunState::Running => ("warn", "Running"),
        RunState::Done => ("ok", "Imported"),
        RunState::Failed => ("bad", "Failed, nothing was written"),
    }
}
