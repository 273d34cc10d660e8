-- How far the records that were forgotten have been dropped: a drop that was interrupted goes on from there.
-- +goose Up
ALTER TABLE audit_tree ADD COLUMN dropped BIGINT NOT NULL DEFAULT 0;
UPDATE audit_tree SET dropped = COALESCE((SELECT MIN(seq) FROM audit_entry WHERE seq IS NOT NULL AND seq < forgotten), forgotten);

-- +goose Down
ALTER TABLE audit_tree DROP COLUMN dropped;
