-- +goose Up
-- Id and way of the task that carries a sending; '' for one that was sent by itself.
ALTER TABLE exchange_sending ADD COLUMN carrier TEXT NOT NULL DEFAULT '';
ALTER TABLE exchange_sending ADD COLUMN carrier_way TEXT NOT NULL DEFAULT '';
-- Day on which the admission of a sending began to stand still, YYYY-MM-DD; '' while it does not.
ALTER TABLE exchange_sending ADD COLUMN paused_on TEXT NOT NULL DEFAULT '';

-- +goose Down
ALTER TABLE exchange_sending DROP COLUMN paused_on;
ALTER TABLE exchange_sending DROP COLUMN carrier_way;
ALTER TABLE exchange_sending DROP COLUMN carrier;
