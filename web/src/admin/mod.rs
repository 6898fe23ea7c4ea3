//! The back office: words, views, and the handlers that fill them.
//!
//! A view is a plain struct beside its askama template; a handler fills it from the modules and hands it
//! to [`words::render`], which gives the page in the reader's language.

mod customers;
mod documents;
mod fulfilment;
mod home;
mod office;
mod orders;
mod preferences;
mod problem;
mod search;
mod sent;
mod session;
mod setup;
mod shell;
pub(crate) mod shown;
pub mod views;
mod walk;
pub mod words;

use crate::Routes;

/// Its routes.
pub fn routes(routes: Routes) -> Routes {
    let routes = routes.problems("/admin", problem::dress);
    let routes = session::routes(setup::routes(home::routes(routes)));
    let routes = customers::routes(fulfilment::routes(documents::routes(orders::routes(routes))));
    search::routes(preferences::routes(routes))
}

#[cfg(test)]
mod tests;
