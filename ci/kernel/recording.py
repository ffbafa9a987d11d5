"""Recordings of real kernels: one line an operation, taken apart."""

import dataclasses
import lzma
import re

# Where an operation can run.
CONTEXTS = ("", "bh", "atom", "irqoff", "irq", "irqen")


# Line of mm/highmem.c, Linux 6.1 -> name in highmem/kernel/sites.def.
SITES = {
    162: "kmap_to_page_pkmap",
    167: "kmap_to_page_local",
    358: "kunmap_high_vaddr",
    368: "kunmap_high_count",
    465: "kmap_local_idx_push_hardirq",
    467: "kmap_local_idx_push_depth",
    479: "kmap_local_idx_pop_depth",
    552: "kmap_local_pfn_prot_pte",
    594: "kunmap_local_force_map",
    604: "kunmap_local_below_page_offset",
    610: "kunmap_local_not_top",
    647: "kmap_local_sched_out_guard",
    650: "kmap_local_sched_out_none",
    684: "kmap_local_sched_in_guard",
    687: "kmap_local_sched_in_none",
    701: "kmap_local_fork_idx",
    780: "set_page_address_low",
}


class CannotConvert(Exception):
    pass


def site(line_number):
    if line_number not in SITES:
        raise CannotConvert(f"no name for line {line_number}")
    return SITES[line_number]


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
    idx: int  # of the thread's local maps, None where the line says nothing; so on
    mig: int
    cursor: int
    count: int  # of the page named, 0 if it has no slot
    sweeps: int
    flushes: int
    local_flushes: list  # slots of the CPU's own window, in order
    outs: int
    ins: int
    woken: list
    warns: list  # sites
    bug: str  # site, or empty

    @property
    def cpu(self):
        return 1 + self.thread % 2

    @property
    def in_interrupt(self):
        return self.context.startswith("irq") and self.context != "irqoff"


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
    bug = re.search(r"BUG@highmem\.c:(\d+)", rest)
    line = Line(
        text=text, number=int(m[1]), thread=int(m[2]), context=context,
        op=words[0], args=words[1:], late_at=int(m[4] or 0), result=rest.split()[0], rest=rest,
        idx=number(r"i(-?\d+)", None), mig=number(r"m(\d+)", None),
        cursor=number(r"cur(\d+)", None),
        count=0 if re.search(r"(?:^| )c-(?= |$)", state) else number(r"c(\d+)", None),
        sweeps=number(r"SW(\d+)", 0), flushes=number(r"GF(\d+)", 0), local_flushes=[],
        outs=number(r"SO(\d+)", 0), ins=number(r"SI(\d+)", 0),
        woken=[int(t[1:]) for t in woken[1].split(",")] if woken else [],
        warns=[site(int(n)) for n in re.findall(r"WARN@highmem\.c:(\d+)", rest)],
        bug=site(int(bug[1])) if bug else "")
    line.local_flushes = local_flushes(line)
    return line


def local_flushes(line):
    """Flushes of addresses outside the window are somebody else's."""
    found = re.search(r" TL(\d+)\[([^\]]*)\]", line.rest)
    if not found:
        return []
    addresses = found[2].split(",")
    slots = []
    for address in addresses:
        cpu, slot = re.fullmatch(r"fix:cpu(\d+):(\d+)|other:.*", address).groups()
        if slot is None:
            continue
        if int(cpu) != line.cpu:
            raise CannotConvert("flushes a slot of another CPU")
        slots.append(int(slot))
    return slots


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


def read(path):
    opener = lzma.open if path.suffix == ".xz" else open
    with opener(path, "rt", encoding="ascii") as file:
        return file.read()
