-- SQLite only: an answered appeal is immutable (§9.6), and the defaults of Orgs that exist.
create trigger attendance_appeal_immutable before update on attendance_appeal
    when old.state <> 'pending'
begin
    select raise(abort, 'attendance_appeal is immutable once answered');
end;
create trigger attendance_appeal_kept before delete on attendance_appeal
    when old.state <> 'pending'
     and exists (select 1 from operation where org_id = old.org_id and operation_id = old.operation_id)
     and exists (select 1 from player where org_id = old.org_id and player_id = old.player_id)
begin
    select raise(abort, 'attendance_appeal is immutable once answered');
end;

-- What the program inserts for a new Org (`features::operations`), for those that are there already.
insert into attendance_state (org_id, state_id, name, name_key, abbreviation, credit, excused, counts, used_for, tone, sort_order)
select o.org_id, randomblob(16), s.name, s.name_key, s.abbreviation, s.credit, s.excused, s.counts, s.used_for, s.tone, s.sort_order
  from org o cross join (
      select 'Present' as name, 'present' as name_key, 'P' as abbreviation, 100 as credit, false as excused, true as counts, 'present' as used_for, 'good' as tone, 0 as sort_order
      union all select 'Late', 'late', 'L', 50, false, true, '', 'warning', 1
      union all select 'Excused', 'excused', 'E', 0, true, true, '', 'neutral', 2
      union all select 'On leave', 'on leave', 'LOA', 0, true, true, 'leave', 'neutral', 3
      union all select 'Absent', 'absent', 'A', 0, false, true, 'absent', 'bad', 4
      union all select 'Standby', 'standby', 'S', 100, false, true, '', 'good', 5
  ) s;

insert into operation_category (org_id, category_id, name, name_key, hue, mark, counts, sort_order)
select o.org_id, randomblob(16), c.name, c.name_key, c.hue, c.mark, c.counts, c.sort_order
  from org o cross join (
      select 'Operation' as name, 'operation' as name_key, 25 as hue, 'diamond' as mark, true as counts, 0 as sort_order
      union all select 'Training', 'training', 215, 'square', true, 1
      union all select 'Meeting', 'meeting', 140, 'disc', false, 2
      union all select 'Social', 'social', 310, 'star', false, 3
  ) c;
