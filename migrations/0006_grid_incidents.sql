-- +goose Up
CREATE TABLE grid_incident (
  shard TEXT NOT NULL,
  case_id TEXT NOT NULL,
  category TEXT NOT NULL,
  description TEXT NOT NULL,
  reworked INTEGER NOT NULL,
  unit_id TEXT NOT NULL,
  PRIMARY KEY (shard, case_id)
);

-- +goose Down
DROP TABLE grid_incident;
