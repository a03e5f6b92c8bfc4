// Looks at the beginning of a file: what it is, how its cells are separated, where its header stands.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "plugins/delimited/dialect.h"
#include "plugins/delimited/header.h"
#include "plugins/delimited/layout.h"
#include "plugins/delimited/options.h"
#include "plugins/delimited/source.h"
#include "plugins/delimited/text_stream.h"

namespace concordat::delimited {

enum class Outcome {
  kOk,
  kEnd,
  kUnreadable,  // the source as a whole: the message is for the steward who sent it
  kFailed,      // the system could not read
};

/// Run once; afterwards the stream stands where the records begin.
class Opening {
 public:
  /// All must outlive it.
  Opening(Source* source, TextStream* stream, const Options& options);

  Outcome Run();

  const Dialect& dialect() const { return dialect_; }
  const Layout& layout() const { return layout_; }
  uint64_t line() const { return line_; }  // physical line of the first record
  const std::vector<std::string>& notes() const { return notes_; }
  const std::string& message() const { return message_; }

 private:
  Outcome Stop(Outcome outcome, std::string message);
  Outcome FillSample();
  void ChooseDelimiter();
  Outcome FindLayout();
  Outcome SkipToLine(uint64_t line);
  std::vector<SampleRow> Sample(const Dialect& dialect) const;
  void TakeLayout(const std::vector<SampleRow>& rows, const HeaderPlace& place);
  void Discard(size_t bytes);

  Source* source_;
  TextStream* stream_;
  const Options& options_;
  Dialect dialect_;
  Layout layout_;
  uint64_t line_ = 1;
  std::vector<std::string> notes_;
  std::string message_;
};

}  // namespace concordat::delimited
