-- +goose Up
CREATE TABLE hall_item (
  code TEXT PRIMARY KEY,
  document TEXT NOT NULL,
  enabled INTEGER NOT NULL,
  version BIGINT NOT NULL
);
CREATE TABLE hall_application (
  shard TEXT NOT NULL,
  case_id TEXT NOT NULL,
  item TEXT NOT NULL,
  sealed TEXT NOT NULL,
  missing TEXT NOT NULL,
  opinion TEXT NOT NULL,
  decision TEXT NOT NULL,
  PRIMARY KEY (shard, case_id)
);

-- +goose Down
DROP TABLE hall_application;
DROP TABLE hall_item;
