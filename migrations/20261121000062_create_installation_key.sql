-- Keys of this installation (§9.3): what it signs, such as the personal links in mails, nobody else
-- can make. They are made when they are first needed. Not of any organisation: what is signed names
-- its own. Whoever can read this table could sign too, as whoever can read the database could write
-- themself an answer.
create table installation_key (
    -- What it signs: a key is good for nothing else.
    purpose text not null primary key,
    -- 32 random bytes, URL-safe.
    secret text not null,
    made_at timestamptz not null
);
