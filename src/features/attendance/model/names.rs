//! Names out of a pasted text: one in a line, a chat, or a dump of a raid. Nothing is guessed: a
//! name is known when it is exactly somebody's but for upper and lower case, as in search (§5.5).

use std::collections::{HashMap, HashSet};
use std::hash::Hash;

/// What became of a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Found<T> {
    /// Whom it names, each once, in its order.
    pub known: Vec<T>,
    /// What nobody is called, each once, in its order.
    pub unknown: Vec<String>,
}

/// Longest name that is repeated to whoever pasted it, in characters.
const SHOWN: usize = 40;

/// The names of a text. A colon or a tab ends what is read of a line; commas and semicolons stand
/// between names; times, numbers and marks before a name and brackets behind it are left out. A line
/// that is a name as it stands is that name, whatever it contains.
#[must_use]
pub fn find<T: Copy + Eq + Hash>(text: &str, people: &HashMap<String, T>) -> Found<T> {
    let mut found = Found {
        known: Vec::new(),
        unknown: Vec::new(),
    };
    let (mut seen, mut missed) = (HashSet::new(), HashSet::new());
    let mut take = |name: &str, found: &mut Found<T>| {
        let known = people.get(&name.to_lowercase()).copied();
        if let Some(person) = known
            && seen.insert(person)
        {
            found.known.push(person);
        }
        known.is_some()
    };
    for line in text.lines().map(str::trim).filter(|line| !line.is_empty()) {
        if take(line, &mut found) {
            continue;
        }
        let line = without_marks(line);
        if line.is_empty() || take(line, &mut found) {
            continue;
        }
        let end = line.find([':', '\t']).unwrap_or(line.len());
        for part in line[..end].split([',', ';']) {
            let name = name_in(without_marks(part.trim()));
            if name.is_empty() || take(name, &mut found) {
                continue;
            }
            if missed.insert(name.to_lowercase()) {
                found.unknown.push(name.chars().take(SHOWN).collect());
            }
        }
    }
    found
}

/// A line without times in brackets, numbers and marks before it: `[20:31] 1. Smith` → `Smith`.
fn without_marks(line: &str) -> &str {
    let mut rest = line.trim();
    loop {
        let before = rest;
        for (open, close) in [('[', ']'), ('(', ')'), ('<', '>')] {
            if let Some(inside) = rest.strip_prefix(open)
                && let Some((_, after)) = inside.split_once(close)
            {
                rest = after.trim_start();
            }
        }
        rest = rest.trim_start_matches(['-', '*', '•', '·', '@', '#', '>', ' ']);
        let digits = rest.trim_start_matches(|c: char| c.is_ascii_digit() || c == ':' || c == '.');
        let is_number = digits.len() < rest.len()
            && (digits.is_empty() || digits.starts_with([' ', '\t', ')', '-']));
        if is_number {
            rest = digits.trim_start_matches([' ', '\t', ')', '-']);
        }
        if rest == before {
            return rest;
        }
    }
}

/// The name at the beginning of a part.
fn name_in(part: &str) -> &str {
    let end = part.find(['(', '[', '<']).unwrap_or(part.len());
    let part = &part[..end];
    let part = part.split_once(" - ").map_or(part, |(name, _)| name);
    part.trim()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn people() -> HashMap<String, u8> {
        ["Smith", "Jones", "Van der Berg", "7th Son", "O'Hara, Jr."]
            .iter()
            .enumerate()
            .map(|(at, name)| (name.to_lowercase(), at as u8))
            .collect()
    }

    fn known(text: &str) -> Vec<u8> {
        let found = find(text, &people());
        assert_eq!(found.unknown, Vec::<String>::new(), "{text:?}");
        found.known
    }

    #[test]
    fn lists_chats_and_dumps_are_read() {
        for (text, expected) in [
            ("Smith\nJones\n", vec![0, 1]),
            ("smith, JONES; Van der Berg", vec![0, 1, 2]),
            (
                "[20:31] Smith: ready\n[20:31:07] Jones: here, too",
                vec![0, 1],
            ),
            ("1. Smith\n2) Jones\n- Van der Berg", vec![0, 1, 2]),
            ("20:31 Smith: hello", vec![0]),
            ("Smith\tWarrior\t80\nJones (late)", vec![0, 1]),
            ("7th Son\n3. 7th Son", vec![3]),
            ("O'Hara, Jr.", vec![4]),
            ("Smith - Warrior", vec![0]),
            ("<Officer> @Smith", vec![0]),
            ("Smith\n\nsmith\nSMITH: twice", vec![0]),
            ("", vec![]),
            ("1.\n--", vec![]),
        ] {
            assert_eq!(known(text), expected, "{text:?}");
        }
    }

    #[test]
    fn nothing_is_guessed() {
        let found = find("Smit\nSmithers, Jones\nsmit\n", &people());
        assert_eq!(found.known, [1]);
        assert_eq!(found.unknown, ["Smit", "Smithers"]);
    }

    proptest! {
        #[test]
        fn any_text_is_read_without_harm(text in "(\\PC|\n|\t|[,;:\\[\\]() ]){0,200}") {
            let found = find(&text, &people());
            let distinct: HashSet<_> = found.known.iter().collect();
            prop_assert_eq!(distinct.len(), found.known.len());
        }

        #[test]
        fn everybody_on_a_list_is_found(order in prop::sample::subsequence(vec![0_u8, 1, 2, 3], 0..4)) {
            let names = ["Smith", "Jones", "Van der Berg", "7th Son"];
            let text: Vec<_> = order.iter().map(|at| names[usize::from(*at)]).collect();
            prop_assert_eq!(known(&text.join("\n")), order);
        }
    }
}
