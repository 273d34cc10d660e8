-- +goose Up
ALTER TABLE people_person ADD COLUMN sealed_by TEXT NOT NULL DEFAULT '1';
ALTER TABLE people_person ADD COLUMN state TEXT NOT NULL DEFAULT 'active';
ALTER TABLE people_person ADD COLUMN roster INTEGER NOT NULL DEFAULT 0;
ALTER TABLE people_person ADD COLUMN household_id TEXT NOT NULL DEFAULT '';
CREATE INDEX people_person_phone ON people_person (shard, phone_index);
CREATE INDEX people_person_roster ON people_person (area, id) WHERE roster = 1;
CREATE INDEX people_person_household ON people_person (shard, household_id) WHERE household_id <> '';
CREATE INDEX people_person_key ON people_person (sealed_by, id);
CREATE TABLE people_household (
  shard TEXT NOT NULL,
  id TEXT NOT NULL,
  area TEXT NOT NULL,
  sealed TEXT NOT NULL,
  sealed_by TEXT NOT NULL,
  number_index TEXT NOT NULL,
  created_at BIGINT NOT NULL,
  PRIMARY KEY (shard, id)
);
CREATE UNIQUE INDEX people_household_number ON people_household (shard, number_index);
CREATE INDEX people_household_key ON people_household (sealed_by, id);
CREATE TABLE people_tag (
  shard TEXT NOT NULL,
  person_id TEXT NOT NULL,
  tag TEXT NOT NULL,
  source TEXT NOT NULL,
  since TEXT NOT NULL,
  recorded_at BIGINT NOT NULL,
  recorded_by TEXT NOT NULL,
  PRIMARY KEY (shard, person_id, tag)
);
CREATE TABLE people_request (
  shard TEXT NOT NULL,
  id TEXT NOT NULL,
  person_id TEXT NOT NULL,
  area TEXT NOT NULL,
  kind TEXT NOT NULL,
  state TEXT NOT NULL,
  channel TEXT NOT NULL,
  sealed TEXT NOT NULL,
  sealed_by TEXT NOT NULL,
  asked_at BIGINT NOT NULL,
  answered_at BIGINT,
  answered_by TEXT NOT NULL,
  answer TEXT NOT NULL,
  version BIGINT NOT NULL,
  PRIMARY KEY (shard, id)
);
CREATE INDEX people_request_area ON people_request (area, state, id);
CREATE INDEX people_request_person ON people_request (shard, person_id, id);
CREATE INDEX people_request_key ON people_request (sealed_by, id);
CREATE TABLE people_import (
  shard TEXT NOT NULL,
  id TEXT NOT NULL,
  area TEXT NOT NULL,
  account_id TEXT NOT NULL,
  state TEXT NOT NULL,
  sealed TEXT NOT NULL,
  sealed_by TEXT NOT NULL,
  total BIGINT NOT NULL,
  ready BIGINT NOT NULL,
  done BIGINT NOT NULL,
  added BIGINT NOT NULL,
  changed BIGINT NOT NULL,
  findings TEXT NOT NULL,
  created_at BIGINT NOT NULL,
  PRIMARY KEY (shard, id)
);
CREATE INDEX people_import_state ON people_import (state, id);
CREATE INDEX people_import_area ON people_import (area, id);
CREATE INDEX people_import_key ON people_import (sealed_by, id);

-- +goose Down
DROP TABLE people_import;
DROP TABLE people_request;
DROP TABLE people_tag;
DROP TABLE people_household;
DROP INDEX people_person_key;
DROP INDEX people_person_household;
DROP INDEX people_person_roster;
DROP INDEX people_person_phone;
ALTER TABLE people_person DROP COLUMN household_id;
ALTER TABLE people_person DROP COLUMN roster;
ALTER TABLE people_person DROP COLUMN state;
ALTER TABLE people_person DROP COLUMN sealed_by;
