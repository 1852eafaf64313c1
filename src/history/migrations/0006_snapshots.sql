-- What a run read: the records of every table, and the files that they came from.

create table snapshot (
    run_id     text    not null references run (run_id),
    table_name text    not null,
    file       text    not null,               -- below state/
    of_run     text    not null,               -- the run that read it: an earlier one where this run did not read the table whole
    records    integer not null,
    parts      text    not null,               -- JSON: height, source, file, sheet, letters, in the order of the records
    primary key (run_id, table_name)
) strict, without rowid;

create table source_file (
    run_id          text    not null references run (run_id),
    file            text    not null,          -- as reports show it; a pattern that no file matches
    source          text    not null,          -- as hedui.toml has it
    feeds           text    not null,          -- tables, joined by a blank
    department      text    not null,          -- empty where the file is not one department's
    state           text    not null check (state in ('read', 'missing', 'unread')),
    modified_at     text    not null,          -- RFC 3339; empty where there is no file
    received_on     text    not null,          -- a day that stands in its path; empty without
    sha256          text    not null,
    unchanged_since text    not null,          -- the as-of day of the first run in a row that saw the same content; empty: it is new
    records         integer not null,
    primary key (run_id, file)
) strict, without rowid;
