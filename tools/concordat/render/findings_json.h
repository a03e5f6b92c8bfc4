// The host's findings, which travel as CSV, as one JSON array.
#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace concordat::cli {

/// Turns CSV (RFC 4180, names in the first line) into an array of objects while it arrives: `record` and `line`
/// are numbers, null for what concerns the whole file; all else is text. One thread at a time.
class FindingsJson {
 public:
  using Write = std::function<void(std::string_view)>;
  explicit FindingsJson(Write write) : write_(std::move(write)) {}

  /// The next piece, cut anywhere.
  void Add(std::string_view csv);
  /// Closes the array. Nothing may be added afterwards.
  void Finish();

 private:
  void EndCell();
  void EndLine();

  Write write_;
  std::vector<std::string> names_;
  std::vector<std::string> cells_;
  std::string cell_;
  bool quoted_ = false;
  bool after_quote_ = false;
  bool any_ = false;
};

}  // namespace concordat::cli
