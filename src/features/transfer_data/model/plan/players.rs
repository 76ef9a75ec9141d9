//! Players of an import: which spellings are one person, who is new, who changes (§2.2, §19.1).

use super::super::parse::{FileKind, MembershipRow, PlayerFacts, PlayerRow};
use super::super::report::{Place, ProblemCode, ProblemList, show};
use super::{Existing, NewPlayer, Options, Plan, PlayerUpdate};
use crate::domain::name;
use crate::domain::time::Instant;
use crate::features::roster::model::is_gone;
use std::cmp::Reverse;
use std::collections::HashMap;
use uuid::Uuid;

/// One person of the files.
#[derive(Debug)]
pub(super) struct PlayerEntry {
    /// Index into the existing players.
    existing: Option<usize>,
    pub(super) name: String,
    facts: Option<(u32, PlayerFacts)>,
    /// The players file has only refused rows about this person.
    pub(super) failed: bool,
    /// The earliest membership that is imported.
    pub(super) earliest: Option<Instant>,
    /// The id, once [`PlayerTable::finish`] ran; none for people who are not imported.
    pub(super) id: Option<Uuid>,
}

/// One way to write a name, as the files use it.
#[derive(Debug)]
struct Spelling<'a> {
    text: &'a str,
    place: Place,
    latest: Option<Instant>,
    rows: u32,
}

/// All people of the files.
#[derive(Debug)]
pub(super) struct PlayerTable {
    pub(super) entries: Vec<PlayerEntry>,
    by_spelling: HashMap<String, usize>,
}

/// Existing players by exact name and by name ignoring case.
struct Known<'a> {
    exact: HashMap<&'a str, usize>,
    similar: HashMap<String, Vec<usize>>,
}

impl PlayerTable {
    pub(super) fn build(
        rows: &[PlayerRow],
        memberships: &[MembershipRow],
        existing: &Existing,
        options: &Options,
        problems: &mut ProblemList,
    ) -> Self {
        let mut table = Self {
            entries: Vec::new(),
            by_spelling: HashMap::new(),
        };
        let known = Known::new(existing);
        let mut of_existing = HashMap::new();
        for (key, spellings) in clusters(rows, memberships, options.default_since()) {
            let similar = known
                .similar
                .get(&key)
                .map_or(&[] as &[usize], Vec::as_slice);
            warn_similar(&spellings, similar, existing, options, problems);
            let home = Home::choose(&spellings, similar, &known, existing);
            let mut new_entry = None;
            for spelling in &spellings {
                let found = known.exact.get(spelling.text).copied();
                let found = if options.merge_similar_names {
                    found.or(home.existing)
                } else {
                    found
                };
                let entry = match (found, new_entry) {
                    (Some(at), _) => *of_existing
                        .entry(at)
                        .or_insert_with(|| table.push(Some(at), &existing.players[at].name)),
                    (None, Some(entry)) if options.merge_similar_names => entry,
                    (None, _) if options.merge_similar_names => table.push(None, home.name),
                    (None, _) => table.push(None, spelling.text),
                };
                new_entry = new_entry.or(found.is_none().then_some(entry));
                table.by_spelling.insert(spelling.text.to_owned(), entry);
            }
        }
        table.add_rows(rows, problems);
        table.check_standings(existing, problems);
        table
    }

    fn push(&mut self, existing: Option<usize>, name: &str) -> usize {
        self.entries.push(PlayerEntry {
            existing,
            name: name.to_owned(),
            facts: None,
            failed: false,
            earliest: None,
            id: None,
        });
        self.entries.len() - 1
    }

    /// Gives each person their row of the players file. Of several the first by content counts.
    fn add_rows(&mut self, rows: &[PlayerRow], problems: &mut ProblemList) {
        let mut order: Vec<&PlayerRow> = rows.iter().collect();
        order.sort_by_key(|row| (row.flawed, &row.facts, row.line));
        for row in order {
            let Some(index) = self.by_spelling.get(&row.name) else {
                continue;
            };
            let entry = &mut self.entries[*index];
            match &entry.facts {
                _ if row.flawed => entry.failed |= entry.facts.is_none(),
                None => entry.facts = Some((row.line, row.facts.clone())),
                Some((line, facts)) => report_duplicate(row, *line, *facts == row.facts, problems),
            }
        }
    }

    /// Refuses rows that would take somebody out of the organisation, or back into it, whom only the
    /// commands for that may.
    fn check_standings(&mut self, existing: &Existing, problems: &mut ProblemList) {
        for entry in &mut self.entries {
            let (Some(at), Some((line, facts))) = (entry.existing, &entry.facts) else {
                continue;
            };
            let old = &existing.players[at];
            let new = facts.standing.as_ref();
            let Some(new) = new.filter(|new| **new != old.standing && old.held) else {
                continue;
            };
            if is_gone(new) || is_gone(&old.standing) {
                entry.failed = true;
                let text = format!(
                    "The player {} belongs to a user or is a co-founder, so no file makes them {} \
                     instead of {}. Leave the standing as it is, and use their page to remove them \
                     or to take them back.",
                    show(&old.name),
                    show(new),
                    show(&old.standing)
                );
                let place = Place::cell(FileKind::Players, *line, "standing");
                problems.error(place, ProblemCode::StandingIsHeld, text);
            }
        }
    }

    /// The person behind a spelling of the files.
    pub(super) fn find(&self, spelling: &str) -> Option<usize> {
        self.by_spelling.get(spelling).copied()
    }

    /// The indexes of existing people by id.
    pub(super) fn existing_by_id(&self, existing: &Existing) -> HashMap<Uuid, usize> {
        let known = |(index, entry): (usize, &PlayerEntry)| {
            entry.existing.map(|at| (existing.players[at].id, index))
        };
        self.entries.iter().enumerate().filter_map(known).collect()
    }

    /// Writes the operations and counts, and gives new people their ids.
    pub(super) fn finish(
        &mut self,
        nameless: u32,
        existing: &Existing,
        options: &Options,
        new_id: &mut impl FnMut() -> Uuid,
        plan: &mut Plan,
    ) {
        plan.players.skipped += nameless;
        for entry in &mut self.entries {
            let (standing, joined) = match &entry.facts {
                Some((_, facts)) => (facts.standing.clone(), facts.joined),
                None => (None, None),
            };
            let old = entry.existing.map(|at| &existing.players[at]);
            entry.id = old.map(|old| old.id);
            if entry.failed {
                plan.players.skipped += 1;
            } else if let Some(old) = old {
                let standing = standing.filter(|new| *new != old.standing);
                let joined = joined.filter(|new| *new != old.joined);
                if standing.is_none() && joined.is_none() {
                    plan.players.unchanged += 1;
                } else {
                    plan.players.updated += 1;
                    let (id, name) = (old.id, old.name.clone());
                    plan.players_to_update.push(PlayerUpdate {
                        id,
                        name,
                        standing,
                        joined,
                    });
                }
            } else if entry.facts.is_some() || entry.earliest.is_some() {
                plan.players.created += 1;
                let id = new_id();
                entry.id = Some(id);
                let joined = joined.or(entry.earliest).unwrap_or(options.default_since());
                let name = entry.name.clone();
                plan.players_to_create.push(NewPlayer {
                    id,
                    name,
                    standing,
                    joined,
                });
            } else {
                plan.players.skipped += 1;
            }
        }
    }
}

impl<'a> Known<'a> {
    fn new(existing: &'a Existing) -> Self {
        let mut known = Self {
            exact: HashMap::new(),
            similar: HashMap::new(),
        };
        for (at, player) in existing.players.iter().enumerate() {
            known.exact.insert(player.name.as_str(), at);
            known
                .similar
                .entry(name::key(&player.name))
                .or_default()
                .push(at);
        }
        known
    }
}

/// Where merged spellings go.
struct Home<'a> {
    name: &'a str,
    existing: Option<usize>,
}

impl<'a> Home<'a> {
    /// The spelling of the latest row, of several the most frequent, then the first by letters;
    /// and the existing player of that spelling, else the first of similar ones.
    fn choose(
        spellings: &[Spelling<'a>],
        similar: &[usize],
        known: &Known<'_>,
        existing: &Existing,
    ) -> Self {
        let name = spellings
            .iter()
            .max_by_key(|spelling| (spelling.latest, spelling.rows, Reverse(spelling.text)))
            .map_or("", |spelling| spelling.text);
        let first = similar
            .iter()
            .copied()
            .min_by_key(|at| &existing.players[*at].name);
        Self {
            name,
            existing: known.exact.get(name).copied().or(first),
        }
    }
}

/// The spellings of both files by name ignoring case, in the order in which they appear.
fn clusters<'a>(
    rows: &'a [PlayerRow],
    memberships: &'a [MembershipRow],
    default_since: Instant,
) -> Vec<(String, Vec<Spelling<'a>>)> {
    let players = rows.iter().map(|row| {
        let place = Place::cell(FileKind::Players, row.line, "player");
        (row.name.as_str(), place, None)
    });
    let members = memberships.iter().map(|row| {
        let since = (!row.flawed).then(|| row.since.unwrap_or(default_since));
        (
            row.player.as_str(),
            Place::cell(FileKind::Memberships, row.line, "player"),
            since,
        )
    });
    let mut spellings: Vec<Spelling<'a>> = Vec::new();
    let mut by_text: HashMap<&str, usize> = HashMap::new();
    for (text, place, since) in players.chain(members) {
        let index = *by_text.entry(text).or_insert_with(|| {
            spellings.push(Spelling {
                text,
                place,
                latest: None,
                rows: 0,
            });
            spellings.len() - 1
        });
        spellings[index].latest = spellings[index].latest.max(since);
        spellings[index].rows += 1;
    }
    let mut clusters: Vec<(String, Vec<Spelling<'a>>)> = Vec::new();
    let mut by_key: HashMap<String, usize> = HashMap::new();
    for spelling in spellings {
        let key = name::key(spelling.text);
        let index = *by_key.entry(key.clone()).or_insert_with(|| {
            clusters.push((key, Vec::new()));
            clusters.len() - 1
        });
        clusters[index].1.push(spelling);
    }
    clusters
}

/// Warns of every spelling after the first, and of the first when the organisation has none of
/// them but another one.
fn warn_similar(
    spellings: &[Spelling<'_>],
    similar: &[usize],
    existing: &Existing,
    options: &Options,
    problems: &mut ProblemList,
) {
    let Some(first) = spellings.first() else {
        return;
    };
    let what = if options.merge_similar_names {
        "They are taken as one player."
    } else {
        "They stay two players. If they are one, import with merging of similar names."
    };
    let mut warn = |spelling: &Spelling<'_>, other: &str, whose: &str| {
        let text = format!(
            "{} differs only in upper and lower case from {whose}{}. {what}",
            show(spelling.text),
            show(other)
        );
        problems.warn(spelling.place, ProblemCode::SimilarNames, text);
    };
    let names: Vec<&str> = similar
        .iter()
        .map(|at| existing.players[*at].name.as_str())
        .collect();
    let known = spellings
        .iter()
        .any(|spelling| names.contains(&spelling.text));
    if let Some(other) = names.iter().min().filter(|_| !known) {
        warn(first, other, "the existing player ");
    }
    for spelling in &spellings[1..] {
        warn(spelling, first.text, "");
    }
}

fn report_duplicate(row: &PlayerRow, first: u32, identical: bool, problems: &mut ProblemList) {
    let place = Place::row(FileKind::Players, row.line);
    let name = show(&row.name);
    if identical {
        let text = format!("The player {name} is on line {first} already. Remove one row.");
        problems.warn(place, ProblemCode::DuplicateRow, text);
    } else {
        let text = format!(
            "The player {name} is on line {first} with other values, and that row counts. Remove \
             one row."
        );
        problems.error(place, ProblemCode::DuplicatePlayer, text);
    }
}
