//! One report of one run in the making: who its readers are, what each of them sees, and the document that comes of it.
//!
//! Apart from what asks for reports because here the run is looked at once for every different reader: nothing that a
//! reader must not see gets into what his document is made of.

use super::access::seen::Seen;
use super::access::{self, Lens, Reader};
use super::blocks::Block;
use super::customers::Customers;
use super::definition::{Audience, Definition};
use super::document::{Addressed, Attachment, Disclosed, Document, Draft};
use super::format::{file_names, json, workbook};
use super::input::ReportInput;
use super::persons::{self, Personal};
use super::share::{self, Share, Shares};
use super::strings::Strings;
use super::templates::Templates;
use super::view::{self, View};
use super::{RenderError, analysis, draft, handling, listing, mail, sheets};

/// A report in the making.
pub struct Making<'m> {
    /// Its name.
    pub report: &'m str,
    /// Its definition.
    pub definition: &'m Definition,
    /// The templates.
    pub templates: &'m Templates,
    /// The words of its language.
    pub strings: &'m Strings,
}

/// Whom a document is for.
struct Wanted<'w> {
    department: Option<&'w str>,
    person: Option<&'w str>,
    reader: Reader,
}

/// The names of a document's workbooks: that of all, and that of important customers.
struct Names {
    all: String,
    apart: String,
}

impl Making<'_> {
    /// The documents of the report that are wanted; which these are is asked of a document without its contents.
    pub fn documents(
        &self,
        input: &ReportInput<'_>,
        is_wanted: &dyn Fn(&Document) -> bool,
    ) -> Result<Vec<Document>, RenderError> {
        let customers = Customers::of_all(input);
        let wanted = self.wanted(input, &customers);
        let names = self.names(input, &wanted);
        let mut different: Vec<Reader> = wanted.iter().map(|wanted| wanted.reader).collect();
        different.sort_unstable();
        different.dedup();
        let mut documents: Vec<(usize, Document)> = Vec::with_capacity(wanted.len());
        // Readers who may see the same share what is made of the run for them; one at a time is held.
        for reader in different {
            let seen = Seen::of(input, &Lens::new(input.access, reader, input.language));
            let findings = seen.findings(input);
            let own = ReportInput { reader, ..seen.input(input, &findings) };
            let mut shares = share::split(&own, &customers, self.definition.sorting);
            let mut personal = self.personal(input, &own, &shares);
            if own.issue.part.1 > 1 {
                let all = shares.departments.iter_mut().chain([&mut shares.whole]);
                all.chain(personal.iter_mut().map(|personal| &mut personal.share))
                    .for_each(|share| in_part(share, &own));
            }
            for (place, wanted) in wanted.iter().enumerate().filter(|(_, wanted)| wanted.reader == reader) {
                let personal = personal.get(place);
                let share = match (personal, wanted.department) {
                    (Some(personal), _) => &personal.share,
                    (None, Some(_)) => &shares.departments[place],
                    (None, None) => &shares.whole,
                };
                if self.definition.sending.only_to_do && !has_work(share, personal) {
                    continue;
                }
                let apart = (!share.apart.is_empty()).then_some(names[place].apart.as_str());
                let mut view = View::new(&own, share, &shares, self.strings, self.definition).beside(apart);
                view.person = personal.and_then(|personal| personal.person).map(|person| person.name.as_str());
                let outline = outline(self.report, &view, personal);
                if is_wanted(&outline) && listing::is_wanted(&view) {
                    let document = self.document(&view, outline, &shares, &names[place])?;
                    documents.push((place, document.led_by(&lead(&view, personal))));
                }
            }
        }
        documents.sort_by_key(|(place, _)| *place);
        Ok(documents.into_iter().map(|(_, document)| document).collect())
    }

    /// Everybody whom a document is for, and what he may see.
    fn wanted<'w>(&self, input: &'w ReportInput<'w>, customers: &Customers) -> Vec<Wanted<'w>> {
        let audience = self.definition.audience;
        let mut wanted: Vec<Wanted<'w>> = match audience {
            Audience::Departments => share::recipients(input)
                .into_iter()
                .map(|department| Wanted {
                    department: Some(department),
                    person: None,
                    reader: input.access.reader(audience, Some(department)),
                })
                .collect(),
            Audience::Persons => {
                let shares = share::split(input, customers, self.definition.sorting);
                let personal = self.personal(input, input, &shares);
                let wanted = personal.iter().map(|personal| Wanted {
                    department: personal.department,
                    person: personal.person.map(|person| person.name.as_str()),
                    reader: personal.reader(input),
                });
                wanted.collect()
            }
            Audience::Service | Audience::Leader | Audience::Management | Audience::Administrator => {
                vec![Wanted { department: None, person: None, reader: input.access.reader(audience, None) }]
            }
        };
        if input.issue.is_draft {
            // The leader sees no more of a draft than he may see of anything.
            let leader = input.access.reader(Audience::Leader, None);
            for Wanted { reader, .. } in &mut wanted {
                reader.clearance = reader.clearance.min(leader.clearance);
                reader.unmasked &= leader.unmasked;
            }
        }
        wanted
    }

    /// The shares of persons; none where the report goes to departments or to all.
    fn personal<'a>(
        &self,
        whole: &ReportInput<'_>,
        own: &'a ReportInput<'a>,
        shares: &Shares<'a>,
    ) -> Vec<Personal<'a>> {
        match self.definition.audience {
            Audience::Persons => persons::split(whole, own, shares, self.definition.sending.copy_manager_after),
            _ => Vec::new(),
        }
    }

    /// The workbooks' names, each different from all others.
    fn names(&self, input: &ReportInput<'_>, wanted: &[Wanted<'_>]) -> Vec<Names> {
        let named = |wanted: &Wanted<'_>| {
            view::attachment(input, self.definition, self.strings, wanted.department, wanted.person)
        };
        let mut all: Vec<String> = wanted.iter().map(named).collect();
        let apart: Vec<String> =
            all.iter().map(|name| self.strings.fill("file.important", &[("name", name)])).collect();
        all.extend(apart);
        let mut legal = file_names::legal(all.iter().map(String::as_str), "xlsx");
        let apart = legal.split_off(wanted.len());
        legal.into_iter().zip(apart).map(|(all, apart)| Names { all, apart }).collect()
    }

    fn document(
        &self,
        view: &View<'_>,
        outline: Document,
        shares: &Shares<'_>,
        names: &Names,
    ) -> Result<Document, RenderError> {
        let mut drafted = draft(view);
        access::gate::shut(&mut drafted, view.lens);
        let mail =
            mail::write(self.report, view, &drafted, &names.all, self.templates).map_err(RenderError::Template)?;
        let json = json::write(&about(self.report, view, &drafted), &drafted);
        let lists = view.input.verification.filter(|_| self.definition.verification.is_some());
        let mut rows = match lists {
            Some(facts) => facts.lists_of(view).map(|list| list.rows).sum(),
            None => drafted.rows_listed(&sheets::without_records(self.strings)),
        };
        let mut attachments = match lists {
            Some(facts) => facts.lists_of(view).map(|list| list.attachment.clone()).collect(),
            None => vec![self.workbook(drafted, view, &names.all)?],
        };
        if view.apart.is_some() {
            let definition = self.definition.of_lists();
            let share = view.share.of_the_apart();
            let view = View::new(view.input, &share, shares, self.strings, &definition);
            let title = self.strings.fill("file.important", &[("name", &view.title())]);
            let mut drafted = Draft { title, sheets: sheets::make(&view), mail: std::collections::BTreeMap::new() };
            access::gate::shut(&mut drafted, view.lens);
            rows += drafted.rows_listed(&sheets::without_records(self.strings));
            attachments.push(self.workbook(drafted, &view, &names.apart)?);
        }
        let disclosed = Disclosed { rows, ..outline.disclosed };
        Ok(Document {
            subject: mail.subject,
            text: mail.text,
            html: mail.html,
            attachments,
            json,
            disclosed,
            ..outline
        })
    }

    /// A workbook, with what its readers must keep to at the foot of its first sheet.
    fn workbook(&self, mut drafted: Draft<'_>, view: &View<'_>, name: &str) -> Result<Attachment, RenderError> {
        if let Some(first) = drafted.sheets.first_mut() {
            // Nothing stands below a list: its filter would take it for a row.
            let is_list = |block: &Block<'_>| matches!(block, Block::Table(table) if table.is_list);
            let place = if first.blocks.iter().any(is_list) { 1 } else { first.blocks.len() };
            first.blocks.insert(place, Block::Note(handling::all(view)));
        }
        let level = view.strings.level(view.level());
        // A chart says the day up to which its numbers go.
        let day = analysis::last_day(view).unwrap_or(view.input.as_of);
        let bytes = workbook::write(&drafted, view.input.company, level, day, self.strings, &self.definition.look)
            .map_err(|error| RenderError::Workbook { name: name.to_owned(), error })?;
        Ok(Attachment::new(name.to_owned(), bytes))
    }
}

/// Whether there is something to do; who may not see what he has to do hears at least that there is something.
fn has_work(share: &Share<'_>, personal: Option<&Personal<'_>>) -> bool {
    share.figures.total.counts.to_do() > 0 || personal.is_some_and(|personal| personal.left_out > 0)
}

/// Leaves of a share's lists what belongs into this part.
fn in_part(share: &mut Share<'_>, input: &ReportInput<'_>) {
    share.findings = part_of(&share.findings, input);
    share.apart.findings = part_of(&share.apart.findings, input);
}

/// The findings of this part: the gravest first, as lists have them, then in the order of rules and rows.
fn part_of(findings: &[u32], input: &ReportInput<'_>) -> Vec<u32> {
    let (number, parts) = input.issue.part;
    let mut sorted = findings.to_vec();
    sorted.sort_by_key(|place| std::cmp::Reverse(input.findings[*place as usize].severity));
    let bound = |part: u32| sorted.len() * part as usize / parts as usize;
    sorted[bound(number - 1)..bound(number)].to_vec()
}

/// What a report's JSON says of it.
fn about<'d>(report: &'d str, view: &'d View<'_>, drafted: &'d Draft<'_>) -> json::About<'d> {
    json::About {
        report,
        title: &drafted.title,
        department: view.share.department,
        company: view.input.company,
        period: view.input.period.to_string(),
        revision: view.input.revision,
        as_of: view.input.as_of.to_string(),
    }
}

/// A document without its contents: whose it is, and how confidential.
fn outline(report: &str, view: &View<'_>, personal: Option<&Personal<'_>>) -> Document {
    let person = personal.and_then(|personal| personal.person);
    Document {
        report: report.to_owned(),
        department: view.share.department.map(str::to_owned),
        addressed: Addressed {
            person: person.map(|person| (person.name.clone(), person.department.clone())),
            copies_manager: personal.is_some_and(|personal| personal.overdue > 0),
            is_draft: view.input.issue.is_draft,
        },
        secrecy: view.level(),
        disclosed: Disclosed {
            rows: 0,
            clearance: view.input.reader.clearance,
            purpose: match view.purpose() {
                "" => view.strings.get("mail.purpose").to_owned(),
                purpose => purpose.to_owned(),
            },
        },
        ..Document::default()
    }
}

/// What comes before everything else in a body: counts only, as in all of it.
fn lead(view: &View<'_>, personal: Option<&Personal<'_>>) -> Vec<String> {
    let strings = view.strings;
    let mut lines = Vec::new();
    if view.input.issue.is_draft {
        let places: [(&str, &dyn std::fmt::Display); 2] = [("job", &view.input.job), ("period", &view.input.period)];
        lines.push(strings.fill("issue.draft_note", &places));
    }
    let Some(personal) = personal else { return lines };
    let (people, count) = personal.unreached;
    if people > 0 {
        lines.push(strings.fill("issue.unreached", &[("people", &people), ("count", &count)]));
    }
    if personal.overdue > 0 {
        let days = view.definition.sending.copy_manager_after.unwrap_or_default();
        lines.push(strings.fill("issue.overdue", &[("count", &personal.overdue), ("days", &days)]));
    }
    if personal.left_out > 0 {
        lines.push(strings.fill("issue.left_out", &[("count", &personal.left_out)]));
    }
    lines
}
