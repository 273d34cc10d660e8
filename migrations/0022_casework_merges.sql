-- +goose Up
CREATE TABLE casework_merge (
  shard TEXT NOT NULL,
  case_id TEXT NOT NULL,
  main_id TEXT NOT NULL,
  at BIGINT NOT NULL,
  PRIMARY KEY (shard, case_id)
);
CREATE INDEX casework_merge_main ON casework_merge (main_id, case_id);

-- +goose Down
DROP TABLE casework_merge;
