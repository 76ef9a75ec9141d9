-- The root group stands for the organisation, whose name is unique among organisations. It takes no
-- name away from the groups: a group may be called like its organisation.
update roster_group set name_key = '' where parent_id is null;
