-- +goose Up
-- Figures of departments, kept in the write that changes them: by body, county of the community and month.
CREATE TABLE task_tally (
  shard TEXT NOT NULL,
  body_id TEXT NOT NULL,
  origin TEXT NOT NULL,
  month TEXT NOT NULL,
  measure TEXT NOT NULL,
  area TEXT NOT NULL,
  n BIGINT NOT NULL,
  PRIMARY KEY (shard, body_id, origin, month, measure)
);
CREATE INDEX task_tally_area ON task_tally (area, month);

-- +goose Down
DROP TABLE task_tally;
