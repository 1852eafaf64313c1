"""Runs a program at a terminal of its own and types answers: at_terminal.py PROGRAM [ARGUMENT]... -- [ANSWER]...

Each answer is typed once the program asks, which it does with a line that ends in ": ". After the last one the end of input
is typed. What the terminal shows goes to stdout; the exit code is the program's.
"""
import os
import pty
import select
import sys

cut = sys.argv.index("--")
program, answers = sys.argv[1:cut], sys.argv[cut + 1 :]
child, terminal = pty.fork()
if child == 0:
    os.execv(program[0], program)
shown, seen = b"", 0
while True:
    ready, _, _ = select.select([terminal], [], [], 60)
    if not ready:
        os.kill(child, 9)
        sys.exit("the program neither asks nor ends: " + shown.decode(errors="replace"))
    try:
        got = os.read(terminal, 65536)
    except OSError:
        break
    if not got:
        break
    shown += got
    if shown[seen:].endswith(b": "):
        seen = len(shown)
        typed = answers.pop(0).encode() + b"\n" if answers else b"\x04"
        os.write(terminal, typed)
_, status = os.waitpid(child, 0)
sys.stdout.buffer.write(shown)
sys.exit(os.waitstatus_to_exitcode(status))
