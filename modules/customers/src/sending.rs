use std::sync::Arc;

use async_trait::async_trait;
use db::{Db, Tx};
use kernel::{Ctx, Id, MailId};
use work::{Handler, Job, Outcome, TaskError};

use crate::ports::{MailError, Mailer};
use crate::{Error, MailState, mail, mark_failed, mark_sent};

/// The kind of task that sends one mail.
pub const SEND_MAIL: &str = "customers.send_mail";

/// After so many tries in vain a mail is shown as failed. Its task is dead by then and can be replayed.
const TRIES: i64 = 10;

/// Sends mail: reads it, hands it over with no transaction open, records what came of it.
pub struct SendMail {
    db: Db,
    mailer: Arc<dyn Mailer>,
}

impl SendMail {
    /// With this way out.
    pub fn new(db: Db, mailer: Arc<dyn Mailer>) -> SendMail {
        SendMail { db, mailer }
    }
}

#[async_trait]
impl Handler for SendMail {
    async fn run(&self, ctx: &Ctx, job: &Job) -> Result<Outcome, TaskError> {
        let Some(subject) = job.subject else {
            return Ok(Outcome::Fail { why: "the task names no mail".to_owned() });
        };
        let id: MailId = Id::from_uuid(subject);
        let letter = match self.db.read(async |tx: &mut Tx| mail(tx, id).await).await {
            Err(Error::NotFound { .. }) => return Ok(Outcome::Done), // expired meanwhile
            other => other?,
        };
        if letter.state == MailState::Sent {
            return Ok(Outcome::Done);
        }
        match self.mailer.send(&letter).await {
            Ok(()) => {
                let (ctx, job) = (ctx.clone(), job.clone());
                self.db
                    .write("mail_sent", async move |tx: &mut Tx| {
                        mark_sent(tx, &ctx, id).await?;
                        work::finish(tx, &ctx, &job).await?;
                        Ok::<_, Error>(())
                    })
                    .await?;
                Ok(Outcome::Recorded)
            }
            Err(e) => {
                let for_good = matches!(e, MailError::Refused(_)) || job.attempt >= TRIES;
                let why = e.to_string();
                let text = why.clone();
                self.db
                    .write("mail_failed", async move |tx: &mut Tx| mark_failed(tx, id, &text, for_good).await)
                    .await?;
                if matches!(e, MailError::Refused(_)) { Ok(Outcome::Fail { why }) } else { Err(e.into()) }
            }
        }
    }
}
