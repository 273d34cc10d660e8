-- +goose Up
-- Meetings of a community's bodies: convened, attended person by person, voted, minuted. Names of those who attend are kept by people;
-- mark is a keyed digest by which nobody is entered twice. Votes and events are never changed: a correction is another row.
CREATE TABLE council_meeting (
  shard TEXT NOT NULL,
  id TEXT NOT NULL,
  number TEXT NOT NULL,
  area TEXT NOT NULL,
  kind TEXT NOT NULL,
  body TEXT NOT NULL,
  mode TEXT NOT NULL,
  state TEXT NOT NULL,
  starts_at BIGINT NOT NULL,
  title TEXT NOT NULL,
  content TEXT NOT NULL,
  entitled INTEGER NOT NULL,
  convened_at BIGINT NOT NULL,
  opened_at BIGINT NOT NULL,
  lost_at BIGINT NOT NULL,
  closed_at BIGINT NOT NULL,
  signed_at BIGINT NOT NULL,
  minutes TEXT NOT NULL,
  digest TEXT NOT NULL,
  end_reason TEXT NOT NULL,
  version BIGINT NOT NULL,
  PRIMARY KEY (shard, id)
);
CREATE INDEX council_meeting_area ON council_meeting (area, starts_at);
CREATE UNIQUE INDEX council_meeting_number ON council_meeting (shard, number);
CREATE TABLE council_attendance (
  shard TEXT NOT NULL,
  meeting_id TEXT NOT NULL,
  id TEXT NOT NULL,
  how TEXT NOT NULL,
  member_id TEXT NOT NULL,
  person_id TEXT NOT NULL,
  mark TEXT NOT NULL,
  holder_id TEXT NOT NULL,
  at BIGINT NOT NULL,
  left_at BIGINT NOT NULL,
  PRIMARY KEY (shard, meeting_id, id)
);
CREATE UNIQUE INDEX council_attendance_mark ON council_attendance (shard, meeting_id, mark);
CREATE TABLE council_vote (
  shard TEXT NOT NULL,
  meeting_id TEXT NOT NULL,
  id TEXT NOT NULL,
  item TEXT NOT NULL,
  question TEXT NOT NULL,
  at BIGINT NOT NULL,
  entitled INTEGER NOT NULL,
  present INTEGER NOT NULL,
  yes INTEGER NOT NULL,
  no INTEGER NOT NULL,
  abstain INTEGER NOT NULL,
  passes INTEGER NOT NULL,
  decision TEXT NOT NULL,
  replaces TEXT NOT NULL,
  reason TEXT NOT NULL,
  actor_id TEXT NOT NULL,
  actor_name TEXT NOT NULL,
  PRIMARY KEY (shard, meeting_id, id)
);
CREATE TABLE council_meeting_event (
  shard TEXT NOT NULL,
  meeting_id TEXT NOT NULL,
  id TEXT NOT NULL,
  verb TEXT NOT NULL,
  at BIGINT NOT NULL,
  present INTEGER NOT NULL,
  note TEXT NOT NULL,
  actor_id TEXT NOT NULL,
  actor_name TEXT NOT NULL,
  PRIMARY KEY (shard, meeting_id, id)
);
-- Residents' and villagers' representatives with their terms.
CREATE TABLE council_representative (
  shard TEXT NOT NULL,
  id TEXT NOT NULL,
  area TEXT NOT NULL,
  person_id TEXT NOT NULL,
  mark TEXT NOT NULL,
  constituency TEXT NOT NULL,
  households INTEGER NOT NULL,
  woman INTEGER NOT NULL,
  term_from TEXT NOT NULL,
  term_to TEXT NOT NULL,
  end_reason TEXT NOT NULL,
  version BIGINT NOT NULL,
  PRIMARY KEY (shard, id)
);
CREATE INDEX council_representative_area ON council_representative (area, term_from);

-- +goose Down
DROP TABLE council_representative;
DROP TABLE council_meeting_event;
DROP TABLE council_vote;
DROP TABLE council_attendance;
DROP TABLE council_meeting;
