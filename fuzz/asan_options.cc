// What AddressSanitizer does unless $ASAN_OPTIONS says otherwise.

extern "C" const char* __asan_default_options();  // NOLINT: the runtime's name

// Frames that are used after their return cost an eighth of the time; tests look for them. Freed
// memory that is kept away for long makes every execution touch new pages.
extern "C" const char* __asan_default_options() {
  return "detect_stack_use_after_return=0:quarantine_size_mb=16";
}
