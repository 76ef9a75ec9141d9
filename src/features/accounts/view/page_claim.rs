//! Claiming an imported player by invitation (§2.2).

use crate::{
    features::roster::api::{AcceptInvitation, read_invitation},
    ui::{Avatar, CommandForm, Submit, loaded_page, reading, use_viewer},
};
use leptos::{prelude::*, server_fn::ServerFn};
use leptos_meta::Title;
use leptos_router::hooks::use_params_map;

/// Shows the player and asks to confirm.
#[component]
pub fn PageClaim() -> impl IntoView {
    let params = use_params_map();
    let token = move || {
        params
            .with(|params| params.get("token"))
            .unwrap_or_default()
    };
    let player = reading(token, read_invitation);
    loaded_page(player, move |name| {
        view! {
            <Title text="Claim your player"/>
            <main class="content" id="main" tabindex="-1">{confirm(name, token())}</main>
        }
        .into_any()
    })
}

fn confirm(name: String, token: String) -> AnyView {
    let viewer = use_viewer();
    let org = viewer.org().map(|org| org.name.clone()).unwrap_or_default();
    let user = viewer.user.as_ref().map(|user| user.name.clone());
    let yes = ["Yes, I am ", &name].concat();
    let next = match user {
        Some(user) => view! {
            <CommandForm to=AcceptInvitation::PATH hidden=vec![("token", token)]>
                <div class="form__actions">
                    <Submit label=yes/>
                    <a class="button" data-kind="quiet" href="/">"No"</a>
                </div>
                <p class="form__note">"You are logged in as "{user}"."</p>
            </CommandForm>
        }
        .into_any(),
        None => {
            let href = ["/sign-in?return=/claim/", &token].concat();
            view! {
                <p>"Log in first, or register: then the player becomes yours."</p>
                <div class="form__actions">
                    <a class="button" data-kind="primary" href=href rel="external">"Log in"</a>
                </div>
            }
            .into_any()
        }
    };
    view! {
        <section class="confirm">
            <h1>"Are you "{name.clone()}"?"</h1>
            <p>
                <Avatar name=name.clone()/>
                " This player of "{org}" has no user yet. Claim it, and its record becomes yours."
            </p>
            {next}
        </section>
    }
    .into_any()
}
