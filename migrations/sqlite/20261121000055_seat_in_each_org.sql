-- A user who belongs to several Orgs of a type when it begins to allow only one has a seat in each of
-- them, so that leaving one does not open the way into a third.
-- SQLite changes no primary key, so the table is made anew; players say what stood in it.
drop table sole_membership;
create table sole_membership (
    user_id uuid not null,
    type_id text not null,
    org_id uuid not null,
    primary key (user_id, type_id, org_id),
    constraint sole_membership_user_fkey foreign key (user_id) references user_account (user_id) on delete cascade,
    constraint sole_membership_org_fkey foreign key (org_id) references org (org_id) on delete cascade
);
create index sole_membership_org_idx on sole_membership (org_id);

insert into sole_membership (user_id, type_id, org_id)
select p.user_id, o.type_id, o.org_id
  from player p
  join org o on o.org_id = p.org_id
  join org_type t on t.type_id = o.type_id and t.one_per_person
 where p.user_id is not null and p.standing not in ('left', 'kicked', 'banned');
