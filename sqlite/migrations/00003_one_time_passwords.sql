-- +goose Up

-- 1 for an account whose password is good for nothing but to choose another one with.
ALTER TABLE accounts ADD COLUMN once INTEGER NOT NULL DEFAULT 0;
