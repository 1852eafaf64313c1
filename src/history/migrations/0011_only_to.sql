-- A run that was mailed to one address only has not reported its period: what falls due is told without it.

alter table run add column only_to text not null default '';   -- the address; empty where everybody was mailed to
