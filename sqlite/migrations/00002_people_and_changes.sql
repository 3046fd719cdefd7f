-- +goose Up

ALTER TABLE rooms ADD COLUMN topic TEXT NOT NULL DEFAULT '';

-- entries.kind is from now on one of
--   1 a message     2 an edit      3 a deletion   4 a reaction   5 a reaction taken back
--   6 a change of what somebody is in the room    7 a change of the room itself
-- and entries.text holds what a message says now, the emoji of 4 and 5, and JSON for 6 and 7.

-- The message that this one answers, or that an edit, a deletion or a reaction is about.
ALTER TABLE entries ADD COLUMN target INTEGER;

-- When a message was given the text that it has now, NULL for the text it was posted with.
ALTER TABLE entries ADD COLUMN edited INTEGER;

-- 1 for a message whose text or file was erased.
ALTER TABLE entries ADD COLUMN deleted INTEGER NOT NULL DEFAULT 0;

-- What is about a message; those that are about none, nearly all, are not in it.
CREATE INDEX entries_by_target ON entries (room, target) WHERE target IS NOT NULL;

-- What messages said before they were edited.
CREATE TABLE revisions (
    room    INTEGER NOT NULL,
    message INTEGER NOT NULL, -- the message's number
    seq     INTEGER NOT NULL, -- that of the edit which took this text away
    at      INTEGER NOT NULL, -- when the message was given this text, in microseconds
    text    TEXT    NOT NULL,
    PRIMARY KEY (room, message, seq)
) STRICT, WITHOUT ROWID;

-- The reactions that stand.
CREATE TABLE reactions (
    room    INTEGER NOT NULL,
    message INTEGER NOT NULL,
    seq     INTEGER NOT NULL, -- the reaction's own number
    who     TEXT    NOT NULL, -- parley.SenderID
    name    TEXT    NOT NULL, -- as shown then
    emoji   TEXT    NOT NULL,
    PRIMARY KEY (room, message, seq)
) STRICT, WITHOUT ROWID;

CREATE UNIQUE INDEX reactions_by_who ON reactions (room, message, who, emoji);

-- Which messages mention which accounts.
CREATE TABLE mentions (
    who  TEXT    NOT NULL,
    room INTEGER NOT NULL,
    seq  INTEGER NOT NULL,
    PRIMARY KEY (who, room, seq)
) STRICT, WITHOUT ROWID;

CREATE INDEX mentions_by_message ON mentions (room, seq);

-- Those who have a role in a room or are banned from it.
CREATE TABLE members (
    room   INTEGER NOT NULL,
    who    TEXT    NOT NULL,
    name   TEXT    NOT NULL,           -- as shown when this was last changed
    role   TEXT    NOT NULL,           -- parley.Role, '' for none
    banned INTEGER NOT NULL,           -- 1 for a ban
    at     INTEGER NOT NULL,           -- when this was last changed, in microseconds
    PRIMARY KEY (room, who)
) STRICT, WITHOUT ROWID;

CREATE INDEX members_by_who ON members (who);

-- Who is in which conversation of two.
CREATE TABLE conversations (
    who  TEXT    NOT NULL,
    room INTEGER NOT NULL,
    PRIMARY KEY (who, room)
) STRICT, WITHOUT ROWID;

WITH pairs (room, a, b) AS (
    SELECT num, substr(id, 3, instr(id, '+') - 3), substr(id, instr(id, '+') + 1) FROM rooms WHERE kind = 'direct'
)
INSERT INTO conversations (who, room)
    SELECT a, room FROM pairs WHERE a <= b
    UNION
    SELECT b, room FROM pairs WHERE a <= b;

-- How far everybody has read.
CREATE TABLE reads (
    who  TEXT    NOT NULL,
    room INTEGER NOT NULL,
    seq  INTEGER NOT NULL,
    PRIMARY KEY (who, room)
) STRICT, WITHOUT ROWID;

CREATE TABLE accounts (
    id        TEXT    PRIMARY KEY,     -- parley.SenderID
    name      TEXT    NOT NULL,
    key       TEXT    NOT NULL UNIQUE, -- parley.NameKey
    lookalike TEXT    NOT NULL UNIQUE, -- parley.LookalikeKey
    role      TEXT    NOT NULL,        -- parley.Role
    disabled  INTEGER NOT NULL,        -- 1 for an account that opens nothing
    created   INTEGER NOT NULL,        -- microseconds
    password  TEXT    NOT NULL         -- parley.PasswordHash
) STRICT, WITHOUT ROWID;

CREATE TABLE logins (
    id      TEXT    PRIMARY KEY,       -- parley.LoginID
    token   BLOB    NOT NULL UNIQUE,   -- parley.TokenHash
    who     TEXT    NOT NULL,          -- an account or a guest
    name    TEXT    NOT NULL,
    created INTEGER NOT NULL,          -- microseconds, as is the next
    expires INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE INDEX logins_by_who ON logins (who);
CREATE INDEX logins_by_end ON logins (expires);
