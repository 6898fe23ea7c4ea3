//! Who takes money: a folder or file a provider. Each passes the contract in `tests/payment/contract.rs`.

mod manual;
pub mod test_bank;

pub use manual::{BankTransfer, CashOnDelivery};
pub use test_bank::TestBank;
