//! The runs of the import's page: checked at upload, written in the background, kept with their
//! reports.
//!
//! A run is marked as running in one transaction; a second one writes its rows and marks it as done
//! together, so it is done if and only if everything was written. While the second is open the one
//! writer of SQLite is taken, so how far it is stands in memory, in [`Running`]; on PostgreSQL it is
//! noted in the row too, for the other nodes.

use super::{
    Imported, Refused, authorise, authorise_choices, import_in, report_csv::report_csv, run_import,
};
use crate::{
    domain::{
        AppError, ConflictCode, ImportId, OrgId,
        access::{Action, Facts, Granted},
        event::Outcome,
        time::Instant,
    },
    features::guard::{model::LIMIT, service::confirm_count},
    features::transfer_data::{
        input::{Choices, MAX_MEGABYTES, Uploads, default_role_names},
        model::{
            Counts, Report, Severity,
            pages::{CountLine, ImportPage, ProblemLine, RunLine, RunPage, RunState},
        },
        store::{self, NewRun, RunRow},
    },
    server::{
        Ctx, Failure, Result,
        db::{Dialect, Write},
        events,
        state::State,
    },
};
use chrono::Duration;
use serde::{Deserialize, Serialize};
use std::{
    collections::HashMap,
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicU32, Ordering},
    },
};
use uuid::Uuid;

/// Runs that an Org keeps.
const KEPT_RUNS: i64 = 20;
/// How long files wait for their start.
const FILES_DAYS: i64 = 1;
/// A run of another node that takes longer than this has died with its node.
const LONGEST_MINUTES: i64 = 15;
/// How often other nodes are told how far a run is.
const TELL_EVERY: std::time::Duration = std::time::Duration::from_millis(500);

// --- how far runs of this process are --------------------------------------------------------------

/// How far the imports of this process are. Keyed by Org; an entry lives as long as its run.
#[derive(Debug, Default)]
pub struct Running(Mutex<HashMap<(OrgId, ImportId), Arc<Progress>>>);

#[derive(Debug, Default)]
struct Progress {
    done: AtomicU32,
    total: AtomicU32,
}

impl Progress {
    fn set(&self, done: usize, total: usize) {
        let small = |number| u32::try_from(number).unwrap_or(u32::MAX);
        self.total.store(small(total), Ordering::Relaxed);
        self.done.store(small(done), Ordering::Relaxed);
    }

    fn get(&self) -> (u32, u32) {
        let done = self.done.load(Ordering::Relaxed);
        (done, self.total.load(Ordering::Relaxed).max(done))
    }
}

impl Running {
    fn get(&self, org: OrgId, id: ImportId) -> Option<Arc<Progress>> {
        self.0
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .get(&(org, id))
            .cloned()
    }

    fn begin(&self, org: OrgId, id: ImportId) -> Arc<Progress> {
        let progress = Arc::<Progress>::default();
        let mut running = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        running.insert((org, id), progress.clone());
        progress
    }

    fn end(&self, org: OrgId, id: ImportId) {
        self.0
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .remove(&(org, id));
    }
}

/// The entry of one run; gone when dropped, however the run ends.
struct Entry {
    state: State,
    org: OrgId,
    id: ImportId,
    progress: Arc<Progress>,
}

impl Entry {
    fn begin(state: &State, org: OrgId, id: ImportId) -> Self {
        let progress = state.cache::<Running>().begin(org, id);
        Self {
            state: state.clone(),
            org,
            id,
            progress,
        }
    }
}

impl Drop for Entry {
    fn drop(&mut self) {
        self.state.cache::<Running>().end(self.org, self.id);
    }
}

// --- what a run keeps ------------------------------------------------------------------------------

/// What a run keeps beside its files.
#[derive(Debug, Default, Serialize, Deserialize)]
#[serde(default)]
struct Kept {
    choices: Choices,
    /// Names of the files, which are forgotten before the report.
    files: Vec<String>,
    /// A file could not be read at all.
    refused: bool,
    /// How many memberships may end without a number typed.
    may_end: u32,
    started_at: Option<Instant>,
}

impl Kept {
    fn read(stored: &str) -> Self {
        serde_json::from_str(stored).unwrap_or_default()
    }

    fn stored(&self) -> String {
        serde_json::to_string(self).unwrap_or_default()
    }
}

fn stored_report(report: &Report) -> String {
    serde_json::to_string(report).unwrap_or_default()
}

fn read_stored_report(row: &RunRow) -> Report {
    row.report
        .as_deref()
        .and_then(|text| serde_json::from_str(text).ok())
        .unwrap_or_default()
}

/// Did the process that ran it die? `here` says whether this one runs it. With a file for a
/// database there is no other process; of another node only its age can tell.
fn is_abandoned(ctx: &Ctx, here: bool, options: &str) -> bool {
    let started = Kept::read(options)
        .started_at
        .unwrap_or(Instant::UNIX_EPOCH);
    let alone = ctx.state.db.dialect() == Dialect::Sqlite;
    !here && (alone || ctx.now - started > Duration::minutes(LONGEST_MINUTES))
}

fn runs_here(ctx: &Ctx, org: OrgId, id: ImportId) -> bool {
    ctx.state.cache::<Running>().get(org, id).is_some()
}

/// Answers at once when an import runs, instead of waiting until it lets go of the Org.
async fn refuse_second(ctx: &Ctx) -> Result<()> {
    let mut tx = ctx.state.db.read(ctx.tenant()?).await?;
    let rows = store::running(&mut tx).await?;
    let org = tx.org();
    tx.done().await?;
    let alive = |row: &RunRow| !is_abandoned(ctx, runs_here(ctx, org, row.import_id), &row.options);
    if rows.iter().any(alive) {
        return Err(ConflictCode::ImportRunning.into());
    }
    Ok(())
}

/// Marks runs as failed that nobody runs any more.
async fn give_up_abandoned(tx: &mut Write, ctx: &Ctx) -> Result<()> {
    for row in store::running(tx).await? {
        if is_abandoned(ctx, runs_here(ctx, tx.org(), row.import_id), &row.options) {
            store::fail_run(tx, row.import_id, ctx.now).await?;
        }
    }
    Ok(())
}

// --- commands --------------------------------------------------------------------------------------

/// Checks uploaded files and keeps them with their report, so that the import can be started.
///
/// # Errors
/// The actor may not import, or the database fails.
pub async fn check_upload(ctx: &Ctx, uploads: Uploads, choices: Choices) -> Result<ImportId> {
    let by = ctx.user()?.id.0;
    let tenant = ctx.tenant()?;
    let uploads = Arc::new(uploads);
    let Imported { report, refused } =
        run_import(ctx, uploads.clone(), &choices, true, |_, _| ()).await?;
    let kept = Kept {
        choices,
        files: uploads.names(),
        refused: refused.is_some(),
        may_end: may_end(ctx).await?,
        started_at: None,
    };
    let run = NewRun {
        id: ImportId(Uuid::now_v7()),
        by,
        at: ctx.now,
        options: kept.stored(),
        files: if refused.is_some() {
            String::new()
        } else {
            uploads.to_stored()
        },
        report: stored_report(&report),
    };
    let id = run.id;
    let mut tx = ctx.state.db.write(tenant).await?;
    authorise_choices(&mut tx, ctx, &kept.choices).await?;
    store::insert_run(&mut tx, run).await?;
    store::forget_old(&mut tx, KEPT_RUNS, ctx.now - Duration::days(FILES_DAYS)).await?;
    events::commit(tx, &ctx.state.hub).await?;
    Ok(id)
}

/// How many memberships may end in this Org without a number typed.
async fn may_end(ctx: &Ctx) -> Result<u32> {
    let mut tx = ctx.state.db.read(ctx.tenant()?).await?;
    let players = store::active_players(&mut tx).await?;
    tx.done().await?;
    Ok(LIMIT.allows(players))
}

/// Begins to write a checked run. It goes on when the caller goes away.
///
/// # Errors
/// The actor may not import, there is no such run, it was started before, another one runs, or the
/// number of memberships that end was not typed where it must be (§4.8).
pub async fn start_import(ctx: &Ctx, id: ImportId, count: &str) -> Result<Outcome> {
    let tenant = ctx.tenant()?;
    // For the answer alone, so that nobody else learns of it; decided again below.
    may_import(ctx)?;
    refuse_second(ctx).await?;
    let mut tx = ctx.state.db.write(tenant).await?;
    let facts = authorise(&mut tx, ctx).await?;
    give_up_abandoned(&mut tx, ctx).await?;
    let row = store::get_run(&mut tx, id).await?;
    sees(ctx, &facts, &row)?;
    match row.state() {
        RunState::Running => return Err(ConflictCode::ImportRunning.into()),
        RunState::Done => return Err(ConflictCode::Stale.into()),
        RunState::Checked | RunState::Failed => {}
    }
    let files = store::files(&mut tx, id).await?;
    let uploads = Uploads::from_stored(&files).ok_or(ConflictCode::Stale)?;
    let mut kept = Kept {
        started_at: Some(ctx.now),
        ..Kept::read(&row.options)
    };
    authorise_choices(&mut tx, ctx, &kept.choices).await?;
    let report = read_stored_report(&row);
    if kept.choices.prune {
        let ended = report.memberships_ended;
        if ended > kept.may_end {
            confirm_count(count, ended)?;
        }
        // What was looked at, and no more.
        kept.choices.prune_limit = Some(ended);
    }
    store::start_run(&mut tx, id, kept.stored()).await?;
    let entry = Entry::begin(&ctx.state, tenant.id(), id);
    events::commit(tx, &ctx.state.hub).await?;
    tokio::spawn(in_background(
        ctx.clone(),
        entry,
        Arc::new(uploads),
        kept.choices,
    ));
    Ok(Outcome::goto(format!("/import/{id}")))
}

async fn in_background(ctx: Ctx, entry: Entry, uploads: Arc<Uploads>, choices: Choices) {
    let id = entry.id;
    let progress = entry.progress.clone();
    let others = ctx.state.db.dialect() == Dialect::Postgres;
    let telling =
        others.then(|| tokio::spawn(tell_others(ctx.clone(), id, entry.progress.clone())));
    // On a task of its own, so that even a panic ends in a run marked as failed.
    let writing = tokio::spawn(write_run(ctx.clone(), id, uploads, choices, progress));
    let cause = match writing.await {
        Ok(Ok(())) => None,
        Ok(Err(failure)) => Some(failure.to_string()),
        Err(panic) => Some(panic.to_string()),
    };
    if let Some(telling) = telling {
        telling.abort();
    }
    if let Some(cause) = cause {
        tracing::error!(cause, request_id = ctx.request_id, "an import failed");
        if let Err(failure) = give_up(&ctx, id).await {
            tracing::error!(%failure, request_id = ctx.request_id, "could not note it as failed");
        }
    }
    drop(entry);
}

async fn write_run(
    ctx: Ctx,
    id: ImportId,
    uploads: Arc<Uploads>,
    choices: Choices,
    progress: Arc<Progress>,
) -> Result<()> {
    let mut tx = ctx.state.db.write(ctx.tenant()?).await?;
    let step = |done, total| progress.set(done, total);
    let (imported, _) = import_in(&mut tx, &ctx, uploads, &choices, step).await?;
    let report = stored_report(&imported.report);
    if imported.refused == Some(Refused::PruneLimit) {
        store::recheck_run(&mut tx, id, report).await?;
        return events::commit(tx, &ctx.state.hub).await;
    }
    let (_, rows) = progress.get();
    let now = ctx.state.clock.now();
    if !store::finish_run(&mut tx, id, report, rows.into(), now).await? {
        // Given up by somebody who thought this node dead: then nothing may be written.
        return Err(ConflictCode::Stale.into());
    }
    events::commit(tx, &ctx.state.hub).await
}

async fn give_up(ctx: &Ctx, id: ImportId) -> Result<()> {
    let mut tx = ctx.state.db.write(ctx.tenant()?).await?;
    store::fail_run(&mut tx, id, ctx.state.clock.now()).await?;
    events::commit(tx, &ctx.state.hub).await
}

/// Notes in the row how far the run is, outside of the transaction that writes, until aborted.
async fn tell_others(ctx: Ctx, id: ImportId, progress: Arc<Progress>) {
    let Ok(org) = ctx.tenant().map(crate::server::tenancy::Tenant::id) else {
        return;
    };
    loop {
        tokio::time::sleep(TELL_EVERY).await;
        let (done, total) = progress.get();
        if let Err(failure) = store::note_progress(&ctx.state.db, org, id, done, total).await {
            tracing::warn!(%failure, request_id = ctx.request_id, "could not note how far an import is");
        }
    }
}

// --- pages -----------------------------------------------------------------------------------------

/// What the first page needs.
///
/// # Errors
/// The actor may not import, or the database fails.
pub async fn list_imports(ctx: &Ctx) -> Result<ImportPage> {
    may_import(ctx)?;
    let mut tx = ctx.state.db.read(ctx.tenant()?).await?;
    let everybodys = ctx.actor.founder || ctx.actor.co_founder;
    let by = if everybodys {
        None
    } else {
        Some(ctx.user()?.id)
    };
    let rows = store::newest(&mut tx, by, KEPT_RUNS).await?;
    let org = tx.org();
    tx.done().await?;
    let runs = rows
        .into_iter()
        .map(|(id, created, state, options)| {
            let state = RunState::parse(&state).unwrap_or(RunState::Failed);
            let dead =
                state == RunState::Running && is_abandoned(ctx, runs_here(ctx, org, id), &options);
            RunLine {
                id,
                created,
                state: if dead { RunState::Failed } else { state },
            }
        })
        .collect();
    Ok(ImportPage {
        leadership_roles: default_role_names(),
        max_megabytes: MAX_MEGABYTES as u32,
        runs,
    })
}

/// May the actor import, as far as the request knows? For pages, which write nothing.
fn may_import(ctx: &Ctx) -> Result<Granted> {
    ctx.tenant()?;
    ctx.actor
        .may(Action::Import)
        .map_err(|missing| ctx.refuse(missing))
}

/// A run names groups that its maker sees, so it is for them and for those who see everything.
fn sees(ctx: &Ctx, facts: &Facts, row: &RunRow) -> Result<()> {
    let own = ctx.actor.user.as_ref().map(|user| user.id.0) == Some(row.created_by);
    if facts.founder || facts.co_founder || own {
        Ok(())
    } else {
        Err(Failure::App(AppError::NotFound))
    }
}

async fn get(ctx: &Ctx, id: ImportId) -> Result<RunRow> {
    may_import(ctx)?;
    let mut tx = ctx.state.db.read(ctx.tenant()?).await?;
    let row = store::get_run(&mut tx, id).await?;
    tx.done().await?;
    sees(ctx, &ctx.actor.facts(), &row)?;
    Ok(row)
}

/// One run: its report, and how far it is.
///
/// # Errors
/// The actor may not import, there is no such run, or the database fails.
pub async fn read_import(ctx: &Ctx, id: ImportId) -> Result<RunPage> {
    let org = ctx.tenant()?.id();
    // Asked before and after reading: a run that ends in between is read as running.
    let before = ctx.state.cache::<Running>().get(org, id);
    let row = get(ctx, id).await?;
    let progress = ctx.state.cache::<Running>().get(org, id).or(before);
    let here = progress.is_some();
    let from_row = || {
        let count = |number: i64| u32::try_from(number).unwrap_or_default();
        (count(row.done_rows), count(row.total_rows))
    };
    let (done_rows, total_rows) = progress.map_or_else(from_row, |progress| progress.get());
    let state = match row.state() {
        RunState::Running if is_abandoned(ctx, here, &row.options) => RunState::Failed,
        state => state,
    };
    Ok(RunPage {
        state,
        done_rows,
        total_rows,
        ..page(&row)
    })
}

fn page(row: &RunRow) -> RunPage {
    let kept = Kept::read(&row.options);
    let report = read_stored_report(row);
    let all = [
        report.groups,
        report.players,
        report.memberships,
        report.roles,
    ];
    let labels = ["Groups", "People", "Memberships", "Roles"];
    let line = |(label, counts): (&str, Counts)| CountLine {
        label: label.to_owned(),
        counts: [
            counts.created,
            counts.updated,
            counts.unchanged,
            counts.skipped,
        ],
    };
    let good = |counts: Counts| counts.created + counts.updated + counts.unchanged;
    let changes: u32 = all
        .iter()
        .map(|counts| counts.created + counts.updated)
        .sum::<u32>()
        + report.memberships_ended;
    let state = row.state();
    RunPage {
        id: row.import_id,
        state,
        created: row.created_at,
        finished: row.finished_at,
        files: kept.files.join(", "),
        counts: labels.into_iter().zip(all).map(line).collect(),
        problems: report
            .problems
            .into_iter()
            .map(|problem| ProblemLine {
                file: problem.file,
                line: problem.line,
                code: problem.code.as_str().to_owned(),
                is_error: problem.severity == Severity::Error,
                text: problem.text,
            })
            .collect(),
        problem_count: report.problem_count,
        must_type: report.memberships_ended > kept.may_end,
        memberships_ended: report.memberships_ended,
        ended: report
            .ended
            .into_iter()
            .map(|ended| (ended.player, ended.group))
            .collect(),
        empty_descriptions: report.empty_descriptions,
        valid_rows: good(report.groups) + good(report.memberships),
        changes,
        is_open: matches!(state, RunState::Checked | RunState::Failed) && row.has_files,
        refused: kept.refused,
        done_rows: 0,
        total_rows: 0,
    }
}

/// The report of a run as a CSV file.
///
/// # Errors
/// The actor may not import, there is no such run, or the database fails.
pub async fn read_report(ctx: &Ctx, id: ImportId) -> Result<String> {
    let row = get(ctx, id).await?;
    if row.report.is_none() {
        return Err(Failure::App(AppError::NotFound));
    }
    Ok(report_csv(&read_stored_report(&row)))
}
