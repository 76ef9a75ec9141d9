//! A second opinion on who may do what (security.md §3.1): the rules of domain §3 written in Cedar
//! (`cedar/muster.cedar`), asked about thousands of random organisations. Where `domain::access`
//! and Cedar disagree, one of them has misunderstood the description.
//!
//! The same organisations in every run. For a longer run over others:
//! `MUSTER_CEDAR_ORGS=20000 cargo test --features ssr --test muster -- cedar`.

use cedar_policy::{
    Authorizer, Context, Decision, Entities, Entity, EntityUid, PolicySet, Request,
    RestrictedExpression, Schema, ValidationMode, Validator,
};
use muster::domain::{
    GroupId, PlayerId,
    access::{AccessSet, Action, Ceilings, Facts, Person, RankFacts, Target, decide},
};
use std::collections::{BTreeMap, HashMap, HashSet};
use uuid::Uuid;

const POLICIES: &str = include_str!("cedar/muster.cedar");
const SCHEMA: &str = include_str!("cedar/muster.cedarschema");
/// What is asked about people. The other actions are about groups or the whole organisation.
const ABOUT_PEOPLE: [Action; 5] = [
    Action::Promote,
    Action::Demote,
    Action::Kick,
    Action::ManagePlayers,
    Action::SeeAs,
];
/// Organisations in every run; each is asked about every player, action and kind of target.
const ORGS: u64 = 60;

#[test]
fn cedar_agrees_about_thousands_of_random_organisations() {
    let oracle = Oracle::new();
    let mut asked = 0;
    let mut allowed = 0;
    for seed in 0..orgs() {
        let org = Org::random(seed);
        let entities = org.entities(&oracle.schema);
        for question in org.questions(seed) {
            let ours = question.ours(&org);
            let theirs = oracle.allows(&question, &org, &entities);
            assert_eq!(
                ours.is_ok(),
                theirs,
                "organisation {seed}: decide() says {ours:?}, Cedar says {theirs}. Read domain §3 and \
                 correct src/domain/access.rs or src/tests/cedar/muster.cedar.\n{question:?}\n{org:#?}"
            );
            asked += 1;
            allowed += u32::from(theirs);
        }
    }
    println!(
        "{asked} decisions in {} organisations, {allowed} allowed, no disagreement",
        orgs()
    );
    assert!(
        asked > 5_000 && allowed > asked / 20 && allowed < asked / 4 * 3,
        "{allowed} of {asked} allowed: the random organisations have become one-sided"
    );
}

#[test]
fn the_policies_fit_their_schema() {
    let oracle = Oracle::new();
    let validator = Validator::new(oracle.schema.clone());
    let found = validator.validate(&oracle.policies, ValidationMode::Strict);
    let errors: Vec<String> = found.validation_errors().map(ToString::to_string).collect();
    assert!(
        errors.is_empty(),
        "src/tests/cedar/muster.cedar: {errors:#?}"
    );
}

#[expect(
    clippy::disallowed_methods,
    reason = "a longer run is asked for by whoever starts the tests"
)]
fn orgs() -> u64 {
    let wanted = std::env::var("MUSTER_CEDAR_ORGS").ok();
    wanted.and_then(|text| text.parse().ok()).unwrap_or(ORGS)
}

struct Oracle {
    schema: Schema,
    policies: PolicySet,
    authorizer: Authorizer,
}

impl Oracle {
    fn new() -> Self {
        let (schema, _) = Schema::from_cedarschema_str(SCHEMA).unwrap();
        Self {
            schema,
            policies: POLICIES.parse().unwrap(),
            authorizer: Authorizer::new(),
        }
    }

    fn allows(&self, question: &Question, org: &Org, entities: &Entities) -> bool {
        let resource = match question.about {
            About::Org => uid("Org", 0),
            About::Group(group) => uid("Group", group),
            About::Player(player) | About::Rank { player, .. } => uid("Player", player),
        };
        let mut context = vec![("id".to_owned(), text(question.action.id()))];
        let mut gains = AccessSet::default();
        if let About::Rank {
            player,
            level,
            access,
        } = question.about
        {
            context.push(("newLevel".to_owned(), RestrictedExpression::new_long(level)));
            gains = access.without(org.players[player].access);
        }
        context.push(("gains".to_owned(), texts(gains)));
        let action: EntityUid = format!("Action::\"{}\"", question.action.id())
            .parse()
            .unwrap();
        let request = Request::new(
            uid("Player", question.actor),
            action,
            resource,
            Context::from_pairs(context).unwrap(),
            Some(&self.schema),
        )
        .unwrap();
        let answer = self
            .authorizer
            .is_authorized(&request, &self.policies, entities);
        let errors: Vec<String> = answer
            .diagnostics()
            .errors()
            .map(ToString::to_string)
            .collect();
        assert!(errors.is_empty(), "Cedar could not decide: {errors:?}");
        answer.decision() == Decision::Allow
    }
}

/// A random organisation: a tree of groups, and people with ranks, roles and groups they manage.
#[derive(Debug)]
struct Org {
    /// Parent of each group; the first is the root.
    parents: Vec<usize>,
    players: Vec<Somebody>,
}

#[derive(Debug)]
struct Somebody {
    founder: bool,
    co_founder: bool,
    level: i64,
    access: AccessSet,
    ceilings: Ceilings,
    /// Their exclusive group.
    group: usize,
    /// What roles grant, by group.
    roles: BTreeMap<usize, AccessSet>,
    manages: Vec<usize>,
}

#[derive(Debug)]
struct Question {
    actor: usize,
    action: Action,
    about: About,
}

#[derive(Clone, Copy, Debug)]
enum About {
    Org,
    Group(usize),
    Player(usize),
    Rank {
        player: usize,
        level: i64,
        access: AccessSet,
    },
}

impl Org {
    fn random(seed: u64) -> Self {
        let mut chance = Chance(seed);
        let groups = 2 + chance.below(8);
        let parents = (0..groups)
            .map(|group| if group == 0 { 0 } else { chance.below(group) })
            .collect();
        let players = (0..5)
            .map(|index| Somebody {
                founder: index == 0,
                co_founder: index == 1 && chance.one_in(2),
                level: chance.below(6) as i64,
                access: chance.access(3),
                ceilings: Ceilings {
                    promote: chance.level(),
                    demote: chance.level(),
                    kick: chance.level(),
                    manage: chance.level(),
                },
                group: chance.below(groups),
                roles: (0..chance.below(3))
                    .map(|_| {
                        let access = if chance.one_in(2) {
                            AccessSet::leadership()
                        } else {
                            chance.access(2)
                        };
                        (chance.below(groups), access)
                    })
                    .collect(),
                manages: (0..chance.below(3)).map(|_| chance.below(groups)).collect(),
            })
            .collect();
        Self { parents, players }
    }

    /// Every player and action, about the Org, a group, a player and a rank for a player.
    fn questions(&self, seed: u64) -> Vec<Question> {
        let mut chance = Chance(seed ^ 0x00c0_ffee);
        let mut questions = Vec::new();
        for actor in 0..self.players.len() {
            for action in Action::ALL.iter().copied() {
                let player = chance.below(self.players.len());
                let mut ask = |about| {
                    questions.push(Question {
                        actor,
                        action,
                        about,
                    });
                };
                ask(About::Org);
                ask(About::Group(chance.below(self.parents.len())));
                if ABOUT_PEOPLE.contains(&action) {
                    ask(About::Player(player));
                }
                if matches!(action, Action::Promote | Action::Demote) {
                    ask(About::Rank {
                        player,
                        level: chance.below(7) as i64,
                        access: chance.access(2),
                    });
                }
            }
        }
        questions
    }

    fn path(&self, group: usize) -> Vec<GroupId> {
        let mut path = vec![group_id(group)];
        let mut at = group;
        while at != 0 {
            at = self.parents[at];
            path.push(group_id(at));
        }
        path
    }

    fn entities(&self, schema: &Schema) -> Entities {
        let groups = self.parents.iter().enumerate().map(|(group, parent)| {
            let above: HashSet<EntityUid> = (group != 0)
                .then(|| uid("Group", *parent))
                .into_iter()
                .collect();
            Entity::new(uid("Group", group), HashMap::new(), above).unwrap()
        });
        let players = self
            .players
            .iter()
            .enumerate()
            .map(|(player, somebody)| somebody.entity(player));
        let org = Entity::new(uid("Org", 0), HashMap::new(), HashSet::new()).unwrap();
        Entities::from_entities(groups.chain(players).chain([org]), Some(schema)).unwrap()
    }
}

impl Somebody {
    fn entity(&self, player: usize) -> Entity {
        let groups = |action: Action| {
            let given = self.roles.iter().filter(|(_, access)| access.has(action));
            uids(given.map(|(group, _)| *group))
        };
        let mut attributes: HashMap<String, RestrictedExpression> = [
            ("founder", RestrictedExpression::new_bool(self.founder)),
            ("coFounder", RestrictedExpression::new_bool(self.co_founder)),
            ("level", RestrictedExpression::new_long(self.level)),
            ("access", texts(self.access)),
            ("manages", uids(self.manages.iter().copied())),
            ("promotes", groups(Action::Promote)),
            ("demotes", groups(Action::Demote)),
            ("kicks", groups(Action::Kick)),
            ("managesPlayers", groups(Action::ManagePlayers)),
            ("editsStructure", groups(Action::EditStructure)),
            ("assignsMembers", groups(Action::AssignMembers)),
            ("choosesManagers", groups(Action::ManageManagers)),
            ("plansOperations", groups(Action::PlanOperations)),
            ("fillsBillets", groups(Action::FillBillets)),
            ("recordsAttendance", groups(Action::RecordAttendance)),
            ("reviewsLeave", groups(Action::ReviewLeave)),
        ]
        .map(|(name, value)| (name.to_owned(), value))
        .into();
        for (name, ceiling) in [
            ("promoteTo", self.ceilings.promote),
            ("demoteFrom", self.ceilings.demote),
            ("kickTo", self.ceilings.kick),
            ("manageTo", self.ceilings.manage),
        ] {
            if let Some(level) = ceiling {
                attributes.insert(name.to_owned(), RestrictedExpression::new_long(level));
            }
        }
        let above = HashSet::from([uid("Group", self.group)]);
        Entity::new(uid("Player", player), attributes, above).unwrap()
    }
}

impl Question {
    fn ours(&self, org: &Org) -> Result<(), muster::domain::access::Missing> {
        let actor = &org.players[self.actor];
        let facts = Facts {
            founder: actor.founder,
            co_founder: actor.co_founder,
            player: Some(player_id(self.actor)),
            rank: RankFacts {
                level: actor.level,
                access: actor.access,
                ceilings: actor.ceilings,
            },
            roles: actor
                .roles
                .iter()
                .map(|(group, access)| (group_id(*group), *access))
                .collect(),
            manages: actor.manages.iter().map(|group| group_id(*group)).collect(),
        };
        let asked = match self.about {
            About::Player(player) | About::Rank { player, .. } => Some(player),
            About::Org | About::Group(_) => None,
        };
        let path = asked.map_or_else(Vec::new, |player| org.path(org.players[player].group));
        let person = asked.map(|player| Person {
            id: player_id(player),
            founder: org.players[player].founder,
            co_founder: org.players[player].co_founder,
            level: org.players[player].level,
            path: &path,
        });
        let here;
        let target = match (self.about, &person) {
            (About::Group(group), _) => {
                here = org.path(group);
                Target::Group(&here)
            }
            (About::Player(_), Some(person)) => Target::Person(person),
            (
                About::Rank {
                    player,
                    level,
                    access,
                },
                Some(person),
            ) => Target::NewRank {
                person,
                level,
                gains: access.without(org.players[player].access),
            },
            _ => Target::Org,
        };
        decide(&facts, self.action, target).map(|_| ())
    }
}

fn group_id(index: usize) -> GroupId {
    GroupId(Uuid::from_u128(index as u128))
}

fn player_id(index: usize) -> PlayerId {
    PlayerId(Uuid::from_u128(index as u128))
}

fn uid(kind: &str, index: usize) -> EntityUid {
    format!("{kind}::\"{index}\"").parse().unwrap()
}

fn uids(groups: impl Iterator<Item = usize>) -> RestrictedExpression {
    RestrictedExpression::new_set(
        groups.map(|group| RestrictedExpression::new_entity_uid(uid("Group", group))),
    )
}

fn text(text: &str) -> RestrictedExpression {
    RestrictedExpression::new_string(text.to_owned())
}

fn texts(access: AccessSet) -> RestrictedExpression {
    RestrictedExpression::new_set(access.iter().map(|action| text(action.id())))
}

/// Random numbers that are the same in every run (SplitMix64).
struct Chance(u64);

impl Chance {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    fn below(&mut self, bound: usize) -> usize {
        (self.next() % bound as u64) as usize
    }

    fn one_in(&mut self, count: usize) -> bool {
        self.below(count) == 0
    }

    fn access(&mut self, one_in: usize) -> AccessSet {
        Action::ALL
            .iter()
            .copied()
            .filter(|_| self.one_in(one_in))
            .collect()
    }

    /// Mostly no ceiling.
    fn level(&mut self) -> Option<i64> {
        self.one_in(3).then(|| self.below(6) as i64)
    }
}
