-- +goose Up
-- The instalments of an admission's money, in fen.
CREATE TABLE admission_application_instalment (
  shard TEXT NOT NULL,
  application_id TEXT NOT NULL,
  seq INTEGER NOT NULL,
  area TEXT NOT NULL,
  amount BIGINT NOT NULL,
  due_on TEXT NOT NULL,
  state TEXT NOT NULL,
  paid_on TEXT NOT NULL,
  reference TEXT NOT NULL,
  version BIGINT NOT NULL,
  PRIMARY KEY (shard, application_id, seq)
);
CREATE INDEX admission_application_instalment_open ON admission_application_instalment (state, due_on) WHERE state <> 'confirmed';
-- What a community, or a street for its communities, says of the arrival of an instalment.
CREATE TABLE admission_application_receipt (
  shard TEXT NOT NULL,
  application_id TEXT NOT NULL,
  seq INTEGER NOT NULL,
  area TEXT NOT NULL,
  received INTEGER NOT NULL,
  note TEXT NOT NULL,
  actor_name TEXT NOT NULL,
  at BIGINT NOT NULL,
  PRIMARY KEY (shard, application_id, seq, area)
);
-- What passed the gate on an admission.
CREATE TABLE admission_application_pass (
  shard TEXT NOT NULL,
  application_id TEXT NOT NULL,
  id TEXT NOT NULL,
  at BIGINT NOT NULL,
  way TEXT NOT NULL,
  body_id TEXT NOT NULL,
  communities INTEGER NOT NULL,
  minutes INTEGER NOT NULL,
  PRIMARY KEY (shard, application_id, id)
);
CREATE INDEX admission_application_pass_of_body ON admission_application_pass (body_id, at);
-- How often a community was asked on an admission in a year.
CREATE TABLE admission_application_use (
  shard TEXT NOT NULL,
  application_id TEXT NOT NULL,
  year TEXT NOT NULL,
  area TEXT NOT NULL,
  times INTEGER NOT NULL,
  PRIMARY KEY (shard, application_id, year, area)
);

-- +goose Down
DROP TABLE admission_application_use;
DROP TABLE admission_application_pass;
DROP TABLE admission_application_receipt;
DROP TABLE admission_application_instalment;
