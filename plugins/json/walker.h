// Gives the records of a document or of lines, one at a time.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "plugins/json/cursor.h"
#include "plugins/json/survey.h"

namespace concordat::json {

/// A record as it stands in the source.
struct Slice {
  std::string_view text;  // one JSON value, with simdjson's padding behind it; until the next call
  uint64_t line = 0;      // on which it begins, with its column
  uint64_t column = 0;
  const std::vector<std::string>* keys =
      nullptr;          // names on the way that the path leaves open, outermost first
  bool exact = true;    // the text is one value by its brackets; a line may be more or less
  std::string trouble;  // why it cannot be read; "" when that is not known yet
};

/// One pass over the source. What stands between the records is read strictly: once it is broken nothing
/// behind it can be trusted to be what it seems. Not thread-safe.
class Walker {
 public:
  /// All must outlive the walker.
  Walker(tree::Source* source, const Options& options, const Plan& plan);

  /// `more` is false at the end of a whole document.
  sdk::Status Next(Slice& slice, bool& more);

  uint64_t records() const { return records_; }
  const Cursor& cursor() const { return cursor_; }

 private:
  struct Frame {
    bool array = false;
    bool records = false;  // its elements are the records
    bool first = true;
    size_t step = 0;       // of the path, for what is inside
    bool has_key = false;  // keys_ got a name here
  };

  bool NextLine(Slice& slice, bool& more);
  bool NextInDocument(Slice& slice, bool& more);
  bool Enter(size_t step, bool& record);
  bool Advance(Frame& frame, bool& closed);
  bool Inside(Frame& frame, bool& record);
  bool TakeRecord(Slice& slice);
  bool Finish();

  Cursor cursor_;
  const Options& options_;
  const Plan& plan_;
  std::vector<Frame> frames_;
  std::vector<std::string> keys_;
  bool started_ = false;
  uint64_t records_ = 0;
};

}  // namespace concordat::json
