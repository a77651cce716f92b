//! Hints: advice to the user that travels with an error.

use anyhow::{Error, Result};
use std::{borrow::Cow, fmt};

/// An error with advice on what the user can do about it. Displays as the error alone.
#[derive(Debug)]
pub(crate) struct HintedError {
    error: Error,
    hint: Cow<'static, str>,
}

impl HintedError {
    /// The outermost hint in the chain of `error`, if any.
    pub(crate) fn hint_of(error: &Error) -> Option<&str> {
        let hinted = error.chain().find_map(|cause| cause.downcast_ref::<HintedError>())?;
        Some(&hinted.hint)
    }
}

impl fmt::Display for HintedError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.error.fmt(f)
    }
}

impl std::error::Error for HintedError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        self.error.source()
    }
}

/// Methods that attach a hint where an error is raised.
pub(crate) trait HintExt<T, E> {
    /// Attaches a hint to an error.
    fn hint(self, hint: impl Into<Cow<'static, str>>) -> Result<T>;

    /// Attaches the hint that the error itself gives, if any.
    fn hint_from(self, hint: impl FnOnce(&E) -> Option<&'static str>) -> Result<T>;
}

impl<T, E: Into<Error>> HintExt<T, E> for Result<T, E> {
    fn hint(self, hint: impl Into<Cow<'static, str>>) -> Result<T> {
        self.map_err(|error| HintedError { error: error.into(), hint: hint.into() }.into())
    }

    fn hint_from(self, hint: impl FnOnce(&E) -> Option<&'static str>) -> Result<T> {
        match self {
            Ok(value) => Ok(value),
            Err(error) => match hint(&error) {
                Some(hint) => Err(error).hint(hint),
                None => Err(error.into()),
            },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use anyhow::Context;
    use std::io;

    #[test]
    fn hints_travel_below_context_and_leave_the_chain_as_it_is() {
        let error = || io::Error::new(io::ErrorKind::NotFound, "no such file");
        let hinted = Err::<(), _>(error()).hint("check the path").context("cannot open a.md").expect_err("an error");
        assert_eq!(
            (format!("{hinted:#}").as_str(), HintedError::hint_of(&hinted)),
            ("cannot open a.md: no such file", Some("check the path"))
        );
        let plain = Err::<(), _>(error()).hint_from(|_| None).expect_err("an error");
        assert_eq!((plain.to_string().as_str(), HintedError::hint_of(&plain)), ("no such file", None));
    }
}
