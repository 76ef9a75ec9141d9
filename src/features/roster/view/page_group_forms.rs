//! Forms about a group as a whole: creating, changing, moving and retiring it (§4.1, §4.7).

use super::parts::{
    Asked, Matter, Needs, crumbs_below, form_actions, form_page, group_href, group_options, refuse,
};
use crate::{
    domain::{AppError, GroupId, access::Action},
    features::roster::{
        api::{CreateGroup, EditGroup, MoveGroup, RetireGroup},
        model::{
            Policy, Visibility,
            pages::{Choices, GroupChoice, GroupPage},
        },
    },
    ui::{Checkbox, CommandForm, Field, Page, Select, TextArea, form::Radio},
};
use leptos::{prelude::*, server_fn::ServerFn};

/// What these forms need.
const EDIT: Action = Action::EditStructure;

/// The page `/groups/new`, with `parent` in its address.
#[component]
pub fn NewGroup() -> impl IntoView {
    form_page(
        |_| Needs {
            choices: true,
            ..Needs::default()
        },
        show_new,
    )
}

fn show_new(mut matter: Matter, asked: &Asked) -> Result<AnyView, AppError> {
    let choices = matter.choices();
    refuse(choices.root.is_some() || !choices.parents.is_empty(), EDIT)?;
    let parent = asked.text("parent");
    let cancel = if parent.is_empty() {
        "/roster".to_owned()
    } else {
        ["/groups/", &parent].concat()
    };
    let options = parents(&choices, None);
    Ok(view! {
        <Page title="New group" width="form" crumbs=vec![("/roster".into(), "Roster".into())]>
            <CommandForm to=CreateGroup::PATH>
                <Select name="parent_id" label="Under" options=options value=parent required=true/>
                {details(None)}
                <fieldset class="form__set" data-kind="options">
                    <legend>"Membership"</legend>
                    <Checkbox
                        name="exclusive"
                        label="Exclusive"
                        checked=true
                        hint="A person is in one exclusive group at a time: whoever comes from another is moved. This cannot be changed later."
                    />
                </fieldset>
                {form_actions("Create group", "primary", cancel)}
            </CommandForm>
        </Page>
    }
    .into_any())
}

/// The page `/groups/{id}/edit`.
#[component]
pub fn EditGroupPage() -> impl IntoView {
    form_page(Needs::group, show_edit)
}

fn show_edit(mut matter: Matter, _: &Asked) -> Result<AnyView, AppError> {
    let group = matter.group()?;
    refuse(group.can_edit, EDIT)?;
    let (name, crumbs) = (group.name.clone(), crumbs_below(&group));
    let hidden = subject(&group);
    Ok(view! {
        <Page title="Edit group" meta=name width="form" crumbs=crumbs>
            <CommandForm to=EditGroup::PATH hidden=hidden>
                {details(Some(&group))}
                {form_actions("Save", "primary", group_href(group.id))}
            </CommandForm>
        </Page>
    }
    .into_any())
}

/// The hidden fields of a form about a group.
fn subject(group: &GroupPage) -> Vec<(&'static str, String)> {
    vec![
        ("group_id", group.id.to_string()),
        ("version", group.version.to_string()),
        ("goto", group_href(group.id)),
    ]
}

/// What a new group and a known one have in common.
fn details(group: Option<&GroupPage>) -> AnyView {
    let text = |of: fn(&GroupPage) -> &String| group.map(of).cloned().unwrap_or_default();
    let visibility = group
        .map_or("public", |group| group.visibility.as_str())
        .to_owned();
    let policy = group
        .map_or("by_request", |group| group.policy.as_str())
        .to_owned();
    let option = |value: &str, label: &str| (value.to_owned(), label.to_owned());
    let visibilities = vec![
        option(Visibility::Public.as_str(), "Everybody"),
        option(
            Visibility::Private.as_str(),
            "Its members, its managers and those above",
        ),
    ];
    let policies = Policy::ALL
        .iter()
        .map(|policy| option(policy.as_str(), policy_text(*policy)))
        .collect();
    view! {
        <Field name="name" label="Name" value=text(|g| &g.name) required=true/>
        <div class="form__row">
            <Field
                name="acronym"
                label="Acronym"
                value=text(|g| &g.acronym)
                hint="Short form for the shield and the ident; made from the name when empty."
            />
            <Field
                name="kind"
                label="Kind"
                value=text(|g| &g.kind)
                hint="What it is, such as Squad or Department."
                required=true
            />
        </div>
        <TextArea
            name="description"
            label="Description"
            value=text(|g| &g.description)
            hint="What this group is for. Markdown works."
            required=true
        />
        <div class="form__row">
            <Select name="visibility" label="Who sees it" options=visibilities value=visibility required=true/>
            <Select name="policy" label="Who may join" options=policies value=policy required=true/>
        </div>
    }
    .into_any()
}

fn policy_text(policy: Policy) -> &'static str {
    match policy {
        Policy::Open => "Open: anyone, at once",
        Policy::ByRequest => "By request: a manager agrees",
        Policy::Closed => "Closed: only leaders add",
    }
}

/// Groups under which a group may go; not itself and what is below it.
fn parents(choices: &Choices, without: Option<GroupId>) -> Vec<(String, String)> {
    let top = choices
        .root
        .map(|root| (root.to_string(), "Top level".to_owned()));
    let mut hidden_below: Option<u32> = None;
    let groups = choices.parents.iter().filter(|group| {
        if hidden_below.is_some_and(|depth| group.depth > depth) {
            return false;
        }
        hidden_below = (Some(group.id) == without).then_some(group.depth);
        hidden_below.is_none()
    });
    top.into_iter().chain(group_options(groups)).collect()
}

// --- moving --------------------------------------------------------------------------------------

/// The page `/groups/{id}/move`: first the parent, in the address, then the place below it.
#[component]
pub fn MoveGroupPage() -> impl IntoView {
    form_page(Needs::group_and_choices, show_move)
}

fn show_move(mut matter: Matter, asked: &Asked) -> Result<AnyView, AppError> {
    let (group, choices) = (matter.group()?, matter.choices());
    refuse(group.can_move, EDIT)?;
    let parent = asked.id("parent").unwrap_or(group.parent);
    let siblings = children(&choices, parent);
    let others: Vec<&GroupChoice> = siblings
        .iter()
        .copied()
        .filter(|sibling| sibling.id != group.id)
        .collect();
    // Where it is now, or else at the end. Behind itself means first.
    let place = match siblings.iter().position(|sibling| sibling.id == group.id) {
        Some(at) => at.checked_sub(1).map(|before| siblings[before].id),
        None => others.last().map(|last| last.id),
    };
    let first = (group.id.to_string(), "First".to_owned());
    let behind = |other: &&GroupChoice| (other.id.to_string(), ["After ", &other.name].concat());
    let places: Vec<(String, String)> = std::iter::once(first)
        .chain(others.iter().map(behind))
        .collect();
    let here = group_href(group.id);
    let below = choices.parents.iter().find(|choice| choice.id == parent);
    let below = below.map_or_else(|| "the top level".to_owned(), |choice| choice.name.clone());
    let mut hidden = subject(&group);
    hidden.insert(2, ("parent_id", parent.to_string()));
    let (title, crumbs) = (["Move ", &group.name].concat(), crumbs_below(&group));
    let parents = parents(&choices, Some(group.id));
    let place = place.unwrap_or(group.id).to_string();
    Ok(view! {
        <Page title=title width="form" crumbs=crumbs>
            <div class="stack">
                <form class="form" method="get" action=[&here, "/move"].concat()>
                    <Select
                        name="parent"
                        label="Under"
                        options=parents
                        value=parent.to_string()
                        hint="The group goes with all that is below it."
                        required=true
                    />
                    <div class="form__actions"><button class="button">"Show places there"</button></div>
                </form>
                <CommandForm to=MoveGroup::PATH hidden=hidden>
                    <Select
                        name="after"
                        label=["Place under ", &below].concat()
                        options=places
                        value=place
                        required=true
                    />
                    {form_actions("Move group", "primary", here)}
                </CommandForm>
            </div>
        </Page>
    }
    .into_any())
}

/// The groups right below a parent, in order: choices stand in command order, so they are those
/// one deeper, up to the next that is not.
fn children(choices: &Choices, parent: GroupId) -> Vec<&GroupChoice> {
    let at = choices.parents.iter().position(|group| group.id == parent);
    let (from, depth) = match at {
        Some(at) => (at + 1, choices.parents[at].depth + 1),
        None if choices.root == Some(parent) => (0, 0),
        None => return Vec::new(),
    };
    choices.parents[from..]
        .iter()
        .take_while(|group| group.depth >= depth)
        .filter(|group| group.depth == depth)
        .collect()
}

// --- retiring ------------------------------------------------------------------------------------

/// The page `/groups/{id}/retire`.
#[component]
pub fn RetireGroupPage() -> impl IntoView {
    form_page(Needs::group, show_retire)
}

fn show_retire(mut matter: Matter, _: &Asked) -> Result<AnyView, AppError> {
    let group = matter.group()?;
    refuse(group.can_move, EDIT)?;
    let title = ["Retire ", &group.name].concat();
    let content = if group.subgroups.is_empty() {
        retire(&group)
    } else {
        not_yet(&group)
    };
    Ok(view! {
        <Page title=title width="form" crumbs=crumbs_below(&group)>{content}</Page>
    }
    .into_any())
}

/// Subgroups are in the way.
fn not_yet(group: &GroupPage) -> AnyView {
    let rows: Vec<AnyView> = group
        .subgroups
        .iter()
        .map(super::page_group::group_row)
        .collect();
    view! {
        <section class="confirm">
            <p>"Its subgroups must be moved or retired first:"</p>
            <ul class="list">{rows}</ul>
            <div class="form__actions">
                <a class="button" href=group_href(group.id)>"Back to the group"</a>
            </div>
        </section>
    }
    .into_any()
}

fn retire(group: &GroupPage) -> AnyView {
    let mut hidden = subject(group);
    // The group has no page any more; the command says where to go.
    hidden.pop();
    let count = group.members.len();
    if count == 0 {
        hidden.push(("members", "stay".to_owned()));
    }
    let people = if count == 1 {
        "1 member".to_owned()
    } else {
        format!("{count} members")
    };
    let up = group
        .above
        .last()
        .filter(|above| above.id == group.parent)
        .map(|above| ["They go to ", &above.name].concat());
    let names: Vec<AnyView> = group
        .members
        .iter()
        .map(|member| view! { <li>{member.player.name.clone()}</li> }.into_any())
        .collect();
    let cancel = group_href(group.id);
    let legend = format!("What becomes of its {people}?");
    let text = format!(
        "The group leaves the roster and takes no members any more. It has {people}. Its history stays, and this can be undone."
    );
    let choice = move || {
        let is_top = up.is_none();
        let up = up.map(|label| {
            view! {
                <Radio
                    name="members"
                    value="parent"
                    label=label
                    checked=true
                    hint="As ordinary members, unless they are in another exclusive group."
                />
            }
        });
        view! {
            <ul class="confirm__list">{names}</ul>
            <fieldset class="form__set" data-kind="options">
                <legend>{legend}</legend>
                {up}
                <Radio
                    name="members"
                    value="unassigned"
                    label="They leave this group"
                    checked=is_top
                    hint="Whoever was only here is unassigned then."
                />
            </fieldset>
        }
    };
    view! {
        <CommandForm to=RetireGroup::PATH hidden=hidden class="confirm">
            <p>{text}</p>
            {(count > 0).then(choice)}
            {form_actions("Retire group", "danger-primary", cancel)}
        </CommandForm>
    }
    .into_any()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn choices() -> Choices {
        let group = |n: u128, depth| GroupChoice {
            id: GroupId(uuid::Uuid::from_u128(n)),
            name: n.to_string(),
            ident: String::new(),
            depth,
        };
        let groups = vec![
            group(1, 0),
            group(2, 1),
            group(3, 2),
            group(4, 1),
            group(5, 0),
        ];
        Choices {
            parents: groups,
            root: Some(GroupId(uuid::Uuid::nil())),
            ..Choices::default()
        }
    }

    fn id(n: u128) -> GroupId {
        GroupId(uuid::Uuid::from_u128(n))
    }

    #[test]
    fn children_are_those_one_deeper() {
        let choices = choices();
        let names = |parent| -> Vec<&str> {
            children(&choices, id(parent))
                .into_iter()
                .map(|g| g.name.as_str())
                .collect()
        };
        assert_eq!(names(0), ["1", "5"]);
        assert_eq!(names(1), ["2", "4"]);
        assert_eq!(names(2), ["3"]);
        assert!(names(5).is_empty() && names(9).is_empty());
    }

    #[test]
    fn a_group_cannot_go_below_itself() {
        let ids: Vec<String> = parents(&choices(), Some(id(2)))
            .into_iter()
            .map(|o| o.0)
            .collect();
        let expected: Vec<String> = [0, 1, 4, 5].map(|n| id(n).to_string()).into();
        assert_eq!(ids, expected);
    }
}
