//! Roles of an import: existing ones by name ignoring case, new ones as the rows spell them, and
//! which of them lead (§4.4).

use super::groups::GroupTable;
use super::{Existing, NewRole, Options, Plan};
use crate::domain::{access::AccessSet, name};
use crate::features::roster::input::granted_by;
use std::cmp::Reverse;
use std::collections::{BTreeMap, HashMap, HashSet};
use uuid::Uuid;

/// One role of one group.
#[derive(Debug)]
pub(super) struct RoleEntry {
    pub(super) group: usize,
    pub(super) key: String,
    pub(super) singular: bool,
    /// What it grants, leadership included.
    pub(super) grants: AccessSet,
    /// The id: of an existing role, or of a new one once [`RoleTable::finish`] ran.
    pub(super) id: Option<Uuid>,
    /// Some imported row needs it.
    pub(super) used: bool,
    /// How the rows write it, and how often.
    spellings: BTreeMap<String, u32>,
}

/// All roles, by group and name ignoring case.
#[derive(Debug, Default)]
pub(super) struct RoleTable {
    pub(super) entries: Vec<RoleEntry>,
    by_group: HashMap<usize, HashMap<String, usize>>,
    /// Names of new roles that lead, see [`leadership_key`].
    leading: HashSet<String>,
}

impl RoleTable {
    pub(super) fn new(
        existing: &Existing,
        options: &Options,
        groups: &HashMap<Uuid, usize>,
    ) -> Self {
        let leading = options.leadership_roles.iter();
        let mut table = Self {
            leading: leading.map(|role| leadership_key(role)).collect(),
            ..Self::default()
        };
        for role in &existing.roles {
            if let Some(group) = groups.get(&role.group_id) {
                let index = table.entry(*group, name::key(&role.name));
                table.entries[index].id = Some(role.id);
                table.entries[index].singular = role.singular;
                table.entries[index].grants = role.grants;
            }
        }
        table
    }

    fn entry(&mut self, group: usize, key: String) -> usize {
        let roles = self.by_group.entry(group).or_default();
        if let Some(index) = roles.get(&key) {
            return *index;
        }
        roles.insert(key.clone(), self.entries.len());
        // All spellings of a role have one key, so all of them lead or none does.
        let leads = self.leading.contains(&leadership_key(&key));
        self.entries.push(RoleEntry {
            group,
            key,
            singular: false,
            grants: granted_by(leads, AccessSet::default()),
            id: None,
            used: false,
            spellings: BTreeMap::new(),
        });
        self.entries.len() - 1
    }

    /// The role that a row names.
    pub(super) fn of_row(&mut self, group: usize, role: &str) -> usize {
        let index = self.entry(group, name::key(role));
        let entry = &mut self.entries[index];
        if entry.id.is_none() {
            match entry.spellings.get_mut(role) {
                Some(count) => *count += 1,
                None => {
                    entry.spellings.insert(role.to_owned(), 1);
                }
            }
        }
        index
    }

    /// The indexes of existing roles by id.
    pub(super) fn existing_by_id(&self) -> HashMap<Uuid, usize> {
        let known = |(index, entry): (usize, &RoleEntry)| entry.id.map(|id| (id, index));
        self.entries.iter().enumerate().filter_map(known).collect()
    }

    /// Writes the operations and counts, and gives new roles their ids.
    pub(super) fn finish(
        &mut self,
        groups: &GroupTable,
        new_id: &mut impl FnMut() -> Uuid,
        plan: &mut Plan,
    ) {
        for entry in self.entries.iter_mut().filter(|entry| entry.used) {
            if entry.id.is_some() {
                plan.roles.unchanged += 1;
                continue;
            }
            plan.roles.created += 1;
            let id = new_id();
            entry.id = Some(id);
            let name = entry
                .spellings
                .iter()
                .max_by_key(|(spelling, count)| (**count, Reverse(spelling.as_str())))
                .map_or(entry.key.as_str(), |(spelling, _)| spelling);
            plan.roles_to_create.push(NewRole {
                id,
                group_id: groups.nodes[entry.group].id,
                leadership: self.leading.contains(&leadership_key(name)),
                name: name.to_owned(),
            });
        }
    }
}

/// The form in which role names are compared with the leadership list: lower case, `-` and `_`
/// as spaces, single spaces.
fn leadership_key(role: &str) -> String {
    let spaced = role.to_lowercase().replace(['-', '_'], " ");
    spaced.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn leadership_ignores_case_and_separators() {
        for role in ["In Command", " in-command", "IN_COMMAND", "in  command"] {
            assert_eq!(leadership_key(role), "in command");
        }
    }
}
