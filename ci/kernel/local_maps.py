"""The books of local maps: every thread's stack, the windows of the CPUs, pointers, translations
that may linger."""

import collections

from recording import CannotConvert


class LocalMaps:
    def __init__(self, inc, by_address=False):
        self.inc = inc  # from one map to the next; with guards 2
        self.by_address = by_address  # an unmap clears the entry of its address, not of the top slot
        self.stacks = collections.defaultdict(list)  # thread -> pages, newest last
        self.windows = {}  # (CPU, slot) -> page
        self.current = {}  # CPU -> thread
        self.pointers = {}  # pointer -> (CPU, slot)
        self.lingering = collections.defaultdict(set)  # (CPU, slot) -> pages

    def any(self):
        return any(self.stacks.values())

    def depth(self, thread):
        return len(self.stacks[thread])

    def idx(self, thread):
        return self.inc * self.depth(thread)

    def slot(self, depth):
        return self.inc * depth - 1

    def switch(self, cpu, thread):
        """The thread is current: the other one's maps have left the window, its own come back."""
        before = self.current.get(cpu)
        if before == thread:
            return
        self.current[cpu] = thread
        for depth in range(1, self.depth(before) + 1):
            self.windows.pop((cpu, self.slot(depth)), None)
        for depth, page in enumerate(self.stacks[thread], 1):
            self.windows[cpu, self.slot(depth)] = page

    def map(self, line, page, pointer):
        """Returns the slot."""
        self.stacks[line.thread].append(page)
        slot = self.slot(self.depth(line.thread))
        self.windows[line.cpu, slot] = page
        self.pointers[pointer] = (line.cpu, slot)
        return slot

    def forget(self, pointer):
        """It is no local map's any more."""
        self.pointers.pop(pointer, None)

    def knows(self, pointer):
        return pointer in self.pointers

    def slot_of(self, pointer):
        return self.pointers[pointer][1]

    def unmap(self, line):
        """The newest map goes, whatever the address; the flush hits the address. Returns how many
        addresses the op itself flushes."""
        if not self.knows(line.args[0]):
            return 0
        cpu, named = self.pointers[line.args[0]]
        if cpu != line.cpu:
            raise CannotConvert("unmaps on another CPU")
        top = self.slot(self.depth(line.thread))
        page = self.stacks[line.thread].pop()
        if line.local_flushes[:1] != [named]:
            raise CannotConvert(f"expected a flush of slot {named}")
        self.windows.pop((cpu, named if self.by_address else top), None)
        if not self.by_address:
            self.lingering[cpu, top].add(page)
        self.lingering[cpu, named].clear()
        return 1

    def leave(self, line):
        """The thread's maps leave the window, and come back."""
        for depth in range(1, self.depth(line.thread) + 1):
            self.lingering[line.cpu, self.slot(depth)].clear()
            self.windows[line.cpu, self.slot(depth)] = self.stacks[line.thread][depth - 1]

    def page_behind(self, line):
        """What stands in the pointer's slot while the line's thread is current, or None."""
        cpu, slot = self.pointers[line.args[0]]
        return self.windows.get((cpu, slot)) if cpu == line.cpu else None

    def stale(self, line):
        """Pages that the slot's last translations may still lead to."""
        if not self.knows(line.args[0]):
            return []
        cpu, slot = self.pointers[line.args[0]]
        return sorted(self.lingering[cpu, slot]) if cpu == line.cpu else []
