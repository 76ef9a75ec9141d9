//! The command line of the one binary: what it accepts, and how it says what went wrong.
//!
//! Each command is a thin door like `api.rs`: it makes a context and calls a feature's service.
//! Results go to standard output, logs and errors to standard error. Exit status: 0 done, 1 could
//! not be done (one line says why), 2 not understood.

mod check;
mod demo;
mod import;
mod keep;
mod make;
mod open;
mod org_type;
mod serve;

use crate::server::{Result, config::Config};
use clap::{Args, Parser, Subcommand};
use std::{path::PathBuf, process::ExitCode};

/// Where gaming communities run themselves.
#[derive(Debug, Parser)]
#[command(
    name = "muster",
    version,
    arg_required_else_help = true,
    propagate_version = true
)]
struct Cli {
    /// Settings file [default: $MUSTER_CONFIG, or Leptos.toml]
    #[arg(long, global = true, value_name = "FILE")]
    config: Option<PathBuf>,
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Serve the site; brings the database up to date first
    Serve,
    /// Bring the database up to date
    Migrate,
    /// Show the settings in effect and try the database
    CheckConfig,
    /// Fill a demo organisation and print its log-ins
    Demo,
    /// Manage users
    #[command(subcommand, arg_required_else_help = true)]
    User(UserCommand),
    /// Manage organisations
    #[command(subcommand, arg_required_else_help = true)]
    Org(OrgCommand),
    /// Manage the types of organisations
    #[command(subcommand, arg_required_else_help = true)]
    OrgType(OrgTypeCommand),
    /// Import groups and people from CSV files
    Import(ImportArgs),
    /// Write a backup of the database, also while the server runs
    Backup {
        /// The file to write; its SHA-256 sum goes beside it into FILE.sha256
        file: PathBuf,
    },
    /// Put a backup in the place of the database; stop the server first
    Restore {
        /// A file written by `muster backup`, with FILE.sha256 beside it
        file: PathBuf,
        /// Do not ask
        #[arg(long)]
        yes: bool,
    },
}

#[derive(Debug, Subcommand)]
enum UserCommand {
    /// Create a user
    Create(UserArgs),
    /// Make a user an administrator of this installation
    Admin(AdminArgs),
}

/// What `muster user admin` takes.
#[derive(Debug, Args)]
struct AdminArgs {
    /// Call sign or e-mail address
    #[arg(long)]
    name: String,
    /// Take it away again
    #[arg(long)]
    remove: bool,
}

/// What `muster user create` takes.
#[derive(Debug, Args)]
struct UserArgs {
    /// Call sign
    #[arg(long)]
    name: String,
    /// E-mail address
    #[arg(long)]
    email: String,
    /// Password; read from standard input when it is - or absent, which keeps it out of the list
    /// of processes
    #[arg(long, allow_hyphen_values = true)]
    password: Option<String>,
}

#[derive(Debug, Subcommand)]
enum OrgCommand {
    /// Found an organisation
    Create(OrgArgs),
}

/// What `muster org create` takes.
#[derive(Debug, Args)]
struct OrgArgs {
    /// Its name
    #[arg(long)]
    name: String,
    /// Label of its host under the apex
    #[arg(long)]
    slug: String,
    /// Call sign or e-mail address of its founder
    #[arg(long, value_name = "USER")]
    founder: String,
    /// Its type, such as muster.unit
    #[arg(long = "type", value_name = "TYPE")]
    type_id: String,
    /// A host of its own, which becomes its canonical one
    #[arg(long)]
    host: Option<String>,
}

#[derive(Debug, Subcommand)]
enum OrgTypeCommand {
    /// List the types
    List,
    /// Show a type
    Show {
        /// Its id, such as muster.unit
        id: String,
        /// As JSON, which `add` and `edit` read
        #[arg(long)]
        json: bool,
    },
    /// Add a type, from a file or flags
    Add(OrgTypeArgs),
    /// Change a type; what neither file nor flags name stays as it is
    Edit(OrgTypeArgs),
}

/// What `muster org-type add` and `edit` take. Flags win over the file.
#[derive(Debug, Args)]
struct OrgTypeArgs {
    /// JSON or TOML, such as `muster org-type show ID --json` prints; ranks come only from it
    file: Option<PathBuf>,
    /// Its id: at least two words with dots between them
    #[arg(long)]
    id: Option<String>,
    /// Its name
    #[arg(long)]
    name: Option<String>,
    /// What it is for
    #[arg(long)]
    description: Option<String>,
    /// Who its members are: player or org
    #[arg(long, value_name = "KIND")]
    member_kind: Option<String>,
    /// Whether a person may belong to one Org of this type only: true or false
    #[arg(long, value_name = "BOOL")]
    one_per_person: Option<bool>,
    /// Modules, separated by commas
    #[arg(long, value_name = "NAMES", value_delimiter = ',')]
    modules: Option<Vec<String>>,
    /// Access ids that ranks and roles can be given, separated by commas
    #[arg(long, value_name = "IDS", value_delimiter = ',')]
    access: Option<Vec<String>>,
    /// Name of its chat command
    #[arg(long, value_name = "NAME")]
    command_name: Option<String>,
    /// Other names of it, separated by commas
    #[arg(long, value_name = "NAMES", value_delimiter = ',')]
    aliases: Option<Vec<String>>,
}

/// What `muster import` takes.
#[derive(Debug, Args)]
struct ImportArgs {
    /// Slug of the organisation
    #[arg(long, value_name = "SLUG")]
    org: String,
    /// CSV: `group,parent[,acronym,kind,description,exclusive,visibility,policy,founded,retired]`
    #[arg(long, value_name = "FILE")]
    groups: PathBuf,
    /// CSV: `player,group,role[,since,until]`
    #[arg(long, value_name = "FILE")]
    memberships: PathBuf,
    /// CSV: `player[,standing,joined]`
    #[arg(long, value_name = "FILE")]
    players: Option<PathBuf>,
    /// Report what would be done and change nothing
    #[arg(long)]
    dry_run: bool,
    /// Print the report as one JSON object
    #[arg(long)]
    json: bool,
    /// Names that differ only in case are one person
    #[arg(long)]
    merge_case: bool,
    /// Role names that become leadership, separated by commas
    #[arg(long, value_name = "NAMES", value_delimiter = ',')]
    leadership_roles: Option<Vec<String>>,
    /// Import nothing when any row has an error
    #[arg(long)]
    strict: bool,
    /// End memberships that the files do not name
    #[arg(long)]
    prune: bool,
    /// How many memberships may end; unless given, the limit of all bulk changes
    #[arg(long, value_name = "N", requires = "prune")]
    prune_limit: Option<u32>,
}

/// Runs the command of this process.
#[must_use]
pub fn run() -> ExitCode {
    let cli = Cli::parse();
    let done = match tokio::runtime::Runtime::new() {
        Ok(runtime) => runtime.block_on(obey(cli)).map_err(open::line),
        Err(error) => Err(format!("cannot start: {error}")),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(line) => {
            eprintln!("muster: {line}");
            ExitCode::FAILURE
        }
    }
}

async fn obey(cli: Cli) -> Result<()> {
    let config = Config::load_from(&Config::path(cli.config.clone()))?;
    let serving = matches!(cli.command, Command::Serve);
    open::start_log(&config, if serving { "info" } else { "warn" })?;
    match cli.command {
        Command::Serve => serve::serve(config).await,
        Command::Migrate => check::migrate(&config).await,
        Command::CheckConfig => check::check_config(&config, cli.config).await,
        Command::Demo => demo::demo(config).await,
        Command::User(UserCommand::Create(args)) => make::create_user(config, args).await,
        Command::User(UserCommand::Admin(args)) => make::set_site_admin(config, args).await,
        Command::OrgType(command) => org_type::org_type(config, command).await,
        Command::Org(OrgCommand::Create(args)) => make::create_org(config, args).await,
        Command::Import(args) => import::import(config, args).await,
        Command::Backup { file } => keep::backup(&config, &file).await,
        Command::Restore { file, yes } => keep::restore(&config, &file, yes).await,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::CommandFactory;

    #[test]
    fn the_command_line_is_well_formed() {
        Cli::command().debug_assert();
    }

    #[test]
    fn lists_and_hyphens_are_read() {
        let parse = |line: &str| Cli::try_parse_from(line.split(' ')).map(|cli| cli.command);
        let import = parse(
            "muster import --org rust --groups g.csv --memberships m.csv --leadership-roles lead,co",
        );
        let Ok(Command::Import(import)) = import else {
            panic!("{import:?}")
        };
        assert_eq!(
            import.leadership_roles,
            Some(vec!["lead".to_owned(), "co".to_owned()])
        );
        let user = parse("muster user create --name A --email a@b.de --password -");
        let Ok(Command::User(UserCommand::Create(user))) = user else {
            panic!("{user:?}")
        };
        assert_eq!(user.password.as_deref(), Some("-"));
        assert!(parse("muster import --org rust").is_err());
        assert!(parse("muster nothing").is_err());
        assert!(parse("muster check-config --config x.toml").is_ok());
    }
}
