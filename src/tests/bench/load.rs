//! Load by `wrk`, and what it says of it.

use super::median;
use std::net::SocketAddr;
use tokio::process::Command;

/// Connections of a load.
pub(crate) const CONNECTIONS: u32 = 16;

/// What is loaded.
#[derive(Clone, Debug)]
pub(crate) struct Target {
    pub(crate) address: SocketAddr,
    pub(crate) path: String,
    pub(crate) headers: Vec<(&'static str, String)>,
}

/// What came of it; times in milliseconds.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Load {
    pub(crate) rate: f64,
    pub(crate) median: f64,
    pub(crate) p99: f64,
}

impl Load {
    /// The median of each figure.
    pub(crate) fn median(loads: &[Self]) -> Self {
        let of = |figure: fn(&Self) -> f64| median(loads.iter().map(figure).collect());
        Self {
            rate: of(|load| load.rate),
            median: of(|load| load.median),
            p99: of(|load| load.p99),
        }
    }
}

/// Loads a target for so many seconds. Any answer but 200 ends the benchmark.
pub(crate) async fn run(target: &Target, seconds: usize) -> Load {
    let mut command = Command::new("wrk");
    command.args([
        "-t2",
        &format!("-c{CONNECTIONS}"),
        &format!("-d{seconds}s"),
        "--latency",
    ]);
    for (name, value) in &target.headers {
        command.args(["-H", &format!("{name}: {value}")]);
    }
    let output = command
        .arg(format!("http://{}{}", target.address, target.path))
        .output()
        .await
        .expect("wrk generates the load; `make bench` installs it");
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    let clean = !text.contains("Non-2xx") && !text.contains("Socket errors");
    assert!(
        output.status.success() && clean,
        "{} was not answered well:\n{text}",
        target.path
    );
    let figure = |name: &str| {
        text.lines()
            .find_map(|line| line.trim().strip_prefix(name))
            .unwrap_or_else(|| panic!("wrk says nothing of {name}:\n{text}"))
            .trim()
            .to_owned()
    };
    Load {
        rate: figure("Requests/sec:").parse().unwrap(),
        median: milliseconds(&figure("50%")),
        p99: milliseconds(&figure("99%")),
    }
}

/// Reads `812.00us`, `1.02ms`, `1.20s`.
fn milliseconds(text: &str) -> f64 {
    let at = text
        .find(|c: char| c.is_ascii_alphabetic())
        .unwrap_or(text.len());
    let (number, unit) = text.split_at(at);
    let number: f64 = number.parse().unwrap();
    match unit {
        "us" => number / 1000.0,
        "ms" => number,
        "s" => number * 1000.0,
        other => panic!("wrk counts time in {other}"),
    }
}
