//! How rows are typed: dates as text, full-width digits, invisible characters, thousands separators. Harmless mess,
//! which a careful reader folds away, spread over good and bad rows alike.
//!
//! Apart from `mess` because nothing here makes a value wrong, so it is neither mended nor counted. It knows columns,
//! not what the rules ask of them.

use chrono::{Datelike, NaiveDate, Timelike};

use super::dice::{Dice, Stream};
use super::mess::Dossier;
use super::tables::{Cell, Row, at};

/// Types the customer's rows as somebody would.
pub(super) fn untidy(dossier: &mut Dossier, seed: u64, index: u64) {
    let mut dice = Dice::new(seed, index, Stream::Typing);
    card(&mut dossier.card, &mut dice);
    for row in &mut dossier.contracts {
        if matches!(row[3], Cell::Amount(hundredths) if hundredths >= 100_000) && dice.permille(250) {
            row[3] = separated(&row[3]);
        }
        dates(row, 70, &mut dice);
        number(&mut row[1], &mut dice);
    }
    for row in &mut dossier.visits {
        dates(row, 60, &mut dice);
        number(&mut row[1], &mut dice);
    }
    for row in &mut dossier.changes {
        dates(row, 60, &mut dice);
    }
    for row in &mut dossier.contacts {
        if dice.permille(60) {
            as_number(&mut row[3]);
        }
        number(&mut row[0], &mut dice);
    }
}

fn card(row: &mut Row, dice: &mut Dice) {
    match dice.below(100) {
        0..9 => as_number(&mut row[at::PHONE]),
        9 | 10 => change(&mut row[at::PHONE], wide),
        11 => change(&mut row[at::PHONE], |text| format!("\u{202d}{text}\u{202c}")),
        12 => change(&mut row[at::PHONE], |text| format!("{text}\u{200b}")),
        13 | 14 => change(&mut row[at::PHONE], |text| {
            if text.len() == 11 && text.starts_with('1') { format!("+86-{text}") } else { text.to_owned() }
        }),
        _ => {}
    }
    match dice.below(100) {
        0 | 1 => change(&mut row[at::NAME], |text| format!("{text}\u{a0}")),
        2 => change(&mut row[at::NAME], |text| format!("\u{3000}{text}")),
        3 => change(&mut row[at::NAME], |text| format!(" {text}  ")),
        4 | 5 => change(&mut row[at::NAME], |text| text.replace('（', "(").replace('）', ")")),
        6 => change(&mut row[at::ADDRESS], |text| format!("{text}\u{feff}")),
        _ => {}
    }
    match dice.below(100) {
        0 | 1 => change(&mut row[at::USCC], str::to_ascii_lowercase),
        2 => change(&mut row[at::USCC], wide),
        3 => change(&mut row[at::USCC], |text| {
            if text.len() == 18 { format!("{} {} {}", &text[..8], &text[8..17], &text[17..]) } else { text.to_owned() }
        }),
        4 => change(&mut row[at::USCC], |text| format!("{text}\u{200b}")),
        _ => {}
    }
    match dice.below(100) {
        0 => change(&mut row[at::EMAIL], str::to_ascii_uppercase),
        1 => change(&mut row[at::EMAIL], |text| format!("{text}\u{a0}")),
        2 => change(&mut row[at::EMAIL], |text| text.replace('@', "＠")),
        _ => {}
    }
    if dice.permille(30) && matches!(row[at::CAPITAL], Cell::Amount(hundredths) if hundredths >= 100_000) {
        row[at::CAPITAL] = separated(&row[at::CAPITAL]);
    }
    number(&mut row[at::ARCHIVE_NO], dice);
    dates(row, 90, dice);
}

/// An archive number, as it is now and then typed or pasted.
fn number(cell: &mut Cell, dice: &mut Dice) {
    match dice.below(200) {
        0 | 1 => change(cell, wide),
        2 => change(cell, |text| format!("{text}\u{a0}")),
        3 => change(cell, |text| format!("\u{200b}{text} ")),
        _ => {}
    }
}

/// Changes a text cell; others stay.
fn change(cell: &mut Cell, how: impl Fn(&str) -> String) {
    if let Cell::Text(text) = cell {
        *cell = how(text).into();
    }
}

/// A mobile number as a number cell.
fn as_number(cell: &mut Cell) {
    if let Cell::Text(text) = cell
        && text.len() == 11
        && text.starts_with('1')
        && let Ok(number) = text.parse()
    {
        *cell = Cell::Number(number);
    }
}

/// ASCII as full-width characters.
fn wide(text: &str) -> String {
    text.chars()
        .map(
            |letter| {
                if letter.is_ascii_graphic() {
                    char::from_u32(letter as u32 + 0xFEE0).unwrap_or(letter)
                } else {
                    letter
                }
            },
        )
        .collect()
}

/// An amount as text, with separators of thousands.
fn separated(cell: &Cell) -> Cell {
    let Cell::Amount(hundredths) = cell else { return cell.clone() };
    let whole = (hundredths / 100).to_string();
    let mut text = String::new();
    for (position, digit) in whole.chars().enumerate() {
        if position > 0 && (whole.len() - position).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text.push_str(&format!(".{:02}", hundredths % 100));
    text.into()
}

/// Makes the date cells of a row text, in so many rows of a thousand, all of them in one of the usual forms.
fn dates(row: &mut Row, share: usize, dice: &mut Dice) {
    if !dice.permille(share) {
        return;
    }
    let form = dice.below(6);
    for cell in row.iter_mut() {
        match cell {
            Cell::Day(day) => *cell = written(*day, form).into(),
            Cell::Minute(at) => {
                let separator = if form == 3 { 'T' } else { ' ' };
                let seconds = if form == 5 { ":27" } else { "" };
                *cell =
                    format!("{}{separator}{}:{:02}{seconds}", written(at.date(), form), at.hour(), at.minute()).into();
            }
            _ => {}
        }
    }
}

fn written(day: NaiveDate, form: usize) -> String {
    let (year, month, date) = (day.year(), day.month(), day.day());
    match form {
        0 => format!("{year}.{month}.{date}"),
        1 => format!("{year}年{month}月{date}日"),
        2 => format!("{year}{month:02}{date:02}"),
        3 => format!("{year}-{month:02}-{date:02}"),
        4 => format!("{year}/{month}/{date}"),
        _ => format!("{year}-{month}-{date}"),
    }
}
