-- The sweep of the storage keeps when it was last done under its present name.
-- +goose Up
UPDATE jobs_job SET name = 'casework.storage' WHERE name = 'casework.shelf';

-- +goose Down
UPDATE jobs_job SET name = 'casework.shelf' WHERE name = 'casework.storage';
