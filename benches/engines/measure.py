"""A run of hedui: its findings, how long it took, its CPU seconds and the peak of its memory.

Apart because only here is a process looked at. Memory is VmHWM of hedui itself, polled; CPU seconds hold those of what it
started, such as Spark's driver, but no server's and no worker's.
"""

import os
import resource
import subprocess
import threading
import time
from dataclasses import dataclass
from pathlib import Path


@dataclass
class Run:
    seconds: float
    cpu: float
    peak_mib: int


def children_cpu() -> float:
    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    return usage.ru_utime + usage.ru_stime


def run(command: list[str], folder: Path, meanwhile=None) -> Run:
    """Runs hedui to its end; `meanwhile` gets a function that tells whether it still runs."""
    before, started, peak = children_cpu(), time.monotonic(), 0
    log = folder / "hedui.log"
    with log.open("w") as output:
        child = subprocess.Popen(command, cwd=folder, stdout=output, stderr=output, env=os.environ | {"TZ": "UTC"})
        beside = None
        if meanwhile:
            beside = threading.Thread(target=meanwhile, args=(lambda: child.poll() is None,))
            beside.start()
        status = Path(f"/proc/{child.pid}/status")
        while child.poll() is None:
            try:
                peak = max(peak, *(int(line.split()[1]) for line in status.read_text().splitlines() if line.startswith("VmHWM")), 0)
            except OSError:
                pass
            time.sleep(0.005)
        seconds = time.monotonic() - started
        if beside:
            beside.join()
    if child.returncode != 0:
        raise SystemExit(f"{' '.join(command)} ended with {child.returncode}:\n{log.read_text()[-4000:]}")
    return Run(seconds, children_cpu() - before, peak // 1024)
