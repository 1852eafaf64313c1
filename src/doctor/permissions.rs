//! Whether the user who runs hedui may write where runs write, and nobody else may read it or change the rules.
//!
//! Apart because rights are the machine's, not the configuration's. To try a folder, a file is made and taken away.

use std::fs::Metadata;
use std::os::unix::fs::{MetadataExt, PermissionsExt};
use std::path::{Path, PathBuf};

use super::{Patient, Remark};
use crate::exit_code::ExitCode;
use crate::text;

/// How deep below state/ and out/ files lie.
const DEPTH: usize = 6;

pub(super) fn look(patient: &Patient) -> Option<Vec<Remark>> {
    let mut remarks = Vec::new();
    let mut ours = None;
    for name in ["state", "out"] {
        match written(&patient.folder.join(name)) {
            Ok(owner) => ours = ours.or(owner),
            Err(remark) => remarks.push(*remark),
        }
    }
    for name in ["state", "out"] {
        remarks.extend(private(&patient.folder.join(name), ours));
    }
    remarks.extend(rules_of_others(patient.folder));
    if ours == Some(0) {
        remarks.push(Remark::doubtful(
            text!(
                "正以 root 运行：写出的文件归 root，普通用户的下次运行会失败",
                "this is root: what root writes, the next run of an ordinary user cannot change"
            ),
            text!(
                "建一个专用用户运行 hedui（useradd -r hedui），工作区归它：chown -R hedui",
                "run hedui as a user of its own (useradd -r hedui) who owns the workplace: chown -R hedui"
            ),
        ));
    }
    if remarks.is_empty() {
        remarks.push(Remark::well(text!(
            "state 和 out 可写，别人读不到",
            "state/ and out/ can be written, and nobody else reads them"
        )));
    }
    Some(remarks)
}

/// Tries to write a file into a folder, or into the one that it would be made in; who owns the file then.
fn written(folder: &Path) -> Result<Option<u32>, Box<Remark>> {
    let shown = folder.display();
    let cannot = |error: &dyn std::fmt::Display| {
        Box::new(Remark::ill(
            ExitCode::Usage,
            text!("{shown} 不能写：{error}", "{shown} cannot be written: {error}"),
            text!(
                "文件夹应归运行 hedui 的用户（chown），磁盘不能是只读；挡路的文件移走",
                "let the folder belong to the user who runs hedui (chown), on a disk that is not read-only; move away what is in its place"
            ),
        ))
    };
    let place = match std::fs::symlink_metadata(folder) {
        Ok(_) => folder,
        Err(_) => folder.parent().unwrap_or(folder),
    };
    let probe = tempfile::Builder::new().prefix(".hedui-doctor-").tempfile_in(place).map_err(|error| cannot(&error))?;
    let owner = probe.as_file().metadata().map(|data| data.uid()).map_err(|error| cannot(&error))?;
    Ok(Some(owner))
}

/// Whether others may read a folder, or somebody else owns what is in it.
fn private(folder: &Path, ours: Option<u32>) -> Vec<Remark> {
    let (mut open, mut foreign): (Vec<PathBuf>, Vec<PathBuf>) = (Vec::new(), Vec::new());
    let mut look = |path: &Path, data: &Metadata| {
        if data.permissions().mode() & 0o077 != 0 && !data.is_symlink() {
            open.push(path.to_owned());
        }
        if ours.is_some_and(|ours| ours != data.uid()) {
            foreign.push(path.to_owned());
        }
    };
    walk(folder, DEPTH, &mut look);
    let shown = folder.display();
    let mut remarks = Vec::new();
    if let Some(first) = open.first() {
        let (count, first) = (open.len(), first.display());
        remarks.push(Remark::doubtful(
            text!(
                "别的用户能读 {count} 处客户资料，如 {first}",
                "other users may read {count} files and folders of customers' records, such as {first}"
            ),
            text!("chmod -R go= {shown}", "chmod -R go= {shown}"),
        ));
    }
    if let Some(first) = foreign.first() {
        let (count, first) = (foreign.len(), first.display());
        remarks.push(Remark::ill(
            ExitCode::Usage,
            text!(
                "{count} 个文件归别的用户，如 {first}：多半有人用 root 运行过",
                "{count} files belong to another user, such as {first}: somebody ran hedui as root"
            ),
            text!("chown -R 运行用户 {shown}", "chown -R USER {shown}"),
        ));
    }
    remarks
}

/// Whether others may change what a run goes by.
fn rules_of_others(folder: &Path) -> Option<Remark> {
    let names = ["", "hedui.toml", "rules", "report_templates", "calendar", "waivers.toml"];
    let open: Vec<String> = names
        .into_iter()
        .map(|name| folder.join(name))
        .filter(|path| std::fs::metadata(path).is_ok_and(|data| data.permissions().mode() & 0o002 != 0))
        .map(|path| path.display().to_string())
        .collect();
    let shown = open.join(" ");
    (!open.is_empty()).then(|| {
        Remark::doubtful(
            text!(
                "谁都能改：{shown}，报告可以被改发给别人",
                "anybody may change {shown}, and have reports sent elsewhere"
            ),
            text!("chmod o-w {shown}", "chmod o-w {shown}"),
        )
    })
}

/// Shows a folder and what is below it; links are not followed.
fn walk(path: &Path, depth: usize, look: &mut impl FnMut(&Path, &Metadata)) {
    let Ok(data) = std::fs::symlink_metadata(path) else { return };
    look(path, &data);
    if data.is_dir() && depth > 0 {
        for entry in std::fs::read_dir(path).into_iter().flatten().filter_map(Result::ok) {
            walk(&entry.path(), depth - 1, look);
        }
    }
}
