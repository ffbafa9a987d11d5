#!/usr/bin/env python3
"""Turns recordings of real kernels into traces that the harness replays.

    convert_recording.py RECORDING[.xz]... OUTPUT_DIRECTORY

A recording is what a Linux kernel did, one line an operation:

    # layout PAGE_OFFSET=c0000000 ... LAST_PKMAP=1024 ...
    14 [0 kmap h0 p1] pkmap:1 i0 m0 cur1 c2
    15 [0 irq kunlocal p2] ok i1 m1 cur1 hardirq TL1[fix:cpu1:1]
    3 [1 kmap h1500 p1] late(at 5) pkmap:5 i0 m0 cur5 c2 SW2 GF1

number, [thread, operation], result, state afterwards, events. Every replayed op carries what its
line says as expectations; corpus/kernel/README.md describes the rest: what is replayed, what is
left out and why that changes nothing, and where a replay may differ. At a line that cannot be
replayed exactly this program stops.
"""

import collections
import dataclasses
import pathlib
import re
import sys

from local_maps import LocalMaps
from local_ops import LocalOps
from pool_ops import PoolOps
from recording import CannotConvert, parse_line, read
from trace_text import Op, TraceText

# Prefix of a recording's name -> profile, machine.
KERNELS = {
    "i386-1024": ("x86", "Linux 6.1.192, built for it: i386, HIGHMEM4G, no PAE, LAST_PKMAP 1024."),
    "i386-debug": ("x86_pae_debug",
                   "Linux 6.1.192, built for it: i386, PAE, LAST_PKMAP 512,\n# "
                   "DEBUG_HIGHMEM, DEBUG_KMAP_LOCAL, DEBUG_KMAP_LOCAL_FORCE_MAP, PROVE_LOCKING."),
    "debian-686-pae": ("x86_pae", "Linux 6.1.176-1 as Debian ships it: 686-pae, LAST_PKMAP 512."),
    "armv7-highget": ("armv7", "Linux 6.1.192, built for it: ARMv7 SMP, kmap_high_get, non-linear\n# "
                      "page-table entries of the fixmap, LAST_PKMAP 512."),
}
# Profile -> LAST_PKMAP, KM_MAX_IDX, slots from one local map to the next.
PROFILES = {"x86": (1024, 16, 1), "x86_pae": (512, 16, 1), "x86_pae_debug": (512, 33, 2),
            "armv7": (512, 16, 1)}

# Contexts a recorded op can run in -> the ops around it that make one. In a hardirq it runs in a
# handler, which begins with interrupts off.
CONTEXTS = {
    "": (None, None),
    "bh": ("local_bh_disable", "local_bh_enable"),
    "atom": ("preempt_disable", "preempt_enable"),
    "irqoff": ("irq_save", "irq_restore"),
    "irq": (None, None),
    "irqen": ("local_irq_enable", "local_irq_disable"),
}
# What those contexts are reported for by a kernel that is built to look (DEBUG_ATOMIC_SLEEP,
# PROVE_LOCKING); the recorded one printed nothing.
UNREPORTED = {
    "kmap": "SPLAT:kmap_might_sleep",
    "kunmap": "SPLAT:kunmap_might_sleep",
    "flush": "WARN:smp_call_irqs_off",
}


class Part(TraceText):
    """One trace being written, and what the recording says so far."""

    def __init__(self, inc, arm):
        super().__init__()
        self.replayed = 0
        self.added = collections.Counter()
        self.skipped = collections.Counter()
        self.numbers = []  # first and last operation of the recording

        self.count = {}  # page -> pkmap count, pages with a slot only
        self.cursor = 0
        self.sweeps = 0
        self.flushes = 0
        self.blocked = {}  # thread -> (op, page, sweeps and flushes already counted)
        self.resleeping = False  # sleepers have swept, the recording does not say yet how often
        self.bytes = {}  # (page, offset) -> value
        self.pointers = {}  # pointer -> (page, actor whose variable it is)
        self.pinned = {}  # pointer of a local map that is a pin in the pool -> page
        self.locals = LocalMaps(inc, by_address=arm)
        self.owed = collections.defaultdict(list)  # thread -> (op, pointer) to release, newest last
        self.idx = collections.Counter()  # thread -> index before the line at hand
        self.open_run = []  # ops of a hardirq that is not over yet

    def sweep(self):
        self.count = {page: n for page, n in self.count.items() if n != 1}


class Converter(PoolOps, LocalOps):
    def __init__(self, name, text):
        self.name = name
        kernel = max((k for k in KERNELS if name.startswith(k)), key=len, default=None)
        if kernel is None:
            raise CannotConvert(f"{name}: no known kernel; expected one of {', '.join(KERNELS)}")
        self.profile, self.machine = KERNELS[kernel]
        self.slots, self.local_slots, self.inc = PROFILES[self.profile]
        self.arm = self.profile == "armv7"
        header, *rows = text.splitlines()
        for word, n in (("LAST_PKMAP", self.slots), ("KM_MAX_IDX", self.local_slots)):
            if int(re.search(rf"{word}=(\d+)", header)[1]) != n:
                raise CannotConvert(f"{name}: {word} is not {n}, that of profile {self.profile}")
        self.lines = [parse_line(row) for row in rows if not row.startswith("ran ")]
        self.late = collections.defaultdict(list)  # number -> ends of blocked ops, in file order
        self.seen_late = set()  # numbers whose own line comes behind such an end
        self.index()
        self.warns = any(line.warns for line in self.lines)
        # A task that is interrupted or gives way has to be there, and so has one to give way to.
        self.stay = any(line.in_interrupt or line.op == "yield" for line in self.lines)
        self.parts = []
        self.new_part()

    def new_part(self):
        self.parts.append(Part(self.inc, self.arm))

    @property
    def part(self):
        return self.parts[-1]

    def index(self):
        """Finds ends of blocked operations, and pointers of kmap that somebody uses."""
        done = set()
        self.used = set()  # numbers of kmaps
        defined = {}
        for line in self.lines:
            if line.late_at:
                self.late[line.late_at].append(line)
                if line.late_at not in done:
                    self.seen_late.add(line.late_at)
                continue
            done.add(line.number)
            if line.op in ("wr", "rd"):
                self.used.add(defined.get(line.args[0]))
            elif len(line.args) == 2 and re.fullmatch(r"p\d+", line.args[1]):
                defined[line.args[1]] = line.number

    # --- the walk ------------------------------------------------------------------------------

    def convert(self):
        for line in self.lines:
            if line.late_at:
                continue
            try:
                self.one(line)
            except CannotConvert as e:
                raise CannotConvert(f"{self.name}: {e}: {line.text}") from None
        part = self.part
        if not part.verdict.startswith("expect BUG"):
            self.release()
        if self.stay:
            for thread in range(4):
                task = self.actor(thread)
                part.do(task, f"check idx({task})=={part.idx[thread]}")
        if part.verdict == "expect pass" and not part.blocked:
            part.finals = [f"cursor=={part.cursor}", f"SW=={part.sweeps}", f"GF=={part.flushes}"]

    def release(self):
        """What the recording leaves mapped. A task that is atomic lets nobody else on its CPU."""
        part = self.part
        for thread in sorted(part.owed, key=lambda t: self.actor(t) not in part.current.values()):
            for op, pointer in reversed(part.owed[thread]):
                owner = part.pointers[pointer][1]
                name = pointer if owner == self.actor(thread) else f"{owner}.{pointer}"
                part.do(self.actor(thread), f"{op} {name}", "ok")
                part.added["unmaps at the end"] += 1
            part.idx[thread] = 0

    def one(self, line):
        part = self.part
        part.numbers = [part.numbers[0] if part.numbers else line.number, line.number]
        if line.op == "sleep":
            part.skipped["pause"] += 1
            return
        if line.op == "setlast":
            self.setlast(line)
            return
        before = (part.sweeps, part.flushes)
        part.locals.switch(line.cpu, line.thread)
        getattr(self, "do_" + line.op)(line)
        part.replayed += 1
        if line.result == "FATAL":
            return
        if line.idx is not None and (line.idx, line.mig) != (
                part.locals.idx(line.thread), part.locals.depth(line.thread)):
            raise CannotConvert("the lines so far make another idx or migration count")
        part.idx[line.thread] = part.locals.idx(line.thread)
        if line.result != "BLOCKED":
            part.sweeps = before[0] + line.sweeps
            part.flushes = before[1] + line.flushes
        self.finish_late(line)
        if line.cursor is not None:
            part.cursor = line.cursor

    @staticmethod
    def actor(thread):
        return f"T{thread + 1}"

    def doer(self, line):
        """The actor that executes the line's ops."""
        return f"H{line.cpu}" if line.in_interrupt else self.actor(line.thread)

    def run(self, line, *ops):
        """The ops of the line, in its context. Returns the last."""
        part, task = self.part, self.actor(line.thread)
        if line.thread in part.blocked:
            raise CannotConvert("the thread is blocked")
        before, after = CONTEXTS[line.context]
        if line.op in UNREPORTED and line.context and (
                line.op != "flush" or "irq" in line.context):
            part.ignore(UNREPORTED[line.op])
        if not line.in_interrupt:
            for op in (Op(before) if before else None, *ops, Op(after) if after else None):
                if op:
                    part.programs[task].append(op)
                    part.turn(task)
            return ops[-1]
        if part.current.get(line.cpu) != task:  # whom the interrupt must find
            part.do(task, f"check idx({task})=={part.idx[line.thread]}")
        part.open_run += [*([Op(before)] if before else []), *ops, *([Op(after)] if after else [])]
        if line.op != "katomic":
            part.run(self.doer(line), part.open_run)
            part.open_run = []
        return ops[-1]

    def call(self, line, call, *expects):
        return self.run(line, Op(call, expects))

    def state(self, line, count=True):
        """What the line says about the pool when the op ends."""
        if line.number in self.seen_late and not line.late_at:
            return []  # read after others had gone on; finish_late makes checks of it
        expects = []
        if count and line.count is not None and line.args[0].startswith("h"):
            expects.append(f"count={line.count}")
        expects.append(f"cursor={line.cursor}")
        if line.idx:
            expects += [f"idx={line.idx}", f"mig={line.mig}"]
        return expects

    @staticmethod
    def events(line):
        return [f"SW={line.sweeps}", f"GF={line.flushes}"]

    def variable(self, line):
        """The pointer that the line names, as its actor has to write it."""
        pointer = line.args[0]
        owner = self.part.pointers[pointer][1]
        return pointer if owner == self.doer(line) else f"{owner}.{pointer}"

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
            yield f"{self.name}{suffix}.hm", self.header(part) + part.body(self.profile)

    def header(self, part):
        first, last = part.numbers
        left_out = sum(part.skipped.values())
        text = f"""\
#hm 1
# What a real kernel did.
# {self.machine}
# Recorded on 3 CPUs and 1 GiB under QEMU (TCG) by a module that runs operations one by one on
# threads T1 to T4 and reads what the kernel counts. W checks what the recording says outside of
# results. Written by ci/kernel/convert_recording.py from recording {self.name},
# operations {first} to {last}.
# Replayed: {part.replayed}. Left out: {left_out}{":" if left_out else "."}
"""
        for reason, n in sorted(part.skipped.items()):
            text += f"#   {n} {reason}\n"
        for what, n in part.added.items():
            text += f"# Added: {n} {what}.\n"
        return text


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
