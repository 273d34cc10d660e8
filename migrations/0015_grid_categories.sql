-- +goose Up
CREATE TABLE grid_category (
  code TEXT PRIMARY KEY,
  document TEXT NOT NULL,
  enabled INTEGER NOT NULL,
  version BIGINT NOT NULL
);

-- +goose Down
DROP TABLE grid_category;
