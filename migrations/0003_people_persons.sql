-- +goose Up
CREATE TABLE people_person (
  shard TEXT NOT NULL,
  id TEXT NOT NULL,
  area TEXT NOT NULL,
  sealed TEXT NOT NULL,
  phone_index TEXT NOT NULL,
  number_index TEXT NOT NULL,
  created_at BIGINT NOT NULL,
  version BIGINT NOT NULL,
  PRIMARY KEY (shard, id)
);
CREATE INDEX people_person_number ON people_person (shard, number_index);

-- +goose Down
DROP TABLE people_person;
