"""The comparison: which clients are run on which answers, in which order, how often.

    measure.py TARGET [PART…]

Run by `benches/peers`, which sets up what it needs. Owns the parts and their rounds; one process is `child.py`'s matter, the tables
are `report.py`'s. Clients take turns, so that a busy moment of the machine meets all of them; what counts is the median.
"""

import json
import os
import platform
import re
import statistics
import subprocess
import sys
import tempfile
import time
from datetime import date
from importlib.metadata import version
from pathlib import Path

import child
import report

ROOT = Path(__file__).resolve().parents[2]
HERE = Path(__file__).resolve().parent
ROUNDS = int(os.environ.get("ROUNDS", "5"))
LIMIT = int(os.environ.get("LIMIT", "120"))
TINY, SIZES, LONG = 1, (20_000, 100_000, 400_000), 4_000_000
RUNS, AT_ONCE = 2000, 32


def build(target):
    """Builds formwork and the benchmarks as they are released; gives the path of each by its name."""
    command = ["cargo", "bench", "--no-run", "--message-format", "json-render-diagnostics"]
    command += ["--bench", "against", "--bench", "local"]
    built = subprocess.run(command, cwd=ROOT, stdout=subprocess.PIPE, check=True, text=True).stdout
    messages = [json.loads(line) for line in built.splitlines()]
    made = {message["target"]["name"]: message["executable"] for message in messages if message.get("executable")}
    made["formwork"] = str(target / "release" / "formwork")
    return made


class Server:
    """The scripted server, a process of its own."""

    def __init__(self, program):
        self.process = subprocess.Popen([program, "serve"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        self.url = self.process.stdout.readline().strip()

    def stop(self):
        self.process.stdin.close()
        self.process.wait()


def clients(made, url, home):
    """The command of each client for an answer of a size, in the order of the table."""
    schema = subprocess.run([made["against"], "schema"], stdout=subprocess.PIPE, check=True, text=True).stdout.strip()
    python = [sys.executable, str(HERE / "clients.py")]

    def formwork(*more):
        def command(size):
            task = ["run", "-s", schema, "-t", "everybody", "-m", f"people-{size}", "--mode", "tools"]
            return [made["formwork"], *task, "--base-url", url, *more]

        return command

    def curl(size):
        tool = {"type": "function", "function": {"name": "People", "parameters": json.loads(schema)}}
        messages = [{"role": "user", "content": "everybody"}]
        body = {"model": f"people-{size}", "stream": True, "messages": messages, "tools": [tool]}
        body = json.dumps(body)
        return ["curl", "-sN", "-d", body, "-H", "content-type: application/json", f"{url}/chat/completions"]

    return {
        "curl -N": curl,
        "formwork run": formwork(),
        "formwork run --stream": formwork("--stream"),
        "openai": lambda size: [*python, "openai", url, str(size)],
        "instructor, async": lambda size: [*python, "instructor-async", url, str(size)],
        "instructor, sync": lambda size: [*python, "instructor", url, str(size)],
    }


def environment(home):
    """What every client gets: a home of its own, and the path to programs."""
    return {"FORMWORK_HOME": home, "HOME": home, "PATH": os.environ["PATH"], "LC_ALL": "C.UTF-8"}


def median(takes):
    """The middle of several takes by processor time; the figures are of one and the same take."""
    return sorted(takes, key=lambda take: take["cpu"])[len(takes) // 2]


def stream(made, url, home):
    """One streamed answer: all sizes that take seconds. The longest is read by the quick ones only, and by fewer rounds."""
    rows = {name: {} for name in clients(made, url, home)}
    for size in (TINY, *SIZES, LONG):
        long = size == LONG
        takes = {}
        for _ in range(ROUNDS if not long else 3):
            for name, command in clients(made, url, home).items():
                slow = "instructor" in name and size > SIZES[0]
                if slow or (long and "run" not in name and "curl" not in name):
                    continue
                takes.setdefault(name, []).append(child.run(command(size), LIMIT, environment(home), home))
        for name, found in takes.items():
            rows[name][str(size)] = median(found)
            print(f"  {name:<24}{size:>10} bytes {median(found)['cpu']:>9.3f} s {median(found)['mb']:>8.1f} MB", flush=True)
    return rows


def slow(made, url, home):
    """The answers that take instructor minutes, once each. After a stop at one size the next larger one is not tried."""
    rows = {}
    for name in ("instructor, async", "instructor, sync"):
        rows[name] = {}
        for size in SIZES[1:]:
            take = child.run(clients(made, url, home)[name](size), LIMIT, environment(home), home)
            rows[name][str(size)] = take
            print(f"  {name:<24}{size:>10} bytes {take['cpu']:>9.1f} s {take.get('stopped', '')}", flush=True)
            if "stopped" in take:
                break
    return rows


def readers(target):
    """The incremental reader against other parsers."""
    manifest = ROOT / "benches/readers/Cargo.toml"
    # Not locked: what formwork depends on stands in this lock, too, and may be newer than it.
    command = ["cargo", "build", "--release", "--quiet", "--manifest-path", str(manifest)]
    subprocess.run([*command, "--target-dir", str(target)], check=True)
    program = target / "release/readers"
    lines = subprocess.run([program], stdout=subprocess.PIPE, check=True, text=True).stdout
    print(lines, end="")
    return [json.loads(line) for line in lines.splitlines()]


def many(made, url, home):
    """Small runs, many at once."""
    python = [sys.executable, str(HERE / "clients.py")]
    commands = {
        "formwork, worker": [made["against"], "many", url],
        "openai, async": [*python, "many-openai", url],
        "instructor, async": [*python, "many-instructor", url],
    }
    takes = {name: {"one": [], "all": []} for name in commands}
    for _ in range(3):
        for name, command in commands.items():
            for what, runs in (("one", 1), ("all", RUNS)):
                taken = child.run([*command, str(runs), str(AT_ONCE)], LIMIT, environment(home), home)
                takes[name][what].append(taken)
    rows = {name: {what: median(found) for what, found in kinds.items()} for name, kinds in takes.items()}
    for name, row in rows.items():
        print(f"  {name:<24}{row['all']['cpu'] * 1e3 / RUNS:>9.3f} ms a run")
    return rows


def start(made):
    """From the start of the program to the first byte and to the first frame."""
    found = json.loads(subprocess.run([made["against"], "start"], stdout=subprocess.PIPE, check=True, text=True).stdout)
    rows = {what: statistics.median(times) for what, times in found.items()}
    times = []
    for _ in range(ROUNDS):
        begun = time.monotonic()
        subprocess.run([sys.executable, "-c", "import instructor, openai; instructor.from_openai(openai.OpenAI(api_key='none'))"], check=True)
        times.append((time.monotonic() - begun) * 1e3)
    rows["import"] = statistics.median(times)
    print(f"  {rows}")
    return rows


def model(made, target):
    """The embedded model and llama.cpp's server, on the same weights. Needs packages that may not be there."""
    command = [str(ROOT / "tests/serve_model.sh"), str(target / "peers/model"), "8098"]
    environment = {**os.environ, "THREADS": "2"}
    server = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=environment)
    try:
        ready = server.stdout.readline().split()
        if ready[:1] != ["ready"]:
            return {"missing": "llama.cpp's server or the weights could not be installed"}
        asked = {**os.environ, "FORMWORK_TEST_SERVER": ready[1]}
        told = subprocess.run([made["local"]], stdout=subprocess.PIPE, text=True, cwd=ROOT, env=asked, check=False)
    finally:
        server.terminate()
        server.wait()
    print(told.stdout, end="")
    rows = re.findall(r"^(.{24})\s+([\d.]+)\s+([\d.]+)$", told.stdout, re.MULTILINE)
    if told.returncode != 0 or not rows:
        return {"missing": "the benchmark of the embedded model failed"}
    return {name.strip(): [float(prompt), float(decode)] for name, prompt, decode in rows}


def machine():
    """What it was measured on."""
    cpu = platform.processor()
    if os.path.exists("/proc/cpuinfo"):
        text = Path("/proc/cpuinfo").read_text(encoding="utf-8")
        cpu = next((line.split(":", 1)[1].strip() for line in text.splitlines() if line.startswith("model name")), cpu)
    curl = subprocess.run(["curl", "--version"], stdout=subprocess.PIPE, check=True, text=True).stdout.split()[1]
    rust = subprocess.run(["rustc", "--version"], stdout=subprocess.PIPE, check=True, text=True).stdout.split()[1]
    names = ("instructor", "openai", "pydantic", "jiter")
    versions = [f"{name} {version(name)}" for name in names]
    versions += [f"Python {platform.python_version()}", f"curl {curl}", f"Rust {rust}"]
    return {"cpu": cpu, "cores": os.cpu_count(), "system": platform.system(), "versions": versions, "date": date.today().isoformat()}


def main():
    target, parts = Path(sys.argv[1]).resolve(), sys.argv[2:]
    kept = target / "peers" / "results.json"
    results = json.loads(kept.read_text(encoding="utf-8")) if kept.exists() else {}
    made = build(target)
    server = Server(made["against"])
    with tempfile.TemporaryDirectory() as home:
        work = {
            "stream": lambda: stream(made, server.url, home),
            "slow": lambda: slow(made, server.url, home),
            "readers": lambda: readers(target),
            "many": lambda: many(made, server.url, home),
            "start": lambda: start(made),
            "model": lambda: model(made, target),
        }
        unknown = [part for part in parts if part not in work and part != "report"]
        if unknown:
            raise SystemExit(f"peers: there is no part {unknown[0]}; the parts are {', '.join(work)}")
        for part in parts or work:
            if part in work:
                print(f"{part}:", flush=True)
                results[part] = work[part]()
                results["machine"] = machine() | {"rounds": ROUNDS, "limit": LIMIT}
                kept.write_text(json.dumps(results, indent=1), encoding="utf-8")
    server.stop()
    report.write(ROOT, results)


if __name__ == "__main__":
    main()
