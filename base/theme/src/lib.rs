//! What a shopper sees and reads: the storefront's templates, mails and documents, every word of them in
//! every locale, and the look. Plain view structs come in, text goes out; no I/O but reading a theme folder.

mod engine;
mod error;
pub mod samples;
pub mod settings;
pub mod views;
mod when;
mod words;

pub use engine::{RenderedMail, Theme, ThemeOptions};
pub use error::{Problem, ThemeError};
pub use settings::Settings;
pub use views::{MailView, Page, View};
pub use when::When;
pub use words::{Words, arg};
