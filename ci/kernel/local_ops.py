"""Local and atomic maps, accesses and probes, for Converter."""

import dataclasses
import re

from recording import CannotConvert
from trace_text import Op

MAPS = {"klocal": "kmap_local_page", "klpfn": "kmap_local_pfn", "katomic": "kmap_atomic"}
UNMAPS = {"kunlocal": "kunmap_local", "kunatomic": "kunmap_atomic"}


class LocalOps:
    def local_state(self, line, flushed):
        """What the line says when an op on local maps ends. `flushed` of its flushes are the op's
        own."""
        self.certify_pool(line)
        expects = [f"count={line.count}"] if line.count is not None else []
        expects += [f"idx={line.idx}", f"mig={line.mig}", f"TL={flushed}"]
        expects += [f"invlpg:{slot}" for slot in line.local_flushes[:flushed]]
        expects += [f"WARN:{w}" for w in line.warns]
        if self.warns and not line.warns:
            expects.append("quiet")
        return expects

    def certify_pool(self, line):
        """Local maps leave the pool alone (SPEC I40), but for the count of a page pinned there."""
        part = self.part
        if line.sweeps or line.flushes or line.cursor != part.cursor and not self.late.get(line.number):
            raise CannotConvert("an operation on local maps swept, flushed or moved the cursor")
        if line.woken and not (line.op in UNMAPS and line.args[0] in part.pinned):
            raise CannotConvert("an operation on local maps woke")
        if line.count is not None and line.count != part.count.get(line.args[0], 0):
            raise CannotConvert(f"count {line.count} where the lines so far make "
                                f"{part.count.get(line.args[0], 0)}")

    def preempted(self, line, flushed):
        """The kernel preempted the thread before the op's end: it gives way behind it instead."""
        if not line.outs and not line.ins:
            return
        slots = line.local_flushes[flushed:]
        self.part.do(self.actor(line.thread), "yield", f"SO={line.outs}", f"SI={line.ins}",
                     f"TL={len(slots)}", *(f"invlpg:{slot}" for slot in slots))
        self.part.locals.leave(line)
        self.part.added["yields, where the kernel preempted a thread within an op"] += 1

    def do_klocal(self, line):
        part = self.part
        page, pointer = part.page(line.args[0]), line.args[1]
        call = f"{pointer} = {MAPS[line.op]} {page}"
        if line.result == "FATAL":
            self.fatal(line, call)
            return
        part.pointers[pointer] = (page, self.doer(line))
        if line.op == "katomic" or line.result.startswith(("fix:", "pkmap:")):
            release = "kunmap_atomic" if line.op == "katomic" else "kunmap_local"
            part.owed[line.thread].append((release, pointer))
        result = line.result
        flushed = 0
        part.pinned.pop(pointer, None)
        if result.startswith("fix:"):
            slot = part.locals.map(line, page, pointer)
            if result != f"fix:cpu{line.cpu}:{slot}":
                raise CannotConvert(f"the lines so far make slot {slot}")
            result = f"fix:{slot}"
            if self.arm and line.local_flushes[:1] != [slot]:
                raise CannotConvert(f"expected a flush of slot {slot}")
            flushed = 1 if self.arm else 0
        elif result.startswith("pkmap:") and self.arm:
            part.locals.forget(pointer)
            part.pinned[pointer] = page
            part.count[page] += 1
        else:
            part.locals.forget(pointer)
            if result != f"low:{page}":
                raise CannotConvert("expected a slot or a linear address")
            result = "low"
        self.call(line, call, result, *self.local_state(line, flushed))
        self.preempted(line, flushed)

    do_klpfn = do_katomic = do_klocal

    def do_kunlocal(self, line):
        part = self.part
        if part.open_run:  # a handler must not leave a task atomic: the same hardirq unmaps
            line = dataclasses.replace(line, context="irq")
        offset = f"+{int(line.args[1], 0)}" if len(line.args) > 1 else ""
        call = f"{UNMAPS[line.op]} {self.variable(line)}{offset}"
        if line.result == "FATAL":
            self.fatal(line, call)
            return
        pinned = part.pinned.get(line.args[0])
        if line.op == "kunatomic" or pinned or part.locals.knows(line.args[0]):
            part.owed[line.thread].pop()
        flushed = part.locals.unmap(line)
        expects = self.local_state(line, flushed)
        if pinned:
            part.count[pinned] -= 1
            expects += [f"count={part.count[pinned]}", f"wakes={len(line.woken)}"]
            del part.pinned[line.args[0]]
        self.call(line, call, "ok", *expects)
        self.preempted(line, flushed)

    do_kunatomic = do_kunlocal

    def do_yield(self, line):
        self.part.locals.leave(line)
        self.call(line, "yield", "ok", f"cursor={line.cursor}", *self.events(line),
                  f"SO={line.outs}", f"SI={line.ins}",
                  *self.local_state(line, len(line.local_flushes)))

    def do_topage(self, line):
        self.call(line, f"kmap_to_page {self.variable(line)}", f"page:{line.result}",
                  *self.local_state(line, 0))

    def do_rewarm(self, line):
        self.call(line, "clear_warn_once", "ok")

    # --- accesses ------------------------------------------------------------------------------

    def do_wr(self, line):
        part = self.part
        variable, offset, value = self.variable(line), int(line.args[1], 0), int(line.args[2], 0)
        if line.result == "fault":
            self.call(line, f"store {variable}+{offset} {value & 255}", "FAULT")
            return
        page = self.page_behind(line)
        stores = []
        for k in range(4):
            byte = value >> 8 * k & 255
            stores.append(Op(f"store {variable}+{offset + k} {byte}", ["ok"]))
            part.bytes[page, offset + k] = byte
        self.run(line, *stores)

    def page_behind(self, line):
        """The page that an access through the pointer hits, None if it must fault."""
        pointer = line.args[0]
        if self.part.locals.knows(pointer):
            return self.part.locals.page_behind(line)
        return self.part.pointers[pointer][0]

    def do_rd(self, line):
        offset = int(line.args[1], 0)
        if not 0 <= offset < 4096:
            self.read_beyond(line, offset)
            return
        page = self.page_behind(line)
        fault = line.result == "fault"
        through_pool = not self.part.locals.knows(line.args[0])
        if (page is None) != fault and not (fault and through_pool):
            raise CannotConvert("faults, or not: the lines so far say otherwise")
        value = 0 if fault else int(line.result, 16)
        loads = []
        for k in range(1 if fault else 4):
            result = "FAULT" if fault else self.byte(page, offset + k, value >> 8 * k & 255)
            # A translation that nobody flushed may still be there, or not: anybody's choice.
            stale = [self.byte(p, offset + k) for p in self.part.locals.stale(line)]
            loads.append(Op(f"load {self.variable(line)}+{offset + k}",
                            [" | ".join(dict.fromkeys([result, *stale]))]))
        self.run(line, *loads)

    def byte(self, page, offset, read=None):
        """What is at that place, which must be the byte read, if there is one. Pages begin as zeros
        in the kernel and as other bytes in a trace."""
        known = self.part.bytes.get((page, offset))
        if read is not None and read != (known or 0):
            raise CannotConvert(f"reads another byte than the {known} written")
        return f"{{{page}+{offset}}}" if known is None else str(known)

    def read_beyond(self, line, offset):
        """An access beyond the page of a map hits a neighbouring slot: it must be empty."""
        slot = self.part.locals.slot_of(line.args[0])
        if offset >> 31:
            offset -= 1 << 32
        neighbour = slot - (offset // 4096)
        if line.result != "fault":
            raise CannotConvert("expected a fault beside the page")
        self.call(line, f"check pte({line.cpu},{neighbour})==-1")

    # --- probes --------------------------------------------------------------------------------

    def check(self, line, *conditions):
        self.run(line, *(Op(f"check {condition}") for condition in conditions))

    @staticmethod
    def page_number(page):
        return "-1" if page in (None, "none") else f"{{{page}}}"

    def do_ctrl(self, line):
        thread = int(line.args[0]) if line.args else line.thread
        task = self.actor(thread)
        said = dict(re.findall(r"(\w+)=([0-9a-f]+)", line.rest))
        remembered, installed = (dict(re.findall(r"(\d+):(\w+)", text))
                                 for text in re.findall(r"\[([^\]]*)\]", line.rest))
        conditions = [f"idx({task})=={said['idx']}", f"mig({task})=={said['mig']}"]
        if "pc" in said:
            conditions += self.counters(line, said)
        for slot in range(self.local_slots):
            conditions.append(f"pteval({task},{slot})=={self.page_number(remembered.get(str(slot)))}")
        for slot in range(self.local_slots):
            conditions.append(f"pte({line.cpu},{slot})=={self.page_number(installed.get(str(slot)))}")
        self.check(line, *conditions)

    do_ctrlof = do_ctrl

    def counters(self, line, said):
        task = self.actor(line.thread)
        preempt = int(said["pc"], 16)
        if line.in_interrupt:
            preempt -= 1  # the module's own
        return [f"preempt({task})=={preempt}", f"pf({task})=={said['pf']}"]

    def do_pc(self, line):
        said = dict(re.findall(r"(\w+)=([0-9a-f]+)", line.rest))
        task = self.actor(line.thread)
        self.check(line, *self.counters(line, said), f"mig({task})=={said['mig']}")

    def do_pteof(self, line):
        slot = self.part.locals.slot_of(line.args[0])
        self.check(line, f"pte({line.cpu},{slot})=={self.page_number(line.result)}")

    def do_slotpte(self, line):
        self.check(line, f"pte({line.args[0]},{line.args[1]})=={self.page_number(line.result)}")
