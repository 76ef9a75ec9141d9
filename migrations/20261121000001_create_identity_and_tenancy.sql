-- Identity (§2) and tenancy (§1). One text for SQLite and PostgreSQL.
-- Names that must be unique "ignoring case" carry a *_key column, filled by the program with the
-- lower-cased name, because the two databases fold case differently.

create table user_account (
    user_id uuid not null primary key,
    name text not null,
    name_key text not null,
    email text not null,
    email_key text not null,
    password_hash text not null,
    time_zone text not null default 'UTC',
    theme text not null default 'system',
    created_at timestamptz not null,
    disabled_at timestamptz,
    version bigint not null default 1,
    constraint user_account_name_key unique (name_key),
    constraint user_account_email_key unique (email_key),
    constraint user_account_theme_check check (theme in ('system', 'light', 'dark'))
);

-- Only the SHA-256 of the token is stored: a stolen copy of the table signs nobody in.
create table session (
    session_id uuid not null primary key,
    token_hash text not null,
    user_id uuid not null,
    host text not null,
    agent text not null,
    address text not null,
    created_at timestamptz not null,
    last_seen_at timestamptz not null,
    expires_at timestamptz not null,
    constraint session_token_hash_key unique (token_hash),
    constraint session_user_fkey foreign key (user_id) references user_account (user_id) on delete cascade
);
create index session_user_idx on session (user_id);

-- One-time hand-over of a sign-in from the apex to an Org's host (§2.3).
create table handover_code (
    code_hash text not null primary key,
    user_id uuid not null,
    host text not null,
    nonce_hash text not null,
    return_path text not null,
    expires_at timestamptz not null,
    constraint handover_code_user_fkey foreign key (user_id) references user_account (user_id) on delete cascade
);

-- Failed sign-ins by account (and by address), counted in the database so that a restart forgives nothing.
create table sign_in_failure (
    subject text not null primary key,
    failures bigint not null,
    last_at timestamptz not null,
    blocked_until timestamptz not null
);

create table outbox_mail (
    mail_id uuid not null primary key,
    to_address text not null,
    subject text not null,
    body text not null,
    created_at timestamptz not null,
    sent_at timestamptz
);

-- What the last form said, until the next page shows it.
create table flash (
    token_hash text not null primary key,
    payload text not null,
    expires_at timestamptz not null
);

create table org (
    org_id uuid not null primary key,
    name text not null,
    name_key text not null,
    slug text not null,
    type_id text not null,
    time_zone text not null default 'UTC',
    accent_hue bigint not null default 215,
    founder_id uuid not null,
    -- Sequence number of the newest event. Taking the row to raise it is also the lock under which
    -- all commands of one Org run one after the other.
    event_seq bigint not null default 0,
    created_at timestamptz not null,
    version bigint not null default 1,
    constraint org_name_key unique (name_key),
    constraint org_slug_key unique (slug),
    constraint org_accent_check check (accent_hue between 0 and 359),
    constraint org_founder_fkey foreign key (founder_id) references user_account (user_id)
);

-- Custom hostnames. `<slug>.<apex>` always works and has no row here.
create table domain (
    host text not null primary key,
    org_id uuid not null,
    canonical boolean not null default false,
    constraint domain_org_fkey foreign key (org_id) references org (org_id) on delete cascade
);
create unique index domain_canonical_key on domain (org_id) where canonical;
