-- +goose Up
-- Votes by ballot: of an election (ref names it) or of a meeting. content is bundle.Poll, paper bundle.Paper, boxes bundle.Box as JSON;
-- size and root are those of the chain of entries.
CREATE TABLE council_poll (
  shard TEXT NOT NULL,
  id TEXT NOT NULL,
  area TEXT NOT NULL,
  ref TEXT NOT NULL,
  state TEXT NOT NULL,
  content TEXT NOT NULL,
  paper TEXT NOT NULL,
  boxes TEXT NOT NULL,
  online INTEGER NOT NULL,
  roll_version INTEGER NOT NULL,
  posted TEXT NOT NULL,
  snapshot TEXT NOT NULL,
  size INTEGER NOT NULL,
  root TEXT NOT NULL,
  version BIGINT NOT NULL,
  PRIMARY KEY (shard, id)
);
CREATE INDEX council_poll_area ON council_poll (area, id);
-- Who is entitled. since and until are versions of the roll; until is 0 while the line stands. commit_hash is the hash of the voter card's code.
CREATE TABLE council_roll (
  shard TEXT NOT NULL,
  poll_id TEXT NOT NULL,
  number INTEGER NOT NULL,
  person_id TEXT NOT NULL,
  household_id TEXT NOT NULL,
  basis TEXT NOT NULL,
  commit_hash TEXT NOT NULL,
  since INTEGER NOT NULL,
  until INTEGER NOT NULL,
  PRIMARY KEY (shard, poll_id, number)
);
CREATE UNIQUE INDEX council_roll_commit ON council_roll (shard, commit_hash);
CREATE UNIQUE INDEX council_roll_person ON council_roll (shard, poll_id, person_id) WHERE until = 0;
-- That somebody has had a ballot, whatever the way: one row a person, no time, and nothing of the choice.
CREATE TABLE council_mark (
  shard TEXT NOT NULL,
  poll_id TEXT NOT NULL,
  number INTEGER NOT NULL,
  way TEXT NOT NULL,
  box TEXT NOT NULL,
  agent INTEGER NOT NULL,
  receipt TEXT NOT NULL,
  PRIMARY KEY (shard, poll_id, number)
);
CREATE TABLE council_proxy (
  shard TEXT NOT NULL,
  poll_id TEXT NOT NULL,
  principal INTEGER NOT NULL,
  agent INTEGER NOT NULL,
  relation TEXT NOT NULL,
  document TEXT NOT NULL,
  PRIMARY KEY (shard, poll_id, principal)
);
-- Online ballots until polling is over: a fixed number of rows a poll, made at the opening, each a sealed list ordered by random keys.
CREATE TABLE council_urn (
  shard TEXT NOT NULL,
  id TEXT NOT NULL,
  poll_id TEXT NOT NULL,
  sealed TEXT NOT NULL,
  PRIMARY KEY (shard, id)
);
-- The chain of entries of which the certificate bundle consists; written once, never changed.
CREATE TABLE council_chain (
  shard TEXT NOT NULL,
  poll_id TEXT NOT NULL,
  seq INTEGER NOT NULL,
  kind TEXT NOT NULL,
  at TEXT NOT NULL,
  by_name TEXT NOT NULL,
  body TEXT NOT NULL,
  prev TEXT NOT NULL,
  hash TEXT NOT NULL,
  PRIMARY KEY (shard, poll_id, seq)
);

-- +goose Down
DROP TABLE council_chain;
DROP TABLE council_urn;
DROP TABLE council_proxy;
DROP TABLE council_mark;
DROP TABLE council_roll;
DROP TABLE council_poll;
