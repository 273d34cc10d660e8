-- +goose Up
-- 1 where the reporter followed another case by their own wish, which nobody has judged.
ALTER TABLE casework_merge ADD COLUMN own INTEGER NOT NULL DEFAULT 0;
UPDATE casework_merge SET own = 1 WHERE EXISTS (SELECT 1 FROM casework_event e
  WHERE e.shard = casework_merge.shard AND e.case_id = casework_merge.case_id AND e.verb = 'merge_own');

-- +goose Down
ALTER TABLE casework_merge DROP COLUMN own;
