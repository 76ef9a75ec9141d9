//! What an import may do is what its importer may do: the right to import is not the right to remove
//! people, to give access, or to know of private groups.

use crate::{
    catalogue::{Maker, borrow, upload},
    support::{Caller, Org, World, on_both_databases},
};
use muster::{
    domain::{
        AppError, GroupId, PlayerId,
        access::{AccessSet, Action, Missing},
    },
    features::{
        roster::service::apply_shape,
        transfer_data::{
            input::{Choices, Upload, Uploads},
            model::{Problem, Report},
            service::{Imported, Refused, run_import},
        },
    },
    server::{Ctx, Failure},
};
use std::sync::Arc;

const NO_GROUPS: &str = "group,parent\n";
const NO_MEMBERS: &str = "player,group,role\n";

fn uploads(groups: &str, memberships: &str, players: &str) -> Arc<Uploads> {
    let file = |name: &str, text: &str| Upload {
        name: name.into(),
        bytes: text.into(),
    };
    Arc::new(Uploads {
        groups: file("groups.csv", groups),
        memberships: file("memberships.csv", memberships),
        players: (!players.is_empty()).then(|| file("players.csv", players)),
    })
}

/// Somebody who may import, and what else is said.
async fn importer(world: &World, org: &Org, name: &str, more: &[Action]) -> Caller {
    let (caller, player) = world.claimed(org, name).await;
    let access: AccessSet = [Action::Import].iter().chain(more).copied().collect();
    world.rank(org, player, 50, access).await;
    caller
}

/// Imports, after a dry run that must have announced the same.
async fn import(world: &World, org: &Org, caller: &Caller, files: &Arc<Uploads>) -> Report {
    let ctx = world.ctx_of(org, caller).await;
    let run = async |dry| {
        run_import(&ctx, files.clone(), &Choices::default(), dry, |_, _| ())
            .await
            .unwrap()
    };
    let (dry, real) = (run(true).await.report, run(false).await.report);
    let announced = Report {
        dry_run: false,
        ..dry
    };
    assert_eq!(
        announced, real,
        "the preview announces something else than the import does"
    );
    real
}

fn codes(report: &Report) -> Vec<(u32, &'static str)> {
    let code = |problem: &Problem| (problem.line, problem.code.as_str());
    report.problems.iter().map(code).collect()
}

async fn standing(world: &World, org: &Org, player: PlayerId) -> String {
    let roster = world.roster(org).await;
    roster.player(player).unwrap().standing.clone()
}

async fn set_standing(world: &World, player: PlayerId, standing: &str) {
    let mut tx = world.state.db.system().await.unwrap();
    tx.run(
        "update player set standing = $2 where player_id = $1",
        (player, standing.to_owned()),
    )
    .await
    .unwrap();
    tx.commit().await.unwrap();
}

/// A private group with somebody in it.
async fn private(world: &World, org: &Org, name: &str, exclusive: bool) -> (GroupId, PlayerId) {
    let root = org.id.root_group();
    let group = world
        .group_with(org, root, name, exclusive, "private", "closed")
        .await;
    let player = world.player(org, &format!("Agent of {name}")).await;
    world
        .place(org, player, group, None, &org.founder)
        .await
        .outcome();
    (group, player)
}

#[track_caller]
fn forbidden<T: std::fmt::Debug>(
    answer: std::result::Result<T, Failure>,
    action: Action,
    what: &str,
) {
    let Err(Failure::App(error)) = answer else {
        panic!("{what} with a right that was taken a moment ago: {answer:?}");
    };
    assert_eq!(
        error,
        AppError::Forbidden(Missing::Access(action)),
        "{what}"
    );
}

on_both_databases! {
    async fn a_file_removes_nobody_who_is_somebody(world: World) {
        let org = world.org("apple").await;
        let officer = importer(&world, &org, "Officer", &[]).await;
        let (_, member) = world.claimed(&org, "Member").await;
        let (_, banned) = world.claimed(&org, "Banned").await;
        set_standing(&world, banned, "banned").await;
        let founding = world.player(&org, "Cofounder").await;
        let mut tx = world.state.db.system().await.unwrap();
        tx.run(
            "insert into co_founder (org_id, player_id, since) values ($1, $2, $3)",
            (org.id, founding, world.now()),
        )
        .await
        .unwrap();
        tx.commit().await.unwrap();
        let unclaimed = world.player(&org, "Unclaimed").await;
        let players = "player,standing\nMember,kicked\nBanned,left\nCofounder,banned\nUnclaimed,left\n";
        let files = uploads(NO_GROUPS, NO_MEMBERS, players);
        for caller in [&officer, &org.founder] {
            let report = import(&world, &org, caller, &files).await;
            assert_eq!(
                codes(&report),
                [(2, "standing_is_held"), (3, "standing_is_held"), (4, "standing_is_held")],
                "rows about somebody are refused, whoever imports: {:?}", report.problems
            );
            assert_eq!(report.players.skipped, 3, "{:?}", report.players);
            for (player, expected) in [
                (member, "active"), (banned, "banned"), (founding, "active"), (unclaimed, "left"),
            ] {
                assert_eq!(standing(&world, &org, player).await, expected);
            }
        }
        // Words that take nobody out or in are anybody's to import.
        let files = uploads(NO_GROUPS, NO_MEMBERS, "player,standing\nMember,reserve\n");
        let report = import(&world, &org, &officer, &files).await;
        assert_eq!((codes(&report), report.players.updated), (Vec::new(), 1));
        assert_eq!(standing(&world, &org, member).await, "reserve");
    }

    async fn a_file_gives_no_access_that_its_importer_has_not(world: World) {
        let org = world.org("apple").await;
        let officer = importer(&world, &org, "Officer", &[]).await;
        let leadership: Vec<Action> = AccessSet::leadership().iter().collect();
        let high = importer(&world, &org, "High Officer", &leadership).await;
        let alpha = world.group(&org, org.id.root_group(), "Alpha", false).await;
        let maker = Maker::new(&world, &org, alpha);
        let fields = [
            ("group_id", alpha.to_string()),
            ("name", "Recruiter".to_owned()),
            ("access[0]", "player.kick".to_owned()),
        ];
        maker.founder("/api/roster/create_role", &borrow(&fields)).await.outcome();
        let members = "player,group,role,since,until\nOfficer,Alpha,In Command,,\nOfficer,Bravo,Leader,,\n\
                       Smith,Alpha,Member,,\nSmith,Alpha,Recruiter,,\nJones,Bravo,Leader,2020-01-01,2021-01-01\n";
        let files = uploads("group,parent\nAlpha,\nBravo,\n", members, "");
        let report = import(&world, &org, &officer, &files).await;
        assert_eq!(
            codes(&report),
            [(2, "role_not_givable"), (3, "role_not_givable"), (5, "role_not_givable")],
            "{:?}", report.problems
        );
        assert_eq!(report.memberships.created, 2, "ordinary roles and ended ones give nothing");
        let roster = world.roster(&org).await;
        let officers = roster.players.iter().find(|player| player.common_name == "Officer").unwrap();
        assert!(
            roster.led_by(officers.player_id).next().is_none(),
            "whoever may import has made themself a leader"
        );
        // A wider right to give makes the same file good.
        let report = import(&world, &org, &high, &files).await;
        assert_eq!(codes(&report), [(5, "role_not_givable")], "{:?}", report.problems);
        let report = import(&world, &org, &org.founder, &files).await;
        assert_eq!(codes(&report), [], "{:?}", report.problems);
        let roster = world.roster(&org).await;
        assert_eq!(roster.led_by(officers.player_id).count(), 2);
    }

    async fn a_file_ends_no_membership_of_a_founder(world: World) {
        let org = world.org("apple").await;
        let officer = importer(&world, &org, "Officer", &[]).await;
        let alpha = world.group(&org, org.id.root_group(), "Alpha", false).await;
        let roster = world.roster(&org).await;
        let founder = roster.players.iter().find(|player| player.founder).unwrap();
        world.place(&org, founder.player_id, alpha, None, &org.founder).await.outcome();
        world.wait(chrono::Duration::days(2));
        let until = (world.now() - chrono::Duration::days(1)).format("%Y-%m-%dT%H:%M:%SZ");
        let rows = format!("player,group,role,since,until\n{},Alpha,Member,,{until}\n", founder.common_name);
        let files = uploads("group,parent\nAlpha,\n", &rows, "");
        let report = import(&world, &org, &officer, &files).await;
        assert_eq!(codes(&report), [(2, "member_protected")], "{:?}", report.problems);
        assert_eq!(world.roster(&org).await.members_of(alpha).len(), 1, "nobody acts on the founder");
        let report = import(&world, &org, &org.founder, &files).await;
        assert_eq!((codes(&report), report.memberships.updated), (Vec::new(), 1));
    }

    async fn to_a_file_private_groups_are_groups_that_never_were(world: World) {
        let org = world.org("apple").await;
        let officer = importer(&world, &org, "Officer", &[Action::AssignMembers]).await;
        let (cell, agent) = private(&world, &org, "Cell", false).await;
        let (ring, _) = private(&world, &org, "Ring", true).await;
        let reports = {
            let mut reports = Vec::new();
            for name in ["Cell", "Nowhere"] {
                let groups = format!("group,parent\nAlpha,{name}\n");
                let members = format!("{NO_MEMBERS}Smith,{name},Member\n");
                let files = uploads(&groups, &members, "");
                let report = import(&world, &org, &officer, &files).await;
                let json = serde_json::to_string(&report).unwrap();
                reports.push(json.replace(name, "…"));
            }
            reports
        };
        assert_eq!(
            reports[0], reports[1],
            "an import tells of a private group that its importer does not see"
        );
        // That a name is taken cannot be hidden, and nothing else is told or done.
        let rows = "group,parent,description,visibility\ncell,,Found it,public\n";
        let members = format!("{NO_MEMBERS}Smith,Cell,In Command\n");
        let report = import(&world, &org, &officer, &uploads(rows, &members, "")).await;
        assert_eq!(codes(&report), [(2, "name_taken"), (2, "group_skipped")], "{:?}", report.problems);
        let roster = world.roster(&org).await;
        assert_eq!(roster.group(cell).unwrap().description, "For tests");
        // Who is in a hidden exclusive group is in no other one, and where is not told.
        let files = uploads("group,parent,exclusive\nBravo,,yes\n", &format!("{NO_MEMBERS}Agent of Ring,Bravo,Member\n"), "");
        let report = import(&world, &org, &officer, &files).await;
        assert_eq!(codes(&report), [(2, "exclusive_overlap")], "{:?}", report.problems);
        assert!(
            !report.problems[0].text.replace("\"Agent of Ring\"", "").contains("Ring"),
            "{:?}", report.problems
        );
        // Nor does an import end what is in there.
        let prune = Choices { prune: true, prune_limit: Some(100), ..Choices::default() };
        let ctx = world.ctx_of(&org, &officer).await;
        let files = uploads("group,parent\nAlpha,\n", NO_MEMBERS, "");
        for dry in [true, false] {
            let pruned = run_import(&ctx, files.clone(), &prune, dry, |_, _| ()).await.unwrap();
            assert!(pruned.report.ended.is_empty(), "{:?}", pruned.report.ended);
        }
        let roster = world.roster(&org).await;
        assert_eq!((roster.members_of(cell).len(), roster.members_of(ring).len()), (1, 1));
        // Those who see the groups import into them.
        let files = uploads("group,parent\nCell,\n", &format!("{NO_MEMBERS}Agent of Cell,Cell,member\n"), "");
        let report = import(&world, &org, &org.founder, &files).await;
        assert_eq!((codes(&report), report.memberships.unchanged), (Vec::new(), 1));
        assert_eq!(world.roster(&org).await.groups_of(agent), [cell]);
    }

    async fn a_run_is_for_its_maker_and_for_founders(world: World) {
        let org = world.org("apple").await;
        let officer = importer(&world, &org, "Officer", &[]).await;
        private(&world, &org, "Cell", false).await;
        let members = format!("{NO_MEMBERS}Agent of Cell,Cell,member\nAgent of Cell,Cell,\n");
        let run = async |by: &Caller| {
            let answer = upload(&world, &org, "group,parent\nCell,\n", &members, by).await;
            let page = answer.location().to_owned();
            (page.clone(), page.rsplit('/').next().unwrap().to_owned())
        };
        let (page, id) = run(&org.founder).await;
        let (_, own) = run(&officer).await;
        let read = async |id: &str, by: &Caller| {
            let path = format!("/api/transfer_data/read_import?import_id={id}");
            world.read(&org.host, &path, by).await
        };
        assert_eq!(read(&id, &officer).await.error(), AppError::NotFound);
        let csv = world.get(&org.host, &format!("{page}/report.csv"), &officer).await;
        assert_eq!(csv.status.as_u16(), 404);
        let path = "/api/transfer_data/start_import";
        let started = world.command(&org.host, path, &[("import_id", &id)], &officer).await;
        assert_eq!(started.error(), AppError::NotFound);
        let listed = world.read(&org.host, "/api/transfer_data/list_imports", &officer).await;
        assert!(listed.body.contains(&own) && !listed.body.contains(&id), "{}", listed.body);
        for one in [&id, &own] {
            assert_eq!(read(one, &org.founder).await.status.as_u16(), 200, "founders see everything");
        }
        assert_eq!(read(&own, &officer).await.status.as_u16(), 200);
    }

    async fn a_right_that_was_taken_imports_nothing(world: World) {
        let org = world.org("apple").await;
        let (caller, player) = world.claimed(&org, "Officer").await;
        let both = [Action::Import, Action::AssignMembers];
        world.rank(&org, player, 50, both.into_iter().collect()).await;
        // A request that began before, as one does that waits for the Org.
        let before: Ctx = world.ctx_of(&org, &caller).await;
        let prune = Choices { prune: true, ..Choices::default() };
        let files = uploads("group,parent\nAlpha,\n", NO_MEMBERS, "");
        world.rank(&org, player, 51, [Action::Import].into_iter().collect()).await;
        let pruned = run_import(&before, files.clone(), &prune, false, |_, _| ()).await;
        forbidden(pruned, Action::AssignMembers, "an import ended memberships");
        world.rank(&org, player, 52, AccessSet::default()).await;
        let imported = run_import(&before, files.clone(), &Choices::default(), false, |_, _| ()).await;
        forbidden(imported, Action::Import, "an import ran");
        forbidden(apply_shape(&before, "infantry").await, Action::Import, "a shape was applied");
        assert!(world.roster(&org).await.groups.is_empty());
        let imported: Imported = run_import(&world.ctx(&org).await, files, &Choices::default(), false, |_, _| ())
            .await
            .unwrap();
        assert_eq!(imported.refused, None::<Refused>, "the same file is good for those who may");
    }
}
