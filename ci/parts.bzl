"""The swappable parts of the implementation. Every final binary links all of them."""

PARTS = [
    "//highmem/kernel:shootdown",
    "//highmem/kmap:arch",
    "//highmem/kmap:kmap",
    "//highmem/kmap:sched_hooks",
]

def instrumented(parts):
    """The same parts with coverage for fuzzers."""
    return [part + "_cov" for part in parts]

_PART_OF = {
    "arch.cc": "//highmem/kmap:arch",
    "dcache.cc": "//highmem/kmap:arch",
    "dma.cc": "//highmem/kmap:arch",
    "kmap_local_sched.cc": "//highmem/kmap:sched_hooks",
    "shootdown.cc": "//highmem/kernel:shootdown",
}

def part_of(srcs):
    """The part that these sources belong to, all of them to one."""
    parts = [_PART_OF.get(src, "//highmem/kmap:kmap") for src in srcs]
    if [p for p in parts if p != parts[0]]:
        fail("%s: of more than one part" % srcs)
    return parts[0]
