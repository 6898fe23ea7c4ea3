use db::Tx;
use kernel::{Ctx, StaffId};

use crate::Error;
use crate::roles::built_in_roles;
use crate::staff::{NewStaff, assign, audit, insert};

/// Does anybody work here, or did? First-run set-up is open only while nobody does.
///
/// # Errors
/// The database's.
pub async fn has_staff(tx: &mut Tx) -> Result<bool, Error> {
    Ok(tx.value::<i64>(db::sql!("select cast(count(*) as bigint) from staff"), &[]).await? > 0)
}

/// The first account, with every right; makes the roles of the program. Needs no permit: there is nobody yet to have
/// one. Serializable: of two at once, one becomes owner.
///
/// # Errors
/// [`Error::OwnerExists`] when there is anybody; [`Error::Invalid`].
pub async fn create_owner(tx: &mut Tx, ctx: &Ctx, new: &NewStaff) -> Result<StaffId, Error> {
    if has_staff(tx).await? {
        return Err(Error::OwnerExists);
    }
    let owner = built_in_roles(tx, ctx).await?;
    let id = insert(tx, ctx, new).await?;
    assign(tx, id, owner).await?;
    audit(tx, ctx, "staff.create_owner", id, None).await?;
    Ok(id)
}
