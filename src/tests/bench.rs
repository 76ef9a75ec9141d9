//! `make bench`: what the roster and a suggestion cost, measured in the release build and printed
//! as a table, for people and as the README has it. Nothing here is a test; no test asserts a time.
//!
//! Rates are measured by `wrk` over the loopback, on the real router with its log and its database
//! file, beside a bare route that answers the same number of bytes from memory. Both are asked in
//! turns and the median round counts, so that whatever else the machine does meets both alike.
//! Costs of one page at a time are measured in process. `MUSTER_BENCH_SECONDS` sets the length of
//! a round of load (5), `MUSTER_BENCH_ROUNDS` their number (5).

#![expect(
    clippy::unwrap_used,
    reason = "a measurement stops where something is not as it should be"
)]

#[path = "bench/billets.rs"]
mod billets;
#[path = "bench/load.rs"]
mod load;
#[path = "bench/people.rs"]
mod people;
#[path = "bench/site.rs"]
mod site;
#[path = "bench/table.rs"]
mod table;

use load::{Load, Target};
use muster::{
    features::transfer_data::{
        input::{Choices, Upload, Uploads},
        service::run_import,
    },
    server::config::env,
};
use site::{Bare, Site};
use std::{
    path::Path,
    sync::Arc,
    time::{Duration, Instant},
};
use table::Table;

/// The sizes between which costs are compared, in people; there is one group for about eight.
const SIZES: [(usize, usize); 3] = [(50, 6), (500, 60), (5_000, 600)];
/// The size whose rate is measured.
const PEOPLE: usize = 500;
/// Pages or commands that a cost in process is the median of.
const TIMES: usize = 31;
/// Tenants in the large database.
const TENANTS: i64 = 10_000;
/// People and groups as real files have them; see the figures in the issue of the import.
const FILES: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../shared/data/rust-teams");

fn main() {
    site::log_like_a_server();
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let mut table = Table::default();
    runtime.block_on(measure(&mut table));
    table.print();
}

async fn measure(table: &mut Table) {
    step("filling databases");
    let one = Site::open().await;
    let many = Site::open().await;
    for (people, groups) in SIZES {
        one.found(people, groups).await;
    }
    many.found(PEOPLE, 60).await;
    many.found_others(TENANTS - 1).await;
    rates(table, &one, &many).await;
    statements(table, &one).await;
    growth(table, &one).await;
    transfer(table, &one).await;
    import(table, &one).await;
    billets::suggestions(table);
    wasm(table);
}

fn step(text: &str) {
    eprintln!("[bench] {text}");
}

fn setting(name: &str, default: usize) -> usize {
    env(name)
        .and_then(|text| text.parse().ok())
        .unwrap_or(default)
}

/// The middle one of some measurements.
fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values[values.len() / 2]
}

fn millis(duration: Duration) -> f64 {
    duration.as_secs_f64() * 1000.0
}

// --- load ----------------------------------------------------------------------------------------

/// Requests per second of the page and of the bare route, and of the page among many tenants.
async fn rates(table: &mut Table, one: &Site, many: &Site) {
    let (cards, rows) = ("/roster", "/roster?view=table");
    let org = one.org(PEOPLE);
    let other = many.org(PEOPLE);
    let bytes = [
        one.page(org, cards).await.len(),
        one.page(org, rows).await.len(),
    ];
    many.page(other, cards).await;
    let bare = Bare::serve(&bytes).await;
    let targets = [
        bare.target(bytes[0]),
        one.target(org, cards),
        many.target(other, cards),
        bare.target(bytes[1]),
        one.target(org, rows),
    ];
    let loads = in_turns(&targets).await;
    for (name, bytes, bare, page) in [
        ("cards", bytes[0], &loads[0], &loads[1]),
        ("table", bytes[1], &loads[3], &loads[4]),
    ] {
        let share = 100.0 * page.rate / bare.rate;
        table.line(
            format!(
                "Roster page, {PEOPLE} people, {name}, {:.0} kB",
                bytes as f64 / 1000.0
            ),
            format!(
                "{:.0} requests/s, {share:.0} % of the bare route's {:.0}",
                page.rate, bare.rate
            ),
            "≥ 25 %",
            share >= 25.0,
        );
        let tail = page.p99 / page.median;
        table.line(
            format!("The same, p99 at {} connections", load::CONNECTIONS),
            format!(
                "{:.2} ms, {tail:.1} × the median of {:.2} ms",
                page.p99, page.median
            ),
            "≤ 4 ×",
            tail <= 4.0,
        );
    }
    let change = 100.0 * (loads[1].rate / loads[2].rate - 1.0);
    table.line(
        format!("Cost of the page, 1 → {TENANTS} Orgs in one database"),
        format!(
            "{change:+.1} % ({:.0} → {:.0} requests/s)",
            loads[1].rate, loads[2].rate
        ),
        "< 10 %",
        change < 10.0,
    );
}

/// Loads the targets in turns, round by round, and answers the median of each.
async fn in_turns(targets: &[Target]) -> Vec<Load> {
    let seconds = setting("MUSTER_BENCH_SECONDS", 5);
    let rounds = setting("MUSTER_BENCH_ROUNDS", 5);
    step("warming up");
    for target in targets {
        load::run(target, 2).await;
    }
    let mut loads: Vec<Vec<Load>> = targets.iter().map(|_| Vec::new()).collect();
    for round in 1..=rounds {
        step(&format!("load, round {round} of {rounds}"));
        // Every second round goes backwards, so that nobody always comes after the same neighbour.
        let mut order: Vec<usize> = (0..targets.len()).collect();
        if round % 2 == 0 {
            order.reverse();
        }
        for at in order {
            loads[at].push(load::run(&targets[at], seconds).await);
        }
    }
    loads.iter().map(|loads| Load::median(loads)).collect()
}

// --- one page at a time --------------------------------------------------------------------------

/// Statements of the page, from memory and after an event.
async fn statements(table: &mut Table, site: &Site) {
    step("counting statements");
    let mut warm = Vec::new();
    let mut cold = Vec::new();
    for (people, _) in SIZES {
        let org = site.org(people);
        site.page(org, "/roster").await;
        warm.push(site.statements_of(site.page(org, "/roster")).await);
        site.transfer(org).await;
        cold.push(site.statements_of(site.page(org, "/roster")).await);
    }
    let same = |counts: &[u64]| counts.iter().all(|count| *count == counts[0]);
    let shown = |counts: &[u64]| {
        counts
            .iter()
            .map(ToString::to_string)
            .collect::<Vec<_>>()
            .join(" / ")
    };
    for (name, counts) in [("from memory", &warm), ("after an event", &cold)] {
        table.line(
            format!("SQL statements, page {name}, 50 / 500 / 5,000 people"),
            shown(counts),
            "fixed",
            same(counts),
        );
    }
}

/// Time of the page by the number of people, from memory and after an event.
async fn growth(table: &mut Table, site: &Site) {
    step("cost by number of people");
    for view in ["cards", "table"] {
        let path = format!("/roster?view={view}");
        let mut warm = Vec::new();
        let mut cold = Vec::new();
        for (people, _) in SIZES {
            let org = site.org(people);
            site.page(org, &path).await;
            let mut times = (Vec::new(), Vec::new());
            for _ in 0..TIMES {
                times.0.push(site.time(site.page(org, &path)).await);
                site.transfer(org).await;
                times.1.push(site.time(site.page(org, &path)).await);
            }
            warm.push(median(times.0));
            cold.push(median(times.1));
        }
        for (name, times) in [("from memory", &warm), ("after an event", &cold)] {
            let factor = times[2] / times[0];
            table.line(
                format!("Time of one page, {view}, {name}, 50 / 500 / 5,000 people"),
                format!(
                    "{:.2} / {:.2} / {:.2} ms, × {factor:.0} for 100 × the people",
                    times[0], times[1], times[2]
                ),
                "≤ × 100",
                factor <= 100.0,
            );
        }
    }
}

/// What it costs to move somebody.
async fn transfer(table: &mut Table, site: &Site) {
    step("transfers");
    let org = site.org(PEOPLE);
    let mut counts = Vec::new();
    let mut spent = Duration::ZERO;
    for _ in 0..TIMES * 10 {
        let (count, time) = site.transfer(org).await;
        counts.push(count);
        spent += time;
    }
    let fixed = counts.iter().all(|count| *count == counts[0]);
    table.line(
        "A transfer, statements in its one transaction".to_owned(),
        counts[0].to_string(),
        "fixed, small",
        fixed && counts[0] <= 12,
    );
    table.fact(
        "Transfers one after the other, each safe on the disk".to_owned(),
        format!("{:.0} commits/s", counts.len() as f64 / spent.as_secs_f64()),
    );
}

/// Real files into an empty organisation.
async fn import(table: &mut Table, site: &Site) {
    step("import");
    let what = "Import of 743 people and 2,443 intervals";
    let file = |name: &str| {
        let bytes = std::fs::read(Path::new(FILES).join(name)).ok()?;
        Some(Upload {
            name: name.to_owned(),
            bytes,
        })
    };
    let (Some(groups), Some(memberships)) = (file("groups.csv"), file("memberships.csv")) else {
        table.fact(
            what.to_owned(),
            format!("not measured: no files in {FILES}"),
        );
        return;
    };
    let uploads = Arc::new(Uploads {
        groups,
        memberships,
        players: None,
    });
    let mut times = Vec::new();
    let mut report = None;
    for number in 0..5 {
        let ctx = site.empty(number).await;
        let begin = Instant::now();
        let choices = Choices::default();
        let imported = run_import(&ctx, uploads.clone(), &choices, false, |_, _| ())
            .await
            .unwrap();
        times.push(begin.elapsed().as_secs_f64());
        assert_eq!(imported.refused, None, "the files must be imported whole");
        report = Some(imported.report);
    }
    let seconds = median(times);
    let report = report.unwrap();
    table.line(
        format!(
            "Import of {} people in {} groups with {} intervals",
            report.players.created, report.groups.created, report.memberships.created
        ),
        format!("{seconds:.2} s"),
        "< 2 s",
        seconds < 2.0,
    );
}

/// The browser's program as it travels, if `make build` left it compressed.
fn wasm(table: &mut Table) {
    let what = "WebAssembly of the first page, Brotli".to_owned();
    let pkg = Path::new(env!("CARGO_MANIFEST_DIR")).join("target/site/pkg");
    let found = std::fs::read_dir(pkg)
        .into_iter()
        .flatten()
        .flatten()
        .filter(|entry| entry.file_name().to_string_lossy().ends_with(".wasm.br"))
        .filter_map(|entry| entry.metadata().ok())
        .max_by_key(|file| file.modified().ok());
    match found {
        Some(file) => {
            let kilobytes = file.len() as f64 / 1000.0;
            table.line(
                what,
                format!("{kilobytes:.0} kB"),
                "≤ 300 kB",
                kilobytes <= 300.0,
            );
        }
        None => table.fact(what, "not built; `make build` first".to_owned()),
    }
}
