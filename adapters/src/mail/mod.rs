//! Ways out for mail: an SMTP server, or, in development, nobody.

mod mailbox;
mod smtp;

pub use mailbox::Mailbox;
pub use smtp::{Smtp, SmtpUrlError};
