//! `muster import`: reads the files, asks `features::transfer_data`, and prints the report.

use super::{ImportArgs, open};
use crate::{
    features::transfer_data::{
        input::{Choices, MAX_BYTES, Upload, Uploads},
        model::{Counts, Report, Severity},
        service::{Refused, run_import, thousands},
    },
    server::{Ctx, Failure, Result, config::Config, tenancy},
};
use std::{
    fs::File,
    io::{IsTerminal, Read},
    path::Path,
    sync::Arc,
};

/// Imports, or says what an import would do.
pub(super) async fn import(config: Config, args: ImportArgs) -> Result<()> {
    let uploads = Uploads {
        groups: read(&args.groups)?,
        memberships: read(&args.memberships)?,
        players: args.players.as_deref().map(read).transpose()?,
    };
    let choices = Choices {
        merge_case: args.merge_case,
        leadership_roles: args.leadership_roles,
        strict: args.strict,
        prune: args.prune,
        prune_limit: args.prune_limit,
    };
    let state = open::state(config).await?;
    let tenant = tenancy::by_slug(&state.db, &state.config, &args.org)
        .await?
        .ok_or_else(|| {
            Failure::setup(format!(
                "there is no organisation with the slug {}",
                args.org
            ))
        })?;
    let ctx = Ctx::for_server(&state, Some(tenant));
    let watched = std::io::stderr().is_terminal();
    let progress = move |done: usize, total: usize| {
        if watched {
            eprint!("\r{done} of {total} rows");
            if done >= total {
                eprintln!();
            }
        }
    };
    let imported = run_import(&ctx, Arc::new(uploads), &choices, args.dry_run, progress).await?;
    state.db.close().await;
    if args.json {
        let json = serde_json::to_string(&imported.report)
            .map_err(|error| Failure::setup(format!("cannot write the report: {error}")))?;
        open::say(format_args!("{json}"))?;
    } else {
        print(&imported.report)?;
    }
    match imported.refused {
        None => Ok(()),
        Some(Refused::File) => Err(Failure::setup(
            "nothing was imported: a whole file cannot be read".to_owned(),
        )),
        Some(Refused::Strict) => Err(Failure::setup(
            "nothing was imported: some rows have errors".to_owned(),
        )),
        Some(Refused::PruneLimit) => Err(Failure::setup(format!(
            "nothing was imported: {ended} memberships would end; allow that with --prune-limit {ended}",
            ended = imported.report.memberships_ended
        ))),
    }
}

/// A file, up to one byte more than an import takes: the rules say that it is too large.
fn read(path: &Path) -> Result<Upload> {
    let limit = u64::try_from(MAX_BYTES)
        .unwrap_or(u64::MAX)
        .saturating_add(1);
    let mut bytes = Vec::new();
    File::open(path)
        .and_then(|file| file.take(limit).read_to_end(&mut bytes))
        .map_err(|error| Failure::setup(format!("cannot read {}: {error}", path.display())))?;
    let name = path
        .file_name()
        .unwrap_or(path.as_os_str())
        .to_string_lossy()
        .into_owned();
    Ok(Upload { name, bytes })
}

/// The report for people: problems by file and line, then the counts.
fn print(report: &Report) -> Result<()> {
    for problem in &report.problems {
        let word = match problem.severity {
            Severity::Error => "error",
            Severity::Warning => "warning",
        };
        let code = problem.code.as_str();
        open::say(format_args!(
            "{}:{}: {word}: {code}: {}",
            problem.file, problem.line, problem.text
        ))?;
    }
    let unlisted = (report.problem_count as usize).saturating_sub(report.problems.len());
    if unlisted > 0 {
        open::say(format_args!("… and {unlisted} more"))?;
    }
    open::say(format_args!(
        "{:12} {:>9} {:>9} {:>9} {:>9}",
        "", "created", "updated", "unchanged", "skipped"
    ))?;
    for (name, counts) in [
        ("groups", report.groups),
        ("players", report.players),
        ("memberships", report.memberships),
        ("roles", report.roles),
    ] {
        let Counts {
            created,
            updated,
            unchanged,
            skipped,
        } = counts;
        let [created, updated, unchanged, skipped] =
            [created, updated, unchanged, skipped].map(thousands);
        open::say(format_args!(
            "{name:12} {created:>9} {updated:>9} {unchanged:>9} {skipped:>9}"
        ))?;
    }
    if report.memberships_ended > 0 {
        open::say(format_args!(
            "{} memberships that the files do not name end.",
            thousands(report.memberships_ended)
        ))?;
    }
    if report.empty_descriptions > 0 {
        open::say(format_args!(
            "{} groups have no description yet.",
            thousands(report.empty_descriptions)
        ))?;
    }
    if report.dry_run {
        open::say("This was a dry run: nothing was changed.")?;
    }
    Ok(())
}
