//! The page behind a link for checking in: one button.

use crate::{
    features::attendance::{
        api::{CheckIn, read_check_in},
        model::pages::CheckInPage,
    },
    ui::{CommandForm, LocalTime, Page, Submit, loaded_page, reading},
};
use leptos::{prelude::*, server_fn::ServerFn};
use leptos_router::hooks::use_params_map;

/// The page `/check-in/{token}`.
#[component]
pub fn PageCheckIn() -> impl IntoView {
    let params = use_params_map();
    let secret = move || params.with(|params| params.get("token").unwrap_or_default());
    let page = reading(secret, read_check_in);
    loaded_page(page, move |page| {
        show(
            &page,
            params.with_untracked(|params| params.get("token").unwrap_or_default()),
        )
    })
}

fn show(page: &CheckInPage, secret: String) -> AnyView {
    let content = match page.state.clone() {
        Some(state) => {
            let href = format!("/operations/{}/attendance", page.operation);
            view! {
                <p>"Recorded of you already: "<strong>{state}</strong>"."</p>
                <p><a href=href>"See the sheet"</a></p>
            }
            .into_any()
        }
        None => {
            let until = page.until;
            view! {
                <CommandForm to=CheckIn::PATH hidden=vec![("secret", secret)]>
                    <p>"Open until "<LocalTime at=until/>"."</p>
                    <div class="form__actions"><Submit label="I am here"/></div>
                </CommandForm>
            }
            .into_any()
        }
    };
    let title = ["Check in: ", &page.title].concat();
    view! { <Page title=title width="form">{content}</Page> }.into_any()
}
