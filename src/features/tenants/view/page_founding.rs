//! The answer to an offered founding (§3.1).

use crate::{
    features::tenants::{
        api::{AcceptFounding, DeclineFounding, read_founding_offer},
        model::FoundingOffer,
    },
    ui::{CommandForm, Field, LocalTime, Page, Submit, loaded_page, reading},
};
use leptos::{prelude::*, server_fn::ServerFn};

/// The page `/founding`, for the one player to whom it is offered.
#[component]
pub fn PageFounding() -> impl IntoView {
    let offer = reading(|| (), |()| read_founding_offer());
    loaded_page(offer, show)
}

fn show(offer: FoundingOffer) -> AnyView {
    let label = format!("Type {} to accept", offer.org);
    let title = format!("The founding of {}", offer.org);
    view! {
        <Page title=title width="form">
            <div class="stack">
                <div class="prose">
                    <p>
                        <strong>{offer.founder.clone()}</strong>
                        " offered you the founding on "
                        <LocalTime at=offer.offered_at/>
                        "."
                    </p>
                    <p>
                        "A founder can do everything, chooses the co-founders, and nobody acts on them. "
                        {offer.founder}
                        " will be a co-founder. Only you can then hand the founding on."
                    </p>
                </div>
                <CommandForm to=AcceptFounding::PATH>
                    <Field name="name" label=label required=true autocomplete="off"/>
                    <div class="form__actions"><Submit label="Accept the founding"/></div>
                </CommandForm>
                <form method="post" action=DeclineFounding::PATH data-command="">
                    <button class="button">"Decline"</button>
                </form>
            </div>
        </Page>
    }
    .into_any()
}
