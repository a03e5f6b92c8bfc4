// A small table of field readers instead of an if-chain for YAML keys: asks for keys by name and type,
// reports what is missing, of the wrong type or unknown, each with its place.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "host/policy/node.h"

namespace concordat::policy {

/// Reads one map. Every key that was asked for is known; Finish() reports the others with "did you mean".
/// Lives on the stack while one map is read; the Issues outlive it.
class Fields {
 public:
  /// `what` names the map in messages: "feed", "gate", "rule \"range\"".
  Fields(const Node& map, std::string what, Issues& issues);

  Node Any(std::string_view key);          // absent is fine
  std::string Text(std::string_view key);  // required, not empty
  std::string TextOr(std::string_view key, std::string fallback);
  std::optional<double> Number(std::string_view key);  // absent is fine
  std::optional<int64_t> Integer(std::string_view key);
  bool BoolOr(std::string_view key, bool fallback);
  std::vector<std::string> Texts(std::string_view key);  // a sequence of scalars; absent is empty
  /// "5%" or 0.05, as a share of one; must lie within 0..1.
  double ShareOr(std::string_view key, double fallback);
  std::optional<double> Share(std::string_view key);
  /// One of `words`; otherwise an error with "did you mean".
  std::string WordOr(std::string_view key, std::string fallback, const std::vector<std::string>& words);
  Node Map(std::string_view key);       // absent is fine, another kind is an error
  Node Sequence(std::string_view key);  // absent is fine, another kind is an error
  /// Notes the key as known but not built yet: an error when present, never ignored.
  void NotBuiltYet(std::string_view key, std::string_view instead = "");

  bool Has(std::string_view key) const;
  /// At the value of `key`, or at the map when it has no such key (or "" is given).
  void Error(std::string_view key, std::string code, std::string message, std::string hint = "");
  void Warn(std::string_view key, std::string code, std::string message, std::string hint = "");
  /// Reports every key that nobody asked for.
  void Finish();
  Issues& issues() { return issues_; }
  const Node& map() const { return map_; }
  const std::string& what() const { return what_; }

 private:
  Node Take(std::string_view key);
  void WrongType(std::string_view key, std::string_view wanted, const Node& got);
  void ReportNotNumber(std::string_view key, std::string_view wanted, const Node& got);

  const Node map_;
  const std::string what_;
  Issues& issues_;
  std::vector<std::string> known_;
};

}  // namespace concordat::policy
