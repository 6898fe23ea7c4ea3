//! The JSON API.

use crate::Routes;

/// Its routes.
pub fn routes(routes: Routes) -> Routes {
    routes
}
