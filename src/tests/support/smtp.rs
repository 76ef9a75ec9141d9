//! A mail server that keeps what it is given, over a real connection, and misbehaves when told to.

use std::{
    net::SocketAddr,
    sync::{
        Arc, Mutex,
        atomic::{AtomicUsize, Ordering},
    },
};
use tokio::{
    io::{AsyncBufReadExt, AsyncWriteExt, BufReader},
    net::{TcpListener, TcpSocket, TcpStream},
    task::JoinHandle,
};

/// What the server does with mails.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Mode {
    /// Takes them.
    #[default]
    Take,
    /// Refuses each recipient with this code: 4xx for now, 5xx for ever.
    Refuse(u16),
    /// Refuses everybody at the greeting with this code.
    Greet(u16),
    /// Takes a mail and drops the connection before it says so.
    DropAfterData,
}

/// A mail as it came.
#[derive(Clone, Debug)]
pub(crate) struct Received {
    pub(crate) to: String,
    pub(crate) text: String,
}

impl Received {
    /// The value of a header on one line.
    #[track_caller]
    pub(crate) fn header(&self, name: &str) -> String {
        let (head, _) = self.text.split_once("\r\n\r\n").expect("head and body");
        let start = format!("{name}: ");
        head.replace("\r\n ", " ")
            .split("\r\n")
            .find_map(|line| line.strip_prefix(&start).map(ToOwned::to_owned))
            .unwrap_or_else(|| panic!("no {name} in {head}"))
    }

    /// The text as it was before it was made fit for the wire (quoted-printable, RFC 2045 §6.7).
    pub(crate) fn body(&self) -> String {
        let (_, body) = self.text.split_once("\r\n\r\n").expect("head and body");
        if !self.text.contains("quoted-printable") {
            return body.replace("\r\n", "\n");
        }
        let joined = body.replace("=\r\n", "");
        let mut bytes = Vec::new();
        let mut rest = joined.as_bytes();
        while let Some((byte, after)) = rest.split_first() {
            let code = (*byte == b'=').then(|| after.get(..2)).flatten();
            let code = code.and_then(|code| std::str::from_utf8(code).ok());
            match code.and_then(|code| u8::from_str_radix(code, 16).ok()) {
                Some(decoded) => {
                    bytes.push(decoded);
                    rest = &after[2..];
                }
                None => {
                    bytes.push(*byte);
                    rest = after;
                }
            }
        }
        String::from_utf8(bytes).unwrap().replace("\r\n", "\n")
    }
}

#[derive(Debug, Default)]
struct Kept {
    mode: Mutex<Mode>,
    mails: Mutex<Vec<Received>>,
    connections: AtomicUsize,
}

/// The server.
#[derive(Debug)]
pub(crate) struct Sink {
    pub(crate) address: SocketAddr,
    kept: Arc<Kept>,
    listening: Option<JoinHandle<()>>,
}

impl Sink {
    /// A server on a free port.
    pub(crate) async fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let mut sink = Self {
            address: listener.local_addr().unwrap(),
            kept: Arc::default(),
            listening: None,
        };
        sink.listen(listener);
        sink
    }

    fn listen(&mut self, listener: TcpListener) {
        let kept = self.kept.clone();
        self.listening = Some(tokio::spawn(async move {
            while let Ok((connection, _)) = listener.accept().await {
                kept.connections.fetch_add(1, Ordering::Relaxed);
                let kept = kept.clone();
                // A client that goes away in the middle is no failure of the server.
                tokio::spawn(async move {
                    let _ = talk(connection, &kept).await;
                });
            }
        }));
    }

    /// Stops listening: whoever connects is refused by the machine.
    pub(crate) async fn go_down(&mut self) {
        if let Some(listening) = self.listening.take() {
            listening.abort();
            let _ = listening.await;
        }
    }

    /// Listens again, where it did.
    pub(crate) fn come_up(&mut self) {
        let socket = TcpSocket::new_v4().unwrap();
        socket.set_reuseaddr(true).unwrap();
        socket.bind(self.address).unwrap();
        self.listen(socket.listen(64).unwrap());
    }

    /// Behaves differently from now on.
    pub(crate) fn behave(&self, mode: Mode) {
        *self.kept.mode.lock().unwrap() = mode;
    }

    /// The address as the configuration names it.
    pub(crate) fn url(&self) -> String {
        format!("smtp://{}", self.address)
    }

    /// Everything that was taken.
    pub(crate) fn mails(&self) -> Vec<Received> {
        self.kept.mails.lock().unwrap().clone()
    }

    /// How many mails were taken.
    pub(crate) fn count(&self) -> usize {
        self.kept.mails.lock().unwrap().len()
    }

    /// How often somebody connected.
    pub(crate) fn connections(&self) -> usize {
        self.kept.connections.load(Ordering::Relaxed)
    }
}

/// One connection (RFC 5321).
async fn talk(connection: TcpStream, kept: &Kept) -> std::io::Result<()> {
    let (reader, mut writer) = connection.into_split();
    let mut lines = BufReader::new(reader).lines();
    let mode = || *kept.mode.lock().unwrap();
    if let Mode::Greet(code) = mode() {
        let answer = format!("{code} not now\r\n");
        return writer.write_all(answer.as_bytes()).await;
    }
    writer.write_all(b"220 sink.example ESMTP\r\n").await?;
    let mut to = String::new();
    while let Some(line) = lines.next_line().await? {
        let verb = line.split([' ', ':']).next().unwrap_or_default();
        let answer = match verb.to_ascii_uppercase().as_str() {
            "EHLO" | "HELO" => "250-sink.example\r\n250 8BITMIME\r\n".to_owned(),
            "RCPT" => match mode() {
                Mode::Refuse(code) => format!("{code} no mail for this one\r\n"),
                _ => {
                    to = line.split(['<', '>']).nth(1).unwrap_or_default().to_owned();
                    "250 OK\r\n".to_owned()
                }
            },
            "DATA" => {
                writer.write_all(b"354 Go ahead\r\n").await?;
                let mut text = String::new();
                loop {
                    let Some(line) = lines.next_line().await? else {
                        return Ok(());
                    };
                    if line == "." {
                        break;
                    }
                    text.push_str(line.strip_prefix('.').unwrap_or(&line));
                    text.push_str("\r\n");
                }
                let mail = Received {
                    to: std::mem::take(&mut to),
                    text,
                };
                kept.mails.lock().unwrap().push(mail);
                if mode() == Mode::DropAfterData {
                    return Ok(());
                }
                "250 Queued\r\n".to_owned()
            }
            "QUIT" => {
                return writer.write_all(b"221 Bye\r\n").await;
            }
            _ => "250 OK\r\n".to_owned(),
        };
        writer.write_all(answer.as_bytes()).await?;
    }
    Ok(())
}
