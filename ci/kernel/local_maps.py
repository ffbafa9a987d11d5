"""The books of local maps: every thread's stack, pointers, translations that may linger."""

import collections

from recording import CannotConvert


class LocalMaps:
    def __init__(self, inc):
        self.inc = inc  # from one map to the next; with guards 2
        self.stacks = collections.defaultdict(list)  # thread -> pages, newest last
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

    def map(self, line, page, pointer):
        """Returns the slot."""
        self.stacks[line.thread].append(page)
        slot = self.slot(self.depth(line.thread))
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
        self.lingering[cpu, top].add(page)
        self.lingering[cpu, named].clear()
        return 1

    def leave(self, line):
        """The thread's maps leave the window, and come back."""
        for depth in range(1, self.depth(line.thread) + 1):
            self.lingering[line.cpu, self.slot(depth)].clear()

    def page_behind(self, line):
        """What stands in the pointer's slot while the line's thread is current, or None."""
        cpu, slot = self.pointers[line.args[0]]
        stack = self.stacks[line.thread]
        depth = (slot + 1) // self.inc
        return stack[depth - 1] if cpu == line.cpu and depth <= len(stack) else None

    def stale(self, line):
        """Pages that the slot's last translations may still lead to."""
        if not self.knows(line.args[0]):
            return []
        cpu, slot = self.pointers[line.args[0]]
        return sorted(self.lingering[cpu, slot]) if cpu == line.cpu else []
