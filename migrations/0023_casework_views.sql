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
-- Neither engine could use it: that a parameter is not empty is not known when a plan is made.
DROP INDEX casework_case_held;

-- +goose Down
CREATE INDEX casework_case_held ON casework_case (shard, person_id) WHERE person_id <> '';
DROP TABLE casework_view;
