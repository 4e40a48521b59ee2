//! Owner, permissions and attributes of the old file for the new one.

use std::fs::File;
use std::io;

/// What the new file cannot get.
#[derive(Debug)]
pub(super) struct Lost {
    /// With its article.
    pub(super) what: String,
    pub(super) error: io::Error,
}

impl Lost {
    fn new(what: impl Into<String>) -> impl FnOnce(io::Error) -> Self {
        let what = what.into();
        |error| Self { what, error }
    }
}

/// Gives a new file, which only its owner may read and write, the owner, the mode, the access control list and the
/// extended attributes of the old one. The owner comes before any permission.
#[cfg(unix)]
pub(super) fn keep(old: &File, new: &File) -> Result<(), Lost> {
    use std::os::unix::fs::{MetadataExt, fchown};
    let metadata = old.metadata().map_err(Lost::new("the owner"))?;
    let attributes = extended::Attributes::of(old)?;
    // Only an owner can set these.
    attributes.keep_free(new)?;
    let now = new.metadata().map_err(Lost::new("the owner"))?;
    if (now.uid(), now.gid()) != (metadata.uid(), metadata.gid()) {
        fchown(new, Some(metadata.uid()), Some(metadata.gid())).map_err(Lost::new("the owner"))?;
    }
    attributes.keep_access(new)?;
    new.set_permissions(metadata.permissions()).map_err(Lost::new("the mode"))
}

#[cfg(not(unix))]
pub(super) fn keep(old: &File, new: &File) -> Result<(), Lost> {
    let metadata = old.metadata().map_err(Lost::new("the permissions"))?;
    new.set_permissions(metadata.permissions()).map_err(Lost::new("the permissions"))
}

#[cfg(any(target_os = "linux", target_os = "android", target_vendor = "apple"))]
mod extended {
    use super::{File, Lost};
    use rustix::fs::{XattrFlags, fgetxattr, fgetxattr_query, flistxattr, flistxattr_query, fremovexattr, fsetxattr};
    use rustix::io::Errno;

    /// Access control lists, and the label of SELinux: what decides who may read.
    const ACCESS: [&[u8]; 4] = [ACL, b"system.nfs4_acl", b"system.richacl", b"security.selinux"];
    const ACL: &[u8] = b"system.posix_acl_access";

    /// The extended attributes of a file that its replacement must have.
    pub(super) struct Attributes {
        free: Vec<(Vec<u8>, Vec<u8>)>,
        access: Vec<(Vec<u8>, Vec<u8>)>,
    }

    impl Attributes {
        pub(super) fn of(file: &File) -> Result<Self, Lost> {
            let names = names(file).map_err(lost(b"names"))?;
            let with_value = |name: Vec<u8>| match value(file, &name) {
                Ok(value) => Ok((name, value)),
                Err(error) => Err(lost(&name)(error)),
            };
            let (access, others): (Vec<_>, Vec<_>) = names.into_iter().partition(|name| ACCESS.contains(&&name[..]));
            Ok(Self {
                free: others.into_iter().filter(|name| is_free(name)).map(with_value).collect::<Result<_, _>>()?,
                access: access.into_iter().map(with_value).collect::<Result<_, _>>()?,
            })
        }

        pub(super) fn keep_free(&self, new: &File) -> Result<(), Lost> {
            self.free.iter().try_for_each(|(name, value)| set(new, name, value))
        }

        /// Without a list of the old file, the new one must not have that of its folder either.
        pub(super) fn keep_access(&self, new: &File) -> Result<(), Lost> {
            if !self.access.iter().any(|(name, _)| name == ACL) {
                match fremovexattr(new, ACL) {
                    Ok(()) | Err(Errno::NODATA | Errno::NOTSUP) => {}
                    // Systems without such lists do not know the name.
                    Err(Errno::INVAL | Errno::PERM) if cfg!(target_vendor = "apple") => {}
                    Err(error) => return Err(lost(ACL)(error)),
                }
            }
            self.access.iter().try_for_each(|(name, value)| set(new, name, value))
        }
    }

    /// Whether users may set it. Elsewhere than on Linux names have no classes.
    fn is_free(name: &[u8]) -> bool {
        cfg!(target_vendor = "apple") || name.starts_with(b"user.")
    }

    fn set(new: &File, name: &[u8], wanted: &[u8]) -> Result<(), Lost> {
        if value(new, name).is_ok_and(|now| now == wanted) {
            return Ok(());
        }
        fsetxattr(new, name, wanted, XattrFlags::empty()).map_err(lost(name))
    }

    fn lost(name: &[u8]) -> impl FnOnce(Errno) -> Lost {
        let what = match name {
            b"names" => "the extended attributes".to_string(),
            ACL => "the access control list".to_string(),
            name => format!("the extended attribute {}", String::from_utf8_lossy(name).escape_debug()),
        };
        move |error| Lost { what, error: error.into() }
    }

    fn names(file: &File) -> rustix::io::Result<Vec<Vec<u8>>> {
        let length = match flistxattr_query(file) {
            Err(Errno::NOTSUP) => return Ok(Vec::new()),
            length => length?,
        };
        let mut list = vec![0; length];
        let length = if length == 0 { 0 } else { flistxattr(file, &mut list[..])? };
        let names = list[..length].split(|&byte| byte == 0).filter(|name| !name.is_empty());
        Ok(names.map(<[u8]>::to_vec).collect())
    }

    fn value(file: &File, name: &[u8]) -> rustix::io::Result<Vec<u8>> {
        let mut value = vec![0; fgetxattr_query(file, name)?];
        let length = if value.is_empty() { 0 } else { fgetxattr(file, name, &mut value[..])? };
        value.truncate(length);
        Ok(value)
    }
}

/// Systems whose attributes promcfg does not know.
#[cfg(all(unix, not(any(target_os = "linux", target_os = "android", target_vendor = "apple"))))]
mod extended {
    use super::{File, Lost};

    pub(super) struct Attributes;

    impl Attributes {
        pub(super) fn of(_: &File) -> Result<Self, Lost> {
            Ok(Self)
        }

        pub(super) fn keep_free(&self, _: &File) -> Result<(), Lost> {
            Ok(())
        }

        pub(super) fn keep_access(&self, _: &File) -> Result<(), Lost> {
            Ok(())
        }
    }
}
