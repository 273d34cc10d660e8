-- +goose Up
-- What the portal keeps for a visitor between two pages: sealed, short-lived, bound to the visit.
CREATE TABLE visit_value (
  visit TEXT   NOT NULL, -- digest of the secret in the visitor's cookie
  name  TEXT   NOT NULL,
  value TEXT   NOT NULL, -- sealed
  at    BIGINT NOT NULL, -- last change
  until BIGINT NOT NULL,
  PRIMARY KEY (visit, name)
);
CREATE INDEX visit_value_until ON visit_value (until);

-- +goose Down
DROP TABLE visit_value;
