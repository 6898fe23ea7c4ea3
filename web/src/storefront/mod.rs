//! What shoppers see.

use axum::extract::Request;
use axum::response::Response;

use crate::{Asked, Error, Routes, State};

pub(crate) fn routes(routes: Routes) -> Routes {
    routes
}

/// The answer to a request for a page that is kept: no route, no transaction, no rendering.
pub(crate) fn kept_answer(_: &State, _: &Request) -> Option<Response> {
    None
}

/// An error as a page of the shop.
pub(crate) fn problem(_: &State, asked: &Asked, error: &Error) -> Response {
    error.problem_response(&asked.request_id)
}
