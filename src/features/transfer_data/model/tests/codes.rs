//! One test, at least, for each problem code.

use super::ProblemCode as C;
use super::*;

/// The problems of an import into an empty organisation.
fn seen(groups: &str, memberships: &str) -> Vec<(char, u32, C, bool)> {
    problems(&import(groups, memberships, None).1)
}

/// The problems of membership rows in HQ (normal) and Red and Blue (exclusive).
fn seen_members(rows: &str) -> Vec<(char, u32, C, bool)> {
    let groups = "group,parent,exclusive\nHQ,,\nRed,,yes\nBlue,,yes\n";
    seen(groups, &format!("{NO_MEMBERS}{rows}"))
}

#[test]
fn wrong_encoding() {
    let utf_16: Vec<u8> = GROUPS.encode_utf16().flat_map(u16::to_le_bytes).collect();
    let with_mark = [&[0xff, 0xfe], utf_16.as_slice()].concat();
    for (bytes, line) in [
        (utf_16.as_slice(), 1),
        (with_mark.as_slice(), 1),
        (b"group,parent\nA,\nB\xff,\n", 3),
    ] {
        let mut input = files(GROUPS, NO_MEMBERS, None);
        input.groups.bytes = bytes;
        let plan = World::default().plan(&input, &options());
        assert_eq!(problems(&plan), [('g', line, C::WrongEncoding, true)]);
        assert!(plan.is_empty());
    }
}

#[test]
fn file_too_large_and_too_many_rows() {
    let mut small = options();
    small.max_bytes = 10;
    let plan = World::default().plan(&files(GROUPS, "player", None), &small);
    assert_eq!(plan.problems[0].code, C::FileTooLarge);
    let mut short = options();
    short.max_rows = 1;
    let plan = World::default().plan(&files(GROUPS, NO_MEMBERS, None), &short);
    assert_eq!(problems(&plan), [('g', 3, C::TooManyRows, true)]);
    assert!(plan.is_empty());
}

#[test]
fn header_problems() {
    assert_eq!(seen("", NO_MEMBERS), [('g', 1, C::MissingHeader, true)]);
    assert_eq!(
        seen("\n\nname,parent\n", NO_MEMBERS),
        [('g', 3, C::MissingColumn, true)]
    );
    assert_eq!(
        seen("group,parent,Group\n", NO_MEMBERS),
        [('g', 1, C::DuplicateColumn, true)]
    );
    assert_eq!(
        seen(&",".repeat(100), NO_MEMBERS),
        [('g', 1, C::TooManyColumns, true)]
    );
    let odd = "group,parent,colour,\nHQ,,red,\n";
    let warned = ('g', 1, C::UnknownColumn, false);
    assert_eq!(seen(odd, NO_MEMBERS), [warned, warned]);
    assert_eq!(
        seen("group,\"parent\n", NO_MEMBERS),
        [('g', 1, C::BadQuotes, true)]
    );
    let (_, plan) = import("group;parent\nA;\n", NO_MEMBERS, None);
    assert!(
        plan.problems[0].text.contains("commas"),
        "{}",
        plan.problems[0].text
    );
}

#[test]
fn wrong_field_count_and_bad_quotes() {
    let groups = "group,parent\nHQ\nAlpha,HQ,x\n\"Bravo\"x,\nCharlie,\n\"Delta,\nEcho,\n";
    let expected = [
        ('g', 2, C::WrongFieldCount, true),
        ('g', 3, C::WrongFieldCount, true),
        ('g', 4, C::BadQuotes, true),
        ('g', 6, C::BadQuotes, true),
    ];
    assert_eq!(seen(groups, NO_MEMBERS), expected);
    assert_eq!(
        import(groups, NO_MEMBERS, None).1.groups,
        counts(1, 0, 0, 4)
    );
}

#[test]
fn bad_name() {
    let long = |length: usize| "x".repeat(length);
    let groups = format!(
        "group,parent,acronym,kind,description\n{},,,,\n{},,,,\n ,,,,\n\"a\nb\",,,,\n\
         c,,{},,\nd,,,{},\ne,,,,{}\nf,,{},,{}\n",
        long(101),
        long(100),
        long(13),
        long(65),
        long(10_001),
        long(12),
        long(10_000),
    );
    let lines: Vec<u32> = seen(&groups, NO_MEMBERS)
        .into_iter()
        .map(|(_, line, code, error)| {
            assert_eq!((code, error), (C::BadName, true));
            line
        })
        .collect();
    assert_eq!(lines, [2, 4, 5, 7, 8, 9]);
    let rows = format!(
        "{},HQ,member,,\na,HQ,{},,\nb\u{202e},HQ,member,,\na,HQ,,,\n,HQ,m,,\n",
        long(65),
        long(65)
    );
    let codes: Vec<C> = seen_members(&rows)
        .into_iter()
        .map(|problem| problem.2)
        .collect();
    assert_eq!(codes, [C::BadName; 5]);
}

#[test]
fn bad_date_boolean_and_choice() {
    let groups = "group,parent,exclusive,visibility,policy,founded\n\
                  A,,maybe,public,open,\nB,,YES,hidden,By request,\nC,,0,Private,by-request,\n\
                  D,,,,nobody,1 June\n";
    let expected = [
        ('g', 2, C::BadBoolean, true),
        ('g', 3, C::BadChoice, true),
        ('g', 5, C::BadDate, true),
        ('g', 5, C::BadChoice, true),
    ];
    assert_eq!(seen(groups, NO_MEMBERS), expected);
    let rows = "a,HQ,member,2019-06-01T00:00:00,\nb,HQ,member,2019-06-01,2201-01-01\n";
    let expected = [('m', 2, C::BadDate, true), ('m', 3, C::BadDate, true)];
    assert_eq!(seen_members(rows), expected);
}

#[test]
fn duplicate_group() {
    let groups = "group,parent\nHQ,\nhq,\nHQ,\n";
    let expected = [
        ('g', 3, C::DuplicateGroup, true),
        ('g', 4, C::DuplicateGroup, false),
    ];
    assert_eq!(seen(groups, NO_MEMBERS), expected);
    assert_eq!(
        import(groups, NO_MEMBERS, None).1.groups,
        counts(1, 0, 1, 1)
    );
}

#[test]
fn unknown_parent_and_what_depends_on_it() {
    let groups = "group,parent\nC,B\nB,A\nA,Nowhere\nD,\n";
    let members = format!("{NO_MEMBERS}x,C,member,,\ny,D,member,,\n");
    let expected = [
        ('g', 2, C::ParentSkipped, true),
        ('g', 3, C::ParentSkipped, true),
        ('g', 4, C::UnknownParent, true),
        ('m', 2, C::GroupSkipped, true),
    ];
    assert_eq!(seen(groups, &members), expected);
    let (_, plan) = import(groups, &members, None);
    assert_eq!(plan.groups, counts(1, 0, 0, 3));
    assert_eq!(plan.memberships, counts(1, 0, 0, 1));
    assert_eq!(plan.players, counts(1, 0, 0, 1));
    assert_eq!(plan.roles, counts(1, 0, 0, 0));
}

#[test]
fn parent_cycle() {
    let groups = "group,parent\nA,B\nB,C\nC,A\nD,A\nSelf,self\n";
    let expected = [
        ('g', 2, C::ParentCycle, true),
        ('g', 3, C::ParentCycle, true),
        ('g', 4, C::ParentCycle, true),
        ('g', 5, C::ParentSkipped, true),
        ('g', 6, C::ParentCycle, true),
    ];
    assert_eq!(seen(groups, NO_MEMBERS), expected);
}

#[test]
fn a_move_may_not_close_a_circle_through_groups_that_are_not_in_the_file() {
    let (mut world, _) = import("group,parent\nA,\nB,A\nC,B\n", NO_MEMBERS, None);
    let plan = world.import(&files("group,parent\nA,C\n", NO_MEMBERS, None), &options());
    assert_eq!(problems(&plan), [('g', 2, C::ParentCycle, true)]);
    // A stays under B because its row is wrong, so B cannot go below A through D.
    let (mut world, _) = import("group,parent\nB,\nA,B\nD,A\n", NO_MEMBERS, None);
    let groups = "group,parent,exclusive\nA,,yes\nB,D,\n";
    let plan = world.import(&files(groups, NO_MEMBERS, None), &options());
    let expected = [
        ('g', 2, C::ExclusiveIsFixed, true),
        ('g', 3, C::ParentSkipped, true),
    ];
    assert_eq!(problems(&plan), expected);
}

#[test]
fn exclusive_is_fixed() {
    let (mut world, _) = import("group,parent,exclusive\nA,,no\n", NO_MEMBERS, None);
    let changed = files("group,parent,exclusive\nA,,yes\n", NO_MEMBERS, None);
    let plan = world.import(&changed, &options());
    assert_eq!(problems(&plan), [('g', 2, C::ExclusiveIsFixed, true)]);
    let silent = files("group,parent,exclusive\nA,,\n", NO_MEMBERS, None);
    assert_eq!(world.import(&silent, &options()).groups, counts(0, 0, 1, 0));
}

#[test]
fn duplicate_player_duplicate_row_and_player_skipped() {
    let players = "player,standing,joined\na,active,\na,reserve,\nb,active,\nb,active,\nc,,soon\n";
    let members = format!("{NO_MEMBERS}c,HQ,member,,\n");
    let (_, plan) = import(GROUPS, &members, Some(players));
    let expected = [
        ('m', 2, C::PlayerSkipped, true),
        ('p', 3, C::DuplicatePlayer, true),
        ('p', 5, C::DuplicateRow, false),
        ('p', 6, C::BadDate, true),
    ];
    assert_eq!(problems(&plan), expected);
    assert_eq!(plan.players, counts(2, 0, 0, 1));
}

#[test]
fn similar_names() {
    let rows = "Zoe,HQ,member,,\nzoe,HQ,lead,,\nZOE,HQ,guest,,\nZoe,HQ,guest,,\n";
    let expected = [
        ('m', 3, C::SimilarNames, false),
        ('m', 4, C::SimilarNames, false),
    ];
    assert_eq!(seen_members(rows), expected);
}

#[test]
fn unknown_group() {
    let expected = [('m', 2, C::UnknownGroup, true)];
    assert_eq!(
        seen_members("a,Nowhere,member,,\nb,hq,member,,\n"),
        expected
    );
}

#[test]
fn rows_of_a_refused_groups_file_are_skipped_not_unknown() {
    let members = format!("{NO_MEMBERS}a,HQ,member,,\n");
    let expected = [
        ('g', 1, C::MissingHeader, true),
        ('m', 2, C::GroupSkipped, true),
    ];
    assert_eq!(seen("", &members), expected);
}

#[test]
fn duplicate_row() {
    let rows = "a,HQ,member,2019-06-01,\na,hq,Member,2019-06-01T02:00:00+02:00,\n";
    assert_eq!(seen_members(rows), [('m', 3, C::DuplicateRow, false)]);
}

#[test]
fn reversed_interval() {
    let rows = "a,HQ,member,2019-06-02,2019-06-01\nb,HQ,member,2019-06-01,2019-06-01\n\
                c,HQ,member,,2019-06-01\n";
    let expected = [2, 3, 4].map(|line| ('m', line, C::ReversedInterval, true));
    assert_eq!(seen_members(rows), expected);
    let groups = "group,parent,founded,retired\nA,,2019-06-02,2019-06-01\n\
                  B,,2019-06-02,2019-06-02\n";
    assert_eq!(
        seen(groups, NO_MEMBERS),
        [('g', 2, C::ReversedInterval, true)]
    );
}

#[test]
fn overlapping_intervals() {
    let rows = "a,HQ,member,2019-01-01,2019-06-01\na,HQ,member,2019-06-01,2020-01-01\n\
                a,HQ,member,2019-12-31,\na,HQ,lead,2019-01-01,\n";
    assert_eq!(
        seen_members(rows),
        [('m', 4, C::OverlappingIntervals, true)]
    );
}

#[test]
fn overlaps_existing() {
    let members = format!("{NO_MEMBERS}a,HQ,member,2019-01-01,\nb,HQ,member,2019-01-01,2020-01-01");
    let (mut world, _) = import(GROUPS, &members, None);
    let other = format!(
        "{NO_MEMBERS}a,HQ,member,2019-01-02,\nb,HQ,member,2019-01-01,\nb,HQ,member,2020-01-01,\n"
    );
    let plan = world.import(&files(GROUPS, &other, None), &options());
    let expected = [
        ('m', 2, C::OverlapsExisting, true),
        ('m', 3, C::OverlapsExisting, true),
    ];
    assert_eq!(problems(&plan), expected);
    assert_eq!(plan.memberships, counts(1, 0, 0, 2));
}

#[test]
fn exclusive_overlap() {
    let rows = "a,Red,member,2019-01-01,2019-06-01\na,Blue,member,2019-06-01,\n\
                a,Blue,lead,2020-01-01,\na,HQ,member,2019-01-01,\nb,Red,member,2019-01-01,\n\
                b,Blue,member,2018-12-31,2019-01-02\n";
    let expected = [
        ('m', 4, C::ExclusiveOverlap, true),
        ('m', 6, C::ExclusiveOverlap, true),
    ];
    assert_eq!(seen_members(rows), expected);
    let groups = "group,parent,exclusive\nRed,,1\nBlue,,1\n";
    let (mut world, _) = import(
        groups,
        &format!("{NO_MEMBERS}a,Red,member,2019-01-01,\n"),
        None,
    );
    let moved = format!("{NO_MEMBERS}a,Blue,member,2020-01-01,\n");
    let plan = world.import(&files(groups, &moved, None), &options());
    assert_eq!(problems(&plan), [('m', 2, C::ExclusiveOverlap, true)]);
}

#[test]
fn role_taken() {
    let groups = "group,parent,founded\nHQ,,2018-01-01\n";
    let members = format!("{NO_MEMBERS}a,HQ,In Command,2019-01-01,\n");
    let (mut world, _) = import(groups, &members, None);
    world.existing.roles[0].singular = true;
    let other =
        format!("{NO_MEMBERS}b,HQ,in command,2018-01-01,2019-01-01\nc,HQ,in command,2020-01-01,\n");
    let plan = world.import(&files(groups, &other, None), &options());
    assert_eq!(problems(&plan), [('m', 3, C::RoleTaken, true)]);
    assert_eq!(plan.memberships, counts(1, 0, 0, 1));
}

#[test]
fn group_life() {
    let groups = "group,parent,founded,retired\nHQ,,2019-01-01,2020-01-01\n";
    let rows = "a,HQ,member,2018-01-01,2019-06-01\nb,HQ,member,2019-06-01,2020-06-01\n\
                c,HQ,member,2019-06-01,\nd,HQ,member,2019-01-01,2020-01-01\n";
    let members = format!("{NO_MEMBERS}{rows}");
    let expected = [
        ('m', 2, C::OutsideGroupLife, false),
        ('m', 3, C::OutsideGroupLife, false),
        ('m', 4, C::OpenInRetired, true),
    ];
    assert_eq!(seen(groups, &members), expected);
}

#[test]
fn a_group_that_retires_with_open_memberships_is_told() {
    let members = format!("{NO_MEMBERS}a,HQ,member,2019-01-01,\nb,HQ,member,2019-01-01,\n");
    let (mut world, _) = import(GROUPS, &members, None);
    let retired = "group,parent,retired\nHQ,,2020-01-01\n";
    let ended = format!("{NO_MEMBERS}a,HQ,member,2019-01-01,2020-01-01\n");
    let plan = world.import(&files(retired, &ended, None), &options());
    // Founded by default at its first membership, retired by this file.
    assert_eq!(problems(&plan), [('g', 2, C::OpenInRetired, false)]);
    assert_eq!(plan.memberships, counts(0, 1, 0, 0));
}

#[test]
fn future() {
    let rows = "a,HQ,member,2026-06-06T00:00:01Z,\nb,HQ,member,2019-01-01,2030-01-01\n";
    let expected = [
        ('m', 2, C::StartsInFuture, true),
        ('m', 3, C::EndsInFuture, false),
    ];
    assert_eq!(seen_members(rows), expected);
}

#[test]
fn standing_is_held() {
    let people = "player,standing\nann,\nbob,banned\ncid,\ndan,\n";
    let (mut world, _) = import(GROUPS, NO_MEMBERS, Some(people));
    for player in &mut world.existing.players {
        player.held = player.name != "dan";
    }
    let people = "player,standing\nann,left\nbob,active\ncid,reserve\ndan,kicked\n";
    let members = format!("{NO_MEMBERS}ann,HQ,member,2019-01-01,\n");
    let plan = world.import(&files(GROUPS, &members, Some(people)), &options());
    let expected = [
        ('m', 2, C::PlayerSkipped, true),
        ('p', 2, C::StandingIsHeld, true),
        ('p', 3, C::StandingIsHeld, true),
    ];
    assert_eq!(problems(&plan), expected);
    assert_eq!(plan.players, counts(0, 2, 0, 2));
    let again = "player,standing\nann,active\nbob,banned\n";
    let plan = world.plan(&files(GROUPS, NO_MEMBERS, Some(again)), &options());
    assert_eq!(problems(&plan), [], "saying what is so takes nobody out");
}

#[test]
fn name_taken() {
    let members = format!("{NO_MEMBERS}a,HQ,member,2019-01-01,\n");
    let (mut world, _) = import(GROUPS, &members, None);
    for group in &mut world.existing.groups {
        group.hidden = true;
    }
    let groups = "group,parent\nhq,\nRed,HQ\nBlue,\n";
    let members = format!("{NO_MEMBERS}a,HQ,member,2019-01-01,2020-01-01\n");
    let plan = world.plan(&files(groups, &members, None), &options());
    let expected = [
        ('g', 2, C::NameTaken, true),
        ('g', 3, C::ParentSkipped, true),
        ('m', 2, C::GroupSkipped, true),
    ];
    assert_eq!(problems(&plan), expected);
    assert_eq!(plan.groups_to_update, []);
    let groups = "group,parent\nRed,HQ\n";
    let plan = world.plan(&files(groups, &members, None), &options());
    let expected = [
        ('g', 2, C::UnknownParent, true),
        ('m', 2, C::UnknownGroup, true),
    ];
    assert_eq!(
        problems(&plan),
        expected,
        "what is hidden is like what is not"
    );
    assert!(plan.is_empty());
}

#[test]
fn role_not_givable() {
    let own = Options {
        may_give: AccessSet::default(),
        ..options()
    };
    let rows = "a,HQ,lead,2019-01-01,\nb,HQ,member,2019-01-01,\nc,HQ,LEAD,2019-01-01,2020-01-01\n\
                d,HQ,lead,2019-01-01,2030-01-01\n";
    let members = format!("{NO_MEMBERS}{rows}");
    let mut world = World::default();
    let plan = world.import(&files(GROUPS, &members, None), &own);
    let expected = [
        ('m', 2, C::RoleNotGivable, true),
        ('m', 5, C::RoleNotGivable, true),
    ];
    assert_eq!(problems(&plan), expected);
    assert_eq!(plan.memberships, counts(2, 0, 0, 2));
    // Of an existing role it counts what it grants, and who has it keeps it.
    world.import(&files(GROUPS, &members, None), &options());
    let plan = world.plan(&files(GROUPS, &members, None), &own);
    assert_eq!(plan.memberships, counts(0, 0, 4, 0));
    let leads = world.existing.roles.iter_mut();
    for role in leads.filter(|role| role.leadership) {
        role.grants = AccessSet::default();
    }
    let members = format!("{NO_MEMBERS}e,HQ,lead,2019-01-01,\n");
    let plan = world.plan(&files(GROUPS, &members, None), &own);
    assert_eq!(plan.memberships, counts(1, 0, 0, 0));
}

#[test]
fn member_protected() {
    let members = format!("{NO_MEMBERS}a,HQ,member,2019-01-01,\nb,HQ,member,2019-01-01,\n");
    let (mut world, _) = import(GROUPS, &members, None);
    let first = world.existing.memberships[0].player_id;
    let protected = Options {
        protected: HashSet::from([first]),
        ..options()
    };
    let ended = format!(
        "{NO_MEMBERS}a,HQ,member,2019-01-01,2020-01-01\nb,HQ,member,2019-01-01,2020-01-01\n"
    );
    let plan = world.import(&files(GROUPS, &ended, None), &protected);
    assert_eq!(problems(&plan), [('m', 2, C::MemberProtected, true)]);
    assert_eq!(plan.memberships, counts(0, 1, 0, 1));
}
