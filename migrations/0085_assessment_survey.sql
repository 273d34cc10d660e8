-- +goose Up
-- Surveys of residents. content without the frame, and results, are JSON; seed is what chance gave the draw.
CREATE TABLE assessment_survey (
  id TEXT NOT NULL PRIMARY KEY,
  area TEXT NOT NULL,
  year INTEGER NOT NULL,
  state TEXT NOT NULL,
  content TEXT NOT NULL,
  seed TEXT NOT NULL,
  frame_digest TEXT NOT NULL,
  writer_id TEXT NOT NULL,
  writer_name TEXT NOT NULL,
  written_at BIGINT NOT NULL,
  results TEXT NOT NULL,
  digest TEXT NOT NULL,
  published_at BIGINT NOT NULL,
  version BIGINT NOT NULL
);
CREATE INDEX assessment_survey_area ON assessment_survey (area, year, id);
-- Households of each community by stratum, each known by its number on the community's list.
CREATE TABLE assessment_frame (
  survey_id TEXT NOT NULL,
  community TEXT NOT NULL,
  ordinary INTEGER NOT NULL,
  special INTEGER NOT NULL,
  PRIMARY KEY (survey_id, community)
);
-- The households that were drawn, and whether they answered: no time, and nothing of the answer.
CREATE TABLE assessment_slip (
  shard TEXT NOT NULL,
  survey_id TEXT NOT NULL,
  community TEXT NOT NULL,
  stratum TEXT NOT NULL,
  number INTEGER NOT NULL,
  code_hash TEXT NOT NULL,
  state TEXT NOT NULL,
  channel TEXT NOT NULL,
  PRIMARY KEY (shard, survey_id, community, stratum, number)
);
CREATE UNIQUE INDEX assessment_slip_code ON assessment_slip (shard, code_hash);
-- How often each level was given. All counters of a community are made with the draw and written together with every answer.
CREATE TABLE assessment_tally (
  shard TEXT NOT NULL,
  survey_id TEXT NOT NULL,
  community TEXT NOT NULL,
  stratum TEXT NOT NULL,
  question TEXT NOT NULL,
  level INTEGER NOT NULL,
  n INTEGER NOT NULL,
  PRIMARY KEY (shard, survey_id, community, stratum, question, level)
);

-- +goose Down
DROP TABLE assessment_tally;
DROP TABLE assessment_slip;
DROP TABLE assessment_frame;
DROP TABLE assessment_survey;
