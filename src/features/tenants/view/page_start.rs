//! The start of the apex: what Muster is, or the viewer's organisations.

use crate::{
    domain::name::acronym_of,
    features::{
        accounts::api::SignIn,
        tenants::{api::list_my_orgs, model::OrgLine},
    },
    ui::{CommandForm, Empty, Field, Icon, Insignia, Page, Submit, loaded, reading, use_viewer},
};
use leptos::{prelude::*, server_fn::ServerFn};

/// Landing page, or "my organisations".
#[component]
pub fn PageStart() -> impl IntoView {
    if use_viewer().user.is_some() {
        my_orgs()
    } else {
        landing()
    }
}

fn my_orgs() -> AnyView {
    let orgs = reading(|| (), |()| list_my_orgs());
    let found = view! {
        <a class="button" href="/orgs"><Icon name="search"/>"Find organisations"</a>
        <a class="button" data-kind="primary" href="/found"><Icon name="plus"/>"Found an organisation"</a>
    };
    view! {
        <Page title="My organisations" actions=found.into_any()>{loaded(orgs, org_list)}</Page>
    }
    .into_any()
}

fn org_list(orgs: Vec<OrgLine>) -> AnyView {
    if orgs.is_empty() {
        return view! {
            <Empty
                icon="org"
                title="You are in no organisation yet"
                text="Found one, find one, or open the link by which somebody invited you."
            >
                <a class="button" href="/found">"Found an organisation"</a>
            </Empty>
        }
        .into_any();
    }
    view! { <ul class="org-list">{orgs.into_iter().map(org_line).collect_view()}</ul> }.into_any()
}

fn org_line(org: OrgLine) -> AnyView {
    let people = if org.people == 1 {
        " person"
    } else {
        " people"
    };
    let meta = [org.standing.label(), " · ", &org.people.to_string(), people].concat();
    view! {
        <li>
            <a class="org-list__link" href=org.href rel="external">
                <Insignia acronym=acronym_of(&org.name) name=org.name.clone()/>
                <span class="org-list__name">{org.name}</span>
                <span class="org-list__meta">{meta}</span>
            </a>
        </li>
    }
    .into_any()
}

fn landing() -> AnyView {
    view! {
        <Page title="Muster" bare=true>
            <section class="apex__lead">
                <div class="apex__words">
                    <h1>"Where a gaming community runs itself"</h1>
                    <p>
                        "Who belongs where, who leads, who comes on Saturday. Muster keeps the roster \
                         of your company, guild or server group, remembers every change, and lets \
                         leaders move people by dragging them."
                    </p>
                    <div class="apex__actions">
                        <a class="button" data-kind="primary" href="/register">"Register"</a>
                        <a class="button" href="/orgs">"Find an organisation"</a>
                    </div>
                </div>
                <CommandForm to=SignIn::PATH class="auth__card">
                    <h2>"Log in"</h2>
                    <Field
                        name="login"
                        label="Call sign or e-mail"
                        required=true
                        autocomplete="username"
                    />
                    <Field
                        name="password"
                        label="Password"
                        kind="password"
                        required=true
                        autocomplete="current-password"
                    />
                    <div class="form__actions"><Submit label="Log in" kind=""/></div>
                </CommandForm>
            </section>
            <ul class="apex__points">
                {point("One roster", "Groups in a tree, roles, positions and vacancies, as cards, tree, chart or table.")}
                {point("Every change remembered", "Who moved whom, when and why. Look at any day in the past, and take changes back.")}
                {point("One login", "Your organisations each have their own address. You log in once.")}
            </ul>
        </Page>
    }
    .into_any()
}

fn point(title: &'static str, text: &'static str) -> AnyView {
    view! { <li><h2>{title}</h2><p>{text}</p></li> }.into_any()
}
