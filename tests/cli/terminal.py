"""Runs a program on a pseudo-terminal, and passes on what is typed and what is shown.

    python3 terminal.py [--all] program args...

The program's stdin and stderr are the terminal. Its stdout is this script's stdout, or the terminal with --all. This
script reads from stdin what is typed, and writes to stderr what the terminal shows. Its exit code is the program's.
"""

import os
import pty
import select
import signal
import sys

everything = sys.argv[1] == "--all"
command = sys.argv[2:] if everything else sys.argv[1:]
stdout = os.dup(1)
pid, terminal = pty.fork()
if pid == 0:
    if not everything:
        os.dup2(stdout, 1)
    os.execvp(command[0], command)

# Only the program keeps stdout open, so that its reader sees the end when the program ends.
os.close(stdout)
os.close(1)
for name in (signal.SIGINT, signal.SIGTERM):
    signal.signal(name, lambda number, _: os.kill(pid, number))

sources = [0, terminal]
while terminal in sources:
    for source in select.select(sources, [], [])[0]:
        try:
            data = os.read(source, 65536)
        except OSError:
            # The program has closed its terminal. Linux reports an error; other systems give an empty read.
            data = b""
        if not data:
            sources.remove(source)
        elif source == terminal:
            os.write(2, data)
        else:
            os.write(terminal, data)

status = os.waitpid(pid, 0)[1]
sys.exit(os.WEXITSTATUS(status) if os.WIFEXITED(status) else 128 + os.WTERMSIG(status))
