//! `--name value` and `--flag` arguments, as much as four small tools need.

use std::path::PathBuf;
use std::str::FromStr;

/// The arguments of one tool, taken out one by one; what is left at the end is an error.
#[derive(Debug)]
pub struct Args {
    left: Vec<String>,
}

impl Args {
    /// The arguments of this process, without its name.
    #[must_use]
    pub fn from_env() -> Self {
        Self::new(std::env::args().skip(1))
    }

    /// Arguments from anywhere.
    pub fn new(arguments: impl IntoIterator<Item = String>) -> Self {
        Self { left: arguments.into_iter().collect() }
    }

    /// Whether `name` is given; takes it out.
    pub fn flag(&mut self, name: &str) -> bool {
        let at = self.left.iter().position(|argument| argument == name);
        at.map(|at| self.left.remove(at)).is_some()
    }

    /// The value after `name`, or `None` where the name is not given.
    ///
    /// # Errors
    /// A sentence, where the value is missing or cannot be read as `T`.
    pub fn option<T: FromStr>(&mut self, name: &str) -> Result<Option<T>, String> {
        let Some(at) = self.left.iter().position(|argument| argument == name) else { return Ok(None) };
        self.left.remove(at);
        if at >= self.left.len() {
            return Err(format!("{name} needs a value"));
        }
        let value = self.left.remove(at);
        value.parse().map(Some).map_err(|_| format!("{name} {value}: not a value it takes"))
    }

    /// The path after `name`, which has to be there.
    ///
    /// # Errors
    /// A sentence, where it is not.
    pub fn path(&mut self, name: &str) -> Result<PathBuf, String> {
        self.option(name)?.ok_or_else(|| format!("{name} DIR is needed"))
    }

    /// Ends the reading.
    ///
    /// # Errors
    /// A sentence that names the first argument nobody asked for.
    pub fn finish(self) -> Result<(), String> {
        self.left.first().map_or(Ok(()), |argument| Err(format!("unknown argument {argument}")))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn args(line: &str) -> Args {
        Args::new(line.split(' ').map(String::from))
    }

    #[test]
    fn options_flags_and_leftovers() {
        let mut args = args("--posts 12 --warm --out x stray");
        assert_eq!(args.option("--posts"), Ok(Some(12)));
        assert_eq!(args.option::<u32>("--runs"), Ok(None));
        assert!(args.flag("--warm") && !args.flag("--warm"));
        assert_eq!(args.path("--out"), Ok(PathBuf::from("x")));
        assert_eq!(args.finish(), Err("unknown argument stray".to_owned()));
    }

    #[test]
    fn a_missing_or_wrong_value_is_an_error() {
        assert!(args("--posts").option::<u32>("--posts").is_err());
        assert!(args("--posts many").option::<u32>("--posts").is_err());
        assert!(args("--posts 1").path("--out").is_err());
    }
}
