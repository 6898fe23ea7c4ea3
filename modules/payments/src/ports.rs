//! What a payment provider must be able to do. Plain structs in; yes, no, pending or unknown out. An answer that is
//! not understood is pending, never success.

use async_trait::async_trait;
use kernel::{CaptureId, Money, PaymentId, RefundId};

/// A provider's answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Answer {
    /// Done; the provider's own reference.
    Yes { reference: String },
    /// Agreed without money: paid later by terms (bank transfer, cash on delivery).
    Terms { reference: String },
    /// Refused, for good.
    No { code: String, text: String },
    /// The shopper must do something at this address.
    Action { url: String },
    /// The provider will know later.
    Pending,
    /// The provider was not heard: it may or may not have done it.
    Unknown { why: String },
    /// The provider has never heard of this key (an answer to a question only).
    Never,
}

/// Asks for money.
#[derive(Debug, Clone)]
pub struct Authorise {
    /// The idempotency key.
    pub payment: PaymentId,
    /// How much.
    pub amount: Money,
    /// From the shopper's browser.
    pub token: String,
    /// What the shopper's statement shows.
    pub order_number: i64,
    /// Where the shopper comes back to after an action.
    pub return_path: String,
}

/// What is asked about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Question {
    /// What became of this attempt?
    Payment(PaymentId),
    /// Of this capture or void?
    Capture(CaptureId),
    /// Of this refund?
    Refund(RefundId),
}

/// Declared abilities.
#[derive(Debug, Clone, Copy)]
pub struct Capabilities {
    /// Can be asked what became of a key; otherwise unknown answers wait for a person.
    pub can_ask: bool,
    /// Agrees to terms: nothing is authorised, staff record when the money came.
    pub terms: bool,
    /// Only for trying out.
    pub test: bool,
}

/// A payment provider. Holds no state of its own.
#[async_trait]
pub trait Provider: Send + Sync {
    /// Its code: `test`, `bank_transfer`.
    fn code(&self) -> &'static str;
    /// What it can do.
    fn capabilities(&self) -> Capabilities;
    /// Asks for money; again with the same key is the same request.
    async fn authorise(&self, request: &Authorise) -> Answer;
    /// Asks what became of something.
    async fn ask(&self, question: Question) -> Answer;
    /// Takes a part of an authorisation.
    async fn capture(&self, key: CaptureId, payment: PaymentId, amount: Money) -> Answer;
    /// Lets the rest of an authorisation go; also one whose outcome is not known.
    async fn void(&self, key: CaptureId, payment: PaymentId) -> Answer;
    /// Gives captured money back.
    async fn refund(&self, key: RefundId, payment: PaymentId, amount: Money) -> Answer;
}
