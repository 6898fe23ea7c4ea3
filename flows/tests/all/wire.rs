//! The line between the shop and the test bank: it holds requests back, loses answers, and lets a test do something
//! while a call is under way.

use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, Ordering};

use adapters::payment::TestBank;
use async_trait::async_trait;
use db::Db;
use kernel::{CaptureId, Money, PaymentId, RefundId};
use payments::ports::{Answer, Authorise, Capabilities, Provider, Question};
use tokio::sync::Notify;

pub struct Wire {
    pub bank: TestBank,
    /// The next request for money waits here until `go`.
    pub hold: AtomicBool,
    pub entered: Notify,
    pub go: Notify,
    pub cannot_ask: AtomicBool,
    /// What is heard instead of the bank, which is not reached, until it is none again.
    pub instead: Mutex<Option<Answer>>,
    /// What happens in the shop's database while a void is under way.
    pub meanwhile: Mutex<Option<(Db, String)>>,
}

impl Wire {
    pub fn to(bank: &TestBank) -> Wire {
        Wire {
            bank: bank.clone(),
            hold: AtomicBool::new(false),
            entered: Notify::new(),
            go: Notify::new(),
            cannot_ask: AtomicBool::new(false),
            instead: Mutex::new(None),
            meanwhile: Mutex::new(None),
        }
    }

    /// Nobody is heard about what is captured, let go or given back.
    pub fn cut(&self) {
        self.say(Some(Answer::Unknown { why: "cut".into() }));
    }

    pub fn say(&self, answer: Option<Answer>) {
        *self.instead.lock().unwrap() = answer;
    }

    fn heard(&self) -> Option<Answer> {
        self.instead.lock().unwrap().clone()
    }
}

#[async_trait]
impl Provider for Wire {
    fn code(&self) -> &'static str {
        "test"
    }
    fn capabilities(&self) -> Capabilities {
        let can_ask = !self.cannot_ask.load(Ordering::SeqCst);
        Capabilities { can_ask, ..self.bank.capabilities() }
    }
    async fn authorise(&self, request: &Authorise) -> Answer {
        if self.hold.swap(false, Ordering::SeqCst) {
            self.entered.notify_one();
            self.go.notified().await;
        }
        self.bank.authorise(request).await
    }
    async fn ask(&self, question: Question) -> Answer {
        self.bank.ask(question).await
    }
    async fn capture(&self, key: CaptureId, payment: PaymentId, amount: Money) -> Answer {
        match self.heard() {
            Some(answer) => answer,
            None => self.bank.capture(key, payment, amount).await,
        }
    }
    async fn void(&self, key: CaptureId, payment: PaymentId) -> Answer {
        let meanwhile = self.meanwhile.lock().unwrap().take();
        if let Some((db, text)) = meanwhile {
            db.write("meanwhile", async move |tx: &mut db::Tx| tx.script(&text).await).await.unwrap();
        }
        match self.heard() {
            Some(answer) => answer,
            None => self.bank.void(key, payment).await,
        }
    }
    async fn refund(&self, key: RefundId, payment: PaymentId, amount: Money) -> Answer {
        match self.heard() {
            Some(answer) => answer,
            None => self.bank.refund(key, payment, amount).await,
        }
    }
}
