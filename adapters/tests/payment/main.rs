//! Every payment provider passes the same contract.
#![allow(clippy::unwrap_used, reason = "a test says what went wrong by failing")]

mod contract;

use adapters::payment::{BankTransfer, CashOnDelivery, TestBank};
use contract::{Tried, keeps};

#[tokio::test]
async fn the_test_bank() {
    let dir = tempfile::tempdir().unwrap();
    let books = db::Target::File(dir.path().join("bank.db"));
    let bank = TestBank::open(&books, testkit::clock()).await.unwrap();
    let tried = Tried {
        provider: &bank,
        good: "tok_success",
        bad: &["tok_decline", "tok_challenge", "tok_late", "tok_nonsense", "' or 1=1"],
        silent: &["tok_timeout", "tok_timeout_charged"],
    };
    keeps(&tried, &testkit::ctx()).await;
    // the books say the same: no account holds more than one request's worth, or gave back more than it took
    for account in bank.accounts().await.unwrap() {
        assert!(
            account.amount_minor <= 4_000 && account.captured_minor <= account.amount_minor,
            "{account:?}"
        );
        assert!(account.refunded_minor <= account.captured_minor, "{account:?}");
    }
}

#[tokio::test]
async fn bank_transfer() {
    keeps(&Tried { provider: &BankTransfer, good: "", bad: &["anything"], silent: &[] }, &testkit::ctx())
        .await;
}

#[tokio::test]
async fn cash_on_delivery() {
    keeps(&Tried { provider: &CashOnDelivery, good: "", bad: &["anything"], silent: &[] }, &testkit::ctx())
        .await;
}
