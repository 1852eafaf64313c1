-- Decisions and facts of runs. Bulk facts (findings, snapshots) are Parquet files that a committed run names.

create table run (
    run_id        text primary key,            -- JOB/PERIOD/rREVISION
    job           text    not null,
    period        text    not null,            -- 2026-W47, 2026-11, 2026Q4, 2026, 2026-11-22
    period_kind   text    not null,
    period_start  text    not null,            -- YYYY-MM-DD, the first day
    revision      integer not null,            -- 1, then 2 … for 更正版
    as_of         text    not null,            -- YYYY-MM-DD
    started_at    text    not null,            -- RFC 3339 in the company's time zone
    seconds       real    not null,
    status        text    not null check (status in ('done', 'partial', 'failed', 'interrupted')),
    compared_with text,                        -- the run_id of the earlier period that it was compared with
    findings_file text    not null,            -- below state/
    known_file    text    not null,            -- below state/: every finding ever seen, by job
    snapshot_file text    not null,            -- below state/: the customers table; empty where there was none
    unique (job, period, revision)
) strict;

create table outcome (
    run_id     text    not null references run (run_id),
    rule_id    text    not null,
    table_name text    not null,
    dimension  text    not null,
    outcome    text    not null,
    tested     integer not null,
    failing    integer not null,
    reason     text    not null,
    primary key (run_id, rule_id, table_name)
) strict;

create table row_count (
    run_id     text    not null references run (run_id),
    table_name text    not null,
    rows       integer not null,
    primary key (run_id, table_name)
) strict;

-- What the trends are drawn from.
create table department_count (
    run_id     text    not null references run (run_id),
    department text    not null,
    status     text    not null,
    findings   integer not null,
    primary key (run_id, department, status)
) strict;

-- The delivery ledger: one row a recipient.
create table delivery (
    id           integer primary key,
    run_id       text    not null references run (run_id),
    job          text    not null,
    report       text    not null,
    period       text    not null,
    revision     integer not null,
    department   text    not null,             -- empty where the report is nobody's in particular
    recipient    text    not null,
    state        text    not null check (state in
        ('held', 'planned', 'sending', 'accepted', 'refused', 'deferred', 'unknown', 'dropped')),
    attempts     integer not null default 0,
    message_id   text    not null unique,
    content_hash text    not null,             -- SHA-256 of what the reader sees: subject, bodies, attachments
    file         text    not null,             -- the .eml below the workplace
    last_reply   text    not null default '',
    next_try_at  text    not null default '',  -- RFC 3339; empty where no try is planned
    created_at   text    not null,
    changed_at   text    not null
) strict;

create index delivery_state on delivery (state);

-- The very bytes that are sent, so that a retry is the same mail; removed once accepted or dropped.
create table delivery_message (
    delivery_id integer primary key references delivery (id),
    message     blob    not null
) strict;
