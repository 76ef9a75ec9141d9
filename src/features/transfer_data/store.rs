//! SQL of the import: the roster as it stands, in four statements, and the runs of the page.

use super::model::{
    Existing, ExistingGroup, ExistingMembership, ExistingPlayer, ExistingRole, pages::RunState,
};
use crate::{
    domain::{
        GroupId, ImportId, OrgId, PlayerId, UserId,
        access::{AccessSet, Person},
        time::Instant,
    },
    features::roster::{input::granted_by, read_model::Visible},
    server::{
        Result,
        db::{Db, Read, Write},
    },
};
use uuid::Uuid;

// --- the roster ----------------------------------------------------------------------------------

#[derive(sqlx::FromRow)]
struct GroupRow {
    group_id: Uuid,
    parent_id: Option<Uuid>,
    name: String,
    acronym: String,
    kind: String,
    description: String,
    exclusive: bool,
    visibility: String,
    policy: String,
    founded_at: Instant,
    retired_at: Option<Instant>,
}

#[derive(sqlx::FromRow)]
struct MembershipRow {
    membership_id: Uuid,
    player_id: Uuid,
    group_id: Uuid,
    role_id: Uuid,
    since: Instant,
    until: Option<Instant>,
}

/// The whole roster with its past, whatever its size in four statements. The root group stands for
/// the Org itself and is no group of any file (§4.1). What the importer does not see is marked.
pub(super) async fn load_existing(tx: &mut Read, visible: &Visible) -> Result<Existing> {
    let org = tx.org();
    let groups: Vec<GroupRow> = tx
        .all(
            "select group_id, parent_id, name, acronym, kind, description, exclusive, visibility,
                    policy, founded_at, retired_at
               from roster_group where org_id = $1 and group_id <> $1",
            (org,),
        )
        .await?;
    let players: Vec<(Uuid, String, String, Instant, bool)> = tx
        .all(
            "select p.player_id, p.common_name, p.standing, p.joined_at,
                    p.user_id is not null or f.player_id is not null as held
               from player p
               left join co_founder f on f.org_id = p.org_id and f.player_id = p.player_id
              where p.org_id = $1",
            (org,),
        )
        .await?;
    let roles: Vec<(Uuid, Uuid, String, bool, bool, String)> = tx
        .all(
            "select role_id, group_id, name, leadership, singular, access
               from role where org_id = $1 and deleted_at is null",
            (org,),
        )
        .await?;
    let memberships: Vec<MembershipRow> = tx
        .all(
            "select membership_id, player_id, group_id, role_id, since, until
               from membership where org_id = $1",
            (org,),
        )
        .await?;
    let root = Some(org.0);
    Ok(Existing {
        groups: groups
            .into_iter()
            .map(|row| ExistingGroup {
                id: row.group_id,
                name: row.name,
                parent: row.parent_id.filter(|parent| Some(*parent) != root),
                acronym: row.acronym,
                kind: row.kind,
                description: row.description,
                exclusive: row.exclusive,
                visibility: row.visibility,
                policy: row.policy,
                founded: row.founded_at,
                retired: row.retired_at,
                hidden: !visible.has(GroupId(row.group_id)),
            })
            .collect(),
        players: players
            .into_iter()
            .map(|(id, name, standing, joined, held)| ExistingPlayer {
                id,
                name,
                standing,
                joined,
                held,
            })
            .collect(),
        roles: roles
            .into_iter()
            .map(
                |(id, group_id, name, leadership, singular, access)| ExistingRole {
                    id,
                    group_id,
                    name,
                    leadership,
                    singular,
                    grants: granted_by(leadership, AccessSet::parse(&access)),
                },
            )
            .collect(),
        memberships: memberships
            .into_iter()
            .map(|row| ExistingMembership {
                id: row.membership_id,
                player_id: row.player_id,
                group_id: row.group_id,
                role_id: row.role_id,
                since: row.since,
                until: row.until,
            })
            .collect(),
    })
}

/// The founder or a co-founder.
#[derive(sqlx::FromRow)]
pub(super) struct FounderRow {
    pub(super) player: Uuid,
    founder: bool,
    co_founder: bool,
}

impl FounderRow {
    /// As decisions see them; their rank and group do not matter to whether they are protected.
    pub(super) fn person(&self) -> Person<'static> {
        Person {
            id: PlayerId(self.player),
            founder: self.founder,
            co_founder: self.co_founder,
            level: 0,
            path: &[],
        }
    }
}

/// The founder and the co-founders, whom no import removes from anywhere (§5.3).
pub(super) async fn founders(tx: &mut Read) -> Result<Vec<FounderRow>> {
    let org = tx.org();
    tx.all(
        "select p.player_id as player, coalesce(o.founder_id = p.user_id, false) as founder,
                    f.player_id is not null as co_founder
               from player p
               join org o on o.org_id = p.org_id
               left join co_founder f on f.org_id = p.org_id and f.player_id = p.player_id
              where p.org_id = $1 and (f.player_id is not null or o.founder_id = p.user_id)",
        (org,),
    )
    .await
}

/// How many players belong to the Org.
pub(super) async fn active_players(tx: &mut Read) -> Result<u32> {
    let org = tx.org();
    let (count,): (i64,) = tx
        .one(
            "select count(*) from player where org_id = $1 and standing = 'active'",
            (org,),
        )
        .await?;
    Ok(u32::try_from(count).unwrap_or(u32::MAX))
}

// --- runs ----------------------------------------------------------------------------------------

/// A run without its files, which may be large.
#[derive(Clone, Debug, sqlx::FromRow)]
pub(super) struct RunRow {
    pub(super) import_id: ImportId,
    pub(super) created_by: Uuid,
    pub(super) created_at: Instant,
    pub(super) state: String,
    pub(super) options: String,
    pub(super) has_files: bool,
    pub(super) report: Option<String>,
    pub(super) done_rows: i64,
    pub(super) total_rows: i64,
    pub(super) finished_at: Option<Instant>,
}

impl RunRow {
    /// How far the row says the run is.
    pub(super) fn state(&self) -> RunState {
        RunState::parse(&self.state).unwrap_or(RunState::Failed)
    }
}

macro_rules! select_runs {
    ($rest:literal) => {
        concat!(
            "select import_id, created_by, created_at, state, options, files <> '' as has_files, report,
                    done_rows, total_rows, finished_at
               from import_run where org_id = $1 and ",
            $rest
        )
    };
}

/// One run.
pub(super) async fn get_run(tx: &mut Read, id: ImportId) -> Result<RunRow> {
    let args = (tx.org(), id);
    tx.one(select_runs!("import_id = $2"), args).await
}

/// The runs that the database believes to be running: one at most.
pub(super) async fn running(tx: &mut Read) -> Result<Vec<RunRow>> {
    let args = (tx.org(),);
    tx.all(select_runs!("state = 'running'"), args).await
}

/// The newest runs, of one maker if one is given: id, when, state, options.
pub(super) async fn newest(
    tx: &mut Read,
    by: Option<UserId>,
    count: i64,
) -> Result<Vec<(ImportId, Instant, String, String)>> {
    let args = (tx.org(), count, by);
    tx.all(
        "select import_id, created_at, state, options from import_run
          where org_id = $1 and ($3 is null or created_by = $3)
          order by created_at desc, import_id desc limit $2",
        args,
    )
    .await
}

/// The files of a run.
pub(super) async fn files(tx: &mut Read, id: ImportId) -> Result<String> {
    let args = (tx.org(), id);
    let (files,): (String,) = tx
        .one(
            "select files from import_run where org_id = $1 and import_id = $2",
            args,
        )
        .await?;
    Ok(files)
}

/// A run about to be kept.
pub(super) struct NewRun {
    pub(super) id: ImportId,
    pub(super) by: Uuid,
    pub(super) at: Instant,
    pub(super) options: String,
    pub(super) files: String,
    pub(super) report: String,
}

/// Keeps a checked run.
pub(super) async fn insert_run(tx: &mut Write, run: NewRun) -> Result<()> {
    let org = tx.org();
    tx.run(
        "insert into import_run (org_id, import_id, created_by, created_at, state, options, files,
                                 report)
         values ($1, $2, $3, $4, 'checked', $5, $6, $7)",
        (
            org,
            run.id,
            run.by,
            run.at,
            run.options,
            run.files,
            run.report,
        ),
    )
    .await?;
    Ok(())
}

/// Forgets all but the newest runs, and the files of those that were checked and never started
/// since some time.
pub(super) async fn forget_old(tx: &mut Write, keep: i64, files_until: Instant) -> Result<()> {
    let org = tx.org();
    tx.run(
        "delete from import_run
          where org_id = $1 and state <> 'running' and import_id not in (
                select import_id from import_run where org_id = $1
                 order by created_at desc, import_id desc limit $2)",
        (org, keep),
    )
    .await?;
    tx.run(
        "update import_run set files = ''
          where org_id = $1 and state <> 'running' and files <> '' and created_at < $2",
        (org, files_until),
    )
    .await?;
    Ok(())
}

/// Marks a run as running. Another one that runs in this Org makes it fail by index.
pub(super) async fn start_run(tx: &mut Write, id: ImportId, options: String) -> Result<()> {
    let org = tx.org();
    tx.run(
        "update import_run
            set state = 'running', options = $3, done_rows = 0, total_rows = 0, finished_at = null
          where org_id = $1 and import_id = $2",
        (org, id, options),
    )
    .await?;
    Ok(())
}

/// Marks a run as done, with what was done, and forgets its files. Answers false when it is not
/// running any more.
pub(super) async fn finish_run(
    tx: &mut Write,
    id: ImportId,
    report: String,
    rows: i64,
    at: Instant,
) -> Result<bool> {
    let org = tx.org();
    let rows = tx
        .run(
            "update import_run
                set state = 'done', files = '', report = $3, done_rows = $4, total_rows = $4,
                    finished_at = $5
              where org_id = $1 and import_id = $2 and state = 'running'",
            (org, id, report, rows, at),
        )
        .await?;
    Ok(rows == 1)
}

/// Notes how far a running run is, outside of the transaction that writes it. That one holds the
/// Org's row, for which a tenant's own transaction would wait.
pub(super) async fn note_progress(
    db: &Db,
    org: OrgId,
    id: ImportId,
    done: u32,
    total: u32,
) -> Result<()> {
    let mut tx = db.system().await?;
    tx.run(
        "update import_run set done_rows = $3, total_rows = $4
          where org_id = $1 and import_id = $2 and state = 'running'",
        (org, id, i64::from(done), i64::from(total)),
    )
    .await?;
    tx.commit().await
}

/// Takes a running run back to being checked, with a new report to look at. Nothing was written.
pub(super) async fn recheck_run(tx: &mut Write, id: ImportId, report: String) -> Result<()> {
    let org = tx.org();
    tx.run(
        "update import_run set state = 'checked', report = $3
          where org_id = $1 and import_id = $2 and state = 'running'",
        (org, id, report),
    )
    .await?;
    Ok(())
}

/// Gives a running run up. Nothing of it was written.
pub(super) async fn fail_run(tx: &mut Write, id: ImportId, at: Instant) -> Result<()> {
    let org = tx.org();
    tx.run(
        "update import_run set state = 'failed', finished_at = $3
          where org_id = $1 and import_id = $2 and state = 'running'",
        (org, id, at),
    )
    .await?;
    Ok(())
}
