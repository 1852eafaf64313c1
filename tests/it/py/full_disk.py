"""A run on a small disk with less and less room: full_disk.py PROGRAM TEMPLATE AS_OF TRIES

Runs itself in a mount namespace of its own (as root or, with user namespaces, as anybody), mounts a small tmpfs there,
copies the workplace TEMPLATE onto it for each try, and leaves the run a bit more room each time, from none to plenty.
Prints what came of each try as JSON.
"""
import errno
import json
import os
import shutil
import sqlite3
import subprocess
import sys
import tempfile

PAGE = os.sysconf("SC_PAGE_SIZE")


def hedui(program, folder, *arguments):
    environment = dict(os.environ, TMPDIR=os.path.join(folder, "tmp"), LANG="zh_CN.UTF-8", NO_COLOR="1")
    return subprocess.run([program, *arguments], cwd=folder, env=environment, stdin=subprocess.DEVNULL,
                          capture_output=True, text=True)


def listed(program, folder, *arguments):
    ran = hedui(program, folder, *arguments, "--format", "json")
    assert ran.returncode == 0, ran.stderr
    return json.loads(ran.stdout)


def waiting(program, folder):
    return sum(mail["state"] != "accepted" for mail in listed(program, folder, "outbox", "list"))


def integrity(folder, elsewhere):
    """Of a copy, so that looking changes nothing."""
    shutil.rmtree(elsewhere, ignore_errors=True)
    shutil.copytree(os.path.join(folder, "state"), elsewhere)
    connection = sqlite3.connect(os.path.join(elsewhere, "history.db"))
    return connection.execute("pragma integrity_check").fetchone()[0]


def half_files(folder):
    return sum(name.startswith(".hedui-") for _, _, names in os.walk(folder) for name in names)


def used(folder):
    stat = os.statvfs(folder)
    return (stat.f_blocks - stat.f_bfree) * stat.f_frsize


def fill(ballast, disk, room):
    """Leaves so much room. The last pages that a tmpfs counts as free it does not always give: then it is full."""
    stat = os.statvfs(disk)
    left = stat.f_bavail * stat.f_frsize - room
    with open(ballast, "wb", buffering=0) as file:
        while left > 0:
            try:
                left -= file.write(bytes(min(left, PAGE)))
            except OSError as error:
                if error.errno != errno.ENOSPC:
                    raise
                break


def tried(program, disk, template, as_of, room, elsewhere):
    for name in os.listdir(disk):
        path = os.path.join(disk, name)
        shutil.rmtree(path) if os.path.isdir(path) else os.remove(path)
    folder = os.path.join(disk, "workplace")
    shutil.copytree(template, folder)
    os.mkdir(os.path.join(folder, "tmp"))
    ballast = os.path.join(disk, "ballast")
    fill(ballast, disk, room)
    ran = hedui(program, folder, "run", "weekly", "--as-of", as_of)
    half = half_files(folder)
    os.remove(ballast)
    state = integrity(folder, elsewhere)
    # looking may have to write what the log holds, hence with room
    runs = sum(run["revision"] > 0 for run in listed(program, folder, "history", "runs"))
    left = waiting(program, folder)
    again = hedui(program, folder, *(["outbox", "send"] if runs == 2 else ["run", "weekly", "--as-of", as_of]))
    return {"room": room, "code": ran.returncode, "stderr": ran.stderr + again.stderr if ran.returncode == 70 else ran.stderr,
            "integrity": state, "half_files": half, "runs": runs, "waiting": left, "code_with_room": again.returncode,
            "waiting_with_room": waiting(program, folder),
            "findings": listed(program, folder, "history", "findings")}


def main(program, template, as_of, tries):
    with tempfile.TemporaryDirectory() as place, tempfile.TemporaryDirectory() as elsewhere:
        disk, elsewhere = os.path.join(place, "disk"), os.path.join(elsewhere, "copy")
        os.mkdir(disk)
        subprocess.run(["mount", "-t", "tmpfs", "-o", "size=32m", "hedui-test", disk], check=True)
        # what a run needs in all: with plenty of room, and then as much less
        whole = os.path.join(disk, "workplace")
        shutil.copytree(template, whole)
        os.mkdir(os.path.join(whole, "tmp"))
        before = used(disk)
        assert hedui(program, whole, "run", "weekly", "--as-of", as_of).returncode == 0
        need = used(disk) - before
        rooms = [need * step // (tries - 2) // PAGE * PAGE for step in range(tries - 2)] + [need + 64 * PAGE, 4 << 20]
        print(json.dumps([tried(program, disk, template, as_of, room, elsewhere) for room in rooms]))
        subprocess.run(["umount", disk], check=True)


if __name__ == "__main__":
    if os.environ.get("HEDUI_OWN_MOUNTS") != "1":
        os.environ["HEDUI_OWN_MOUNTS"] = "1"
        os.execvp("unshare", ["unshare", "-rm", sys.executable, *sys.argv])
    main(sys.argv[1], sys.argv[2], sys.argv[3], int(sys.argv[4]))
