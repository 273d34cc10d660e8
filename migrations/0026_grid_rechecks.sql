-- +goose Up
-- One row for every closing of an incident, from which each day's sample is drawn.
CREATE TABLE grid_recheck (
  shard TEXT NOT NULL,
  case_id TEXT NOT NULL,
  closed_on TEXT NOT NULL,
  number TEXT NOT NULL,
  area TEXT NOT NULL,
  state TEXT NOT NULL,
  drawn_at BIGINT,
  due_at BIGINT,
  checked_at BIGINT,
  checker_id TEXT NOT NULL,
  PRIMARY KEY (shard, case_id, closed_on)
);
CREATE INDEX grid_recheck_area ON grid_recheck (area, state, drawn_at);
CREATE INDEX grid_recheck_undrawn ON grid_recheck (closed_on, number) WHERE state = 'closed';
-- How many closings of a month were checked and confirmed, by the community in which they lay.
CREATE TABLE grid_recheck_tally (
  shard TEXT NOT NULL,
  origin TEXT NOT NULL,
  area TEXT NOT NULL,
  month TEXT NOT NULL,
  checked BIGINT NOT NULL,
  confirmed BIGINT NOT NULL,
  PRIMARY KEY (shard, origin, month)
);
CREATE INDEX grid_recheck_tally_area ON grid_recheck_tally (area, month);

-- +goose Down
DROP TABLE grid_recheck_tally;
DROP TABLE grid_recheck;
