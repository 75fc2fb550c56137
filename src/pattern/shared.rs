//! What several patterns have in common.

use std::borrow::Cow;

/// What stands for it in a pattern, and what it is.
const SHARED: (&str, &str) = (
    "<months>",
    "jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?",
);

/// A pattern with all that it has in common with others.
pub fn whole(pattern: &str) -> Cow<'_, str> {
    match pattern.contains(SHARED.0) {
        true => pattern.replace(SHARED.0, SHARED.1).into(),
        false => pattern.into(),
    }
}
