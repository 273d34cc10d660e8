-- A board reads the counters of a level below an area: both lead the index. With the month between
-- them SQLite turned to the area's own index and read every community of the city.
-- +goose Up
DROP INDEX casework_tally_level;
CREATE INDEX casework_tally_level ON casework_tally (level, area, month);

-- +goose Down
DROP INDEX casework_tally_level;
CREATE INDEX casework_tally_level ON casework_tally (level, month, area);
