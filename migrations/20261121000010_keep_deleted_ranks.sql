-- A deleted rank stays for the history of those who held it (§3.2), like roles and positions. Its
-- name is free for another: `name_key` holds the id from then on.
alter table rank add column deleted_at timestamptz;
