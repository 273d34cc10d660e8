-- +goose Up
-- One row for each edition of an entry. The bytes of a posted one (document) never change, and hash is theirs.
CREATE TABLE disclosure_entry (
  shard TEXT NOT NULL,
  id TEXT NOT NULL,
  edition INTEGER NOT NULL,
  latest INTEGER NOT NULL,
  state TEXT NOT NULL,
  area TEXT NOT NULL,
  item TEXT NOT NULL,
  head TEXT NOT NULL,
  duty_id TEXT NOT NULL,
  period TEXT NOT NULL,
  last_on TEXT NOT NULL,
  title TEXT NOT NULL,
  content TEXT NOT NULL,
  document TEXT NOT NULL,
  hash TEXT NOT NULL,
  opening BIGINT NOT NULL,
  closing BIGINT NOT NULL,
  issuer TEXT NOT NULL,
  writers TEXT NOT NULL,
  writer_name TEXT NOT NULL,
  approver_name TEXT NOT NULL,
  written_at BIGINT NOT NULL,
  posted_at BIGINT NOT NULL,
  posted_on TEXT NOT NULL,
  ended_at BIGINT NOT NULL,
  reason TEXT NOT NULL,
  remark TEXT NOT NULL,
  version BIGINT NOT NULL,
  PRIMARY KEY (shard, id, edition)
);
CREATE INDEX disclosure_entry_duty ON disclosure_entry (duty_id);
CREATE INDEX disclosure_entry_area ON disclosure_entry (area, written_at, id) WHERE latest = 1;
CREATE INDEX disclosure_entry_posted ON disclosure_entry (area, posted_at, id) WHERE state = 'posted';
CREATE INDEX disclosure_entry_chain ON disclosure_entry (area, item, last_on) WHERE state = 'posted';
CREATE TABLE disclosure_file (
  shard TEXT NOT NULL,
  entry_id TEXT NOT NULL,
  edition INTEGER NOT NULL,
  id TEXT NOT NULL,
  name TEXT NOT NULL,
  media_type TEXT NOT NULL,
  size BIGINT NOT NULL,
  digest TEXT NOT NULL,
  thumb TEXT NOT NULL,
  PRIMARY KEY (shard, entry_id, edition, id)
);
CREATE INDEX disclosure_file_digest ON disclosure_file (digest);
CREATE INDEX disclosure_file_thumb ON disclosure_file (thumb);

-- +goose Down
DROP TABLE disclosure_file;
DROP TABLE disclosure_entry;
