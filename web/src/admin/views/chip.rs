//! States as small labels with a dot, so that colour is never the only sign.

macro_rules! chips {
    ($($name:ident $key:literal $class:literal)+) => {
        /// A state as shown. Its word is a key, its tone a tint, its dot empty, half or full.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub enum Chip { $($name),+ }

        impl Chip {
            /// Every chip, for the test that looks its word up.
            pub const ALL: &'static [Chip] = &[$(Chip::$name),+];

            /// Key of its word.
            pub fn key(self) -> &'static str {
                match self { $(Chip::$name => $key),+ }
            }

            /// Classes of its tone and its dot.
            pub fn class(self) -> &'static str {
                match self { $(Chip::$name => $class),+ }
            }
        }
    };
}

chips! {
    OrderDraft "chip-draft" "mute"
    OrderAwaitingPayment "chip-awaiting-payment" "warn"
    OrderPlaced "chip-placed" "info half"
    OrderClosed "chip-closed" "mute full"
    OrderCancelled "chip-cancelled" "mute"
    OrderOnHold "chip-on-hold" "bad"
    PaymentPending "chip-pending" "warn"
    PaymentActionRequired "chip-action-required" "warn"
    PaymentUnknown "chip-unknown" "bad half"
    PaymentAuthorised "chip-authorised" "warn half"
    PaymentPartlyPaid "chip-partly-paid" "info half"
    PaymentPaid "chip-paid" "mute full"
    PaymentDue "chip-due" "warn"
    PaymentFailed "chip-failed" "bad"
    PaymentVoided "chip-voided" "mute"
    PaymentPartlyRefunded "chip-partly-refunded" "mute half"
    PaymentRefunded "chip-refunded" "mute"
    RefundPending "chip-pending" "warn"
    RefundSucceeded "chip-refunded" "mute full"
    RefundFailed "chip-failed" "bad"
    Unfulfilled "chip-unfulfilled" "warn"
    PartlyFulfilled "chip-partly-fulfilled" "info half"
    Fulfilled "chip-fulfilled" "ok full"
    NothingToFulfil "chip-nothing-to-fulfil" "mute"
    FulfilmentScheduled "chip-scheduled" "mute"
    FulfilmentOpen "chip-open" "warn"
    FulfilmentOnHold "chip-on-hold" "bad"
    FulfilmentPicking "chip-picking" "info half"
    FulfilmentPacked "chip-packed" "info full"
    FulfilmentShipped "chip-shipped" "ok full"
    FulfilmentCancelled "chip-cancelled" "mute"
    ShipmentCreated "chip-shipment-created" "info"
    ShipmentHandedOver "chip-handed-over" "info half"
    ShipmentDelivered "chip-delivered" "ok full"
    ShipmentLost "chip-lost" "bad"
    ProductDraft "chip-draft" "mute"
    ProductInReview "chip-in-review" "info half"
    ProductScheduled "chip-scheduled" "info"
    ProductLive "chip-live" "ok full"
    ProductRetired "chip-retired" "mute"
    Active "chip-active" "ok full"
    Inactive "chip-inactive" "mute"
    Revoked "chip-revoked" "bad"
    Expired "chip-expired" "mute"
    On "chip-on" "ok full"
    Off "chip-off" "mute"
    TaskDue "chip-task-due" "info"
    TaskRunning "chip-running" "info half"
    TaskRetrying "chip-retrying" "warn half"
    TaskDone "chip-done" "ok full"
    TaskDead "chip-dead" "bad"
    MailQueued "chip-queued" "info"
    MailSent "chip-sent" "ok full"
    MailFailed "chip-failed" "bad"
    LawHolds "chip-holds" "ok full"
    LawBroken "chip-broken" "bad"
    ImportQueued "chip-queued" "info"
    ImportRunning "chip-running" "info half"
    ImportDone "chip-done" "ok full"
    ImportDoneWithErrors "chip-done-with-errors" "warn full"
    ImportFailed "chip-failed" "bad"
    DryRun "chip-dry-run" "mute half"
}
