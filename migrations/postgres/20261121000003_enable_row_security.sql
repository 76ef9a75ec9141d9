-- PostgreSQL only: the second wall between tenants (§1.5). Every transaction of the program names
-- its Org in `muster.org`, or declares itself cross-tenant in `muster.system`; without either, no
-- row is visible. `force` makes the policies hold for the tables' owner too.
do $$
declare
    tenant_table text;
begin
    foreach tenant_table in array array[
        'player', 'co_founder', 'roster_group', 'group_history', 'role', 'position', 'membership',
        'group_manager', 'invitation', 'event', 'import_run'
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
