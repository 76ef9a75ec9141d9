//! Rank sets (§3.2): other names for the same rungs, and the choice of a group.

use super::parts::{crumbs, form_actions, panel, rank_name};
use crate::{
    domain::{AppError, GroupId, RankSetId},
    features::ranks::{
        api::{
            ApplyInsignia, ChooseRankSet, CreateRankSet, DeleteRankSet, EditRankSet,
            read_group_rank_set, read_rank_set,
        },
        model::{GroupSetPage, INSIGNIA, RankTitle, SetPage, symbol_label},
    },
    ui::{CellField, CommandForm, Field, Page, Select, Submit, loaded_page, reading},
};
use leptos::{prelude::*, server_fn::ServerFn};
use leptos_router::hooks::use_params_map;

/// The page `/ranks/sets/new`.
#[component]
pub fn PageNewSet() -> impl IntoView {
    let ladder = reading(
        || (),
        |()| crate::features::ranks::api::read_rank(String::new()),
    );
    // Whoever may add a rank may add a rank set.
    loaded_page(ladder, |_| {
        view! {
            <Page title="New rank set" width="form" crumbs=crumbs()>
                <CommandForm to=CreateRankSet::PATH>
                    <Field
                        name="name"
                        label="Name"
                        hint="Such as Aircrew. The titles come on the next page; until then they are those of the ladder."
                        required=true
                    />
                    {form_actions("Add rank set", "primary", "/ranks".to_owned())}
                </CommandForm>
            </Page>
        }
        .into_any()
    })
}

/// The page `/ranks/sets/{id}`.
#[component]
pub fn PageSet() -> impl IntoView {
    let params = use_params_map();
    let page = reading(
        move || params.with(|params| params.get("id").unwrap_or_default()),
        |id: String| async move {
            let id: RankSetId = id.parse().map_err(|_| AppError::NotFound)?;
            read_rank_set(id).await
        },
    );
    loaded_page(page, show)
}

fn show(page: SetPage) -> AnyView {
    let hidden = vec![
        ("rank_set_id", page.id.to_string()),
        ("version", page.version.to_string()),
    ];
    let titles = page.titles.clone();
    // Drawn inside of the form, whose state its fields ask for.
    let rows = move || {
        titles
            .iter()
            .enumerate()
            .map(|(at, (rank, title))| title_row(at, rank, title.as_ref()))
            .collect_view()
    };
    let name = page.name.clone();
    let form = view! {
        <CommandForm to=EditRankSet::PATH hidden=hidden.clone() class="form rank-titles">
            <Field name="name" label="Name of the set" value=name required=true/>
            <div class="table-wrap" role="region" aria-label="Titles" tabindex="0">
                <table class="table">
                    <thead>
                        <tr>
                            <th scope="col">"Rank"</th>
                            <th scope="col">"Called here"</th>
                            <th scope="col">"Short form"</th>
                            <th scope="col">"Insignia"</th>
                        </tr>
                    </thead>
                    <tbody>{rows()}</tbody>
                </table>
            </div>
            {form_actions("Save", "primary", "/ranks".to_owned())}
        </CommandForm>
    };
    view! {
        <Page title=page.name.clone() meta="Level and access stay those of the rank." crumbs=crumbs()>
            <div class="stack">{form}{ready_made(&page)}{users(&page)}{deletion(hidden)}</div>
        </Page>
    }
    .into_any()
}

fn title_row(at: usize, rank: &RankTitle, title: Option<&RankTitle>) -> AnyView {
    let field = |part: &str| format!("titles[{at}][{part}]");
    let text = |of: fn(&RankTitle) -> &String| title.map(of).cloned().unwrap_or_default();
    let chosen = text(|title| &title.insignia);
    let option = |symbol: String| {
        let selected = symbol == chosen;
        view! { <option value=symbol.clone() selected=selected>{symbol_label(&symbol)}</option> }
    };
    let options = std::iter::once(String::new())
        .chain(INSIGNIA.iter().flat_map(|set| set.symbols()))
        .map(option)
        .collect_view();
    let of = |what: &str| [what, ", ", &rank.name].concat();
    view! {
        <tr>
            <td>
                <input type="hidden" name=field("rank_id") value=rank.id.to_string()/>
                {rank_name(rank)}
            </td>
            <td>
                <CellField
                    name=field("name")
                    label=of("Called here")
                    value=text(|title| &title.name)
                    placeholder=rank.name.clone()
                />
            </td>
            <td>
                <CellField
                    name=field("abbreviation")
                    label=of("Short form")
                    value=text(|title| &title.abbreviation)
                    placeholder=rank.abbreviation.clone()
                />
            </td>
            <td>
                <div class="rank-titles__insignia">
                    <crate::ui::RankInsignia symbol=chosen.clone()/>
                    <select
                        class="input"
                        data-size="small"
                        name=field("insignia")
                        aria-label=of("Insignia")
                    >
                        {options}
                    </select>
                </div>
            </td>
        </tr>
    }
    .into_any()
}

fn ready_made(page: &SetPage) -> AnyView {
    let options = INSIGNIA
        .iter()
        .map(|set| (set.id.to_owned(), set.label.to_owned()))
        .collect();
    let form = view! {
        <CommandForm to=ApplyInsignia::PATH hidden=vec![("rank_set_id", page.id.to_string())]>
            <Select
                name="set"
                label="Ready-made set"
                options=options
                hint="Gives every title a symbol of this set, the lowest to the highest. It can be undone."
                required=true
            />
            <div class="form__actions"><Submit label="Use for the whole set" kind=""/></div>
        </CommandForm>
    };
    panel("Insignia", form.into_any())
}

fn users(page: &SetPage) -> AnyView {
    if page.groups.is_empty() {
        let text = "No group uses it. A group chooses its rank set on its own page, under More.";
        return panel(
            "Groups",
            view! { <p class="panel__note">{text}</p> }.into_any(),
        );
    }
    let rows = page.groups.iter().map(|(id, name)| {
        let href = format!("/groups/{id}");
        view! {
            <li class="list__row">
                <div class="list__text"><a class="list__title" href=href>{name.clone()}</a></div>
            </li>
        }
    });
    view! {
        <section class="panel">
            <header class="panel__head"><h2>"Groups"</h2></header>
            <ul class="list">{rows.collect_view()}</ul>
        </section>
    }
    .into_any()
}

fn deletion(mut hidden: Vec<(&'static str, String)>) -> AnyView {
    hidden.push(("goto", "/ranks".to_owned()));
    let form = view! {
        <CommandForm to=DeleteRankSet::PATH hidden=hidden>
            <p>
                "Groups that use it have the names of the group above again. This can be undone."
            </p>
            <div class="form__actions"><Submit label="Delete rank set" kind="danger"/></div>
        </CommandForm>
    };
    panel("Delete", form.into_any())
}

/// The page `/groups/{id}/rank-set`.
#[component]
pub fn PageGroupSet() -> impl IntoView {
    let params = use_params_map();
    let page = reading(
        move || params.with(|params| params.get("id").unwrap_or_default()),
        |id: String| async move {
            let id: GroupId = id.parse().map_err(|_| AppError::NotFound)?;
            read_group_rank_set(id).await
        },
    );
    loaded_page(page, show_choice)
}

fn show_choice(page: GroupSetPage) -> AnyView {
    let back = format!("/groups/{}", page.id);
    let mut options = vec![(String::new(), "That of the group above".to_owned())];
    options.extend(
        page.sets
            .iter()
            .map(|set| (set.id.to_string(), set.name.clone())),
    );
    let chosen = page.chosen.map(|set| set.to_string()).unwrap_or_default();
    let hint = if page.sets.is_empty() {
        "There are no rank sets yet; who may edit ranks adds them on the page Ranks."
    } else {
        "How ranks are called in this group and in those below it that choose none themselves."
    };
    let crumbs = vec![
        ("/roster".to_owned(), "Roster".to_owned()),
        (back.clone(), page.name.clone()),
    ];
    let hidden = vec![("group_id", page.id.to_string()), ("goto", back.clone())];
    view! {
        <Page title="Rank set" meta=page.name.clone() width="form" crumbs=crumbs>
            <CommandForm to=ChooseRankSet::PATH hidden=hidden>
                <Select name="rank_set_id" label="Rank set" options=options value=chosen hint=hint/>
                {form_actions("Save", "primary", back)}
            </CommandForm>
        </Page>
    }
    .into_any()
}
