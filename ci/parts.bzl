"""The swappable parts of the implementation. Every final binary links all of them."""

PARTS = [
    "//highmem/kernel:shootdown",
    "//highmem/kmap:arch",
    "//highmem/kmap:kmap",
    "//highmem/kmap:sched_hooks",
]
