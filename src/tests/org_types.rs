//! Org types (§1.6): what a type decides, that new ones are data, and who may write them.

use crate::{
    cast::Cast,
    catalogue::{Maker, borrow, org_type},
    support::{APEX, Answer, Caller, Org, PASSWORD, World, on_both_databases},
};
use axum::http::{StatusCode, header};
use muster::{
    domain::{
        AppError, ConflictCode, FieldProblem, OrgId,
        access::{Action, Missing},
        module::{Module, Modules},
    },
    features::tenants::{
        input::org_types::OrgTypeFile,
        model::org_types::{OrgType, OrgTypeLine},
        service,
    },
    server::Ctx,
};
use std::{path::Path, process::Command};

const NEW: &str = "/api/tenants/create_org_type";
const EDIT: &str = "/api/tenants/edit_org_type";

async fn read(world: &World, id: &str) -> OrgType {
    let operator = Ctx::for_server(&world.state, None);
    service::read_org_type(&operator, id).await.unwrap()
}

/// The ranks of an Org: name, level, default, guest.
async fn ranks(world: &World, org: OrgId) -> Vec<(String, i64, bool, bool)> {
    let mut tx = world.state.db.system_read().await.unwrap();
    let ranks = tx
        .all(
            "select name, level, is_default, is_guest from rank where org_id = $1 order by level",
            (org,),
        )
        .await
        .unwrap();
    tx.commit().await.unwrap();
    ranks
}

async fn modules(world: &World, org: &Org) -> Modules {
    world.ctx(org).await.tenant().unwrap().modules
}

/// Changes a shipped type past the page.
async fn change(world: &World, id: &str, change: impl FnOnce(&mut OrgTypeFile)) {
    let of = read(world, id).await;
    let version = of.version;
    let mut file = OrgTypeFile::from(of);
    change(&mut file);
    let operator = Ctx::for_server(&world.state, None);
    service::edit_org_type(&operator, file.into_input(), version)
        .await
        .unwrap();
}

/// The fields with one of them replaced.
fn with(field: &'static str, value: &str) -> Vec<(&'static str, String)> {
    let mut fields = org_type("example.club");
    match fields.iter_mut().find(|(name, _)| *name == field) {
        Some((_, old)) => *old = value.to_owned(),
        None => fields.push((field, value.to_owned())),
    }
    fields
}

async fn sole(world: &World) -> Vec<(String,)> {
    let mut tx = world.state.db.system_read().await.unwrap();
    let rows = tx
        .all(
            "select u.name from sole_membership s join user_account u on u.user_id = s.user_id
              order by u.name",
            (),
        )
        .await
        .unwrap();
    tx.commit().await.unwrap();
    rows
}

#[track_caller]
fn has(page: &Answer, text: &str) {
    assert_eq!(page.status, StatusCode::OK);
    assert!(
        page.body.contains(text),
        "{text:?} is missing on the page: {:.4000}",
        page.body
    );
}

on_both_databases! {
    async fn a_type_that_is_only_data_works_at_once(world: World) {
        let admin = world.site_admin("Admin").await;
        let made = world.command(APEX, NEW, &borrow(&org_type("example.club")), &admin).await;
        assert_eq!(made.outcome().goto.as_deref(), Some("/site/types/example.club"));
        // Founding offers it and takes it, without a restart.
        let user = world.user("Ripley").await;
        has(&world.get(APEX, "/found", &user).await, "value=\"example.club\"");
        let fields = [("name", "Chess"), ("slug", "chess"), ("type_id", "example.club")];
        world.command(APEX, "/api/tenants/found_org", &fields, &user).await.outcome();
        let org = Org { slug: "chess".into(), host: format!("chess.{APEX}"), founder: user.clone(), id: OrgId::default() };
        let org = Org { id: world.ctx(&org).await.tenant().unwrap().id(), ..org };
        assert_eq!(
            ranks(&world, org.id).await,
            [("Visitor".to_owned(), 0, false, true), ("Regular".to_owned(), 10, true, false)],
            "a new Org starts with the ranks of its type"
        );
        let on = modules(&world, &org).await;
        assert_eq!(on.iter().collect::<Vec<_>>(), [Module::Joining]);
        has(&world.get(&org.host, "/about", &Caller::default()).await, "Club");
        // Others are told of it by administrators' pages only.
        let list: Vec<OrgTypeLine> = world.read(APEX, "/api/tenants/read_org_types", &admin).await.json();
        let line = list.into_iter().find(|line| line.id == "example.club").unwrap();
        assert_eq!(line.orgs, 1);
    }

    async fn unknown_types_are_refused_at_founding(world: World) {
        let user = world.user("Ripley").await;
        for (id, problem) in [("example.none", FieldProblem::Unknown), ("club", FieldProblem::Malformed)] {
            let fields = [("name", "Chess"), ("slug", "chess"), ("type_id", id)];
            let answer = world.command(APEX, "/api/tenants/found_org", &fields, &user).await;
            assert_eq!(answer.error(), AppError::field("type_id", problem));
        }
    }

    async fn only_administrators_of_the_installation_may(world: World) {
        let cast = Cast::new(&world).await;
        let admin = world.site_admin("Admin").await;
        let pages = ["/site/types", "/site/types/new", "/site/types/muster.unit"];
        // Who founds and leads organisations administers no installation.
        for caller in [&cast.org.founder, &cast.callers[1], &cast.callers[8]] {
            let refused = world.command(APEX, NEW, &borrow(&org_type("example.club")), caller).await;
            assert_eq!(refused.error(), AppError::Forbidden(Missing::SiteAdmin));
            for page in pages {
                let answer = world.get(APEX, page, caller).await;
                assert_eq!(answer.status, StatusCode::FORBIDDEN, "{page}");
                assert!(!answer.body.contains("Milsim"), "{page} shows a type to others");
            }
            let start = world.get(APEX, "/", caller).await;
            assert!(!start.body.contains("/site/types"), "the menu shows what one may not");
        }
        for page in pages {
            has(&world.get(APEX, page, &admin).await, "type");
        }
        has(&world.get(APEX, "/", &admin).await, "href=\"https://muster.test/site/types\"");
        assert_eq!(world.get(&cast.org.host, "/site/types", &admin).await.status, StatusCode::NOT_FOUND);
        assert_eq!(world.get(APEX, "/site/types/example.none", &admin).await.status, StatusCode::NOT_FOUND);
        world.command(APEX, NEW, &borrow(&org_type("example.club")), &admin).await.outcome();
        // Whoever is one no more may no more, at once.
        let operator = Ctx::for_server(&world.state, None);
        let user = admin.user.unwrap();
        muster::features::accounts::service::set_site_admin(&operator, user, false).await.unwrap();
        let refused = world.command(APEX, NEW, &borrow(&org_type("example.other")), &admin).await;
        assert_eq!(refused.error(), AppError::Forbidden(Missing::SiteAdmin));
    }

    async fn what_is_wrong_stands_at_its_field_and_nothing_is_lost(world: World) {
        let admin = world.site_admin("Admin").await;
        for (field, value, at, problem) in [
            ("type_id", "club", "type_id", FieldProblem::Malformed),
            ("type_id", "Example.Club", "type_id", FieldProblem::Malformed),
            ("type_id", "muster.unit", "type_id", FieldProblem::Taken),
            ("name", "", "name", FieldProblem::Required),
            ("modules[]", "magic", "modules[]", FieldProblem::Unknown),
            ("access[]", "magic", "access[]", FieldProblem::Unknown),
            ("ranks[1][access][]", "org.manage", "ranks[1][access][]", FieldProblem::Unknown),
            ("ranks[1][level]", "0", "ranks[1][level]", FieldProblem::Taken),
            ("ranks[1][level]", "1001", "ranks[1][level]", FieldProblem::OutOfRange),
            ("ranks[1][name]", "visitor", "ranks[1][name]", FieldProblem::Taken),
            ("default", "", "default", FieldProblem::Required),
            ("default", "0", "guest", FieldProblem::Taken),
            ("guest", "7", "guest", FieldProblem::Required),
        ] {
            let answer = world.command(APEX, NEW, &borrow(&with(field, value)), &admin).await;
            assert_eq!(answer.error(), AppError::field(at, problem), "{field}={value}");
        }
        // Without JavaScript the page shows what was typed, and what is wrong with it.
        let mut typed = with("ranks[1][level]", "1001");
        typed.push(("ranks[2][level]", "20".into()));
        typed.push(("ranks[2][name]", "Elder".into()));
        let refused = world.form(APEX, NEW, &borrow(&typed), &admin).await;
        let flash = refused.cookie("__Host-flash").expect("a refused form leaves a flash");
        let session = world.session(APEX, &admin).await.unwrap();
        let request = axum::http::Request::builder()
            .uri("/site/types/new")
            .header(header::HOST, APEX)
            .header(header::ACCEPT, "text/html")
            .header(header::COOKIE, format!("{session}; {flash}"));
        let page = world.send(request.body(axum::body::Body::empty()).unwrap()).await;
        for text in ["value=\"Elder\"", "value=\"1001\"", "Outside of the allowed range.", "value=\"example.club\""] {
            has(&page, text);
        }
    }

    async fn a_change_counts_at_once_but_not_for_ranks_of_before(world: World) {
        let org = world.org("apple").await;
        let here = world.group(&org, org.id.root_group(), "Here", true).await;
        let maker = Maker::new(&world, &org, here);
        let (group, _, position) = maker.position().await;
        has(&world.get(&org.host, "/roster", &org.founder).await, "data-state=\"vacant\"");
        let before = ranks(&world, org.id).await;
        change(&world, "muster.unit", |of| {
            of.modules = Some(vec!["joining".into()]);
            let ranks = of.ranks.as_mut().unwrap();
            ranks.retain(|rank| rank.level <= 10);
            ranks[1].name = "Rookie".into();
        })
        .await;
        // No event of the Org's says so, and nothing kept in memory may hide it.
        let roster = world.get(&org.host, "/roster", &org.founder).await;
        assert!(!roster.body.contains("vacant"), "vacancies show although positions are off");
        for path in [
            format!("/groups/{group}/positions/new"),
            format!("/groups/{group}/positions/{position}"),
        ] {
            let answer = world.get(&org.host, &path, &org.founder).await;
            assert_eq!(answer.status, StatusCode::NOT_FOUND, "{path} is a page of a module that is off");
        }
        let page = world.get(&org.host, &format!("/groups/{group}?tab=positions"), &org.founder).await;
        assert!(!page.body.contains("Position"), "the group's page tells of positions");
        let player = maker.player().await.to_string();
        let (group, position) = (group.to_string(), position.to_string());
        for (endpoint, fields) in [
            ("create_position", vec![("group_id", group.as_str()), ("name", "Medic"), ("role_id", &group)]),
            ("edit_position", vec![("position_id", &position), ("version", "1"), ("name", "x"), ("role_id", &group)]),
            ("delete_position", vec![("position_id", &position)]),
            ("place_player", vec![("group_id", &group), ("player_id", &player), ("position_id", &position)]),
        ] {
            let answer = world.command(&org.host, &format!("/api/roster/{endpoint}"), &fields, &org.founder).await;
            assert_eq!(answer.error(), AppError::NotFound, "{endpoint} is a command of a module that is off");
        }
        assert_eq!(ranks(&world, org.id).await, before, "the ranks of an Org are its own");
        let newer = world.org("pear").await;
        let names: Vec<String> = ranks(&world, newer.id).await.into_iter().map(|rank| rank.0).collect();
        assert_eq!(names, ["Visitor", "Rookie"]);
        // On again, everything is there again.
        change(&world, "muster.unit", |of| of.modules = Some(vec!["positions".into()])).await;
        has(&world.get(&org.host, "/roster", &org.founder).await, "data-state=\"vacant\"");
    }

    async fn a_starting_shape_brings_only_what_the_type_has(world: World) {
        let founder = world.user("Founder").await;
        for (type_id, slug, positions) in [("muster.unit", "unit", true), ("muster.servers", "servers", false)] {
            let org = world.org_of_type(type_id, slug, slug, &founder).await;
            let shape = [("shape", "infantry-company")];
            world.command(&org.host, "/api/roster/apply_shape", &shape, &founder).await.outcome();
            let page = world.get(&org.host, "/roster", &founder).await;
            assert_eq!(page.body.contains("Vacant"), positions, "{type_id}");
            let mut tx = world.state.db.system_read().await.unwrap();
            let (count,): (i64,) = tx
                .one("select count(*) from position where org_id = $1", (org.id,))
                .await
                .unwrap();
            tx.commit().await.unwrap();
            assert_eq!(count > 0, positions, "{type_id}");
        }
    }

    async fn two_administrators_at_once_lose_nothing(world: World) {
        let admin = world.site_admin("Admin").await;
        let mut fields = org_type("muster.guild");
        fields.push(("version", "1".into()));
        world.command(APEX, EDIT, &borrow(&fields), &admin).await.outcome();
        let late = world.command(APEX, EDIT, &borrow(&fields), &admin).await;
        assert_eq!(late.error(), AppError::Conflict(ConflictCode::Stale));
        let of = read(&world, "muster.guild").await;
        assert_eq!((of.version, of.name.as_str(), of.ranks.len()), (2, "Club", 2));
        let unknown = with("type_id", "example.none");
        let unknown: Vec<_> = unknown.into_iter().chain([("version", "1".to_owned())]).collect();
        let answer = world.command(APEX, EDIT, &borrow(&unknown), &admin).await;
        assert_eq!(answer.error(), AppError::NotFound);
    }

    async fn one_for_each_person_counts_those_who_are_there(world: World) {
        let founder = world.user("Founder").await;
        let first = world.org_of("first", "First", &founder).await;
        world.org_of("second", "Second", &founder).await;
        world.claimed(&first, "Member").await;
        change(&world, "muster.unit", |of| of.one_per_person = Some(true)).await;
        let names = sole(&world).await;
        let seats = ["Founder", "Founder", "first Member"].map(|name| (name.to_owned(),));
        assert_eq!(names, seats, "a seat in each Org that they are in");
        change(&world, "muster.unit", |of| of.one_per_person = Some(false)).await;
        assert!(sole(&world).await.is_empty());
    }

    /// Who belongs to two when the rule comes cannot leave one for a third.
    async fn one_for_each_person_holds_for_those_who_are_in_several(world: World) {
        let founder = world.user("Founder").await;
        let guest = world.user("Guest").await;
        let mut orgs = Vec::new();
        for slug in ["first", "second", "third"] {
            let org = world.org_of(slug, slug, &founder).await;
            let open = world.group_with(&org, org.id.root_group(), "Open", false, "public", "open").await;
            orgs.push((org, open.to_string()));
        }
        let join = async |at: usize| {
            let (org, group) = &orgs[at];
            world.command(&org.host, "/api/joining/join_group", &[("group_id", group)], &guest).await
        };
        let leave = async |at: usize| {
            let leave = "/api/joining/leave_org";
            world.command(&orgs[at].0.host, leave, &[("sure", "true")], &guest).await.outcome();
        };
        join(0).await.outcome();
        join(1).await.outcome();
        change(&world, "muster.unit", |of| of.one_per_person = Some(true)).await;
        for (left, stays) in [(0, "second"), (1, "first")] {
            leave(left).await;
            let third = join(2).await;
            let elsewhere = AppError::Conflict(ConflictCode::OtherOrg { org: stays.into() });
            assert_eq!(third.error(), elsewhere, "leaving one of two opened the way into a third");
            assert_eq!(join(left).await.error(), elsewhere, "nor back into the one that was left");
            change(&world, "muster.unit", |of| of.one_per_person = Some(false)).await;
            join(left).await.outcome();
            change(&world, "muster.unit", |of| of.one_per_person = Some(true)).await;
        }
        leave(0).await;
        leave(1).await;
        join(2).await.outcome();
    }

    async fn what_is_shown_is_what_is_read(world: World) {
        let operator = Ctx::for_server(&world.state, None);
        for id in ["muster.unit", "muster.guild", "muster.servers", "muster.alliance"] {
            let of = read(&world, id).await;
            let file = OrgTypeFile::from(of.clone());
            let json = serde_json::to_string(&file).unwrap();
            let again: OrgTypeFile = serde_json::from_str(&json).unwrap();
            assert_eq!(again, file, "{json}");
            service::edit_org_type(&operator, again.clone().into_input(), of.version).await.unwrap();
            let kept = OrgType { version: of.version + 1, ..of.clone() };
            assert_eq!(read(&world, id).await, kept, "writing what was shown changes {id}");
            let copy = OrgTypeFile { type_id: Some(format!("copy.of.{id}")), ..again };
            service::create_org_type(&operator, copy.into_input()).await.unwrap();
            let copied = read(&world, &format!("copy.of.{id}")).await;
            assert_eq!(copied, OrgType { id: format!("copy.of.{id}"), version: 1, ..of });
        }
    }

    /// §1.4 and §5 by `muster.servers` alone, and the other types theirs.
    async fn shipped_types_give_each_its_system(world: World) {
        let user = world.user("Ripley").await;
        let servers = world.org_of_type("muster.servers", "servers", "Servers", &user).await;
        let unit = world.org_of_type("muster.unit", "unit", "Unit", &user).await;
        let guild = world.org_of_type("muster.guild", "guild", "Guild", &user).await;
        let on = |modules: Modules| modules.stored();
        assert_eq!(on(modules(&world, &servers).await), "joining");
        assert_eq!(on(modules(&world, &guild).await), "joining ranks operations");
        assert_eq!(on(modules(&world, &unit).await), "joining ranks positions operations");
        assert_eq!(ranks(&world, servers.id).await.len(), 2, "no ladder: default and guest");
        assert_eq!(ranks(&world, unit.id).await.len(), 11);
        assert_eq!(ranks(&world, guild.id).await.len(), 7);
        // Names (§1.4).
        for (name, problem) in [
            ("BZFlag", FieldProblem::Reserved),
            ("SERVERS", FieldProblem::Taken),
            ("A name of twenty-six chars", FieldProblem::TooLong { max: 25 }),
        ] {
            let fields = [("name", name), ("slug", "other"), ("type_id", "muster.servers")];
            let answer = world.command(APEX, "/api/tenants/found_org", &fields, &user).await;
            assert_eq!(answer.error(), AppError::field("name", problem));
        }
        // Groups: open, by request, closed; public and private (§5.1, §5.2).
        let root = servers.id.root_group().to_string();
        let group = |name: &'static str, visibility: &'static str, policy: &'static str| {
            let (world, org, root) = (world.clone(), servers.clone(), root.clone());
            async move {
                let fields = [
                    ("parent_id", root.as_str()), ("name", name), ("description", "For tests"),
                    ("kind", "Group"), ("visibility", visibility), ("policy", policy),
                ];
                let made = world.command(&org.host, "/api/roster/create_group", &fields, &org.founder).await;
                made.outcome().event.unwrap().group_id.unwrap()
            }
        };
        let open = group("Duel", "public", "open").await;
        group("Admins", "public", "by_request").await;
        group("Staff", "private", "closed").await;
        let face = world.get(&servers.host, "/", &Caller::default()).await;
        for text in ["Duel", "Admins", "Open to everybody", "Ask to join"] {
            has(&face, text);
        }
        assert!(!face.body.contains("Staff"), "a private group shows to visitors");
        // A manager adds; a member does not; nobody removes the founder but through the rules (§5.3).
        let (manager, player) = world.claimed(&servers, "Manager").await;
        let (member, other) = world.claimed(&servers, "Member").await;
        let (open, player, other) = (open.to_string(), player.to_string(), other.to_string());
        let manages = [("group_id", open.as_str()), ("player_id", &player), ("manages", "true")];
        world.command(&servers.host, "/api/roster/set_manager", &manages, &user).await.outcome();
        let place = [("group_id", open.as_str()), ("player_id", other.as_str())];
        let refused = world.command(&servers.host, "/api/roster/place_player", &place, &member).await;
        assert_eq!(refused.error(), AppError::Forbidden(Missing::AccessHere(Action::AssignMembers)));
        world.command(&servers.host, "/api/roster/place_player", &place, &manager).await.outcome();
        let again = world.command(&servers.host, "/api/roster/place_player", &place, &manager).await;
        assert_eq!(again.error(), AppError::Conflict(ConflictCode::AlreadyMember));
        // No pages of what the type does not have.
        for path in [format!("/groups/{open}/positions/new"), "/ranks".to_owned()] {
            let answer = world.get(&servers.host, &path, &user).await;
            assert_eq!(answer.status, StatusCode::NOT_FOUND, "{path} in muster.servers");
        }
        let page = world.get(&servers.host, &format!("/groups/{open}"), &user).await;
        assert!(!page.body.contains("tab=positions"));
    }
}

/// The binary's answer: whether it did it, what it printed, what it complained.
fn muster(folder: &Path, args: &[&str]) -> (bool, String, String) {
    let done = Command::new(env!("CARGO_BIN_EXE_muster"))
        .current_dir(folder)
        .env_remove("RUST_LOG")
        .env("MUSTER_CONFIG", folder.join("Leptos.toml"))
        .env(
            "MUSTER_DATABASE_URL",
            format!("sqlite:{}", folder.join("m.db").display()),
        )
        .args(args)
        .output()
        .unwrap();
    let text = |bytes| String::from_utf8(bytes).unwrap();
    (done.status.success(), text(done.stdout), text(done.stderr))
}

#[test]
fn the_command_shows_adds_and_edits() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    let settings = "[package.metadata.leptos]\noutput-name = \"muster\"\nsite-root = \"site\"\n\n\
                    [muster]\napex-url = \"http://muster.test\"\n";
    std::fs::write(folder.join("Leptos.toml"), settings).unwrap();
    let good = |args: &[&str]| {
        let (good, out, told) = muster(folder, args);
        assert!(good, "{args:?}: {told}");
        out
    };
    let bad = |args: &[&str]| {
        let (good, _, told) = muster(folder, args);
        assert!(!good, "{args:?} should have been refused");
        told.lines().last().unwrap_or_default().to_owned()
    };
    let shown = good(&["org-type", "show", "muster.unit", "--json"]);
    std::fs::write(folder.join("unit.json"), &shown).unwrap();
    good(&["org-type", "edit", "unit.json"]);
    assert_eq!(good(&["org-type", "show", "muster.unit", "--json"]), shown);
    // The copy differs in its id and nothing else.
    good(&["org-type", "add", "unit.json", "--id", "example.unit"]);
    let copy = good(&["org-type", "show", "example.unit", "--json"]);
    assert_eq!(copy.replace("example.unit", "muster.unit"), shown);
    // Flags alone change what they name.
    good(&[
        "org-type",
        "edit",
        "--id",
        "example.unit",
        "--name",
        "Band",
        "--modules",
        "joining",
    ]);
    let edited = good(&["org-type", "show", "example.unit", "--json"]);
    let copy = copy.replacen("\"name\": \"Unit\"", "\"name\": \"Band\"", 1);
    let at = edited.find("\"access\"").unwrap();
    assert!(
        edited[..at].contains("\"Band\"")
            && edited[..at].contains("\"modules\": [\n    \"joining\"\n  ]"),
        "{edited}"
    );
    assert_eq!(edited[at..], copy[copy.find("\"access\"").unwrap()..]);
    let toml = "type_id = \"example.club\"\nname = \"Club\"\ndescription = \"Chess.\"\n\
                [[ranks]]\nlevel = 0\nname = \"Guest\"\nguest = true\n\
                [[ranks]]\nlevel = 5\nname = \"Member\"\ndefault = true\n";
    std::fs::write(folder.join("club.toml"), toml).unwrap();
    good(&["org-type", "add", "club.toml"]);
    let list = good(&["org-type", "list"]);
    assert!(
        list.contains("example.club") && list.contains("muster.servers"),
        "{list}"
    );
    assert!(good(&["org-type", "show", "example.club"]).contains("Member"));
    // Refusals: one line, in the words of the pages.
    assert_eq!(
        bad(&["org-type", "add", "club.toml"]),
        "muster: type_id: Taken already. Choose another."
    );
    let told = bad(&[
        "org-type",
        "add",
        "club.toml",
        "--id",
        "x",
        "--modules",
        "magic",
    ]);
    assert!(
        told.contains("type_id: ") && told.contains("modules: "),
        "{told}"
    );
    assert_eq!(
        bad(&["org-type", "show", "example.none"]),
        "muster: there is no org type example.none"
    );
    assert!(bad(&["org-type", "edit"]).contains("--id"));
    assert!(bad(&["org-type", "add", "none.toml"]).contains("cannot read none.toml"));
    // Administrators.
    good(&[
        "user",
        "create",
        "--name",
        "Ripley",
        "--email",
        "r@example.org",
        "--password",
        PASSWORD,
    ]);
    assert!(good(&["user", "admin", "--name", "Ripley"]).contains("is an administrator"));
    assert!(good(&["user", "admin", "--name", "Ripley", "--remove"]).contains("no longer"));
    assert_eq!(
        bad(&["user", "admin", "--name", "Nobody"]),
        "muster: there is no user Nobody"
    );
}
