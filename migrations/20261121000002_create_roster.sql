-- The roster (§4) and its people (§2.2). Every table carries org_id first in each key, and foreign
-- keys are composite, so that no row can point into another Org (§1.5).

create table player (
    org_id uuid not null,
    player_id uuid not null,
    user_id uuid,
    common_name text not null,
    standing text not null default 'active',
    joined_at timestamptz not null,
    version bigint not null default 1,
    primary key (org_id, player_id),
    -- Exact, not ignoring case: imported handles that differ only in case are different people
    -- until somebody says otherwise (§19.1).
    constraint player_common_name_key unique (org_id, common_name),
    constraint player_org_fkey foreign key (org_id) references org (org_id) on delete cascade,
    constraint player_user_fkey foreign key (user_id) references user_account (user_id)
);
create unique index player_user_key on player (org_id, user_id) where user_id is not null;
create index player_by_user_idx on player (user_id) where user_id is not null;

create table co_founder (
    org_id uuid not null,
    player_id uuid not null,
    since timestamptz not null,
    primary key (org_id, player_id),
    constraint co_founder_player_fkey foreign key (org_id, player_id) references player (org_id, player_id) on delete cascade
);

-- A tree. The Org itself is its root row (its id is the Org's id), which is what lets a foreign key
-- hold every parent, also of top-level groups (§4.1).
create table roster_group (
    org_id uuid not null,
    group_id uuid not null,
    parent_id uuid,
    name text not null,
    name_key text not null,
    acronym text not null,
    description text not null default '',
    kind text not null,
    exclusive boolean not null,
    visibility text not null,
    policy text not null,
    sort_order bigint not null default 0,
    founded_at timestamptz not null,
    retired_at timestamptz,
    version bigint not null default 1,
    primary key (org_id, group_id),
    constraint roster_group_name_key unique (org_id, name_key),
    constraint roster_group_exclusive_key unique (org_id, group_id, exclusive),
    constraint roster_group_root_check check ((group_id = org_id) = (parent_id is null)),
    constraint roster_group_self_check check (parent_id is null or parent_id <> group_id),
    constraint roster_group_visibility_check check (visibility in ('public', 'private')),
    constraint roster_group_policy_check check (policy in ('open', 'by_request', 'closed')),
    constraint roster_group_org_fkey foreign key (org_id) references org (org_id) on delete cascade,
    constraint roster_group_parent_fkey foreign key (org_id, parent_id) references roster_group (org_id, group_id)
);
create index roster_group_parent_idx on roster_group (org_id, parent_id);

-- Name, acronym and parent of a group over time, for rosters as of a date.
create table group_history (
    org_id uuid not null,
    group_id uuid not null,
    since timestamptz not null,
    until timestamptz,
    name text not null,
    acronym text not null,
    parent_id uuid,
    primary key (org_id, group_id, since),
    constraint group_history_order_check check (until is null or until >= since),
    constraint group_history_group_fkey foreign key (org_id, group_id) references roster_group (org_id, group_id) on delete cascade
);
create unique index group_history_open_key on group_history (org_id, group_id) where until is null;

create table role (
    org_id uuid not null,
    role_id uuid not null,
    group_id uuid not null,
    name text not null,
    name_key text not null,
    acronym text not null default '',
    leadership boolean not null default false,
    singular boolean not null default false,
    sort_order bigint not null default 0,
    deleted_at timestamptz,
    version bigint not null default 1,
    primary key (org_id, role_id),
    constraint role_group_role_key unique (org_id, group_id, role_id),
    constraint role_singular_key unique (org_id, role_id, singular),
    constraint role_group_fkey foreign key (org_id, group_id) references roster_group (org_id, group_id) on delete cascade
);
create unique index role_name_key on role (org_id, group_id, name_key) where deleted_at is null;

create table position (
    org_id uuid not null,
    position_id uuid not null,
    group_id uuid not null,
    role_id uuid not null,
    name text not null,
    wants text not null default '',
    sort_order bigint not null default 0,
    deleted_at timestamptz,
    version bigint not null default 1,
    primary key (org_id, position_id),
    constraint position_group_position_key unique (org_id, group_id, position_id),
    constraint position_group_fkey foreign key (org_id, group_id) references roster_group (org_id, group_id) on delete cascade,
    constraint position_role_fkey foreign key (org_id, group_id, role_id) references role (org_id, group_id, role_id)
);
create index position_group_idx on position (org_id, group_id);

-- A player in a group with a role over [since, until). Never overwritten: a change ends one
-- interval and starts another. The *_name columns are the names as they were then (§4.6).
-- `exclusive` and `singular` repeat the group's and role's flags, held equal by foreign keys, so
-- that the two partial indexes can enforce "at most one".
create table membership (
    org_id uuid not null,
    membership_id uuid not null,
    player_id uuid not null,
    group_id uuid not null,
    role_id uuid not null,
    position_id uuid,
    exclusive boolean not null,
    singular boolean not null,
    since timestamptz not null,
    until timestamptz,
    common_name text not null,
    group_name text not null,
    role_name text not null,
    position_name text,
    end_reason text,
    primary key (org_id, membership_id),
    constraint membership_order_check check (until is null or until >= since),
    constraint membership_player_fkey foreign key (org_id, player_id) references player (org_id, player_id),
    constraint membership_group_fkey foreign key (org_id, group_id, exclusive) references roster_group (org_id, group_id, exclusive),
    constraint membership_group_role_fkey foreign key (org_id, group_id, role_id) references role (org_id, group_id, role_id),
    constraint membership_role_fkey foreign key (org_id, role_id, singular) references role (org_id, role_id, singular) on update cascade,
    constraint membership_position_fkey foreign key (org_id, group_id, position_id) references position (org_id, group_id, position_id)
);
create unique index membership_once_key on membership (org_id, player_id, group_id, role_id) where until is null;
create unique index membership_exclusive_key on membership (org_id, player_id) where until is null and exclusive;
create unique index membership_singular_key on membership (org_id, role_id) where until is null and singular;
create unique index membership_position_key on membership (org_id, position_id) where until is null and position_id is not null;
create index membership_group_idx on membership (org_id, group_id, since);
create index membership_player_idx on membership (org_id, player_id, since);

-- Adds, removes and approves in a group without having to be its member (§3.4).
create table group_manager (
    org_id uuid not null,
    group_id uuid not null,
    player_id uuid not null,
    since timestamptz not null,
    primary key (org_id, group_id, player_id),
    constraint group_manager_group_fkey foreign key (org_id, group_id) references roster_group (org_id, group_id) on delete cascade,
    constraint group_manager_player_fkey foreign key (org_id, player_id) references player (org_id, player_id) on delete cascade
);

-- A link by which a user claims an imported player (§2.2). Only the token's hash is kept.
create table invitation (
    org_id uuid not null,
    invitation_id uuid not null,
    player_id uuid not null,
    token_hash text not null,
    created_at timestamptz not null,
    expires_at timestamptz not null,
    used_at timestamptz,
    primary key (org_id, invitation_id),
    constraint invitation_token_hash_key unique (token_hash),
    constraint invitation_player_fkey foreign key (org_id, player_id) references player (org_id, player_id) on delete cascade
);

-- The event log (§20): append-only, one gapless sequence per Org.
create table event (
    org_id uuid not null,
    seq bigint not null,
    at timestamptz not null,
    actor_id uuid,
    actor_name text not null,
    kind text not null,
    player_id uuid,
    group_id uuid,
    from_group_id uuid,
    data text not null,
    -- The commands that take it back, as JSON; null when it cannot be undone.
    undo text,
    undoes bigint,
    undone_by bigint,
    primary key (org_id, seq),
    constraint event_org_fkey foreign key (org_id) references org (org_id) on delete cascade
);
create index event_player_idx on event (org_id, player_id, seq);
create index event_group_idx on event (org_id, group_id, seq);
create index event_from_group_idx on event (org_id, from_group_id, seq);
create unique index event_undoes_key on event (org_id, undoes) where undoes is not null;

-- One upload of the import page: the files, the last report and how far it is (§19.1).
create table import_run (
    org_id uuid not null,
    import_id uuid not null,
    created_by uuid not null,
    created_at timestamptz not null,
    state text not null,
    options text not null,
    files text not null,
    report text,
    done_rows bigint not null default 0,
    total_rows bigint not null default 0,
    finished_at timestamptz,
    primary key (org_id, import_id),
    constraint import_run_state_check check (state in ('checked', 'running', 'done', 'failed')),
    constraint import_run_org_fkey foreign key (org_id) references org (org_id) on delete cascade
);
create unique index import_run_running_key on import_run (org_id) where state = 'running';
