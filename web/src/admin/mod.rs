//! The back office's look: words, views and (later) the handlers that fill them.
//!
//! A view is a plain struct beside its askama template; a handler fills it from the modules and hands it
//! to [`words::render`], which gives the page in the reader's language.

pub mod views;
pub mod words;

use crate::Routes;

/// Its routes.
pub fn routes(routes: Routes) -> Routes {
    routes
}

#[cfg(test)]
mod tests;
