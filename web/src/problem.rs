//! What an error looks like: problem details below `/api` and where JSON is wanted, else the storefront's page.

use axum::response::Response;

use crate::{Asked, Error, State, storefront};

/// For every tree of routes that has no dress of its own.
pub(crate) async fn dress(state: &State, asked: &Asked, error: &Error) -> Response {
    let machine = ["/api/", "/hooks/", "/static/", "/img/"].iter().any(|tree| asked.path.starts_with(tree));
    if machine || asked.wants_json {
        return error.problem_response(&asked.request_id);
    }
    storefront::problem(state, asked, error).await
}
