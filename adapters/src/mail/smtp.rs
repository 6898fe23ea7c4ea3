use std::time::{Duration, UNIX_EPOCH};

use async_trait::async_trait;
use customers::Mail;
use customers::ports::{MailError, Mailer};
use lettre::message::{Mailbox, MultiPart};
use lettre::{Address, AsyncSmtpTransport, AsyncTransport, Message, Tokio1Executor};

/// How long the server may take to be reached.
const PATIENCE: Duration = Duration::from_secs(20);
/// And for the whole: lettre itself waits for greetings and replies for ever.
const WHOLE: Duration = Duration::from_secs(45);

/// Hands mail to an SMTP server.
pub struct Smtp {
    server: AsyncSmtpTransport<Tokio1Executor>,
    whole: Duration,
}

/// The mail server's address is not understood.
#[derive(Debug, Clone, thiserror::Error)]
#[error(
    "the mail server's address is not understood ({0}); write smtps://user:password@host:465, or smtp://…?tls=required"
)]
pub struct SmtpUrlError(String);

impl Smtp {
    /// From `smtps://user:password@host:465`, `smtp://host:587?tls=required` (STARTTLS) or, in the same house only,
    /// `smtp://localhost:25`. Nothing is connected yet.
    ///
    /// # Errors
    /// [`SmtpUrlError`]; it does not repeat the address, which may hold a password.
    pub fn new(url: &str) -> Result<Smtp, SmtpUrlError> {
        let builder =
            AsyncSmtpTransport::<Tokio1Executor>::from_url(url).map_err(|e| SmtpUrlError(e.to_string()))?;
        Ok(Smtp { server: builder.timeout(Some(PATIENCE)).build(), whole: WHOLE })
    }
}

#[async_trait]
impl Mailer for Smtp {
    async fn send(&self, mail: &Mail) -> Result<(), MailError> {
        let message = compose(mail).map_err(MailError::Refused)?;
        let sent = tokio::time::timeout(self.whole, self.server.send(message)).await;
        let Ok(sent) = sent else {
            return Err(MailError::Unreachable("the mail server did not answer in time".to_owned()));
        };
        match sent {
            Ok(_) => Ok(()),
            Err(e) if e.is_permanent() => Err(MailError::Refused(e.to_string())),
            Err(e) => Err(MailError::Unreachable(e.to_string())),
        }
    }
}

/// The same mail gives the same message, to the letter of its headers, however often it is sent.
fn compose(mail: &Mail) -> Result<Message, String> {
    let address = |text: &str| text.parse::<Address>().map_err(|e| format!("'{text}': {e}"));
    let sender = address(&mail.sender)?;
    let id = format!("<{}@{}>", mail.id, sender.domain());
    let name = Some(mail.sender_name.clone()).filter(|n| !n.is_empty());
    let written = UNIX_EPOCH + Duration::from_micros(u64::try_from(mail.created_at.micros()).unwrap_or(0));
    let mut message = Message::builder()
        .from(Mailbox::new(name, sender))
        .to(Mailbox::new(None, address(&mail.recipient)?))
        .subject(&mail.subject)
        .message_id(Some(id))
        .date(written);
    if !mail.reply_to.is_empty() {
        message = message.reply_to(Mailbox::new(None, address(&mail.reply_to)?));
    }
    let bodies = MultiPart::alternative_plain_html(mail.text.clone(), mail.html.clone());
    message.multipart(bodies).map_err(|e| e.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;
    use customers::MailState;
    use kernel::{Id, Timestamp};
    use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader};
    use tokio::net::TcpListener;

    fn mail() -> Mail {
        Mail {
            id: Id::from_uuid(uuid::Uuid::from_u128(7)),
            kind: "order_placed".to_owned(),
            sender_name: "Groente & Zoon".to_owned(),
            sender: "shop@example.com".to_owned(),
            reply_to: "help@example.com".to_owned(),
            recipient: "kim@example.org".to_owned(),
            subject: "Ihre Bestellung für Kim".to_owned(),
            html: "<p>Danke</p>".to_owned(),
            text: "Danke".to_owned(),
            state: MailState::Queued,
            order: None,
            customer: None,
            attempts: 0,
            created_at: Timestamp(1_772_445_600_000_000),
            sent_at: None,
            error: String::new(),
        }
    }

    /// Speaks just enough SMTP to take one mail, answering `RCPT TO` with `answer`; what it was sent.
    async fn server(answer: &'static str) -> (String, tokio::task::JoinHandle<String>) {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("smtp://{}", listener.local_addr().unwrap());
        let taken = tokio::spawn(async move {
            let (socket, _) = listener.accept().await.unwrap();
            let (from, mut to) = socket.into_split();
            let mut lines = BufReader::new(from).lines();
            let (mut all, mut body) = (String::new(), false);
            to.write_all(b"220 test\r\n").await.unwrap();
            while let Ok(Some(line)) = lines.next_line().await {
                all.push_str(&line);
                all.push('\n');
                let reply = match line.as_str() {
                    "." => "250 taken",
                    _ if body => continue,
                    "DATA" => "354 go on",
                    "QUIT" => "221 bye",
                    l if l.starts_with("RCPT") => answer,
                    _ => "250 ok",
                };
                body = line == "DATA";
                to.write_all(format!("{reply}\r\n").as_bytes()).await.unwrap();
                if line == "QUIT" {
                    break;
                }
            }
            all
        });
        (url, taken)
    }

    #[tokio::test]
    async fn hands_over_both_bodies_under_the_mails_own_id() {
        let (url, taken) = server("250 ok").await;
        Smtp::new(&url).unwrap().send(&mail()).await.unwrap();
        let sent = taken.await.unwrap();
        for part in [
            "RCPT TO:<kim@example.org>",
            &format!("Message-ID: <{}@example.com>", mail().id),
            "Reply-To: help@example.com",
            "Date: Mon, 02 Mar 2026 10:00:00 +0000",
            "Danke",
            "<p>Danke</p>",
        ] {
            assert!(sent.contains(part), "{part} is not in {sent}");
        }
    }

    #[tokio::test]
    async fn a_refusal_is_final_and_a_busy_server_is_not() {
        let (url, _) = server("550 no such mailbox").await;
        let refused = Smtp::new(&url).unwrap().send(&mail()).await.unwrap_err();
        assert!(matches!(&refused, MailError::Refused(why) if why.contains("no such mailbox")), "{refused}");
        let (url, _) = server("451 come back later").await;
        assert!(matches!(Smtp::new(&url).unwrap().send(&mail()).await, Err(MailError::Unreachable(_))));
        let nobody = Smtp::new("smtp://127.0.0.1:1").unwrap().send(&mail()).await;
        assert!(matches!(nobody, Err(MailError::Unreachable(_))));
    }

    #[tokio::test]
    async fn a_server_that_says_nothing_is_left() {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let mut smtp = Smtp::new(&format!("smtp://{}", listener.local_addr().unwrap())).unwrap();
        smtp.whole = Duration::from_millis(200);
        let mail = mail();
        let (sent, socket) = tokio::join!(smtp.send(&mail), listener.accept());
        assert!(matches!(sent, Err(MailError::Unreachable(_))), "{sent:?}");
        drop(socket);
    }

    #[test]
    fn what_is_no_address_is_said_without_the_password() {
        let wrong = Smtp::new("http://me:secret@host").err().unwrap().to_string();
        assert!(wrong.contains("smtps://") && !wrong.contains("secret"), "{wrong}");
        assert!(compose(&Mail { recipient: "a@b\r\nBcc: c@d.example".to_owned(), ..mail() }).is_err());
    }
}
