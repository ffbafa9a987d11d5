"""Operations on the pool of kmap, for Converter."""

import re

from recording import CannotConvert, pages_from, ranges
from trace_text import page_key


class PoolOps:
    def do_kmap(self, line):
        part = self.part
        page = part.page(line.args[0])
        call = f"kmap {page}"
        if line.number in self.used:
            call = f"{line.args[1]} = {call}"
            part.pointers[line.args[1]] = (page, self.doer(line))
            part.locals.forget(line.args[1])
        if line.result == "BLOCKED":
            op = self.call(line, call, "blocks")
            part.blocked[line.thread] = (op, line)
            part.sweeps += line.sweeps
            part.flushes += line.flushes
            if line.sweeps:
                part.sweep()
            if self.deadlocks(line):
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

    def deadlocks(self, line):
        behind = self.lines[self.lines.index(line) + 1:]
        return bool(behind) and "DEADLOCK" in behind[0].rest

    def mapped(self, line, page, count):
        part = self.part
        if line.sweeps:
            part.sweep()
        part.count[page] = part.count.get(page, 1) + 1
        if count is not None and count != part.count[page]:
            raise CannotConvert(f"count {count} where the lines so far make {part.count[page]}")

    def do_kunmap(self, line):
        part = self.part
        page = part.page(line.args[0])
        call = f"kunmap {page}"
        if line.result == "FATAL":
            self.fatal(line, call)
            return
        expects = ["ok", *self.state(line), *self.events(line)]
        if page.startswith("h"):
            expects.append(f"wakes={len(line.woken)}")
            part.count[page] = part.count.get(page, 0) - 1
            if part.count[page] < 1:
                raise CannotConvert("kunmap of a page that is not mapped, and no BUG")
        self.call(line, call, *expects)

    def do_highget(self, line):
        part = self.part
        page, pointer = part.page(line.args[0]), line.args[1]
        part.pointers[pointer] = (page, self.doer(line))
        part.locals.forget(pointer)
        if line.result != "null":
            part.count[page] += 1
        if line.result == "null" and page in part.count:
            raise CannotConvert("null, and the page has a slot")
        self.call(line, f"{pointer} = kmap_high_get {page}", line.result, *self.state(line),
                  *self.events(line))

    def do_kunhigh(self, line):
        part = self.part
        page = part.page(line.args[0])
        part.count[page] -= 1
        self.call(line, f"kunmap_high {page}", "ok", *self.state(line), *self.events(line),
                  f"wakes={len(line.woken)}")

    def fatal(self, line, call):
        # The task that died is switched out afterwards, where the run has ended here.
        warns = [w for w in line.warns if not w.startswith("kmap_local_sched_")]
        self.part.verdict = f"expect BUG:{line.bug}"
        self.call(line, call, *(f"WARN:{w}" for w in warns), f"BUG:{line.bug}")

    def do_flush(self, line):
        expects = [*self.state(line, count=False), *self.events(line)]
        self.call(line, "kmap_flush_unused", "ok", *expects)
        self.part.sweep()

    def do_paddr(self, line):
        page = self.part.page(line.args[0])
        result = "low" if line.result.startswith("low:") else line.result
        self.call(line, f"page_address {page}", result, *self.state(line), *self.events(line))

    def do_fill(self, line):
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

    def do_drain(self, line):
        part, actor = self.part, self.actor(line.thread)
        for page in pages_from(line.args[0], int(line.args[1])):
            part.do(actor, f"kunmap {part.page(page)}", "ok")
            part.count[page] -= 1
        self.end_of_many(line)

    def do_stream(self, line):
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

    def do_chk(self, line):
        """The census of the pool, page by page."""
        part = self.part
        said = dict(re.findall(r"(\w+)=(\d+)", line.rest))
        cached = sum(n == 1 for n in part.count.values())
        census = {"free": self.slots - len(part.count), "cached": cached,
                  "busy": len(part.count) - cached, "records": len(part.count), "viol": 0}
        if any(int(said[key]) != census[key] for key in census):
            raise CannotConvert(f"the lines so far make {census}")
        for page in sorted(part.pages, key=page_key):
            if page.startswith("h"):
                part.check(f"count({page})=={part.count.get(page, 0)}")
        part.check(f"cursor=={line.cursor}")

    def do_nv(self, line):
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
        if slot != 0 or part.count or part.blocked or part.locals.any():
            raise CannotConvert("expected an empty pool and cursor 0, the state at boot")
        part.numbers[1] -= 1
        self.new_part()
        self.part.numbers = [line.number, line.number]
        self.part.skipped["sets the cursor to 0, in an empty pool: how a trace begins"] += 1
