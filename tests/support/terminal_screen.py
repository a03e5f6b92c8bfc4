"""A program on a real pseudo-terminal, and a small reader of what it draws: enough of ECMA-48 for our own screens."""
import fcntl
import os
import pty
import re
import select
import signal
import struct
import termios
import time
import unicodedata


def width_of(character):
    if unicodedata.combining(character):
        return 0
    return 2 if unicodedata.east_asian_width(character) in "WF" else 1


class Screen:
    """Lines of cells as a terminal would show them."""

    ESCAPE = re.compile(r"\x1b\[([?0-9;]*)([A-Za-z])")

    def __init__(self, columns, rows):
        self.resize(columns, rows)
        self.alternate = self.overflow = False
        self.rest = ""

    def resize(self, columns, rows):
        self.columns, self.rows = columns, rows
        self.cells = [[" "] * columns for _ in range(rows)]
        self.row = self.column = 0

    def line_feed(self):
        if self.row + 1 < self.rows:
            self.row += 1
        else:
            self.cells = self.cells[1:] + [[" "] * self.columns]

    def put(self, character):
        width = width_of(character)
        if self.column + width > self.columns:
            self.overflow = True  # a screen drawn to measure never wraps
            self.column = 0
            self.line_feed()
        if width:
            self.cells[self.row][self.column] = character
            for extra in range(1, width):
                self.cells[self.row][self.column + extra] = ""
            self.column += width

    def escape(self, parameters, final):
        if final == "H":
            row, _, column = parameters.partition(";")
            self.row, self.column = min(int(row or 1), self.rows) - 1, min(int(column or 1), self.columns) - 1
        elif final == "K":
            self.cells[self.row][self.column:] = [" "] * (self.columns - self.column)
        elif final == "J":
            self.cells[self.row][self.column:] = [" "] * (self.columns - self.column)
            for row in range(self.row + 1, self.rows):
                self.cells[row] = [" "] * self.columns
        elif parameters == "?1049":
            self.alternate = final == "h"
            if self.alternate:
                self.resize(self.columns, self.rows)

    def feed(self, text):
        text, at = self.rest + text, 0
        self.rest = ""
        while at < len(text):
            found = self.ESCAPE.match(text, at)
            if found:
                self.escape(*found.groups())
                at = found.end()
                continue
            if text[at] == "\x1b":
                if len(text) - at < 16:
                    self.rest = text[at:]
                    return
            elif text[at] == "\r":
                self.column = 0
            elif text[at] == "\n":
                self.line_feed()
            elif text[at] >= " ":
                self.put(text[at])
            at += 1

    def lines(self):
        return ["".join(row).rstrip() for row in self.cells]

    def text(self):
        return "\n".join(self.lines())


class OnTerminal:
    """Runs a program on a terminal of its own; a context manager."""

    def __init__(self, arguments, columns=80, rows=24, environment=None):
        self.screen = Screen(columns, rows)
        self.raw = ""
        self.pending = b""
        self.status = None
        self.master, self.slave = pty.openpty()  # the slave stays open here, so that its mode can be read afterwards
        fcntl.ioctl(self.master, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))
        self.mode = termios.tcgetattr(self.slave)
        self.pid = os.fork()
        if self.pid == 0:
            try:
                os.setsid()
                fcntl.ioctl(self.slave, termios.TIOCSCTTY, 0)
                for descriptor in (0, 1, 2):
                    os.dup2(self.slave, descriptor)
                os.execve(str(arguments[0]), [str(word) for word in arguments],
                          {**os.environ, "TERM": "xterm-256color", **(environment or {})})
            finally:
                os._exit(127)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        if self.status is None:
            os.kill(self.pid, signal.SIGKILL)
            self.wait()
        os.close(self.master)
        os.close(self.slave)

    def read(self, seconds):
        if not select.select([self.master], [], [], seconds)[0]:
            return
        self.pending += os.read(self.master, 65536)
        try:
            text, self.pending = self.pending.decode(), b""
        except UnicodeDecodeError as error:
            text, self.pending = self.pending[:error.start].decode(), self.pending[error.start:]
        self.raw += text
        self.screen.feed(text)

    def until(self, *parts, seconds=30):
        """Reads until all parts stand on the screen at once."""
        end = time.monotonic() + seconds
        while not all(part in self.screen.text() for part in parts):
            if time.monotonic() > end:
                raise AssertionError(f"{parts} did not come; the screen shows\n{self.screen.text()}")
            self.read(0.2)
        return self.screen.text()

    def type(self, keys):
        os.write(self.master, keys.encode())

    def resize(self, columns, rows):
        self.screen.resize(columns, rows)
        fcntl.ioctl(self.master, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))

    def signal(self, number):
        os.kill(self.pid, number)

    def wait(self, seconds=30):
        """The status as waitpid gives it, once all that was written has been read."""
        end = time.monotonic() + seconds
        while self.status is None:
            pid, status = os.waitpid(self.pid, os.WNOHANG)
            if pid:
                self.status = status
            elif time.monotonic() > end:
                raise AssertionError("it does not end; the screen shows\n" + self.screen.text())
            self.read(0.05)
        while select.select([self.master], [], [], 0)[0]:
            self.read(0)
        return self.status

    def mode_is_restored(self):
        return termios.tcgetattr(self.slave) == self.mode
