//! The form of a rank, and what else can be done with it (§3.2).

use super::parts::{crumbs, form_actions, insignia_tiles, panel, rank_options};
use crate::{
    domain::{AppError, access::AccessSet},
    features::ranks::{
        api::{AppointRank, CreateRank, DeleteRank, EditRank, read_rank},
        model::{RankLine, RankPage},
    },
    ui::{AccessBoxes, CommandForm, Field, Page, Select, Submit, loaded_page, reading, states},
};
use leptos::{prelude::*, server_fn::ServerFn};
use leptos_router::hooks::use_params_map;

/// The page `/ranks/new`.
#[component]
pub fn PageNewRank() -> impl IntoView {
    let page = reading(|| (), |()| read_rank(String::new()));
    loaded_page(page, |page| {
        view! {
            <Page title="New rank" width="form" crumbs=crumbs()>
                <CommandForm to=CreateRank::PATH hidden=vec![("goto", "/ranks".to_owned())]>
                    {fields(&page)}
                    {form_actions("Add rank", "primary", "/ranks".to_owned())}
                </CommandForm>
            </Page>
        }
        .into_any()
    })
}

/// The page `/ranks/{id}`.
#[component]
pub fn PageRank() -> impl IntoView {
    let params = use_params_map();
    let page = reading(
        move || params.with(|params| params.get("id").unwrap_or_default()),
        read_known,
    );
    loaded_page(page, show)
}

/// Nobody asks for a new rank by an empty id here.
async fn read_known(id: String) -> Result<RankPage, AppError> {
    if id.parse::<crate::domain::RankId>().is_err() {
        return Err(AppError::NotFound);
    }
    read_rank(id).await
}

fn show(page: RankPage) -> AnyView {
    if let Some(missing) = page.refused {
        return states::problem_page(&AppError::Forbidden(missing));
    }
    let Some(rank) = page.rank.clone() else {
        return states::problem_page(&AppError::NotFound);
    };
    let (hidden, shown) = (subject(&rank), page.clone());
    let form = view! {
        <CommandForm to=EditRank::PATH hidden=hidden>
            {fields(&shown)}
            {form_actions("Save", "primary", "/ranks".to_owned())}
        </CommandForm>
    };
    view! {
        <Page title=rank.title.name.clone() width="form" crumbs=crumbs()>
            <div class="stack">{form}{standard(&rank)}{deletion(&page, &rank)}</div>
        </Page>
    }
    .into_any()
}

fn subject(rank: &RankLine) -> Vec<(&'static str, String)> {
    vec![
        ("rank_id", rank.title.id.to_string()),
        ("version", rank.version.to_string()),
        ("goto", "/ranks".to_owned()),
    ]
}

fn fields(page: &RankPage) -> AnyView {
    let rank = page.rank.as_ref();
    let text = |of: fn(&RankLine) -> String| rank.map(of).unwrap_or_default();
    let level = rank.map_or_else(String::new, |rank| rank.title.level.to_string());
    let insignia = text(|rank| rank.title.insignia.clone());
    let given = rank.map_or_else(AccessSet::default, |rank| rank.access);
    let highest = format!(
        "A number from 0 to {}. Whoever has the higher one may act on the lower, as far as access allows.",
        page.highest
    );
    view! {
        <div class="form__row">
            <Field name="name" label="Name" value=text(|rank| rank.title.name.clone()) required=true/>
            <Field
                name="abbreviation"
                label="Short form"
                value=text(|rank| rank.title.abbreviation.clone())
                hint="Stands before names, such as Sgt; at most 8 characters."
            />
        </div>
        <Field name="level" label="Level" kind="number" value=level hint=highest required=true/>
        {insignia_tiles(&insignia)}
        <AccessBoxes
            legend="What it allows"
            hint="In the whole organisation. What leaders may do in their own groups, roles say."
            offers=page.offers.clone()
            given=given
        />
        {ceiling_fields(rank)}
    }
    .into_any()
}

fn ceiling_fields(rank: Option<&RankLine>) -> AnyView {
    let ceilings = rank.map(|rank| rank.ceilings).unwrap_or_default();
    let text = |ceiling: Option<i64>| ceiling.map(|level| level.to_string()).unwrap_or_default();
    view! {
        <fieldset class="form__set">
            <legend>"Ceilings"</legend>
            <p class="field__hint">
                "Up to which level this rank acts on others. Left empty, it acts on everybody below its own level."
            </p>
            <div class="form__row">
                <Field name="ceilings[promote]" label="Promotes to" kind="number" value=text(ceilings.promote)/>
                <Field name="ceilings[demote]" label="Demotes from" kind="number" value=text(ceilings.demote)/>
                <Field name="ceilings[kick]" label="Removes" kind="number" value=text(ceilings.kick)/>
                <Field
                    name="ceilings[manage]"
                    label="Renames and invites"
                    kind="number"
                    value=text(ceilings.manage)
                />
            </div>
        </fieldset>
    }
    .into_any()
}

/// Making it the default or the guest rank.
fn standard(rank: &RankLine) -> AnyView {
    if rank.is_default || rank.is_guest {
        let text = if rank.is_default {
            "This is the default rank: new people get it. Make another rank the default one to change that."
        } else {
            "This is the guest rank: visitors are judged by it. Make another rank the guest rank to change that."
        };
        return panel("Use", view! { <p class="reason">{text}</p> }.into_any());
    }
    let button = |standard: &'static str, label: &'static str| {
        let mut hidden = subject(rank);
        hidden.push(("standard", standard.to_owned()));
        view! {
            <form method="post" action=AppointRank::PATH data-command="">
                {hidden
                    .into_iter()
                    .map(|(name, value)| view! { <input type="hidden" name=name value=value/> })
                    .collect_view()}
                <button class="button">{label}</button>
            </form>
        }
    };
    let guest = if rank.holders == 0 {
        button("guest", "Make it the guest rank").into_any()
    } else {
        view! {
            <p class="reason">"People hold it, so it cannot become the guest rank, which is for visitors."</p>
        }
        .into_any()
    };
    let content = view! {
        <div class="form__actions">{button("default", "Make it the default rank")}{guest}</div>
    };
    panel("Use", content.into_any())
}

fn deletion(page: &RankPage, rank: &RankLine) -> AnyView {
    if rank.is_default || rank.is_guest {
        let text = "Every organisation needs its default and its guest rank, so this one cannot be deleted.";
        return panel("Delete", view! { <p class="reason">{text}</p> }.into_any());
    }
    let hidden = subject(rank);
    let (holders, options) = (rank.holders, rank_options(page.others.iter()));
    // Drawn inside of the form, whose state its fields ask for.
    let target = move || {
        let hint = format!("{holders} hold it now and go there.");
        (holders > 0).then(|| {
            view! {
                <Select
                    name="move_to"
                    label="Those who hold it become"
                    options=options
                    hint=hint
                    required=true
                />
            }
        })
    };
    let form = view! {
        <CommandForm to=DeleteRank::PATH hidden=hidden>
            {target()}
            <p>"History keeps it, and this can be undone."</p>
            <div class="form__actions"><Submit label="Delete rank" kind="danger"/></div>
        </CommandForm>
    };
    panel("Delete", form.into_any())
}
