-- When each job was last done and when it is due, over all processes and starts.
-- +goose Up
CREATE TABLE jobs_job (
  name TEXT PRIMARY KEY,
  due_at BIGINT NOT NULL,
  started_at BIGINT NOT NULL,
  ended_at BIGINT NOT NULL,
  succeeded_at BIGINT NOT NULL,
  failure TEXT NOT NULL,
  holder TEXT NOT NULL,
  lease_until BIGINT NOT NULL
);

-- +goose Down
DROP TABLE jobs_job;
