//! Groups of an import: one tree of the file's and the existing groups, without cycles (§4.1).
//!
//! A refused row of an existing group leaves that group where it was. All groups of the file that
//! would then depend on it, through whatever stands between, are refused as well: so every cycle
//! in the result would be a cycle in the file or in the roster before, and there is none.

use super::super::parse::{FileKind, GroupFacts, GroupRow, Rows};
use super::super::report::{Counts, Place, ProblemCode, ProblemList, show};
use super::{Existing, ExistingGroup, GroupChanges, GroupMove, GroupUpdate, NewGroup, Plan};
use crate::domain::name;
use crate::domain::time::Instant;
use std::collections::{HashMap, HashSet};
use uuid::Uuid;

/// A group of the file, of the organisation, or of both.
#[derive(Debug)]
pub(super) struct GroupNode {
    pub(super) id: Uuid,
    pub(super) name: String,
    pub(super) key: String,
    /// Index into the existing groups.
    existing: Option<usize>,
    /// Index into the file's rows: the one that counts.
    row: Option<usize>,
    /// The parent after the import.
    parent: Option<usize>,
    /// The row is refused.
    failed: bool,
    /// It, or something above it, is refused.
    blocked: bool,
    depth: u32,
    pub(super) exclusive: bool,
    /// The importer does not see it.
    pub(super) hidden: bool,
    /// As known before the memberships are read.
    pub(super) founded: Option<Instant>,
    pub(super) retired: Option<Instant>,
    /// The earliest membership that the import adds.
    pub(super) earliest: Option<Instant>,
}

/// What a membership finds under a group's name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Found {
    Group(usize),
    Skipped,
    Unknown,
}

/// All groups, by index and by name ignoring case.
#[derive(Debug)]
pub(super) struct GroupTable {
    pub(super) nodes: Vec<GroupNode>,
    by_key: HashMap<String, usize>,
    /// Names of groups that the importer does not see.
    taken: HashSet<String>,
    refused: bool,
    counts: Counts,
}

impl GroupTable {
    pub(super) fn build(
        rows: &Rows<GroupRow>,
        existing: &Existing,
        problems: &mut ProblemList,
        new_id: &mut impl FnMut() -> Uuid,
    ) -> Self {
        let mut table = Self {
            nodes: Vec::with_capacity(existing.groups.len() + rows.rows.len()),
            by_key: HashMap::new(),
            taken: HashSet::new(),
            refused: rows.refused,
            counts: Counts {
                skipped: rows.nameless,
                ..Counts::default()
            },
        };
        table.add_existing(existing);
        table.add_rows(&rows.rows, problems, new_id);
        table.check_names(&rows.rows, problems);
        table.link(&rows.rows, problems);
        table.check_values(&rows.rows, existing, problems);
        table.settle(&rows.rows, problems);
        table
    }

    fn insert(&mut self, key: String, name: &str, id: Uuid) -> usize {
        let index = self.push(key.clone(), name, id);
        self.by_key.insert(key, index);
        index
    }

    fn push(&mut self, key: String, name: &str, id: Uuid) -> usize {
        let index = self.nodes.len();
        self.nodes.push(GroupNode {
            id,
            name: name.to_owned(),
            key,
            existing: None,
            row: None,
            parent: None,
            failed: false,
            blocked: false,
            depth: 0,
            exclusive: false,
            hidden: false,
            founded: None,
            retired: None,
            earliest: None,
        });
        index
    }

    fn add_existing(&mut self, existing: &Existing) {
        let mut by_id = HashMap::new();
        for (at, group) in existing.groups.iter().enumerate() {
            let key = name::key(&group.name);
            let index = if group.hidden {
                self.taken.insert(key.clone());
                self.push(key, &group.name, group.id)
            } else {
                self.insert(key, &group.name, group.id)
            };
            by_id.insert(group.id, index);
            let node = &mut self.nodes[index];
            node.existing = Some(at);
            node.exclusive = group.exclusive;
            node.hidden = group.hidden;
            node.founded = Some(group.founded);
            node.retired = group.retired;
        }
        for (node, group) in self.nodes.iter_mut().zip(&existing.groups) {
            node.parent = group.parent.and_then(|id| by_id.get(&id).copied());
        }
    }

    /// Gives each named group its row. Of several the first by content counts.
    fn add_rows(
        &mut self,
        rows: &[GroupRow],
        problems: &mut ProblemList,
        new_id: &mut impl FnMut() -> Uuid,
    ) {
        let keys: Vec<String> = rows.iter().map(|row| name::key(&row.facts.name)).collect();
        for (row, key) in rows.iter().zip(&keys) {
            if !self.by_key.contains_key(key) {
                self.insert(key.clone(), &row.facts.name, new_id());
            }
        }
        let mut order: Vec<usize> = (0..rows.len()).collect();
        order.sort_by_key(|at| (rows[*at].flawed, &rows[*at].facts, rows[*at].line));
        for at in order {
            let node = &mut self.nodes[self.by_key[&keys[at]]];
            match node.row {
                _ if rows[at].flawed => {
                    self.counts.skipped += 1;
                    node.failed |= node.row.is_none();
                }
                None => {
                    node.row = Some(at);
                    node.name.clone_from(&rows[at].facts.name);
                }
                Some(first) => {
                    let identical = rows[first].facts == rows[at].facts;
                    report_duplicate(&rows[first], &rows[at], identical, problems);
                    let count = if identical {
                        &mut self.counts.unchanged
                    } else {
                        &mut self.counts.skipped
                    };
                    *count += 1;
                }
            }
        }
    }

    /// Refuses new groups under the name of one that the importer does not see. That the name is
    /// taken is all that is told, as to whoever founds a group on the site.
    fn check_names(&mut self, rows: &[GroupRow], problems: &mut ProblemList) {
        for node in &mut self.nodes {
            let Some(row) = node.row.map(|at| &rows[at]) else {
                continue;
            };
            if self.taken.contains(&node.key) {
                node.failed = true;
                let text = format!(
                    "The name {} is taken. Choose another one.",
                    show(&row.facts.name)
                );
                let place = Place::cell(FileKind::Groups, row.line, "group");
                problems.error(place, ProblemCode::NameTaken, text);
            }
        }
    }

    /// Looks up the parents that the file names.
    fn link(&mut self, rows: &[GroupRow], problems: &mut ProblemList) {
        for index in 0..self.nodes.len() {
            let Some(row) = self.nodes[index].row.map(|at| &rows[at]) else {
                continue;
            };
            self.nodes[index].parent = None;
            let Some(parent) = &row.facts.parent else {
                continue;
            };
            match self.by_key.get(&name::key(parent)) {
                Some(found) => self.nodes[index].parent = Some(*found),
                None => {
                    self.nodes[index].failed = true;
                    let text = format!(
                        "The parent {} of {} is neither in this file nor in the organisation. \
                         Add a row for it or correct the name.",
                        show(parent),
                        show(&row.facts.name)
                    );
                    let place = Place::cell(FileKind::Groups, row.line, "parent");
                    problems.error(place, ProblemCode::UnknownParent, text);
                }
            }
        }
    }

    /// Compares dates and the fixed flag with what stands, and takes the file's values.
    fn check_values(&mut self, rows: &[GroupRow], existing: &Existing, problems: &mut ProblemList) {
        for node in &mut self.nodes {
            let Some(row) = node.row.map(|at| &rows[at]) else {
                continue;
            };
            let facts = &row.facts;
            let old = node.existing.map(|at| &existing.groups[at]);
            if let (Some(old), Some(wanted)) = (old, facts.exclusive)
                && old.exclusive != wanted
            {
                node.failed = true;
                let text = format!(
                    "The group {} exists and is {}exclusive, which cannot be changed. Write the \
                     value it has, or make a new group.",
                    show(&facts.name),
                    if old.exclusive { "" } else { "not " }
                );
                let place = Place::cell(FileKind::Groups, row.line, "exclusive");
                problems.error(place, ProblemCode::ExclusiveIsFixed, text);
            }
            let founded = facts.founded.or(node.founded);
            let retired = facts.retired.or(node.retired);
            if let (Some(founded), Some(retired)) = (founded, retired)
                && retired < founded
            {
                node.failed = true;
                let text = format!(
                    "The group {} is retired before it is founded. Correct the dates.",
                    show(&facts.name)
                );
                let place = Place::cell(FileKind::Groups, row.line, "retired");
                problems.error(place, ProblemCode::ReversedInterval, text);
            }
            if !node.failed {
                node.exclusive = facts.exclusive.unwrap_or(node.exclusive);
                node.founded = founded;
                node.retired = retired;
            }
        }
    }

    /// Finds cycles and what hangs on refused groups, and counts depths. Each group is walked
    /// once.
    fn settle(&mut self, rows: &[GroupRow], problems: &mut ProblemList) {
        const UNSEEN: u8 = 0;
        const ON_PATH: u8 = 1;
        const DONE: u8 = 2;
        let mut state = vec![UNSEEN; self.nodes.len()];
        for start in 0..self.nodes.len() {
            let mut path = Vec::new();
            let mut next = Some(start);
            while let Some(index) = next.filter(|index| state[*index] == UNSEEN) {
                state[index] = ON_PATH;
                path.push(index);
                next = self.nodes[index].parent;
            }
            if let Some(top) = next.filter(|index| state[*index] == ON_PATH) {
                while let Some(index) = path.pop() {
                    state[index] = DONE;
                    self.refuse(index, ProblemCode::ParentCycle, rows, problems);
                    if index == top {
                        break;
                    }
                }
            }
            while let Some(index) = path.pop() {
                state[index] = DONE;
                let above = self.nodes[index].parent.map(|parent| &self.nodes[parent]);
                let depth = above.map_or(0, |parent| parent.depth.saturating_add(1));
                let below_refused = above.is_some_and(|parent| parent.blocked);
                self.nodes[index].depth = depth;
                self.nodes[index].blocked = self.nodes[index].failed;
                if below_refused {
                    self.refuse(index, ProblemCode::ParentSkipped, rows, problems);
                }
            }
        }
        self.counts.skipped += count(self.nodes.iter().filter(|n| n.failed && n.row.is_some()));
    }

    /// Refuses a group because of the tree. A group that the file does not name only passes it on.
    fn refuse(
        &mut self,
        index: usize,
        code: ProblemCode,
        rows: &[GroupRow],
        problems: &mut ProblemList,
    ) {
        self.nodes[index].blocked = true;
        let Some(row) = self.nodes[index].row.map(|at| &rows[at]) else {
            return;
        };
        if self.nodes[index].failed {
            return;
        }
        self.nodes[index].failed = true;
        let (own, parent) = (
            show(&row.facts.name),
            row.facts.parent.as_deref().unwrap_or_default(),
        );
        let text = if code == ProblemCode::ParentCycle {
            format!(
                "The group {own} cannot be under {}: following the parents leads back to it. Give \
                 one of the groups in the circle another parent.",
                show(parent)
            )
        } else {
            format!(
                "The group {own} was skipped because {} above it was. Correct that row first.",
                show(parent)
            )
        };
        problems.error(
            Place::cell(FileKind::Groups, row.line, "parent"),
            code,
            text,
        );
    }

    /// The group a membership names.
    pub(super) fn find(&self, group: &str) -> Found {
        match self.by_key.get(&name::key(group)) {
            Some(index) if self.nodes[*index].failed => Found::Skipped,
            Some(index) => Found::Group(*index),
            None if self.refused => Found::Skipped,
            None => Found::Unknown,
        }
    }

    /// The indexes of existing groups by id.
    pub(super) fn existing_by_id(&self) -> HashMap<Uuid, usize> {
        let known = |(index, node): (usize, &GroupNode)| node.existing.map(|_| (node.id, index));
        self.nodes.iter().enumerate().filter_map(known).collect()
    }

    /// The groups of the file that are imported and retired, with their lines.
    pub(super) fn retired_in_file<'t>(
        &'t self,
        rows: &'t [GroupRow],
    ) -> impl Iterator<Item = (usize, u32)> + 't {
        self.nodes
            .iter()
            .enumerate()
            .filter_map(move |(index, node)| {
                let row = node
                    .row
                    .filter(|_| !node.failed && node.retired.is_some())?;
                Some((index, rows[row].line))
            })
    }

    /// Writes the operations and counts.
    pub(super) fn finish(
        &mut self,
        rows: &Rows<GroupRow>,
        existing: &Existing,
        default_founded: Instant,
        plan: &mut Plan,
    ) {
        let mut order: Vec<usize> = (0..self.nodes.len())
            .filter(|index| self.nodes[*index].row.is_some() && !self.nodes[*index].failed)
            .collect();
        order.sort_by_key(|index| self.nodes[*index].depth);
        self.date_new_groups(&order, default_founded);
        for index in order {
            let node = &self.nodes[index];
            let Some(facts) = node.row.map(|at| &rows.rows[at].facts) else {
                continue;
            };
            let parent = node.parent.map(|parent| self.nodes[parent].id);
            let old_text = match node.existing.map(|at| &existing.groups[at]) {
                Some(old) => {
                    let changes = changes(old, facts, parent);
                    if changes == GroupChanges::default() {
                        self.counts.unchanged += 1;
                    } else {
                        self.counts.updated += 1;
                        let update = GroupUpdate {
                            id: old.id,
                            name: old.name.clone(),
                            changes,
                        };
                        plan.groups_to_update.push(update);
                    }
                    old.description.trim()
                }
                None => {
                    self.counts.created += 1;
                    let founded = node.founded.unwrap_or(default_founded);
                    plan.groups_to_create
                        .push(new_group(node, facts, parent, founded));
                    ""
                }
            };
            plan.empty_descriptions +=
                u32::from(facts.description.is_none() && old_text.is_empty());
        }
        plan.groups = self.counts;
    }

    /// A new group without founding date is as old as its earliest membership or the oldest new
    /// group below it, so that rosters as of a date (§4.6) show it when it had people.
    fn date_new_groups(&mut self, parents_first: &[usize], default_founded: Instant) {
        for index in parents_first.iter().rev() {
            let node = &mut self.nodes[*index];
            if node.existing.is_some() {
                continue;
            }
            let founded = node.founded.unwrap_or_else(|| {
                let latest = node.retired.unwrap_or(default_founded).min(default_founded);
                node.earliest
                    .map_or(latest, |earliest| earliest.min(latest))
            });
            node.founded = Some(founded);
            if let Some(parent) = node.parent {
                let parent = &mut self.nodes[parent];
                parent.earliest = Some(parent.earliest.map_or(founded, |at| at.min(founded)));
            }
        }
    }
}

fn count<T>(items: impl Iterator<Item = T>) -> u32 {
    u32::try_from(items.count()).unwrap_or(u32::MAX)
}

fn report_duplicate(first: &GroupRow, row: &GroupRow, identical: bool, problems: &mut ProblemList) {
    let name = show(&row.facts.name);
    let place = Place::row(FileKind::Groups, row.line);
    if identical {
        let text = format!(
            "The group {name} is on line {} already. Remove one row.",
            first.line
        );
        problems.warn(place, ProblemCode::DuplicateGroup, text);
    } else {
        let text = format!(
            "The group {name} is on line {} with other values, and that row counts. Upper and \
             lower case make no difference. Remove one row or rename one group.",
            first.line
        );
        problems.error(place, ProblemCode::DuplicateGroup, text);
    }
}

fn new_group(
    node: &GroupNode,
    facts: &GroupFacts,
    parent: Option<Uuid>,
    founded: Instant,
) -> NewGroup {
    NewGroup {
        id: node.id,
        name: facts.name.clone(),
        parent,
        acronym: facts.acronym.clone(),
        kind: facts.kind.clone().unwrap_or_else(|| "group".to_owned()),
        description: facts.description.clone().unwrap_or_default(),
        exclusive: node.exclusive,
        visibility: facts.visibility.unwrap_or("public").to_owned(),
        policy: facts.policy.unwrap_or("closed").to_owned(),
        founded,
        retired: facts.retired,
    }
}

fn changes(old: &ExistingGroup, facts: &GroupFacts, parent: Option<Uuid>) -> GroupChanges {
    let differs = |new: Option<&str>, old: &str| new.filter(|new| *new != old).map(str::to_owned);
    GroupChanges {
        moved: (parent != old.parent).then_some(GroupMove { to: parent }),
        acronym: differs(facts.acronym.as_deref(), &old.acronym),
        kind: differs(facts.kind.as_deref(), &old.kind),
        description: differs(facts.description.as_deref(), &old.description),
        visibility: differs(facts.visibility, &old.visibility),
        policy: differs(facts.policy, &old.policy),
        founded: facts.founded.filter(|new| *new != old.founded),
        retired: facts.retired.filter(|new| Some(*new) != old.retired),
    }
}
