//! The binary as a process of its own.

use crate::support::World;
use std::{
    fs::{File, OpenOptions},
    net::{SocketAddr, TcpListener},
    path::PathBuf,
    process::{ExitStatus, Stdio},
    time::Duration,
};
use tokio::{
    net::TcpStream,
    process::{Child, Command},
};

/// The apex of the process; browsers of the tests find it by its port.
pub(crate) const APEX: &str = "muster.test";

/// The file of settings. Names without hashes, because no front end was built for this binary.
const SETTINGS: &str = r#"[package.metadata.leptos]
output-name = "muster"
site-root = "site"
site-pkg-dir = "pkg"
hash-files = false
env = "PROD"

[muster]
apex-url = "http://muster.test"
mail-lease-seconds = 1
"#;

/// A folder and a database for one process after the other.
pub(crate) struct Site {
    folder: tempfile::TempDir,
    pub(crate) database_url: String,
    /// Address of the mail server, if there is one.
    pub(crate) smtp: Option<String>,
}

/// A running process; killed when it is dropped.
pub(crate) struct Server {
    pub(crate) address: SocketAddr,
    process: Child,
}

impl Site {
    /// Takes over the database of a world.
    pub(crate) async fn on(world: &World) -> Self {
        world.state.db.close().await;
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("Leptos.toml"), SETTINGS).unwrap();
        Self {
            folder,
            database_url: world.state.config.database_url.clone(),
            smtp: None,
        }
    }

    fn log_path(&self) -> PathBuf {
        self.folder.path().join("log")
    }

    fn log_file(&self) -> File {
        OpenOptions::new()
            .create(true)
            .append(true)
            .open(self.log_path())
            .unwrap()
    }

    /// What the processes wrote.
    pub(crate) fn log(&self) -> String {
        std::fs::read_to_string(self.log_path()).unwrap_or_default()
    }

    fn command(&self) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_muster"));
        for name in [
            "MUSTER_APEX_URL",
            "LEPTOS_SITE_ROOT",
            "LEPTOS_HASH_FILES",
            "LEPTOS_ENV",
            "MUSTER_MAIL_FROM",
            "MUSTER_SMTP_URL",
            "RUST_LOG",
        ] {
            command.env_remove(name);
        }
        command
            .current_dir(self.folder.path())
            .env("MUSTER_CONFIG", self.folder.path().join("Leptos.toml"))
            .env("MUSTER_DATABASE_URL", &self.database_url)
            .stdin(Stdio::null())
            .stdout(self.log_file())
            .stderr(self.log_file())
            .kill_on_drop(true);
        if let Some(smtp) = &self.smtp {
            command.env("MUSTER_SMTP_URL", smtp);
        }
        command
    }

    /// Runs a command of the binary to its end.
    pub(crate) async fn run(&self, arguments: &[&str]) {
        let status = self.command().args(arguments).status().await.unwrap();
        assert!(status.success(), "muster {arguments:?}: {}", self.log());
    }

    /// Starts a server on a free port and waits until it can serve.
    pub(crate) async fn start(&self) -> Server {
        for _ in 0..3 {
            // Somebody may take the port meanwhile; then there is another.
            let address = TcpListener::bind("127.0.0.1:0")
                .unwrap()
                .local_addr()
                .unwrap();
            let mut command = self.command();
            let process = command
                .arg("serve")
                .env("LEPTOS_SITE_ADDR", address.to_string())
                .spawn()
                .unwrap();
            let mut server = Server { address, process };
            if server.is_up().await {
                return server;
            }
        }
        panic!("the server does not start: {}", self.log());
    }
}

impl Server {
    /// Waits until it listens, which it does only with its database ready; false when it ended.
    async fn is_up(&mut self) -> bool {
        for _ in 0..1_500 {
            if self.process.try_wait().unwrap().is_some() {
                return false;
            }
            if TcpStream::connect(self.address).await.is_ok() {
                return true;
            }
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        false
    }

    /// Ends it without any warning (SIGKILL).
    pub(crate) async fn kill(mut self) {
        self.process.kill().await.unwrap();
    }

    /// Asks it to end (SIGTERM).
    pub(crate) async fn terminate(&self) {
        let id = self.process.id().expect("it runs").to_string();
        let status = Command::new("kill")
            .args(["-TERM", &id])
            .status()
            .await
            .unwrap();
        assert!(status.success());
    }

    /// Waits for its end.
    pub(crate) async fn ended(mut self) -> ExitStatus {
        self.process.wait().await.unwrap()
    }
}
