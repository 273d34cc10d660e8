-- +goose Up
-- Elections of residents' and villagers' committees. content is election.Plan and events are election.Event as JSON; polls are council_poll.
CREATE TABLE council_election (
  shard TEXT NOT NULL,
  id TEXT NOT NULL,
  area TEXT NOT NULL,
  state TEXT NOT NULL,
  day TEXT NOT NULL,
  content TEXT NOT NULL,
  poll_id TEXT NOT NULL,
  due TEXT NOT NULL,
  version BIGINT NOT NULL,
  PRIMARY KEY (shard, id)
);
CREATE INDEX council_election_area ON council_election (area, id);
CREATE TABLE council_election_event (
  shard TEXT NOT NULL,
  election_id TEXT NOT NULL,
  id TEXT NOT NULL,
  verb TEXT NOT NULL,
  at BIGINT NOT NULL,
  actor_name TEXT NOT NULL,
  note TEXT NOT NULL,
  PRIMARY KEY (shard, election_id, id)
);

-- +goose Down
DROP TABLE council_election_event;
DROP TABLE council_election;
