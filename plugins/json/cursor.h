// A place in a JSON text of any length: reads on piece by piece, and knows its line and column.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "plugins/delimited/text_stream.h"
#include "plugins/json/extent.h"
#include "plugins/json/options.h"
#include "plugins/sdk/status.h"
#include "plugins/tree/source.h"

namespace concordat::json {

/// One pass over the source. Functions return false when there is no going on: status() says why. Not
/// thread-safe.
class Cursor {
 public:
  static constexpr int kEnd = -1;

  /// `source` must outlive the cursor.
  Cursor(tree::Source* source, const Options& options);

  /// The next byte that is no white space (and no record separator of RFC 7464), or kEnd.
  int Peek();
  /// Steps over what Peek showed.
  void Step() { Advance(1); }
  /// The value here as text, with simdjson's padding behind it, until the next call. `too_long`: it is longer
  /// than a record may be and was stepped over; `value` is its beginning then.
  bool Take(std::string_view& value, bool& too_long);
  /// Steps over the value here, of any length.
  bool Skip();
  /// The name here and its colon: unescaped.
  bool TakeName(std::string& name);
  /// The next line that is not blank, without its end; `more` is false at the end of the source.
  bool TakeLine(std::string_view& line, bool& too_long, bool& more);
  /// The first line that is not blank, without stepping over it, as far as it is held; and whether another
  /// one follows.
  bool PeekLine(std::string_view& line, bool& another);

  /// 1-based. Columns count characters.
  uint64_t line() const { return line_; }
  uint64_t column() const { return column_; }
  uint64_t blank_lines() const { return blank_lines_; }
  const sdk::Status& status() const { return status_; }
  const delimited::TextStream& stream() const { return stream_; }

  /// The source cannot be read as a whole: "line 3, column 7: WHAT".
  bool Refuse(const std::string& what);
  /// As Refuse, `offset` bytes behind the cursor.
  bool RefuseAt(size_t offset, const std::string& what);

 private:
  bool Fill();
  void Advance(size_t bytes);
  bool Broken(const Extent& extent, Extent::State state);
  bool StepOver(std::string_view& value, Extent& extent);

  const Options& options_;
  delimited::TextStream stream_;
  uint64_t line_ = 1;
  uint64_t column_ = 1;
  size_t taken_ = 0;  // bytes of text() that Take or TakeLine gave away
  uint64_t blank_lines_ = 0;
  std::string begins_;  // of a value that is too long
  sdk::Status status_;
};

/// "line 3, column 7".
std::string PlaceWords(uint64_t line, uint64_t column);
/// How often it breaks a line in `text`, and characters behind the last break.
void CountLines(std::string_view text, uint64_t& line, uint64_t& column);

}  // namespace concordat::json
