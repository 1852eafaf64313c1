//! What the reading of a file depends on, in one number: where anything of it is another, so is the number.
//!
//! Apart because a wrong answer would come of what is forgotten here. So nothing is picked out: sources and dictionary go in
//! as their `Debug` has them, which tells every field, those to come too. Left out are the places of words in `hedui.toml`
//! alone: a line added above a source changes nothing that is read.

use std::fmt::{self, Debug, Write};

use chrono_tz::Tz;
use sha2::{Digest, Sha256};

use crate::config::SourceConfig;
use crate::dictionary::Dictionary;
use crate::text::Language;

/// The program: its version and commit, and a number of its sources, for two builds of one commit may differ.
const PROGRAM: [&str; 2] = [env!("HEDUI_VERSION"), env!("HEDUI_SOURCES")];

/// All that what a file gives depends on, beside the program.
#[derive(Clone)]
pub struct Inputs<'i> {
    /// The file, to the byte.
    pub bytes: &'i [u8],
    /// What load notes call it; its name may fill a field.
    pub shown: &'i str,
    /// The sources that want something of it, in order.
    pub sources: Vec<&'i SourceConfig>,
    /// The dictionary.
    pub dictionary: &'i Dictionary,
    /// The language of load notes.
    pub language: Language,
    /// The company's time zone.
    pub timezone: Tz,
}

/// The number.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Key([u8; 32]);

impl Key {
    /// The number of inputs, by this program.
    pub fn of(inputs: &Inputs) -> Self {
        Self::by(PROGRAM, inputs)
    }

    fn by(program: [&str; 2], inputs: &Inputs) -> Self {
        let Inputs { bytes, shown, sources, dictionary, language, timezone } = inputs;
        let sources: Vec<SourceConfig> = sources.iter().map(|source| without_places(source)).collect();
        let mut all = Sha256::new();
        // each in a number of its own, so that the end of one is not the beginning of the next
        all.update(Sha256::digest(bytes));
        for said in [&program as &dyn Debug, shown, &sources, dictionary, language, &timezone.name()] {
            all.update(told(said));
        }
        Self(all.finalize().into())
    }
}

impl fmt::Display for Key {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(formatter, "{byte:02x}"))
    }
}

impl Debug for Key {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, formatter)
    }
}

/// The number of what a value says of itself.
fn told(value: &dyn Debug) -> [u8; 32] {
    struct Told(Sha256);
    impl Write for Told {
        fn write_str(&mut self, text: &str) -> fmt::Result {
            self.0.update(text);
            Ok(())
        }
    }
    let mut hash = Told(Sha256::new());
    // it cannot fail: a hash takes whatever there is
    let _ = write!(hash, "{value:?}");
    hash.0.finalize().into()
}

/// A source without the places of its words in the file; where one is forgotten, files are parsed once too often.
fn without_places(source: &SourceConfig) -> SourceConfig {
    let mut source = source.clone();
    source.table.span = 0..0;
    source.columns.iter_mut().for_each(|(field, _)| field.span = 0..0);
    let cells = &mut source.cells;
    cells.fill.iter_mut().for_each(|(field, _)| field.span = 0..0);
    for fields in [&mut cells.fill_down, &mut cells.serials, &mut cells.further_rows] {
        fields.iter_mut().for_each(|field| field.span = 0..0);
    }
    if let Some(marks) = &mut source.workbook.marks {
        marks.field.span = 0..0;
    }
    source
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::{CellsConfig, Evaluate, Fill, FillFrom, Hidden, Location, Marks};
    use crate::dictionary::{Field, FieldType, Table};
    use crate::model::Unit;
    use crate::params::Placed;

    fn placed(value: &str) -> Placed<String> {
        Placed { value: value.to_owned(), span: 3..9 }
    }

    fn source() -> SourceConfig {
        let location = Location::Files("data/*.xlsx".to_owned());
        SourceConfig { table: placed("a"), ..SourceConfig::plain("a", location, "data/*.xlsx") }
    }

    fn dictionary() -> Dictionary {
        let table = Table::plain("a", "甲", "A", vec![Field::reckoned("f", FieldType::Text)]);
        Dictionary { tables: vec![table], ..Dictionary::default() }
    }

    /// Each change of a source that the configuration allows.
    fn changed_sources() -> Vec<SourceConfig> {
        type Change = fn(&mut SourceConfig);
        let fill = |from: FillFrom, pattern: Option<&str>| {
            let pattern = pattern.map(|pattern| regex::Regex::new(pattern).expect("a pattern"));
            vec![(placed("f"), Fill { from, pattern })]
        };
        let changes: [Change; 21] = [
            |source| source.table = placed("b"),
            |source| source.location = Location::Files("data/客户.xlsx".to_owned()),
            |source| source.sheet = Some("客户".to_owned()),
            |source| source.sheet = Some("客*".to_owned()),
            |source| source.columns = vec![(placed("f"), "列".to_owned())],
            |source| source.columns = vec![(placed("g"), "列".to_owned())],
            |source| source.encoding = Some(encoding_rs::GBK),
            |source| source.encoding = Some(encoding_rs::GB18030),
            |source| source.header_row = Some(2),
            |source| source.header_row = Some(3),
            |source| source.cells.fill_down = vec![placed("f")],
            |source| source.cells.serials = vec![placed("f")],
            |source| source.cells.further_rows = vec![placed("f")],
            |source| source.cells.separator = Some(';'),
            |source| source.evaluate = Evaluate::Here,
            |source| source.label = "other".to_owned(),
            |source| source.workbook.hidden = Hidden::Skip,
            |source| source.workbook.newest = true,
            |source| source.workbook.marks = Some(Marks { field: placed("f"), fill: Vec::new(), strike: None }),
            |source| {
                source.workbook.marks =
                    Some(Marks { field: placed("f"), fill: vec![(0xff_0000, "红".to_owned())], strike: None });
            },
            |source| {
                source.workbook.marks =
                    Some(Marks { field: placed("f"), fill: Vec::new(), strike: Some("停".to_owned()) });
            },
        ];
        let fills = [
            fill(FillFrom::Sheet, None),
            fill(FillFrom::File, None),
            fill(FillFrom::File, Some("(.)部")),
            fill(FillFrom::File, Some("(.)组")),
            fill(FillFrom::Title, None),
            fill(FillFrom::Fixed("东".to_owned()), None),
            fill(FillFrom::Fixed("西".to_owned()), None),
        ];
        let mut sources: Vec<SourceConfig> = fills
            .into_iter()
            .map(|fill| SourceConfig { cells: CellsConfig { fill, ..CellsConfig::default() }, ..source() })
            .collect();
        sources.extend(changes.into_iter().map(|change| {
            let mut source = source();
            change(&mut source);
            source
        }));
        sources
    }

    fn changed_dictionaries() -> Vec<Dictionary> {
        type Change = fn(&mut Dictionary);
        let changes: [Change; 9] = [
            |dictionary| dictionary.missing = vec!["无".to_owned()],
            |dictionary| dictionary.tables[0].key = Some("f".to_owned()),
            |dictionary| dictionary.tables[0].label = "乙".to_owned(),
            |dictionary| dictionary.tables[0].fields[0].label = "栏".to_owned(),
            |dictionary| dictionary.tables[0].fields[0].aliases = vec!["栏".to_owned()],
            |dictionary| dictionary.tables[0].fields[0].field_type = FieldType::Date,
            |dictionary| dictionary.tables[0].fields[0].optional = false,
            |dictionary| dictionary.tables[0].fields[0].unit = Unit::of("CNY", 4),
            |dictionary| dictionary.tables[0].fields.push(Field::reckoned("g", FieldType::Text)),
        ];
        let changed = changes.into_iter().map(|change| {
            let mut dictionary = dictionary();
            change(&mut dictionary);
            dictionary
        });
        changed.collect()
    }

    #[test]
    fn whatever_changes_changes_the_key() {
        let (source, dictionary) = (source(), dictionary());
        let inputs = Inputs {
            bytes: b"PK",
            shown: "data/a.xlsx",
            sources: vec![&source],
            dictionary: &dictionary,
            language: Language::Zh,
            timezone: chrono_tz::Asia::Shanghai,
        };
        let program = ["0.1.0 (abc)", "1"];
        let mut keys = vec![
            Key::by(program, &inputs),
            Key::by(["0.1.0 (abd)", "1"], &inputs),
            Key::by(["0.1.0 (abc)", "2"], &inputs),
            Key::by(program, &Inputs { bytes: b"PL", ..inputs.clone() }),
            Key::by(program, &Inputs { bytes: b"PKd", shown: "ata/a.xlsx", ..inputs.clone() }),
            Key::by(program, &Inputs { shown: "data/b.xlsx", ..inputs.clone() }),
            Key::by(program, &Inputs { sources: vec![&source, &source], ..inputs.clone() }),
            Key::by(program, &Inputs { language: Language::En, ..inputs.clone() }),
            Key::by(program, &Inputs { timezone: chrono_tz::UTC, ..inputs.clone() }),
        ];
        let (sources, dictionaries) = (changed_sources(), changed_dictionaries());
        for source in &sources {
            keys.push(Key::by(program, &Inputs { sources: vec![source], ..inputs.clone() }));
        }
        for dictionary in &dictionaries {
            keys.push(Key::by(program, &Inputs { dictionary, ..inputs.clone() }));
        }
        let count = keys.len();
        keys.sort_unstable();
        keys.dedup();
        assert_eq!(keys.len(), count);
        assert_eq!(Key::of(&inputs), Key::by(PROGRAM, &inputs));
    }

    #[test]
    fn a_line_added_above_changes_nothing() {
        let dictionary = dictionary();
        let key = |source: &SourceConfig| {
            Key::of(&Inputs {
                bytes: b"PK",
                shown: "data/a.xlsx",
                sources: vec![source],
                dictionary: &dictionary,
                language: Language::Zh,
                timezone: chrono_tz::UTC,
            })
        };
        let moved =
            |placed: &Placed<String>| Placed { span: placed.span.start + 80..placed.span.end + 80, ..placed.clone() };
        for before in [vec![source()], changed_sources()].concat() {
            let mut after = before.clone();
            after.table = moved(&after.table);
            let cells = &mut after.cells;
            for fields in [&mut cells.fill_down, &mut cells.serials, &mut cells.further_rows] {
                fields.iter_mut().for_each(|field| *field = moved(field));
            }
            cells.fill.iter_mut().for_each(|(field, _)| *field = moved(field));
            after.columns.iter_mut().for_each(|(field, _)| *field = moved(field));
            if let Some(marks) = &mut after.workbook.marks {
                marks.field = moved(&marks.field);
            }
            assert_eq!(key(&before), key(&after), "{before:?}");
        }
    }
}
