//! Where the text of RTF goes, by its destination.

use super::words::Destination;
use crate::extract::prose::{Piece, Prose};
use crate::source::Limits;

/// What a file holds.
#[derive(Debug, Default)]
pub struct Read {
    /// The running text.
    pub body: Vec<Piece>,
    /// Notes to it, in the order of their marks.
    pub notes: Vec<Piece>,
    /// Running headers and footers.
    pub left_out: Vec<Piece>,
    /// What the file says of itself.
    pub info: Info,
}

/// What a file says of itself.
#[derive(Debug, Default)]
pub struct Info {
    /// Its title.
    pub title: String,
    /// Who wrote it.
    pub author: String,
    /// When it was made: `2020-06-05`.
    pub created: Option<String>,
}

/// Where text goes.
pub struct Outlets {
    /// The running text, and what interrupts it.
    pub stories: Vec<Prose>,
    /// The label of a list item.
    pub label: String,
    /// The name of a style.
    pub style_name: String,
    /// What the file says of itself.
    pub info: Info,
}

impl Outlets {
    /// Nothing yet.
    pub fn new(limits: &Limits) -> Outlets {
        Outlets {
            stories: vec![Prose::new(limits)],
            label: String::new(),
            style_name: String::new(),
            info: Info::default(),
        }
    }

    /// Puts text where its destination says.
    pub fn put(&mut self, text: &str, to: Destination) {
        use Destination::*;
        match to {
            Text | Note | Running | TextBox => self.stories.last_mut().into_iter().for_each(|s| s.push_str(text)),
            Label => self.label.push_str(text),
            Styles => self.style_name.push_str(text),
            Title => self.info.title.push_str(text),
            Author => self.info.author.push_str(text),
            Silent | Fonts | Properties | Created => {}
        }
    }
}
