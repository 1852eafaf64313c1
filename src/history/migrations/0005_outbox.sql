-- Mails that wait for an approval, mails in several parts, mails to a person; and what the register of what was sent to
-- whom needs to say.

alter table delivery add column person      text    not null default '';  -- whose report it is; empty: a department's, or nobody's
alter table delivery add column draft       integer not null default 0;   -- 1: what is shown for approval, marked as such
alter table delivery add column part        integer not null default 1;
alter table delivery add column parts       integer not null default 1;   -- of how many mails that carry one report together
alter table delivery add column secrecy     text    not null default '';  -- the highest 密级 of what the report was made of
alter table delivery add column files       text    not null default '[]'; -- [{name, bytes, sha256, left}]: attached, or left at a place
alter table delivery add column released_at text    not null default '';  -- RFC 3339; empty where nobody had to approve
alter table delivery add column released_by text    not null default '';
