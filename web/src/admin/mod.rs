//! The back office: words, views, and the handlers that fill them.
//!
//! A view is a plain struct beside its askama template; a handler fills it from the modules and hands it
//! to [`words::render`], which gives the page in the reader's language.

mod account;
mod blame;
mod categories;
mod customers;
mod documents;
mod fulfilment;
mod home;
pub(crate) mod imports;
mod inventory;
mod locations;
mod mails;
mod office;
mod orders;
mod own_fields;
mod preferences;
mod problem;
mod products;
mod search;
mod sent;
mod session;
mod settings;
mod setup;
mod shell;
pub(crate) mod shown;
mod staff;
mod system;
mod upload;
pub mod views;
mod walk;
pub mod words;

use crate::Routes;

pub(crate) use system::any_id;

/// Its routes.
pub fn routes(routes: Routes) -> Routes {
    let routes = routes.problems("/admin", problem::dress);
    let routes = locations::routes(inventory::routes(categories::routes(products::routes(routes))));
    let routes = imports::routes(routes);
    let routes = system::routes(mails::routes(staff::routes(settings::routes(routes))));
    let routes = session::routes(setup::routes(home::routes(routes)));
    let routes = customers::routes(fulfilment::routes(documents::routes(orders::routes(routes))));
    account::routes(search::routes(preferences::routes(routes)))
}

#[cfg(test)]
mod tests;
