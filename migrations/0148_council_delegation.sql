-- +goose Up
-- What a community's assembly has left to the representatives, by the vote of the assembly on which it rests.
CREATE TABLE council_delegation (
  shard TEXT NOT NULL,
  id TEXT NOT NULL,
  area TEXT NOT NULL,
  code TEXT NOT NULL,
  meeting_id TEXT NOT NULL,
  vote_id TEXT NOT NULL,
  day_from TEXT NOT NULL,
  day_to TEXT NOT NULL,
  reason TEXT NOT NULL,
  actor_name TEXT NOT NULL,
  version BIGINT NOT NULL,
  PRIMARY KEY (shard, id)
);
CREATE INDEX council_delegation_area ON council_delegation (area, code, day_from);

-- +goose Down
DROP TABLE council_delegation;
