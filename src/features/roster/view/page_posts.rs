//! Forms about the roles and positions of a group (§4.4, §4.5).

use super::parts::{
    Asked, Matter, Needs, crumbs_below, form_actions, form_page, group_href, panel, refuse,
};
use crate::{
    domain::{AppError, PositionId, RoleId, access::Action, module::Module},
    features::roster::{
        api::{CreatePosition, CreateRole, DeletePosition, DeleteRole, EditPosition, EditRole},
        model::pages::{GroupPage, PositionLine, RoleLine},
    },
    ui::{AccessBoxes, Checkbox, CommandForm, Field, Page, Select, Submit, use_viewer},
};
use leptos::{prelude::*, server_fn::ServerFn};

/// The page `/groups/{id}/roles/new`.
#[component]
pub fn NewRole() -> impl IntoView {
    form_page(Needs::group, |mut matter, _| {
        let group = matter.group()?;
        let (hidden, back) = (create(&group, "roles"), back(&group, "roles"));
        let shown = group.clone();
        let form = view! {
            <CommandForm to=CreateRole::PATH hidden=hidden>
                {role_fields(&shown, None)}
                {form_actions("Add role", "primary", back)}
            </CommandForm>
        };
        page("New role", &group, form.into_any())
    })
}

/// The page `/groups/{id}/roles/{role}`.
#[component]
pub fn RolePage() -> impl IntoView {
    form_page(Needs::group, |mut matter, asked| {
        let group = matter.group()?;
        let id: RoleId = asked.id("role")?;
        let role = group
            .roles
            .iter()
            .find(|role| role.id == id)
            .ok_or(AppError::NotFound)?;
        let back = back(&group, "roles");
        let hidden = edit("role_id", &id.to_string(), role.version, &back);
        let (shown, cancel) = (role.clone(), back.clone());
        let shown_in = group.clone();
        let form = view! {
            <CommandForm to=EditRole::PATH hidden=hidden>
                {role_fields(&shown_in, Some(&shown))}
                {form_actions("Save", "primary", cancel)}
            </CommandForm>
        };
        let kept = match role.holders {
            0 if group.roles.len() == 1 => "A group needs at least one role.",
            0 => "",
            _ => "Somebody still holds this role. Give them another one first.",
        };
        let delete = deletion(DeleteRole::PATH, "role_id", id.to_string(), &back, kept);
        page("Edit role", &group, view! { {form}{delete} }.into_any())
    })
}

/// The page `/groups/{id}/positions/new`.
#[component]
pub fn NewPosition() -> impl IntoView {
    form_page(Needs::group, |mut matter, _| {
        has_positions()?;
        let group = matter.group()?;
        let (hidden, back) = (create(&group, "positions"), back(&group, "positions"));
        let roles = group.roles.clone();
        let form = view! {
            <CommandForm to=CreatePosition::PATH hidden=hidden>
                {position_fields(&roles, None)}
                {form_actions("Add position", "primary", back)}
            </CommandForm>
        };
        page("New position", &group, form.into_any())
    })
}

/// The page `/groups/{id}/positions/{position}`.
#[component]
pub fn PositionPage() -> impl IntoView {
    form_page(Needs::group, show_position)
}

fn show_position(mut matter: Matter, asked: &Asked) -> Result<AnyView, AppError> {
    has_positions()?;
    let group = matter.group()?;
    let id: PositionId = asked.id("position")?;
    let position = group
        .positions
        .iter()
        .find(|p| p.id == id)
        .ok_or(AppError::NotFound)?;
    let back = back(&group, "positions");
    let hidden = edit("position_id", &id.to_string(), position.version, &back);
    let (roles, shown, cancel) = (group.roles.clone(), position.clone(), back.clone());
    let form = view! {
        <CommandForm to=EditPosition::PATH hidden=hidden>
            {position_fields(&roles, Some(&shown))}
            {form_actions("Save", "primary", cancel)}
        </CommandForm>
    };
    let kept = match position.holder {
        Some(_) => "Somebody fills this position. Give them another one first.",
        None => "",
    };
    let delete = deletion(
        DeletePosition::PATH,
        "position_id",
        id.to_string(),
        &back,
        kept,
    );
    page("Edit position", &group, view! { {form}{delete} }.into_any())
}

/// Where the Org's type has no positions, their pages do not exist (§1.6).
fn has_positions() -> Result<(), AppError> {
    let viewer = use_viewer();
    let has = viewer
        .org()
        .is_some_and(|org| org.modules.has(Module::Positions));
    if has { Ok(()) } else { Err(AppError::NotFound) }
}

fn page(title: &'static str, group: &GroupPage, content: AnyView) -> Result<AnyView, AppError> {
    refuse(group.can_edit, Action::EditStructure)?;
    Ok(view! {
        <Page title=title meta=group.name.clone() width="form" crumbs=crumbs_below(group)>
            <div class="stack">{content}</div>
        </Page>
    }
    .into_any())
}

fn back(group: &GroupPage, tab: &str) -> String {
    [&group_href(group.id), "?tab=", tab].concat()
}

fn create(group: &GroupPage, tab: &str) -> Vec<(&'static str, String)> {
    vec![
        ("group_id", group.id.to_string()),
        ("goto", back(group, tab)),
    ]
}

fn edit(name: &'static str, id: &str, version: i64, back: &str) -> Vec<(&'static str, String)> {
    vec![
        (name, id.to_owned()),
        ("version", version.to_string()),
        ("goto", back.to_owned()),
    ]
}

fn role_fields(group: &GroupPage, role: Option<&RoleLine>) -> AnyView {
    let given = role.map(|role| role.access).unwrap_or_default();
    let is = |what: fn(&RoleLine) -> bool| role.is_some_and(what);
    view! {
        <div class="form__row">
            <Field
                name="name"
                label="Name"
                value=role.map(|role| role.name.clone()).unwrap_or_default()
                required=true
            />
            <Field
                name="acronym"
                label="Acronym"
                value=role.map(|role| role.acronym.clone()).unwrap_or_default()
            />
        </div>
        <fieldset class="form__set" data-kind="options">
            <legend>"What it means"</legend>
            <Checkbox
                name="leadership"
                label="Leads"
                checked=is(|role| role.leadership)
                hint="Whoever holds it may rearrange this group and all below it."
            />
            <Checkbox
                name="singular"
                label="One at a time"
                checked=is(|role| role.singular)
                hint="Only one person can hold it."
            />
        </fieldset>
        <AccessBoxes
            legend="What it allows besides"
            hint="In this group and all below it. A role that leads has its own tools without this."
            offers=group.offers.clone()
            given=given
        />
    }
    .into_any()
}

fn position_fields(roles: &[RoleLine], position: Option<&PositionLine>) -> AnyView {
    let options: Vec<(String, String)> = roles
        .iter()
        .map(|role| (role.id.to_string(), role.name.clone()))
        .collect();
    // Most positions are ordinary ones.
    let ordinary = roles
        .iter()
        .find(|role| !role.leadership)
        .map(|role| role.id);
    let role = position.map(|position| position.role_id).or(ordinary);
    let text = |of: fn(&PositionLine) -> &String| position.map(of).cloned().unwrap_or_default();
    view! {
        <Field name="name" label="Name" value=text(|p| &p.name) hint="Such as Combat medic." required=true/>
        <Field
            name="wants"
            label="Wants"
            value=text(|p| &p.wants)
            hint="What somebody should bring, such as: Sgt or above, Medic."
        />
        <Select
            name="role_id"
            label="Role"
            options=options
            value=role.map(|id| id.to_string()).unwrap_or_default()
            hint="Whoever fills the position has this role in the group."
            required=true
        />
    }
    .into_any()
}

/// A panel that deletes, or says why that cannot be.
fn deletion(
    to: &'static str,
    name: &'static str,
    id: String,
    back: &str,
    kept: &'static str,
) -> AnyView {
    let content = if kept.is_empty() {
        let hidden = vec![(name, id), ("goto", back.to_owned())];
        view! {
            <CommandForm to=to hidden=hidden>
                <p>"History keeps it, and this can be undone."</p>
                <div class="form__actions"><Submit label="Delete" kind="danger"/></div>
            </CommandForm>
        }
        .into_any()
    } else {
        view! { <p class="reason">{kept}</p> }.into_any()
    };
    panel(
        "Delete",
        None,
        view! { <div class="panel__body">{content}</div> }.into_any(),
    )
}
