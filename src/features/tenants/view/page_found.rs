//! Founding an organisation.

use crate::{
    features::tenants::{
        api::{FoundOrg, read_founding},
        model::FoundingPlace,
    },
    ui::{CommandForm, Field, Submit, form::Radio, loaded_page, reading},
};
use leptos::{prelude::*, server_fn::ServerFn};
use leptos_meta::Title;

/// What most found, chosen before anybody touches the form.
const USUAL_TYPE: &str = "muster.unit";

/// Name, address, type, time zone.
#[component]
pub fn PageFound() -> impl IntoView {
    let place = reading(|| (), |()| read_founding());
    loaded_page(place, |place| {
        view! {
            <Title text="Found an organisation"/>
            <main class="auth" id="main" tabindex="-1">{form(place)}</main>
        }
        .into_any()
    })
}

fn form(place: FoundingPlace) -> AnyView {
    let types = place.types.into_iter().map(|of| {
        let usual = of.id == USUAL_TYPE;
        view! { <Radio name="type_id" value=of.id label=of.name hint=of.description checked=usual/> }
    });
    let address = ["Your address will be this word and ", &place.host_suffix].concat();
    view! {
        <CommandForm to=FoundOrg::PATH class="auth__card">
            <h1>"Found an organisation"</h1>
            <Field
                name="name"
                label="Name"
                hint="At most 25 characters. Nobody else can have it."
                required=true
                autofocus=true
            />
            <Field
                name="slug"
                label="Address"
                hint=[&address, ". Left empty, it is made from the name."].concat()
            />
            <fieldset class="form__set" data-kind="options">
                <legend>"Type"</legend>
                {types.collect_view()}
            </fieldset>
            <Field
                name="time_zone"
                label="Time zone"
                hint="Such as Europe/Berlin. Left empty, it is UTC."
            />
            <div class="form__actions"><Submit label="Found it"/></div>
        </CommandForm>
    }
    .into_any()
}
