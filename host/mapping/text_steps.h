// What is done to a cell's text before it is read as a value: a part of it, replacements, letters.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "host/base/status.h"
#include "host/expr/pattern.h"
#include "host/policy/mapping.h"

namespace concordat::mapping {

/// Immutable once created.
class TextSteps {
 public:
  /// InvalidArgument when a pattern does not compile.
  static absl::StatusOr<TextSteps> Create(const policy::FieldMapping& mapping);

  bool any() const { return split_ || !replacements_.empty() || letters_ != policy::LetterCase::kAsWritten; }
  /// False when the split's pattern does not match. A part beyond the last is empty.
  bool Apply(std::string_view text, std::string& out) const;

 private:
  struct Replacement {
    std::string text;
    std::shared_ptr<const RE2> pattern;
    std::string with;
  };

  bool split_ = false;
  std::string by_;
  int part_ = 0;
  std::shared_ptr<const RE2> pattern_;
  int group_ = 1;
  std::vector<Replacement> replacements_;
  policy::LetterCase letters_ = policy::LetterCase::kAsWritten;
};

/// ASCII letters and those of Latin-1 and Latin Extended-A; "st mary's-road" in title case is "St
/// Mary's-Road".
std::string InCase(std::string_view text, policy::LetterCase letters);

}  // namespace concordat::mapping
