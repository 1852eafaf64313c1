//! Values that must not be seen: written in the configuration as `env:NAME`, `file:PATH` or `credential:NAME`.
//!
//! Apart because this is the one place that reads the environment, and because a secret can be printed nowhere:
//! its Debug shows where it is kept, never what it is.

use std::fmt;
use std::path::{Path, PathBuf};

use crate::text;
use crate::text::Text;

/// Where a secret is kept, or a value that the user wrote in the open.
#[derive(Clone)]
pub enum Secret {
    /// An environment variable.
    Environment(String),
    /// A file, its last line break left out.
    File(PathBuf),
    /// A file of this name that systemd hands to the service (`LoadCredential=`).
    Credential(String),
    /// Written in the configuration itself.
    Written(String),
}

impl fmt::Debug for Secret {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Secret::Environment(name) => write!(formatter, "env:{name}"),
            Secret::File(path) => write!(formatter, "file:{}", path.display()),
            Secret::Credential(name) => write!(formatter, "credential:{name}"),
            Secret::Written(_) => formatter.write_str("(written)"),
        }
    }
}

impl Secret {
    /// Reads `env:NAME`, `file:PATH`, `credential:NAME` or a plain value.
    pub fn from_written(written: &str, folder: &Path) -> Self {
        if let Some(name) = written.strip_prefix("env:") {
            Secret::Environment(name.to_owned())
        } else if let Some(path) = written.strip_prefix("file:") {
            Secret::File(folder.join(path))
        } else if let Some(name) = written.strip_prefix("credential:") {
            Secret::Credential(name.to_owned())
        } else {
            Secret::Written(written.to_owned())
        }
    }

    /// The value itself.
    ///
    /// # Errors
    /// Where the variable is not set or the file cannot be read; the text names the place, never the value.
    pub fn reveal(&self) -> Result<String, Text> {
        match self {
            Secret::Environment(name) => environment(name).filter(|value| !value.is_empty()).ok_or_else(|| {
                text!(
                    "环境变量 {name} 未设置；请在运行 hedui 的环境（如 crontab）中设置",
                    "the environment variable {name} is not set; set it where hedui runs (in the crontab, say)"
                )
            }),
            Secret::File(path) => {
                if is_open_to_others(path) {
                    // A run goes on: a mail that is late for the rights of a file helps nobody. Whoever reads the log knows.
                    tracing::warn!(file = %path.display(), "others may read this secret: chmod 600");
                }
                content(path)
            }
            Secret::Credential(name) => content(&credential(name)?),
            Secret::Written(value) => Ok(value.clone()),
        }
    }
}

/// What stands in a file of a secret.
fn content(path: &Path) -> Result<String, Text> {
    let shown = path.display();
    let value = std::fs::read_to_string(path)
        .map_err(|error| text!("读不到密钥文件 {shown}：{error}", "cannot read the secret file {shown}: {error}"))?;
    let value = value.trim_end_matches(['\r', '\n']);
    if value.is_empty() {
        return Err(text!("密钥文件 {shown} 是空的", "the secret file {shown} is empty"));
    }
    Ok(value.to_owned())
}

/// The place of a credential; its name is one file's, and leads nowhere else.
fn credential(name: &str) -> Result<PathBuf, Text> {
    if name.is_empty() || name.contains(['/', '\\', '\0']) || name.starts_with('.') {
        return Err(text!("“credential:{name}”不是凭据名", "`credential:{name}` is no name of a credential"));
    }
    let folder = environment("CREDENTIALS_DIRECTORY").filter(|folder| !folder.is_empty()).ok_or_else(|| {
        text!(
            "没有 systemd 凭据（CREDENTIALS_DIRECTORY 未设置）；请在服务单元里写 LoadCredential={name}:文件",
            "systemd hands no credentials over (CREDENTIALS_DIRECTORY is not set); write LoadCredential={name}:FILE in the unit"
        )
    })?;
    Ok(Path::new(&folder).join(name))
}

/// Whether anybody but the owner and his group may read a file.
pub fn is_open_to_others(path: &Path) -> bool {
    use std::os::unix::fs::PermissionsExt;
    std::fs::metadata(path).is_ok_and(|data| data.permissions().mode() & 0o004 != 0)
}

/// An environment variable's value.
#[expect(clippy::disallowed_methods, reason = "the one place that reads the environment")]
pub fn environment(name: &str) -> Option<String> {
    std::env::var(name).ok()
}

/// A configuration with passwords replaced, of the same length: what may be shown of it. It goes by the look of keys, not
/// by what they are read as: the line in question may be the very one that has a mistake.
pub fn masked(configuration: &str) -> String {
    let mut places = Vec::new();
    let key = r#"(?im)(?:^|[\s{,."'])[\p{L}\p{N}_-]*(?:pas+w|pass|pwd|token|secret|密码|口令)[\p{L}\p{N}_-]*["']?[ \t]*=[ \t]*"#;
    for found in regex::Regex::new(key).iter().flat_map(|pattern| pattern.find_iter(configuration)) {
        if !found.as_str().contains("_command") {
            places.push(value_at(configuration, found.end()));
        }
    }
    for within in [r#"://[^/@"'\s]*?:([^"'\n]*)@"#, r#"[?&]password=([^&"'\n]*)"#] {
        let found = regex::Regex::new(within).into_iter();
        places.extend(found.flat_map(|pattern| {
            let secrets = pattern.captures_iter(configuration).filter_map(|found| Some(found.get(1)?.range()));
            secrets.collect::<Vec<_>>()
        }));
    }
    let mut shown = configuration.to_owned();
    for place in places {
        let secret = &configuration[place.clone()];
        if !["env:", "file:", "credential:"].iter().any(|place| secret.starts_with(place)) {
            let stars: String = secret.bytes().map(|byte| if byte == b'\n' { '\n' } else { '*' }).collect();
            shown.replace_range(place, &stars);
        }
    }
    shown
}

/// The value that begins at a byte, without its quotes; one that has none goes to the end of the line.
fn value_at(text: &str, start: usize) -> std::ops::Range<usize> {
    let rest = &text[start..];
    let quotes = ["\"\"\"", "'''", "\"", "'"];
    let Some(quote) = quotes.into_iter().find(|quote| rest.starts_with(quote)) else {
        return start..start + rest.find('\n').unwrap_or(rest.len());
    };
    let inner = &rest[quote.len()..];
    let until = if quote.len() == 3 { inner.len() } else { inner.find('\n').unwrap_or(inner.len()) };
    let length = inner[..until].find(quote).unwrap_or(until);
    start + quote.len()..start + quote.len() + length
}

#[cfg(test)]
mod tests {
    use super::masked;

    #[test]
    fn passwords_are_not_shown() {
        let shown = masked("password = \"geheim\"\nurl = \"postgres://u:geheim@h/db\"\npassword = \"env:X\"\n");
        assert_eq!(shown, "password = \"******\"\nurl = \"postgres://u:******@h/db\"\npassword = \"env:X\"\n");
        let shown = masked("url = 'mysql://u:a@b/c@h/db?sslmode=x&password=geheim&port=1'");
        assert_eq!(shown, "url = 'mysql://u:*****@h/db?sslmode=x&password=******&port=1'");
    }

    #[test]
    fn nor_are_those_of_lines_with_a_mistake() {
        for (typed, shown) in [
            ("east = { to = [], password = \"geheim\", cc = 1 }", "east = { to = [], password = \"******\", cc = 1 }"),
            ("password = geheim, \nto = 1", "password = ********\nto = 1"),
            ("\"password\" = 'geheim'", "\"password\" = '******'"),
            ("a.password=\"\"\"ge\nheim\"\"\"", "a.password=\"\"\"**\n****\"\"\""),
            ("pasword = \"geheim\nto = 1", "pasword = \"******\nto = 1"),
            ("token = [\"geheim\"]", "token = **********"),
            ("密码 = \"码\"", "密码 = \"***\""),
            ("password = env:HEDUI", "password = env:HEDUI"),
            ("token_command = [\"get\", \"it\"]", "token_command = [\"get\", \"it\"]"),
        ] {
            assert_eq!(masked(typed), shown);
        }
    }
}
