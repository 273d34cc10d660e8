-- +goose Up
-- What a number caused is answered from the index alone, without reading each of its events.
DROP INDEX burden_event_pass;
CREATE INDEX burden_event_pass ON burden_event (pass, at, area, asked, answered, declared, measured);

-- +goose Down
DROP INDEX burden_event_pass;
CREATE INDEX burden_event_pass ON burden_event (pass, at);
