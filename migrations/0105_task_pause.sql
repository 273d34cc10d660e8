-- +goose Up
-- Why a task stands still because the admission that it rests on does: money, funding, review or decision; '' while it does not.
ALTER TABLE task_task ADD COLUMN paused TEXT NOT NULL DEFAULT '';
-- The reason that was given, in words.
ALTER TABLE task_task ADD COLUMN paused_for TEXT NOT NULL DEFAULT '';

-- +goose Down
ALTER TABLE task_task DROP COLUMN paused_for;
ALTER TABLE task_task DROP COLUMN paused;
