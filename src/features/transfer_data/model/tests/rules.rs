//! What imports do besides complaining.

use super::*;

#[test]
fn a_new_organisation() {
    let groups = "\u{feff}Parent, GROUP ,kind,Exclusive,description\r\n\
                  HQ,Alpha,Squad,yes,\"Line one\r\nline two\"\r\n,HQ,,,\r\n";
    let members = "role,player,group,since\nTeam-Lead,Zoe,alpha,2019-06-01\nmember,Bob,HQ,\n";
    let (world, plan) = import(groups, members, Some("player,standing\nIdle,reserve\n"));
    assert_eq!(problems(&plan), []);
    let hq = world.group_named("HQ");
    assert_eq!(
        (
            hq.kind.as_str(),
            hq.visibility.as_str(),
            hq.policy.as_str(),
            hq.exclusive
        ),
        ("group", "public", "closed", false)
    );
    // As old as the group below it.
    assert_eq!(hq.founded, at("2019-06-01"));
    let alpha = world.group_named("Alpha");
    assert_eq!((alpha.parent, alpha.exclusive), (Some(hq.id), true));
    assert_eq!(alpha.description, "Line one\nline two");
    assert_eq!(plan.groups_to_create[0].acronym, None);
    let roles: Vec<(&str, bool)> = plan
        .roles_to_create
        .iter()
        .map(|role| (role.name.as_str(), role.leadership))
        .collect();
    assert_eq!(roles, [("Team-Lead", true), ("member", false)]);
    let player = |name: &str| {
        world
            .existing
            .players
            .iter()
            .find(|player| player.name == name)
            .expect("a player")
    };
    assert_eq!(
        (player("Zoe").joined, player("Bob").joined),
        (at("2019-06-01"), at("2026-06-06"))
    );
    assert_eq!(player("Idle").standing, "reserve");
    assert_eq!(
        (
            plan.empty_descriptions,
            plan.players.created,
            plan.memberships.created
        ),
        (1, 3, 2)
    );
}

#[test]
fn merged_names_take_the_latest_spelling() {
    let mut merging = options();
    merging.merge_similar_names = true;
    let members = format!(
        "{NO_MEMBERS}Zoe,HQ,member,2018-01-01,2019-01-01\nzoe,HQ,member,2019-01-01,\n\
         bob,HQ,member,2018-01-01,\nBob,HQ,lead,2018-01-01,\nBob,Alpha,lead,2017-01-01,\n\
         Al,HQ,member,2018-01-01,\nal,HQ,lead,2018-01-01,\n"
    );
    let input = files(GROUPS, &members, None);
    let mut world = World::default();
    let plan = world.import(&input, &merging);
    let names: Vec<&str> = plan
        .players_to_create
        .iter()
        .map(|player| player.name.as_str())
        .collect();
    assert_eq!(names, ["zoe", "Bob", "Al"]);
    assert_eq!(plan.problem_count, 3);
    let again = world.import(&input, &merging);
    assert!(again.is_empty());
    assert_eq!(
        (again.players, again.memberships),
        (counts(0, 0, 3, 0), counts(0, 0, 7, 0))
    );
    assert_eq!(again.problem_count, 3);
}

#[test]
fn an_existing_player_is_matched_exactly_and_when_merging_by_any_case() {
    let (mut world, _) = import(GROUPS, NO_MEMBERS, Some("player\nZoe\n"));
    let members = format!("{NO_MEMBERS}ZOE,HQ,member,,\n");
    let input = files(GROUPS, &members, None);
    let mut merging = options();
    assert_eq!(world.plan(&input, &merging).players, counts(1, 0, 0, 0));
    merging.merge_similar_names = true;
    let plan = world.import(&input, &merging);
    assert_eq!(plan.players, counts(0, 0, 1, 0));
    assert_eq!(
        problems(&plan),
        [('m', 2, ProblemCode::SimilarNames, false)]
    );
}

#[test]
fn people_of_similar_names_that_exist_are_never_merged() {
    let players = Some("player\nZoe\nzoe\n");
    let (mut world, _) = import(GROUPS, NO_MEMBERS, players);
    let mut merging = options();
    merging.merge_similar_names = true;
    let plan = world.import(
        &files(GROUPS, NO_MEMBERS, Some("player\nzoe\nZoe\nZOE\n")),
        &merging,
    );
    assert_eq!(plan.players, counts(0, 0, 2, 0));
}

#[test]
fn updates_touch_only_what_differs_and_empty_cells_say_nothing() {
    let (mut world, _) = import(GROUPS, NO_MEMBERS, Some("player\nZoe\n"));
    let groups = "group,parent,description,policy,acronym\nAlpha,,First,open,\nhq,,,,HQ\n";
    let players = "player,standing,joined\nZoe,reserve,2019-01-01\n";
    let input = files(groups, NO_MEMBERS, Some(players));
    let plan = world.import(&input, &options());
    assert_eq!(
        (plan.groups, plan.players),
        (counts(0, 2, 0, 0), counts(0, 1, 0, 0))
    );
    let alpha = plan
        .groups_to_update
        .iter()
        .find(|update| update.name == "Alpha");
    let expected = GroupChanges {
        moved: Some(GroupMove { to: None }),
        description: Some("First".to_owned()),
        policy: Some("open".to_owned()),
        ..GroupChanges::default()
    };
    assert_eq!(alpha.map(|update| &update.changes), Some(&expected));
    assert!(world.import(&input, &options()).is_empty());
    let plan = world.import(
        &files(GROUPS, NO_MEMBERS, Some("player,joined\nZoe,\n")),
        &options(),
    );
    // Only the move back: nothing else is in the file.
    assert_eq!(
        (plan.groups, plan.players),
        (counts(0, 1, 1, 0), counts(0, 0, 1, 0))
    );
    assert_eq!(world.group_named("Alpha").description, "First");
}

#[test]
fn moves_are_listed_so_that_no_step_makes_a_cycle() {
    let (mut world, _) = import("group,parent\nA,\nB,A\nC,B\n", NO_MEMBERS, None);
    let turned = files("group,parent\nA,B\nB,C\nC,New\nNew,\n", NO_MEMBERS, None);
    let plan = world.import(&turned, &options());
    assert_eq!(plan.groups, counts(1, 3, 0, 0));
    assert!(world.import(&turned, &options()).is_empty());
}

#[test]
fn an_open_membership_is_ended_and_the_next_may_start_then() {
    let open = format!("{NO_MEMBERS}a,HQ,member,2019-01-01,\n");
    let (mut world, _) = import(GROUPS, &open, None);
    let ended = format!("{NO_MEMBERS}a,HQ,member,2020-01-01,\na,HQ,member,2019-01-01,2020-01-01\n");
    let plan = world.import(&files(GROUPS, &ended, None), &options());
    assert_eq!(problems(&plan), []);
    assert_eq!(plan.memberships, counts(1, 1, 0, 0));
    assert!(
        world
            .import(&files(GROUPS, &ended, None), &options())
            .is_empty()
    );
}

#[test]
fn a_row_without_start_matches_what_is_there_on_any_later_day() {
    let open = format!("{NO_MEMBERS}a,HQ,member,,\n");
    let (mut world, _) = import(GROUPS, &open, None);
    let later = Options::at(at("2026-07-07"));
    let plan = world.import(&files(GROUPS, &open, None), &later);
    assert_eq!(
        (plan.is_empty(), plan.memberships),
        (true, counts(0, 0, 1, 0))
    );
    let ended = format!("{NO_MEMBERS}a,HQ,member,,2026-07-01\n");
    assert_eq!(
        world
            .import(&files(GROUPS, &ended, None), &later)
            .memberships,
        counts(0, 1, 0, 0)
    );
    assert_eq!(
        world
            .import(&files(GROUPS, &ended, None), &later)
            .memberships,
        counts(0, 0, 1, 0)
    );
}

#[test]
fn pruning_ends_what_no_row_names_and_nothing_else() {
    let all = format!("{NO_MEMBERS}a,HQ,member,,\nb,HQ,member,,\nc,HQ,member,,\nd,HQ,member,,\n");
    let (mut world, _) = import(GROUPS, &all, None);
    let id = |world: &World, name: &str| {
        let mut players = world.existing.players.iter();
        players
            .find(|player| player.name == name)
            .expect("a known player")
            .id
    };
    let kept = HashSet::from([id(&world, "d")]);
    let later = Options {
        prune: Some(kept),
        ..Options::at(at("2026-07-07"))
    };
    // a is named; b is not; a row of c is refused; d is kept whatever happens.
    let rows = format!("{NO_MEMBERS}a,HQ,member,,\nc,Nowhere,member,,\n");
    let plan = world.plan(&files(GROUPS, &rows, None), &later);
    let ended: Vec<Uuid> = plan
        .memberships_to_end
        .iter()
        .map(|end| end.player_id)
        .collect();
    assert_eq!(ended, [id(&world, "b")]);
    let report = Report::new(&plan, &world.existing, true);
    assert_eq!(report.memberships_ended, 1);
    assert_eq!(
        (
            report.ended[0].player.as_str(),
            report.ended[0].group.as_str()
        ),
        ("b", "HQ")
    );
    let without = world.plan(&files(GROUPS, &rows, None), &Options::at(at("2026-07-07")));
    assert_eq!(
        without.memberships_to_end,
        [],
        "only who asks for it loses anything"
    );
}

#[test]
fn pruning_makes_room_for_a_move() {
    let groups = "group,parent,exclusive\nA,,yes\nB,,yes\n";
    let (mut world, _) = import(groups, &format!("{NO_MEMBERS}a,A,member,,\n"), None);
    let rows = format!("{NO_MEMBERS}a,B,member,,\n");
    let later = Options::at(at("2026-07-07"));
    let plan = world.plan(&files(groups, &rows, None), &later);
    assert_eq!(
        plan.memberships,
        counts(0, 0, 0, 1),
        "without it the old place is taken"
    );
    let prune = Some(HashSet::new());
    let plan = world.plan(&files(groups, &rows, None), &Options { prune, ..later });
    assert_eq!(
        (plan.memberships, plan.memberships_to_end.len()),
        (counts(1, 0, 0, 0), 1)
    );
}

#[test]
fn a_refused_file_leaves_the_others() {
    let (mut world, _) = import(GROUPS, NO_MEMBERS, None);
    let members = format!("{NO_MEMBERS}a,HQ,member,,\nb,New,member,,\n");
    let mut input = files("", &members, Some("player\nc\n"));
    input.groups.bytes = b"\xff\xfe\x00";
    let plan = world.import(&input, &options());
    assert_eq!(
        (plan.memberships, plan.players),
        (counts(1, 0, 0, 1), counts(2, 0, 0, 1))
    );
}

#[test]
fn reports_are_the_same_for_dry_and_real_runs_and_read_as_json() {
    let (_, plan) = import(
        GROUPS,
        "player,group,role\na,Nowhere\u{202e},member\n",
        None,
    );
    let existing = Existing::default();
    let (dry, real) = (
        Report::new(&plan, &existing, true),
        Report::new(&plan, &existing, false),
    );
    assert_eq!(
        Report {
            dry_run: false,
            ..dry.clone()
        },
        real
    );
    let json = serde_json::to_value(&dry).expect("plain data");
    assert_eq!(json["dry_run"], true);
    assert_eq!(json["groups"]["created"], 2);
    assert_eq!(json["problem_count"], 1);
    assert_eq!(json["problems"][0]["code"], "bad_name");
    assert_eq!(json["problems"][0]["severity"], "error");
    assert_eq!(json["problems"][0]["column"], "group");
    let text = json["problems"][0]["text"].as_str().expect("a sentence");
    assert!(text.contains("Nowhere\\u{202e}"), "{text}");
    let back: Report = serde_json::from_value(json).expect("the same");
    assert_eq!(back, dry);
}

#[test]
fn a_hundred_megabytes_of_junk_are_refused_at_once() {
    let junk = vec![b','; 100_000_000];
    let mut input = files(GROUPS, NO_MEMBERS, None);
    input.memberships.bytes = &junk;
    let plan = World::default().plan(&input, &options());
    assert_eq!(plan.problems[0].code, ProblemCode::FileTooLarge);
    // As much junk as is read at all.
    for byte in [b',', b'"', b'\n', b'a', b'\xff', 0] {
        let junk = vec![byte; 16 * 1024 * 1024];
        let mut input = files(GROUPS, NO_MEMBERS, None);
        input.memberships.bytes = &junk;
        let plan = World::default().plan(&input, &options());
        assert_eq!(
            (plan.problem_count, plan.memberships),
            (1, Counts::default())
        );
    }
}

#[test]
fn no_more_than_a_thousand_problems_are_listed() {
    let members = format!("{NO_MEMBERS}{}", "x\n".repeat(5_000));
    let (_, plan) = import(GROUPS, &members, None);
    assert_eq!(
        (plan.problems.len(), plan.problem_count),
        (MAX_LISTED_PROBLEMS, 5_000)
    );
}
