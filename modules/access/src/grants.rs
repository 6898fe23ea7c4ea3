use kernel::{Actor, Ctx, Grant, Grants, Scope, perms};

use crate::Error;

/// Does `have` reach at least as far as `want`?
pub fn covers(have: &Grants, want: &Grant) -> bool {
    have.scope_of(&want.permission).is_some_and(|scope| {
        within(&scope.stores, &want.scope.stores)
            && within(&scope.channels, &want.scope.channels)
            && within(&scope.locations, &want.scope.locations)
    })
}

/// An empty list reaches everywhere.
fn within<T: PartialEq>(have: &[T], want: &[T]) -> bool {
    have.is_empty() || (!want.is_empty() && want.iter().all(|w| have.contains(w)))
}

/// May the actor give or take these rights? Nobody gives, or takes from somebody, more than they have: else who may
/// change staff could make themselves owner.
///
/// # Errors
/// [`Error::BeyondYourRights`] with the first that is too much.
pub fn may_give(ctx: &Ctx, grants: &Grants) -> Result<(), Error> {
    if ctx.actor == Actor::System {
        return Ok(());
    }
    match grants.0.iter().find(|g| !covers(&ctx.grants, g)) {
        None => Ok(()),
        Some(g) if g.permission == "*" => {
            Err(Error::BeyondYourRights { permission: "everything (owner)".to_owned() })
        }
        Some(g) => Err(Error::BeyondYourRights { permission: g.permission.clone() }),
    }
}

/// Known permissions, each once with the same scope merged away.
pub(crate) fn checked(grants: &Grants) -> Result<Grants, Error> {
    let mut all: Vec<Grant> = vec![];
    for grant in &grants.0 {
        if !perms::ALL.contains(&grant.permission.as_str()) {
            let message =
                format!("'{}' is not a permission; there are: {}", grant.permission, perms::ALL.join(", "));
            return Err(Error::invalid("permission", message));
        }
        if !all.contains(grant) {
            all.push(grant.clone());
        }
    }
    Ok(Grants(all))
}

pub(crate) fn to_text(grants: &Grants) -> Result<String, Error> {
    serde_json::to_string(&grants.0).map_err(|e| Error::Grants(e.to_string()))
}

pub(crate) fn from_text(text: &str) -> Result<Grants, Error> {
    serde_json::from_str(text).map(Grants).map_err(|e| Error::Grants(e.to_string()))
}

/// These permissions, everywhere.
pub(crate) fn everywhere(permissions: &[&str]) -> Grants {
    Grants(permissions.iter().map(|p| Grant { permission: (*p).to_owned(), scope: Scope::ALL }).collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use kernel::{Id, LocationId};

    fn at(locations: &[u128]) -> Grant {
        let locations: Vec<LocationId> =
            locations.iter().map(|n| Id::from_uuid(uuid::Uuid::from_u128(*n))).collect();
        Grant { permission: "orders:fulfil".into(), scope: Scope { locations, ..Scope::ALL } }
    }

    #[test]
    fn a_narrow_right_does_not_cover_a_wide_one() {
        let narrow = Grants(vec![at(&[1]), at(&[2])]);
        assert!(covers(&narrow, &at(&[1])) && covers(&narrow, &at(&[1, 2])));
        assert!(!covers(&narrow, &at(&[3])) && !covers(&narrow, &at(&[])));
        assert!(covers(&Grants::all(), &at(&[])) && covers(&Grants::all(), &Grants::all().0[0]));
        let every = everywhere(perms::ALL);
        assert!(!covers(&every, &Grants::all().0[0]), "every permission there is, is not the owner's '*'");
    }
}
