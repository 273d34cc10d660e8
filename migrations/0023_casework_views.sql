-- +goose Up
CREATE TABLE casework_view (
  id TEXT PRIMARY KEY,
  owner TEXT NOT NULL,
  area TEXT NOT NULL,
  name TEXT NOT NULL,
  query TEXT NOT NULL,
  at BIGINT NOT NULL
);
CREATE INDEX casework_view_owner ON casework_view (owner, at);
CREATE INDEX casework_view_area ON casework_view (area, at);

-- +goose Down
DROP TABLE casework_view;
