//! A bank inside Mercer, for trying out and for tests. It stands for an outside service: it keeps its own books in a
//! file of its own, remembers every key, loses answers, and sends notices late and twice. No real money.

mod books;
mod token;
mod webhooks;

use std::sync::Arc;

use async_trait::async_trait;
use db::{Db, Error, Target};
use kernel::{CaptureId, Clock, Money, PaymentId, RefundId, TextState};
use payments::ports::{Answer, Authorise, Capabilities, Provider, Question};

pub use books::Account;
pub use token::Token;
pub use webhooks::{WEBHOOKS, WebhooksTask};

/// The bank's tables, in its own file.
const MIGRATIONS: db::Migrations = db::Migrations {
    module: "test_bank",
    files: &[
        ("0001_test_bank", include_str!("0001_test_bank.sql")),
        ("0002_on_the_line", include_str!("0002_on_the_line.sql")),
    ],
};

/// The bank. Cheap to clone.
#[derive(Clone)]
pub struct TestBank {
    books: Db,
    clock: Arc<dyn Clock>,
}

impl TestBank {
    /// Opens the bank's books; its commits survive a crash of the process.
    ///
    /// # Errors
    /// The database's.
    pub async fn open(target: &Target, clock: Arc<dyn Clock>) -> Result<TestBank, Error> {
        let books = Db::open_relaxed(target).await?;
        db::migrate(&books, &[MIGRATIONS], clock.now()).await?;
        Ok(TestBank { books, clock })
    }

    /// What the bank knows of every attempt, by key: for tests, and for people who want to see.
    ///
    /// # Errors
    /// The database's.
    pub async fn accounts(&self) -> Result<Vec<Account>, Error> {
        books::accounts(&self.books).await
    }

    /// The shopper answered the bank's question on its page; `false` when it was not asked.
    ///
    /// # Errors
    /// The database's.
    pub async fn answer_challenge(&self, payment: PaymentId, approved: bool) -> Result<bool, Error> {
        books::answer_challenge(&self.books, payment, approved).await
    }

    /// The amount of an attempt that waits for the shopper, in minor units.
    ///
    /// # Errors
    /// The database's.
    pub async fn challenge(&self, payment: PaymentId) -> Result<Option<i64>, Error> {
        let account = books::account(&self.books, payment).await?;
        Ok(account.filter(|a| a.state == "challenge").map(|a| a.amount_minor))
    }
}

/// An error of the bank's own books is silence to its customer.
fn heard(result: Result<Answer, Error>) -> Answer {
    result.unwrap_or_else(|e| Answer::Unknown { why: e.to_string() })
}

fn no(code: &str, text: impl Into<String>) -> Answer {
    Answer::No { code: code.to_owned(), text: text.into() }
}

#[async_trait]
impl Provider for TestBank {
    fn code(&self) -> &'static str {
        "test"
    }

    fn capabilities(&self) -> Capabilities {
        Capabilities { can_ask: true, terms: false, test: true }
    }

    async fn authorise(&self, request: &Authorise) -> Answer {
        let typed = request.token.trim();
        let typed = if typed.is_empty() { Token::Success.as_str() } else { typed };
        let Some(token) = Token::parse(typed) else {
            let all: Vec<&str> = Token::ALL.iter().map(|t| t.as_str()).collect();
            return no(
                "unknown_token",
                format!("The test bank does not know '{typed}'; it knows {}.", all.join(", ")),
            );
        };
        heard(books::authorise(&self.books, self.clock.now(), request, token).await)
    }

    async fn ask(&self, question: Question) -> Answer {
        heard(books::ask(&self.books, self.clock.now(), question).await)
    }

    async fn capture(&self, key: CaptureId, payment: PaymentId, amount: Money) -> Answer {
        heard(
            books::operate(
                &self.books,
                self.clock.now(),
                key.to_string(),
                payment,
                books::Kind::Capture,
                amount.minor,
            )
            .await,
        )
    }

    async fn void(&self, key: CaptureId, payment: PaymentId) -> Answer {
        heard(
            books::operate(&self.books, self.clock.now(), key.to_string(), payment, books::Kind::Void, 0)
                .await,
        )
    }

    async fn refund(&self, key: RefundId, payment: PaymentId, amount: Money) -> Answer {
        heard(
            books::operate(
                &self.books,
                self.clock.now(),
                key.to_string(),
                payment,
                books::Kind::Refund,
                amount.minor,
            )
            .await,
        )
    }
}
