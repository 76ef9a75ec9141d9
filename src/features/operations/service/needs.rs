//! Judging people by the needs of billets and the stages of their release (§9.4).

use crate::{
    domain::{
        PlayerId,
        criteria::{Criterion, Explanation, Facts, Thing, Told, Verdict, Wants, evaluate},
    },
    features::{
        criteria::service::{KnownNames, facts_of, names_of},
        operations::model::release::Release,
        roster::read_model::Roster,
    },
    server::{Ctx, Result, db::Read},
};
use std::collections::{HashMap, HashSet};

/// Who learns from a verdict.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Reads {
    /// The actor: what they do not see stays unknown, and unknown opens nothing.
    Actor,
    /// Nobody: Muster moves whoever waits.
    Nobody,
}

/// Judges the players it was made for by the rules it was made for, and tells the outcome in words
/// that the actor may read.
pub(super) struct Judge {
    rules: HashMap<String, Criterion>,
    facts: HashMap<PlayerId, Facts>,
    /// Of those about whom nothing is known.
    nothing: Facts,
    names: KnownNames,
}

impl Judge {
    /// Reads what these stored rules and this release ask about these players. One that cannot be
    /// read is met by nobody. Takes a fixed number of statements, and none when nothing is asked.
    pub(super) async fn read<'a>(
        tx: &mut Read,
        ctx: &Ctx,
        roster: &Roster,
        rules: impl IntoIterator<Item = &'a str>,
        release: &Release,
        (players, reads): (&[PlayerId], Reads),
    ) -> Result<Self> {
        let texts: HashSet<&str> = rules.into_iter().collect();
        let rules: HashMap<String, Criterion> = texts
            .into_iter()
            .map(|rule| (rule.to_owned(), read(rule)))
            .collect();
        let stages = release.stages().iter().map(|stage| &stage.who);
        let asked: Vec<&Criterion> = rules.values().chain(stages).collect();
        let mut wants = Wants::of(asked.iter().copied());
        let names = names_of(tx, ctx, roster, asked).await?;
        if reads == Reads::Actor {
            // Who fits would tell who is in a group that the actor does not see.
            wants.groups.retain(|id| names.has(Thing::Group(*id)));
            wants.roles.retain(|id| names.has(Thing::Role(*id)));
        }
        let facts = if wants == Wants::default() {
            HashMap::new()
        } else {
            facts_of(tx, ctx, &wants, Some(players), ctx.now).await?
        };
        Ok(Self {
            rules,
            facts,
            nothing: Facts::default(),
            names,
        })
    }

    /// What is known of a player.
    pub(super) fn facts(&self, player: PlayerId) -> &Facts {
        self.facts.get(&player).unwrap_or(&self.nothing)
    }

    /// Does a player meet a rule, and why not?
    pub(super) fn judge(&self, rule: &str, player: PlayerId) -> Explanation {
        match self.rules.get(rule) {
            Some(known) => evaluate(known, self.facts(player)),
            None => evaluate(&read(rule), self.facts(player)),
        }
    }

    /// Does a player meet a rule?
    pub(super) fn meets(&self, rule: &str, player: PlayerId) -> bool {
        rule.is_empty() || self.judge(rule, player).met()
    }

    /// What a stored rule demands, in one line; empty for none.
    pub(super) fn demand(&self, rule: &str) -> String {
        if rule.is_empty() {
            return String::new();
        }
        self.demand_of(&read(rule))
    }

    /// What a rule demands, in one line.
    pub(super) fn demand_of(&self, rule: &Criterion) -> String {
        rule.demand(&|thing| self.names.of(thing))
    }

    /// What is missing, in one line.
    pub(super) fn lacks(&self, explanation: &Explanation) -> String {
        let told = explanation.told(&|thing| self.names.of(thing));
        let mut missing = Vec::new();
        leaves(&told, &mut missing);
        missing.dedup();
        missing.join("; ")
    }
}

/// A stored rule. What cannot be read is met by nobody: opening it to everybody would be worse.
fn read(rule: &str) -> Criterion {
    if rule.is_empty() {
        return Criterion::default();
    }
    let nobody = || Criterion::Not(Box::default());
    Criterion::parse(rule).unwrap_or_else(|_| nobody())
}

/// The sentences without parts that are not met.
fn leaves(told: &Told, into: &mut Vec<String>) {
    if told.verdict == Verdict::Met.word() {
        return;
    }
    if told.parts.is_empty() {
        into.push(told.text.clone());
    }
    for part in &told.parts {
        leaves(part, into);
    }
}
