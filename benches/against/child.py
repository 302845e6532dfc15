"""One measured child process: its processor time, its peak memory, and why it was stopped.

Owns limits and what the system says of a process; what is run is `measure.py`'s matter.
"""

import os
import resource
import signal
import subprocess
import time

MEMORY = 4 << 30
"""Bytes of address space that a client gets."""


def run(command, limit, env=None, cwd=None):
    """Runs a command to its end. Returns `{"cpu": seconds, "wall": seconds, "mb": peak memory}`, and with it `stopped`, a
    sentence, if it did not come to its end by itself: its processor time was used up, or its memory."""

    def bounds():
        resource.setrlimit(resource.RLIMIT_CPU, (limit, limit + 5))
        if limit_memory:
            resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))

    limit_memory = "python" in os.path.basename(command[0])
    begun = time.monotonic()
    with open(os.devnull, "wb") as nothing:
        child = subprocess.Popen(
            command, stdin=nothing, stdout=nothing, stderr=subprocess.PIPE, preexec_fn=bounds, env=env, cwd=cwd
        )
        said, high = b"", 0
        os.set_blocking(child.stderr.fileno(), False)
        while True:
            high = max(high, high_water(child.pid))
            said += child.stderr.read() or b""
            pid, status, usage = os.wait4(child.pid, os.WNOHANG)
            if pid:
                break
            time.sleep(0.002 if time.monotonic() - begun < 2 else 0.05)
        said += child.stderr.read() or b""
        child.stderr.close()
        child.returncode = os.waitstatus_to_exitcode(status)
    # What a child inherits from this process counts as its own until it becomes another program: the larger figure is only
    # its own if it is larger than all of this process.
    own = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    peak = usage.ru_maxrss if usage.ru_maxrss > own else high
    taken = {
        "cpu": usage.ru_utime + usage.ru_stime,
        "wall": time.monotonic() - begun,
        "mb": peak / 1024,
    }
    if child.returncode in (-signal.SIGXCPU, -signal.SIGKILL):
        taken["stopped"] = f"stopped after {taken['cpu']:.0f} s"
    elif child.returncode != 0 and is_memory(said):
        taken["stopped"] = f"out of memory ({MEMORY >> 30} GB) after {taken['cpu']:.0f} s"
    elif child.returncode != 0:
        raise SystemExit(f"peers: {' '.join(command)[:200]} failed:\n{said.decode(errors='replace')[-2000:]}")
    return taken


def is_memory(said):
    """Whether memory ran out. Of that, instructor makes an exception of its own without a message."""
    last = said.strip().splitlines()[-1:]
    return any(b"MemoryError" in line or line.endswith(b"InstructorRetryException") for line in last)


def high_water(pid):
    """The peak of a living process's resident memory in kB; 0 if it is gone, or still a copy of this process."""
    try:
        if os.readlink(f"/proc/{pid}/exe") == os.readlink("/proc/self/exe"):
            return 0
        with open(f"/proc/{pid}/status", encoding="utf-8") as status:
            return next((int(line.split()[1]) for line in status if line.startswith("VmHWM:")), 0)
    except OSError:
        return 0
