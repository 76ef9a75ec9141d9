//! The names that sentences about rules need, as far as their reader may know them.

use crate::{
    domain::{
        GroupId,
        criteria::{Criterion, Thing, Wants},
    },
    features::{
        criteria::{
            model::{Choices, RuleRow, rows::read_rows},
            store,
        },
        roster::{
            read_model::Roster,
            service::{self as roster_service},
        },
    },
    server::{Ctx, Result, db::Read},
};
use std::collections::HashMap;

/// Names of the things that some rules speak of. What is not among them is gone, was never there, or
/// is not for the actor to know; the three look the same.
#[derive(Clone, Debug, Default)]
pub struct KnownNames(HashMap<Thing, String>);

impl KnownNames {
    /// The name of a thing: `explanation.told(&|thing| names.of(thing))`.
    #[must_use]
    pub fn of(&self, thing: Thing) -> Option<String> {
        self.0.get(&thing).cloned()
    }

    /// Is it something that the actor may know of?
    #[must_use]
    pub fn has(&self, thing: Thing) -> bool {
        self.0.contains_key(&thing)
    }
}

/// The names of everything that these rules speak of and that the actor may see. Takes one statement
/// where a rule speaks of categories, else none: the rest is in the roster.
///
/// # Errors
/// When the database fails.
pub async fn names_of<'a>(
    tx: &mut Read,
    ctx: &Ctx,
    roster: &Roster,
    rules: impl IntoIterator<Item = &'a Criterion>,
) -> Result<KnownNames> {
    let visible = roster_service::visible_groups(ctx, roster);
    let rules: Vec<&Criterion> = rules.into_iter().collect();
    let wants = Wants::of(rules.iter().copied());
    let mut names = HashMap::new();
    let group_name = |id: GroupId| {
        let group = roster.group(id).filter(|group| visible.has(group.id));
        group.map(|group| group.name.clone())
    };
    for id in &wants.groups {
        if let Some(name) = group_name(*id) {
            names.insert(Thing::Group(*id), name);
        }
    }
    if !wants.roles.is_empty() {
        for group in &roster.groups {
            for role in roster.roles_of(group.id) {
                if wants.roles.contains(&role.role_id)
                    && let Some(group) = group_name(group.id)
                {
                    let name = role_name(&role.name, &group);
                    names.insert(Thing::Role(role.role_id), name);
                }
            }
        }
    }
    let rungs = roster.ladder.rungs();
    let things = rules.iter().flat_map(|rule| rule.facts());
    for thing in things.filter_map(|fact| fact.thing()) {
        if let Thing::RankLevel(level) = thing {
            // The highest stands first.
            let rank = rungs.iter().rev().find(|rung| rung.level >= level);
            names.extend(rank.map(|rank| (thing, rank.name.clone())));
        }
    }
    if wants
        .attendance
        .iter()
        .any(|window| window.category.is_some())
    {
        let categories = store::categories(tx).await?;
        names.extend(
            categories
                .into_iter()
                .map(|row| (Thing::Category(row.category_id), row.name)),
        );
    }
    Ok(KnownNames(names))
}

/// What a role is called where its group does not stand beside it.
fn role_name(role: &str, group: &str) -> String {
    format!("{role} of {group}")
}

/// What the form of a rule offers to the actor. One statement.
///
/// # Errors
/// When the database fails.
pub async fn choices(tx: &mut Read, ctx: &Ctx, roster: &Roster) -> Result<Choices> {
    let visible = roster_service::visible_groups(ctx, roster);
    let mut choices = Choices::default();
    for group in roster.groups.iter().filter(|group| visible.has(group.id)) {
        choices.groups.push((group.id, group.name.clone()));
        let roles = roster.roles_of(group.id).iter();
        let roles = roles.map(|role| (role.role_id, role_name(&role.name, &group.name)));
        choices.roles.extend(roles);
    }
    let categories = store::categories(tx).await?.into_iter();
    let offered = categories.filter(|row| !row.deleted);
    choices.categories = offered.map(|row| (row.category_id, row.name)).collect();
    let rungs = roster.ladder.rungs().into_iter();
    choices.ranks = rungs.map(|rung| (rung.level, rung.name.clone())).collect();
    Ok(choices)
}

/// The rule that a form's rows say, its fields being called `field[0][kind]` and so on.
///
/// # Errors
/// What is wrong, at its field; or the database fails.
pub async fn read_rule(
    tx: &mut Read,
    ctx: &Ctx,
    roster: &Roster,
    rows: &[RuleRow],
    field: &str,
) -> Result<Criterion> {
    let choices = choices(tx, ctx, roster).await?;
    Ok(read_rows(rows, field, &choices)?)
}
