-- The register of what was sent to whom needs, beside the ledger, how many rows the reader saw, what he was allowed to
-- see, and what for; and what of our own copies was given up, by whom and why.

create table register_note (
    delivery_id integer primary key references delivery (id),
    rows_listed integer not null,              -- rows of the lists in its files
    clearance   text    not null,              -- the highest 密级 that its reader may see
    purpose     text    not null               -- of the report, in the words of its readers
) strict;

create table purged (
    id     integer primary key,
    at     text    not null,                   -- RFC 3339
    by     text    not null,
    kind   text    not null,                   -- snapshots, findings, reports, mails, destroyed
    what   text    not null,                   -- run, file or record's key
    count  integer not null,                   -- files or rows
    bytes  integer not null,
    reason text    not null
) strict;
