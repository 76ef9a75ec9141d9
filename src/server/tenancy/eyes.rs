//! Through whose eyes a session looks (§3.6): "See as …".
//!
//! The request's look-up reads the target with everything else, so that the right is decided anew
//! at every request: who lost it, or whose hour is over, looks through their own eyes again.

use super::{Actor, facts::RankRow};
use crate::domain::{
    PlayerId,
    access::{AccessSet, Action, Facts, Missing, Person, RankFacts, Target, decide},
};

/// Who really looks, while [`Actor`] answers as somebody else.
#[derive(Clone, Debug)]
pub struct Looker {
    /// Their player.
    pub player: PlayerId,
    /// Their name.
    pub name: String,
    /// They see every group: founder or co-founder.
    pub sees_all: bool,
    /// What they may not in the whole Org: so nobody sees more through another's eyes than both may
    /// see, in groups neither.
    beyond: AccessSet,
}

impl Looker {
    /// What the rank of the person they look as shows to them.
    pub(super) fn limit(&self, rank: RankFacts) -> RankFacts {
        RankFacts {
            access: rank.access.without(self.beyond),
            ..rank
        }
    }
}

/// The person to look as, if the session names one whose time is not over.
#[derive(sqlx::FromRow)]
pub(super) struct EyesRow {
    eyes_id: Option<PlayerId>,
    eyes_name: Option<String>,
    eyes_founder: bool,
    eyes_co_founder: bool,
    eyes_level: Option<i64>,
    eyes_access: Option<String>,
    eyes_promote_to: Option<i64>,
    eyes_demote_from: Option<i64>,
    eyes_kick_to: Option<i64>,
    eyes_manage_to: Option<i64>,
}

impl EyesRow {
    /// The actor as that person, if they still may look as them; else as themself.
    pub(super) fn look_through(self, actor: Actor) -> Actor {
        let (Some(id), Some(name)) = (self.eyes_id, self.eyes_name) else {
            return actor;
        };
        let Some((player, own_name)) = actor.player.clone() else {
            return actor;
        };
        let rank = RankRow {
            level: self.eyes_level,
            access: self.eyes_access,
            promote_to: self.eyes_promote_to,
            demote_from: self.eyes_demote_from,
            kick_to: self.eyes_kick_to,
            manage_to: self.eyes_manage_to,
        }
        .into_facts();
        let person = Person {
            id,
            founder: self.eyes_founder,
            co_founder: self.eyes_co_founder,
            level: rank.level,
            path: &[],
        };
        if may_see_as(&actor.facts(), &person).is_err() {
            return actor;
        }
        let beyond = Action::ALL.iter().copied();
        let beyond = beyond.filter(|action| actor.may(*action).is_err());
        let looker = Looker {
            player,
            name: own_name,
            sees_all: actor.founder || actor.co_founder,
            beyond: beyond.collect(),
        };
        Actor {
            player: Some((id, name)),
            founder: false,
            co_founder: self.eyes_co_founder,
            rank: looker.limit(rank),
            user: actor.user,
            founding_offered: false,
            unread: 0,
            looker: Some(looker),
        }
    }
}

/// May somebody look through this person's eyes? Whoever founds may look as anybody below them,
/// others as people of a lower rank.
///
/// # Errors
/// What is missing.
pub fn may_see_as(facts: &Facts, person: &Person<'_>) -> Result<(), Missing> {
    decide(facts, Action::SeeAs, Target::Person(person)).map(|_| ())
}
