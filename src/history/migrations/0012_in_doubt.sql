-- A mail in doubt that a person gave up on, because it had arrived: the register of what was sent to whom keeps it.

alter table delivery add column in_doubt_since text not null default '';  -- RFC 3339; empty where it was not given up while nobody knew
