-- +goose Up

-- How many pixels a picture has, as it is shown; NULL for whatever is no picture, or was sent before this was noted.
ALTER TABLE entries ADD COLUMN file_width INTEGER;
ALTER TABLE entries ADD COLUMN file_height INTEGER;
