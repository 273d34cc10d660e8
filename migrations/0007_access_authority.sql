-- +goose Up
ALTER TABLE access_setup ADD COLUMN role TEXT NOT NULL DEFAULT 'system_administrator';
CREATE INDEX access_grant_role ON access_grant (role, account_id);
CREATE INDEX registry_member_account ON registry_member (account_id);
CREATE INDEX audit_entry_latest ON audit_entry (at, id);
CREATE INDEX audit_entry_actor ON audit_entry (actor_id, at);

-- +goose Down
DROP INDEX audit_entry_actor;
DROP INDEX audit_entry_latest;
DROP INDEX registry_member_account;
DROP INDEX access_grant_role;
ALTER TABLE access_setup DROP COLUMN role;
