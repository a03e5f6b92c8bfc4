// Codes of a source and what they become.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include "host/base/status.h"
#include "host/policy/mapping.h"

namespace concordat::mapping {

using CodePairs = std::vector<std::pair<std::string, std::string>>;
/// The pairs of a code map that stands in a list file or another dataset.
using CodeLookup = std::function<absl::StatusOr<CodePairs>(const policy::CodeMap&)>;

/// Immutable once created.
class CodeTable {
 public:
  /// `lookup` is asked when the map has no pairs of its own. InvalidArgument when one code would become two.
  static absl::StatusOr<CodeTable> Create(const policy::CodeMap& map, const CodeLookup& lookup);

  /// What the code becomes, or null.
  const std::string* Find(std::string_view code) const;
  policy::Otherwise otherwise() const { return otherwise_; }
  /// "one of the codes M, F, X" or "one of 326 codes of lists/districts.csv".
  const std::string& in_words() const { return words_; }
  /// The known code nearest to one that is not; empty when none is near.
  std::string NearestTo(std::string_view code) const;

 private:
  struct Hash : std::hash<std::string_view> {
    using is_transparent = void;
  };
  std::unordered_map<std::string, std::string, Hash, std::equal_to<>> codes_;
  policy::Otherwise otherwise_ = policy::Otherwise::kFinding;
  std::string words_;
};

/// Two columns of a CSV with a header line. InvalidArgument naming the line, or the column that it has not.
absl::StatusOr<CodePairs> PairsOfCsv(std::string_view bytes, const std::string& name, const std::string& from,
                                     const std::string& to);

}  // namespace concordat::mapping
