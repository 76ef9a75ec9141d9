//! Whatever people do in whatever order, nobody below founder and co-founder reaches to their own
//! level (security.md §3.2, rule 3): the rules said once more, as a comparison of before and after.

use super::{Scene, access};
use crate::support::{Answer, Caller, World, on_both_databases};
use muster::domain::{
    PlayerId, RankId,
    access::{AccessSet, Action},
};
use proptest::{
    prelude::*,
    strategy::ValueTree,
    test_runner::{Config, TestRunner},
};
use std::collections::HashMap;

/// Sequences for each database, and steps in each.
const SEQUENCES: usize = 3;
const STEPS: usize = 60;
/// Levels of the actors.
const LEVELS: [i64; 7] = [10, 20, 30, 40, 50, 50, 60];

#[derive(Clone, Debug)]
enum What {
    Change {
        target: usize,
        rank: usize,
        up: bool,
    },
    Kick {
        target: usize,
    },
    Reinstate {
        target: usize,
    },
    Edit {
        rank: usize,
        level: i64,
        kicks: bool,
    },
    Delete {
        rank: usize,
        to: usize,
    },
    Appoint {
        rank: usize,
    },
    Undo {
        back: i64,
    },
}

#[derive(Clone, Debug)]
struct Step {
    actor: usize,
    what: What,
}

fn step() -> impl Strategy<Value = Step> {
    let (people, ranks) = (0..LEVELS.len(), 0..LEVELS.len());
    let what = prop_oneof![
        4 => (people.clone(), ranks.clone(), any::<bool>())
            .prop_map(|(target, rank, up)| What::Change { target, rank, up }),
        1 => people.clone().prop_map(|target| What::Kick { target }),
        2 => people.clone().prop_map(|target| What::Reinstate { target }),
        2 => (ranks.clone(), 0..8_i64, any::<bool>())
            .prop_map(|(rank, level, kicks)| What::Edit { rank, level: level * 10, kicks }),
        1 => (ranks.clone(), ranks.clone()).prop_map(|(rank, to)| What::Delete { rank, to }),
        1 => ranks.prop_map(|rank| What::Appoint { rank }),
        3 => (0..4_i64).prop_map(|back| What::Undo { back }),
    ];
    // The lowest may do nothing; most steps are by those who may do much.
    let actors = prop_oneof![1 => people, 3 => 3..LEVELS.len()];
    (actors, what).prop_map(|(actor, what)| Step { actor, what })
}

/// What the rules are about, as the database has it.
#[derive(Debug, Default)]
struct Snapshot {
    /// Level, access, and whether it was deleted.
    ranks: HashMap<RankId, (i64, AccessSet, bool, bool)>,
    /// Rank held, standing, and the level held or held last.
    people: HashMap<PlayerId, (Option<RankId>, String, i64)>,
}

struct Army {
    scene: Scene,
    actors: Vec<(Caller, PlayerId)>,
    ranks: Vec<RankId>,
}

impl Army {
    async fn new(world: &World) -> Self {
        let scene = Scene::new(world).await;
        let mut actors = Vec::new();
        let mut ranks = Vec::new();
        for (at, level) in LEVELS.into_iter().enumerate() {
            let granted = match level {
                10 => AccessSet::default(),
                20 => access(&[Action::ReadLog, Action::Promote]),
                30 => access(&[
                    Action::ReadLog,
                    Action::Promote,
                    Action::Demote,
                    Action::EditRanks,
                ]),
                40 => access(&[
                    Action::ReadLog,
                    Action::Promote,
                    Action::Demote,
                    Action::Kick,
                    Action::EditRanks,
                ]),
                _ => AccessSet::everything(),
            };
            let name = format!("Actor {at}");
            actors.push(scene.officer(&name, level, granted).await);
            ranks.push(scene.rank_of(actors[at].1).await.unwrap());
        }
        Self {
            scene,
            actors,
            ranks,
        }
    }

    async fn do_step(&self, step: &Step) -> Answer {
        let (caller, scene) = (&self.actors[step.actor].0, &self.scene);
        match step.what {
            What::Change { target, rank, up } => {
                let what = if up { "promote" } else { "demote" };
                scene
                    .change(caller, what, self.actors[target].1, self.ranks[rank])
                    .await
            }
            What::Kick { target } => scene.kick(caller, self.actors[target].1).await,
            What::Reinstate { target } => {
                let id = [("player_id", self.actors[target].1.to_string())];
                scene.send(caller, "roster/reinstate_player", &id).await
            }
            What::Edit { rank, level, kicks } => {
                let rank = self.ranks[rank];
                let mut fields = vec![
                    ("rank_id", rank.to_string()),
                    ("version", scene.version(rank).await),
                    ("name", rank.to_string()),
                    ("level", level.to_string()),
                    ("access[]", "log.read".to_owned()),
                    ("access[]", "player.promote".to_owned()),
                    ("access[]", "player.demote".to_owned()),
                    ("access[]", "rank.edit".to_owned()),
                ];
                if kicks {
                    fields.push(("access[]", "player.kick".to_owned()));
                }
                scene.send(caller, "ranks/edit_rank", &fields).await
            }
            What::Delete { rank, to } => {
                let rank = self.ranks[rank];
                let fields = [
                    ("rank_id", rank.to_string()),
                    ("version", scene.version(rank).await),
                    ("move_to", self.ranks[to].to_string()),
                ];
                scene.send(caller, "ranks/delete_rank", &fields).await
            }
            What::Appoint { rank } => {
                let rank = self.ranks[rank];
                let fields = [
                    ("rank_id", rank.to_string()),
                    ("version", scene.version(rank).await),
                    ("standard", "default".to_owned()),
                ];
                scene.send(caller, "ranks/appoint_rank", &fields).await
            }
            What::Undo { back } => {
                let ctx = scene.world.ctx(&scene.org).await;
                let seq = ctx.tenant().unwrap().seq - back;
                scene.undo(caller, seq).await
            }
        }
    }

    async fn snapshot(&self) -> Snapshot {
        let org = self.scene.org.id;
        let mut tx = self.scene.world.state.db.system_read().await.unwrap();
        let ranks: Vec<(RankId, i64, String, bool, bool)> = tx
            .all(
                "select rank_id, level, access, deleted_at is not null, is_default
                   from rank where org_id = $1",
                (org,),
            )
            .await
            .unwrap();
        let people: Vec<(PlayerId, String)> = tx
            .all(
                "select player_id, standing from player where org_id = $1",
                (org,),
            )
            .await
            .unwrap();
        let held: Vec<(PlayerId, RankId, bool)> = tx
            .all(
                "select player_id, rank_id, until is null from rank_holding
                  where org_id = $1 order by since, holding_id",
                (org,),
            )
            .await
            .unwrap();
        tx.commit().await.unwrap();
        let mut shot = Snapshot::default();
        for (rank, level, access, deleted, default) in ranks {
            let access = AccessSet::parse(&access);
            shot.ranks.insert(rank, (level, access, deleted, default));
        }
        for (player, standing) in people {
            shot.people.insert(player, (None, standing, 0));
        }
        for (player, rank, open) in held {
            let person = shot.people.get_mut(&player).unwrap();
            person.2 = shot.ranks[&rank].0;
            if open {
                person.0 = Some(rank);
            }
        }
        shot
    }

    /// What changed that the actor must not reach: the rules, said once more and in another way.
    fn reached_too_far(&self, actor: usize, before: &Snapshot, after: &Snapshot) -> Vec<String> {
        let me = self.actors[actor].1;
        let (held, standing, _) = &before.people[&me];
        let in_office = standing == "active";
        let mine = held.filter(|_| in_office).map(|rank| before.ranks[&rank]);
        let (level, access) = mine.map_or((0, AccessSet::default()), |rank| (rank.0, rank.1));
        let mut reached = Vec::new();
        for (rank, old) in &before.ranks {
            let new = after.ranks[rank];
            if *old == new {
                continue;
            }
            if old.0 >= level || new.0 >= level {
                reached.push(format!("rank {rank} of level {} to {}", old.0, new.0));
            }
            if !new.1.without(old.1).without(access).is_empty() {
                reached.push(format!("rank {rank} got more than the actor has"));
            }
        }
        for (player, old) in &before.people {
            let new = &after.people[player];
            if (old.0, &old.1) == (new.0, &new.1) {
                continue;
            }
            if *player == me {
                reached.push("changed themself".to_owned());
            }
            if old.2 >= level || new.2 >= level {
                reached.push(format!("{player} of level {} to {}", old.2, new.2));
            }
            let given = |shot: &Snapshot, rank: Option<RankId>| {
                rank.map_or(AccessSet::default(), |rank| shot.ranks[&rank].1)
            };
            let gains = given(after, new.0).without(given(before, old.0));
            // Whoever may remove somebody may also bring them back as they were.
            if old.1 == new.1 && !gains.without(access).is_empty() {
                reached.push(format!("{player} got more than the actor has"));
            }
        }
        reached
    }
}

on_both_databases! {
    async fn nobody_ever_reached_to_their_own_level(world: World) {
        let runner_seed = proptest::test_runner::TestRng::deterministic_rng(
            proptest::test_runner::RngAlgorithm::ChaCha,
        );
        let mut runner = TestRunner::new_with_rng(Config::default(), runner_seed);
        let sequence = proptest::collection::vec(step(), STEPS);
        let scene = Army::new(&world).await;
        let mut carried_out = 0;
        for _ in 0..SEQUENCES {
            let steps = sequence.new_tree(&mut runner).unwrap().current();
            for (at, step) in steps.iter().enumerate() {
                let before = scene.snapshot().await;
                let answer = scene.do_step(step).await;
                if !answer.status.is_success() {
                    continue;
                }
                carried_out += 1;
                let after = scene.snapshot().await;
                let reached = scene.reached_too_far(step.actor, &before, &after);
                assert!(
                    reached.is_empty(),
                    "{reached:?} by step {at} of {:?}; look at ranks/access.rs and decide()",
                    &steps[..=at]
                );
            }
        }
        assert!(carried_out > 15, "only {carried_out} commands were carried out; the test needs more");
    }
}
