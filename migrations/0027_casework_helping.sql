-- +goose Up
UPDATE casework_search SET stale = 1 WHERE (shard, case_id) IN (SELECT shard, case_id FROM casework_part);

-- +goose Down
SELECT 1;
