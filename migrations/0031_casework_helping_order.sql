-- +goose Up
-- A part bears by when its case is due and when it was reported, so that what a unit helps with is
-- read in the order of the lists.
ALTER TABLE casework_part ADD COLUMN case_due_at BIGINT;
ALTER TABLE casework_part ADD COLUMN reported_at BIGINT NOT NULL DEFAULT 0;
UPDATE casework_part SET reported_at = (SELECT c.reported_at FROM casework_case c WHERE c.shard = casework_part.shard AND c.id = casework_part.case_id),
  case_due_at = (SELECT c.due_at FROM casework_case c WHERE c.shard = casework_part.shard AND c.id = casework_part.case_id);
DROP INDEX casework_part_unit;
CREATE INDEX casework_part_asked ON casework_part (unit_id, reported_at, case_id, seq);
CREATE INDEX casework_part_helps ON casework_part (unit_id, COALESCE(case_due_at, 9007199254740992), case_id, seq) WHERE state = 'open';

-- +goose Down
DROP INDEX casework_part_helps;
DROP INDEX casework_part_asked;
CREATE INDEX casework_part_unit ON casework_part (unit_id);
ALTER TABLE casework_part DROP COLUMN reported_at;
ALTER TABLE casework_part DROP COLUMN case_due_at;
