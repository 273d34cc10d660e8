-- A key is answered again to whoever sent it with the same content: a keyed digest of both. Cases opened
-- before this have none, and their keys are answered to nobody.
-- +goose Up
ALTER TABLE casework_case ADD COLUMN client_bound TEXT NOT NULL DEFAULT '';

-- +goose Down
ALTER TABLE casework_case DROP COLUMN client_bound;
