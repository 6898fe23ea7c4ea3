use kernel::states;

use crate::PaymentRow;

states! {
    /// Where an attempt stands.
    pub enum PaymentState {
        /// Written down; the provider was not asked yet, or its answer not recorded.
        Started = "started",
        /// The shopper must do something.
        ActionRequired = "action_required",
        /// The provider will know later.
        Pending = "pending",
        /// The provider was not heard.
        Unknown = "unknown",
        /// Money is set aside for us.
        Authorised = "authorised",
        /// Some of it was taken.
        PartiallyCaptured = "partially_captured",
        /// All that will be taken was taken.
        Captured = "captured",
        /// Refused.
        Failed = "failed",
        /// Let go.
        Voided = "voided",
        /// Agreed by terms; the money is owed.
        Due = "due",
    }
}

states! {
    /// What happens to an attempt.
    pub enum Action {
        /// The provider said yes.
        Authorise = "authorise",
        /// Terms were agreed.
        Agree = "agree",
        /// The provider said no.
        Refuse = "refuse",
        /// The provider does not know yet, or was not heard.
        Wait = "wait",
        /// Money was taken, or came by terms; some is still open.
        CaptureSome = "capture_some",
        /// Money was taken; nothing is open.
        CaptureRest = "capture_rest",
        /// What was not taken is let go.
        LetGo = "let_go",
        /// The provider took money that we thought was let go: it is the provider who knows.
        TakeLate = "take_late",
    }
}
db::words!(PaymentState);

impl PaymentState {
    /// The provider has not decided.
    pub fn is_undecided(self) -> bool {
        use PaymentState::{ActionRequired, Pending, Started, Unknown};
        matches!(self, Started | ActionRequired | Pending | Unknown)
    }

    /// Something can still be taken of it.
    pub fn is_open(self) -> bool {
        use PaymentState::{Authorised, Due, PartiallyCaptured};
        matches!(self, Authorised | PartiallyCaptured | Due)
    }
}

/// Every transition there is. Waiting keeps whichever undecided state the answer names.
pub fn next(state: PaymentState, action: Action) -> Option<PaymentState> {
    use PaymentState::{
        ActionRequired, Authorised, Captured, Due, Failed, PartiallyCaptured, Pending, Started, Unknown,
        Voided,
    };
    match (state, action) {
        (Started | ActionRequired | Pending | Unknown, Action::Authorise) => Some(Authorised),
        (Started | ActionRequired | Pending | Unknown, Action::Agree) => Some(Due),
        (Started | ActionRequired | Pending | Unknown, Action::Refuse) => Some(Failed),
        (Started | ActionRequired | Pending | Unknown, Action::Wait) => Some(state),
        (Authorised | PartiallyCaptured | Due, Action::CaptureSome) => Some(PartiallyCaptured),
        (Authorised | PartiallyCaptured | Due, Action::CaptureRest) => Some(Captured),
        (Started | ActionRequired | Pending | Unknown | Authorised | Due, Action::LetGo) => Some(Voided),
        (PartiallyCaptured, Action::LetGo) => Some(Captured),
        (Captured | Failed | Voided, Action::TakeLate) => Some(Captured),
        (Authorised | PartiallyCaptured | Captured | Failed | Voided | Due, Action::Authorise)
        | (Authorised | PartiallyCaptured | Captured | Failed | Voided | Due, Action::Agree)
        | (Authorised | PartiallyCaptured | Captured | Failed | Voided | Due, Action::Refuse)
        | (Authorised | PartiallyCaptured | Captured | Failed | Voided | Due, Action::Wait)
        | (Started | ActionRequired | Pending | Unknown | Captured | Failed | Voided, Action::CaptureSome)
        | (Started | ActionRequired | Pending | Unknown | Captured | Failed | Voided, Action::CaptureRest)
        | (Captured | Failed | Voided, Action::LetGo)
        | (
            Started | ActionRequired | Pending | Unknown | Authorised | PartiallyCaptured | Due,
            Action::TakeLate,
        ) => None,
    }
}

states! {
    /// How an order stands with its money: derived from its payments.
    pub enum OrderPayment {
        /// No attempt has succeeded.
        Unpaid = "unpaid",
        /// An attempt is undecided.
        Pending = "pending",
        /// Money is set aside.
        Authorised = "authorised",
        /// Agreed by terms, owed.
        Due = "due",
        /// Some was taken.
        PartlyPaid = "partly_paid",
        /// Taken.
        Paid = "paid",
        /// Some went back.
        PartlyRefunded = "partly_refunded",
        /// All went back.
        Refunded = "refunded",
        /// Let go.
        Voided = "voided",
        /// Refused.
        Failed = "failed",
    }
}

impl OrderPayment {
    /// Of an order's payments, the latest last.
    pub fn of(payments: &[PaymentRow]) -> OrderPayment {
        let captured: i64 = payments.iter().map(|p| p.captured_minor).sum();
        let refunded: i64 = payments.iter().map(|p| p.refunded_minor).sum();
        if captured > 0 && refunded >= captured {
            return OrderPayment::Refunded;
        }
        if refunded > 0 {
            return OrderPayment::PartlyRefunded;
        }
        let has = |s: fn(PaymentState) -> bool| payments.iter().any(|p| s(p.state));
        if has(|s| s == PaymentState::PartiallyCaptured) {
            OrderPayment::PartlyPaid
        } else if captured > 0 || payments.iter().any(|p| p.state == PaymentState::Due && p.amount_minor == 0)
        {
            OrderPayment::Paid
        } else if has(|s| s == PaymentState::Authorised) {
            OrderPayment::Authorised
        } else if has(|s| s == PaymentState::Due) {
            OrderPayment::Due
        } else if has(PaymentState::is_undecided) {
            OrderPayment::Pending
        } else if has(|s| s == PaymentState::Voided) {
            OrderPayment::Voided
        } else if has(|s| s == PaymentState::Failed) {
            OrderPayment::Failed
        } else {
            OrderPayment::Unpaid
        }
    }
}
