-- +goose Up
CREATE TABLE limit_spent (
  budget TEXT NOT NULL,
  caller TEXT NOT NULL,
  full_at BIGINT NOT NULL,
  PRIMARY KEY (budget, caller)
);
CREATE INDEX limit_spent_full ON limit_spent (full_at);

-- +goose Down
DROP TABLE limit_spent;
