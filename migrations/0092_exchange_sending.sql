-- +goose Up
-- One sending of a form to communities. It keeps the form as it was sent, and what let it through. While it is prepared, place is the
-- code of the last community that has its row. Wanted and prefilled count the fields of all communities together.
CREATE TABLE exchange_sending (
  shard TEXT NOT NULL,
  id TEXT NOT NULL,
  client_key TEXT NOT NULL,
  form_id TEXT NOT NULL,
  title_zh TEXT NOT NULL,
  title_en TEXT NOT NULL,
  purpose_zh TEXT NOT NULL,
  purpose_en TEXT NOT NULL,
  questions TEXT NOT NULL,
  body TEXT NOT NULL,
  area TEXT NOT NULL,
  areas TEXT NOT NULL,
  pass_number TEXT NOT NULL,
  pass_title TEXT NOT NULL,
  pass_until TEXT NOT NULL,
  duty INTEGER NOT NULL,
  due_on TEXT NOT NULL,
  minutes INTEGER NOT NULL,
  state TEXT NOT NULL,
  total INTEGER NOT NULL,
  prepared INTEGER NOT NULL,
  place TEXT NOT NULL,
  wanted BIGINT NOT NULL,
  prefilled BIGINT NOT NULL,
  sent_at BIGINT NOT NULL,
  sender_id TEXT NOT NULL,
  sender_name TEXT NOT NULL,
  reminded_at BIGINT NOT NULL,
  ended_at BIGINT NOT NULL,
  end_reason TEXT NOT NULL,
  version BIGINT NOT NULL,
  PRIMARY KEY (shard, id)
);
CREATE INDEX exchange_sending_area ON exchange_sending (area, sent_at, id);
CREATE INDEX exchange_sending_body ON exchange_sending (body, sent_at, id);
CREATE INDEX exchange_sending_open ON exchange_sending (state, sent_at) WHERE state IN ('preparing', 'open');
CREATE UNIQUE INDEX exchange_sending_client ON exchange_sending (shard, body, client_key) WHERE client_key <> '';
-- What one community is asked by a sending. Sealed holds what was filled in before with its sources, and the answers. Origin is the code
-- that the community had when it was sent: no community gets a sending twice.
CREATE TABLE exchange_answer (
  shard TEXT NOT NULL,
  id TEXT NOT NULL,
  sending_id TEXT NOT NULL,
  origin TEXT NOT NULL,
  area TEXT NOT NULL,
  state TEXT NOT NULL,
  due_on TEXT NOT NULL,
  sealed TEXT NOT NULL,
  sealed_by TEXT NOT NULL,
  wanted INTEGER NOT NULL,
  prefilled INTEGER NOT NULL,
  opened_at BIGINT NOT NULL,
  touched_at BIGINT NOT NULL,
  spent BIGINT NOT NULL,
  minutes INTEGER NOT NULL,
  submitted_at BIGINT NOT NULL,
  submitter_name TEXT NOT NULL,
  judged_at BIGINT NOT NULL,
  judge_name TEXT NOT NULL,
  reasons TEXT NOT NULL,
  reminded_at BIGINT NOT NULL,
  version BIGINT NOT NULL,
  PRIMARY KEY (shard, id)
);
CREATE UNIQUE INDEX exchange_answer_origin ON exchange_answer (shard, sending_id, origin);
CREATE INDEX exchange_answer_sending ON exchange_answer (sending_id, area, state);
CREATE INDEX exchange_answer_area ON exchange_answer (area, state, due_on, id);
CREATE INDEX exchange_answer_sealed ON exchange_answer (sealed_by, id);
CREATE TABLE exchange_event (
  shard TEXT NOT NULL,
  answer_id TEXT NOT NULL,
  id TEXT NOT NULL,
  verb TEXT NOT NULL,
  at BIGINT NOT NULL,
  actor_id TEXT NOT NULL,
  actor_name TEXT NOT NULL,
  note TEXT NOT NULL,
  PRIMARY KEY (shard, answer_id, id)
);
CREATE TABLE exchange_file (
  shard TEXT NOT NULL,
  answer_id TEXT NOT NULL,
  id TEXT NOT NULL,
  field TEXT NOT NULL,
  name TEXT NOT NULL,
  media_type TEXT NOT NULL,
  size BIGINT NOT NULL,
  digest TEXT NOT NULL,
  thumb TEXT NOT NULL,
  PRIMARY KEY (shard, answer_id, id)
);
CREATE INDEX exchange_file_digest ON exchange_file (digest);
CREATE INDEX exchange_file_thumb ON exchange_file (thumb);
-- A value that was filled in before and that the community says is wrong: it goes to the department that answers for the element.
-- Sealed holds both values.
CREATE TABLE exchange_dispute (
  shard TEXT NOT NULL,
  id TEXT NOT NULL,
  answer_id TEXT NOT NULL,
  sending_id TEXT NOT NULL,
  field TEXT NOT NULL,
  label_zh TEXT NOT NULL,
  label_en TEXT NOT NULL,
  element TEXT NOT NULL,
  area TEXT NOT NULL,
  body TEXT NOT NULL,
  sealed TEXT NOT NULL,
  sealed_by TEXT NOT NULL,
  personal INTEGER NOT NULL,
  reason TEXT NOT NULL,
  state TEXT NOT NULL,
  at BIGINT NOT NULL,
  by_name TEXT NOT NULL,
  due_on TEXT NOT NULL,
  decided_at BIGINT NOT NULL,
  decider_name TEXT NOT NULL,
  decision TEXT NOT NULL,
  version BIGINT NOT NULL,
  PRIMARY KEY (shard, id)
);
CREATE UNIQUE INDEX exchange_dispute_field ON exchange_dispute (shard, answer_id, field);
CREATE INDEX exchange_dispute_body ON exchange_dispute (body, state, due_on, id);
CREATE INDEX exchange_dispute_area ON exchange_dispute (area, state, due_on, id);
CREATE INDEX exchange_dispute_sealed ON exchange_dispute (sealed_by, id);
-- That an account was reminded by a channel on a day.
CREATE TABLE exchange_reminded (
  account_id TEXT NOT NULL,
  channel TEXT NOT NULL,
  day TEXT NOT NULL,
  PRIMARY KEY (account_id, channel, day)
);

-- +goose Down
DROP TABLE exchange_reminded;
DROP TABLE exchange_dispute;
DROP TABLE exchange_file;
DROP TABLE exchange_event;
DROP TABLE exchange_answer;
DROP TABLE exchange_sending;
