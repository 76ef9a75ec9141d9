//! The editor of a rule: rows like an outline, in a form.
//!
//! It needs no program. Which controls a row shows follows from what it is, by style alone
//! (`criteria.css`), and so does that there is always one more empty row; where a browser does not
//! know such styles, all controls show and the server takes those that matter.

use crate::{
    domain::criteria::{Thing, limits},
    features::criteria::model::{
        Choices, RuleRow,
        rows::{KEPT, KINDS, LEVELS},
    },
    ui::{CellField, CellSelect},
};
use leptos::prelude::*;

/// Empty rows after those of the rule; there are more when it was saved.
const EMPTY_ROWS: usize = 6;
/// Ids of the lists to choose from.
const GROUPS: &str = "criterion-groups";
const ROLES: &str = "criterion-roles";

/// The rows of a rule with what they choose from. At most one on a page.
#[component]
pub fn CriterionField(
    /// Name of the argument, a `Vec<RuleRow>`.
    #[prop(into)]
    name: String,
    /// What people read above it.
    #[prop(into)]
    label: String,
    /// The rule.
    rows: Vec<RuleRow>,
    /// What can be chosen.
    choices: Choices,
) -> impl IntoView {
    let count = (rows.len() + EMPTY_ROWS).min(limits::NODES.max(rows.len()));
    let rows = rows
        .into_iter()
        .chain(std::iter::repeat_with(RuleRow::default))
        .take(count)
        .enumerate();
    let rows = rows
        .map(|(at, given)| row(&name, at, given, &choices))
        .collect_view();
    let list = |id, names: Vec<String>| {
        let options = names
            .into_iter()
            .map(|name| view! { <option value=name></option> });
        view! { <datalist id=id>{options.collect_view()}</datalist> }
    };
    let groups = choices.groups.iter().map(|(_, name)| name.clone());
    let roles = choices.roles.iter().map(|(_, name)| name.clone());
    view! {
        <fieldset class="criterion">
            <legend class="field__label">{label}</legend>
            <p class="field__hint">
                "Every row must be met. Rows that stand further in belong to the row above them."
            </p>
            <ol class="criterion__rows">{rows}</ol>
            {list(GROUPS, groups.collect())}
            {list(ROLES, roles.collect())}
        </fieldset>
    }
    .into_any()
}

/// The button that shows beside the page who would qualify by what is typed. It stands after the one
/// that saves, which the return key presses because it is the first.
#[must_use]
pub fn preview_button() -> AnyView {
    view! {
        <button
            class="button"
            formmethod="get"
            formaction="/criteria/preview"
            formtarget="_blank"
            formnovalidate
        >
            "Who would qualify"
        </button>
    }
    .into_any()
}

fn row(name: &str, at: usize, given: RuleRow, choices: &Choices) -> AnyView {
    let field = |part: &str| format!("{name}[{at}][{part}]");
    let label = |what: &str| format!("Row {}: {what}", at + 1);
    let option = |(value, text): &(&str, &str)| ((*value).to_owned(), (*text).to_owned());
    let mut kinds = vec![(String::new(), "Add a condition…".to_owned())];
    kinds.extend(KINDS.iter().map(option));
    let kept = (given.kind == KEPT).then(|| {
        kinds.push((KEPT.to_owned(), demand(&given.kept, choices)));
        view! { <input type="hidden" name=field("kept") value=given.kept.clone()/> }
    });
    let levels = (0..LEVELS).map(|level| {
        let text = match level {
            0 => "●".to_owned(),
            level => format!("{}● {level} in", "\u{2003}".repeat(level)),
        };
        (level.to_string(), text)
    });
    let level = match given.level.as_str() {
        "" => "0".to_owned(),
        level => level.to_owned(),
    };
    let mut ranks: Vec<(String, String)> = choices
        .ranks
        .iter()
        .map(|(level, name)| (level.to_string(), name.clone()))
        .collect();
    if !given.rank.is_empty() && !ranks.iter().any(|(level, _)| *level == given.rank) {
        ranks.push((given.rank.clone(), format!("Level {}", given.rank)));
    }
    let mut categories = vec![(String::new(), "any category".to_owned())];
    let offered = choices.categories.iter();
    categories.extend(offered.map(|(id, name)| (id.to_string(), name.clone())));
    let part = |kind: &'static str, control: AnyView| {
        view! { <span class="criterion__part" data-part=kind>{control}</span> }.into_any()
    };
    let number = view! {
        <CellField
            name=field("number") label=label("how many") value=given.number
            placeholder="how many".into() inputmode="numeric"
        />
    };
    let days = view! {
        <CellField
            name=field("days") label=label("in the last so many days, empty for ever")
            value=given.days placeholder="ever".into() inputmode="numeric"
        />
    };
    let category = view! {
        <CellSelect
            name=field("category") label=label("category") options=categories value=given.category
        />
    };
    let rank = view! {
        <CellSelect name=field("rank") label=label("rank") options=ranks value=given.rank/>
    };
    let group = view! {
        <CellField
            name=field("group") label=label("group") value=given.group
            placeholder="name of the group".into() list=GROUPS
        />
    };
    let role = view! {
        <CellField
            name=field("role") label=label("role") value=given.role
            placeholder="role of a group".into() list=ROLES
        />
    };
    view! {
        <li class="criterion__row">
            {kept}
            <CellSelect
                name=field("level") label=label("how far in") options=levels.collect()
                value=level class="criterion__level"
            />
            <CellSelect
                name=field("kind") label=label("condition") options=kinds value=given.kind
                class="criterion__kind"
            />
            {part("rank", rank.into_any())}
            {part("group", group.into_any())}
            {part("role", role.into_any())}
            {part("number", number.into_any())}
            {part("window", view! { <span>"of the last"</span>{days}<span>"days,"</span>{category} }.into_any())}
        </li>
    }
    .into_any()
}

/// What a row that stays as it is demands.
fn demand(json: &str, choices: &Choices) -> String {
    let names = |thing: Thing| choices.name(thing);
    crate::domain::criteria::Criterion::parse(json)
        .map_or_else(|_| "?".to_owned(), |part| part.demand(&names))
}
