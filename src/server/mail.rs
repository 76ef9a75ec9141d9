//! Mail: an outbox in the database, and its way out.
//!
//! - A command queues its mail inside its own transaction ([`queue`], or the SQL of a feature's
//!   store), so a mail exists exactly when its cause does.
//! - [`run`] delivers: it takes mails by lease, sends outside of any transaction, and marks what the
//!   server took. A process that dies in between leaves its lease to run out, and the mail is sent
//!   again: at least once, never lost. The Message-ID is the row's id, so that the one duplicate that
//!   SMTP cannot exclude (death between the server's 250 and our mark) can be recognised.
//! - Without a mail server in the configuration mails stay in the queue; in development they are
//!   written to the log, so that links can be followed.

mod delivery;
mod smtp;

pub use delivery::{Round, deliver_due, run};
pub use smtp::Postman;

use super::{
    config::{Apex, Config},
    ctx::Ctx,
    db::Tx,
    error::{Failure, Result},
};
use std::{fmt, time::Duration};
use uuid::Uuid;

/// How mails leave.
#[derive(Clone, Debug)]
pub struct MailConfig {
    /// The mail server; without one mails stay in the queue.
    pub smtp: Option<SmtpUrl>,
    /// From whom they are.
    pub from: String,
    /// How long a process has a mail for itself.
    pub lease: Duration,
    /// Right-hand side of every Message-ID: the host of the apex.
    pub host: String,
}

/// Address of a mail server, perhaps with a password: never printed whole.
#[derive(Clone)]
pub struct SmtpUrl(String);

impl SmtpUrl {
    /// The address as an operator may see it.
    #[must_use]
    pub fn shown(&self) -> String {
        let (scheme, rest) = self.0.split_once("://").unwrap_or(("smtp", &self.0));
        // A password may hold an unescaped @ or slash by mistake: the last @ ends it.
        match rest.rsplit_once('@') {
            Some((user, place)) => {
                let user = user.split(':').next().unwrap_or_default();
                format!("{scheme}://{user}@{place} (password hidden)")
            }
            None => format!("{scheme}://{rest}"),
        }
    }
}

impl fmt::Debug for SmtpUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.shown())
    }
}

impl MailConfig {
    /// Seconds that a lease lasts unless the configuration says otherwise.
    const LEASE: u64 = 60;

    /// Checks what the configuration says.
    ///
    /// # Errors
    /// One line that says what is wrong, without any password.
    pub fn new(
        smtp: Option<String>,
        from: Option<String>,
        lease_seconds: Option<u64>,
        apex: &Apex,
    ) -> Result<Self> {
        let seconds = lease_seconds.unwrap_or(Self::LEASE);
        if !(1..=3600).contains(&seconds) {
            return Err(Failure::setup(format!(
                "mail-lease-seconds {seconds} must be from 1 to 3600"
            )));
        }
        let mail = Self {
            smtp: smtp.map(SmtpUrl),
            from: from.unwrap_or_else(|| format!("Muster <muster@{}>", apex.host)),
            lease: Duration::from_secs(seconds),
            host: apex.host.clone(),
        };
        Postman::new(&mail)?;
        Ok(mail)
    }
}

/// Queues a mail about an account. It cannot be switched off.
///
/// # Errors
/// When the database fails.
pub async fn queue(tx: &mut Tx, ctx: &Ctx, to: &str, subject: &str, body: &str) -> Result<()> {
    let config = &ctx.state.config;
    let body = format!(
        "{body}\n-- \nMuster, {}\nMails about your account cannot be switched off.\n",
        config.apex.url()
    );
    log_if_nobody_sends(config, to, subject, &body);
    tx.run(
        "insert into outbox_mail (mail_id, to_address, subject, body, created_at)
         values ($1, $2, $3, $4, $5)",
        (
            Uuid::now_v7(),
            to.to_owned(),
            subject.to_owned(),
            body,
            ctx.now,
        ),
    )
    .await?;
    Ok(())
}

/// Writes a mail that was queued to the log in development, unless there is a mail server.
pub fn log_if_nobody_sends(config: &Config, to: &str, subject: &str, body: &str) {
    if config.development && config.mail.smtp.is_none() {
        tracing::info!(to, subject, body, "mail (development)");
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn config(smtp: &str, from: Option<&str>) -> Result<MailConfig> {
        let apex = Apex::parse("https://muster.example").expect("an apex");
        MailConfig::new(
            Some(smtp.to_owned()),
            from.map(ToOwned::to_owned),
            None,
            &apex,
        )
    }

    #[test]
    fn the_password_is_never_shown() {
        for url in [
            "smtp://muster:secret@mail.example",
            "smtps://muster:sec@secret@mail.example:465",
            "smtp://muster:secret/secret@mail.example?tls=required",
        ] {
            let shown = format!("{:?}", SmtpUrl(url.to_owned()));
            assert!(!shown.contains("secret"), "{url} is shown as {shown}");
            assert!(
                shown.contains("mail.example"),
                "{shown} should name the server"
            );
        }
        assert_eq!(
            SmtpUrl("smtp://127.0.0.1:25".to_owned()).shown(),
            "smtp://127.0.0.1:25"
        );
    }

    #[test]
    fn what_cannot_work_is_refused_at_the_start() {
        assert!(config("smtp://mail.example", None).is_ok());
        assert!(
            config(
                "smtps://user:p%40ss@mail.example",
                Some("Radio <radio@a.example>")
            )
            .is_ok()
        );
        for (smtp, from) in [
            ("http://mail.example", None),
            ("mail.example", None),
            ("smtp://mail.example?tls=perhaps", None),
            ("smtp://mail.example", Some("nobody")),
            (
                "smtp://mail.example",
                Some("A <a@b.example>\r\nBcc: c@d.example"),
            ),
        ] {
            let refused = config(smtp, from).err();
            assert!(
                matches!(refused, Some(Failure::Setup(_))),
                "{smtp} from {from:?} is believed"
            );
        }
        for smtp in [
            "http://u:secret@mail.example",
            "smtp://u:secret@mail.example:port",
            "smtp://u:secret%ff@mail.example",
            "smtp://u:secret@mail.example?tls=secretly",
            "u:secret@mail.example",
        ] {
            let refused = config(smtp, None).err();
            let Some(Failure::Setup(line)) = refused else {
                panic!("{smtp} is no mail server");
            };
            assert!(
                !line.contains("secret@") && !line.contains("secret%"),
                "{line}"
            );
        }
    }
}
