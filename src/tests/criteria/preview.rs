//! The preview of a rule, by its page and by what its page is made of.

use super::rule;
use crate::support::{Answer, Caller, Org, World, encode, on_both_databases};
use axum::http::StatusCode;
use muster::{
    domain::{
        AppError, FieldProblem,
        access::{Action, Missing},
    },
    features::criteria::model::PreviewPage,
};
use serde_json::{Value, json};

async fn asked(world: &World, org: &Org, query: &str, caller: &Caller) -> Answer {
    let path = format!("/api/criteria/read_preview?{query}");
    world.read(&org.host, &path, caller).await
}

async fn preview(
    world: &World,
    org: &Org,
    value: Value,
    met: bool,
    caller: &Caller,
) -> PreviewPage {
    let query = format!("rule={}&met={met}", encode(&value.to_string()));
    asked(world, org, &query, caller).await.json()
}

fn names(page: &PreviewPage) -> Vec<&str> {
    page.people
        .iter()
        .map(|person| person.name.as_str())
        .collect()
}

on_both_databases! {
    async fn planners_see_who_qualifies_and_what_the_others_lack(world: World) {
        let org = world.org("apple").await;
        let alpha = world.group(&org, org.id.root_group(), "Alpha", true).await;
        for name in ["zoe", "Adam", "Bob"] {
            let player = world.player(&org, name).await;
            if name != "Bob" {
                world.place(&org, player, alpha, None, &org.founder).await.outcome();
            }
        }
        let in_alpha = json!({"member_of": alpha.to_string()});
        let page = preview(&world, &org, in_alpha.clone(), true, &org.founder).await;
        assert_eq!((page.met, page.unmet), (2, 2), "zoe and Adam; not Bob and the founder");
        assert_eq!(names(&page), ["Adam", "zoe"]);
        assert_eq!(page.demand, "in Alpha");
        let page = preview(&world, &org, in_alpha, false, &org.founder).await;
        assert_eq!(names(&page), ["apple founder", "Bob"]);
        assert_eq!(page.people[1].told.text, "Not in Alpha");
        assert_eq!(page.people[1].told.verdict, "unmet");

        let (member, _) = world.claimed(&org, "Member").await;
        let missing = Missing::Access(Action::PlanOperations);
        assert_eq!(asked(&world, &org, "", &member).await.error(), AppError::Forbidden(missing));
        let stranger = asked(&world, &org, "", &Caller::default()).await;
        assert_eq!(stranger.error(), AppError::SignInRequired);
        // Whoever leads a group plans its operations.
        let (leader, player) = world.claimed(&org, "Leader").await;
        world.place(&org, player, alpha, Some("In Command"), &org.founder).await.outcome();
        assert_eq!(preview(&world, &org, json!({}), true, &leader).await.problem.is_some(), true);
        let page = preview(&world, &org, json!({"all": []}), true, &leader).await;
        assert_eq!((page.met, page.demand.as_str()), (6, "no condition"));
    }

    async fn a_form_is_tried_out_before_it_is_saved(world: World) {
        let org = world.org("apple").await;
        world.group(&org, org.id.root_group(), "Alpha", true).await;
        // As the fields of another form are called.
        let typed = "input[needs][0][kind]=any&input[needs][0][level]=0\
            &input[needs][1][kind]=member&input[needs][1][level]=1&input[needs][1][group]=alpha\
            &input[needs][3][kind]=on_leave&input[needs][3][level]=1&title=Medic&show=unmet"
            .replace('[', "%5B").replace(']', "%5D");
        let page = world.get(&org.host, &format!("/criteria/preview?{typed}"), &org.founder).await;
        assert_eq!(page.status, StatusCode::OK);
        for text in ["0 qualify", "1 do not", "One of these", "Not in Alpha"] {
            assert!(page.body.contains(text), "the page does not say {text:?}: {}", page.body);
        }
        // What is wrong stands at its field, and nothing typed is lost.
        let wrong = typed.replace("alpha", "Nowhere");
        let page = world.get(&org.host, &format!("/criteria/preview?{wrong}"), &org.founder).await;
        for text in ["There is no such thing here", "value=\"Nowhere\""] {
            assert!(page.body.contains(text), "the page does not say {text:?}: {}", page.body);
        }
        assert!(!page.body.contains("qualify</a>"), "there is no rule to judge by");
        let answer = asked(&world, &org, "rows[0][kind]=time_rank&rows[0][number]=0", &org.founder);
        let page: PreviewPage = answer.await.json();
        let number = page.errors.at("rows[0][number]");
        assert_eq!(number, Some(&FieldProblem::OutOfRange));
    }

    async fn a_rule_finds_nobody_by_a_group_one_does_not_see(world: World) {
        let (org, other) = (world.org("apple").await, world.org("orange").await);
        let root = org.id.root_group();
        let secret = world.group_with(&org, root, "Secret", false, "private", "closed").await;
        let theirs = world.group(&other, other.id.root_group(), "Theirs", false).await;
        let (planner, player) = world.claimed(&org, "Planner").await;
        let plans = [Action::PlanOperations].into_iter().collect();
        world.rank(&org, player, 10, plans).await;
        let spy = world.player(&org, "Spy").await;
        world.place(&org, spy, secret, None, &org.founder).await.outcome();
        let role = world.roster(&org).await.roles_of(secret)[0].role_id;
        let never = uuid::Uuid::now_v7().to_string();
        let by_founder = json!({"member_of": secret.to_string()});
        let page = preview(&world, &org, by_founder, true, &org.founder).await;
        assert_eq!(names(&page), ["Spy"]);
        for (fact, id) in [
            ("member_of", secret.to_string()), ("role", role.to_string()),
            ("member_of", theirs.to_string()), ("member_of", never),
        ] {
            for value in [json!({fact: id}), json!({"not": {fact: id}})] {
                let page = preview(&world, &org, value.clone(), false, &planner).await;
                assert_eq!(page.met, 0, "{value} tells who is in a group that is not shown");
                let verdicts: Vec<&str> = page
                    .people
                    .iter()
                    .map(|person| person.told.verdict.as_str())
                    .collect();
                assert_eq!(verdicts, ["unknown"; 3], "{value}: all must look alike");
                let path = format!("/criteria/preview?rule={}", encode(&value.to_string()));
                let html = world.get(&org.host, &path, &planner).await;
                assert_eq!(html.status, StatusCode::OK);
                assert!(!html.body.contains("Secret"), "{value} tells the name of a group");
                // The rule stays whole, though the form cannot show that part.
                let back = page.rows.iter().find(|row| row.kind == "kept").map(|row| &row.kept);
                let fact = value.get("not").unwrap_or(&value);
                assert_eq!(back.map(|kept| rule(serde_json::from_str(kept).unwrap())),
                    Some(rule(fact.clone())));
            }
        }
    }
}
