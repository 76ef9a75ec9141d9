//! As much of a browser as the tests need: requests over a connection of their own, cookies, and
//! the walk of a sign-in from the apex to an Org's host.

use super::server::APEX;
use crate::support::encode;
use std::{
    collections::HashMap,
    io::{Error, ErrorKind, Result},
    net::SocketAddr,
};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
};

/// A signed-in browser.
#[derive(Clone, Debug)]
pub(crate) struct Browser {
    address: SocketAddr,
    host: String,
    /// By host, then by name.
    cookies: HashMap<String, HashMap<String, String>>,
}

/// A complete answer.
#[derive(Debug)]
pub(crate) struct Reply {
    pub(crate) status: u16,
    headers: Vec<(String, String)>,
    pub(crate) body: String,
}

/// A request of which the second half is still to be sent.
pub(crate) struct Pending {
    connection: TcpStream,
    rest: String,
}

/// An open live stream.
pub(crate) struct Live(TcpStream);

impl Browser {
    /// Signs in at the apex and is handed over to an Org's host, by forms and redirects.
    pub(crate) async fn sign_in(
        address: SocketAddr,
        slug: &str,
        login: &str,
        password: &str,
    ) -> Self {
        let host = format!("{slug}.{APEX}");
        let mut browser = Self {
            address,
            host,
            cookies: HashMap::new(),
        };
        let fields = [("login", login), ("password", password)];
        let reply = browser
            .post(APEX, "accounts/sign_in", &fields)
            .await
            .unwrap();
        assert_eq!(reply.status, 200, "signing in: {}", reply.body);
        browser.keep_cookies(APEX, &reply);
        let mut at = (browser.host.clone(), "/sign-in?return=/healthz".to_owned());
        while at.1 != "/healthz" {
            let reply = browser.exchange("GET", &at.0, &at.1, "").await.unwrap();
            browser.keep_cookies(&at.0, &reply);
            let location = reply
                .header("location")
                .expect("a sign-in is a chain of redirects");
            at = match location
                .strip_prefix("http://")
                .and_then(|rest| rest.split_once('/'))
            {
                Some((host, path)) => (host.to_owned(), format!("/{path}")),
                None => (at.0, location.to_owned()),
            };
        }
        browser
    }

    /// The same browser when the server has another port.
    pub(crate) fn at(self, address: SocketAddr) -> Self {
        Self { address, ..self }
    }

    /// Sends a command to the Org's host.
    pub(crate) async fn command(&self, endpoint: &str, fields: &[(&str, &str)]) -> Result<Reply> {
        self.post(&self.host, endpoint, fields).await
    }

    /// Sends a command but for the end of its body.
    pub(crate) async fn begin_command(&self, endpoint: &str, fields: &[(&str, &str)]) -> Pending {
        let text = self.text(
            "POST",
            &self.host,
            &format!("/api/{endpoint}"),
            &form(fields),
        );
        let (begin, rest) = text.split_at(text.len() - 5);
        let mut connection = TcpStream::connect(self.address).await.unwrap();
        connection.write_all(begin.as_bytes()).await.unwrap();
        Pending {
            connection,
            rest: rest.to_owned(),
        }
    }

    /// Opens the live stream of the Org and waits for its first bytes.
    pub(crate) async fn follow(&self) -> Live {
        let mut connection = TcpStream::connect(self.address).await.unwrap();
        let text = self.text("GET", &self.host, "/live", "");
        connection.write_all(text.as_bytes()).await.unwrap();
        let mut seen = Vec::new();
        while !seen.windows(5).any(|part| part == b"hello") {
            let more = connection.read_buf(&mut seen).await.unwrap();
            assert_ne!(more, 0, "no stream: {}", String::from_utf8_lossy(&seen));
        }
        Live(connection)
    }

    async fn post(&self, host: &str, endpoint: &str, fields: &[(&str, &str)]) -> Result<Reply> {
        self.exchange("POST", host, &format!("/api/{endpoint}"), &form(fields))
            .await
    }

    async fn exchange(&self, method: &str, host: &str, path: &str, body: &str) -> Result<Reply> {
        let mut connection = TcpStream::connect(self.address).await?;
        connection
            .write_all(self.text(method, host, path, body).as_bytes())
            .await?;
        Reply::read(connection).await
    }

    fn text(&self, method: &str, host: &str, path: &str, body: &str) -> String {
        let cookies = self.cookies.get(host).into_iter().flatten();
        let cookies: Vec<String> = cookies
            .map(|(name, value)| format!("{name}={value}"))
            .collect();
        format!(
            "{method} {path} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\
             Accept: application/json\r\nSec-Fetch-Site: same-origin\r\nCookie: {}\r\n\
             Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {}\r\n\r\n{body}",
            cookies.join("; "),
            body.len()
        )
    }

    fn keep_cookies(&mut self, host: &str, reply: &Reply) {
        let kept = self.cookies.entry(host.to_owned()).or_default();
        for (_, line) in reply
            .headers
            .iter()
            .filter(|(name, _)| name == "set-cookie")
        {
            if let Some((name, value)) =
                line.split(';').next().and_then(|pair| pair.split_once('='))
            {
                kept.insert(name.to_owned(), value.to_owned());
            }
        }
    }
}

impl Pending {
    /// Sends the rest and reads the answer.
    pub(crate) async fn finish(mut self) -> Result<Reply> {
        self.connection.write_all(self.rest.as_bytes()).await?;
        Reply::read(self.connection).await
    }
}

impl Live {
    /// Reads until the server ends it.
    pub(crate) async fn ended(mut self) {
        let mut rest = Vec::new();
        let _ = self.0.read_to_end(&mut rest).await;
    }
}

impl Reply {
    /// Reads to the end. An answer that breaks off is none.
    async fn read(mut connection: TcpStream) -> Result<Self> {
        let mut bytes = Vec::new();
        connection.read_to_end(&mut bytes).await?;
        let text = String::from_utf8_lossy(&bytes);
        Self::parse(&text).ok_or_else(|| Error::from(ErrorKind::UnexpectedEof))
    }

    fn parse(text: &str) -> Option<Self> {
        let (head, body) = text.split_once("\r\n\r\n")?;
        let mut lines = head.lines();
        let status = lines.next()?.split(' ').nth(1)?.parse().ok()?;
        let headers = lines
            .filter_map(|line| line.split_once(": "))
            .map(|(name, value)| (name.to_ascii_lowercase(), value.to_owned()))
            .collect();
        let reply = Self {
            status,
            headers,
            body: body.to_owned(),
        };
        // Only pages and streams are sent in chunks, and nobody here reads those.
        let length: usize = reply.header("content-length")?.parse().ok()?;
        (reply.body.len() == length).then_some(reply)
    }

    fn header(&self, name: &str) -> Option<&str> {
        self.headers
            .iter()
            .find(|(found, _)| found == name)
            .map(|(_, value)| value.as_str())
    }
}

fn form(fields: &[(&str, &str)]) -> String {
    let pairs = fields
        .iter()
        .map(|(name, value)| format!("{}={}", encode(name), encode(value)));
    pairs.collect::<Vec<_>>().join("&")
}
