-- +goose Up
-- What a city sets where national law sets nothing: the province whose rules it follows (kind '', name 'province'), and numbers. A value
-- holds from a day until a later row of the same name; rows are never changed.
CREATE TABLE council_local (
  kind TEXT NOT NULL,
  name TEXT NOT NULL,
  valid_from TEXT NOT NULL,
  value TEXT NOT NULL,
  basis TEXT NOT NULL,
  article TEXT NOT NULL,
  reason TEXT NOT NULL,
  actor_id TEXT NOT NULL,
  actor_name TEXT NOT NULL,
  at BIGINT NOT NULL,
  PRIMARY KEY (kind, name, valid_from)
);

-- +goose Down
DROP TABLE council_local;
