use kernel::states;

states! {
    /// What a shopper types in place of a card. Each makes the bank behave in one way.
    pub enum Token {
        /// Says yes.
        Success = "tok_success",
        /// Says no.
        Decline = "tok_decline",
        /// Wants the shopper to confirm on a page of the bank.
        Challenge = "tok_challenge",
        /// Takes the money, and the answer is lost.
        TimeoutCharged = "tok_timeout_charged",
        /// Is not reached; takes nothing.
        Timeout = "tok_timeout",
        /// Says yes at once and sends the notice twice.
        Duplicate = "tok_duplicate",
        /// Says "later", and sends the notice after five seconds.
        Late = "tok_late",
        /// Says yes, and refuses every refund.
        NoRefund = "tok_no_refund",
        /// The request is a minute on the line: nobody is heard, and then the bank takes the money, whatever was said
        /// in between.
        Stuck = "tok_stuck",
    }
}
