-- +goose Up

CREATE TABLE invites (
    id      TEXT    PRIMARY KEY,       -- parley.InviteID
    code    BLOB    NOT NULL UNIQUE,   -- parley.InviteHash
    kind    TEXT    NOT NULL,          -- parley.InviteKind
    maker   TEXT    NOT NULL,          -- parley.SenderID
    name    TEXT    NOT NULL,          -- what the maker was shown as
    created INTEGER NOT NULL,          -- microseconds, as is the next
    expires INTEGER NOT NULL,
    uses    INTEGER NOT NULL,          -- how often it can be used
    used    INTEGER NOT NULL DEFAULT 0,
    revoked INTEGER NOT NULL DEFAULT 0 -- 1 for one that was revoked
) STRICT, WITHOUT ROWID;

CREATE INDEX invites_by_end ON invites (expires);

-- Who got in by which use of an invite.
CREATE TABLE uses (
    invite TEXT NOT NULL,
    id     BLOB NOT NULL, -- parley.UseHash
    who    TEXT NOT NULL,
    PRIMARY KEY (invite, id)
) STRICT, WITHOUT ROWID;

-- The invite by which a guest came in, '' for none.
ALTER TABLE logins ADD COLUMN invite TEXT NOT NULL DEFAULT '';

-- The guests who have, or had, an account under the id that they had as a guest.
CREATE TABLE claims (
    who TEXT PRIMARY KEY
) STRICT, WITHOUT ROWID;
