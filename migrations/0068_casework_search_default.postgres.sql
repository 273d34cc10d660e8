-- +goose Up
-- A row that comes from an SQLite database has no words yet: it is marked stale, and gets them from the case.
ALTER TABLE casework_search ALTER COLUMN words SET DEFAULT '';

-- +goose Down
ALTER TABLE casework_search ALTER COLUMN words DROP DEFAULT;
