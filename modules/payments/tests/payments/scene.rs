//! Attempts to be paid, brought to wherever a test needs them by answers alone.

use std::sync::Arc;

use db::{Db, Migrations, Tx};
use kernel::{
    Actor, CaptureId, ChannelId, Ctx, Currency, FixedClock, Grant, Grants, Money, OrderId, PaymentId,
    RefundId, Scope, TextState as _,
};
use payments::ports::Answer;
use payments::{
    Balance, CaptureRow, Error, EventRow, NewPayment, NewRefund, PaymentRow, PaymentState, Recorded,
    RefundRow,
};

pub const TABLES: &[Migrations] = &[work::MIGRATIONS, payments::MIGRATIONS];

/// What an attempt asks for unless it says otherwise.
pub const AMOUNT: i64 = 1000;

pub fn yes() -> Answer {
    Answer::Yes { reference: "ref_1".into() }
}

pub fn no() -> Answer {
    Answer::No { code: "declined".into(), text: "The bank said no.".into() }
}

pub fn terms() -> Answer {
    Answer::Terms { reference: "inv_1".into() }
}

/// Answers that decide nothing.
pub fn undecided() -> [Answer; 3] {
    [Answer::Action { url: "/3ds".into() }, Answer::Pending, Answer::Unknown { why: "timed out".into() }]
}

#[derive(Clone)]
pub struct Scene {
    pub db: Db,
    pub ctx: Ctx,
    pub clock: Arc<FixedClock>,
}

impl Scene {
    pub fn new(db: &Db) -> Scene {
        let clock = testkit::clock();
        Scene { db: db.clone(), ctx: testkit::ctx_at(clock.clone(), 11), clock }
    }

    /// The same in the hands of somebody who may do everything, but only with what came through this channel.
    pub fn only_of(&self, channel: ChannelId) -> Scene {
        let scope = Scope { channels: vec![channel], ..Scope::ALL };
        let grants = Grants(vec![Grant { permission: "*".into(), scope }]);
        let ctx = self.ctx.acting(Actor::Staff { id: self.ctx.id(), name: "Grace".into() }, grants);
        Scene { ctx, ..self.clone() }
    }

    pub async fn start(&self, order: OrderId, minor: i64) -> Result<PaymentId, Error> {
        let new = NewPayment {
            id: self.ctx.id(),
            order,
            provider: "test".into(),
            amount: Money::new(minor, Currency::EUR),
            token: "tok".into(),
        };
        let ctx = self.ctx.clone();
        self.db
            .write("start", async move |tx: &mut Tx| {
                payments::start(tx, &ctx, &new).await?;
                Ok(new.id)
            })
            .await
    }

    /// Of an order of its own.
    pub async fn started(&self, minor: i64) -> PaymentId {
        self.start(self.ctx.id(), minor).await.unwrap()
    }

    pub async fn answer(&self, id: PaymentId, answer: Answer) -> Option<Recorded> {
        let ctx = self.ctx.clone();
        // as the unit of whoever hears it: the condition alone carries the proof
        let unit = db::Unit::named("record").read_committed();
        self.db
            .write(unit, async move |tx: &mut Tx| payments::record(tx, &ctx, id, &answer).await)
            .await
            .unwrap()
    }

    pub async fn authorised(&self, minor: i64) -> PaymentId {
        let id = self.started(minor).await;
        self.answer(id, yes()).await.unwrap();
        id
    }

    pub async fn due(&self, minor: i64) -> PaymentId {
        let id = self.started(minor).await;
        self.answer(id, terms()).await.unwrap();
        id
    }

    /// An attempt for [`AMOUNT`] in this state.
    pub async fn in_state(&self, state: PaymentState) -> PaymentId {
        let id = match state {
            PaymentState::Due => self.due(AMOUNT).await,
            PaymentState::Authorised
            | PaymentState::PartiallyCaptured
            | PaymentState::Captured
            | PaymentState::Voided => self.authorised(AMOUNT).await,
            _ => self.started(AMOUNT).await,
        };
        match state {
            PaymentState::Started | PaymentState::Authorised | PaymentState::Due => {}
            PaymentState::ActionRequired => assert!(self.answer(id, undecided()[0].clone()).await.is_some()),
            PaymentState::Pending => assert!(self.answer(id, undecided()[1].clone()).await.is_some()),
            PaymentState::Unknown => assert!(self.answer(id, undecided()[2].clone()).await.is_some()),
            PaymentState::Failed => assert!(self.answer(id, no()).await.is_some()),
            PaymentState::PartiallyCaptured => self.take(id, 400).await,
            PaymentState::Captured => self.take(id, AMOUNT).await,
            PaymentState::Voided => self.let_go(id).await,
        }
        assert_eq!(self.row(id).await.state, state);
        id
    }

    pub async fn begin_capture(&self, id: PaymentId, minor: i64) -> Result<CaptureId, Error> {
        let ctx = self.ctx.clone();
        let unit = db::Unit::named("capture").read_committed();
        self.db.write(unit, async move |tx: &mut Tx| payments::begin_capture(tx, &ctx, id, minor).await).await
    }

    pub async fn begin_void(&self, id: PaymentId) -> Result<CaptureId, Error> {
        let ctx = self.ctx.clone();
        let unit = db::Unit::named("void").read_committed();
        self.db.write(unit, async move |tx: &mut Tx| payments::begin_void(tx, &ctx, id).await).await
    }

    pub async fn begin_release(&self, id: PaymentId) -> Option<CaptureId> {
        let ctx = self.ctx.clone();
        self.db
            .write("release", async move |tx: &mut Tx| payments::begin_release(tx, &ctx, id).await)
            .await
            .unwrap()
    }

    pub async fn void_now(&self, id: PaymentId) -> Result<(), Error> {
        let ctx = self.ctx.clone();
        self.db.write("void_now", async move |tx: &mut Tx| payments::void_now(tx, &ctx, id).await).await
    }

    pub async fn came_late(&self, id: PaymentId) -> Option<CaptureRow> {
        let ctx = self.ctx.clone();
        self.db
            .write("late", async move |tx: &mut Tx| payments::came_late(tx, &ctx, id, "late_1").await)
            .await
            .unwrap()
    }

    /// The provider's answer to a capture or void.
    pub async fn captured(&self, id: CaptureId, answer: Answer) -> Option<CaptureRow> {
        let ctx = self.ctx.clone();
        let unit = db::Unit::named("captured").read_committed();
        self.db
            .write(unit, async move |tx: &mut Tx| payments::record_capture(tx, &ctx, id, &answer).await)
            .await
            .unwrap()
    }

    pub async fn take(&self, id: PaymentId, minor: i64) {
        let capture = self.begin_capture(id, minor).await.unwrap();
        assert_eq!(self.captured(capture, yes()).await.unwrap().state, "succeeded");
    }

    pub async fn let_go(&self, id: PaymentId) {
        let void = self.begin_void(id).await.unwrap();
        assert_eq!(self.captured(void, yes()).await.unwrap().kind, "void");
    }

    pub async fn mark_paid(&self, id: PaymentId, minor: i64) -> Result<PaymentRow, Error> {
        let ctx = self.ctx.clone();
        let unit = db::Unit::named("paid").read_committed();
        self.db
            .write(unit, async move |tx: &mut Tx| {
                payments::mark_paid(tx, &ctx, &ctx.permit().unwrap(), id, minor).await
            })
            .await
    }

    /// So much goodwill of an attempt.
    pub async fn refund_of(&self, id: PaymentId, minor: i64) -> NewRefund {
        NewRefund {
            id: self.ctx.id(),
            order: self.row(id).await.order,
            payment: id,
            goods_minor: 0,
            shipping_minor: 0,
            adjustment_minor: minor,
            tax_minor: 0,
            reason: "Bruised".into(),
            quiet: false,
            lines: vec![],
        }
    }

    pub async fn begin_refund(&self, new: NewRefund) -> Result<RefundRow, Error> {
        let ctx = self.ctx.clone();
        let unit = db::Unit::named("refund").read_committed();
        self.db.write(unit, async move |tx: &mut Tx| payments::begin_refund(tx, &ctx, &new).await).await
    }

    pub async fn refund(&self, id: PaymentId, minor: i64) -> Result<RefundRow, Error> {
        let new = self.refund_of(id, minor).await;
        self.begin_refund(new).await
    }

    /// The provider's answer to a refund.
    pub async fn refunded(&self, id: RefundId, answer: Answer) -> Option<RefundRow> {
        let ctx = self.ctx.clone();
        let unit = db::Unit::named("refunded").read_committed();
        self.db
            .write(unit, async move |tx: &mut Tx| payments::record_refund(tx, &ctx, id, &answer).await)
            .await
            .unwrap()
    }

    pub async fn row(&self, id: PaymentId) -> PaymentRow {
        self.db.read(async |tx: &mut Tx| payments::get(tx, id).await).await.unwrap()
    }

    pub async fn balance(&self, id: PaymentId) -> Balance {
        self.db.read(async |tx: &mut Tx| payments::balance(tx, id).await).await.unwrap()
    }

    /// State, authorised, taken, given back, let go.
    pub async fn sums(&self, id: PaymentId) -> (PaymentState, i64, i64, i64, i64) {
        let p = self.row(id).await;
        (p.state, p.authorised_minor, p.captured_minor, p.refunded_minor, p.let_go_minor)
    }

    pub async fn events(&self, id: PaymentId) -> Vec<EventRow> {
        let order = self.row(id).await.order;
        self.db.read(async |tx: &mut Tx| payments::events(tx, order).await).await.unwrap()
    }

    /// Kinds and amounts of an attempt's facts, in no order.
    pub async fn facts(&self, id: PaymentId) -> Vec<(String, i64)> {
        let mut all: Vec<_> = self.events(id).await.into_iter().map(|e| (e.kind, e.amount_minor)).collect();
        all.sort();
        all
    }

    /// Verbs of the audit rows, in no order.
    pub async fn deeds(&self) -> Vec<String> {
        let text = "select verb from audit order by verb";
        let rows: Vec<(String,)> = self.db.read(async |tx: &mut Tx| tx.all(text, &[]).await).await.unwrap();
        rows.into_iter().map(|(verb,)| verb).collect()
    }

    pub async fn alerts(&self) -> Vec<String> {
        let rows = self.db.read(async |tx: &mut Tx| work::alerts::open(tx).await).await.unwrap();
        rows.into_iter().map(|a| a.text).collect()
    }

    pub async fn lawful(&self) {
        let found = self.db.read(async |tx: &mut Tx| db::check(tx, payments::LAWS).await).await.unwrap();
        assert!(found.is_empty(), "{found:?}");
    }
}

/// Every state there is.
pub fn states() -> &'static [PaymentState] {
    PaymentState::ALL
}

/// A refusal that is the payment's state's, said in these words.
pub fn refused<T: std::fmt::Debug>(outcome: Result<T, Error>, text: &str) {
    use kernel::Fault as _;
    let e = outcome.unwrap_err();
    assert_eq!((e.kind(), e.code(), e.field()), (kernel::ErrorKind::Conflict, "payment_state", None), "{e}");
    assert_eq!(e.to_string(), text);
}

/// A refusal of more than there is; how much there is.
pub fn too_much<T: std::fmt::Debug>(outcome: Result<T, Error>) -> i64 {
    use kernel::Fault as _;
    let e = outcome.unwrap_err();
    assert_eq!(
        (e.kind(), e.code(), e.field()),
        (kernel::ErrorKind::Invalid, "amount_too_large", Some("amount")),
        "{e}"
    );
    let Error::TooMuch { left, .. } = e else { panic!("{e}") };
    left.minor
}
