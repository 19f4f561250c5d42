"""Files that somebody hands in are read in a process of its own, with little memory and time, no settings and no database."""

from __future__ import annotations

import contextlib
import os
import resource
import signal
import subprocess
import sys
from pathlib import Path

SECONDS = 20  # until the process is ended, however little of the processor it took
PROCESSOR_SECONDS = 15
MEMORY = 1_000_000_000  # bytes of addresses, of which a large page takes 200 MB

_ROOT = Path(__file__).resolve().parents[2]


def limit_resources() -> None:
    """Give this process and what it starts little time and memory, and no file to write."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (PROCESSOR_SECONDS, PROCESSOR_SECONDS + 1))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def output_of_module(module: str, *arguments: str, content: bytes) -> bytes:
    """Run `python -m MODULE ARGUMENTS < content`, and return what it writes; nothing if its time was over.

    The process is ended with all that it started. It limits itself (`limit_resources`) before it reads.
    """
    # It is told where programs and modules are, and none of our settings, which hold secrets.
    modules = [str(_ROOT), *filter(None, [os.environ.get("PYTHONPATH")])]
    environment = {
        "PATH": os.environ.get("PATH", os.defpath),
        "PYTHONPATH": os.pathsep.join(modules),
        "PYTHONDONTWRITEBYTECODE": "1",
        "LC_ALL": "C.UTF-8",
    }
    with subprocess.Popen(
        [sys.executable, "-m", module, *arguments],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env=environment,
        cwd=_ROOT,
        start_new_session=True,
    ) as process:
        try:
            return process.communicate(content, timeout=SECONDS)[0]
        except subprocess.TimeoutExpired:
            return b""
        finally:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
