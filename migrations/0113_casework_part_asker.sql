-- +goose Up
-- Department that asked a community's body for a part, and number of the admission or code of the duty that let it through; ''
-- for parts that nothing had to let through.
ALTER TABLE casework_part ADD COLUMN asker TEXT NOT NULL DEFAULT '';
ALTER TABLE casework_part ADD COLUMN pass TEXT NOT NULL DEFAULT '';

-- +goose Down
ALTER TABLE casework_part DROP COLUMN pass;
ALTER TABLE casework_part DROP COLUMN asker;
