-- SQLite only: an actioned request is immutable (§5.1), and Orgs founded before ranks existed get
-- those of their type.
create trigger join_request_immutable before update on join_request
    when old.state <> 'pending'
begin
    select raise(abort, 'join_request is immutable once actioned');
end;
create trigger join_request_kept before delete on join_request
    when old.state <> 'pending' and exists (select 1 from org where org_id = old.org_id)
begin
    select raise(abort, 'join_request is immutable once actioned');
end;

insert into rank (org_id, rank_id, name, name_key, abbreviation, insignia, level, access, is_default, is_guest)
select o.org_id, randomblob(16), t.name, lower(t.name), t.abbreviation, t.insignia, t.level, t.access, t.is_default, t.is_guest
  from org o join org_type_rank t on t.type_id = o.type_id;

insert into rank_holding (org_id, holding_id, player_id, rank_id, since, rank_name, level)
select p.org_id, randomblob(16), p.player_id, r.rank_id, p.joined_at, r.name, r.level
  from player p join rank r on r.org_id = p.org_id and r.is_default;

insert into notice_cursor (org_id, seq) select org_id, event_seq from org;
