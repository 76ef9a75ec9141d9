-- A user who belongs to several Orgs of a type when it begins to allow only one has a seat in each of
-- them, so that leaving one does not open the way into a third.
select set_config('muster.system', 'on', true);

alter table sole_membership drop constraint sole_membership_pkey;
alter table sole_membership add primary key (user_id, type_id, org_id);

insert into sole_membership (user_id, type_id, org_id)
select p.user_id, o.type_id, o.org_id
  from player p
  join org o on o.org_id = p.org_id
  join org_type t on t.type_id = o.type_id and t.one_per_person
 where p.user_id is not null and p.standing not in ('left', 'kicked', 'banned')
on conflict (user_id, type_id, org_id) do nothing;
