-- +goose Up
ALTER TABLE hall_application ADD COLUMN sealed_by TEXT NOT NULL DEFAULT '1';
CREATE INDEX hall_application_key ON hall_application (sealed_by, case_id);
CREATE INDEX casework_case_held ON casework_case (shard, person_id) WHERE person_id <> '';

-- +goose Down
DROP INDEX casework_case_held;
DROP INDEX hall_application_key;
ALTER TABLE hall_application DROP COLUMN sealed_by;
