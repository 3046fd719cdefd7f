-- +goose Up

-- A room, or a conversation of two.
CREATE TABLE rooms (
    num   INTEGER PRIMARY KEY,        -- stands for id inside this database
    id    TEXT    NOT NULL UNIQUE,
    name  TEXT    UNIQUE,             -- NULL for a conversation of two
    kind  TEXT    NOT NULL,           -- parley.RoomKind
    first INTEGER NOT NULL DEFAULT 1, -- the oldest number still kept
    last  INTEGER NOT NULL DEFAULT 0  -- the newest number given, 0 for none
) STRICT;

-- Everything that takes a number in a room, one row a number. Rows are added in the journal's order.
CREATE TABLE entries (
    position    INTEGER PRIMARY KEY,
    room        INTEGER NOT NULL, -- rooms.num; checking a foreign key would add a twelfth to the price of each message
    seq         INTEGER NOT NULL,
    kind        INTEGER NOT NULL, -- 1: a message
    at          INTEGER NOT NULL, -- microseconds since 1970-01-01 UTC
    sender      TEXT    NOT NULL, -- parley.SenderID
    id          TEXT    NOT NULL, -- parley.MessageID
    name        TEXT    NOT NULL, -- what the sender was shown as
    text        TEXT    NOT NULL,
    file_name   TEXT,             -- these three are NULL but for a file
    file_size   INTEGER,
    file_digest BLOB
) STRICT;

-- A room is read by number.
CREATE UNIQUE INDEX entries_by_number ON entries (room, seq);

-- The same id from the same sender counts once. Most ids begin with the time, so with the id first this index grows at
-- its end instead of everywhere.
CREATE UNIQUE INDEX entries_by_id ON entries (id, sender);

-- The newest file of a name in a room.
CREATE INDEX entries_by_file ON entries (room, file_name, seq) WHERE file_name IS NOT NULL;
