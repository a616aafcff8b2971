//! Finds the configuration file and lays the environment and the command line over it.

use std::io::Read as _;
use std::path::{Component, Path, PathBuf};

use toml::de::DeTable;

use super::Config;
use super::error::{ConfigError, FileText, Origin, Report};
use super::keys::Key;
use super::resolve;
use super::settings::{Setting, Settings, Written};

/// How large a configuration file may be, in bytes.
const MAX_BYTES: u64 = 1 << 20;
const NAMES: [&str; 2] = ["syndicated.toml", "config.toml"];

/// What the command line says; it wins over everything. Paths are relative to the current folder.
#[derive(Debug, Clone, Default)]
pub struct Overrides {
    /// `--config`: the configuration file.
    pub config: Option<PathBuf>,
    /// `--site`: the site's folder, which needs no configuration file.
    pub site: Option<PathBuf>,
    /// `--base-url`: the site's address.
    pub base_url: Option<String>,
    /// `--out`: the folder for feeds.
    pub out: Option<PathBuf>,
    /// `--state`: the folder for the catalog and the lock.
    pub state: Option<PathBuf>,
    /// `--listen`: where feeds are served; as often as it was given.
    pub listen: Vec<String>,
    /// `--admin`: where operators look; as often as it was given.
    pub admin: Vec<String>,
    /// `--hub`: whether `run` is a hub.
    pub hub: bool,
}

/// Where paths start.
#[derive(Debug)]
pub(super) struct Places {
    /// The configuration file, absolute; the current folder's `syndicated.toml` when there is none.
    pub(super) file: PathBuf,
    /// The current folder, absolute.
    pub(super) current_dir: PathBuf,
    /// The folder in which the output is by default.
    pub(super) output_base: PathBuf,
}

/// The configuration: command line over environment over file over the site's own over defaults.
///
/// The file is `--config`; with `--site`, that folder's `syndicated.toml` if there is one; else the current folder's
/// `syndicated.toml`, else its `config.toml` if that has a `[source]` table. `machine_zone` is the IANA name of the zone
/// for sites that state none. Only files are read: the environment and the current folder are handed in.
///
/// # Errors
/// No configuration is found; or what it says cannot be read or does not make sense, each problem with its place.
pub fn load(
    overrides: &Overrides,
    env: &[(String, String)],
    current_dir: &Path,
    machine_zone: Option<&str>,
) -> Result<Config, ConfigError> {
    let (places, text) = find(overrides, env, current_dir)?;
    let file = text.map(|text| FileText { name: show(&places.file, current_dir), text });
    let mut report = Report::new(file);
    let mut settings = read_file(&mut report);
    let notes = settings.overlay_environment(env, &mut report);
    overlay_flags(&mut settings, overrides, &mut report);
    resolve::resolve(&settings, &places, machine_zone, report.finish()?, notes)
}

/// The configuration file's place, and its text unless there is none and none is needed.
fn find(
    overrides: &Overrides,
    env: &[(String, String)],
    current_dir: &Path,
) -> Result<(Places, Option<String>), ConfigError> {
    let places = |file: PathBuf, output_base: &Path| Places {
        file,
        current_dir: current_dir.to_path_buf(),
        output_base: output_base.to_path_buf(),
    };
    let beside = |file: PathBuf| {
        let folder = file.parent().unwrap_or(current_dir).to_path_buf();
        places(file, &folder)
    };
    if let Some(config) = &overrides.config {
        let file = absolute(current_dir, config);
        let text = read(&file, current_dir)?;
        let text = text.ok_or_else(|| ConfigError::new(format!("{}: there is no such file", config.display())))?;
        return Ok((beside(file), Some(text)));
    }
    if let Some(site) = &overrides.site {
        let file = absolute(current_dir, site).join(NAMES[0]);
        let text = read(&file, current_dir)?;
        return Ok((places(file, current_dir), text));
    }
    let [own, shared] = NAMES.map(|name| current_dir.join(name));
    if let Some(text) = read(&own, current_dir)? {
        return Ok((beside(own), Some(text)));
    }
    let shared_text = read(&shared, current_dir)?;
    let foreign = shared_text.is_some();
    if let Some(text) = shared_text.filter(|text| has_source_table(text)) {
        return Ok((beside(shared), Some(text)));
    }
    let source = Key::find("source.path").and_then(Key::variable);
    if env.iter().any(|(name, value)| Some(name) == source.as_ref() && !value.trim().is_empty()) {
        return Ok((beside(own), None));
    }
    Err(not_found(current_dir, foreign))
}

fn not_found(current_dir: &Path, foreign: bool) -> ConfigError {
    let foreign = if foreign { " (the one that is there has none, so it is the site's own)" } else { "" };
    ConfigError::new(format!(
        "no configuration in {}: looked for syndicated.toml, then for config.toml with a [source] table{foreign}\n\
         `syndicated init` writes one; `--site DIR` does without; `--config FILE` names one elsewhere",
        current_dir.display()
    ))
}

/// Hugo and Zola use the name `config.toml` too; a `[source]` table, also in a file with faults, makes it ours.
fn has_source_table(text: &str) -> bool {
    DeTable::parse_recoverable(text).0.get_ref().contains_key("source")
}

/// The text of a configuration file; `None` when there is none.
fn read(path: &Path, current_dir: &Path) -> Result<Option<String>, ConfigError> {
    let name = show(path, current_dir);
    let fault = |problem: String| ConfigError::new(format!("{name}: {problem}"));
    let file = match std::fs::File::open(path) {
        Ok(file) => file,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(fault(format!("cannot be read: {error}"))),
    };
    let mut bytes = Vec::new();
    file.take(MAX_BYTES + 1).read_to_end(&mut bytes).map_err(|error| fault(format!("cannot be read: {error}")))?;
    if bytes.len() as u64 > MAX_BYTES {
        return Err(fault("is larger than 1 MiB".to_owned()));
    }
    let text = String::from_utf8(bytes).map_err(|error| {
        let valid = error.as_bytes().get(..error.utf8_error().valid_up_to()).unwrap_or_default();
        let line = valid.iter().filter(|&&b| b == b'\n').count() + 1;
        ConfigError::new(format!("{name}:{line}: is not UTF-8 from here"))
    })?;
    Ok(Some(text.strip_prefix('\u{feff}').map(str::to_owned).unwrap_or(text)))
}

fn read_file(report: &mut Report) -> Settings {
    let Some(text) = report.file().map(|file| file.text.clone()) else { return Settings::default() };
    let (table, faults) = DeTable::parse_recoverable(&text);
    // What follows the first fault is often only its consequence.
    if let Some(fault) = faults.first() {
        report.add(&Origin::File(fault.span().unwrap_or_default()), fault.message());
        return Settings::default();
    }
    Settings::from_file(table.get_ref(), report)
}

fn overlay_flags(settings: &mut Settings, overrides: &Overrides, report: &mut Report) {
    let path = |path: &Option<PathBuf>| path.as_ref().map(|path| path.to_string_lossy().into_owned());
    let flags = [
        ("site.url", overrides.base_url.clone()),
        ("source.path", path(&overrides.site)),
        ("output.path", path(&overrides.out)),
        ("state.path", path(&overrides.state)),
    ];
    for (name, value) in flags {
        if let Some(value) = value {
            overlay_flag(settings, name, Written::Text, value, report);
        }
    }
    if overrides.hub {
        overlay_flag(settings, "websub.hub", Written::Bool, true, report);
    }
    let lists = [("server.listen", "--listen", &overrides.listen), ("server.admin", "--admin", &overrides.admin)];
    for (name, flag, texts) in lists.into_iter().filter(|(.., texts)| !texts.is_empty()) {
        let text = |text: &String| Setting { written: Written::Text(text.clone()), origin: Origin::Flag(flag) };
        overlay_flag(settings, name, Written::List, texts.iter().map(text).collect(), report);
    }
}

fn overlay_flag<T>(
    settings: &mut Settings,
    name: &'static str,
    written: fn(T) -> Written,
    value: T,
    report: &mut Report,
) {
    if let Some(key) = Key::find(name) {
        let setting = Setting { written: written(value), origin: Origin::Flag(key.flag.unwrap_or(name)) };
        settings.overlay(key, setting, report);
    }
}

impl Places {
    /// The path of a setting: relative to the file that has it, else to the current folder.
    pub(super) fn path(&self, setting: &Setting) -> Option<PathBuf> {
        let Written::Text(text) = &setting.written else { return None };
        Some(absolute(self.base(setting), Path::new(text)))
    }

    /// What the relative paths of a setting are relative to.
    pub(super) fn base(&self, setting: &Setting) -> &Path {
        match setting.origin {
            Origin::File(_) => self.folder(),
            Origin::Variable(_) | Origin::Flag(_) => &self.current_dir,
        }
    }

    /// The folder of the configuration file.
    pub(super) fn folder(&self) -> &Path {
        self.file.parent().unwrap_or(&self.current_dir)
    }
}

/// `path` from `base`, without `.` and `..` segments (`..` taken by its text, as shells do).
pub(super) fn absolute(base: &Path, path: &Path) -> PathBuf {
    let mut whole = PathBuf::new();
    for component in base.join(path).components() {
        match component {
            Component::CurDir => {}
            Component::ParentDir => {
                whole.pop();
            }
            other => whole.push(other),
        }
    }
    whole
}

/// Where `path` lies strictly below `folder`, by its text or by where symbolic links lead; as walked from `folder`.
pub(super) fn below(folder: &Path, path: &Path) -> Option<PathBuf> {
    let rest = |folder: &Path, path: &Path| {
        path.strip_prefix(folder).ok().filter(|rest| !rest.as_os_str().is_empty()).map(Path::to_path_buf)
    };
    rest(folder, path).or_else(|| rest(&real(folder), &real(path))).map(|rest| folder.join(rest))
}

/// The path without symbolic links, as far as it exists.
fn real(path: &Path) -> PathBuf {
    for ancestor in path.ancestors() {
        if let Ok(found) = ancestor.canonicalize() {
            return match path.strip_prefix(ancestor) {
                Ok(rest) if !rest.as_os_str().is_empty() => found.join(rest),
                _ => found,
            };
        }
    }
    path.to_path_buf()
}

/// A path as its user knows it: relative to the current folder where it lies there.
pub(super) fn show(path: &Path, current_dir: &Path) -> String {
    match path.strip_prefix(current_dir) {
        Ok(rest) if rest.as_os_str().is_empty() => ".".to_owned(),
        Ok(rest) => rest.display().to_string(),
        Err(_) => path.display().to_string(),
    }
}
