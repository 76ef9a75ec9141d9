//! Org types (§1.6), for administrators of the installation: the list, a new one, one of them.

use crate::{
    domain::{
        access::{AccessSet, Action},
        module::Module,
    },
    features::tenants::{
        api::{CreateOrgType, EditOrgType, read_org_type, read_org_types},
        model::org_types::{MemberKind, OrgType, OrgTypeLine, TypeRank},
    },
    ui::{
        CheckSet, Checkbox, CommandForm, Complaint, Field, Icon, Page, Select, Submit, TextArea,
        form::Radio, loaded_page, reading, use_flash,
    },
};
use leptos::{prelude::*, server_fn::ServerFn};
use leptos_router::hooks::use_params_map;

/// Empty rows that the form offers for further ranks.
const SPARE_ROWS: usize = 3;

/// The page `/site/types`.
#[component]
pub fn OrgTypesPage() -> impl IntoView {
    let types = reading(|| (), |()| read_org_types());
    loaded_page(types, |types| {
        let new = view! {
            <a class="button" data-kind="primary" href="/site/types/new"><Icon name="plus"/>"New type"</a>
        };
        view! {
            <Page
                title="Org types"
                meta="The rules that a whole family of organisations shares."
                actions=new.into_any()
            >
                <ul class="list">{types.into_iter().map(row).collect_view()}</ul>
            </Page>
        }
        .into_any()
    })
}

fn row(of: OrgTypeLine) -> AnyView {
    let orgs = match of.orgs {
        1 => "1 organisation".to_owned(),
        count => format!("{count} organisations"),
    };
    let modules: Vec<&str> = of.modules.iter().map(Module::id).collect();
    let meta = [&of.id, " · ", &orgs, " · ", &modules.join(", ")].concat();
    let meta = meta.trim_end_matches(" · ").to_owned();
    view! {
        <li class="list__row">
            <div class="list__text">
                <a class="list__title" href=["/site/types/", &of.id].concat()>{of.name}</a>
                <p>{of.description}</p>
                <p class="list__meta">{meta}</p>
            </div>
        </li>
    }
    .into_any()
}

/// The page `/site/types/new`. It begins with the two ranks that every type has.
#[component]
pub fn NewOrgTypePage() -> impl IntoView {
    // Read for the right to be here, and for nothing else.
    let allowed = reading(|| (), |()| read_org_types());
    loaded_page(allowed, |_| {
        view! {
            <Page title="New org type" crumbs=crumbs()>
                <CommandForm to=CreateOrgType::PATH>
                    <Field
                        name="type_id"
                        label="Id"
                        hint="At least two words of a–z, 0–9 and -, with dots between them, such as example.club. It never changes."
                        required=true
                        autofocus=true
                    />
                    {fields(blank(), CreateOrgType::PATH)}
                    {actions("Make it")}
                </CommandForm>
            </Page>
        }
        .into_any()
    })
}

/// The page `/site/types/{id}`.
#[component]
pub fn EditOrgTypePage() -> impl IntoView {
    let params = use_params_map();
    let id = Memo::new(move |_| params.with(|params| params.get("id")).unwrap_or_default());
    loaded_page(reading(move || id.get(), read_org_type), edit)
}

fn edit(of: OrgType) -> AnyView {
    let hidden = vec![
        ("type_id", of.id.clone()),
        ("version", of.version.to_string()),
    ];
    let name = of.name.clone();
    let note = match of.orgs {
        0 => "No organisation is of this type yet.".to_owned(),
        count => {
            let whose = if count == 1 {
                "The 1 organisation of this type gets".to_owned()
            } else {
                format!("The {count} organisations of this type get")
            };
            [
                whose.as_str(),
                " other modules and offered access at once. Their ranks stay as they are: the \
                 ranks here are those of new organisations.",
            ]
            .concat()
        }
    };
    view! {
        <Page title=name meta=of.id.clone() crumbs=crumbs()>
            <p class="banner" data-kind="info">{note}</p>
            <CommandForm to=EditOrgType::PATH hidden=hidden>
                {fields(of, EditOrgType::PATH)}
                {actions("Save")}
            </CommandForm>
        </Page>
    }
    .into_any()
}

fn crumbs() -> Vec<(String, String)> {
    vec![("/site/types".to_owned(), "Org types".to_owned())]
}

fn actions(label: &'static str) -> AnyView {
    view! {
        <div class="form__actions">
            <Submit label=label/>
            <a class="button" data-kind="quiet" href="/site/types">"Cancel"</a>
        </div>
    }
    .into_any()
}

fn blank() -> OrgType {
    let rank = |level, name: &str| TypeRank {
        level,
        name: name.to_owned(),
        abbreviation: String::new(),
        insignia: String::new(),
        access: AccessSet::default(),
        is_default: level > 0,
        is_guest: level == 0,
    };
    OrgType {
        id: String::new(),
        name: String::new(),
        description: String::new(),
        member_kind: MemberKind::Player,
        one_per_person: false,
        modules: Module::ALL.iter().copied().collect(),
        access: AccessSet::everything(),
        command_name: String::new(),
        aliases: String::new(),
        ranks: vec![rank(0, "Visitor"), rank(10, "Member")],
        orgs: 0,
        version: 0,
    }
}

fn fields(of: OrgType, endpoint: &'static str) -> AnyView {
    let kinds = MemberKind::ALL.map(|kind| (kind.as_str().to_owned(), kind.label().to_owned()));
    let modules = Module::ALL.iter();
    let modules = modules.map(|module| (module.id().to_owned(), module.label().to_owned()));
    let on = of.modules.iter().map(|module| module.id().to_owned());
    view! {
        <Field name="name" label="Name" value=of.name required=true/>
        <TextArea
            name="description"
            label="Description"
            value=of.description
            hint="One sentence for those who found an organisation."
            rows="2"
            required=true
        />
        <Select
            name="member_kind"
            label="Members are"
            options=kinds.to_vec()
            value=of.member_kind.as_str()
            required=true
        />
        <Checkbox
            name="one_per_person"
            label="One organisation for each person"
            checked=of.one_per_person
            hint="Whoever belongs to one of this type can join no other of it. Those who belong to several now stay in them, and can join a further one when they have left them all."
        />
        <CheckSet
            name="modules[]"
            label="Modules"
            options=modules.collect()
            checked=on.collect()
            hint="The roster is always there."
        />
        <CheckSet
            name="access[]"
            label="Access that ranks and roles can be given"
            options=access_options()
            checked=ids(of.access)
        />
        <div class="form__row">
            <Field
                name="command_name"
                label="Chat command"
                value=of.command_name
                hint="Lower case letters, digits, - and _."
            />
            <Field name="aliases" label="Its aliases" value=of.aliases hint="With spaces between."/>
        </div>
        {ranks(of.ranks, endpoint)}
    }
    .into_any()
}

fn ids(access: AccessSet) -> Vec<String> {
    access.iter().map(|action| action.id().to_owned()).collect()
}

fn access_options() -> Vec<(String, String)> {
    Action::ALL
        .iter()
        .filter(|action| action.grantable())
        .map(|action| (action.id().to_owned(), action.label().to_owned()))
        .collect()
}

/// A set of fields for each rank, and some empty ones. As many as were sent, when the last attempt
/// failed.
fn ranks(ranks: Vec<TypeRank>, endpoint: &'static str) -> AnyView {
    let sent = use_flash(endpoint).map_or(0, |flash| {
        let is_level = |name: &str| name.starts_with("ranks[") && name.ends_with("][level]");
        flash
            .fields
            .iter()
            .filter(|(name, _)| is_level(name))
            .count()
    });
    let count = sent.max(ranks.len() + SPARE_ROWS);
    let all = ranks.into_iter().map(Some).chain(std::iter::repeat(None));
    let rows = all
        .take(count)
        .enumerate()
        .map(|(row, rank)| rank_fields(row, rank));
    view! {
        <fieldset class="form__set">
            <legend>"Ranks of a new organisation"</legend>
            <p class="field__hint">
                "Each has a level from 0 to 1000 of its own. One is the default rank, which new \
                 players get, and one the guest rank, by which visitors are judged. Empty a rank's \
                 level and name to take it out."
            </p>
            <Complaint name="default" label="Default rank"/>
            <Complaint name="guest" label="Guest rank"/>
            {rows.collect_view()}
        </fieldset>
    }
    .into_any()
}

fn rank_fields(row: usize, rank: Option<TypeRank>) -> AnyView {
    let at = |field: &str| format!("ranks[{row}][{field}]");
    let number = row.to_string();
    let (is_default, is_guest) = rank
        .as_ref()
        .map_or((false, false), |rank| (rank.is_default, rank.is_guest));
    let text = |of: fn(&TypeRank) -> &String| rank.as_ref().map(of).cloned().unwrap_or_default();
    let level = rank.as_ref().map(|rank| rank.level.to_string());
    let access = rank.as_ref().map(|rank| rank.access).unwrap_or_default();
    let title = match &rank {
        Some(rank) => rank.name.clone(),
        None => "One more rank".to_owned(),
    };
    let granted = match access.iter().count() {
        0 => "Access: none".to_owned(),
        1 => "Access: 1 right".to_owned(),
        count => format!("Access: {count} rights"),
    };
    view! {
        <fieldset class="type-rank">
            <legend>{title}</legend>
            <div class="type-rank__line">
                <Field
                    name=at("level")
                    label="Level"
                    kind="number"
                    value=level.unwrap_or_default()
                    required=false
                />
                <Field name=at("name") label="Name" value=text(|rank| &rank.name)/>
                <Field name=at("abbreviation") label="Short" value=text(|rank| &rank.abbreviation)/>
                <Field name=at("insignia") label="Insignia" value=text(|rank| &rank.insignia)/>
            </div>
            <div class="type-rank__line">
                <Radio name="default" value=number.clone() label="Default rank" checked=is_default/>
                <Radio name="guest" value=number label="Guest rank" checked=is_guest/>
            </div>
            <details>
                <summary>{granted}</summary>
                <CheckSet
                    name=at("access") + "[]"
                    label="What it gives in the whole organisation"
                    options=access_options()
                    checked=ids(access)
                />
            </details>
        </fieldset>
    }
    .into_any()
}
