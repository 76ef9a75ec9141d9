//! The roster as HTML, drawn on the server and kept for all who may see the same.
//!
//! Kept per Org and only for the newest event, so a drawing can never be stale; the key holds
//! everything that decides what is on it. Each unit that can change by itself carries a
//! `data-key`, by which the browser exchanges only what changed (`rearranging::patch`).

mod cards;
mod chart;
mod edit;
mod rows;
mod table;
mod tree;

use crate::{
    domain::{
        AppError, FieldProblem, GroupId, OrgId, PlayerId,
        access::{Action, Facts, Missing, Target, decide},
        module::Module,
        time::{self, Instant},
    },
    features::{
        ranks::model::RankTitle,
        roster::{
            model::{
                RosterView,
                pages::{GroupChoice, RosterPage, RosterQuery},
            },
            read_model::{Group, Member, Roster, Visible},
            service,
        },
    },
    server::{Ctx, Failure, Result},
};
use leptos::prelude::*;
use std::{
    collections::{HashMap, HashSet},
    sync::{Arc, Mutex, PoisonError},
};

/// Subgroups nested deeper than this are drawn beside each other: browsers give up on very deep
/// documents, and so does the stack.
const DEEPEST: usize = 24;
/// Longest filter, in characters.
const FILTER_MAX: usize = 100;

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
struct Key {
    view: RosterView,
    visible: Visible,
    today: String,
    ranks: bool,
    has_positions: bool,
    /// Who is drawn as being on leave.
    away: Vec<PlayerId>,
}

/// Drawings of each Org, all of the same event number.
#[derive(Debug, Default)]
pub struct Cache(Mutex<HashMap<OrgId, Drawings>>);

/// The event number, and the drawings that include it.
type Drawings = (i64, HashMap<Key, RosterPage>);

/// Orgs and drawings for each that are kept, at most.
const KEPT_ORGS: usize = 256;
const KEPT_DRAWINGS: usize = 32;

impl Cache {
    fn get(&self, org: OrgId, seq: i64, key: &Key) -> Option<RosterPage> {
        let kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        kept.get(&org)
            .filter(|(at, _)| *at == seq)
            .and_then(|(_, pages)| pages.get(key))
            .cloned()
    }

    fn put(&self, org: OrgId, key: Key, page: &RosterPage) {
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if kept.len() >= KEPT_ORGS && !kept.contains_key(&org) {
            kept.clear();
        }
        let (seq, pages) = kept
            .entry(org)
            .or_insert_with(|| (page.seq, HashMap::new()));
        if *seq != page.seq || pages.len() >= KEPT_DRAWINGS {
            *seq = page.seq;
            pages.clear();
        }
        pages.insert(key, page.clone());
    }
}

/// The roster page: from memory when nothing has happened since it was drawn.
///
/// # Errors
/// A malformed date or filter, editing without any right to, or when the database fails.
pub async fn read_roster(ctx: &Ctx, query: &RosterQuery) -> Result<RosterPage> {
    if query.filter.chars().count() > FILTER_MAX {
        let max = FILTER_MAX as u32;
        return Err(AppError::field("filter", FieldProblem::TooLong { max }).into());
    }
    let roster = service::roster_as_of(ctx, &query.as_of).await?;
    let visible = service::visible_groups(ctx, &roster);
    let today = time::iso_date(ctx.now.date_naive());
    let ranks = ctx.tenant()?.modules.has(Module::Ranks);
    if query.edit {
        let facts = service::facts(ctx, &roster);
        let allowed = decide(&facts, Action::AssignMembers, Target::Org).is_ok()
            || service::leads_anything(ctx).await?;
        if !allowed {
            return Err(ctx.refuse(Missing::AccessHere(Action::AssignMembers)));
        }
        return Ok(Drawing::new(&roster, &visible, "", Some(&facts))
            .with_ranks(ranks)
            .page(query, today));
    }
    let away = away(ctx, &roster);
    let plain = query.as_of.is_empty() && query.filter.is_empty();
    let org = ctx.tenant()?.id();
    let cache = ctx.state.cache::<Cache>();
    let key = Key {
        view: query.view,
        visible: visible.clone(),
        today: today.clone(),
        ranks,
        has_positions: roster.has_positions,
        away: away.clone(),
    };
    if plain && let Some(page) = cache.get(org, roster.seq, &key) {
        return Ok(page);
    }
    let filter = query.filter.clone();
    let view = query.clone();
    // Drawing thousands of rows takes milliseconds of computing, which belongs on another thread.
    let page = tokio::task::spawn_blocking(move || {
        Drawing::new(&roster, &visible, &filter, None)
            .with_ranks(ranks)
            .with_away(away)
            .page(&view, today)
    })
    .await
    .map_err(|error| Failure::setup(format!("drawing stopped: {error}")))?;
    if plain {
        cache.put(org, key, &page);
    }
    Ok(page)
}

/// Who is on leave, which is for members alone.
fn away(ctx: &Ctx, roster: &Roster) -> Vec<PlayerId> {
    if ctx.actor.player.is_none() && !ctx.actor.founder {
        return Vec::new();
    }
    let mut away: Vec<PlayerId> = roster.on_leave.iter().copied().collect();
    away.sort_unstable();
    away
}

/// One roster with one pair of eyes.
struct Drawing<'a> {
    roster: &'a Roster,
    filter: String,
    /// Groups on the drawing, by parent; top-level ones by the root.
    children: HashMap<GroupId, Vec<&'a Group>>,
    root: GroupId,
    /// When the oldest group that the viewer may see was founded; none when they see no group.
    first: Option<Instant>,
    /// In edit mode: what the viewer holds.
    facts: Option<&'a Facts>,
    /// Ranks are on the drawing: the Org has them, and at least one looks like something.
    ranks: bool,
    /// Who is drawn as being on leave, sorted.
    away: Vec<PlayerId>,
}

impl<'a> Drawing<'a> {
    fn new(roster: &'a Roster, visible: &Visible, filter: &str, facts: Option<&'a Facts>) -> Self {
        let root = roster.root().unwrap_or_default();
        let filter = filter.trim().to_lowercase();
        let mut drawing = Self {
            roster,
            filter,
            children: HashMap::new(),
            root,
            first: roster
                .groups
                .iter()
                .filter(|group| visible.has(group.id))
                .map(|group| group.founded)
                .min(),
            facts,
            ranks: false,
            away: Vec::new(),
        };
        // Against command order: a group stays when one below it stays.
        let mut stays: HashSet<GroupId> = HashSet::new();
        for group in roster
            .groups
            .iter()
            .rev()
            .filter(|group| visible.has(group.id))
        {
            if stays.contains(&group.id) || drawing.matches(group) {
                stays.insert(group.id);
                stays.insert(group.parent);
            }
        }
        for group in roster
            .groups
            .iter()
            .filter(|group| stays.contains(&group.id))
        {
            let parent = if group.depth > DEEPEST {
                roster.path(group.id)[group.depth - DEEPEST + 1]
            } else if roster.group(group.parent).is_some() {
                group.parent
            } else {
                root
            };
            drawing.children.entry(parent).or_default().push(group);
        }
        drawing
    }

    fn with_ranks(self, on: bool) -> Self {
        let marked = |rank: &&RankTitle| !rank.insignia.is_empty() || !rank.abbreviation.is_empty();
        let ranks = on && self.roster.ladder.rungs().iter().any(marked);
        Self { ranks, ..self }
    }

    fn with_away(self, away: Vec<PlayerId>) -> Self {
        Self { away, ..self }
    }

    fn matches(&self, group: &Group) -> bool {
        self.filter.is_empty()
            || group.name.to_lowercase().contains(&self.filter)
            || group.ident.to_lowercase().contains(&self.filter)
            || self.members(group).next().is_some()
    }

    /// Members on the drawing. A group found by its own name shows all of them.
    fn members(&self, group: &Group) -> impl Iterator<Item = &'a Member> {
        let found = self.filter.is_empty()
            || group.name.to_lowercase().contains(&self.filter)
            || group.ident.to_lowercase().contains(&self.filter);
        let filter = self.filter.clone();
        self.roster
            .members_of(group.id)
            .iter()
            .filter(move |member| {
                found
                    || member.common_name.to_lowercase().contains(&filter)
                    || member.role_name.to_lowercase().contains(&filter)
            })
    }

    fn below(&self, parent: GroupId) -> &[&'a Group] {
        self.children.get(&parent).map_or(&[], Vec::as_slice)
    }

    fn may(&self, action: Action, group: GroupId) -> bool {
        self.facts.is_some_and(|facts| {
            decide(facts, action, Target::Group(&self.roster.path(group))).is_ok()
        })
    }

    fn targets(&self) -> Vec<GroupChoice> {
        self.roster
            .groups
            .iter()
            .filter(|group| self.may(Action::AssignMembers, group.id))
            .map(service::group_choice)
            .collect()
    }

    fn page(&self, query: &RosterQuery, today: String) -> RosterPage {
        let (view, tree, tray) = match (query.edit, query.view) {
            (true, _) => (self.edit_cards(), self.edit_tree(), self.edit_tray()),
            (false, RosterView::Cards) => (self.cards(), String::new(), String::new()),
            (false, RosterView::Tree) => (self.tree(), String::new(), String::new()),
            (false, RosterView::Chart) => (self.chart(), String::new(), String::new()),
            (false, RosterView::Table) => (self.table(), String::new(), String::new()),
        };
        let groups = self.children.values().flatten();
        let people: HashSet<_> = groups
            .clone()
            .flat_map(|group| self.members(group))
            .map(|member| member.player_id)
            .collect();
        let vacancies = groups
            .clone()
            .map(|group| self.roster.vacancies_of(group.id).count())
            .sum();
        RosterPage {
            seq: self.roster.seq,
            html: Arc::from(view),
            tree_html: tree,
            tray_html: tray,
            targets: if query.edit {
                self.targets()
            } else {
                Vec::new()
            },
            people: count(people.len()),
            groups: count(groups.count()),
            vacancies: count(vacancies),
            empty: self.first.is_none(),
            first_day: self
                .first
                .map_or_else(|| today.clone(), |at| time::iso_date(at.date_naive())),
            today,
        }
    }
}

fn count(number: usize) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX)
}

/// Drawn views need no reactive world, but Leptos wants an owner for them.
fn html(view: AnyView) -> String {
    Owner::new().with(|| view.to_html())
}
