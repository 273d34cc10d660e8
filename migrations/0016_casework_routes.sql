-- +goose Up
CREATE TABLE casework_route (
  id TEXT PRIMARY KEY,
  kind TEXT NOT NULL,
  subject TEXT NOT NULL,
  area TEXT NOT NULL,
  valid_from TEXT NOT NULL,
  valid_to TEXT NOT NULL,
  days TEXT NOT NULL,
  hour_from TEXT NOT NULL,
  hour_to TEXT NOT NULL,
  body_id TEXT NOT NULL,
  department TEXT NOT NULL,
  level INTEGER NOT NULL,
  note TEXT NOT NULL,
  enabled INTEGER NOT NULL,
  changed_at BIGINT NOT NULL,
  changed_by TEXT NOT NULL,
  version BIGINT NOT NULL
);
CREATE INDEX casework_route_area ON casework_route (area);
CREATE INDEX casework_route_body ON casework_route (body_id);

-- +goose Down
DROP TABLE casework_route;
