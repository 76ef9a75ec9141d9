//! One mail as a message (RFC 5322), and what the mail server says to it.

use super::MailConfig;
use crate::{
    domain::time::Instant,
    server::error::{Failure, Result},
};
use lettre::{
    Address, AsyncSmtpTransport, AsyncTransport, Message, Tokio1Executor,
    message::{
        Mailbox,
        header::{ContentType, HeaderName, HeaderValue},
    },
    transport::smtp::{AsyncSmtpTransportBuilder, Error},
};
use std::time::Duration;
use uuid::Uuid;

/// A mail of the outbox.
#[derive(Clone, Debug, sqlx::FromRow)]
pub(super) struct Mail {
    pub(super) mail_id: Uuid,
    pub(super) to_address: String,
    pub(super) subject: String,
    pub(super) body: String,
    pub(super) created_at: Instant,
    pub(super) attempts: i64,
}

/// What became of one try to send a mail.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Sent {
    /// The server took it.
    Taken,
    /// Not now; again later.
    Later(String),
    /// Never, whatever we do.
    Never(String),
    /// No answer in time; again later, on another connection.
    TooSlow,
    /// It is not about this mail: the server cannot be reached.
    Down,
}

/// Writes mails, and knows the way to one mail server, or to none.
#[derive(Clone, Debug)]
pub struct Postman {
    server: Option<AsyncSmtpTransportBuilder>,
    /// How long one mail may take: half the lease, since no send begins in its second half.
    patience: Duration,
    from: Mailbox,
    host: String,
}

/// A visit to the mail server: several mails on one connection. It is made anew for each batch, and
/// given up after a mail that took too long, because the answer to that mail may still come.
pub(super) struct Visit<'a> {
    postman: &'a Postman,
    transport: AsyncSmtpTransport<Tokio1Executor>,
}

impl Postman {
    /// A postman for the server of the configuration.
    ///
    /// # Errors
    /// When the server's address or the sender cannot be read.
    pub fn new(config: &MailConfig) -> Result<Self> {
        let from = config.from.parse().map_err(|_| {
            Failure::setup(format!(
                "mail-from {:?} must look like Muster <muster@muster.example>",
                config.from
            ))
        })?;
        let patience = config.lease / 2;
        let bad = |error: Error| {
            Failure::setup(format!(
                "MUSTER_SMTP_URL cannot be used ({error}); it must look like \
                 smtps://user:password@mail.example or smtp://mail.example:587?tls=required"
            ))
        };
        let server = match &config.smtp {
            Some(url) => {
                let server = AsyncSmtpTransport::<Tokio1Executor>::from_url(&url.0).map_err(bad)?;
                Some(server.timeout(Some(patience)))
            }
            None => None,
        };
        Ok(Self {
            server,
            patience,
            from,
            host: config.host.clone(),
        })
    }

    /// Is there a mail server at all?
    pub(super) fn has_server(&self) -> bool {
        self.server.is_some()
    }

    /// Goes to the mail server.
    ///
    /// # Errors
    /// Why it cannot be reached, or does not let us in.
    pub(super) async fn visit(&self) -> std::result::Result<Visit<'_>, String> {
        let Some(server) = &self.server else {
            return Err("no mail server is configured".to_owned());
        };
        let visit = Visit {
            postman: self,
            transport: server.clone().build(),
        };
        visit.is_welcome().await?;
        Ok(visit)
    }

    /// The mail with its headers. Nothing in a row can add a header: the address is parsed, and the
    /// subject is one line.
    fn message(&self, mail: &Mail) -> std::result::Result<Message, String> {
        let to: Address = mail
            .to_address
            .parse()
            .map_err(|error| format!("the address is none: {error}"))?;
        let automatic = HeaderValue::new(
            HeaderName::new_from_ascii_str("Auto-Submitted"),
            "auto-generated".to_owned(),
        );
        Message::builder()
            .message_id(Some(format!("<{}@{}>", mail.mail_id, self.host)))
            .date(mail.created_at.into())
            .from(self.from.clone())
            .to(Mailbox::new(None, to))
            .subject(one_line(&mail.subject))
            .header(ContentType::TEXT_PLAIN)
            .raw_header(automatic)
            .body(mail.body.clone())
            .map_err(|error| error.to_string())
    }
}

impl Visit<'_> {
    /// Can the server be reached, and does it let us in?
    async fn is_welcome(&self) -> std::result::Result<(), String> {
        match self.transport.test_connection().await {
            Ok(true) => Ok(()),
            Ok(false) => Err("the mail server does not answer".to_owned()),
            Err(error) => Err(described(&error)),
        }
    }

    /// Sends one mail.
    pub(super) async fn send(&self, mail: &Mail) -> Sent {
        let message = match self.postman.message(mail) {
            Ok(message) => message,
            Err(problem) => return Sent::Never(problem),
        };
        let sending = self.transport.send(message);
        let error = match tokio::time::timeout(self.postman.patience, sending).await {
            Ok(Ok(_)) => return Sent::Taken,
            Ok(Err(error)) => error,
            Err(_) => return Sent::TooSlow,
        };
        // A server that refuses everybody says nothing about this mail.
        if self.is_welcome().await.is_err() {
            return Sent::Down;
        }
        if error.is_permanent() {
            Sent::Never(described(&error))
        } else {
            Sent::Later(described(&error))
        }
    }
}

/// The text without line breaks and other control characters.
fn one_line(text: &str) -> String {
    let spaced = text.replace(char::is_control, " ");
    spaced.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// The error with its cause, short enough for a row.
fn described(error: &Error) -> String {
    let cause = std::error::Error::source(error).map(ToString::to_string);
    let whole = match cause {
        Some(cause) if !error.to_string().contains(&cause) => format!("{error}: {cause}"),
        _ => error.to_string(),
    };
    one_line(&whole).chars().take(300).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::server::config::Apex;

    fn written(to: &str, subject: &str, body: &str) -> std::result::Result<String, String> {
        let apex = Apex::parse("https://muster.example").expect("an apex");
        let config = MailConfig::new(None, None, None, &apex).expect("a configuration");
        let mail = Mail {
            mail_id: Uuid::from_u128(7),
            to_address: to.to_owned(),
            subject: subject.to_owned(),
            body: body.to_owned(),
            created_at: Instant::UNIX_EPOCH,
            attempts: 0,
        };
        let message = Postman::new(&config)
            .map_err(|_| "no postman".to_owned())?
            .message(&mail)?;
        Ok(String::from_utf8_lossy(&message.formatted()).into_owned())
    }

    fn headers(message: &str) -> Vec<&str> {
        let (head, _) = message.split_once("\r\n\r\n").expect("head and body");
        head.split("\r\n")
            .filter(|line| !line.starts_with([' ', '\t']))
            .filter_map(|line| line.split(':').next())
            .collect()
    }

    #[test]
    fn a_message_has_its_headers() {
        let text = written("ada@example.org", "Hello", "One\nTwo\n").expect("a message");
        assert!(
            text.contains("Message-ID: <00000000-0000-0000-0000-000000000007@muster.example>\r\n"),
            "{text}"
        );
        assert!(
            text.contains("Date: Thu, 01 Jan 1970 00:00:00 +0000\r\n"),
            "{text}"
        );
        assert!(
            text.contains("From: Muster <muster@muster.example>\r\n"),
            "{text}"
        );
        assert!(text.contains("To: ada@example.org\r\n"), "{text}");
        assert!(
            text.contains("Content-Type: text/plain; charset=utf-8\r\n"),
            "{text}"
        );
        assert!(text.ends_with("One\r\nTwo\r\n"), "{text}");
    }

    #[test]
    fn nothing_in_a_row_adds_a_header() {
        let plain = written("ada@example.org", "Hello", "Text").expect("a message");
        for subject in [
            "Hello\r\nBcc: eve@example.org",
            "Hello\nBcc: eve@example.org",
            "Hello\r\n\r\nAnother body",
            "Hello\u{0}\u{b}\u{85}there",
            "Grüße\r\nBcc: eve@example.org",
        ] {
            let text = written("ada@example.org", subject, "Text").expect("a message");
            assert_eq!(headers(&text), headers(&plain), "{subject:?} became {text}");
        }
        for to in [
            "ada@example.org\r\nBcc: eve@example.org",
            "ada@example.org, eve@example.org",
            "ada@example.org\n",
            "nobody",
            "",
        ] {
            assert!(
                written(to, "Hello", "Text").is_err(),
                "{to:?} is an address"
            );
        }
    }
}
