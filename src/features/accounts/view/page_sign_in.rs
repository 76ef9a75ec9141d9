//! Logging in at the apex.

use super::{onwards, return_to};
use crate::{
    features::accounts::api::SignIn,
    ui::{CommandForm, Field, Submit, use_viewer},
};
use leptos::{prelude::*, server_fn::ServerFn};
use leptos_meta::Title;

/// Log in, then go on to where one wanted to go.
#[component]
pub fn PageSignIn() -> impl IntoView {
    let already = use_viewer().user.as_ref().map(|user| {
        view! {
            <p class="auth__foot">
                "You are logged in as "{user.name.clone()}". "<a href="/">"To your organisations"</a>
            </p>
        }
    });
    view! {
        <Title text="Log in"/>
        <main class="auth" id="main" tabindex="-1">
            <CommandForm
                to=SignIn::PATH
                class="auth__card"
                hidden=vec![("return_to", return_to())]
            >
                <h1>"Log in"</h1>
                <Field
                    name="login"
                    label="Call sign or e-mail"
                    required=true
                    autocomplete="username"
                    autofocus=true
                />
                <Field
                    name="password"
                    label="Password"
                    kind="password"
                    required=true
                    autocomplete="current-password"
                />
                <div class="form__actions"><Submit label="Log in"/></div>
            </CommandForm>
            {already}
            <p class="auth__foot">"New here? "<a href=onwards("/register")>"Register"</a></p>
        </main>
    }
}
