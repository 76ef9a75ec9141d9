//! From bytes to checked rows (§19.1): encoding, limits, header row, then the rows of each file.
//!
//! Whatever is wrong with a whole file is one problem and the file is left out; whatever is wrong
//! with a row is a problem at its line and the other rows are read on.

mod rows;
mod scan;
mod sheet;

pub(super) use rows::{
    GroupFacts, GroupRow, MembershipRow, PlayerFacts, PlayerRow, Rows, normal_instant, read_groups,
    read_memberships, read_players,
};

/// One uploaded file.
#[derive(Clone, Copy, Debug)]
pub struct InputFile<'a> {
    /// Its name as problems show it.
    pub name: &'a str,
    /// What is in it.
    pub bytes: &'a [u8],
}

/// The files of one import (§19.1).
#[derive(Clone, Copy, Debug)]
pub struct Files<'a> {
    /// `group,parent[,acronym,kind,description,exclusive,visibility,policy,founded,retired]`
    pub groups: InputFile<'a>,
    /// `player,group,role[,since,until]`
    pub memberships: InputFile<'a>,
    /// `player[,standing,joined]`
    pub players: Option<InputFile<'a>>,
}

/// Which of the three files. The order is that of reports.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum FileKind {
    Groups,
    Memberships,
    Players,
}

/// How much of a file is read.
#[derive(Clone, Copy, Debug)]
pub(super) struct Limits {
    pub(super) bytes: usize,
    pub(super) rows: u32,
}
