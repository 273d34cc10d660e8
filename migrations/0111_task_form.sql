-- +goose Up
-- Id of the published form by which communities answer, of tasks that are answered by one; '' otherwise.
ALTER TABLE task_task ADD COLUMN form TEXT NOT NULL DEFAULT '';
-- Id of the form's sending that goes with the task; '' until the task is sent.
ALTER TABLE task_task ADD COLUMN form_sending TEXT NOT NULL DEFAULT '';

-- +goose Down
ALTER TABLE task_task DROP COLUMN form_sending;
ALTER TABLE task_task DROP COLUMN form;
