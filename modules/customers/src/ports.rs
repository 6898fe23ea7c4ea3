//! What this module needs of the outside.

use async_trait::async_trait;

use crate::Mail;

/// Why a mail could not be handed over.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum MailError {
    /// The server will never take it: no such mailbox, refused as spam. A person must look.
    #[error("the mail server refuses it: {0}")]
    Refused(String),
    /// It cannot be reached or is busy: again later.
    #[error("the mail server cannot take it now: {0}")]
    Unreachable(String),
}

/// Hands mail over: to an SMTP server, or in development to nobody (the outbox is the mailbox).
#[async_trait]
pub trait Mailer: Send + Sync {
    /// Hands one over; `Ok` means that the server took it. Called again after a crash between its answer and the
    /// record of it: the Message-ID is made of the mail's id, so that the second is recognised.
    ///
    /// # Errors
    /// [`MailError`].
    async fn send(&self, mail: &Mail) -> Result<(), MailError>;
}
