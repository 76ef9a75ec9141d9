//! The table that a benchmark prints: once for the eye, once for the README.

/// What was measured, in the order of measuring.
#[derive(Debug, Default)]
pub(crate) struct Table(Vec<Line>);

#[derive(Debug)]
struct Line {
    what: String,
    measured: String,
    target: &'static str,
    state: State,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum State {
    Met,
    Missed,
    /// There is no target.
    Fact,
}

impl State {
    fn word(self) -> &'static str {
        match self {
            Self::Met => "met",
            Self::Missed => "missed",
            Self::Fact => "",
        }
    }
}

impl Table {
    /// A figure with its target.
    pub(crate) fn line(&mut self, what: String, measured: String, target: &'static str, met: bool) {
        let state = if met { State::Met } else { State::Missed };
        self.0.push(Line {
            what,
            measured,
            target,
            state,
        });
    }

    /// A figure without a target.
    pub(crate) fn fact(&mut self, what: String, measured: String) {
        self.0.push(Line {
            what,
            measured,
            target: "",
            state: State::Fact,
        });
    }

    /// Prints it twice.
    pub(crate) fn print(&self) {
        let width = |of: fn(&Line) -> &str| {
            self.0
                .iter()
                .map(|line| of(line).chars().count())
                .max()
                .unwrap_or(0)
        };
        let (what, measured, target) = (
            width(|line| &line.what),
            width(|line| &line.measured),
            width(|line| line.target),
        );
        println!();
        for line in &self.0 {
            let text = format!(
                "{:what$}  {:measured$}  {:target$}  {}",
                line.what,
                line.measured,
                line.target,
                line.state.word()
            );
            println!("{}", text.trim_end());
        }
        println!("\n| What | Measured | Target | |\n|---|---|---|---|");
        for line in &self.0 {
            let state = line.state.word();
            println!(
                "| {} | {} | {} | {state} |",
                line.what, line.measured, line.target
            );
        }
    }
}
