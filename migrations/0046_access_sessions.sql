-- +goose Up
-- A session belongs to one epoch of its account: a new password, disabling and the loss of the factors begin the next.
ALTER TABLE access_account ADD COLUMN epoch BIGINT NOT NULL DEFAULT 0;
ALTER TABLE access_session ADD COLUMN epoch BIGINT NOT NULL DEFAULT 0;

-- +goose Down
ALTER TABLE access_session DROP COLUMN epoch;
ALTER TABLE access_account DROP COLUMN epoch;
