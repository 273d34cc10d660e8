-- +goose Up
-- Which material of the item each uploaded file proves: {"<file>": <index of the material>}.
ALTER TABLE hall_application ADD COLUMN papers TEXT NOT NULL DEFAULT '{}';

-- +goose Down
ALTER TABLE hall_application DROP COLUMN papers;
