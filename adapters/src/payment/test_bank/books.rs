//! What the bank remembers. Every key is one request, however often it comes.

use db::{Db, Error, Tx, Unit, params};
use kernel::{PaymentId, Timestamp};
use payments::ports::{Answer, Authorise, Question};
use std::time::Duration;

use super::{Token, no};

db::row! {
    /// An attempt as the bank sees it. Minor units.
    #[derive(Debug, Clone, PartialEq, Eq)]
    pub struct Account {
        /// The key it was asked with.
        pub payment: String,
        /// The token.
        pub token: String,
        /// `yes`, `no`, `challenge`, `late`, `voided`.
        pub state: String,
        /// Asked for.
        pub amount_minor: i64,
        /// Taken.
        pub captured_minor: i64,
        /// Given back.
        pub refunded_minor: i64,
        /// When a late answer comes.
        pub late_until: Option<Timestamp>,
    }
}

const ACCOUNT: &str =
    "select payment, token, state, amount_minor, captured_minor, refunded_minor, late_until from account";
/// How late "later" is.
const LATE: Duration = Duration::from_secs(5);
/// How long a request is stuck on the line.
const STUCK: Duration = Duration::from_secs(60);

pub(super) async fn accounts(books: &Db) -> Result<Vec<Account>, Error> {
    books.read(async |tx: &mut Tx| tx.all(&format!("{ACCOUNT} order by payment"), &[]).await).await
}

pub(super) async fn account(books: &Db, payment: PaymentId) -> Result<Option<Account>, Error> {
    books.read(async |tx: &mut Tx| find(tx, payment).await).await
}

async fn find(tx: &mut Tx, payment: PaymentId) -> Result<Option<Account>, Error> {
    tx.opt(&format!("{ACCOUNT} where payment = $1"), params![payment.to_string()]).await
}

pub(super) async fn authorise(
    books: &Db,
    now: Timestamp,
    request: &Authorise,
    token: Token,
) -> Result<Answer, Error> {
    if token == Token::Timeout {
        return Ok(Answer::Unknown { why: "the bank was not reached".to_owned() });
    }
    let (payment, amount) = (request.payment, request.amount.minor);
    if token == Token::Stuck {
        return stick(books, now, payment, amount).await;
    }
    let (fresh, account) = books
        .write(Unit::named("authorise"), async move |tx: &mut Tx| {
            if let Some(known) = find(tx, payment).await? {
                return Ok::<_, Error>((false, known));
            }
            let state = match token {
                Token::Decline => "no",
                Token::Challenge => "challenge",
                Token::Late => "late",
                _ => "yes",
            };
            let late = (token == Token::Late).then(|| now.plus(LATE));
            tx.exec(
                "insert into account (payment, token, state, amount_minor, late_until) values ($1, $2, $3, $4, $5)",
                params![payment.to_string(), kernel::TextState::as_str(token), state, amount, late],
            )
            .await?;
            let times = match token {
                Token::Duplicate => 2i64,
                Token::Late | Token::TimeoutCharged => 1,
                _ => 0,
            };
            if times > 0 {
                tx.exec(
                    "insert into notice (id, payment, kind, due_at, times) values ($1, $2, 'payment.authorised', $3, $4)",
                    params![format!("ntc_{payment}"), payment.to_string(), late.unwrap_or(now), times],
                )
                .await?;
            }
            let account = find(tx, payment).await?.ok_or(Error::NoRow)?;
            Ok((true, account))
        })
        .await?;
    if fresh && token == Token::TimeoutCharged {
        return Ok(Answer::Unknown { why: "the bank's answer was lost".to_owned() });
    }
    Ok(answer(&account, now))
}

async fn stick(books: &Db, now: Timestamp, payment: PaymentId, amount: i64) -> Result<Answer, Error> {
    books
        .write(Unit::named("stick"), async move |tx: &mut Tx| {
            tx.exec(
                "insert into on_the_line (payment, token, amount_minor, arrives_at) values ($1, $2, $3, $4)
                 on conflict (payment) do nothing",
                params![
                    payment.to_string(),
                    kernel::TextState::as_str(Token::Stuck),
                    amount,
                    now.plus(STUCK)
                ],
            )
            .await
        })
        .await?;
    Ok(Answer::Unknown { why: "the bank was not heard".to_owned() })
}

/// What was stuck on the line arrives: the bank knows nothing of what was said about it before.
async fn arrive(books: &Db, now: Timestamp) -> Result<(), Error> {
    let look = "select cast(count(*) as bigint) from on_the_line where arrives_at <= $1";
    if books.read(async |tx: &mut Tx| tx.value::<i64>(look, params![now]).await).await? == 0 {
        return Ok(());
    }
    books
        .write(Unit::named("arrive"), async move |tx: &mut Tx| {
            tx.exec(
                "insert into account (payment, token, state, amount_minor)
                 select payment, token, 'yes', amount_minor from on_the_line where arrives_at <= $1
                 on conflict (payment) do nothing",
                params![now],
            )
            .await?;
            tx.exec(
                "insert into notice (id, payment, kind, due_at, times)
                 select 'ntc_' || payment, payment, 'payment.authorised', arrives_at, 1 from on_the_line
                 where arrives_at <= $1 on conflict (id) do nothing",
                params![now],
            )
            .await?;
            tx.exec("delete from on_the_line where arrives_at <= $1", params![now]).await.map(drop)
        })
        .await
}

fn answer(account: &Account, now: Timestamp) -> Answer {
    match account.state.as_str() {
        "yes" => Answer::Yes { reference: format!("bank_{}", account.payment) },
        "challenge" => Answer::Action { url: format!("/test-bank/challenge/{}", account.payment) },
        "late" if account.late_until.is_some_and(|at| at <= now) => {
            Answer::Yes { reference: format!("bank_{}", account.payment) }
        }
        "late" => Answer::Pending,
        "voided" => no("voided", "The payment was let go."),
        _ => no("declined", "The card was declined."),
    }
}

pub(super) async fn ask(books: &Db, now: Timestamp, question: Question) -> Result<Answer, Error> {
    arrive(books, now).await?;
    let key = match question {
        Question::Payment(id) => {
            let found = account(books, id).await?;
            return Ok(found.map_or(Answer::Never, |a| answer(&a, now)));
        }
        Question::Capture(id) => id.to_string(),
        Question::Refund(id) => id.to_string(),
    };
    let done: Option<(bool,)> = books
        .read(async |tx: &mut Tx| tx.opt("select ok from operation where key = $1", params![key]).await)
        .await?;
    Ok(match done {
        None => Answer::Never,
        Some((true,)) => Answer::Yes { reference: key },
        Some((false,)) => no("refused", "The bank refused."),
    })
}

pub(super) async fn answer_challenge(books: &Db, payment: PaymentId, approved: bool) -> Result<bool, Error> {
    let n = books
        .write(Unit::named("challenge"), async move |tx: &mut Tx| {
            tx.exec(
                "update account set state = $2 where payment = $1 and state = 'challenge'",
                params![payment.to_string(), if approved { "yes" } else { "no" }],
            )
            .await
        })
        .await?;
    Ok(n == 1)
}

/// What is done to an attempt.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Capture,
    Void,
    Refund,
}

pub(super) async fn operate(
    books: &Db,
    now: Timestamp,
    key: String,
    payment: PaymentId,
    kind: Kind,
    amount: i64,
) -> Result<Answer, Error> {
    arrive(books, now).await?;
    books
        .write(Unit::named("operate"), async move |tx: &mut Tx| {
            if let Some((ok,)) =
                tx.opt::<(bool,)>("select ok from operation where key = $1", params![key]).await?
            {
                return Ok::<_, Error>(if ok {
                    Answer::Yes { reference: key.clone() }
                } else {
                    no("refused", "The bank refused.")
                });
            }
            let refused = change(tx, now, payment, kind, amount).await?;
            let word = match kind {
                Kind::Capture => "capture",
                Kind::Void => "void",
                Kind::Refund => "refund",
            };
            tx.exec(
                "insert into operation (key, payment, kind, amount_minor, ok) values ($1, $2, $3, $4, $5)",
                params![key, payment.to_string(), word, amount, refused.is_none()],
            )
            .await?;
            Ok(match refused {
                None => Answer::Yes { reference: key.clone() },
                Some(why) => no("refused", why),
            })
        })
        .await
}

/// Changes the books, or says why not.
async fn change(
    tx: &mut Tx,
    now: Timestamp,
    payment: PaymentId,
    kind: Kind,
    amount: i64,
) -> Result<Option<String>, Error> {
    let Some(a) = find(tx, payment).await? else {
        // letting go of what never came is done; anything else is not
        return Ok((kind != Kind::Void).then(|| "The bank does not know this payment.".to_owned()));
    };
    let paid = a.state == "yes" || (a.state == "late" && a.late_until.is_some_and(|at| at <= now));
    let text = match kind {
        Kind::Capture if !paid || a.captured_minor + amount > a.amount_minor => {
            return Ok(Some(format!(
                "Only {} of {} are left to take.",
                a.amount_minor - a.captured_minor,
                amount
            )));
        }
        Kind::Refund if a.token == kernel::TextState::as_str(Token::NoRefund) => {
            return Ok(Some("This test card refuses every refund.".to_owned()));
        }
        Kind::Refund if a.refunded_minor + amount > a.captured_minor => {
            return Ok(Some(format!("Only {} were taken.", a.captured_minor - a.refunded_minor)));
        }
        Kind::Void if a.captured_minor > 0 => {
            "update account set amount_minor = captured_minor + $2 where payment = $1"
        }
        Kind::Void => {
            "update account set state = 'voided', amount_minor = amount_minor + $2 where payment = $1"
        }
        Kind::Capture => "update account set captured_minor = captured_minor + $2 where payment = $1",
        Kind::Refund => "update account set refunded_minor = refunded_minor + $2 where payment = $1",
    };
    tx.exec(text, params![payment.to_string(), amount]).await?;
    Ok(None)
}

/// Notices whose time has come; each call sends each once.
pub(super) async fn due_notices(books: &Db, now: Timestamp) -> Result<Vec<(String, String, String)>, Error> {
    arrive(books, now).await?;
    books
        .write(Unit::named("notices"), async move |tx: &mut Tx| {
            tx.exec("delete from notice where times <= 0", &[]).await?;
            tx.all(
                "update notice set times = times - 1 where times > 0 and due_at <= $1 returning id, payment, kind",
                params![now],
            )
            .await
        })
        .await
}
