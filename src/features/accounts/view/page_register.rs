//! Registering.

use super::{onwards, return_to};
use crate::{
    features::accounts::api::RegisterUser,
    ui::{CommandForm, Field, Submit},
};
use leptos::{prelude::*, server_fn::ServerFn};
use leptos_meta::Title;

/// One login for every organisation.
#[component]
pub fn PageRegister() -> impl IntoView {
    let hidden = vec![("return_to", return_to())];
    view! {
        <Title text="Register"/>
        <main class="auth" id="main" tabindex="-1">
            <CommandForm to=RegisterUser::PATH class="auth__card" hidden=hidden>
                <h1>"Register"</h1>
                <p>"One login for every organisation you are in."</p>
                <Field
                    name="name"
                    label="Call sign"
                    hint="1 to 31 characters. What others call you."
                    required=true
                    autocomplete="username"
                    autofocus=true
                />
                <Field name="email" label="E-mail" kind="email" required=true autocomplete="email"/>
                <Field
                    name="password"
                    label="Password"
                    kind="password"
                    hint="At least 10 characters. A sentence is easy to remember."
                    required=true
                    autocomplete="new-password"
                />
                <div class="form__actions"><Submit label="Register"/></div>
            </CommandForm>
            <p class="auth__foot">"Registered already? "<a href=onwards("/sign-in")>"Log in"</a></p>
        </main>
    }
}
