-- Looking through another member's eyes ends by itself (§3.6).
alter table session add column see_as_until timestamptz;
