//! The server binary. Its commands are in `muster::app::cli`.

fn main() -> std::process::ExitCode {
    muster::app::cli::run()
}
