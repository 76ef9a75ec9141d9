//! Billets (§9.4): planned as text, filled by leaders, by oneself, from waitlists, by suggestion.

use crate::{
    answers::{answer, answers},
    support::{Answer, Caller, Org, Planned, World, on_both_databases},
};
use muster::{
    domain::{AppError, BilletId, ConflictCode, OperationId, PlayerId, RsvpId},
    features::{
        notices::{model::NoticePage, service as notices},
        operations::{
            model::{
                Answer::{Attending, Declined},
                Confirmed::Standby,
                answers::{BilletLine, BilletPage, BilletsPage, Chance, PlanPage, SuggestionPage},
            },
            service,
        },
    },
};
use std::collections::BTreeSet;

/// The billets of an operation, as somebody sees them.
async fn billets(world: &World, org: &Org, id: OperationId, caller: &Caller) -> Vec<BilletLine> {
    let path = format!("/api/operations/read_billets?id={id}");
    let page: BilletsPage = world.read(&org.host, &path, caller).await.json();
    page.sections
        .into_iter()
        .flat_map(|section| section.billets)
        .collect()
}

async fn billet(world: &World, org: &Org, id: OperationId, title: &str) -> BilletLine {
    let all = billets(world, org, id, &org.founder).await;
    all.into_iter()
        .find(|line| line.title == title)
        .expect(title)
}

/// Who has a billet.
async fn holder(world: &World, org: &Org, id: OperationId, title: &str) -> Option<String> {
    billet(world, org, id, title)
        .await
        .holder
        .map(|holder| holder.name)
}

/// Writes the billets of an operation.
async fn write(world: &World, org: &Org, id: OperationId, text: &str, caller: &Caller) -> Answer {
    let path = format!("/api/operations/read_plan?id={id}");
    let plan: PlanPage = world.read(&org.host, &path, &org.founder).await.json();
    let id = id.to_string();
    let fields = [
        ("operation_id", id.as_str()),
        ("was", plan.was.as_str()),
        ("billets", text),
    ];
    world
        .command(&org.host, "/api/operations/edit_billets", &fields, caller)
        .await
}

/// Members take billets themselves, in these stages: from so many hours on, for whom.
async fn release(world: &World, org: &Org, id: OperationId, stages: &[(&str, &str)]) -> Answer {
    let rows = stages.iter().enumerate().flat_map(|(at, (opens, who))| {
        let field = |part| format!("stages[{at}][{part}]");
        [(field("opens"), *opens), (field("who"), *who)]
    });
    let mut fields = vec![("self_service".to_owned(), "true")];
    fields.extend(rows);
    let fields: Vec<(&str, &str)> = fields
        .iter()
        .map(|(name, value)| (&**name, *value))
        .collect();
    world
        .on_operation(org, "set_release", id, &fields, &org.founder)
        .await
}

/// A command on one billet.
async fn on(world: &World, org: &Org, verb: &str, billet: BilletId, caller: &Caller) -> Answer {
    let billet = billet.to_string();
    let mut fields = vec![("billet_id", billet.as_str())];
    let (verb, waits) = match verb {
        "await" => ("await", true),
        "stop_awaiting" => ("await", false),
        verb => (verb, false),
    };
    if waits {
        fields.push(("waits", "true"));
    }
    let path = format!("/api/operations/{verb}_billet");
    world.command(&org.host, &path, &fields, caller).await
}

async fn fill(
    world: &World,
    org: &Org,
    billet: &BilletLine,
    rsvp: RsvpId,
    caller: &Caller,
) -> Answer {
    let (id, version, rsvp) = (
        billet.id.to_string(),
        billet.version.to_string(),
        rsvp.to_string(),
    );
    let fields = [
        ("billet_id", id.as_str()),
        ("version", version.as_str()),
        ("rsvp_id", rsvp.as_str()),
    ];
    world
        .command(&org.host, "/api/operations/fill_billet", &fields, caller)
        .await
}

/// Somebody who comes, and their answer.
async fn coming(
    world: &World,
    org: &Org,
    id: OperationId,
    name: &str,
) -> (Caller, PlayerId, RsvpId) {
    let (caller, player) = world.claimed(org, name).await;
    answer(world, org, id, "attending", &caller).await.outcome();
    let page = answers(world, org, id, &org.founder).await;
    let line = page
        .people
        .into_iter()
        .find(|line| line.player == Some(player));
    (caller, player, line.expect("they answered").id)
}

async fn notices(world: &World, org: &Org, caller: &Caller) -> Vec<String> {
    notices::catch_up(&world.state).await.unwrap();
    let path = "/api/notices/list_notices";
    let page: NoticePage = world.read(&org.host, path, caller).await.json();
    page.notices.into_iter().map(|notice| notice.text).collect()
}

fn conflict(answer: &Answer) -> ConflictCode {
    match answer.error() {
        AppError::Conflict(code) => code,
        other => panic!("a conflict should be answered, not {other:?}"),
    }
}

const TEXT: &str =
    "# Alpha\nLead | Plans\nMedic\nSpare | blocked: no seat\n# Bravo\nGunner | reserved: Jones\n";

on_both_databases! {
    async fn billets_are_written_as_text(world: World) {
        let org = world.org("alpha").await;
        let id = world.operation(&org).await;
        let (smith, ..) = coming(&world, &org, id, "Smith").await;
        let refused = write(&world, &org, id, TEXT, &smith).await;
        assert!(matches!(refused.error(), AppError::Forbidden(_)));
        write(&world, &org, id, TEXT, &org.founder).await.outcome();
        let path = format!("/api/operations/read_plan?id={id}");
        let plan: PlanPage = world.read(&org.host, &path, &org.founder).await.json();
        let sections = TEXT.replace("# Bravo", "\n# Bravo");
        assert_eq!(plan.text, sections, "what was written is read again");

        let medic = billet(&world, &org, id, "Medic").await;
        let page = answers(&world, &org, id, &org.founder).await;
        fill(&world, &org, &medic, page.people[0].id, &org.founder).await.outcome();
        let text = "# Bravo\nGunner\nMedic | Carries the kit\n";
        write(&world, &org, id, text, &org.founder).await.outcome();
        let moved = billet(&world, &org, id, "Medic").await;
        assert_eq!(moved.id, medic.id, "the same billet, in another section");
        assert_eq!(moved.holder.map(|holder| holder.name).as_deref(), Some("Smith"));
        write(&world, &org, id, "Gunner", &org.founder).await.outcome();
        let page = answers(&world, &org, id, &org.founder).await;
        assert_eq!(page.people[0].billet, None, "their billet is gone");
        let refused = write(&world, &org, id, "Medic | one | two", &org.founder).await;
        assert!(matches!(refused.error(), AppError::Invalid(_)));

        let id = id.to_string();
        let fields = [
            ("operation_id", id.as_str()),
            ("was", plan.was.as_str()),
            ("billets", "Medic"),
        ];
        let path = "/api/operations/edit_billets";
        let stale = world.command(&org.host, path, &fields, &org.founder).await;
        assert_eq!(conflict(&stale), ConflictCode::Stale);
    }

    async fn one_takes_leaves_and_waits(world: World) {
        let org = world.org("alpha").await;
        let id = world.operation(&org).await;
        write(&world, &org, id, TEXT, &org.founder).await.outcome();
        let (smith, ..) = coming(&world, &org, id, "Smith").await;
        let (jones, ..) = coming(&world, &org, id, "Jones").await;
        let (brown, ..) = coming(&world, &org, id, "Brown").await;
        let (absent, _) = world.claimed(&org, "Absent").await;
        let medic = billet(&world, &org, id, "Medic").await.id;
        let lead = billet(&world, &org, id, "Lead").await.id;
        let refused = on(&world, &org, "take", medic, &smith).await;
        assert_eq!(conflict(&refused), ConflictCode::BilletByLeaders);
        release(&world, &org, id, &[]).await.outcome();
        on(&world, &org, "take", medic, &smith).await.outcome();
        let refused = on(&world, &org, "take", medic, &jones).await;
        assert_eq!(conflict(&refused), ConflictCode::BilletTaken { holder: "Smith".into() });
        let refused = on(&world, &org, "take", lead, &absent).await;
        assert_eq!(conflict(&refused), ConflictCode::NotComing);
        for held in ["Spare", "Gunner"] {
            let held = billet(&world, &org, id, held).await.id;
            let refused = on(&world, &org, "take", held, &jones).await;
            assert!(matches!(conflict(&refused), ConflictCode::BilletHeld { .. }));
        }
        // Whoever waits gets it when it opens: first who came first, and only once.
        on(&world, &org, "await", medic, &jones).await.outcome();
        on(&world, &org, "await", medic, &brown).await.outcome();
        on(&world, &org, "take", lead, &jones).await.outcome();
        on(&world, &org, "await", medic, &jones).await.outcome();
        on(&world, &org, "take", lead, &smith).await.error();
        on(&world, &org, "leave", medic, &smith).await.outcome();
        assert_eq!(holder(&world, &org, id, "Medic").await.as_deref(), Some("Brown"));
        let told = notices(&world, &org, &brown).await;
        assert_eq!(told.iter().filter(|text| text.contains("waited for")).count(), 1);
        // Who signs off frees their billet; who had another leaves that one behind.
        answer(&world, &org, id, "declined", &brown).await.outcome();
        assert_eq!(holder(&world, &org, id, "Medic").await.as_deref(), Some("Jones"));
        assert_eq!(holder(&world, &org, id, "Lead").await, None);
        on(&world, &org, "leave", lead, &jones).await.error();
    }

    async fn needs_and_stages_say_why_not(world: World) {
        let org = world.org("alpha").await;
        let root = org.id.root_group();
        let medics = world.group(&org, root, "Medics", false).await;
        let id = world.operation(&org).await;
        let text = format!("Medic | {{\"member_of\": \"{medics}\"}}\nRifleman\n");
        write(&world, &org, id, &text, &org.founder).await.outcome();
        let stages = [("0", "1000"), ("24", "everybody")];
        release(&world, &org, id, &[]).await.outcome();
        let (smith, player, _) = coming(&world, &org, id, "Smith").await;
        let medic = billet(&world, &org, id, "Medic").await.id;
        let refused = on(&world, &org, "take", medic, &smith).await;
        let ConflictCode::BilletNeeds { lacks } = conflict(&refused) else {
            panic!("the needs should be named: {refused:?}");
        };
        assert!(lacks.contains("Medics"), "{lacks}");
        let own = billets(&world, &org, id, &smith).await;
        assert!(matches!(&own[0].chance, Chance::Lacks(lacks) if lacks.contains("Medics")));
        assert_eq!(own[1].chance, Chance::Take);
        world.place(&org, player, medics, None, &org.founder).await.outcome();
        assert_eq!(billets(&world, &org, id, &smith).await[0].chance, Chance::Take);
        release(&world, &org, id, &stages).await.outcome();
        let refused = on(&world, &org, "take", medic, &smith).await;
        assert!(matches!(conflict(&refused), ConflictCode::BilletNotYet { .. }));
        assert!(matches!(billets(&world, &org, id, &smith).await[0].chance, Chance::Later(..)));
        world.wait(chrono::Duration::hours(25));
        on(&world, &org, "take", medic, &smith).await.outcome();
        let refused = release(&world, &org, id, &[("soon", "everybody")]).await;
        assert!(matches!(refused.error(), AppError::Invalid(_)));
    }

    async fn leaders_fill_and_take_back(world: World) {
        let org = world.org("alpha").await;
        let planned = Planned { capacity: "2", ..Planned::default() };
        let id = world.operation_with(&org, &planned).await;
        write(&world, &org, id, TEXT, &org.founder).await.outcome();
        let (smith, _, smiths) = coming(&world, &org, id, "Smith").await;
        let (_, _, joness) = coming(&world, &org, id, "Jones").await;
        let (_, _, waiting) = coming(&world, &org, id, "Waiting").await;
        let medic = billet(&world, &org, id, "Medic").await;
        let refused = fill(&world, &org, &medic, smiths, &smith).await;
        assert!(matches!(refused.error(), AppError::Forbidden(_)));
        let refused = fill(&world, &org, &medic, waiting, &org.founder).await;
        assert_eq!(conflict(&refused), ConflictCode::NotComing, "they wait for a place");
        fill(&world, &org, &medic, smiths, &org.founder).await.outcome();
        let told = notices(&world, &org, &smith).await;
        assert!(told.iter().any(|text| text.contains("made you Medic")), "{told:?}");
        // Two leaders at once: the second is told.
        let refused = fill(&world, &org, &medic, joness, &org.founder).await;
        assert_eq!(conflict(&refused), ConflictCode::BilletTaken { holder: "Smith".into() });
        let gunner = billet(&world, &org, id, "Gunner").await;
        let seq = fill(&world, &org, &gunner, smiths, &org.founder).await.seq();
        let refused = fill(&world, &org, &gunner, joness, &org.founder).await;
        assert_eq!(conflict(&refused), ConflictCode::BilletTaken { holder: "Smith".into() });
        assert_eq!(holder(&world, &org, id, "Medic").await, None, "nobody has two");
        let seq = seq.to_string();
        let undo = [("seq", seq.as_str())];
        let path = "/api/audit/undo_event";
        world.command(&org.host, path, &undo, &org.founder).await.outcome();
        assert_eq!(holder(&world, &org, id, "Gunner").await, None);
        assert_eq!(holder(&world, &org, id, "Medic").await.as_deref(), Some("Smith"));
        let spare = billet(&world, &org, id, "Spare").await;
        let refused = fill(&world, &org, &spare, joness, &org.founder).await;
        assert!(matches!(conflict(&refused), ConflictCode::BilletHeld { .. }));
        let page = format!("/api/operations/read_billet?id={}", medic.id);
        let page: BilletPage = world.read(&org.host, &page, &org.founder).await.json();
        assert_eq!(page.candidates.len(), 2, "who waits for a place is not offered");
        on(&world, &org, "empty", medic.id, &org.founder).await.outcome();
        assert_eq!(holder(&world, &org, id, "Medic").await, None);
    }

    async fn many_want_the_same_billet_at_once(world: World) {
        let org = world.org("alpha").await;
        let id = world.operation(&org).await;
        write(&world, &org, id, "Medic", &org.founder).await.outcome();
        release(&world, &org, id, &[]).await.outcome();
        let medic = billet(&world, &org, id, "Medic").await.id;
        let mut running = tokio::task::JoinSet::new();
        for number in 0..20 {
            let (caller, ..) = coming(&world, &org, id, &format!("Member {number:02}")).await;
            let ctx = world.ctx_of(&org, &caller).await;
            running.spawn(async move { service::take_billet(&ctx, medic).await.is_ok() });
        }
        let mut taken = 0;
        while let Some(done) = running.join_next().await {
            taken += usize::from(done.unwrap());
        }
        assert_eq!(taken, 1, "one has it, the others are told");
    }

    async fn a_suggestion_is_looked_at_and_applied(world: World) {
        let org = world.org("alpha").await;
        let root = org.id.root_group();
        let medics = world.group(&org, root, "Medics", false).await;
        let id = world.operation(&org).await;
        let text = format!("Lead\nMedic | {{\"member_of\": \"{medics}\"}}\n");
        write(&world, &org, id, &text, &org.founder).await.outcome();
        let (smith, ..) = coming(&world, &org, id, "Smith").await;
        let (_, player, _) = coming(&world, &org, id, "Jones").await;
        coming(&world, &org, id, "Brown").await;
        world.place(&org, player, medics, None, &org.founder).await.outcome();
        let lead = billet(&world, &org, id, "Lead").await.id.to_string();
        let operation = id.to_string();
        let wish = [("operation_id", operation.as_str()), ("billets[0]", lead.as_str())];
        let path = "/api/operations/prefer_billets";
        world.command(&org.host, path, &wish, &smith).await.outcome();
        let path = format!(
            "/api/operations/read_suggestion?id={id}&preference=6&qualification=4&fairness=20"
        );
        let hidden = world.read(&org.host, &path, &smith).await;
        assert_eq!(hidden.error(), AppError::NotFound);
        let page: SuggestionPage = world.read(&org.host, &path, &org.founder).await.json();
        let who: Vec<_> = page.placed.iter().map(|l| (l.title.as_str(), l.name.as_str())).collect();
        assert_eq!(who, [("Lead", "Smith"), ("Medic", "Jones")]);
        assert!(page.placed[0].why.contains("first preference"), "{}", page.placed[0].why);
        assert_eq!(page.left.len(), 1);
        let apply = |mark: String| {
            let (world, org, operation) = (world.clone(), org.clone(), operation.clone());
            async move {
                let fields = [
                    ("operation_id", operation.as_str()),
                    ("preference", "6"),
                    ("qualification", "4"),
                    ("fairness", "20"),
                    ("mark", mark.as_str()),
                ];
                let path = "/api/operations/apply_suggestion";
                world.command(&org.host, path, &fields, &org.founder).await
            }
        };
        assert_eq!(conflict(&apply("another".into()).await), ConflictCode::PlanStale);
        let seq = apply(page.mark).await.seq().to_string();
        assert_eq!(holder(&world, &org, id, "Lead").await.as_deref(), Some("Smith"));
        assert_eq!(holder(&world, &org, id, "Medic").await.as_deref(), Some("Jones"));
        // What was changed since stays as it is.
        let medic = billet(&world, &org, id, "Medic").await;
        on(&world, &org, "empty", medic.id, &org.founder).await.outcome();
        let brown = answers(&world, &org, id, &org.founder).await;
        let brown = brown.people.iter().find(|line| line.name == "Brown").unwrap().id;
        let medic = billet(&world, &org, id, "Medic").await;
        fill(&world, &org, &medic, brown, &org.founder).await.outcome();
        let undo = [("seq", seq.as_str())];
        world.command(&org.host, "/api/audit/undo_event", &undo, &org.founder).await.outcome();
        assert_eq!(holder(&world, &org, id, "Lead").await, None);
        assert_eq!(holder(&world, &org, id, "Medic").await.as_deref(), Some("Brown"));
    }

    async fn eight_hundred_billets_take_a_fixed_number_of_statements(world: World) {
        let org = world.org("alpha").await;
        let id = world.operation(&org).await;
        write(&world, &org, id, "Lead", &org.founder).await.outcome();
        coming(&world, &org, id, "Smith").await;
        let ctx = world.ctx_of(&org, &org.founder).await;
        let mut counts = Vec::new();
        for text in [None, Some("200x Rifleman\n".repeat(4))] {
            if let Some(text) = text {
                write(&world, &org, id, &text, &org.founder).await.outcome();
                coming(&world, &org, id, "Jones").await;
            }
            service::read_billets(&ctx, id).await.unwrap();
            let before = world.state.db.statements();
            service::read_billets(&ctx, id).await.unwrap();
            service::read_answers(&ctx, id).await.unwrap();
            service::read_suggestion(&ctx, id, service::weights(6, 4, 20).unwrap()).await.unwrap();
            counts.push(world.state.db.statements() - before);
        }
        assert_eq!(counts[0], counts[1], "pages of billets ask more of the database when there are more");
    }

    async fn whatever_is_commanded_nobody_has_two_and_nothing_has_two_holders(world: World) {
        let org = world.org("alpha").await;
        let planned = Planned { capacity: "3", ..Planned::default() };
        let id = world.operation_with(&org, &planned).await;
        write(&world, &org, id, "One\nTwo\nThree\nFour\n", &org.founder).await.outcome();
        release(&world, &org, id, &[]).await.outcome();
        let mut people = Vec::new();
        for number in 0..6 {
            people.push(coming(&world, &org, id, &format!("Member {number}")).await);
        }
        let slots: Vec<BilletId> = billets(&world, &org, id, &org.founder)
            .await
            .into_iter()
            .map(|line| line.id)
            .collect();
        let leader = world.ctx_of(&org, &org.founder).await;
        let mut random: u64 = 88_172_645_463_325_252;
        let mut next = move |below: usize| {
            random ^= random << 13;
            random ^= random >> 7;
            random ^= random << 17;
            (random % below as u64) as usize
        };
        let mut done = 0;
        for turn in 0..120 {
            let (caller, _, rsvp) = &people[next(people.len())];
            let (slot, command) = (slots[next(slots.len())], next(8));
            let own = world.ctx_of(&org, caller).await;
            // What is refused changes nothing, and what is not must keep the rules.
            let outcome = match command {
                0 | 1 => service::answer_operation(&own, id, Attending, "").await,
                2 => service::answer_operation(&own, id, Declined, "").await,
                3 => service::take_billet(&own, slot).await,
                4 => service::leave_billet(&own, slot).await,
                5 => service::await_billet(&own, slot, true).await,
                6 => service::fill_billet(&leader, slot, None, *rsvp).await,
                _ => service::confirm_answer(&leader, *rsvp, Standby).await,
            };
            done += usize::from(outcome.is_ok());
            let page = answers(&world, &org, id, &org.founder).await;
            let places: Vec<i64> = page.people.iter().filter_map(|line| line.place).collect();
            let distinct: BTreeSet<i64> = places.iter().copied().collect();
            assert_eq!(places.len(), distinct.len(), "turn {turn}: a place has two holders");
            assert!(distinct.iter().all(|place| (1..=3).contains(place)), "turn {turn}");
            let lines = billets(&world, &org, id, &org.founder).await;
            let holders: Vec<RsvpId> =
                lines.iter().filter_map(|line| Some(line.holder.as_ref()?.rsvp)).collect();
            let distinct: BTreeSet<RsvpId> = holders.iter().copied().collect();
            assert_eq!(holders.len(), distinct.len(), "turn {turn}: somebody has two billets");
            for line in &page.people {
                let holds = holders.contains(&line.id);
                assert!(!holds || line.place.is_some(), "turn {turn}: {} has no place", line.name);
            }
        }
        assert!(done > 40, "most commands are refused, so that little is tested: {done}");
    }
}
