-- +goose Up
-- Matters that a community raises, deliberates, decides and carries out. record holds what each step wrote: rounds of deliberation, the
-- decision, the plan with its money, findings and checks. decision_vote is the vote on which a decision rests; none carries two matters.
CREATE TABLE council_matter (
  shard TEXT NOT NULL,
  id TEXT NOT NULL,
  number TEXT NOT NULL,
  area TEXT NOT NULL,
  kind TEXT NOT NULL,
  state TEXT NOT NULL,
  origin TEXT NOT NULL,
  code TEXT NOT NULL,
  title TEXT NOT NULL,
  words TEXT NOT NULL,
  body TEXT NOT NULL,
  ref TEXT NOT NULL,
  withheld TEXT NOT NULL,
  owner TEXT NOT NULL,
  supporters INTEGER NOT NULL,
  needed INTEGER NOT NULL,
  record TEXT NOT NULL,
  decision_vote TEXT NOT NULL,
  decided_at BIGINT NOT NULL,
  raised_at BIGINT NOT NULL,
  changed_at BIGINT NOT NULL,
  due BIGINT NOT NULL,
  open_findings INTEGER NOT NULL,
  version BIGINT NOT NULL,
  PRIMARY KEY (shard, id)
);
CREATE UNIQUE INDEX council_matter_number ON council_matter (shard, number);
CREATE UNIQUE INDEX council_matter_vote ON council_matter (shard, decision_vote) WHERE decision_vote <> '';
CREATE INDEX council_matter_area ON council_matter (area, raised_at, id);
CREATE INDEX council_matter_owner ON council_matter (owner) WHERE owner <> '';
CREATE INDEX council_matter_state ON council_matter (state, area, due);
-- Who supports a proposal or appraises a result, each person once whatever the way: mark is a keyed digest of the telephone number, or of
-- name and address where a person on paper has none. Names are not kept.
CREATE TABLE council_support (
  shard TEXT NOT NULL,
  matter_id TEXT NOT NULL,
  mark TEXT NOT NULL,
  way TEXT NOT NULL,
  at BIGINT NOT NULL,
  PRIMARY KEY (shard, matter_id, mark)
);
CREATE INDEX council_support_mark ON council_support (mark);
CREATE TABLE council_grade (
  shard TEXT NOT NULL,
  matter_id TEXT NOT NULL,
  mark TEXT NOT NULL,
  grade TEXT NOT NULL,
  way TEXT NOT NULL,
  at BIGINT NOT NULL,
  PRIMARY KEY (shard, matter_id, mark)
);
CREATE INDEX council_grade_mark ON council_grade (mark);
-- Opinions, without names. A withheld one keeps its place on the page, with the reason instead of its words.
CREATE TABLE council_opinion (
  shard TEXT NOT NULL,
  matter_id TEXT NOT NULL,
  id TEXT NOT NULL,
  way TEXT NOT NULL,
  body TEXT NOT NULL,
  at BIGINT NOT NULL,
  withheld TEXT NOT NULL,
  withheld_by TEXT NOT NULL,
  withheld_at BIGINT NOT NULL,
  PRIMARY KEY (shard, matter_id, id)
);
CREATE TABLE council_matter_event (
  shard TEXT NOT NULL,
  matter_id TEXT NOT NULL,
  id TEXT NOT NULL,
  verb TEXT NOT NULL,
  state TEXT NOT NULL,
  at BIGINT NOT NULL,
  actor_id TEXT NOT NULL,
  actor_name TEXT NOT NULL,
  actor_body TEXT NOT NULL,
  note TEXT NOT NULL,
  PRIMARY KEY (shard, matter_id, id)
);

-- +goose Down
DROP TABLE council_matter_event;
DROP TABLE council_opinion;
DROP TABLE council_grade;
DROP TABLE council_support;
DROP TABLE council_matter;
