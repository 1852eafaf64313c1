-- Verification: the lists that were issued, their rows with the values as they stood, and what came back.

create table verification_batch (
    batch        text    primary key,          -- 2026Q4-国内一部-v1
    period       text    not null,
    period_start text    not null,             -- YYYY-MM-DD
    department   text    not null,
    owner        text    not null,             -- empty where the list is the whole department's
    version      integer not null,
    issued_on    text    not null,
    deadline     text    not null,
    withheld     integer not null,             -- rows left out for their 密级
    content_hash text    not null              -- SHA-256 of rows and columns: the same again is the same list
) strict;

create index verification_period on verification_batch (period);

create table verification_row (
    batch    text    not null references verification_batch (batch),
    position integer not null,
    customer text    not null,
    name     text    not null,
    owner    text    not null,
    facts    text    not null,                 -- JSON: values, shown, damaged
    hash     text    not null,                 -- SHA-256 of the values
    primary key (batch, customer)
) strict;

-- A row a thing that was said: the same answer, read twice, stands once.
create table verification_answer (
    period       text    not null,
    period_start text    not null,
    customer     text    not null,
    batch        text    not null,
    answered     text    not null check (answered in ('confirmed', 'changed', 'unreachable', 'closed', 'ended')),
    corrections  text    not null,             -- JSON: field to new value
    checked_on   text    not null,
    method       text    not null,
    checked_by   text    not null,
    remark       text    not null,
    file         text    not null,
    sheet        text    not null,
    row          integer not null,
    taken_in_on  text    not null,
    hash         text    not null,             -- SHA-256 of what it says
    primary key (period, customer, hash)
) strict;

create table verification_file (
    hash        text primary key,              -- SHA-256 of its bytes
    name        text    not null,
    period      text    not null,
    taken_in_on text    not null,
    accepted    integer not null,
    ignored     integer not null,
    conflicting integer not null
) strict;

create table verification_letter (
    number   text    primary key,              -- 核对函[2026]Q4-0001
    period   text    not null,
    customer text    not null,
    issued_on text   not null,
    unique (period, customer)
) strict;
