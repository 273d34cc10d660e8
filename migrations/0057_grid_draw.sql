-- +goose Up
-- What chance gave a closing when it was made, from which the day's sample is drawn.
ALTER TABLE grid_recheck ADD COLUMN chance TEXT NOT NULL DEFAULT '';
-- What each draw was made from, so that it can be repeated.
CREATE TABLE grid_draw (
  shard TEXT NOT NULL,
  street TEXT NOT NULL,
  day TEXT NOT NULL,
  at BIGINT NOT NULL,
  percent INTEGER NOT NULL,
  lots TEXT NOT NULL,
  PRIMARY KEY (shard, street, day, at)
);

-- +goose Down
DROP TABLE grid_draw;
ALTER TABLE grid_recheck DROP COLUMN chance;
