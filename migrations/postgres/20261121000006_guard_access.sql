-- PostgreSQL only: row security for the new tables of tenants, an actioned request is immutable
-- (§5.1), and Orgs founded before ranks existed get those of their type.
select set_config('muster.system', 'on', true);

do $$
declare
    tenant_table text;
begin
    foreach tenant_table in array array[
        'rank', 'rank_set', 'rank_title', 'group_rank_set', 'rank_holding', 'group_manager_group',
        'join_request', 'notice', 'notice_cursor', 'bulk_plan', 'founding_offer'
    ] loop
        execute format('alter table %I enable row level security', tenant_table);
        execute format('alter table %I force row level security', tenant_table);
        execute format(
            'create policy tenant on %I
                using (org_id = nullif(current_setting(''muster.org'', true), '''')::uuid
                       or current_setting(''muster.system'', true) = ''on'')
                with check (org_id = nullif(current_setting(''muster.org'', true), '''')::uuid
                       or current_setting(''muster.system'', true) = ''on'')',
            tenant_table);
    end loop;
end
$$;

create function join_request_immutable() returns trigger language plpgsql as $$
begin
    if tg_op = 'DELETE' and not exists (select 1 from org where org_id = old.org_id) then
        return old;
    end if;
    raise exception 'join_request is immutable once actioned';
end
$$;
create trigger join_request_immutable before update or delete on join_request
    for each row when (old.state <> 'pending') execute function join_request_immutable();

insert into rank (org_id, rank_id, name, name_key, abbreviation, insignia, level, access, is_default, is_guest)
select o.org_id, gen_random_uuid(), t.name, lower(t.name), t.abbreviation, t.insignia, t.level, t.access, t.is_default, t.is_guest
  from org o join org_type_rank t on t.type_id = o.type_id;

insert into rank_holding (org_id, holding_id, player_id, rank_id, since, rank_name, level)
select p.org_id, gen_random_uuid(), p.player_id, r.rank_id, p.joined_at, r.name, r.level
  from player p join rank r on r.org_id = p.org_id and r.is_default;

insert into notice_cursor (org_id, seq) select org_id, event_seq from org;
