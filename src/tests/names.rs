//! The rules for names, through the server functions (§1.4, §2.1, §4.2).

use crate::support::{APEX, Answer, Caller, World, on_both_databases};
use muster::domain::{AppError, FieldProblem};

async fn found(world: &World, name: &str, slug: &str, caller: &Caller) -> Answer {
    let fields = [("name", name), ("slug", slug), ("type_id", "muster.guild")];
    world
        .command(APEX, "/api/tenants/found_org", &fields, caller)
        .await
}

/// The problem at a field of a refused form.
#[track_caller]
fn problem(answer: &Answer, field: &str) -> FieldProblem {
    match answer.error() {
        AppError::Invalid(errors) => errors
            .at(field)
            .unwrap_or_else(|| panic!("{errors:?} does not mark the field {field}"))
            .clone(),
        other => panic!("{other:?} marks no field; bad input is AppError::Invalid"),
    }
}

on_both_databases! {
    async fn org_names_follow_the_rules(world: World) {
        let user = world.user("Ripley").await;
        world.user("Weyland").await;
        found(&world, "Nostromo", "", &user).await.outcome();
        for (name, expected) in [
            ("", FieldProblem::Required),
            ("   ", FieldProblem::Required),
            ("A name of twenty-six chars", FieldProblem::TooLong { max: 25 }),
            ("bzflag", FieldProblem::Reserved),
            ("Developers", FieldProblem::Reserved),
            ("LOCAL", FieldProblem::Reserved),
            ("nostromo", FieldProblem::Taken),
            (" Nostromo ", FieldProblem::Taken),
            ("weyland", FieldProblem::UserName),
        ] {
            let answer = found(&world, name, "free-slug", &user).await;
            assert_eq!(problem(&answer, "name"), expected, "as the name of an Org: {name:?}");
        }
        for bad in ["a.b", "a:b", "a,b", "a=b", "a@b", "a\nb", "a\u{7f}b", "a\u{202e}b", "a\u{200b}b"] {
            let answer = found(&world, bad, "free-slug", &user).await;
            assert!(
                matches!(problem(&answer, "name"), FieldProblem::BadCharacter { .. }),
                "{bad:?} must be refused as the name of an Org"
            );
        }
        // One's own name is fine, and so are 25 characters that need more bytes.
        found(&world, "Ripley", "", &user).await.outcome();
        found(&world, "ÄÖÜäöüßÄÖÜäöüßÄÖÜäöüßÄÖÜä", "umlauts", &user).await.outcome();
    }

    async fn slugs_are_labels_of_a_host(world: World) {
        let user = world.user("Ripley").await;
        found(&world, "First", "taken-slug", &user).await.outcome();
        for (slug, expected) in [
            ("taken-slug", FieldProblem::Taken),
            ("www", FieldProblem::Reserved),
            ("api", FieldProblem::Reserved),
            ("Upper", FieldProblem::Malformed),
            ("a.b", FieldProblem::Malformed),
            ("-a", FieldProblem::Malformed),
            ("a--b", FieldProblem::Malformed),
            ("xn--a", FieldProblem::Malformed),
            ("a", FieldProblem::TooShort { min: 2 }),
        ] {
            let answer = found(&world, "Second", slug, &user).await;
            assert_eq!(problem(&answer, "slug"), expected, "as a slug: {slug:?}");
        }
    }

    async fn call_signs_follow_the_rules(world: World) {
        world.user("Ripley").await;
        let register = |name: String| {
            let world = world.clone();
            async move {
                let email = format!("{}@example.org", uuid::Uuid::now_v7().simple());
                let fields =
                    [("name", name.as_str()), ("email", &email), ("password", "correct horse battery")];
                world.command(APEX, "/api/accounts/register_user", &fields, &Caller::default()).await
            }
        };
        for bad in [
            "", " Newt", "Newt ", "Ne  wt", "+Newt", "@Newt", "#Newt", "Ne'wt", "Ne\"wt", "Ne:wt",
            "Ne,wt", "Ne=wt", "Ne@wt", "----", "a--", "Ne\twt", "Ne\u{0}wt", "Ne\u{200d}wt", "RIPLEY",
            "abcdefghijklmnopqrstuvwxyz123456",
        ] {
            let answer = register(bad.to_owned()).await;
            problem(&answer, "name");
        }
        for good in ["Newt", "Sgt. Apone", "[2CO] Hicks", "Ж", "abcdefghijklmnopqrstuvwxyz12345"] {
            let answer = register(good.to_owned()).await;
            assert_eq!(answer.status.as_u16(), 200, "{good:?} is a good call sign: {answer:?}");
        }
    }

    async fn group_names_are_unique_in_their_org(world: World) {
        let org = world.org("apple").await;
        let other = world.org("pear").await;
        let root = org.id.root_group();
        let alpha = world.group(&org, root, "Alpha", true).await;
        world.group(&other, other.id.root_group(), "Alpha", true).await;
        for name in ["ALPHA", "alpha", " Alpha"] {
            let fields = [
                ("parent_id", alpha.to_string()), ("name", name.to_owned()),
                ("description", "x".into()), ("kind", "Squad".into()),
                ("visibility", "public".into()), ("policy", "open".into()),
            ];
            let fields = crate::catalogue::borrow(&fields);
            let answer = world.command(&org.host, "/api/roster/create_group", &fields, &org.founder).await;
            problem(&answer, "name");
        }
        world.player(&org, "Smith").await;
        for name in ["Smith", "SMITH", "", "  ", "a\nb"] {
            let fields = [("common_name", name), ("group_id", "")];
            let answer = world.command(&org.host, "/api/roster/create_player", &fields, &org.founder).await;
            problem(&answer, "common_name");
        }
        world.player(&other, "Smith").await;
    }

    /// An Org's name is unique among Orgs (§1.4), so it takes none away from its groups (§4.2): a
    /// battalion may be founded as "1st Battalion" and import a group of that name.
    async fn a_group_may_be_called_like_its_org(world: World) {
        let org = world.org("apple").await;
        let root = org.id.root_group();
        world.group(&org, root, "APPLE", true).await;
        world.group(&org, root, "Pear", true).await;
        let rename = [
            ("name", "Pear"), ("time_zone", "Europe/Paris"), ("accent_hue", "30"), ("version", "1"),
        ];
        world.command(&org.host, "/api/tenants/edit_org", &rename, &org.founder).await.outcome();
        let page = world.get(&org.host, "/roster", &org.founder).await;
        assert!(page.body.contains("APPLE") && page.body.contains("Pear"), "{page:?}");
    }

    async fn many_who_found_one_name_leave_one_org(world: World) {
        let mut tries = Vec::new();
        for at in 0..5 {
            let user = world.user(&format!("Founder {at}")).await;
            let world = world.clone();
            tries.push(tokio::spawn(async move {
                found(&world, "Nostromo", &format!("nostromo-{at}"), &user).await
            }));
        }
        let mut won = 0;
        for attempt in tries {
            let answer = attempt.await.unwrap();
            if answer.status.is_success() {
                won += 1;
            } else {
                assert_eq!(problem(&answer, "name"), FieldProblem::Taken);
            }
        }
        assert_eq!(won, 1);
    }
}
