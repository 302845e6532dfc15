#!/usr/bin/env bash
# Cuts real SSH connections under a workbench while an answer streams, in four ways, and looks at what is left.
#
#   tests/ssh.sh [BINARY]
#
# BINARY is formwork (default: target/release/formwork, else target/debug/formwork, beside this folder). Starts an sshd of its own on
# a free port of loopback, with keys made for it in a temporary folder, and a model server that writes a note every 50 ms for ever.
# Installs nothing and changes nothing outside that folder; needs sshd, ssh, ssh-keygen (Debian: openssh-server, openssh-client),
# python3 and a user who may log in. Prints a line for each check; exit code 0 if all hold, 1 if not, 2 if something is missing.
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
say() { printf '%s\n' "$*"; }
missing() { say "ssh.sh: $*" >&2; exit 2; }

formwork=${1:-}
for built in "$here/../target/release/formwork" "$here/../target/debug/formwork"; do
    [[ -z $formwork && -x $built ]] && formwork=$built
done
[[ -n $formwork && -x $formwork ]] || missing "no formwork binary: build one with cargo build --release, or name it"
formwork=$(realpath "$formwork")
sshd=$(PATH=$PATH:/usr/sbin:/sbin command -v sshd) || missing "sshd is missing: install openssh-server"
for program in ssh ssh-keygen python3; do
    command -v "$program" >/dev/null || missing "$program is missing: install it"
done
if ((EUID == 0)) && [[ ! -d /run/sshd ]]; then
    missing "as root, sshd wants the folder /run/sshd: make it with mkdir /run/sshd"
fi

room=$(mktemp -d)
pids=()
cleanup() {
    for pid in "${pids[@]}"; do
        kill -9 "$pid" 2>/dev/null || true
        wait "$pid" 2>/dev/null || true
    done
    rm -rf "$room"
}
trap cleanup EXIT

failed=0
check() { # WORDS COMMAND...
    local words=$1
    shift
    if "$@"; then say "ok    $words"; else say "FAILS $words"; failed=1; fi
}
within() { # SECONDS COMMAND...: as soon as it holds
    local end=$((SECONDS + $1))
    shift
    until "$@" 2>/dev/null; do
        ((SECONDS < end)) || return 1
        sleep 0.05
    done
}
# Ended, be it that nobody has asked for its exit code yet.
gone() { ! kill -0 "$1" 2>/dev/null || [[ $(ps -o stat= -p "$1") == Z* ]]; }

# A model that never stops: its port is written to a file.
cat >"$room/server.py" <<'PYTHON'
import http.server, itertools, json, sys, time

class Model(http.server.BaseHTTPRequestHandler):
    def log_message(self, *_): pass
    def do_GET(self): self.send_error(404)
    def do_POST(self):
        self.rfile.read(int(self.headers["content-length"]))
        self.send_response(200)
        self.send_header("content-type", "text/event-stream")
        self.end_headers()
        texts = (f'"note {number}", ' for number in itertools.count(1))
        try:
            for text in itertools.chain(['{"name": "Ivan", "notes": ['], texts):
                delta = {"choices": [{"index": 0, "delta": {"content": text}}]}
                self.wfile.write(f"data: {json.dumps(delta)}\n\n".encode())
                self.wfile.flush()
                time.sleep(0.05)
        except OSError:
            pass

server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Model)
with open(sys.argv[1], "w") as port:
    port.write(str(server.server_port))
server.serve_forever()
PYTHON
python3 "$room/server.py" "$room/model.port" &
pids+=($!)
within 10 test -s "$room/model.port" || missing "the model server does not start"
url=http://127.0.0.1:$(<"$room/model.port")/v1

ssh-keygen -q -t ed25519 -N '' -f "$room/host"
ssh-keygen -q -t ed25519 -N '' -f "$room/user"
chmod 700 "$room"
port=$(python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])')
cat >"$room/sshd_config" <<CONFIG
ListenAddress 127.0.0.1
Port $port
HostKey $room/host
AuthorizedKeysFile $room/user.pub
PidFile $room/sshd.pid
StrictModes no
UsePAM no
PasswordAuthentication no
PermitRootLogin prohibit-password
PermitUserEnvironment no
CONFIG
"$sshd" -D -e -f "$room/sshd_config" 2>"$room/sshd.log" &
pids+=($!)
options=(-F none -p "$port" -i "$room/user" -o IdentitiesOnly=yes -o BatchMode=yes -o StrictHostKeyChecking=no
    -o UserKnownHostsFile=/dev/null -o LogLevel=ERROR)
within 10 ssh "${options[@]}" 127.0.0.1 true ||
    missing "cannot log in to the sshd that was started: $(tail -n 3 "$room/sshd.log")"

# Starts the workbench over ssh on a terminal of its own; $client is the connection, $seen what it shows, $bench the workbench's pid.
connect() { # ARGUMENTS...
    local remote
    printf -v remote '%q ' "$formwork" "$@"
    remote="stty cols 120 rows 40; echo \$\$ > $home/pid; export FORMWORK_HOME=$home LC_ALL=C.UTF-8; exec $remote"
    seen=$home/seen
    rm -f "$home/pid" "$home/keys" "$seen"
    mkfifo "$home/keys"
    TERM=xterm-256color ssh "${options[@]}" -tt 127.0.0.1 "$remote" <"$home/keys" >"$seen" 2>&1 &
    client=$!
    disown
    pids+=("$client")
    exec {keys}>"$home/keys"
    within 20 grep -q '3 ' "$seen" || { say "the workbench does not open:"; cat "$seen"; exit 1; }
    bench=$(<"$home/pid")
    pids+=("$bench")
}
# The sshd process that serves the connection: the parent of the workbench.
server_of() { ps -o ppid= -p "$1" | tr -d ' '; }
ticks() { awk '{ print $14 + $15 }' "/proc/$1/stat" 2>/dev/null || echo 0; }
in_session() { grep -q "$1" "$home"/sessions/*.jsonl; }

cut_off() { # NAME COMMAND...: streams, cuts, looks
    local name=$1 note began
    shift
    home=$(mktemp -d "$room/home.XXXX")
    cat >"$home/config.toml" <<CONFIG
default_provider = "slow"
[providers.slow]
kind = "openai"
base_url = "$url"
CONFIG
    connect -s 'name, notes [str]' -t 'Ivan' -m slow --mode json
    printf r >&"$keys"
    within 20 grep -q 'note 20"' "$seen" || { say "nothing streams:"; tail -c 2000 "$seen"; exit 1; }
    note=$(grep -ao 'note [0-9]*"' "$seen" | tr -dc '0-9\n' | sort -n | tail -n 1)
    began=$(date +%s%N)
    "$@"
    check "$name: the workbench ends" within 30 gone "$bench"
    say "      after $((($(date +%s%N) - began) / 1000000)) ms"
    exec {keys}>&-
    kill -9 "$client" 2>/dev/null || true
    check "$name: the session holds what was on the screen (note $note)" in_session "note $note\\\\"
    if [[ $name != crash ]]; then
        check "$name: the session says that the run was cancelled" in_session '"event":"ended".*"cancelled"'
    fi
    check "$name: it can be replayed" replays "note $note"
    check "$name: the next connection finds it" finds
}
replays() { FORMWORK_HOME=$home "$formwork" replay ivan --events 2>"$home/said" | grep -q "$1" || { cat "$home/said"; false; }; }
finds() {
    connect
    local found=0
    { within 20 grep -q 'Ivan' "$seen" && within 20 grep -q 'cancelled' "$seen"; } || found=1
    # An idle workbench at rest does nothing.
    local before after
    before=$(ticks "$bench")
    sleep 2
    after=$(ticks "$bench")
    say "      at rest for 2 s it used $((after - before)) ticks of CPU"
    printf q >&"$keys"
    within 10 gone "$bench" || found=1
    exec {keys}>&-
    ((after - before < 20 && found == 0))
}

kill_client() { kill -9 "$client"; }
kill_server() { kill -9 "$(server_of "$bench")"; }
# A line that is dead for a while before anybody notices: the run goes on meanwhile.
freeze_client() {
    kill -STOP "$client"
    check "line dead: the run goes on and is recorded" within 20 in_session 'note 60\\'
    began=$(date +%s%N)
    kill -9 "$client"
}
kill_bench() { kill -9 "$bench"; }

cut_off 'client killed' kill_client
cut_off 'sshd killed' kill_server
cut_off 'line dead' freeze_client
cut_off 'crash' kill_bench

left=()
for pid in "${pids[@]:2}"; do gone "$pid" || left+=("$pid"); done
check "no process is left" test "${#left[@]}" -eq 0
((failed == 0)) && say "all checks hold" || say "some checks fail"
exit "$failed"
