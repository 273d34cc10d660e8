-- +goose Up
-- Schemes by which the subjects of an area are judged in a year. content and results are JSON; digest is the SHA-256 of results.
CREATE TABLE assessment_scheme (
  id TEXT NOT NULL PRIMARY KEY,
  area TEXT NOT NULL,
  year INTEGER NOT NULL,
  state TEXT NOT NULL,
  content TEXT NOT NULL,
  writer_id TEXT NOT NULL,
  writer_name TEXT NOT NULL,
  written_at BIGINT NOT NULL,
  publisher_name TEXT NOT NULL,
  published_at BIGINT NOT NULL,
  computer_id TEXT NOT NULL,
  results TEXT NOT NULL,
  digest TEXT NOT NULL,
  appeal_until TEXT NOT NULL,
  frozen_at BIGINT NOT NULL,
  version BIGINT NOT NULL
);
CREATE INDEX assessment_scheme_area ON assessment_scheme (area, year, id);
CREATE TABLE assessment_event (
  scheme_id TEXT NOT NULL,
  id TEXT NOT NULL,
  verb TEXT NOT NULL,
  at BIGINT NOT NULL,
  actor_name TEXT NOT NULL,
  note TEXT NOT NULL,
  PRIMARY KEY (scheme_id, id)
);
-- What those judged say against their results before these are public, and what was decided of it.
CREATE TABLE assessment_appeal (
  scheme_id TEXT NOT NULL,
  id TEXT NOT NULL,
  area TEXT NOT NULL,
  body TEXT NOT NULL,
  at BIGINT NOT NULL,
  actor_name TEXT NOT NULL,
  outcome TEXT NOT NULL,
  answer TEXT NOT NULL,
  decided_at BIGINT NOT NULL,
  decider_name TEXT NOT NULL,
  PRIMARY KEY (scheme_id, id)
);

-- +goose Down
DROP TABLE assessment_appeal;
DROP TABLE assessment_event;
DROP TABLE assessment_scheme;
