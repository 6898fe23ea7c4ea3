//! Who takes money: a folder or file a provider. Each passes the contract suite of `tests/`.

mod manual;
pub mod test_bank;

pub use manual::{BankTransfer, CashOnDelivery};
pub use test_bank::TestBank;
