-- +goose Up
-- A one-time link made on the server may let an existing account begin again: '' makes a new administrator.
ALTER TABLE access_setup ADD COLUMN account_id TEXT NOT NULL DEFAULT '';

-- +goose Down
ALTER TABLE access_setup DROP COLUMN account_id;
