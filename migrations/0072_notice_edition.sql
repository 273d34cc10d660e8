-- +goose Up
-- One row for each edition of a notice: what was written is kept, a correction is a new edition.
CREATE TABLE notice_edition (
  shard TEXT NOT NULL,
  id TEXT NOT NULL,
  seq INTEGER NOT NULL,
  latest INTEGER NOT NULL,
  state TEXT NOT NULL,
  area TEXT NOT NULL,
  areas TEXT NOT NULL,
  kind TEXT NOT NULL,
  urgent INTEGER NOT NULL,
  pinned INTEGER NOT NULL,
  title_zh TEXT NOT NULL,
  body_zh TEXT NOT NULL,
  title_en TEXT NOT NULL,
  body_en TEXT NOT NULL,
  from_on TEXT NOT NULL,
  until_on TEXT NOT NULL,
  issuer TEXT NOT NULL,
  writer_name TEXT NOT NULL,
  approver_name TEXT NOT NULL,
  written_at BIGINT NOT NULL,
  published_at BIGINT NOT NULL,
  ended_at BIGINT NOT NULL,
  reason TEXT NOT NULL,
  end_reason TEXT NOT NULL,
  version BIGINT NOT NULL,
  PRIMARY KEY (shard, id, seq)
);
CREATE INDEX notice_edition_area ON notice_edition (area, written_at, id) WHERE latest = 1;
CREATE INDEX notice_edition_until ON notice_edition (until_on) WHERE state = 'published';
-- What is shown where, of the editions that are published: gone when the edition ends.
CREATE TABLE notice_place (
  shard TEXT NOT NULL,
  notice_id TEXT NOT NULL,
  area TEXT NOT NULL,
  seq INTEGER NOT NULL,
  from_on TEXT NOT NULL,
  until_on TEXT NOT NULL,
  PRIMARY KEY (shard, notice_id, area)
);
CREATE INDEX notice_place_area ON notice_place (area, until_on);
CREATE TABLE notice_event (
  shard TEXT NOT NULL,
  notice_id TEXT NOT NULL,
  id TEXT NOT NULL,
  seq INTEGER NOT NULL,
  verb TEXT NOT NULL,
  at BIGINT NOT NULL,
  actor_id TEXT NOT NULL,
  actor_name TEXT NOT NULL,
  note TEXT NOT NULL,
  PRIMARY KEY (shard, notice_id, id)
);
CREATE TABLE notice_file (
  shard TEXT NOT NULL,
  notice_id TEXT NOT NULL,
  seq INTEGER NOT NULL,
  id TEXT NOT NULL,
  name TEXT NOT NULL,
  media_type TEXT NOT NULL,
  size BIGINT NOT NULL,
  digest TEXT NOT NULL,
  thumb TEXT NOT NULL,
  width INTEGER NOT NULL,
  height INTEGER NOT NULL,
  PRIMARY KEY (shard, notice_id, seq, id)
);
CREATE INDEX notice_file_digest ON notice_file (digest);
CREATE INDEX notice_file_thumb ON notice_file (thumb);

-- +goose Down
DROP TABLE notice_file;
DROP TABLE notice_event;
DROP TABLE notice_place;
DROP TABLE notice_edition;
