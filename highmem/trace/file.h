// Traces in files, text or container.
#ifndef HIGHMEM_TRACE_FILE_H_
#define HIGHMEM_TRACE_FILE_H_

#include <cstddef>
#include <string>
#include <string_view>

#include "highmem/trace/trace.h"

namespace highmem {

inline constexpr size_t kLongestTraceFile = size_t{16} << 20;  // bytes

// Reads either form, told apart by content; what it returns has passed CheckTrace. On false *out is
// empty and *error one line that begins with the path: "PATH: sentence", for a text
// "PATH:line:column: sentence". Never crashes, whatever the path or the bytes. Pipes are read too.
bool ReadTraceFile(const std::string& path, Trace* out, std::string* error);

// The same for what such a file holds; `name` stands for the path in messages.
bool ReadTrace(std::string_view bytes, const std::string& name, Trace* out, std::string* error);

enum class TraceForm { text, container };

struct WriteOptions {
  TraceForm form = TraceForm::text;
  bool overwrite = false;  // else a file that exists is an error
};

// Whole or not at all: writes a temporary file beside `path` and renames it. The trace must have
// passed CheckTrace. On false nothing has changed and *error is one line that begins with the path.
bool WriteTraceFile(const std::string& path, const Trace& trace, const WriteOptions& options,
                    std::string* error);

// The same for any bytes.
bool WriteWholeFile(const std::string& path, std::string_view bytes, bool overwrite,
                    std::string* error);

}  // namespace highmem

#endif  // HIGHMEM_TRACE_FILE_H_
