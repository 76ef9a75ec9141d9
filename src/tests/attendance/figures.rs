//! Figures (§9.7) through the service, and the states that they are made of.

use super::*;
use muster::features::{
    attendance::model::pages::FigureLine,
    operations::model::figures::{Mark, figures},
};

async fn line(world: &World, org: &Org, name: &str) -> FigureLine {
    let page = world.attendance_of(org, By::People).await;
    let line = page.lines.into_iter().find(|line| line.name == name);
    line.expect("everybody who belongs here has a line")
}

/// Fields of a state.
fn state<'a>(name: &'a str, credit: &'a str, excused: bool) -> Vec<(&'static str, &'a str)> {
    let mut fields = vec![
        ("state[name]", name),
        ("state[abbreviation]", "X"),
        ("state[credit]", credit),
        ("state[counts]", "true"),
        ("state[used_for]", ""),
        ("state[tone]", "neutral"),
        ("state[order]", "9"),
    ];
    if excused {
        fields.push(("state[excused]", "true"));
    }
    fields
}

async fn edit(world: &World, org: &Org, name: &str, fields: Vec<(&'static str, &str)>) -> Answer {
    let path = "/api/attendance/read_states";
    let page: StatesPage = world.read(&org.host, path, &org.founder).await.json();
    let line = page
        .states
        .into_iter()
        .find(|line| line.choice.name == name);
    let line = line.expect("a state of this name");
    let (id, version) = (line.choice.id.to_string(), line.version.to_string());
    let mut fields = fields;
    fields.push(("state_id", &id));
    fields.push(("version", &version));
    let path = "/api/attendance/edit_state";
    world.command(&org.host, path, &fields, &org.founder).await
}

on_both_databases! {
    async fn no_operations_are_no_percent(world: World) {
        let org = world.org("alpha").await;
        world.player(&org, "Smith").await;
        let line = line(&world, &org, "Smith").await;
        for sums in line.sums.windows {
            assert_eq!((sums.attended_percent(), sums.accountable_percent()), (0, 0));
            assert!(!sums.eligible());
        }
    }

    async fn figures_agree_with_the_pure_rule(world: World) {
        let mut org = world.org("alpha").await;
        let smith = world.player(&org, "Smith").await;
        let meanings = [
            ("Present", 100, false), ("Late", 50, false), ("Excused", 0, true), ("Absent", 0, false),
        ];
        let mut marks = Vec::new();
        for round in 0..24_usize {
            // No session lasts as long as this test.
            org.founder = org.founder.again();
            let (name, credit, excused) = meanings[(round * 7 + round / 5) % 4];
            let planned = Planned { starts_in: Duration::days(5), ..Planned::default() };
            let ends_at = world.minute() + planned.starts_in + Duration::hours(2);
            let id = world.begun(&org, &planned).await;
            world.record(&org, id, &[(smith, name)], &org.founder).await.outcome();
            marks.push(Mark { ended_at: ends_at, credit, excused, counts: true });
            if round % 6 == 5 {
                world.wait(Duration::hours(2));
                let expected = figures(&marks, world.now());
                let found = line(&world, &org, "Smith").await.sums;
                assert_eq!(found.windows[..3], expected.windows, "after {round}");
                assert_eq!(found.windows[3], expected.lifetime, "after {round}");
            }
        }
    }

    /// Field defect 7: a renamed state keeps its meaning; another meaning is another value, and said
    /// before.
    async fn a_renamed_state_keeps_its_meaning(world: World) {
        let org = world.org("alpha").await;
        let smith = world.player(&org, "Smith").await;
        let id = world.begun(&org, &Planned::default()).await;
        world.record(&org, id, &[(smith, "Excused")], &org.founder).await.outcome();
        world.wait(Duration::hours(3));
        let before = line(&world, &org, "Smith").await.sums;
        assert_eq!(before.windows[0].accountable_percent(), 10_000);
        edit(&world, &org, "Excused", state("Signed off", "0", true)).await.outcome();
        assert_eq!(line(&world, &org, "Smith").await.sums, before, "a name changes no figure");

        let refused = edit(&world, &org, "Signed off", state("Signed off", "0", false)).await;
        let expected = ConflictCode::Revalues { entries: 1 };
        assert_eq!(refused.error(), AppError::Conflict(expected), "it is said how many");
        assert_eq!(line(&world, &org, "Smith").await.sums, before);
        let mut agreed = state("Signed off", "0", false);
        agreed.push(("agreed", "true"));
        edit(&world, &org, "Signed off", agreed).await.outcome();
        let after = line(&world, &org, "Smith").await.sums;
        assert_eq!(after.windows[0].accountable_percent(), 0);
    }

    /// Field defect 6: absent once of three is one absence in a row at most, and none when somebody
    /// was there afterwards.
    async fn absent_once_of_three_is_not_absent_three_times(world: World) {
        let org = world.org("alpha").await;
        let (smith, jones) = (world.player(&org, "Smith").await, world.player(&org, "Jones").await);
        for (of_smith, of_jones, missed) in [
            ("Present", "Absent", (0, 1)),
            ("Excused", "Excused", (0, 0)),
            ("Absent", "Absent", (1, 1)),
            ("Absent", "Present", (2, 0)),
        ] {
            let planned = Planned { starts_in: Duration::days(1), ..Planned::default() };
            let id = world.begun(&org, &planned).await;
            let marks = [(smith, of_smith), (jones, of_jones)];
            world.record(&org, id, &marks, &org.founder).await.outcome();
            world.wait(Duration::hours(3));
            let of = async |name| line(&world, &org, name).await.sums.missed;
            assert_eq!((of("Smith").await, of("Jones").await), missed);
        }
    }

    async fn one_state_for_each_use(world: World) {
        let org = world.org("alpha").await;
        let mut fields = state("There", "100", false);
        fields[4] = ("state[used_for]", "present");
        let path = "/api/attendance/create_state";
        let refused = world.command(&org.host, path, &fields, &org.founder).await;
        assert_eq!(refused.error(), AppError::field("state[used_for]", FieldProblem::Taken));
        let (member, _) = world.claimed(&org, "Member").await;
        let refused = world.command(&org.host, path, &state("Odd", "1", false), &member).await;
        assert!(matches!(refused.error(), AppError::Forbidden(_)));
    }
}
