// Reading small CSV files (RFC 4180; commas, unless told otherwise) that people wrote: every cell with its
// place. Large ones are the delimited adapter's.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "host/base/status.h"

namespace concordat {

/// One cell and where it begins; line and column are 1-based, columns in code points.
struct CsvCellAt {
  std::string text;
  int line = 0;
  int column = 0;
};

/// Cuts rows; stops at the first mistake. A byte order mark is passed over. One thread at a time; the bytes
/// outlive it.
class CsvReader {
 public:
  CsvReader(std::string_view bytes, std::string_view name, char delimiter = ',');

  bool done() const { return rest_.empty(); }
  /// Of the row last read, where it begins.
  int line() const { return line_; }
  /// InvalidArgument for a stray quote and for one that is never closed.
  absl::StatusOr<std::vector<CsvCellAt>> Next();
  /// InvalidArgument "name:line: what".
  absl::Status Mistake(std::string_view what) const;

 private:
  bool Take(std::string_view token);
  absl::Status Plain(std::string& cell);
  absl::Status Quoted(std::string& cell);
  void StartLine(const char* at);
  int Column();

  std::string_view rest_;
  const std::string_view name_;
  const char delimiter_;
  const char* counted_;  // up to here the columns of the line are counted
  int column_ = 1;
  int line_ = 0;
  int next_line_ = 1;
};

}  // namespace concordat
