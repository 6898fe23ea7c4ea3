//! Ways to pay without a provider: the shopper agrees to terms, staff record when the money came.

use async_trait::async_trait;
use kernel::{CaptureId, Money, PaymentId, RefundId};
use payments::ports::{Answer, Authorise, Capabilities, Provider, Question};

/// Paid into the shop's account after the order.
#[derive(Debug, Default)]
pub struct BankTransfer;

/// Paid at the door.
#[derive(Debug, Default)]
pub struct CashOnDelivery;

macro_rules! terms {
    ($provider:ty, $code:literal) => {
        #[async_trait]
        impl Provider for $provider {
            fn code(&self) -> &'static str {
                $code
            }
            fn capabilities(&self) -> Capabilities {
                Capabilities { can_ask: false, terms: true, test: false }
            }
            async fn authorise(&self, request: &Authorise) -> Answer {
                Answer::Terms { reference: request.order_number.to_string() }
            }
            async fn ask(&self, _: Question) -> Answer {
                Answer::Never
            }
            async fn capture(&self, _: CaptureId, _: PaymentId, _: Money) -> Answer {
                let text = "Nothing is taken by itself here: record the money when it has come.";
                Answer::No { code: "by_hand".to_owned(), text: text.to_owned() }
            }
            async fn void(&self, _: CaptureId, _: PaymentId) -> Answer {
                Answer::Yes { reference: String::new() }
            }
            /// Staff hand the money back; writing the refund down is what there is to do.
            async fn refund(&self, key: RefundId, _: PaymentId, _: Money) -> Answer {
                Answer::Yes { reference: key.to_string() }
            }
        }
    };
}

terms!(BankTransfer, "bank_transfer");
terms!(CashOnDelivery, "cash_on_delivery");
