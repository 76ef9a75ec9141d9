//! The account: name, e-mail address, time zone, theme, password.

use crate::{
    features::accounts::{
        api::{ChangePassword, EditAccount, SetTheme, SignOutEverywhere, read_account},
        model::Account,
    },
    ui::{CommandForm, Field, Page, Select, Submit, loaded, reading, use_viewer},
};
use leptos::{prelude::*, server_fn::ServerFn};

/// The viewer's own account.
#[component]
pub fn PageAccount() -> impl IntoView {
    let account = reading(|| (), |()| read_account());
    view! {
        <Page title="Account">
            <div class="stack" data-width="form">
                {loaded(account, forms)}
            </div>
        </Page>
    }
}

fn forms(account: Account) -> AnyView {
    let hidden = vec![("version", account.version.to_string())];
    view! {
        <section class="panel">
            <header class="panel__head"><h2>"About you"</h2></header>
            <div class="panel__body">
                <CommandForm to=EditAccount::PATH hidden=hidden>
                    <Field
                        name="name"
                        label="Call sign"
                        value=account.name
                        required=true
                        autocomplete="username"
                    />
                    <Field
                        name="email"
                        label="E-mail"
                        kind="email"
                        value=account.email
                        required=true
                        autocomplete="email"
                    />
                    <Field
                        name="password"
                        label="Password"
                        kind="password"
                        hint="Only to change the e-mail address."
                        autocomplete="current-password"
                    />
                    <Field
                        name="time_zone"
                        label="Time zone"
                        value=account.time_zone
                        hint="Such as Europe/Berlin or America/New_York."
                        required=true
                    />
                    <div class="form__actions"><Submit label="Save"/></div>
                </CommandForm>
            </div>
        </section>
        {theme()}
        <section class="panel">
            <header class="panel__head"><h2>"Password"</h2></header>
            <div class="panel__body">
                <CommandForm to=ChangePassword::PATH>
                    <Field
                        name="old_password"
                        label="Present password"
                        kind="password"
                        required=true
                        autocomplete="current-password"
                    />
                    <Field
                        name="new_password"
                        label="New password"
                        kind="password"
                        hint="At least 10 characters. All other sessions will end."
                        required=true
                        autocomplete="new-password"
                    />
                    <div class="form__actions"><Submit label="Change password" kind=""/></div>
                </CommandForm>
            </div>
        </section>
        <section class="panel">
            <header class="panel__head"><h2>"Sessions"</h2></header>
            <div class="panel__body">
                <div class="form__actions">
                    <a class="button" href="/account/sessions">"Show my sessions"</a>
                    <form method="post" action=SignOutEverywhere::PATH data-command="">
                        <button class="button" data-kind="danger">"Log out everywhere"</button>
                    </form>
                </div>
            </div>
        </section>
    }
    .into_any()
}

/// The same choice as in every frame's menu.
fn theme() -> AnyView {
    let chosen = use_viewer()
        .user
        .as_ref()
        .map(|user| user.theme.clone())
        .unwrap_or_default();
    let options = [
        ("system", "As the system"),
        ("light", "Light"),
        ("dark", "Dark"),
    ];
    let options = options
        .map(|(value, text)| (value.to_owned(), text.to_owned()))
        .to_vec();
    view! {
        <section class="panel">
            <header class="panel__head"><h2>"Look"</h2></header>
            <div class="panel__body">
                <CommandForm to=SetTheme::PATH>
                    <Select name="theme" label="Theme" options=options value=chosen required=true/>
                    <div class="form__actions"><Submit label="Set theme" kind=""/></div>
                </CommandForm>
            </div>
        </section>
    }
    .into_any()
}
