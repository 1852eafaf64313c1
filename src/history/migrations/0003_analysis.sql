-- What an analysis compares with earlier quarters: its key figures, exact, as text. What a key means is said in
-- src/analysis/comparison.rs and never changes.

create table analysis_figure (
    run_id text not null references run (run_id),
    job    text not null,
    period text not null,
    report text not null,                      -- two reports of a job may follow different definitions
    figure text not null,
    value  text not null,
    primary key (run_id, report, figure)
) strict, without rowid;

create index analysis_figure_period on analysis_figure (job, period);
