-- Operations (§9) and leaves of absence (§6.4). Texts named `needs`, `who`, `shape` and `release` are
-- JSON that is read and written whole: criteria (§7), the shape of an operation, stages of release.

-- What kind of thing happens: drawn by colour and shape, so that neither alone must be told apart.
create table operation_category (
    org_id uuid not null,
    category_id uuid not null,
    name text not null,
    name_key text not null,
    hue bigint not null default 215,
    mark text not null default 'disc',
    -- Operations of it count towards attendance (§9.7).
    counts boolean not null default true,
    sort_order bigint not null default 0,
    deleted_at timestamptz,
    version bigint not null default 1,
    primary key (org_id, category_id),
    constraint operation_category_hue_check check (hue between 0 and 359),
    constraint operation_category_mark_check check (mark in ('disc', 'square', 'diamond', 'triangle', 'star', 'ring')),
    constraint operation_category_org_fkey foreign key (org_id) references org (org_id) on delete cascade
);
create unique index operation_category_name_key on operation_category (org_id, name_key) where deleted_at is null;

-- Operations that belong together over weeks.
create table campaign (
    org_id uuid not null,
    campaign_id uuid not null,
    name text not null,
    name_key text not null,
    description text not null default '',
    ended_at timestamptz,
    version bigint not null default 1,
    primary key (org_id, campaign_id),
    constraint campaign_name_key unique (org_id, name_key),
    constraint campaign_org_fkey foreign key (org_id) references org (org_id) on delete cascade
);

-- A shape to begin operations from: title, briefing, length, sections and billets.
create table operation_template (
    org_id uuid not null,
    template_id uuid not null,
    name text not null,
    name_key text not null,
    shape text not null,
    created_at timestamptz not null,
    version bigint not null default 1,
    primary key (org_id, template_id),
    constraint operation_template_name_key unique (org_id, name_key),
    constraint operation_template_org_fkey foreign key (org_id) references org (org_id) on delete cascade
);

-- An operation that comes again, by an RFC 5545 rule in the organiser's zone. Its occurrences are rows
-- of `operation`, made ahead up to a horizon; `shape` is that of those still to be made.
create table operation_series (
    org_id uuid not null,
    series_id uuid not null,
    group_id uuid not null,
    rule text not null,
    zone text not null,
    -- Local date and time of the first occurrence, without zone: `2026-03-06T20:00`.
    starts_local text not null,
    shape text not null,
    -- Occurrences were made up to here.
    made_until timestamptz not null,
    -- No occurrence begins from here on: the rest was cut off or goes on in another series.
    ends_before timestamptz,
    created_by uuid,
    version bigint not null default 1,
    primary key (org_id, series_id),
    constraint operation_series_group_fkey foreign key (org_id, group_id) references roster_group (org_id, group_id)
);
create index operation_series_made_idx on operation_series (made_until) where ends_before is null;

create table operation (
    org_id uuid not null,
    operation_id uuid not null,
    -- The group that organises it; whoever may not see the group does not see the operation.
    group_id uuid not null,
    audience text not null default 'members',
    category_id uuid,
    campaign_id uuid,
    series_id uuid,
    -- When the rule of the series says it begins; stays when it is moved.
    slot timestamptz,
    -- It was changed by itself: editing the series leaves it alone.
    detached boolean not null default false,
    title text not null,
    briefing text not null default '',
    place text not null default '',
    zone text not null,
    starts_at timestamptz not null,
    ends_at timestamptz not null,
    state text not null default 'draft',
    publish_at timestamptz,
    published_at timestamptz,
    cancel_reason text not null default '',
    answer_until timestamptz,
    -- Places for those who attend; none is no limit.
    capacity bigint,
    -- Members take free billets themselves, in the stages of `release`.
    self_service boolean not null default false,
    release text not null default '',
    organiser_id uuid,
    organiser_name text not null default '',
    -- Minutes before the start at which those without an answer are reminded, separated by spaces.
    remind_before text not null default '',
    created_at timestamptz not null,
    -- Changes that calendars must take over; RFC 5545 calls it SEQUENCE.
    revision bigint not null default 0,
    changed_at timestamptz not null,
    version bigint not null default 1,
    primary key (org_id, operation_id),
    constraint operation_order_check check (ends_at > starts_at),
    constraint operation_audience_check check (audience in ('group', 'members', 'public')),
    constraint operation_state_check check (state in ('draft', 'scheduled', 'published', 'done', 'archived', 'cancelled')),
    constraint operation_scheduled_check check (state <> 'scheduled' or publish_at is not null),
    constraint operation_capacity_check check (capacity is null or capacity between 1 and 10000),
    constraint operation_slot_check check ((series_id is null) = (slot is null)),
    constraint operation_slot_key unique (org_id, series_id, slot),
    constraint operation_group_fkey foreign key (org_id, group_id) references roster_group (org_id, group_id),
    constraint operation_category_fkey foreign key (org_id, category_id) references operation_category (org_id, category_id),
    constraint operation_campaign_fkey foreign key (org_id, campaign_id) references campaign (org_id, campaign_id),
    constraint operation_series_fkey foreign key (org_id, series_id) references operation_series (org_id, series_id),
    constraint operation_organiser_fkey foreign key (org_id, organiser_id) references player (org_id, player_id)
);
create index operation_time_idx on operation (org_id, starts_at);
create index operation_group_idx on operation (org_id, group_id, starts_at);
create index operation_publish_idx on operation (publish_at) where state = 'scheduled';
create index operation_end_idx on operation (ends_at) where state = 'published';

-- Somebody's answer (§9.3): a player's, or that of a guest without account, by name.
create table rsvp (
    org_id uuid not null,
    operation_id uuid not null,
    rsvp_id uuid not null,
    player_id uuid,
    guest_name text,
    guest_key text,
    answer text not null,
    note text not null default '',
    answered_at timestamptz not null,
    -- What a leader says over it.
    confirmed text not null default '',
    -- The number of the place among those who attend: 1 to the capacity; none while waiting.
    place bigint,
    -- Order of the waitlist: the number of the event by which they began to wait.
    waiting_since bigint,
    version bigint not null default 1,
    primary key (org_id, rsvp_id),
    constraint rsvp_operation_key unique (org_id, operation_id, rsvp_id),
    constraint rsvp_player_key unique (org_id, operation_id, player_id),
    constraint rsvp_guest_key unique (org_id, operation_id, guest_key),
    constraint rsvp_place_key unique (org_id, operation_id, place),
    constraint rsvp_who_check check ((player_id is null) <> (guest_name is null) and (guest_name is null) = (guest_key is null)),
    constraint rsvp_answer_check check (answer in ('none', 'attending', 'maybe', 'late', 'declined')),
    constraint rsvp_confirmed_check check (confirmed in ('', 'confirmed', 'standby')),
    constraint rsvp_place_check check (place is null or (place >= 1 and waiting_since is null and answer in ('attending', 'late', 'none'))),
    constraint rsvp_operation_fkey foreign key (org_id, operation_id) references operation (org_id, operation_id) on delete cascade,
    constraint rsvp_player_fkey foreign key (org_id, player_id) references player (org_id, player_id) on delete cascade
);
create index rsvp_by_player_idx on rsvp (org_id, player_id);
create index rsvp_waiting_idx on rsvp (org_id, operation_id, waiting_since) where waiting_since is not null;

create table section (
    org_id uuid not null,
    operation_id uuid not null,
    section_id uuid not null,
    name text not null,
    sort_order bigint not null,
    primary key (org_id, operation_id, section_id),
    constraint section_operation_fkey foreign key (org_id, operation_id) references operation (org_id, operation_id) on delete cascade
);

-- A place in one operation (§9.4). One row is one place and holds at most one person; the unique key
-- holds at most one place per person. `held` leaves room for places that an allied Org fills (§17).
create table billet (
    org_id uuid not null,
    operation_id uuid not null,
    billet_id uuid not null,
    section_id uuid not null,
    title text not null,
    text text not null default '',
    needs text not null default '',
    held text not null default '',
    held_note text not null default '',
    sort_order bigint not null,
    rsvp_id uuid,
    filled_at timestamptz,
    -- How they came in: by a leader, by themself, from the waitlist, by a suggestion that was applied.
    filled_by text not null default '',
    version bigint not null default 1,
    primary key (org_id, billet_id),
    constraint billet_operation_key unique (org_id, operation_id, billet_id),
    constraint billet_once_key unique (org_id, operation_id, rsvp_id),
    constraint billet_held_check check (held in ('', 'reserved', 'blocked')),
    constraint billet_blocked_check check (held <> 'blocked' or rsvp_id is null),
    constraint billet_filled_check check ((rsvp_id is null) = (filled_at is null)),
    constraint billet_filled_by_check check (filled_by in ('', 'leader', 'self', 'waitlist', 'suggestion')),
    constraint billet_section_fkey foreign key (org_id, operation_id, section_id) references section (org_id, operation_id, section_id) on delete cascade,
    constraint billet_rsvp_fkey foreign key (org_id, operation_id, rsvp_id) references rsvp (org_id, operation_id, rsvp_id)
);
create index billet_section_idx on billet (org_id, operation_id, section_id, sort_order);

-- Billets that somebody would like, in this order; who waits for one says so by `waiting_since`.
create table billet_wish (
    org_id uuid not null,
    operation_id uuid not null,
    rsvp_id uuid not null,
    billet_id uuid not null,
    preference bigint not null,
    waiting_since bigint,
    primary key (org_id, operation_id, rsvp_id, billet_id),
    constraint billet_wish_preference_check check (preference between 1 and 100),
    constraint billet_wish_rsvp_fkey foreign key (org_id, operation_id, rsvp_id) references rsvp (org_id, operation_id, rsvp_id) on delete cascade,
    constraint billet_wish_billet_fkey foreign key (org_id, operation_id, billet_id) references billet (org_id, operation_id, billet_id) on delete cascade
);
create index billet_wish_billet_idx on billet_wish (org_id, billet_id);

-- What attendance can be (§9.6). Everything computed asks for the meaning, never for the name.
create table attendance_state (
    org_id uuid not null,
    state_id uuid not null,
    name text not null,
    name_key text not null,
    abbreviation text not null,
    -- Per cent of the operation that is credited.
    credit bigint not null,
    excused boolean not null default false,
    -- It counts at all; else as if the operation had not been.
    counts boolean not null default true,
    -- What Muster uses it for by itself: check-in, leave of absence, those who said nothing.
    used_for text not null default '',
    tone text not null default 'neutral',
    sort_order bigint not null default 0,
    deleted_at timestamptz,
    version bigint not null default 1,
    primary key (org_id, state_id),
    constraint attendance_state_credit_check check (credit between 0 and 100),
    constraint attendance_state_used_for_check check (used_for in ('', 'present', 'leave', 'absent')),
    constraint attendance_state_tone_check check (tone in ('good', 'warning', 'bad', 'neutral')),
    constraint attendance_state_org_fkey foreign key (org_id) references org (org_id) on delete cascade
);
create unique index attendance_state_name_key on attendance_state (org_id, name_key) where deleted_at is null;
create unique index attendance_state_used_for_key on attendance_state (org_id, used_for) where used_for <> '' and deleted_at is null;

-- Who was there. Group and rank are those held when the operation began (§9.6).
create table attendance (
    org_id uuid not null,
    operation_id uuid not null,
    player_id uuid not null,
    state_id uuid not null,
    group_id uuid,
    group_name text not null default '',
    rank_id uuid,
    rank_name text not null default '',
    common_name text not null,
    note text not null default '',
    source text not null default 'sheet',
    recorded_at timestamptz not null,
    recorded_by uuid,
    recorded_name text not null default '',
    version bigint not null default 1,
    primary key (org_id, operation_id, player_id),
    constraint attendance_source_check check (source in ('sheet', 'list', 'check_in', 'leave', 'appeal', 'report')),
    constraint attendance_operation_fkey foreign key (org_id, operation_id) references operation (org_id, operation_id) on delete cascade,
    constraint attendance_player_fkey foreign key (org_id, player_id) references player (org_id, player_id) on delete cascade,
    constraint attendance_state_fkey foreign key (org_id, state_id) references attendance_state (org_id, state_id),
    constraint attendance_group_fkey foreign key (org_id, group_id) references roster_group (org_id, group_id),
    constraint attendance_rank_fkey foreign key (org_id, rank_id) references rank (org_id, rank_id)
);
create index attendance_player_idx on attendance (org_id, player_id);
create index attendance_group_idx on attendance (org_id, group_id);

-- What was written before, kept for review (§9.6).
create table attendance_correction (
    org_id uuid not null,
    correction_id uuid not null,
    operation_id uuid not null,
    player_id uuid not null,
    from_state_id uuid,
    to_state_id uuid,
    reason text not null default '',
    at timestamptz not null,
    actor_id uuid,
    actor_name text not null,
    reviewed_at timestamptz,
    reviewed_by uuid,
    primary key (org_id, correction_id),
    constraint attendance_correction_change_check check (from_state_id is not null or to_state_id is not null),
    constraint attendance_correction_operation_fkey foreign key (org_id, operation_id) references operation (org_id, operation_id) on delete cascade,
    constraint attendance_correction_player_fkey foreign key (org_id, player_id) references player (org_id, player_id) on delete cascade,
    constraint attendance_correction_from_fkey foreign key (org_id, from_state_id) references attendance_state (org_id, state_id),
    constraint attendance_correction_to_fkey foreign key (org_id, to_state_id) references attendance_state (org_id, state_id)
);
create index attendance_correction_operation_idx on attendance_correction (org_id, operation_id, player_id);

-- "I was there": answered once, by somebody else.
create table attendance_appeal (
    org_id uuid not null,
    appeal_id uuid not null,
    operation_id uuid not null,
    player_id uuid not null,
    text text not null,
    made_at timestamptz not null,
    state text not null default 'pending',
    answer text not null default '',
    answered_at timestamptz,
    answered_by uuid,
    answered_name text not null default '',
    primary key (org_id, appeal_id),
    constraint attendance_appeal_state_check check (state in ('pending', 'granted', 'declined', 'withdrawn')),
    constraint attendance_appeal_answered_check check ((state = 'pending') = (answered_at is null)),
    constraint attendance_appeal_operation_fkey foreign key (org_id, operation_id) references operation (org_id, operation_id) on delete cascade,
    constraint attendance_appeal_player_fkey foreign key (org_id, player_id) references player (org_id, player_id) on delete cascade
);
create unique index attendance_appeal_pending_key on attendance_appeal (org_id, operation_id, player_id) where state = 'pending';

-- A link by which those who are there check in themselves, for minutes. Only the token's hash is kept.
create table check_in_link (
    org_id uuid not null,
    operation_id uuid not null,
    token_hash text not null,
    created_at timestamptz not null,
    expires_at timestamptz not null,
    created_by uuid,
    primary key (org_id, operation_id),
    constraint check_in_link_token_hash_key unique (token_hash),
    constraint check_in_link_operation_fkey foreign key (org_id, operation_id) references operation (org_id, operation_id) on delete cascade
);

-- What became of it (§9.8), in Markdown.
create table after_action (
    org_id uuid not null,
    operation_id uuid not null,
    text text not null,
    filed_at timestamptz not null,
    filed_by uuid,
    filed_name text not null,
    version bigint not null default 1,
    primary key (org_id, operation_id),
    constraint after_action_operation_fkey foreign key (org_id, operation_id) references operation (org_id, operation_id) on delete cascade
);

-- Reminders that are to be sent, and those that were.
create table operation_reminder (
    org_id uuid not null,
    operation_id uuid not null,
    minutes_before bigint not null,
    due_at timestamptz not null,
    sent_at timestamptz,
    primary key (org_id, operation_id, minutes_before),
    constraint operation_reminder_minutes_check check (minutes_before between 5 and 43200),
    constraint operation_reminder_operation_fkey foreign key (org_id, operation_id) references operation (org_id, operation_id) on delete cascade
);
create index operation_reminder_due_idx on operation_reminder (due_at) where sent_at is null;

-- The secret address of a calendar feed (§9.2): a person's, or, without one, that of the Org's public
-- part. Only the token's hash is kept.
create table calendar_feed (
    org_id uuid not null,
    feed_id uuid not null,
    player_id uuid,
    name text not null,
    token_hash text not null,
    -- Which of my answers it shows, separated by spaces; empty is all.
    answers text not null default '',
    created_at timestamptz not null,
    last_read_at timestamptz,
    primary key (org_id, feed_id),
    constraint calendar_feed_token_hash_key unique (token_hash),
    constraint calendar_feed_player_fkey foreign key (org_id, player_id) references player (org_id, player_id) on delete cascade,
    constraint calendar_feed_org_fkey foreign key (org_id) references org (org_id) on delete cascade
);
create index calendar_feed_player_idx on calendar_feed (org_id, player_id);

-- Leave of absence (§6.4): days, both included. `until` is empty while nobody knows.
create table leave_of_absence (
    org_id uuid not null,
    leave_id uuid not null,
    player_id uuid not null,
    from_day text not null,
    until_day text,
    reason text not null default '',
    kind text not null default 'planned',
    state text not null default 'pending',
    asked_at timestamptz not null,
    answer text not null default '',
    answered_at timestamptz,
    answered_by uuid,
    answered_name text not null default '',
    version bigint not null default 1,
    primary key (org_id, leave_id),
    constraint leave_of_absence_order_check check (until_day is null or until_day >= from_day),
    constraint leave_of_absence_kind_check check (kind in ('planned', 'late', 'emergency')),
    constraint leave_of_absence_state_check check (state in ('pending', 'approved', 'declined', 'withdrawn')),
    constraint leave_of_absence_player_fkey foreign key (org_id, player_id) references player (org_id, player_id) on delete cascade
);
create index leave_of_absence_player_idx on leave_of_absence (org_id, player_id, from_day);
create index leave_of_absence_pending_idx on leave_of_absence (org_id) where state = 'pending';

-- An answer that leave changed, what it was before (nothing: there was none), and its version then:
-- it comes back when the leave ends early, unless somebody changed it meanwhile.
create table leave_answer (
    org_id uuid not null,
    leave_id uuid not null,
    operation_id uuid not null,
    rsvp_id uuid not null,
    before text not null,
    version bigint not null,
    primary key (org_id, leave_id, operation_id),
    constraint leave_answer_leave_fkey foreign key (org_id, leave_id) references leave_of_absence (org_id, leave_id) on delete cascade,
    constraint leave_answer_rsvp_fkey foreign key (org_id, operation_id, rsvp_id) references rsvp (org_id, operation_id, rsvp_id) on delete cascade
);
create index leave_answer_rsvp_idx on leave_answer (org_id, operation_id, rsvp_id);

-- The operation an event is about, for its history.
alter table event add column operation_id uuid;
create index event_operation_idx on event (org_id, operation_id, seq);

-- The shipped types have operations, but for groups of game servers. Whoever may edit the roster plans
-- operations; whoever places members fills billets and records attendance.
update org_type set modules = modules || ' operations',
       access = access || ' operation.plan operation.fill attendance.record leave.review operation.configure'
 where type_id in ('muster.unit', 'muster.guild', 'muster.alliance');
update org_type_rank set access = access || ' operation.fill attendance.record leave.review'
 where access like '%roster.assign%' and type_id in ('muster.unit', 'muster.guild', 'muster.alliance');
update org_type_rank set access = access || ' operation.plan operation.configure'
 where access like '%roster.edit%' and type_id in ('muster.unit', 'muster.guild', 'muster.alliance');
