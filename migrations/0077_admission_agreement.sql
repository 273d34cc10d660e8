-- +goose Up
-- Agreements between a street and a community for a year, with every text that was proposed, the ratings of the sides, and
-- what was not provided: an item that blocks its renewal until the committee says it is settled.
CREATE TABLE admission_agreement (
  shard TEXT NOT NULL,
  id TEXT NOT NULL,
  number TEXT NOT NULL,
  area TEXT NOT NULL,
  year INTEGER NOT NULL,
  state TEXT NOT NULL,
  terms TEXT NOT NULL,
  digest TEXT NOT NULL,
  proposed TEXT NOT NULL,
  street_account TEXT NOT NULL,
  street_name TEXT NOT NULL,
  street_at BIGINT NOT NULL,
  street_digest TEXT NOT NULL,
  community_account TEXT NOT NULL,
  community_name TEXT NOT NULL,
  community_at BIGINT NOT NULL,
  community_digest TEXT NOT NULL,
  written_at BIGINT NOT NULL,
  end_reason TEXT NOT NULL,
  published_at BIGINT NOT NULL,
  version BIGINT NOT NULL,
  PRIMARY KEY (shard, id)
);
CREATE INDEX admission_agreement_area ON admission_agreement (area, year);
CREATE UNIQUE INDEX admission_agreement_year ON admission_agreement (shard, area, year) WHERE state NOT IN ('dropped', 'terminated');
CREATE INDEX admission_agreement_due ON admission_agreement (year) WHERE state IN ('signed', 'force');
CREATE TABLE admission_agreement_event (
  shard TEXT NOT NULL,
  agreement_id TEXT NOT NULL,
  id TEXT NOT NULL,
  verb TEXT NOT NULL,
  side TEXT NOT NULL,
  at BIGINT NOT NULL,
  actor_id TEXT NOT NULL,
  actor_name TEXT NOT NULL,
  note TEXT NOT NULL,
  terms TEXT NOT NULL,
  PRIMARY KEY (shard, agreement_id, id)
);
CREATE TABLE admission_appraisal (
  shard TEXT NOT NULL,
  agreement_id TEXT NOT NULL,
  side TEXT NOT NULL,
  actor_id TEXT NOT NULL,
  actor_name TEXT NOT NULL,
  at BIGINT NOT NULL,
  content TEXT NOT NULL,
  PRIMARY KEY (shard, agreement_id, side)
);
CREATE TABLE admission_gap (
  shard TEXT NOT NULL,
  agreement_id TEXT NOT NULL,
  code TEXT NOT NULL,
  area TEXT NOT NULL,
  year INTEGER NOT NULL,
  text TEXT NOT NULL,
  settled_at BIGINT NOT NULL,
  settled_by TEXT NOT NULL,
  note TEXT NOT NULL,
  PRIMARY KEY (shard, agreement_id, code)
);
CREATE INDEX admission_gap_area ON admission_gap (area, year);

-- +goose Down
DROP TABLE admission_gap;
DROP TABLE admission_appraisal;
DROP TABLE admission_agreement_event;
DROP TABLE admission_agreement;
