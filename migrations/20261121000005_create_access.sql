-- Access (§3), org types (§1.6), joining (§5), notices (§5.4) and the guard (§4.8).
-- Sets of access ids and of modules are texts of names separated by spaces: always read and written
-- whole, together with their row.

-- Rules that a whole family of organisations shares. New types are rows, not code.
create table org_type (
    type_id text not null primary key,
    name text not null,
    description text not null,
    member_kind text not null default 'player',
    one_per_person boolean not null default false,
    modules text not null,
    access text not null,
    -- How chat commands of such an Org are called (§15).
    command_name text not null default '',
    aliases text not null default '',
    version bigint not null default 1,
    constraint org_type_member_kind_check check (member_kind in ('player', 'org'))
);

-- The ranks that a new Org of the type starts with.
create table org_type_rank (
    type_id text not null,
    level bigint not null,
    name text not null,
    abbreviation text not null,
    insignia text not null default '',
    access text not null,
    is_default boolean not null default false,
    is_guest boolean not null default false,
    primary key (type_id, level),
    constraint org_type_rank_level_check check (level between 0 and 1000),
    constraint org_type_rank_kind_check check (not (is_default and is_guest)),
    constraint org_type_rank_type_fkey foreign key (type_id) references org_type (type_id) on delete cascade
);
create unique index org_type_rank_default_key on org_type_rank (type_id) where is_default;
create unique index org_type_rank_guest_key on org_type_rank (type_id) where is_guest;

-- The one Org of a type that a user belongs to, where the type allows only one.
create table sole_membership (
    user_id uuid not null,
    type_id text not null,
    org_id uuid not null,
    primary key (user_id, type_id),
    constraint sole_membership_user_fkey foreign key (user_id) references user_account (user_id) on delete cascade,
    constraint sole_membership_org_fkey foreign key (org_id) references org (org_id) on delete cascade
);
create index sole_membership_org_idx on sole_membership (org_id);

-- Administrators of the installation (§21).
alter table user_account add column site_admin boolean not null default false;
-- What visitors read on the public page, in Markdown.
alter table org add column description text not null default '';
-- The player through whose eyes the session looks (§3.6).
alter table session add column see_as uuid;

-- The rungs of the Org's ladder: its default rank set. The guest rank judges visitors.
create table rank (
    org_id uuid not null,
    rank_id uuid not null,
    name text not null,
    name_key text not null,
    abbreviation text not null,
    insignia text not null default '',
    level bigint not null,
    access text not null default '',
    promote_to bigint,
    demote_from bigint,
    kick_to bigint,
    manage_to bigint,
    is_default boolean not null default false,
    is_guest boolean not null default false,
    version bigint not null default 1,
    primary key (org_id, rank_id),
    constraint rank_name_key unique (org_id, name_key),
    constraint rank_level_check check (level between 0 and 1000),
    constraint rank_kind_check check (not (is_default and is_guest)),
    constraint rank_promote_check check (promote_to is null or promote_to < level),
    constraint rank_demote_check check (demote_from is null or demote_from < level),
    constraint rank_kick_check check (kick_to is null or kick_to < level),
    constraint rank_manage_check check (manage_to is null or manage_to < level),
    constraint rank_org_fkey foreign key (org_id) references org (org_id) on delete cascade
);
create unique index rank_default_key on rank (org_id) where is_default;
create unique index rank_guest_key on rank (org_id) where is_guest;
create index rank_level_idx on rank (org_id, level);

-- Other names for the same rungs (§3.2): level and access are the rank's, so they cannot differ.
create table rank_set (
    org_id uuid not null,
    rank_set_id uuid not null,
    name text not null,
    name_key text not null,
    version bigint not null default 1,
    primary key (org_id, rank_set_id),
    constraint rank_set_name_key unique (org_id, name_key),
    constraint rank_set_org_fkey foreign key (org_id) references org (org_id) on delete cascade
);
create table rank_title (
    org_id uuid not null,
    rank_set_id uuid not null,
    rank_id uuid not null,
    name text not null,
    abbreviation text not null,
    insignia text not null default '',
    primary key (org_id, rank_set_id, rank_id),
    constraint rank_title_set_fkey foreign key (org_id, rank_set_id) references rank_set (org_id, rank_set_id) on delete cascade,
    constraint rank_title_rank_fkey foreign key (org_id, rank_id) references rank (org_id, rank_id) on delete cascade
);
-- The rank set that a group and those below it use instead of the default one.
create table group_rank_set (
    org_id uuid not null,
    group_id uuid not null,
    rank_set_id uuid not null,
    primary key (org_id, group_id),
    constraint group_rank_set_group_fkey foreign key (org_id, group_id) references roster_group (org_id, group_id) on delete cascade,
    constraint group_rank_set_set_fkey foreign key (org_id, rank_set_id) references rank_set (org_id, rank_set_id) on delete cascade
);

-- A player's rank over [since, until); never overwritten, like memberships.
create table rank_holding (
    org_id uuid not null,
    holding_id uuid not null,
    player_id uuid not null,
    rank_id uuid not null,
    since timestamptz not null,
    until timestamptz,
    rank_name text not null,
    level bigint not null,
    reason text not null default '',
    primary key (org_id, holding_id),
    constraint rank_holding_order_check check (until is null or until >= since),
    constraint rank_holding_player_fkey foreign key (org_id, player_id) references player (org_id, player_id) on delete cascade,
    constraint rank_holding_rank_fkey foreign key (org_id, rank_id) references rank (org_id, rank_id)
);
create unique index rank_holding_open_key on rank_holding (org_id, player_id) where until is null;
create index rank_holding_player_idx on rank_holding (org_id, player_id, since);
create index rank_holding_rank_idx on rank_holding (org_id, rank_id);

-- What a role grants in its group and below it, besides leadership (§3.4).
alter table role add column access text not null default '';

-- A group whose members manage another group (§5.1).
create table group_manager_group (
    org_id uuid not null,
    group_id uuid not null,
    manager_group_id uuid not null,
    since timestamptz not null,
    primary key (org_id, group_id, manager_group_id),
    constraint group_manager_group_self_check check (group_id <> manager_group_id),
    constraint group_manager_group_group_fkey foreign key (org_id, group_id) references roster_group (org_id, group_id) on delete cascade,
    constraint group_manager_group_manager_fkey foreign key (org_id, manager_group_id) references roster_group (org_id, group_id) on delete cascade
);
create index group_manager_group_manager_idx on group_manager_group (org_id, manager_group_id);

-- A request to join (§5.1): pending, then actioned and immutable, which triggers hold (see the
-- folders of the two databases). Of a user, who may be no player yet.
create table join_request (
    org_id uuid not null,
    request_id uuid not null,
    group_id uuid not null,
    user_id uuid not null,
    common_name text not null,
    note text not null default '',
    state text not null default 'pending',
    created_at timestamptz not null,
    actioned_at timestamptz,
    actioned_by uuid,
    actioned_name text not null default '',
    answer text not null default '',
    primary key (org_id, request_id),
    constraint join_request_state_check check (state in ('pending', 'approved', 'declined', 'withdrawn')),
    constraint join_request_actioned_check check ((state = 'pending') = (actioned_at is null)),
    constraint join_request_group_fkey foreign key (org_id, group_id) references roster_group (org_id, group_id) on delete cascade,
    constraint join_request_user_fkey foreign key (user_id) references user_account (user_id)
);
create unique index join_request_pending_key on join_request (org_id, group_id, user_id) where state = 'pending';
create index join_request_state_idx on join_request (org_id, state, created_at);
create index join_request_user_idx on join_request (org_id, user_id, created_at);

-- What a person is told (§5.4), made from the event with this number.
create table notice (
    org_id uuid not null,
    notice_id uuid not null,
    user_id uuid not null,
    seq bigint not null,
    topic text not null,
    text text not null,
    href text not null,
    created_at timestamptz not null,
    read_at timestamptz,
    primary key (org_id, notice_id),
    constraint notice_once_key unique (org_id, user_id, seq),
    constraint notice_user_fkey foreign key (user_id) references user_account (user_id) on delete cascade,
    constraint notice_org_fkey foreign key (org_id) references org (org_id) on delete cascade
);
create index notice_unread_idx on notice (org_id, user_id) where read_at is null;
-- Up to which event people were told.
create table notice_cursor (
    org_id uuid not null primary key,
    seq bigint not null,
    constraint notice_cursor_org_fkey foreign key (org_id) references org (org_id) on delete cascade
);
-- Where a person wants to be told of a topic; without a row, both.
create table notice_switch (
    user_id uuid not null,
    topic text not null,
    in_app boolean not null,
    mail boolean not null,
    primary key (user_id, topic),
    constraint notice_switch_user_fkey foreign key (user_id) references user_account (user_id) on delete cascade
);

-- The queue of mails: claimed with a lease, retried with growing pauses.
alter table outbox_mail add column attempts bigint not null default 0;
alter table outbox_mail add column next_try_at timestamptz;
alter table outbox_mail add column leased_until timestamptz;
alter table outbox_mail add column lease uuid;
alter table outbox_mail add column failed_at timestamptz;
alter table outbox_mail add column last_error text;
create index outbox_mail_waiting_idx on outbox_mail (created_at) where sent_at is null and failed_at is null;

-- A bulk change that somebody planned and may apply (§4.8).
create table bulk_plan (
    org_id uuid not null,
    plan_id uuid not null,
    kind text not null,
    input text not null,
    created_by uuid not null,
    created_at timestamptz not null,
    expires_at timestamptz not null,
    applied_seq bigint,
    primary key (org_id, plan_id),
    constraint bulk_plan_user_fkey foreign key (created_by) references user_account (user_id),
    constraint bulk_plan_org_fkey foreign key (org_id) references org (org_id) on delete cascade
);

-- The founder's offer to hand the founding over (§3.1); the receiver accepts it.
create table founding_offer (
    org_id uuid not null primary key,
    player_id uuid not null,
    offered_at timestamptz not null,
    constraint founding_offer_player_fkey foreign key (org_id, player_id) references player (org_id, player_id) on delete cascade
);

insert into org_type (type_id, name, description, member_kind, modules, access, command_name, aliases) values
    ('muster.unit', 'Unit', 'Milsim: ranks, positions, operations.', 'player',
     'joining ranks positions',
     'org.manage rank.edit player.promote player.demote player.kick player.manage roster.edit roster.assign group.managers import.run log.read access.read access.see_as',
     'unit', 'milsim'),
    ('muster.guild', 'Guild', 'Characters, raids, points.', 'player',
     'joining ranks',
     'org.manage rank.edit player.promote player.demote player.kick player.manage roster.edit roster.assign group.managers import.run log.read access.read access.see_as',
     'guild', ''),
    ('muster.servers', 'Server group', 'Game servers and the groups of those who play on them.', 'player',
     'joining',
     'org.manage player.kick player.manage roster.edit roster.assign group.managers log.read access.read',
     'servers', 'group'),
    ('muster.alliance', 'Alliance', 'Members are organisations.', 'org',
     'joining ranks',
     'org.manage rank.edit player.promote player.demote player.kick player.manage roster.edit roster.assign group.managers log.read access.read',
     'alliance', '');

insert into org_type_rank (type_id, level, name, abbreviation, insignia, access, is_default, is_guest) values
    ('muster.unit', 0, 'Visitor', '', '', '', false, true),
    ('muster.unit', 10, 'Recruit', 'Rct', 'infantry-0', 'log.read', true, false),
    ('muster.unit', 20, 'Private', 'Pvt', 'infantry-1', 'log.read', false, false),
    ('muster.unit', 30, 'Private First Class', 'PFC', 'infantry-2', 'log.read', false, false),
    ('muster.unit', 40, 'Corporal', 'Cpl', 'infantry-3', 'log.read', false, false),
    ('muster.unit', 50, 'Sergeant', 'Sgt', 'infantry-4', 'log.read access.read', false, false),
    ('muster.unit', 60, 'Staff Sergeant', 'SSg', 'infantry-5', 'log.read access.read', false, false),
    ('muster.unit', 70, 'Sergeant First Class', 'SFC', 'infantry-6', 'log.read access.read player.promote', false, false),
    ('muster.unit', 80, 'Lieutenant', 'Lt', 'infantry-7', 'log.read access.read player.promote player.demote player.manage', false, false),
    ('muster.unit', 90, 'Captain', 'Cpt', 'infantry-8', 'log.read access.read access.see_as player.promote player.demote player.kick player.manage roster.assign', false, false),
    ('muster.unit', 100, 'Major', 'Maj', 'infantry-9', 'log.read access.read access.see_as player.promote player.demote player.kick player.manage roster.assign roster.edit group.managers rank.edit import.run org.manage', false, false),
    ('muster.guild', 0, 'Visitor', '', '', '', false, true),
    ('muster.guild', 10, 'Initiate', 'Ini', 'guild-0', 'log.read', true, false),
    ('muster.guild', 20, 'Member', 'Mbr', 'guild-1', 'log.read', false, false),
    ('muster.guild', 30, 'Veteran', 'Vet', 'guild-2', 'log.read', false, false),
    ('muster.guild', 40, 'Class Lead', 'CL', 'guild-3', 'log.read access.read player.promote', false, false),
    ('muster.guild', 50, 'Officer', 'Off', 'guild-4', 'log.read access.read player.promote player.demote player.kick player.manage roster.assign', false, false),
    ('muster.guild', 60, 'Council', 'Cou', 'guild-5', 'log.read access.read access.see_as player.promote player.demote player.kick player.manage roster.assign roster.edit group.managers rank.edit import.run org.manage', false, false),
    ('muster.servers', 0, 'Visitor', '', '', '', false, true),
    ('muster.servers', 10, 'Player', '', '', 'log.read', true, false),
    ('muster.alliance', 0, 'Visitor', '', '', '', false, true),
    ('muster.alliance', 10, 'Member', 'Mbr', 'simple-1', 'log.read', true, false),
    ('muster.alliance', 20, 'Delegate', 'Del', 'simple-2', 'log.read access.read player.promote', false, false),
    ('muster.alliance', 30, 'Council', 'Cou', 'simple-3', 'log.read access.read player.promote player.demote player.kick player.manage roster.assign roster.edit group.managers rank.edit org.manage', false, false);
