//! Modules (§1.6): what an organisation's type switches on. The roster is always there.

use serde::{Deserialize, Serialize};

macro_rules! modules {
    ($($(#[$doc:meta])* $variant:ident = $id:literal, $label:literal);* $(;)?) => {
        /// A part of the product that a type of organisation may do without.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub enum Module { $($(#[$doc])* $variant),* }

        impl Module {
            /// Every module, in the order of forms.
            pub const ALL: &[Self] = &[$(Self::$variant),*];

            /// The stored name.
            #[must_use]
            pub fn id(self) -> &'static str {
                match self { $(Self::$variant => $id),* }
            }

            /// What people read.
            #[must_use]
            pub fn label(self) -> &'static str {
                match self { $(Self::$variant => $label),* }
            }
        }
    };
}

modules! {
    /// Open and by-request groups, requests, leaving (§5).
    Joining = "joining", "Joining: open groups, requests";
    /// Ranks above the default one, promotion (§3.2).
    Ranks = "ranks", "Ranks and promotion";
    /// Established places in groups (§4.5).
    Positions = "positions", "Positions and vacancies";
    /// Calendar, sign-up, billets, attendance, leave (§9, §6.4).
    Operations = "operations", "Operations: calendar, sign-up, attendance";
}

/// A set of modules. Stored as their names, separated by spaces.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Modules(u32);

impl Modules {
    /// Reads the stored form. Unknown words switch nothing on.
    #[must_use]
    pub fn parse(text: &str) -> Self {
        text.split_whitespace()
            .filter_map(|word| {
                Module::ALL
                    .iter()
                    .copied()
                    .find(|module| module.id() == word)
            })
            .collect()
    }

    /// The stored form.
    #[must_use]
    pub fn stored(self) -> String {
        self.iter().map(Module::id).collect::<Vec<_>>().join(" ")
    }

    /// Is this module switched on?
    #[must_use]
    pub fn has(self, module: Module) -> bool {
        self.0 & (1 << module as u32) != 0
    }

    /// Those switched on, in order.
    pub fn iter(self) -> impl Iterator<Item = Module> {
        Module::ALL
            .iter()
            .copied()
            .filter(move |module| self.has(*module))
    }
}

impl FromIterator<Module> for Modules {
    fn from_iter<I: IntoIterator<Item = Module>>(modules: I) -> Self {
        Self(
            modules
                .into_iter()
                .fold(0, |set, module| set | (1 << module as u32)),
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn modules_are_read_as_they_are_written() {
        let some = Modules::parse("ranks nonsense joining");
        assert_eq!(some.stored(), "joining ranks");
        assert!(some.has(Module::Ranks) && !some.has(Module::Positions));
    }
}
