-- +goose Up
-- That an account was told by a channel on a day of collections and appeals that end.
CREATE TABLE assessment_reminded (
  account_id TEXT NOT NULL,
  channel TEXT NOT NULL,
  day TEXT NOT NULL,
  PRIMARY KEY (account_id, channel, day)
);

-- +goose Down
DROP TABLE assessment_reminded;
