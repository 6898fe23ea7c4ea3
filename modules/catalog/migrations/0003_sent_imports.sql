-- An import of a file that was sent, not read where it lay: the file and its refused rows are in the vault.
alter table import_run add column sent boolean not null default false;
-- Looked at and counted, not written.
alter table import_run add column dry_run boolean not null default false;
