//! Writes a corpus and prints what a correct run over it must give.
//!
//! `corpus --out DIR [--posts 1000] [--categories 100] [--seed 1] [--irregular 0.02] [--layout flat|dated|liquid|hugo] [--threads 2]`

use std::process::ExitCode;

use syndicated_bench::args::Args;
use syndicated_bench::corpus::{self, Options, Severity};

fn main() -> ExitCode {
    match run(Args::from_env()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("corpus: {error}");
            ExitCode::from(2)
        }
    }
}

fn run(mut args: Args) -> Result<(), String> {
    let mut options = Options::new(args.path("--out")?);
    take(&mut args, "--posts", &mut options.posts)?;
    take(&mut args, "--categories", &mut options.categories)?;
    take(&mut args, "--seed", &mut options.seed)?;
    take(&mut args, "--irregular", &mut options.irregular)?;
    take(&mut args, "--layout", &mut options.layout)?;
    take(&mut args, "--threads", &mut options.threads)?;
    args.finish()?;
    let expected = corpus::write(&options).map_err(|error| error.to_string())?;
    let count = |severity| expected.reported.values().filter(|&&reported| reported == severity).count();
    println!("posts {}", options.posts);
    println!("kept {}", expected.kept);
    println!("dropped {}", expected.dropped);
    println!("warnings {}", count(Severity::Warning));
    println!("errors {}", count(Severity::Error));
    println!("categories {}", expected.newest.len());
    Ok(())
}

fn take<T: std::str::FromStr>(args: &mut Args, name: &str, value: &mut T) -> Result<(), String> {
    if let Some(given) = args.option(name)? {
        *value = given;
    }
    Ok(())
}
