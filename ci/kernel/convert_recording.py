#!/usr/bin/env python3
"""Turns recordings of real kernels into traces that the harness replays.

    convert_recording.py RECORDING[.xz]... OUTPUT_DIRECTORY

A recording is what a Linux kernel did, one line an operation:

    # layout PAGE_OFFSET=c0000000 ... LAST_PKMAP=1024 ...
    14 [0 kmap h0 p1] pkmap:1 i0 m0 cur1 c2
    3 [1 kmap h1500 p1] late(at 5) pkmap:5 i0 m0 cur5 c2 SW2 GF1

number, [thread, operation], result, state afterwards, events. Every replayed op carries what its
line says as expectations; corpus/kernel/README.md describes the rest: what is replayed, what is
left out and why that changes nothing, and where a replay may differ. At a line that cannot be
replayed exactly this program stops.
"""

import collections
import dataclasses
import lzma
import pathlib
import re
import sys

# Prefix of a recording's name -> profile, machine.
KERNELS = {
    "i386-1024": ("x86", "Linux 6.1.192, built for it: i386, HIGHMEM4G, no PAE, LAST_PKMAP 1024."),
    "i386-debug": ("x86_pae", "Linux 6.1.192, built for it: i386, PAE, LAST_PKMAP 512,\n# "
                              "DEBUG_HIGHMEM, DEBUG_KMAP_LOCAL, DEBUG_KMAP_LOCAL_FORCE_MAP, "
                              "PROVE_LOCKING."),
    "debian-686-pae": ("x86_pae", "Linux 6.1.176-1 as Debian ships it: 686-pae, LAST_PKMAP 512."),
}
PROFILE_SLOTS = {"x86": 1024, "x86_pae": 512}
PROFILE_HIGH_PAGES = 4096

# Line of mm/highmem.c, Linux 6.1 -> name in highmem/kernel/sites.def.
SITES = {358: "kunmap_high_vaddr", 368: "kunmap_high_count", 780: "set_page_address_low"}

# Contexts a recorded op can run in -> the ops around it that make one. Bottom halves cannot be
# switched off in a trace; what kmap sees is the same, a preempt_count that is not 0.
CONTEXTS = {
    "": (None, None),
    "bh": ("preempt_disable", "preempt_enable"),
    "atom": ("preempt_disable", "preempt_enable"),
    "irqoff": ("irq_save", "irq_restore"),
    "irq": None,
    "irqen": None,
}
# What those contexts are reported for by a kernel that is built to look (DEBUG_ATOMIC_SLEEP,
# PROVE_LOCKING); the recorded one printed nothing.
UNREPORTED = {
    "kmap": "SPLAT:kmap_might_sleep",
    "kunmap": "SPLAT:kunmap_might_sleep",
    "flush": "WARN:smp_call_irqs_off",
}

LOCAL_OPS = {"klocal", "klpfn", "katomic", "kunlocal", "kunatomic"}
PROBES = {"ctrl", "ctrlof", "pteof", "slotpte", "pc", "rewarm", "sleep", "topage"}
LOCAL_MAP = "local or atomic map"
WATCHER = "W"  # a task on CPU 0, which no recorded thread uses: it does the checks
WRAP_COLUMN = 100


@dataclasses.dataclass
class Line:
    """One line of a recording."""

    text: str
    number: int
    thread: int
    context: str
    op: str
    args: list
    late_at: int  # 0 unless this is the end of an operation that blocked
    result: str
    rest: str  # everything behind the brackets
    cursor: int
    count: int  # of the page named, 0 if it has no slot, None where the line says nothing
    sweeps: int
    flushes: int
    woken: list
    site: int  # BUG


class CannotConvert(Exception):
    pass


def parse_line(text):
    m = re.fullmatch(r"(\d+) \[(\d+) ([^\]]*)\] (?:late\(at (\d+)\) )?(.*)", text)
    if not m:
        raise CannotConvert(f"not a line of a recording: {text}")
    words = m[3].split()
    context = words.pop(0) if words[0] in CONTEXTS else ""
    rest = m[5]
    state = rest.partition(" ")[2]

    def number(pattern, default):
        found = re.search(r"(?:^| )" + pattern + r"(?= |$)", state)
        return int(found[1]) if found else default

    woken = re.search(r" WAKE\[([^\]]*)\]", rest)
    site = re.search(r"BUG@highmem\.c:(\d+)", rest)
    return Line(
        text=text, number=int(m[1]), thread=int(m[2]), context=context,
        op=words[0], args=words[1:], late_at=int(m[4] or 0), result=rest.split()[0], rest=rest,
        cursor=number(r"cur(\d+)", None),
        count=0 if re.search(r"(?:^| )c-(?= |$)", state) else number(r"c(\d+)", None),
        sweeps=number(r"SW(\d+)", 0), flushes=number(r"GF(\d+)", 0),
        woken=[int(t[1:]) for t in woken[1].split(",")] if woken else [],
        site=int(site[1]) if site else 0)


def ranges(text):
    """1-3,0 -> [1, 2, 3, 0]"""
    slots = []
    for part in text.split(","):
        first, _, last = part.partition("-")
        slots.extend(range(int(first), int(last or first) + 1))
    return slots


def pages_from(first, n):
    """The pages of `fill`, `drain`, `stream`: n of them, counting up."""
    return [f"{first[0]}{int(first[1:]) + i}" for i in range(n)]


def page_key(page):
    return page[0], int(page[1:])


class Op:
    """One op of the trace; what it is expected to do may become known later."""

    def __init__(self, call, expects=()):
        self.call = call
        self.expects = list(expects)

    def __str__(self):
        return self.call + (" -> " + " ".join(self.expects) if self.expects else "")


class Part:
    """One trace being written."""

    def __init__(self):
        self.programs = collections.defaultdict(list)  # actor -> ops
        self.turns = []  # [actor, ops]
        self.checked = set()  # since the last turn that was not the watcher's
        self.pages = set()
        self.ignored = []
        self.verdict = "expect pass"
        self.finals = []
        self.replayed = 0
        self.helpers = 0
        self.skipped = collections.Counter()
        self.numbers = []  # first and last operation of the recording

        # What the recording says about the pool so far.
        self.count = {}  # page -> pkmap count, pages with a slot only
        self.cursor = 0
        self.sweeps = 0
        self.flushes = 0
        self.blocked = {}  # thread -> (op, page, sweeps and flushes already counted)
        self.resleeping = False  # sleepers have swept, the recording does not say yet how often
        self.bytes = {}  # (page, offset) -> value, written by a replayed store and nobody since
        self.pointers = {}  # pointer -> (page, whether it is from kmap)

    def do(self, actor, call, *expects):
        op = Op(call, expects)
        self.programs[actor].append(op)
        self.turn(actor)
        return op

    def turn(self, actor):
        if self.turns and self.turns[-1][0] == actor:
            self.turns[-1][1] += 1
        else:
            self.turns.append([actor, 1])

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

    def sweep(self):
        self.count = {page: n for page, n in self.count.items() if n != 1}


class Converter:
    def __init__(self, name, text):
        self.name = name
        kernel = max((k for k in KERNELS if name.startswith(k)), key=len, default=None)
        if kernel is None:
            raise CannotConvert(f"{name}: no known kernel; expected one of {', '.join(KERNELS)}")
        self.profile, self.machine = KERNELS[kernel]
        header, *rows = text.splitlines()
        slots = int(re.search(r"LAST_PKMAP=(\d+)", header)[1])
        if slots != PROFILE_SLOTS[self.profile]:
            raise CannotConvert(f"{name}: {slots} slots, profile {self.profile} has other")
        self.ran = rows.pop() if rows[-1].startswith("ran ") else ""
        self.lines = [parse_line(row) for row in rows]
        self.late = collections.defaultdict(list)  # number -> ends of blocked ops, in file order
        self.seen_late = set()  # numbers whose own line comes behind such an end
        self.index()
        self.parts = [Part()]

    @property
    def part(self):
        return self.parts[-1]

    def index(self):
        """Finds ends of blocked operations, and pointers that other threads read through."""
        done = set()
        self.used = collections.defaultdict(set)  # kmap's index -> threads that use its pointer
        defined = {}
        for i, line in enumerate(self.lines):
            if line.late_at:
                self.late[line.late_at].append(line)
                if line.late_at not in done:
                    self.seen_late.add(line.late_at)
                continue
            done.add(line.number)
            if line.op in ("wr", "rd"):
                self.used[defined.get(line.args[0])].add(line.thread)
            elif len(line.args) == 2 and re.fullmatch(r"p\d+", line.args[1]):
                defined[line.args[1]] = i

    # --- the walk ------------------------------------------------------------------------------

    def convert(self):
        for i, line in enumerate(self.lines):
            if line.late_at:
                continue
            try:
                self.one(i, line)
            except CannotConvert as e:
                raise CannotConvert(f"{self.name}: {e}: {line.text}") from None
        part = self.part
        if part.verdict == "expect pass" and not part.blocked:
            part.finals = [f"cursor=={part.cursor}", f"SW=={part.sweeps}", f"GF=={part.flushes}"]

    def one(self, i, line):
        part = self.part
        part.numbers = [part.numbers[0] if part.numbers else line.number, line.number]
        skip = self.why_skipped(line)
        if skip:
            part.skipped[skip] += 1
            self.certify_skip(line)
            return
        if line.op == "setlast":
            self.setlast(line)
            return
        before = (part.sweeps, part.flushes)
        getattr(self, "do_" + line.op)(i, line)
        part.replayed += 1
        if line.result == "FATAL":
            return
        if line.result != "BLOCKED":
            part.sweeps = before[0] + line.sweeps
            part.flushes = before[1] + line.flushes
        self.finish_late(line)
        if line.cursor is not None:
            part.cursor = line.cursor

    def why_skipped(self, line):
        if line.op in PROBES:
            return "probe of state that a trace cannot ask for"
        if line.op in LOCAL_OPS:
            return LOCAL_MAP
        if line.op in ("wr", "rd"):
            page, from_kmap = self.part.pointers.get(line.args[0], (None, False))
            if not from_kmap:
                return "access through a local or atomic map"
        if CONTEXTS[line.context] is None:
            return "in a hardirq"
        return ""

    def certify_skip(self, line):
        """A line left out must have left the pool alone, as far as it tells."""
        part = self.part
        if line.sweeps or line.flushes or line.woken:
            raise CannotConvert("an operation that is left out swept, flushed or woke")
        if line.cursor is not None and line.cursor != part.cursor:
            raise CannotConvert("an operation that is left out moved the cursor")
        if line.op in ("klocal", "klpfn", "katomic"):
            part.pointers[line.args[1]] = (line.args[0], False)
        if line.op in ("kmap", "kunmap"):  # in a hardirq: must come out even
            page = line.args[0]
            part.count[page] = part.count.get(page, 0) + (1 if line.op == "kmap" else -1)
        if line.op == "wr":
            page, _ = part.pointers.get(line.args[0], (None, False))
            for k in range(4):
                part.bytes.pop((page, int(line.args[1], 0) + k), None)
        if line.count is not None and line.args and line.count != part.count.get(line.args[0], 0):
            raise CannotConvert(f"count {line.count} where the lines so far make "
                                f"{part.count.get(line.args[0], 0)}")

    def actor(self, thread):
        return f"T{thread + 1}"

    def call(self, line, call, *expects):
        """The op in its context. Returns it."""
        part, actor = self.part, self.actor(line.thread)
        if line.thread in part.blocked:
            raise CannotConvert("the thread is blocked")
        before, after = CONTEXTS[line.context]
        if before:
            part.do(actor, before)
            if line.op in UNREPORTED and (line.op != "flush" or line.context == "irqoff"):
                part.ignore(UNREPORTED[line.op])
        op = part.do(actor, call, *expects)
        if after:
            part.do(actor, after)
        return op

    def state(self, line, count=True):
        """What the line says about the pool when the op ends."""
        if line.number in self.seen_late and not line.late_at:
            return []  # read after others had gone on; finish_late makes checks of it
        expects = []
        if count and line.count is not None and line.args[0].startswith("h"):
            expects.append(f"count={line.count}")
        expects.append(f"cursor={line.cursor}")
        return expects

    @staticmethod
    def events(line):
        return [f"SW={line.sweeps}", f"GF={line.flushes}"]

    # --- operations ----------------------------------------------------------------------------

    def do_kmap(self, i, line):
        part = self.part
        page = part.page(line.args[0])
        call = f"kmap {page}"
        users = self.used.get(i, set())
        others = sorted(users - {line.thread})
        if others and (line.result == "BLOCKED" or any(t in part.blocked for t in others)):
            raise CannotConvert("another thread reads through the pointer, but cannot learn it now")
        if len(line.args) > 1:
            part.pointers[line.args[1]] = (page, True)
            if line.thread in users:
                call = f"{line.args[1]} = {call}"
        if line.result == "BLOCKED":
            op = self.call(line, call, "blocks")
            part.blocked[line.thread] = (op, line)
            part.sweeps += line.sweeps
            part.flushes += line.flushes
            if line.sweeps:
                part.sweep()
            if self.deadlocks(i):
                op.expects.append("HANG")
                part.verdict = "expect HANG"
                return
            part.check(f"waiters=={len(part.blocked)}")
            part.check(f"cursor=={line.cursor}")
            self.check_totals()
            return
        if page.startswith("l"):
            self.call(line, call, "low", *self.state(line, count=False), *self.events(line))
            return
        self.call(line, call, line.result, *self.state(line), *self.events(line))
        self.mapped(line, page, line.count)
        for thread in others:
            part.do(self.actor(thread), f"{line.args[1]} = page_address {page}", line.result)
            part.helpers += 1

    def deadlocks(self, i):
        return any("DEADLOCK" in line.rest for line in self.lines[i + 1:i + 2])

    def mapped(self, line, page, count):
        part = self.part
        if line.sweeps:
            part.sweep()
        part.count[page] = part.count.get(page, 1) + 1
        if count is not None and count != part.count[page]:
            raise CannotConvert(f"count {count} where the lines so far make {part.count[page]}")

    def do_kunmap(self, _, line):
        part = self.part
        page = part.page(line.args[0])
        call = f"kunmap {page}"
        if line.result == "FATAL":
            if line.site not in SITES:
                raise CannotConvert(f"no name for line {line.site}")
            part.verdict = f"expect BUG:{SITES[line.site]}"
            self.call(line, call, f"BUG:{SITES[line.site]}")
            return
        expects = ["ok", *self.state(line), *self.events(line)]
        if page.startswith("h"):
            expects.append(f"wakes={len(line.woken)}")
            part.count[page] = part.count.get(page, 0) - 1
            if part.count[page] < 1:
                raise CannotConvert("kunmap of a page that is not mapped, and no BUG")
        self.call(line, call, *expects)

    def do_flush(self, _, line):
        expects = [*self.state(line, count=False), *self.events(line)]
        self.call(line, "kmap_flush_unused", "ok", *expects)
        self.part.sweep()

    def do_paddr(self, _, line):
        page = self.part.page(line.args[0])
        result = "low" if line.result.startswith("low:") else line.result
        self.call(line, f"page_address {page}", result, *self.state(line), *self.events(line))

    def do_yield(self, _, line):
        self.call(line, "yield", "ok", *self.state(line, count=False), *self.events(line))

    def do_wr(self, _, line):
        part = self.part
        pointer, offset, value = line.args[0], int(line.args[1], 0), int(line.args[2], 0)
        if line.result == "fault":
            self.call(line, f"store {pointer}+{offset} {value & 255}", "FAULT")
            return
        page, _ = part.pointers[pointer]
        for k in range(4):
            byte = value >> 8 * k & 255
            self.call(line, f"store {pointer}+{offset + k} {byte}", "ok")
            part.bytes[page, offset + k] = byte

    def do_rd(self, _, line):
        part = self.part
        pointer, offset = line.args[0], int(line.args[1], 0)
        if line.result == "fault":
            self.call(line, f"load {pointer}+{offset}", "FAULT")
            return
        page, _ = part.pointers[pointer]
        value = int(line.result, 16)
        for k in range(4):
            byte = value >> 8 * k & 255
            known = part.bytes.get((page, offset + k))
            if known is None:
                raise CannotConvert("reads a byte that no replayed store wrote, and pages of a "
                                    "trace do not begin as zeros")
            if known != byte:
                raise CannotConvert(f"reads another byte than the {known} written")
            self.call(line, f"load {pointer}+{offset + k}", str(byte))

    def do_fill(self, _, line):
        part, actor = self.part, self.actor(line.thread)
        n, slots = int(line.args[1]), ranges(line.result)
        pages = pages_from(line.args[0], n)
        if len(slots) != n:
            raise CannotConvert(f"{len(slots)} slots for {n} pages")
        for page, slot in zip(pages, slots):
            part.do(actor, f"kmap {part.page(page)}", f"pkmap:{slot}")
            if slot == 0:
                part.sweep()
            part.count[page] = part.count.get(page, 1) + 1
        self.end_of_many(line)

    def do_drain(self, _, line):
        part, actor = self.part, self.actor(line.thread)
        for page in pages_from(line.args[0], int(line.args[1])):
            part.do(actor, f"kunmap {part.page(page)}", "ok")
            part.count[page] -= 1
        self.end_of_many(line)

    def do_stream(self, _, line):
        part, actor = self.part, self.actor(line.thread)
        n, slots = int(line.args[1]), ranges(line.result)
        if len(slots) != n:
            raise CannotConvert(f"{len(slots)} slots for {n} pages")
        for page, slot in zip(pages_from(line.args[0], n), slots):
            part.do(actor, f"kmap {part.page(page)}", f"pkmap:{slot}")
            part.do(actor, f"kunmap {page}", "ok")
            if slot == 0:
                part.sweep()
            part.count[page] = 1
        self.end_of_many(line)

    def end_of_many(self, line):
        """One line for many ops: its state is that behind the last, its events are sums."""
        part = self.part
        part.programs[self.actor(line.thread)][-1].expects.append(f"cursor={line.cursor}")
        part.check(f"count({line.args[0]})=={line.count}")
        part.sweeps += line.sweeps
        part.flushes += line.flushes
        self.check_totals()
        part.sweeps -= line.sweeps  # one() counts them
        part.flushes -= line.flushes

    def check_totals(self):
        if self.part.resleeping:
            return
        self.part.check(f"SW=={self.part.sweeps}")
        self.part.check(f"GF=={self.part.flushes}")

    def do_chk(self, _, line):
        """The census of the pool, page by page."""
        part = self.part
        said = dict(re.findall(r"(\w+)=(\d+)", line.rest))
        slots = PROFILE_SLOTS[self.profile]
        cached = sum(n == 1 for n in part.count.values())
        census = {"free": slots - len(part.count), "cached": cached,
                  "busy": len(part.count) - cached, "records": len(part.count), "viol": 0}
        if any(int(said[key]) != census[key] for key in census):
            raise CannotConvert(f"the lines so far make {census}")
        for page in sorted(part.pages, key=page_key):
            if page.startswith("h"):
                part.check(f"count({page})=={part.count.get(page, 0)}")
        part.check(f"cursor=={line.cursor}")

    def do_nv(self, i, line):
        """Whether a thread is blocked: the waiters, all in all."""
        if "DEADLOCK" in line.rest:
            return
        thread = int(line.args[0])
        if (" BLOCKED" in line.rest) != (thread in self.part.blocked):
            raise CannotConvert("blocked or not: the lines so far say otherwise")
        self.part.check(f"waiters=={len(self.part.blocked)}")
        self.part.check(f"cursor=={line.cursor}")

    def setlast(self, line):
        """Sets the cursor, for which there is no op."""
        part = self.part
        slot = int(line.args[0])
        if slot == part.cursor:
            part.skipped["sets the cursor to where it is"] += 1
            return
        if slot != 0 or part.count or part.blocked:
            raise CannotConvert("expected an empty pool and cursor 0, the state at boot")
        part.numbers[1] -= 1
        self.parts.append(Part())
        self.part.numbers = [line.number, line.number]
        self.part.skipped["sets the cursor to 0, in an empty pool: how a trace begins"] += 1

    # --- sleepers ------------------------------------------------------------------------------

    def finish_late(self, line):
        """Those whom the op woke go on: first the ones that finish while it runs, in file order,
        then the ones that find every slot in use again."""
        part = self.part
        late = self.late.get(line.number, [])
        for end in late:
            op, begin = part.blocked.pop(end.thread)
            if begin.number != end.number:
                raise CannotConvert("the end of an operation that had not begun")
            part.turn(self.actor(end.thread))
            op.expects = [end.result, "blocks", *self.state(end), *self.events(end)]
            part.sweeps += end.sweeps - begin.sweeps
            part.flushes += end.flushes - begin.flushes
            part.cursor = end.cursor
            swept_again = dataclasses.replace(end, sweeps=end.flushes)  # reclaimed what was unused
            self.mapped(swept_again, end.args[0], end.count)
        if line.number in self.seen_late:
            part.check(f"cursor=={line.cursor}")
            part.check(f"count({line.args[0]})=={line.count}")
        again = [t for t in line.woken if t in part.blocked]
        for thread in self.sleep_order(line, again):
            part.turn(self.actor(thread))
        part.resleeping = bool(part.blocked) and (part.resleeping or bool(again))

    def sleep_order(self, line, threads):
        """The newest sleeper is woken first, so the next wake-up tells who fell asleep last."""
        if len(threads) < 2:
            return threads
        for later in self.lines:
            if later.number > line.number and set(threads) <= set(later.woken):
                return sorted(threads, key=later.woken.index, reverse=True)
        return threads[::-1]

    # --- writing -------------------------------------------------------------------------------

    def texts(self):
        """File name and text of each trace."""
        parts = [p for p in self.parts if p.pages]
        for i, part in enumerate(parts):
            suffix = f".{i + 1}" if len(parts) > 1 else ""
            yield f"{self.name}{suffix}.hm", self.header(part) + self.body(part)

    def header(self, part):
        first, last = part.numbers
        left_out = sum(part.skipped.values())
        text = f"""\
#hm 1
# What a real kernel did.
# {self.machine}
# Recorded on 3 CPUs and 1 GiB under QEMU (TCG) by a module that runs operations one by one on
# threads T1 to T4 and reads what the kernel counts. W checks what the recording says outside of
# results.
# Written by ci/kernel/convert_recording.py from recording {self.name},
# operations {first} to {last}.
# Replayed: {part.replayed}. Left out: {left_out}{":" if left_out else "."}
"""
        for reason, n in sorted(part.skipped.items()):
            text += f"#   {n} {reason}\n"
        if LOCAL_MAP in part.skipped:
            text += """\
# Local maps leave the pool alone on this machine, and the lines left out say so: cursor, counts,
# sweeps, flushes and wake-ups are what the replayed lines make them.
"""
        if part.helpers:
            text += f"# Added: {part.helpers} page_address, to learn another thread's pointer.\n"
        return text

    def body(self, part):
        high = [p for p in part.pages if p.startswith("h")]
        low = [p for p in part.pages if p.startswith("l")]
        profile = f"profile {self.profile}"
        if len(high) > PROFILE_HIGH_PAGES:
            profile += f" high_pages={len(high)}"
        lines = [profile]
        lines += [f"page {p} high" for p in sorted(high, key=page_key)]
        lines += [f"page {p} low" for p in sorted(low, key=page_key)]
        lines.append("lane misuse")
        lines += [f"ignore {d}" for d in part.ignored]
        threads = max((int(a[1:]) for a in part.programs if a != WATCHER), default=1)
        for thread in range(threads):
            lines.append(f"task {self.actor(thread)}@{1 + thread % 2}:")
            lines += [f"  {op}" for op in part.programs.get(self.actor(thread), [])]
        if part.programs.get(WATCHER):
            lines.append(f"task {WATCHER}@0:")
            lines += [f"  {op}" for op in part.programs[WATCHER]]
        lines += self.order(part)
        lines.append(part.verdict)
        if part.finals:
            lines.append("final " + ", ".join(part.finals))
        return "\n".join(lines) + "\n"

    @staticmethod
    def order(part):
        line = "schedule order"
        for actor, n in part.turns:
            word = f" {actor}" + (f"*{n}" if n > 1 else "")
            if len(line) + len(word) > WRAP_COLUMN:
                yield line
                line = "schedule order"
            line += word
        yield line


def read(path):
    opener = lzma.open if path.suffix == ".xz" else open
    with opener(path, "rt", encoding="ascii") as file:
        return file.read()


def main():
    if len(sys.argv) < 3:
        sys.exit(__doc__)
    *recordings, output = map(pathlib.Path, sys.argv[1:])
    for path in recordings:
        name = path.name.removesuffix(".xz").removesuffix(".txt")
        try:
            converter = Converter(name, read(path))
            converter.convert()
        except CannotConvert as e:
            sys.exit(f"{path}: {e}")
        for part in converter.parts:
            skipped = ", ".join(f"{n} {reason}" for reason, n in sorted(part.skipped.items()))
            print(f"{name}, operations {part.numbers[0]} to {part.numbers[1]}: "
                  f"{part.replayed} replayed; left out: {skipped or 'none'}")
        for file_name, text in converter.texts():
            (output / file_name).write_text(text, encoding="ascii")


if __name__ == "__main__":
    main()
