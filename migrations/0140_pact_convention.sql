-- +goose Up
-- One row for each edition of a convention: a published text never changes, a revision is a new edition.
CREATE TABLE pact_edition (
  shard TEXT NOT NULL,
  id TEXT NOT NULL,
  seq INTEGER NOT NULL,
  latest INTEGER NOT NULL,
  state TEXT NOT NULL,
  area TEXT NOT NULL,
  kind TEXT NOT NULL,
  title TEXT NOT NULL,
  reason TEXT NOT NULL,
  writer_id TEXT NOT NULL,
  writer_name TEXT NOT NULL,
  written_at BIGINT NOT NULL,
  reviewed_at BIGINT NOT NULL,
  meeting TEXT NOT NULL,
  filing TEXT NOT NULL,
  published_at BIGINT NOT NULL,
  ordered_at BIGINT NOT NULL,
  ordered_by TEXT NOT NULL,
  order_reason TEXT NOT NULL,
  correct_by TEXT NOT NULL,
  correct_due BIGINT NOT NULL,
  ended_at BIGINT NOT NULL,
  version BIGINT NOT NULL,
  PRIMARY KEY (shard, id, seq)
);
CREATE INDEX pact_edition_area ON pact_edition (area, written_at, id) WHERE latest = 1;
CREATE INDEX pact_edition_public ON pact_edition (area) WHERE published_at > 0 AND ended_at = 0;
CREATE TABLE pact_clause (
  shard TEXT NOT NULL,
  pact_id TEXT NOT NULL,
  seq INTEGER NOT NULL,
  place INTEGER NOT NULL,
  kind TEXT NOT NULL,
  number TEXT NOT NULL,
  label TEXT NOT NULL,
  body TEXT NOT NULL,
  PRIMARY KEY (shard, pact_id, seq, place)
);
-- What the review found in an edition when it was last submitted, and how a person decided it.
CREATE TABLE pact_finding (
  shard TEXT NOT NULL,
  pact_id TEXT NOT NULL,
  seq INTEGER NOT NULL,
  id TEXT NOT NULL,
  place INTEGER NOT NULL,
  number TEXT NOT NULL,
  code TEXT NOT NULL,
  severity TEXT NOT NULL,
  words TEXT NOT NULL,
  citation TEXT NOT NULL,
  decision TEXT NOT NULL,
  reason TEXT NOT NULL,
  decided_by TEXT NOT NULL,
  decided_at BIGINT NOT NULL,
  PRIMARY KEY (shard, pact_id, seq, id)
);
-- Opinions on a draft: nobody's name is kept.
CREATE TABLE pact_opinion (
  shard TEXT NOT NULL,
  pact_id TEXT NOT NULL,
  id TEXT NOT NULL,
  seq INTEGER NOT NULL,
  source TEXT NOT NULL,
  body TEXT NOT NULL,
  at BIGINT NOT NULL,
  entered_by TEXT NOT NULL,
  PRIMARY KEY (shard, pact_id, id)
);
CREATE TABLE pact_event (
  shard TEXT NOT NULL,
  pact_id TEXT NOT NULL,
  id TEXT NOT NULL,
  seq INTEGER NOT NULL,
  verb TEXT NOT NULL,
  at BIGINT NOT NULL,
  actor_name TEXT NOT NULL,
  note TEXT NOT NULL,
  PRIMARY KEY (shard, pact_id, id)
);

-- +goose Down
DROP TABLE pact_event;
DROP TABLE pact_opinion;
DROP TABLE pact_finding;
DROP TABLE pact_clause;
DROP TABLE pact_edition;
