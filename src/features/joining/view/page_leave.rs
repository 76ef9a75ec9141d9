//! Leaving the organisation (§5.1).

use crate::{
    domain::{AppError, ConflictCode, access::Missing, module::Module, viewer::Viewer},
    features::joining::api::LeaveOrg,
    ui::{Checkbox, CommandForm, Page, Submit, TextArea, states::problem_page, use_viewer, words},
};
use leptos::{prelude::*, server_fn::ServerFn};

/// The page `/leave`.
#[component]
pub fn LeavePage() -> impl IntoView {
    let viewer = use_viewer();
    let org = viewer.org().filter(|org| org.modules.has(Module::Joining));
    match (org, &viewer.user, &viewer.player) {
        (None, ..) => problem_page(&AppError::NotFound),
        (_, None, _) => problem_page(&AppError::SignInRequired),
        (_, _, None) => problem_page(&AppError::Forbidden(Missing::Membership)),
        (Some(org), Some(_), Some(_)) => page(&viewer, &org.name),
    }
}

fn page(viewer: &Viewer, org: &str) -> AnyView {
    let content = if viewer.can.manage_founders {
        let text = words::conflict(&ConflictCode::FounderStays);
        view! { <p class="reason">{text}</p> }.into_any()
    } else {
        view! {
            <CommandForm to=LeaveOrg::PATH>
                <p>
                    "You leave all your groups, and whatever you manage. History keeps what you did here under your name. You can join again unless you were banned, and begin with the first rank."
                </p>
                <TextArea name="reason" label="Reason" rows="2" hint="Everybody who may read the log can read it."/>
                <Checkbox name="sure" label="Yes, I leave the organisation"/>
                <div class="form__actions">
                    <Submit label="Leave the organisation" kind="danger-primary"/>
                    <a class="button" data-kind="quiet" href="/roster">"Stay"</a>
                </div>
            </CommandForm>
        }
        .into_any()
    };
    view! { <Page title=["Leave ", org].concat() width="form">{content}</Page> }.into_any()
}
