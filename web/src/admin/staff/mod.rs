//! Who works here, what each may do, and keys for programs.

mod keys;
mod people;
mod roles;

use kernel::perms;

use super::office::Office;
use super::views::{PermissionChoice, PermissionGroup};
use crate::{Auth, Routes};

pub(super) fn routes(routes: Routes) -> Routes {
    let write = Auth::Staff("access:write");
    routes
        .get("/admin/settings/staff", write, people::list)
        .post("/admin/settings/staff", write, people::create)
        .post("/admin/settings/staff/{id}", write, people::update)
        .get("/admin/settings/roles", write, roles::list)
        .post("/admin/settings/roles", write, roles::create)
        .post("/admin/settings/roles/{id}", write, roles::update)
        .post("/admin/settings/roles/{id}/deletion", write, roles::delete)
        .get("/admin/settings/keys", write, keys::list)
        .post("/admin/settings/keys", write, keys::create)
        .post("/admin/settings/keys/{id}/revocation", write, keys::revoke)
}

/// Every permission, by what it is about.
fn groups(office: &Office) -> Vec<PermissionGroup> {
    let mut all: Vec<(&str, PermissionGroup)> = vec![];
    for code in perms::ALL {
        let (resource, verb) = code.split_once(':').unwrap_or((code, ""));
        let label = office.t(&format!("permission-{resource}-{verb}"));
        let choice = PermissionChoice { code: (*code).to_owned(), label };
        match all.iter_mut().find(|(r, _)| *r == resource) {
            Some((_, group)) => group.permissions.push(choice),
            None => {
                let label = office.t(&format!("permission-{resource}"));
                all.push((resource, PermissionGroup { label, permissions: vec![choice] }));
            }
        }
    }
    all.into_iter().map(|(_, group)| group).collect()
}
