//! The analysis of the customers for managers: figures out of facts.
//!
//! Apart because it is arithmetic and nothing else: a file a block, plain facts in, plain figures out, so that every
//! figure can be reckoned by hand in a test. It knows no field of the dictionary, no file, no clock, no words and no
//! layout.

pub mod allocation;
pub mod columns;
pub mod comparison;
pub mod concentration;
pub mod credit;
pub mod deals;
pub mod distribution;
pub mod facts;
pub mod important;
pub mod migration;
pub mod potential;
pub mod retention;
pub mod rfm;
pub mod rising;
pub mod scale;
pub mod service;
pub mod settings;
pub mod share;
pub mod structure;
pub mod visits;

#[cfg(test)]
mod fixture;

pub use columns::{Group, Missing};
pub use comparison::{Compared, Comparison, FigureKey};
pub use facts::Facts;
pub use settings::Settings;

use deals::Deals;
use scale::Scale;

/// All figures of one report.
pub struct Analysis {
    /// What they were made of.
    pub facts: Facts,
    /// The definitions that they follow.
    pub settings: Settings,
    /// The contracts that count, and those that do not.
    pub deals: Deals,
    /// The tiers in their order.
    pub scale: Scale,
    /// Customers by tier and by what became of them.
    pub structure: structure::Structure,
    /// On how few customers the company rests.
    pub concentration: Option<concentration::Concentration>,
    /// How the customers are spread.
    pub distributions: Vec<distribution::Distribution>,
    /// Who rose and who fell.
    pub migration: migration::Migration,
    /// Who may rise, and who may fall.
    pub rising: Option<rising::Rising>,
    /// Recency, frequency, money.
    pub rfm: Option<rfm::Rfm>,
    /// Who stays and who goes.
    pub retention: Option<retention::Retention>,
    /// The customers of the first tier.
    pub important: important::Important,
    /// Credit and what is owed.
    pub credit: Option<credit::Credit>,
    /// Satisfaction, complaints and problems.
    pub service: service::Service,
    /// Visits and what they brought.
    pub visits: Option<visits::Visits>,
    /// Customers that have bought nothing yet.
    pub potential: potential::Potential,
    /// Who looks after whom.
    pub allocation: allocation::Allocation,
    /// What is compared with earlier runs, and is kept for later ones.
    pub comparison: Comparison,
    /// Columns that the company does not have.
    pub missing: Vec<Missing>,
}

/// Makes all figures.
pub fn analyse(facts: Facts, settings: Settings, earlier: comparison::Earlier) -> Analysis {
    let deals = Deals::of(&facts, &settings);
    let scale = Scale::of(&facts);
    let structure = structure::structure(&facts, &settings, &deals, &scale);
    let concentration = concentration::concentration(&facts, &settings, &deals);
    let important = important::important(&facts, &settings, &deals, &scale);
    let credit = credit::credit(&facts, &settings, &deals);
    let service = service::service(&facts, &settings, &scale);
    let visits = visits::visits(&facts, &settings, &scale);
    let comparison = Comparison::of(
        &comparison::Sources {
            facts: &facts,
            structure: &structure,
            concentration: concentration.as_ref(),
            important: &important,
            credit: credit.as_ref(),
            service: &service,
            visits: visits.as_ref(),
        },
        earlier,
    );
    Analysis {
        concentration,
        distributions: distribution::distributions(&facts, &settings),
        migration: migration::migration(&facts, &scale),
        rising: rising::rising(&facts, &settings, &deals, &scale),
        rfm: rfm::rfm(&facts, &settings, &deals),
        retention: retention::retention(&facts, &settings, &deals),
        potential: potential::potential(&facts, &settings, &deals, &scale),
        allocation: allocation::allocation(&facts, &deals, &scale, &settings),
        missing: columns::missing(&facts, &settings),
        important,
        credit,
        service,
        visits,
        structure,
        comparison,
        scale,
        deals,
        facts,
        settings,
    }
}
