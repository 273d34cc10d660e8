-- +goose Up
-- Who wants to be told of the notices of an area, by one channel: a consent with its purpose, where it was given and when it was
-- withdrawn. The number or mail address is in people; the indexes here are keyed digests. Withdrawn rows keep neither.
CREATE TABLE notice_consent (
  shard TEXT NOT NULL,
  id TEXT NOT NULL,
  person_id TEXT NOT NULL,
  owner_index TEXT NOT NULL,
  address_index TEXT NOT NULL,
  code_hash TEXT NOT NULL,
  area TEXT NOT NULL,
  channel TEXT NOT NULL,
  lang TEXT NOT NULL,
  purpose TEXT NOT NULL,
  source TEXT NOT NULL,
  origin TEXT NOT NULL,
  asked_at BIGINT NOT NULL,
  given_at BIGINT NOT NULL,
  withdrawn_at BIGINT NOT NULL,
  PRIMARY KEY (shard, id)
);
CREATE INDEX notice_consent_area ON notice_consent (area, id);
CREATE INDEX notice_consent_owner ON notice_consent (owner_index) WHERE owner_index <> '';
CREATE INDEX notice_consent_person ON notice_consent (person_id);
CREATE UNIQUE INDEX notice_consent_code ON notice_consent (shard, code_hash);
-- One telling of an edition: that it is published, or withdrawn. The place is how far the job has come.
CREATE TABLE notice_round (
  shard TEXT NOT NULL,
  notice_id TEXT NOT NULL,
  kind TEXT NOT NULL,
  seq INTEGER NOT NULL,
  urgent INTEGER NOT NULL,
  from_on TEXT NOT NULL,
  opened_at BIGINT NOT NULL,
  place TEXT NOT NULL,
  handed INTEGER NOT NULL,
  done_at BIGINT NOT NULL,
  counts TEXT NOT NULL,
  settled INTEGER NOT NULL,
  PRIMARY KEY (shard, notice_id, kind, seq)
);
CREATE INDEX notice_round_open ON notice_round (urgent, opened_at) WHERE done_at = 0;
CREATE INDEX notice_round_unsettled ON notice_round (done_at) WHERE settled = 0;
-- Who was told of what, once each.
CREATE TABLE notice_told (
  shard TEXT NOT NULL,
  notice_id TEXT NOT NULL,
  kind TEXT NOT NULL,
  channel TEXT NOT NULL,
  address_index TEXT NOT NULL,
  seq INTEGER NOT NULL,
  consent_id TEXT NOT NULL,
  PRIMARY KEY (shard, notice_id, kind, channel, address_index, seq)
);
CREATE INDEX notice_told_consent ON notice_told (consent_id);

-- +goose Down
DROP TABLE notice_told;
DROP TABLE notice_round;
DROP TABLE notice_consent;
