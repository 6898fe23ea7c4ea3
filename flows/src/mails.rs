//! What customers are written: one mail for each event, in the order's language, with what is true when it is written.
//! Gather, render with no transaction open, then post, note and finish in one transaction.

mod gather;
mod shown;
mod view;

use async_trait::async_trait;
use db::{Tx, Unit};
use kernel::Ctx;
use theme::RenderedMail;
use work::{Handler, Job, Outcome, TaskError};

use crate::{Error, Shop};
use gather::Gathered;

pub use shown::{address_lines, locale_of, path_prefix, payment_name, totals, transfer_details};

kernel::states! {
    /// What a mail is about.
    pub enum About {
        /// An order was placed.
        Placed = "order_placed",
        /// A parcel left.
        Shipped = "order_shipped",
        /// Money goes back.
        Refunded = "order_refunded",
        /// An order was called off.
        Cancelled = "order_cancelled",
    }
}

impl About {
    /// The kind of task that writes it.
    pub const fn task(self) -> &'static str {
        match self {
            About::Placed => "mail.order_placed",
            About::Shipped => "mail.order_shipped",
            About::Refunded => "mail.order_refunded",
            About::Cancelled => "mail.order_cancelled",
        }
    }

    /// As the order's timeline names it.
    fn title(self) -> &'static str {
        match self {
            About::Placed => "Confirmation",
            About::Shipped => "Shipping",
            About::Refunded => "Refund",
            About::Cancelled => "Cancellation",
        }
    }
}

/// Writes the mail of one event.
pub struct MailTask {
    /// Where.
    pub shop: Shop,
    /// About what.
    pub about: About,
}

#[async_trait]
impl Handler for MailTask {
    async fn run(&self, ctx: &Ctx, job: &Job) -> Result<Outcome, TaskError> {
        let Some(event) = job.event else {
            return Ok(Outcome::Fail { why: "the task names no event".to_owned() });
        };
        let about = self.about;
        let all =
            self.shop.db.snapshot(async |tx: &mut Tx| gather::gather(tx, ctx, about, event).await).await?;
        if all.sender.address.is_empty() {
            let why = "the shop has no e-mail address: enter one in its settings, then replay this task";
            return Ok(Outcome::Fail { why: why.to_owned() });
        }
        let mail = view::render(&self.shop, about, &all)?;
        match self.write(ctx, job, all, mail).await {
            Ok(()) => Ok(Outcome::Recorded),
            // an address that nobody can be written to does not get better
            Err(Error::Customers(e @ customers::Error::Invalid { .. })) => {
                Ok(Outcome::Fail { why: e.to_string() })
            }
            Err(e) => Err(e.into()),
        }
    }
}

impl MailTask {
    async fn write(&self, ctx: &Ctx, job: &Job, all: Gathered, mail: RenderedMail) -> Result<(), Error> {
        let new = customers::NewMail {
            dedupe_key: format!("{}:{}", self.about.task(), job.key),
            kind: kernel::TextState::as_str(self.about),
            sender_name: all.sender.name.clone(),
            sender: all.sender.address.clone(),
            reply_to: all.sender.reply_to.clone(),
            recipient: all.head.email.clone(),
            subject: mail.subject,
            html: mail.html,
            text: mail.text,
            order: Some(all.head.id),
            customer: all.head.customer,
        };
        let text = format!("{} e-mail written to {}", self.about.title(), new.recipient);
        let (ctx, job) = (ctx.clone(), job.clone());
        self.shop
            .db
            .write(Unit::named("write_mail").read_committed(), async move |tx: &mut Tx| {
                // none when this task ran before and was only not finished
                if let Some(mail) = customers::post(tx, &ctx, &new).await?
                    && let Some(order) = new.order
                {
                    let data = serde_json::json!({ "mail": mail, "about": new.kind, "to": new.recipient });
                    orders::note(tx, &ctx, order, "mail", &text, &data).await?;
                }
                work::finish(tx, &ctx, &job).await?;
                Ok::<_, Error>(())
            })
            .await
    }
}
