//! Importing: one transaction from reading the roster to the event that tells of it.
//!
//! [`run_import`] is the whole command, for the command line and tests; `runs` does the same in the
//! background for the import's page and keeps what came of it.

mod prune;
mod report_csv;
mod runs;

pub use runs::{Running, check_upload, list_imports, read_import, read_report, start_import};

use super::{
    input::{Choices, Uploads},
    model::{self, Counts, Existing, GroupUpdate, NewGroup, Plan, Report, Severity},
    store,
};
use crate::{
    domain::{
        GroupId, MembershipId, OrgId, PlayerId, RoleId,
        access::{AccessSet, Action, Facts, Target, decide, untouched},
        event::{EventData, EventKind},
        name,
    },
    features::roster::{
        self,
        input::{CheckedGroup, RoleDetails},
        model::{Policy, Visibility},
        read_model::Who,
        service::{Bulk, BulkGroup, BulkGroupChange, BulkMembership, BulkPlayer, apply_bulk},
    },
    server::{
        Ctx, Failure, Result,
        db::{Read, Write},
        events::{self, NewEvent},
        tenancy,
    },
};
use std::{collections::HashMap, sync::Arc};
use uuid::Uuid;

/// The standing of players that no file says more of.
const ACTIVE: &str = "active";

/// The answer to an import.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Imported {
    /// What was done, or would be.
    pub report: Report,
    /// Why nothing at all was written, if that is so.
    pub refused: Option<Refused>,
}

/// Why nothing at all was written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refused {
    /// A whole file could not be read.
    File,
    /// A row has an error, and the caller wanted all or nothing.
    Strict,
    /// More memberships would end than may (§4.8).
    PruneLimit,
}

/// May the actor import? Decided by facts of this transaction, which are answered.
async fn authorise(tx: &mut Read, ctx: &Ctx) -> Result<Facts> {
    let facts = tenancy::facts(tx, ctx).await?;
    decide(&facts, Action::Import, Target::Org).map_err(|missing| ctx.refuse(missing))?;
    Ok(facts)
}

/// The same with these choices: who ends memberships must be able to do so everywhere.
async fn authorise_choices(tx: &mut Read, ctx: &Ctx, choices: &Choices) -> Result<Facts> {
    let facts = authorise(tx, ctx).await?;
    if choices.prune {
        let may = decide(&facts, Action::AssignMembers, Target::Org);
        may.map_err(|missing| ctx.refuse(missing))?;
    }
    Ok(facts)
}

/// What these facts let their owner give to others anywhere in the organisation: what they have.
fn givable(facts: &Facts) -> AccessSet {
    let has = |action: &Action| decide(facts, *action, Target::Org).is_ok();
    AccessSet::everything().iter().filter(has).collect()
}

/// Imports files, or says what that would do. `progress` is told how many rows of how many are
/// written.
///
/// # Errors
/// The actor may not import, or the database fails; then nothing was written. What is wrong with
/// the files is no error but in the report.
pub async fn run_import(
    ctx: &Ctx,
    uploads: Arc<Uploads>,
    choices: &Choices,
    dry_run: bool,
    progress: impl Fn(usize, usize) + Send + Sync,
) -> Result<Imported> {
    let tenant = ctx.tenant()?;
    if dry_run {
        let mut tx = ctx.state.db.read(tenant).await?;
        let planned = plan(&mut tx, ctx, uploads, choices).await?;
        tx.done().await?;
        return Ok(planned.report(true));
    }
    let mut tx = ctx.state.db.write(tenant).await?;
    let (imported, changed) = import_in(&mut tx, ctx, uploads, choices, progress).await?;
    if changed {
        events::commit(tx, &ctx.state.hub).await?;
    }
    Ok(imported)
}

/// Imports within a transaction, and answers whether anything was written.
async fn import_in(
    tx: &mut Write,
    ctx: &Ctx,
    uploads: Arc<Uploads>,
    choices: &Choices,
    progress: impl Fn(usize, usize) + Send + Sync,
) -> Result<(Imported, bool)> {
    let mut planned = plan(tx, ctx, uploads, choices).await?;
    let imported = planned.report(false);
    if imported.refused.is_some() || planned.plan.is_empty() {
        return Ok((imported, false));
    }
    prune::end_unnamed(
        tx,
        ctx,
        std::mem::take(&mut planned.plan.memberships_to_end),
    )
    .await?;
    if planned.plan.is_empty() {
        return Ok((imported, true));
    }
    let bulk = to_bulk(planned.plan, &planned.existing, tx.org());
    let total = rows_of(&bulk);
    progress(0, total);
    apply_bulk(tx, ctx, bulk, |done| progress(done, total)).await?;
    let data = EventData {
        after: Some(summary(&imported.report)),
        ..EventData::default()
    };
    events::append(tx, ctx, NewEvent::new(EventKind::Imported, data)).await?;
    Ok((imported, true))
}

/// A plan, and what it was made from.
struct Planned {
    plan: Plan,
    existing: Existing,
    strict: bool,
    /// How many memberships may end.
    may_end: u32,
}

/// Reads the roster as the actor sees it, and plans with their rights. The planning is done on a thread of its own: large files take a
/// while, and other requests must not wait for it.
async fn plan(
    tx: &mut Read,
    ctx: &Ctx,
    uploads: Arc<Uploads>,
    choices: &Choices,
) -> Result<Planned> {
    let facts = authorise_choices(tx, ctx, choices).await?;
    let roster = roster::service::roster_in(tx, ctx).await?;
    let visible = roster.visible_to(Who::of(&facts));
    let existing = store::load_existing(tx, &visible).await?;
    let founders = store::founders(tx).await?;
    let all_founders = founders.iter().map(|row| row.player).collect();
    let mut options = choices.to_options(ctx.now, all_founders);
    options.may_give = givable(&facts);
    options.protected = founders
        .iter()
        .filter(|row| untouched(&facts, &row.person()).is_err())
        .map(|row| row.player)
        .collect();
    let strict = choices.strict;
    let may_end = choices
        .prune_limit
        .unwrap_or_else(|| prune::allowed(&existing));
    let work = move || {
        let plan = model::plan(&uploads.as_files(), &existing, &options, Uuid::now_v7);
        Planned {
            plan,
            existing,
            strict,
            may_end,
        }
    };
    tokio::task::spawn_blocking(work)
        .await
        .map_err(|error| Failure::setup(format!("planning an import stopped: {error}")))
}

impl Planned {
    /// What people are told. When nothing will be written, nothing is counted as written.
    fn report(&self, dry_run: bool) -> Imported {
        let mut report = Report::new(&self.plan, &self.existing, dry_run);
        // A dry run says what would be done if it were agreed to.
        let too_many = !dry_run && report.memberships_ended > self.may_end;
        let refused = if self.plan.refused {
            Some(Refused::File)
        } else if self.strict && has_errors(&report) {
            Some(Refused::Strict)
        } else if too_many {
            Some(Refused::PruneLimit)
        } else {
            None
        };
        if refused.is_some() {
            for counts in [
                &mut report.groups,
                &mut report.players,
                &mut report.memberships,
                &mut report.roles,
            ] {
                leave_out(counts);
            }
        }
        Imported { report, refused }
    }
}

fn has_errors(report: &Report) -> bool {
    let skipped = report.groups.skipped + report.players.skipped + report.memberships.skipped;
    skipped > 0
        || report
            .problems
            .iter()
            .any(|problem| problem.severity == Severity::Error)
}

fn leave_out(counts: &mut Counts) {
    counts.skipped += counts.created + counts.updated;
    counts.created = 0;
    counts.updated = 0;
}

/// "261 groups, 735 people, 2,443 memberships".
fn summary(report: &Report) -> String {
    let part = |counts: Counts, one: &str, many: &str| {
        let count = counts.created + counts.updated;
        (count > 0).then(|| {
            format!(
                "{} {}",
                thousands(count),
                if count == 1 { one } else { many }
            )
        })
    };
    let parts: Vec<String> = [
        part(report.groups, "group", "groups"),
        part(report.players, "person", "people"),
        part(report.memberships, "membership", "memberships"),
    ]
    .into_iter()
    .flatten()
    .collect();
    if parts.is_empty() {
        return part(report.roles, "role", "roles").unwrap_or_else(|| "changes".to_owned());
    }
    parts.join(", ")
}

/// `2,443`.
#[must_use]
pub fn thousands(number: u32) -> String {
    let digits = number.to_string();
    let mut text = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

// --- from the plan to the roster's own terms -------------------------------------------------------

/// How many rows `apply_bulk` will count.
fn rows_of(bulk: &Bulk) -> usize {
    bulk.groups.len()
        + bulk.group_changes.len()
        + bulk.roles.len()
        + bulk.positions.len()
        + bulk.players.len()
        + bulk.player_changes.len()
        + bulk.memberships.len()
}

/// The plan as the roster writes it; the order of the plan is kept.
fn to_bulk(plan: Plan, existing: &Existing, org: OrgId) -> Bulk {
    let root = org.root_group();
    let known: HashMap<Uuid, &model::ExistingGroup> = existing
        .groups
        .iter()
        .map(|group| (group.id, group))
        .collect();
    let people: HashMap<Uuid, &model::ExistingPlayer> = existing
        .players
        .iter()
        .map(|player| (player.id, player))
        .collect();
    Bulk {
        groups: plan
            .groups_to_create
            .into_iter()
            .map(|new| new_group(new, root))
            .collect(),
        group_changes: plan
            .groups_to_update
            .into_iter()
            .filter_map(|update| Some(changed_group(known.get(&update.id)?, update, root)))
            .collect(),
        roles: plan
            .roles_to_create
            .into_iter()
            .map(|new| {
                let details = RoleDetails {
                    name: new.name,
                    acronym: String::new(),
                    leadership: new.leadership,
                    singular: false,
                    access: AccessSet::default(),
                };
                (RoleId(new.id), GroupId(new.group_id), details)
            })
            .collect(),
        players: plan
            .players_to_create
            .into_iter()
            .map(|new| BulkPlayer {
                id: PlayerId(new.id),
                user: None,
                common_name: new.name,
                standing: new.standing.unwrap_or_else(|| ACTIVE.to_owned()),
                joined: new.joined,
            })
            .collect(),
        player_changes: plan
            .players_to_update
            .into_iter()
            .filter_map(|update| {
                let old = people.get(&update.id)?;
                let standing = update.standing.unwrap_or_else(|| old.standing.clone());
                Some((
                    PlayerId(update.id),
                    standing,
                    update.joined.unwrap_or(old.joined),
                ))
            })
            .collect(),
        memberships: plan
            .memberships_to_create
            .into_iter()
            .map(|new| BulkMembership {
                id: MembershipId(new.id),
                player: PlayerId(new.player_id),
                role: RoleId(new.role_id),
                position: None,
                since: new.since,
                until: new.until,
                reason: None,
            })
            .collect(),
        endings: plan
            .memberships_to_close
            .into_iter()
            .map(|close| (MembershipId(close.id), close.until))
            .collect(),
        ..Bulk::default()
    }
}

/// The plan has checked both words; private and closed are the careful answers.
fn words(visibility: &str, policy: &str) -> (Visibility, Policy) {
    (
        Visibility::parse(visibility).unwrap_or(Visibility::Private),
        Policy::parse(policy).unwrap_or(Policy::Closed),
    )
}

fn new_group(new: NewGroup, root: GroupId) -> BulkGroup {
    let (visibility, policy) = words(&new.visibility, &new.policy);
    BulkGroup {
        id: GroupId(new.id),
        parent: new.parent.map_or(root, GroupId),
        exclusive: new.exclusive,
        details: CheckedGroup {
            acronym: new.acronym.unwrap_or_else(|| name::acronym_of(&new.name)),
            name: new.name,
            description: new.description,
            kind: new.kind,
            visibility,
            policy,
        },
        founded: new.founded,
        retired: new.retired,
    }
}

fn changed_group(
    old: &model::ExistingGroup,
    update: GroupUpdate,
    root: GroupId,
) -> BulkGroupChange {
    let new = update.changes;
    let visibility = new.visibility.as_ref().unwrap_or(&old.visibility);
    let policy = new.policy.as_ref().unwrap_or(&old.policy);
    let (visibility, policy) = words(visibility, policy);
    let parent = new.moved.map_or(old.parent, |moved| moved.to);
    BulkGroupChange {
        id: GroupId(old.id),
        parent: parent.map_or(root, GroupId),
        details: CheckedGroup {
            name: old.name.clone(),
            acronym: new.acronym.unwrap_or_else(|| old.acronym.clone()),
            description: new.description.unwrap_or_else(|| old.description.clone()),
            kind: new.kind.unwrap_or_else(|| old.kind.clone()),
            visibility,
            policy,
        },
        founded: new.founded.unwrap_or(old.founded),
        retired: new.retired.or(old.retired),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn counts(created: u32, updated: u32) -> Counts {
        Counts {
            created,
            updated,
            unchanged: 5,
            skipped: 1,
        }
    }

    #[test]
    fn the_summary_names_what_was_written() {
        let mut report = Report {
            groups: counts(261, 0),
            players: counts(734, 1),
            memberships: counts(2_443, 0),
            roles: counts(500, 0),
            ..Report::default()
        };
        assert_eq!(
            summary(&report),
            "261 groups, 735 people, 2,443 memberships"
        );
        report.groups = counts(0, 0);
        report.players = counts(0, 1);
        report.memberships = counts(0, 0);
        assert_eq!(summary(&report), "1 person");
        report.players = counts(0, 0);
        assert_eq!(summary(&report), "500 roles");
        assert_eq!(thousands(1_234_567), "1,234,567");
        assert_eq!(thousands(999), "999");
    }

    #[test]
    fn what_is_not_written_is_not_counted_as_written() {
        let mut left = counts(3, 4);
        leave_out(&mut left);
        assert_eq!(
            left,
            Counts {
                created: 0,
                updated: 0,
                unchanged: 5,
                skipped: 8
            }
        );
    }
}
