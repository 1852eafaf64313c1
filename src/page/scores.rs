//! Scores by department and dimension: charts over periods, bars of now beside those of before, and all of it in figures.
//!
//! Apart because it chooses what is drawn. What a score is, `model::score` says; people are not on the page.

use std::collections::BTreeMap;

use minijinja::Value;

use super::chart::{self, Bar, Line, Scale};
use super::input::{JobState, PageInput, Point};
use super::veil::Veil;
use crate::model::{Dimension, Ratio, Scores, Status, Whose};
use crate::report::Strings;

/// Lines that a chart holds before nobody can tell them apart.
const MOST_LINES: usize = 7;

/// All dimensions together, then each of the six.
type Ratios = [Ratio; 1 + Dimension::ALL.len()];

/// The scores of every job that has any.
pub fn view(input: &PageInput<'_>, veil: &Veil<'_>, strings: &Strings) -> Vec<Value> {
    let jobs = input.jobs.iter().enumerate().filter(|(_, job)| !job.points.is_empty());
    jobs.map(|(number, job)| Drawing::of(number, job, veil, strings).job_scores()).collect()
}

/// One job being drawn.
struct Drawing<'a> {
    number: usize,
    job: &'a JobState<'a>,
    veil: &'a Veil<'a>,
    strings: &'a Strings,
    periods: Vec<String>,
    sums: Vec<BTreeMap<&'a Whose, Ratios>>,
}

impl<'a> Drawing<'a> {
    fn of(number: usize, job: &'a JobState<'a>, veil: &'a Veil<'a>, strings: &'a Strings) -> Self {
        let periods = job.points.iter().map(|point| point.period.clone()).collect();
        let sums = job.points.iter().map(|point| sums(&point.scores)).collect();
        Self { number, job, veil, strings, periods, sums }
    }

    fn job_scores(&self) -> Value {
        let (strings, job) = (self.strings, self.job);
        let period = strings.written_period(job.period);
        object! {
            job: job.job,
            heading: strings.fill("page.job_heading", &[("job", &job.job), ("period", &period), ("day", &job.as_of)]),
            charts: vec![self.by_department(), self.by_dimension(), self.dimensions_now(), self.findings()],
            matrix: self.matrix(),
        }
    }

    fn id(&self, name: &str) -> String {
        format!("{name}-{}", self.number)
    }

    /// What stands below a chart: unit, cut-off date, and the periods that it spans.
    fn caption(&self, unit: &str, more: &[String]) -> String {
        let name =
            |period: Option<&String>| period.map_or_else(String::new, |period| self.strings.written_period(period));
        let (first, last) = (name(self.periods.first()), name(self.periods.last()));
        let span = match self.periods.len() {
            1 => self.strings.fill("page.chart_one", &[("last", &last)]),
            _ => self.strings.fill("page.chart_span", &[("first", &first), ("last", &last)]),
        };
        let day = self.strings.fill("page.chart_day", &[("day", &self.job.as_of)]);
        let parts = [self.strings.get(unit).to_owned(), span, day];
        parts.into_iter().chain(more.iter().cloned()).collect::<Vec<_>>().join(self.strings.get("page.between"))
    }

    /// Lines of percentages.
    fn shares(&self, id: &str, title: &str, names: &[String], ratios: &[Vec<Ratio>], more: &[String]) -> Value {
        let series: Vec<Line<'_>> = names
            .iter()
            .zip(ratios)
            .map(|(name, ratios)| Line { name, values: ratios.iter().map(|ratio| share(*ratio)).collect() })
            .collect();
        let values = ratios.iter().flatten().filter_map(|ratio| share(*ratio).map(|(value, _)| value));
        let scale = Scale::of_percentages(values);
        let mut more = more.to_vec();
        if scale.from > 0.0 {
            more.push(self.strings.fill("page.chart_from", &[("from", &scale.from)]));
        }
        self.line_chart(id, title, scale, &series, self.caption("page.unit_percent", &more))
    }

    fn line_chart(&self, id: &str, title: &str, scale: Scale, series: &[Line<'_>], caption: String) -> Value {
        let id = self.id(id);
        let title = self.strings.get(title).to_owned();
        let last = |line: &Line<'_>| {
            let written = line.values.last().and_then(|value| value.as_ref()).map(|(_, written)| written.as_str());
            let value = written.unwrap_or_else(|| self.strings.get("scores.no_data"));
            self.strings.fill("list.named", &[("name", &line.name), ("value", &value)])
        };
        let said = self.strings.joined(series.iter().map(last));
        let description = format!("{caption}{}{said}", self.strings.get("page.between"));
        let svg = chart::lines(&id, &title, &description, &self.periods, scale, series);
        let legend = |(number, line): (usize, &Line<'_>)| {
            object! { name: last(line), sample: Value::from_safe_string(chart::sample(number)) }
        };
        let legend: Vec<Value> = series.iter().enumerate().map(legend).collect();
        object! { id: id, title: title, svg: Value::from_safe_string(svg), legend: legend, caption: caption }
    }

    fn by_department(&self) -> Value {
        let now = self.sums.last();
        let mut departments: Vec<(&Whose, Ratio)> = now
            .into_iter()
            .flatten()
            .filter(|(whose, ratios)| ***whose != Whose::Company && ratios[0].tested > 0)
            .map(|(whose, ratios)| (*whose, ratios[0]))
            .collect();
        let all = departments.len();
        if all >= MOST_LINES {
            departments.sort_by(|left, right| left.1.by_share(right.1).then(left.0.cmp(right.0)));
            departments.truncate(MOST_LINES - 1);
        }
        let more = (all > departments.len())
            .then(|| self.strings.fill("page.chart_cut", &[("count", &all), ("shown", &departments.len())]));
        let whose: Vec<&Whose> =
            [&Whose::Company].into_iter().chain(departments.iter().map(|(whose, _)| *whose)).collect();
        let names: Vec<String> = whose.iter().map(|whose| self.name(whose)).collect();
        let ratios: Vec<Vec<Ratio>> = whose.iter().map(|whose| self.over_time(whose, 0)).collect();
        self.shares("departments", "page.chart_departments", &names, &ratios, &more.into_iter().collect::<Vec<_>>())
    }

    fn by_dimension(&self) -> Value {
        let names = Dimension::ALL.map(|dimension| self.strings.dimension(dimension).to_owned());
        let ratios: Vec<Vec<Ratio>> = (1..=names.len()).map(|place| self.over_time(&Whose::Company, place)).collect();
        self.shares("dimensions", "page.chart_dimensions", &names, &ratios, &[])
    }

    fn dimensions_now(&self) -> Value {
        let ratios = |back: usize| {
            let place = self.sums.len().checked_sub(1 + back)?;
            self.sums.get(place)?.get(&Whose::Company).copied()
        };
        let (now, before) = (ratios(0).unwrap_or_default(), ratios(1).unwrap_or_default());
        let written = |ratio: Ratio| {
            let (value, percent) = share(ratio)?;
            let small = if ratio.is_small() { "scores.small_ratio" } else { "scores.ratio" };
            let ratio = self.strings.fill(small, &[("passed", &ratio.passed), ("tested", &ratio.tested)]);
            Some((value / 100.0, format!("{percent}  {ratio}")))
        };
        let names = Dimension::ALL.map(|dimension| self.strings.dimension(dimension));
        let bars: Vec<Bar<'_>> = names
            .iter()
            .enumerate()
            .map(|(place, name)| Bar {
                name,
                now: written(now[place + 1]),
                before: written(before[place + 1]),
                absent: self.strings.get("scores.no_data"),
            })
            .collect();
        let id = self.id("bars");
        let title = self.strings.get("page.chart_bars").to_owned();
        let more = match self.periods.len() {
            0 | 1 => Vec::new(),
            _ => vec![self.strings.get("page.chart_hollow").to_owned()],
        };
        let day = self.strings.fill("page.chart_day", &[("day", &self.job.as_of)]);
        let parts = [self.strings.get("page.unit_percent").to_owned(), day];
        let caption = parts.into_iter().chain(more).collect::<Vec<_>>().join(self.strings.get("page.between"));
        let said = bars.iter().map(|bar| {
            let value = bar.now.as_ref().map_or(bar.absent, |(_, written)| written.as_str());
            self.strings.fill("list.named", &[("name", &bar.name), ("value", &value)])
        });
        let description = format!("{caption}{}{}", self.strings.get("page.between"), self.strings.joined(said));
        let svg = Value::from_safe_string(chart::bars(&id, &title, &description, &bars));
        object! { id: id, title: title, svg: svg, legend: Vec::<Value>::new(), caption: caption }
    }

    fn findings(&self) -> Value {
        let value = |count: u64| Some((count as f64, count.to_string()));
        let over = |count: fn(&Point) -> u64| self.job.points.iter().map(|point| value(count(point))).collect();
        let to_do = self.strings.get("count.to_do");
        let new = self.strings.get("page.new");
        let resolved = self.strings.get("status.resolved");
        let series = [
            Line { name: to_do, values: over(|point| point.counts.to_do()) },
            Line { name: new, values: over(|point| point.counts.of(Status::New) + point.counts.of(Status::Reopened)) },
            Line { name: resolved, values: over(|point| point.counts.of(Status::Resolved)) },
        ];
        let values = series.iter().flat_map(|line| &line.values).flatten().map(|(value, _)| *value);
        let scale = Scale::of_counts(values);
        self.line_chart("findings-chart", "page.chart_findings", scale, &series, self.caption("page.unit_count", &[]))
    }

    fn matrix(&self) -> Value {
        let columns: Vec<String> = [self.strings.get("scores.overall").to_owned()]
            .into_iter()
            .chain(Dimension::ALL.map(|dimension| self.strings.dimension(dimension).to_owned()))
            .collect();
        let cell = |(ratio, label): (&Ratio, &String)| {
            let key = if ratio.is_small() { "scores.small_ratio" } else { "scores.ratio" };
            object! {
                label: label.as_str(),
                percent: ratio.percent().map(|percent| format!("{percent}%")),
                ratio: self.strings.fill(key, &[("passed", &ratio.passed), ("tested", &ratio.tested)]),
            }
        };
        let row = |(whose, ratios): (&&Whose, &Ratios)| {
            let cells: Vec<Value> = ratios.iter().zip(&columns).map(cell).collect();
            object! { name: self.name(whose), cells: cells }
        };
        let rows: Vec<Value> = self.sums.last().into_iter().flatten().map(row).collect();
        object! { columns: columns, rows: rows }
    }

    fn over_time(&self, whose: &Whose, place: usize) -> Vec<Ratio> {
        self.sums.iter().map(|sums| sums.get(whose).map_or_else(Ratio::default, |ratios| ratios[place])).collect()
    }

    fn name(&self, whose: &Whose) -> String {
        match whose {
            Whose::Company => self.strings.get("scores.company").to_owned(),
            Whose::Department(name) if name.is_empty() => self.strings.get("list.no_department").to_owned(),
            Whose::Department(name) => self.veil.name(name),
        }
    }
}

/// The percentage of a ratio as a number and as it is written everywhere.
fn share(ratio: Ratio) -> Option<(f64, String)> {
    Some((ratio.tenths()? as f64 / 10.0, format!("{}%", ratio.percent()?)))
}

/// The scores of everybody, added up in one pass.
fn sums(scores: &Scores) -> BTreeMap<&Whose, Ratios> {
    let mut sums: BTreeMap<&Whose, Ratios> = BTreeMap::new();
    for line in &scores.lines {
        let sum = sums.entry(&line.whose).or_default();
        let place =
            Dimension::ALL.iter().position(|dimension| *dimension == line.dimension).map_or(0, |place| place + 1);
        for place in [0, place] {
            sum[place] = [sum[place], line.ratio()].into_iter().sum();
        }
    }
    sums
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{Outcome, Score, Severity};

    fn score(whose: Whose, dimension: Dimension, tested: u64, failing: u64) -> Score {
        Score {
            whose,
            dimension,
            severity: Severity::Error,
            rule_id: String::new(),
            table: String::new(),
            tested,
            failing,
            outcome: Outcome::Failed,
        }
    }

    #[test]
    fn the_sums_are_those_of_the_model() {
        let department = Whose::Department("d".to_owned());
        let lines = vec![
            score(Whose::Company, Dimension::Validity, 10, 4),
            score(Whose::Company, Dimension::Completeness, 30, 1),
            score(department.clone(), Dimension::Validity, 4, 4),
        ];
        let scores = Scores { lines, people: Vec::new() };
        let sums = sums(&scores);
        for whose in [&Whose::Company, &department] {
            assert_eq!(sums[whose][0], scores.ratio(whose, None));
            for (place, dimension) in Dimension::ALL.into_iter().enumerate() {
                assert_eq!(sums[whose][place + 1], scores.ratio(whose, Some(dimension)));
            }
        }
    }
}
