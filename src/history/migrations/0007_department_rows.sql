-- Rows of the customers by department: a department that loses half of them over night has lost a file, not its customers.

create table department_row_count (
    run_id     text    not null references run (run_id),
    department text    not null,            -- as the data has it, folded; empty: rows without one
    rows       integer not null,            -- that the next run is compared with: of a run that was not believed, those of the one before
    primary key (run_id, department)
) strict;
