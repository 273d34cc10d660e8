-- +goose Up
-- What departments want of communities: from the draft through the decision to the end of the admission. The content is a
-- document; what lists and jobs ask for stands in columns of its own.
CREATE TABLE admission_application (
  shard TEXT NOT NULL,
  id TEXT NOT NULL,
  state TEXT NOT NULL,
  area TEXT NOT NULL,
  body_id TEXT NOT NULL,
  number TEXT NOT NULL,
  name TEXT NOT NULL,
  from_on TEXT NOT NULL,
  until_on TEXT NOT NULL,
  content TEXT NOT NULL,
  writer_name TEXT NOT NULL,
  signer_name TEXT NOT NULL,
  decider_name TEXT NOT NULL,
  written_at BIGINT NOT NULL,
  received_at BIGINT NOT NULL,
  returned INTEGER NOT NULL,
  paused_at BIGINT NOT NULL,
  resumed_at BIGINT NOT NULL,
  due_at BIGINT NOT NULL,
  opinions_by TEXT NOT NULL,
  hearing_on TEXT NOT NULL,
  hearing TEXT NOT NULL,
  decided_at BIGINT NOT NULL,
  reason TEXT NOT NULL,
  ratify_by TEXT NOT NULL,
  cause TEXT NOT NULL,
  review_by TEXT NOT NULL,
  ended_at BIGINT NOT NULL,
  version BIGINT NOT NULL,
  PRIMARY KEY (shard, id)
);
CREATE INDEX admission_application_listed ON admission_application (area, written_at, id);
CREATE INDEX admission_application_of_body ON admission_application (body_id, written_at, id);
CREATE INDEX admission_application_numbered ON admission_application (number) WHERE number <> '';
CREATE INDEX admission_application_waits ON admission_application (due_at) WHERE due_at > 0;
CREATE INDEX admission_application_stands ON admission_application (state, until_on);
-- The areas of its scope, by which streets and communities find what concerns them.
CREATE TABLE admission_application_area (
  shard TEXT NOT NULL,
  application_id TEXT NOT NULL,
  area TEXT NOT NULL,
  PRIMARY KEY (shard, application_id, area)
);
CREATE INDEX admission_application_area_listed ON admission_application_area (area);
CREATE TABLE admission_application_event (
  shard TEXT NOT NULL,
  application_id TEXT NOT NULL,
  id TEXT NOT NULL,
  verb TEXT NOT NULL,
  at BIGINT NOT NULL,
  actor_id TEXT NOT NULL,
  actor_name TEXT NOT NULL,
  note TEXT NOT NULL,
  PRIMARY KEY (shard, application_id, id)
);
-- What the streets concerned and residents' representatives say to it.
CREATE TABLE admission_application_opinion (
  shard TEXT NOT NULL,
  application_id TEXT NOT NULL,
  side TEXT NOT NULL,
  area TEXT NOT NULL,
  stance TEXT NOT NULL,
  note TEXT NOT NULL,
  actor_name TEXT NOT NULL,
  at BIGINT NOT NULL,
  PRIMARY KEY (shard, application_id, side, area)
);
CREATE TABLE admission_application_file (
  shard TEXT NOT NULL,
  application_id TEXT NOT NULL,
  id TEXT NOT NULL,
  name TEXT NOT NULL,
  media_type TEXT NOT NULL,
  size BIGINT NOT NULL,
  digest TEXT NOT NULL,
  thumb TEXT NOT NULL,
  PRIMARY KEY (shard, application_id, id)
);
CREATE INDEX admission_application_file_digest ON admission_application_file (digest);
CREATE INDEX admission_application_file_thumb ON admission_application_file (thumb);
-- The running number of a county's year.
CREATE TABLE admission_application_number (
  shard TEXT NOT NULL,
  year TEXT NOT NULL,
  last INTEGER NOT NULL,
  PRIMARY KEY (shard, year)
);

-- +goose Down
DROP TABLE admission_application_number;
DROP TABLE admission_application_file;
DROP TABLE admission_application_opinion;
DROP TABLE admission_application_event;
DROP TABLE admission_application_area;
DROP TABLE admission_application;
