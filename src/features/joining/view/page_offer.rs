//! Joining one group, or leaving it: what will happen, then the button (§5.1).

use super::parts::{group_action, group_href, newcomer_field, requested};
use crate::{
    domain::{AppError, MembershipId},
    features::joining::{
        api::{JoinGroup, LeaveGroup, read_offer},
        model::{Offer, OfferPage, Way},
    },
    ui::{
        CommandForm, Page, Submit, TextArea, loaded_page, reading, states::problem_page, use_viewer,
    },
};
use leptos::{prelude::*, server_fn::ServerFn};
use leptos_router::hooks::use_params_map;

/// The page `/groups/{id}/join`.
#[component]
pub fn JoinOnePage() -> impl IntoView {
    page(join)
}

/// The page `/groups/{id}/leave`.
#[component]
pub fn LeaveOnePage() -> impl IntoView {
    page(leave)
}

fn page(show: fn(OfferPage) -> AnyView) -> AnyView {
    let params = use_params_map();
    let id = move || params.with(|params| params.get("id")).unwrap_or_default();
    let offer = reading(id, |id| async move {
        read_offer(id.parse().map_err(|_| AppError::NotFound)?).await
    });
    loaded_page(offer, show)
}

fn crumbs(offer: &Offer) -> Vec<(String, String)> {
    vec![
        ("/roster".to_owned(), "Roster".to_owned()),
        (group_href(offer.group.id), offer.group.name.clone()),
    ]
}

fn join(page: OfferPage) -> AnyView {
    let offer = page.offer;
    let (crumbs, group) = (crumbs(&offer), offer.group.id);
    let title = match offer.way {
        Way::Ask => ["Ask to join ", &offer.group.name].concat(),
        _ => ["Join ", &offer.group.name].concat(),
    };
    let transfer = offer.from.as_ref().map(|from| {
        let text = [
            "You are in ",
            from,
            " now. Nobody is in two exclusive groups, so joining this one ends that membership.",
        ];
        view! { <p>{text.concat()}</p> }
    });
    let content = match offer.way {
        Way::Join { .. } | Way::Ask => {
            let asks = offer.way == Way::Ask;
            let note = asks.then(|| {
                view! {
                    <TextArea
                        name="note"
                        label="Note"
                        rows="3"
                        hint="A word to those who answer. Only they and you can read it."
                    />
                }
            });
            let (text, label) = if asks {
                (
                    "A manager of the group answers your request. You can withdraw it until then.",
                    "Ask to join",
                )
            } else {
                ("Anyone can join this group, at once.", "Join")
            };
            view! {
                <CommandForm to=JoinGroup::PATH hidden=vec![("group_id", group.to_string())]>
                    <p>{text}</p>
                    {transfer}
                    {newcomer_field(page.newcomer)}
                    {note}
                    <div class="form__actions">
                        <Submit label=label/>
                        <a class="button" data-kind="quiet" href=group_href(group)>"Cancel"</a>
                    </div>
                </CommandForm>
            }
            .into_any()
        }
        Way::Requested { id, at } => {
            view! { <div class="form__actions">{requested(id, at)}</div> }.into_any()
        }
        Way::Leave { .. } => view! { <p>"You are a member of this group already."</p> }.into_any(),
        Way::Closed | Way::None => {
            view! { <p>"Nobody joins this group by themself: its managers add people."</p> }
                .into_any()
        }
        Way::SignIn | Way::Banned => group_action(group, offer.way, true),
    };
    view! { <Page title=title width="form" crumbs=crumbs>{content}</Page> }.into_any()
}

fn leave(page: OfferPage) -> AnyView {
    match page.offer.way {
        Way::Leave { id } => leave_form(&page.offer, id),
        Way::SignIn => problem_page(&AppError::SignInRequired),
        _ if use_viewer().user.is_none() => problem_page(&AppError::SignInRequired),
        _ => problem_page(&AppError::NotFound),
    }
}

fn leave_form(offer: &Offer, membership: MembershipId) -> AnyView {
    let title = ["Leave ", &offer.group.name].concat();
    let (crumbs, back) = (crumbs(offer), group_href(offer.group.id));
    view! {
        <Page title=title width="form" crumbs=crumbs>
            <CommandForm to=LeaveGroup::PATH hidden=vec![("membership_id", membership.to_string())]>
                <p>"Your membership ends now. History keeps that you were here."</p>
                <TextArea
                    name="reason"
                    label="Reason"
                    rows="2"
                    hint="Stands in your history and in that of the group."
                />
                <div class="form__actions">
                    <Submit label="Leave group" kind="danger"/>
                    <a class="button" data-kind="quiet" href=back>"Cancel"</a>
                </div>
            </CommandForm>
        </Page>
    }
    .into_any()
}
