//! What every payment provider must do, whichever it is: flows rely on it. A new provider calls [`keeps`] with what its
//! sandbox needs.

use kernel::{CaptureId, Ctx, Currency, Money, PaymentId, RefundId};
use payments::ports::{Answer, Authorise, Provider, Question};

/// What a provider is tried with.
pub struct Tried<'a> {
    /// The provider.
    pub provider: &'a dyn Provider,
    /// A token that it says yes to, or agrees to terms with.
    pub good: &'a str,
    /// Tokens that it must not say yes to: refused ones, and what it cannot understand.
    pub bad: &'a [&'a str],
    /// Tokens with which it is not heard, if its sandbox has such.
    pub silent: &'a [&'a str],
}

/// 40.00 in euro.
const WHOLE: i64 = 4_000;

fn euro(minor: i64) -> Money {
    Money { minor, currency: Currency::EUR }
}

fn request(ctx: &Ctx, token: &str) -> Authorise {
    Authorise {
        payment: ctx.id(),
        amount: euro(WHOLE),
        token: token.to_owned(),
        order_number: 1001,
        return_path: "/return".to_owned(),
    }
}

fn is_yes(answer: &Answer) -> bool {
    matches!(answer, Answer::Yes { .. })
}

/// Runs the whole contract.
pub async fn keeps(tried: &Tried<'_>, ctx: &Ctx) {
    names_itself(tried);
    agrees_once(tried, ctx).await;
    says_yes_to_nothing_else(tried, ctx).await;
    knows_nothing_that_never_was(tried, ctx).await;
    can_be_asked_after_silence(tried, ctx).await;
    lets_go_of_what_never_came(tried, ctx).await;
    if tried.provider.capabilities().terms {
        takes_nothing_by_itself(tried, ctx).await;
    } else {
        takes_no_more_than_was_set_aside(tried, ctx).await;
        gives_back_no_more_than_was_taken(tried, ctx).await;
        takes_nothing_after_it_let_go(tried, ctx).await;
    }
}

/// The code stands in the database, in addresses and in the shop's settings.
fn names_itself(tried: &Tried<'_>) {
    let code = tried.provider.code();
    assert!(!code.is_empty() && code.chars().all(|c| c.is_ascii_lowercase() || c == '_'), "{code}");
}

/// The key makes a request that comes again the same request, also when both come at once.
async fn agrees_once(tried: &Tried<'_>, ctx: &Ctx) {
    let (p, r) = (tried.provider, request(ctx, tried.good));
    let (a, b, c) = tokio::join!(p.authorise(&r), p.authorise(&r), p.authorise(&r));
    assert_eq!((&a, &a), (&b, &c), "one key, one answer");
    let terms = p.capabilities().terms;
    assert!(if terms { matches!(a, Answer::Terms { .. }) } else { is_yes(&a) }, "{a:?}");
    assert_eq!(p.authorise(&r).await, a, "and later too");
    if p.capabilities().can_ask {
        assert_eq!(p.ask(Question::Payment(r.payment)).await, a, "what it says when it is asked");
    }
}

async fn says_yes_to_nothing_else(tried: &Tried<'_>, ctx: &Ctx) {
    for token in tried.bad {
        let r = request(ctx, token);
        let answer = tried.provider.authorise(&r).await;
        assert!(!is_yes(&answer), "'{token}': {answer:?}");
        assert!(!is_yes(&tried.provider.ask(Question::Payment(r.payment)).await), "'{token}'");
        assert!(!is_yes(&tried.provider.capture(ctx.id(), r.payment, euro(1)).await), "'{token}'");
    }
}

async fn knows_nothing_that_never_was(tried: &Tried<'_>, ctx: &Ctx) {
    let (p, payment): (_, PaymentId) = (tried.provider, ctx.id());
    let (capture, refund): (CaptureId, RefundId) = (ctx.id(), ctx.id());
    for question in [Question::Payment(payment), Question::Capture(capture), Question::Refund(refund)] {
        assert_eq!(p.ask(question).await, Answer::Never, "{question:?}");
    }
    if !p.capabilities().terms {
        assert!(!is_yes(&p.capture(capture, payment, euro(1)).await));
        assert!(!is_yes(&p.refund(refund, payment, euro(1)).await));
    }
}

/// Silence is no answer; whoever can be asked says then what it was, or that it never heard of it.
async fn can_be_asked_after_silence(tried: &Tried<'_>, ctx: &Ctx) {
    for token in tried.silent {
        let r = request(ctx, token);
        let answer = tried.provider.authorise(&r).await;
        assert!(matches!(answer, Answer::Unknown { .. }), "'{token}': {answer:?}");
        assert!(tried.provider.capabilities().can_ask, "who can be silent must be asked");
        let asked = tried.provider.ask(Question::Payment(r.payment)).await;
        assert!(matches!(asked, Answer::Yes { .. } | Answer::No { .. } | Answer::Never), "{asked:?}");
    }
}

/// A hold is released only when this was confirmed, so it must be confirmed for what the provider never heard of too.
async fn lets_go_of_what_never_came(tried: &Tried<'_>, ctx: &Ctx) {
    let (key, payment): (CaptureId, PaymentId) = (ctx.id(), ctx.id());
    for _ in 0..2 {
        let answer = tried.provider.void(key, payment).await;
        assert!(is_yes(&answer), "{answer:?}");
    }
}

/// Staff record what came; a machine that says it took money would be believed.
async fn takes_nothing_by_itself(tried: &Tried<'_>, ctx: &Ctx) {
    let r = request(ctx, tried.good);
    tried.provider.authorise(&r).await;
    let answer = tried.provider.capture(ctx.id(), r.payment, r.amount).await;
    assert!(matches!(answer, Answer::No { .. }), "{answer:?}");
    let key: RefundId = ctx.id();
    let back = tried.provider.refund(key, r.payment, euro(1)).await;
    assert!(is_yes(&back), "what staff hand back is written down: {back:?}");
    assert_eq!(tried.provider.refund(key, r.payment, euro(1)).await, back);
}

async fn takes_no_more_than_was_set_aside(tried: &Tried<'_>, ctx: &Ctx) {
    let (p, r) = (tried.provider, request(ctx, tried.good));
    p.authorise(&r).await;
    let key: CaptureId = ctx.id();
    let first = p.capture(key, r.payment, euro(WHOLE - 1_000)).await;
    assert!(is_yes(&first), "{first:?}");
    assert_eq!(p.capture(key, r.payment, euro(WHOLE - 1_000)).await, first, "one key, one capture");
    assert_eq!(p.ask(Question::Capture(key)).await, first);
    assert!(!is_yes(&p.capture(ctx.id(), r.payment, euro(1_001)).await), "more than is left");
    assert!(is_yes(&p.capture(ctx.id(), r.payment, euro(1_000)).await), "the rest");
    assert!(!is_yes(&p.capture(ctx.id(), r.payment, euro(1)).await), "nothing is left");
}

async fn gives_back_no_more_than_was_taken(tried: &Tried<'_>, ctx: &Ctx) {
    let (p, r) = (tried.provider, request(ctx, tried.good));
    p.authorise(&r).await;
    assert!(!is_yes(&p.refund(ctx.id(), r.payment, euro(1)).await), "nothing was taken");
    p.capture(ctx.id(), r.payment, euro(3_000)).await;
    let key: RefundId = ctx.id();
    let first = p.refund(key, r.payment, euro(2_000)).await;
    assert!(is_yes(&first), "{first:?}");
    assert_eq!(p.refund(key, r.payment, euro(2_000)).await, first, "one key, one refund");
    assert_eq!(p.ask(Question::Refund(key)).await, first);
    assert!(!is_yes(&p.refund(ctx.id(), r.payment, euro(1_001)).await), "more than is left");
    assert!(is_yes(&p.refund(ctx.id(), r.payment, euro(1_000)).await), "the rest");
    assert!(!is_yes(&p.refund(ctx.id(), r.payment, euro(1)).await), "nothing is left");
}

async fn takes_nothing_after_it_let_go(tried: &Tried<'_>, ctx: &Ctx) {
    let (p, r) = (tried.provider, request(ctx, tried.good));
    p.authorise(&r).await;
    p.capture(ctx.id(), r.payment, euro(1_000)).await;
    let key: CaptureId = ctx.id();
    assert!(is_yes(&p.void(key, r.payment).await), "the rest goes");
    assert!(is_yes(&p.void(key, r.payment).await), "and again");
    assert!(!is_yes(&p.capture(ctx.id(), r.payment, euro(1)).await), "it was let go");
    assert!(is_yes(&p.refund(ctx.id(), r.payment, euro(1_000)).await), "what was taken can go back");
}
