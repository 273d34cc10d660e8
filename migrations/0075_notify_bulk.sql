-- +goose Up
-- Messages to many wait behind those that somebody waits for; what a topic's messages came to is counted.
ALTER TABLE notify_message ADD COLUMN bulk INTEGER NOT NULL DEFAULT 0;
ALTER TABLE notify_message ADD COLUMN topic TEXT NOT NULL DEFAULT '';
DROP INDEX notify_message_due;
CREATE INDEX notify_message_due ON notify_message (channel, state, bulk, next_at);
CREATE INDEX notify_message_topic ON notify_message (topic, state) WHERE topic <> '';

-- +goose Down
DROP INDEX notify_message_topic;
DROP INDEX notify_message_due;
CREATE INDEX notify_message_due ON notify_message (channel, state, next_at);
ALTER TABLE notify_message DROP COLUMN topic;
ALTER TABLE notify_message DROP COLUMN bulk;
