"""The tables of the comparison, on the screen and as Markdown.

Owns the words and the targets. A cell without a figure says why; a target that is missed says so.
"""

SIZES = (20_000, 100_000, 400_000, 4_000_000)
HEADS = ("20 kB", "100 kB", "400 kB", "4 MB")
FORMWORK = "formwork run"
ASYNC = "instructor, async"
NONE = "–"


def write(root, results):
    """Writes docs/benchmarks.md and the part of the README between its marks; prints the first."""
    long = document(results)
    (root / "docs" / "benchmarks.md").write_text(long, encoding="utf-8")
    readme = root / "README.md"
    text = readme.read_text(encoding="utf-8")
    begin, end = "<!-- peers -->\n", "<!-- /peers -->"
    before, rest = text.split(begin, 1)
    after = rest.split(end, 1)[1]
    readme.write_text(before + begin + short(results) + end + after, encoding="utf-8")
    print(long)


def takes(results):
    """The streamed answers of every client, the slow ones with the others."""
    rows = {name: dict(row) for name, row in results.get("stream", {}).items()}
    for name, row in results.get("slow", {}).items():
        rows.setdefault(name, {}).update(row)
    return rows


def seconds(value):
    """A time in seconds, with two or three figures."""
    return f"{value * 1e3:.0f} ms" if value < 1 else f"{value:.3g} s"


def times(ratio):
    """A ratio, with two figures or more."""
    return f"{ratio:,.0f}×" if ratio >= 10 else f"{ratio:.1f}×" if ratio >= 1 else f"{ratio:.2f}×"


def table(head, rows):
    """A Markdown table; all columns but the first are numbers."""
    lines = ["| " + " | ".join(head) + " |", "|---|" + "---:|" * (len(head) - 1)]
    lines += ["| " + " | ".join(row) + " |" for row in rows]
    return "\n".join(lines) + "\n"


def net(row, size):
    """Processor time of an answer beyond that of a tiny one; `None` where it was not had."""
    take, tiny = row.get(str(size)), row.get("1")
    if take is None or tiny is None or "stopped" in take:
        return None
    return max(take["cpu"] - tiny["cpu"], 1e-4)


def cell(row, size):
    """Processor time, whole and without the start."""
    take = row.get(str(size))
    if take is None:
        return NONE
    if "stopped" in take:
        return take["stopped"]
    beyond = net(row, size)
    return seconds(take["cpu"]) + (f" ({seconds(beyond)})" if beyond is not None else "")


def memory(row, size):
    """Peak memory."""
    take = row.get(str(size))
    return NONE if take is None else f"{take['mb']:,.0f} MB"


def ratios(rows, row, size):
    """Net processor time as a multiple of `formwork run`'s; of what was stopped the least that it can be."""
    own, take = net(rows.get(FORMWORK, {}), size), row.get(str(size))
    if own is None or take is None:
        return NONE
    if "stopped" in take:
        return f"> {times(take['cpu'] / own)}"
    beyond = net(row, size)
    return NONE if beyond is None else times(beyond / own)


def streams(rows):
    """The three tables of a streamed answer."""
    head = ("start alone", *HEADS)
    text = "Processor time, user and system, in brackets without the start of the program:\n\n"
    start = {name: seconds(row["1"]["cpu"]) if "1" in row else NONE for name, row in rows.items()}
    text += table(("client", *head), [(name, start[name], *(cell(row, size) for size in SIZES)) for name, row in rows.items()])
    text += "\nThe same as multiples of `formwork run`, without the start (except where a client was stopped):\n\n"
    text += table(("client", *HEADS), [(name, *(ratios(rows, row, size) for size in SIZES)) for name, row in rows.items()])
    text += "\nPeak memory:\n\n"
    text += table(("client", *head), [(name, *(memory(row, size) for size in (1, *SIZES))) for name, row in rows.items()])
    return text


def reader_rows(documents):
    """The incremental reader and its peers, as multiples of one parse of the whole."""
    rows = []
    for found in documents:
        whole = found["serde_json"]
        others = (found[name] for name in ("formwork", "jsonmodem", "jiter"))
        rows.append((found["document"], f"{whole * 1e3:.3g} ms", *(NONE if one is None else times(one / whole) for one in others)))
    return table(("document", "`serde_json`, once", "formwork", "`jsonmodem`", "`jiter`, anew at each piece"), rows)


def many_rows(rows, runs=2000):
    """Small runs, per run."""
    own = per_run(rows["formwork, worker"], runs)
    lines = [
        (name, f"{per_run(row, runs):.2f} ms", times(per_run(row, runs) / own), seconds(row["one"]["cpu"]), f"{row['all']['mb']:.0f} MB")
        for name, row in rows.items()
    ]
    return table(("client", "processor time a run", "ratio", "start and one run", "peak memory"), lines)


def per_run(row, runs):
    """Milliseconds of processor time, without those of the start."""
    return (row["all"]["cpu"] - row["one"]["cpu"]) * 1e3 / (runs - 1)


def targets(results):
    """What was to be reached, and what was: sentences with a figure each."""
    rows, lines = takes(results), []
    own, asked = rows.get(FORMWORK, {}), "100000"
    for name, what, wanted, least in (
        (ASYNC, "a 100 kB answer against instructor's partial objects", "100× less", 100),
        ("openai", "the same against the bare openai SDK", "less", 1),
    ):
        peer = rows.get(name, {}).get(asked)
        if asked in own and peer:
            ratio = peer["cpu"] / own[asked]["cpu"]
            more = "more than " if "stopped" in peer else ""
            lines.append((what, wanted, f"{more}{times(ratio)} less", ratio >= least))
    short, long = net(own, SIZES[0]), net(own, SIZES[-1])
    if short and long:
        growth = long / short / (SIZES[-1] / SIZES[0])
        lines.append(("growth from 20 kB to 4 MB against linear", "at most 1.2×", times(growth), growth <= 1.2))
    for found in results.get("readers", []):
        if found["document"].startswith("records"):
            ratio = found["formwork"] / found["serde_json"]
            lines.append((f"reader against one parse, {found['document']}", "at most 1.5×", times(ratio), ratio <= 1.5))
    if "many" in results:
        many = results["many"]
        ratio = per_run(many[ASYNC], 2000) / per_run(many["formwork, worker"], 2000)
        lines.append(("a small run against instructor", "10× less", f"{times(ratio)} less", ratio >= 10))
    if "start" in results:
        start = results["start"]
        lines.append(("first byte of `--help`", "under 10 ms", f"{start['help']:.1f} ms", start["help"] < 10))
        lines.append(("first frame of the workbench", "under 50 ms", f"{start['frame']:.1f} ms", start["frame"] < 50))
    speed = results.get("model", {}).get("2 threads to the server")
    if speed:
        lines.append(("decoding against llama.cpp", "at least 0.5×", f"{speed[1]:.2f}×", speed[1] >= 0.5))
    elif "model" in results:
        lines.append(("decoding against llama.cpp", "at least 0.5×", results["model"]["missing"], False))
    return [(what, wanted, got, "yes" if good else "**no**") for what, wanted, got, good in lines]


def about(results):
    """Machine, date and versions, in a sentence."""
    machine = results["machine"]
    return (
        f"{machine['date']}, {machine['system']}, {machine['cores']} × {machine['cpu']}; {', '.join(machine['versions'])}. "
        f"A cell with {NONE} was not measured. Medians of {machine['rounds']} rounds in which the clients take turns; clients are stopped after {machine['limit']} s of "
        f"processor time."
    )


def document(results):
    """docs/benchmarks.md."""
    rows = takes(results)
    text = "# formwork beside its peers\n\nMade by `benches/peers`, which measures all of this again on any machine with a Rust toolchain and Python.\n\n"
    text += about(results) + "\n\n## Targets\n\n"
    text += table(("what", "wanted", "measured", "reached"), targets(results))
    if rows:
        text += (
            "\n## One streamed answer\n\nA list of people, asked for as a function call, in deltas of four characters; every client reads from the same server on\n"
            "loopback. `curl` only copies bytes and is the floor. The `openai` SDK joins the pieces and parses once at the end;\n"
            "`instructor` is its `create_partial`, which makes an object at every piece, as `formwork run --stream` prints one ten times a\n"
            "second. `formwork run` also records the session. Clients in Python get 4 GB of memory.\n\n"
        )
        text += streams(rows)
    if "readers" in results:
        text += "\n## Reading while it streams\n\nA document in pieces of four characters, as multiples of one parse of the whole.\n\n"
        text += reader_rows(results["readers"])
    if "many" in results:
        text += "\n## Small runs\n\n2,000 runs, 32 at once, each a request and a validated record of two fields. formwork streams them, the others do not.\n\n"
        text += many_rows(results["many"])
    if "start" in results:
        start = results["start"]
        lines = [
            ("first byte of `formwork --help`", f"{start['help']:.1f} ms"),
            ("first frame of the workbench on a terminal", f"{start['frame']:.1f} ms"),
        ]
        if "import" in start:
            lines.append(("an `instructor` client in Python", f"{start['import']:,.0f} ms"))
        text += "\n## Starting\n\n" + table(("from the start of the program to", "wall time"), lines)
    if "model" in results:
        text += "\n## The embedded model\n\nThe same weights in llama.cpp's server, with two threads each; tokens a second.\n\n"
        missing = results["model"].get("missing")
        lines = [(name, *(f"{one:.2f}" if one < 10 else f"{one:.0f}" for one in pair)) for name, pair in results["model"].items() if name != "missing"]
        text += f"Not measured: {missing}.\n" if missing else table(("", "prompt", "answer"), lines)
    return text


def short(results):
    """The part of the README."""
    text = table(("", "wanted", "measured", "reached"), targets(results))
    machine = results["machine"]
    return f"{text}\n{machine['date']}, {machine['cores']} × {machine['cpu']}.\n"
