//! Properties of imports over made-up files: small pools of names and days, so that rows meet.

use super::*;
use proptest::collection::vec;
use proptest::prelude::*;

const GROUP_HEADER: &str = "group,parent,exclusive,founded,retired,kind";
const MEMBER_HEADER: &str = "player,group,role,since,until";
const PLAYER_HEADER: &str = "player,standing,joined";

fn pick(words: &'static [&'static str]) -> impl Strategy<Value = String> {
    proptest::sample::select(words).prop_map(str::to_owned)
}

fn day() -> impl Strategy<Value = String> {
    let day = (1_u32..13).prop_map(|month| format!("2019-{month:02}-01"));
    prop_oneof![1 => Just(String::new()), 8 => day]
}

fn end() -> impl Strategy<Value = String> {
    prop_oneof![1 => Just(String::new()), 2 => day()]
}

fn group_row() -> impl Strategy<Value = String> {
    let name = || pick(&["A", "B", "C", "D", "E", "F", "G", "H"]);
    let parent = prop_oneof![
        3 => Just(String::new()),
        4 => name(),
        1 => pick(&["Nowhere", "a", "existing"]),
    ];
    let named = prop_oneof![9 => name(), 1 => pick(&["a", "b", " ", "Existing"])];
    let exclusive = pick(&["yes", "yes", "no", "", "", "maybe"]);
    let retired = prop_oneof![3 => Just(String::new()), 1 => day()];
    let founded = prop_oneof![3 => Just(String::new()), 1 => day()];
    (
        named,
        parent,
        exclusive,
        founded,
        retired,
        pick(&["", "squad"]),
    )
        .prop_map(|(name, parent, exclusive, founded, retired, kind)| {
            format!("{name},{parent},{exclusive},{founded},{retired},{kind}")
        })
}

fn member_row() -> impl Strategy<Value = String> {
    let player = pick(&["zoe", "Zoe", "bob", "Bob", "BOB", "al", "", "x\u{202e}"]);
    let group = pick(&["A", "B", "C", "D", "a", "E", "Nowhere"]);
    let role = pick(&["lead", "member", "Member", ""]);
    (player, group, role, day(), end(), 0..40).prop_map(
        |(player, group, role, since, until, odd)| match odd {
            0 => format!("{player},{group}"),
            1 => format!("{player},{group},{role},{since},{until},"),
            2 => format!("{player},{group},{role},soon,{until}"),
            _ => format!("{player},{group},{role},{since},{until}"),
        },
    )
}

fn player_row() -> impl Strategy<Value = String> {
    let player = pick(&["zoe", "Zoe", "bob", "new", ""]);
    (
        player,
        pick(&["", "active", "reserve"]),
        pick(&["", "2019-01-01", "soon"]),
    )
        .prop_map(|(player, standing, joined)| format!("{player},{standing},{joined}"))
}

/// The rows of three files.
#[derive(Clone, Debug)]
struct Made {
    groups: Vec<String>,
    members: Vec<String>,
    players: Vec<String>,
}

impl Made {
    fn texts(&self) -> [String; 3] {
        let text = |header: &str, rows: &[String]| format!("{header}\n{}\n", rows.join("\n"));
        [
            text(GROUP_HEADER, &self.groups),
            text(MEMBER_HEADER, &self.members),
            text(PLAYER_HEADER, &self.players),
        ]
    }

    fn import(&self, world: &mut World, options: &Options) -> Plan {
        let [groups, members, players] = self.texts();
        world.import(&files(&groups, &members, Some(&players)), options)
    }
}

fn made() -> impl Strategy<Value = Made> {
    (
        vec(group_row(), 0..12),
        vec(member_row(), 0..40),
        vec(player_row(), 0..5),
    )
        .prop_map(|(groups, members, players)| Made {
            groups,
            members,
            players,
        })
}

/// The same rows in two orders.
fn shuffled() -> impl Strategy<Value = (Made, Made)> {
    made().prop_flat_map(|made| {
        let groups = Just(made.groups.clone()).prop_shuffle();
        let members = Just(made.members.clone()).prop_shuffle();
        let players = Just(made.players.clone()).prop_shuffle();
        (Just(made), (groups, members, players)).prop_map(|(made, (groups, members, players))| {
            (
                made,
                Made {
                    groups,
                    members,
                    players,
                },
            )
        })
    })
}

/// An organisation that has had another import before.
fn world_after(first: Option<&Made>, options: &Options) -> World {
    let mut world = World::default();
    if let Some(first) = first {
        first.import(&mut world, options);
    }
    world
}

fn choices(merge: bool) -> Options {
    Options {
        merge_similar_names: merge,
        ..options()
    }
}

/// The counts of a report and how often each code was seen.
fn summary(plan: &Plan) -> ([Counts; 4], u32, u32, Vec<(ProblemCode, Severity)>) {
    let mut codes: Vec<_> = plan.problems.iter().map(|p| (p.code, p.severity)).collect();
    codes.sort();
    let counts = [plan.groups, plan.players, plan.memberships, plan.roles];
    (counts, plan.problem_count, plan.empty_descriptions, codes)
}

fn rows_of(counts: Counts) -> u32 {
    counts.created + counts.updated + counts.unchanged + counts.skipped
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn the_order_of_rows_changes_nothing(
        (one, other) in shuffled(),
        first in proptest::option::of(made()),
        merge: bool,
    ) {
        let options = choices(merge);
        let (mut a, mut b) =
            (world_after(first.as_ref(), &options), world_after(first.as_ref(), &options));
        let (one, other) = (one.import(&mut a, &options), other.import(&mut b, &options));
        prop_assert_eq!(summary(&one), summary(&other));
    }

    /// Also a later day, since rows without a start take the day of the first import. Applying
    /// checks overlaps, cycles and names each time.
    #[test]
    fn running_again_changes_nothing(
        files in made(),
        first in proptest::option::of(made()),
        merge: bool,
    ) {
        let options = choices(merge);
        let mut world = world_after(first.as_ref(), &options);
        let plan = files.import(&mut world, &options);
        let before = world.existing.clone();
        let later = Options { now: at("2026-06-07"), default_since: at("2026-06-07"), ..options };
        let again = files.import(&mut world, &later);
        prop_assert!(again.is_empty(), "{:?}", again);
        prop_assert_eq!(&world.existing, &before);
        prop_assert_eq!(again.groups.skipped, plan.groups.skipped);
        prop_assert_eq!(again.memberships.skipped, plan.memberships.skipped);
        prop_assert_eq!(again.roles.skipped + again.roles.created + again.roles.updated, 0);
    }

    #[test]
    fn every_row_is_counted_once(files in made(), merge: bool) {
        let plan = files.import(&mut World::default(), &choices(merge));
        prop_assert_eq!(rows_of(plan.groups) as usize, files.groups.len());
        prop_assert_eq!(rows_of(plan.memberships) as usize, files.members.len());
        let operations = plan.memberships_to_create.len();
        prop_assert_eq!(plan.memberships.created as usize, operations);
        let errors = plan.problems.iter().any(|problem| problem.severity == Severity::Error);
        let skipped = plan.groups.skipped + plan.memberships.skipped;
        prop_assert!(errors || skipped == 0);
    }

    #[test]
    fn any_bytes_are_read_without_panic(
        groups in vec(any::<u8>(), 0..300),
        members in vec(any::<u8>(), 0..300),
        players in vec(any::<u8>(), 0..300),
    ) {
        let file = |name, bytes| InputFile { name, bytes };
        let input = Files {
            groups: file("g", &groups),
            memberships: file("m", &members),
            players: Some(file("p", &players)),
        };
        World::default().import(&input, &options());
    }

    #[test]
    fn any_text_after_a_good_header_is_read_without_panic(
        groups in "[ABab,\"\r\n0-9T:Z\u{202e}\u{0}é-]{0,200}",
        members in "[ABab,\"\r\n0-9T:Z\u{202e}\u{0}é-]{0,200}",
    ) {
        let groups = format!("{GROUP_HEADER}\n{groups}");
        let members = format!("{MEMBER_HEADER}\n{members}");
        let mut world = World::default();
        let input = files(&groups, &members, None);
        world.import(&input, &options());
        prop_assert!(world.import(&input, &options()).is_empty());
    }
}
