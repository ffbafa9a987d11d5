"""A trace in the making, and its text."""

import collections
import re

WATCHER = "W"  # a task on CPU 0, which no recorded thread uses: it does the checks
WRAP_COLUMN = 100
LOW_FRAMES = 16  # of the profiles used here
PROFILE_HIGH_PAGES = 4096


def page_key(page):
    return page[0], int(page[1:])


def initial_byte(frame, offset):
    """What a page of a trace holds before anybody writes (highmem/machine/page.h)."""
    return 1 + (frame * 37 + offset * 5) % 251


class Op:
    """One op of the trace; what it is expected to do may become known later.

    {PAGE} stands for the page's number of declaration, {PAGE+OFFSET} for the byte that is there
    before anybody writes: both are known when all pages are.
    """

    def __init__(self, call, expects=()):
        self.call = call
        self.expects = list(expects)

    def __str__(self):
        return self.call + (" -> " + " ".join(self.expects) if self.expects else "")


class TraceText:
    """Programs and their order; tasks T1 ... on CPUs 1 and 2, handlers H1 and H2."""

    def __init__(self):
        self.programs = collections.defaultdict(list)  # actor -> ops
        self.runs = collections.Counter()  # of handlers
        self.turns = []  # [actor, ops or runs]
        self.current = {}  # CPU -> task
        self.checked = set()  # by the watcher since the last turn that was not its own
        self.pages = set()
        self.ignored = []
        self.verdict = "expect pass"
        self.finals = []

    @staticmethod
    def cpu_of(actor):
        return 0 if actor == WATCHER else 2 - int(actor[1:]) % 2

    def do(self, actor, call, *expects):
        op = Op(call, expects)
        self.programs[actor].append(op)
        self.turn(actor)
        return op

    def turn(self, actor):
        if not actor.startswith("H"):
            self.current[self.cpu_of(actor)] = actor
        if self.turns and self.turns[-1][0] == actor:
            self.turns[-1][1] += 1
        else:
            self.turns.append([actor, 1])

    def run(self, handler, ops):
        """A run of the handler. Behind its end is always an op, or it would forget variables."""
        self.programs[handler] += [*ops, Op("iret")]
        self.runs[handler] += 1
        self.turn(handler)

    def check(self, condition):
        if self.turns[-1][0] != WATCHER:
            self.checked.clear()
        if condition not in self.checked:
            self.do(WATCHER, f"check {condition}")
        self.checked.add(condition)

    def page(self, name):
        self.pages.add(name)
        return name

    def ignore(self, diagnosis):
        if diagnosis not in self.ignored:
            self.ignored.append(diagnosis)

    # --- text ----------------------------------------------------------------------------------

    def body(self, profile):
        high = sorted((p for p in self.pages if p.startswith("h")), key=page_key)
        low = sorted((p for p in self.pages if p.startswith("l")), key=page_key)
        number = {page: n for n, page in enumerate(high + low)}
        frame = {page: n + LOW_FRAMES for n, page in enumerate(high)}
        frame.update({page: n for n, page in enumerate(low)})

        def fill_in(m):
            page, offset = m[1], m[2]
            return str(initial_byte(frame[page], int(offset)) if offset else number[page])

        def text(op):
            return "  " + re.sub(r"\{(\w+)(?:\+(\d+))?\}", fill_in, str(op))

        lines = [f"profile {profile}"]
        if len(high) > PROFILE_HIGH_PAGES:
            lines[0] += f" high_pages={len(high)}"
        lines += [f"page {p} high" for p in high]
        lines += [f"page {p} low" for p in low]
        lines.append("lane misuse")
        lines += [f"ignore {d}" for d in self.ignored]
        last = max((int(a[1:]) for a in self.programs if a.startswith("T")), default=1)
        tasks = [f"T{n + 1}" for n in range(last)]
        tasks += [WATCHER] if WATCHER in self.programs else []
        for task in tasks:
            lines.append(f"task {task}@{self.cpu_of(task)}:")
            lines += [text(op) for op in self.programs.get(task, [])]
        for handler in sorted(self.runs):
            lines.append(f"irq {handler}@{handler[1:]} x{self.runs[handler]}:")
            lines += [text(op) for op in [*self.programs[handler], Op("iret")]]
        lines += self.order()
        lines.append(self.verdict)
        if self.finals:
            lines.append("final " + ", ".join(self.finals))
        return "\n".join(lines) + "\n"

    def order(self):
        line = "schedule order"
        for actor, n in self.turns:
            word = f" {actor}" + (f"*{n}" if n > 1 else "")
            if len(line) + len(word) > WRAP_COLUMN:
                yield line
                line = "schedule order"
            line += word
        yield line
