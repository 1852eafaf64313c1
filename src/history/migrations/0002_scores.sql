-- What of it was well: scores of departments and people (what a score is, is said in src/model/score.rs), and what the
-- tables measured.

create table score (
    run_id     text    not null references run (run_id),
    whose      text    not null check (whose in ('company', 'department')),
    department text    not null,               -- empty for the company, and where no department was found
    dimension  text    not null,
    severity   text    not null,               -- info is recorded and enters no score
    rule_id    text    not null,
    table_name text    not null,
    tested     integer not null,
    failing    integer not null,               -- without the waived
    outcome    text    not null,
    primary key (run_id, whose, department, rule_id, table_name)
) strict, without rowid;

-- Dimension and severity of a rule are those of its line for the company.
create table person_score (
    run_id     text    not null references run (run_id),
    department text    not null,
    person     text    not null,               -- empty where no owner was found
    rule_id    text    not null,
    table_name text    not null,
    tested     integer not null,
    failing    integer not null,
    primary key (run_id, department, person, rule_id, table_name)
) strict, without rowid;

-- Of tables that were read whole. An empty field stands for the records themselves.
create table measure (
    run_id     text    not null references run (run_id),
    table_name text    not null,
    source     text    not null,
    field      text    not null,
    rows       integer not null,
    filled     integer not null,
    primary key (run_id, table_name, source, field)
) strict, without rowid;
