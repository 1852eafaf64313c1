//! What of the data the page may show: nothing above its clearance, and personal values masked.
//!
//! Apart because nobody knows who opens a file, and because it is the only way from a finding to the page. What a reader
//! may see, `report::access` decides; the page's reader is nobody in particular.

use std::borrow::Cow;

use super::input::PageInput;
use crate::masking::Mask;
use crate::model::Finding;
use crate::report::access::seen::{self, ShownFinding};
use crate::report::access::{Lens, Reader};

/// What is hidden from whoever opens the page.
pub struct Veil<'p> {
    input: &'p PageInput<'p>,
    lens: Lens<'p>,
}

impl<'p> Veil<'p> {
    /// The veil of a page.
    pub fn new(input: &'p PageInput<'p>) -> Self {
        let reader = Reader { clearance: input.clearance, unmasked: false };
        Self { input, lens: Lens::new(input.access, reader, input.language) }
    }

    /// What may be shown of a finding of the latest run, or of the last run of another job; nothing where it is above
    /// the clearance.
    pub fn see<'f>(&self, finding: &'f Finding<'f>, of_this_run: bool) -> Option<ShownFinding<'f>> {
        let seen = seen::shown(finding, of_this_run, self.input.rules, &self.lens)?;
        // Whose record it is, nobody reads off the page.
        match self.input.person_fields.contains(&(finding.table, finding.field)) {
            true => Some(ShownFinding { value: Cow::Owned(Mask::Name.apply(finding.value)), ..seen }),
            false => Some(seen),
        }
    }

    /// Whether a finding is in encrypted workbooks only: then nothing of it may be shown.
    pub fn is_sealed(&self, finding: &Finding<'_>) -> bool {
        self.input.sealed.covers(finding.department)
    }

    /// A text of the data as it may be shown.
    pub fn text(&self, text: &str) -> String {
        self.lens.text(text).into_owned()
    }

    /// A department's name as it may be shown.
    pub fn name(&self, name: &str) -> String {
        self.lens.name(name).into_owned()
    }
}
