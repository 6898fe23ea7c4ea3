//! What the program is made of: modules, who hears of which event, which code does which task, what runs by itself.

mod modules;
mod outside;
mod schedules;
mod subscribers;
mod sweeps;
mod tasks;

pub use modules::{Module, laws, migrations, modules};
pub use outside::Outside;
pub use schedules::schedules;
pub use subscribers::subscribers;
pub use tasks::handlers;
