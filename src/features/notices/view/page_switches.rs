//! What somebody is told of, and where: in Muster, by mail, both or neither.

use crate::{
    features::notices::{
        api::{SetSwitches, read_switches},
        model::Switch,
    },
    ui::{CommandForm, Page, Submit, loaded, reading},
};
use leptos::{prelude::*, server_fn::ServerFn};

/// The page `/notices/settings`.
#[component]
pub fn PageSwitches() -> impl IntoView {
    let switches = reading(|| (), |()| read_switches());
    let crumbs = vec![("/notices".to_owned(), "Notices".to_owned())];
    view! {
        <Page
            title="What you are told"
            meta="Your choice holds in all your organisations"
            width="form"
            crumbs=crumbs
        >
            {loaded(switches, form)}
        </Page>
    }
}

fn form(switches: Vec<Switch>) -> AnyView {
    let rows = switches.into_iter().enumerate().map(row).collect_view();
    view! {
        <CommandForm to=SetSwitches::PATH>
            <table class="table notice-switches">
                <thead>
                    <tr>
                        <th scope="col">"What"</th>
                        <th scope="col">"In Muster"</th>
                        <th scope="col">"By mail"</th>
                    </tr>
                </thead>
                <tbody>{rows}</tbody>
            </table>
            <div class="form__actions"><Submit label="Save"/></div>
        </CommandForm>
    }
    .into_any()
}

fn row((at, switch): (usize, Switch)) -> AnyView {
    let Switch {
        topic,
        in_app,
        mail,
    } = switch;
    let choice = |what: &str, checked: bool, where_to: &str| {
        let name = format!("{what}[{at}]");
        let label = format!("{}, {where_to}", topic.label());
        view! {
            <td>
                <label class="check">
                    <input type="checkbox" name=name value=topic.id() checked=checked/>
                    <span class="visually-hidden">{label}</span>
                </label>
            </td>
        }
        .into_any()
    };
    view! {
        <tr>
            <th scope="row">
                {topic.label()}
                <span class="notice-switches__hint">{topic.hint()}</span>
            </th>
            {choice("in_app", in_app, "in Muster")}
            {choice("mail", mail, "by mail")}
        </tr>
    }
    .into_any()
}
