//! Order and idents of a group tree. Pure; works on ids and parents alone.

use crate::domain::GroupId;
use std::collections::{HashMap, HashSet};

/// What ordering needs to know of a group.
#[derive(Clone, Debug)]
pub struct Node {
    /// The group.
    pub id: GroupId,
    /// Its parent; `None` for the root.
    pub parent: Option<GroupId>,
    /// Order among siblings; ties by name.
    pub order: i64,
    /// Lower-case name.
    pub name_key: String,
    /// Short form, for the ident.
    pub acronym: String,
}

/// A group's place in the tree.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    /// Index into the nodes given to [`command_order`].
    pub index: usize,
    /// Number of ancestors, the root not counted; top-level groups have 0.
    pub depth: usize,
    /// Acronyms from this group up to the top, e.g. `1-A-2CO` (§4.2).
    pub ident: String,
}

/// All groups below the root in command order: each before its subgroups, siblings by order and
/// name. A group whose parent is missing (retired, or hidden) hangs at the top.
#[must_use]
pub fn command_order(root: GroupId, nodes: &[Node]) -> Vec<Place> {
    let known: HashSet<GroupId> = nodes.iter().map(|node| node.id).collect();
    let mut children: HashMap<GroupId, Vec<usize>> = HashMap::new();
    for (index, node) in nodes.iter().enumerate().filter(|(_, node)| node.id != root) {
        let parent = node
            .parent
            .filter(|parent| known.contains(parent))
            .unwrap_or(root);
        children.entry(parent).or_default().push(index);
    }
    for siblings in children.values_mut() {
        siblings.sort_by(|a, b| {
            let key = |index: usize| (nodes[index].order, &nodes[index].name_key, nodes[index].id);
            key(*a).cmp(&key(*b))
        });
    }
    let mut places = Vec::with_capacity(nodes.len());
    // A stack instead of recursion: imported trees may be deep.
    let mut stack: Vec<(usize, usize, String)> = Vec::new();
    let push = |stack: &mut Vec<(usize, usize, String)>, of: GroupId, depth: usize, ident: &str| {
        for index in children.get(&of).into_iter().flatten().rev() {
            let acronym = &nodes[*index].acronym;
            let ident = if ident.is_empty() {
                acronym.clone()
            } else {
                format!("{acronym}-{ident}")
            };
            stack.push((*index, depth, ident));
        }
    };
    push(&mut stack, root, 0, "");
    while let Some((index, depth, ident)) = stack.pop() {
        push(&mut stack, nodes[index].id, depth + 1, &ident);
        places.push(Place {
            index,
            depth,
            ident,
        });
    }
    places
}

/// Would giving `group` the parent at the start of `parent_path` make it its own ancestor?
#[must_use]
pub fn makes_cycle(group: GroupId, parent_path: &[GroupId]) -> bool {
    parent_path.contains(&group)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use uuid::Uuid;

    fn id(n: usize) -> GroupId {
        GroupId(Uuid::from_u128(n as u128))
    }

    fn node(n: usize, parent: Option<usize>, acronym: &str) -> Node {
        Node {
            id: id(n),
            parent: parent.map(id),
            order: 0,
            name_key: format!("{n:03}"),
            acronym: acronym.to_owned(),
        }
    }

    #[test]
    fn idents_run_from_the_group_up() {
        let nodes = [
            node(0, None, ""),
            node(1, Some(0), "2CO"),
            node(2, Some(1), "A"),
            node(3, Some(2), "1"),
        ];
        let idents: Vec<String> = command_order(id(0), &nodes)
            .into_iter()
            .map(|place| place.ident)
            .collect();
        assert_eq!(idents, ["2CO", "A-2CO", "1-A-2CO"]);
    }

    /// A random tree: node n hangs below a node with a smaller number.
    fn parents() -> impl Strategy<Value = Vec<usize>> {
        (1..40usize).prop_flat_map(|count| (1..=count).map(|n| 0..n).collect::<Vec<_>>())
    }

    proptest! {
        #[test]
        fn every_group_comes_once_and_after_its_parent(parents in parents()) {
            let mut nodes = vec![node(0, None, "")];
            nodes.extend(parents.iter().enumerate().map(|(n, p)| node(n + 1, Some(*p), "X")));
            let order = command_order(id(0), &nodes);
            prop_assert_eq!(order.len(), parents.len());
            let mut seen = HashSet::from([id(0)]);
            for place in order {
                let node = &nodes[place.index];
                prop_assert!(seen.contains(&node.parent.expect("not the root")));
                prop_assert!(seen.insert(node.id));
            }
        }

        /// Any sequence of moves that the rule allows leaves a tree (architecture.md §4).
        #[test]
        fn allowed_moves_never_make_a_cycle(
            parents in parents(),
            moves in proptest::collection::vec((1..40usize, 0..40usize), 0..60),
        ) {
            let mut parent: Vec<Option<usize>> = vec![None];
            parent.extend(parents.into_iter().map(Some));
            let path = |parent: &[Option<usize>], from: usize| {
                std::iter::successors(Some(from), |n| parent[*n]).map(id).collect::<Vec<_>>()
            };
            for (group, to) in moves {
                if group < parent.len()
                    && to < parent.len()
                    && !makes_cycle(id(group), &path(&parent, to))
                {
                    parent[group] = Some(to);
                }
            }
            for n in 0..parent.len() {
                let steps = std::iter::successors(Some(n), |n| parent[*n]).take(parent.len() + 1);
                prop_assert_eq!(steps.last(), Some(0), "every path must end at the root");
            }
        }
    }
}
