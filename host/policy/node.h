// A YAML value with its place: our own immutable tree, so that no yaml-cpp node outlives loading.
// Made by reader.h; walked by the kinds here, by rule kinds in quality/ and by duties in sharing/.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "host/base/json.h"
#include "host/base/source.h"

namespace concordat::policy {

/// A map, a sequence or a scalar. Cheap to copy (shared, immutable); thread-safe to read.
class Node {
 public:
  enum class Kind { kAbsent, kNull, kScalar, kSequence, kMap };
  struct Member;

  Node() = default;  // absent
  static Node Scalar(std::string text, bool quoted, Place place = {});
  static Node Null(Place place = {});
  static Node Sequence(std::vector<Node> items, Place place = {});
  static Node Map(std::vector<Member> members, Place place = {});

  Kind kind() const;
  bool present() const { return kind() != Kind::kAbsent; }
  bool is_map() const { return kind() == Kind::kMap; }
  bool is_sequence() const { return kind() == Kind::kSequence; }
  bool is_scalar() const { return kind() == Kind::kScalar; }
  bool is_null() const { return kind() == Kind::kNull; }
  const Place& place() const;

  /// Scalars: the text as written, and whether it stood in quotes (then it is always a string).
  const std::string& text() const;
  bool quoted() const;

  const std::vector<Node>& items() const;       // empty unless a sequence
  const std::vector<Member>& members() const;   // empty unless a map; in written order
  Node operator[](std::string_view key) const;  // absent when there is no such member
  /// The place of the key itself, or of this node when there is no such member.
  Place KeyPlace(std::string_view key) const;

  /// YAML 1.2 core schema for plain scalars: true/false, integers, floats; all else strings. Nothing when it
  /// is not one, nor for numbers that readers disagree about (010, 0o10, 0x10), infinities, integers beyond
  /// 64 bits.
  std::optional<bool> AsBool() const;
  std::optional<int64_t> AsInteger() const;
  std::optional<double> AsNumber() const;  // integers too
  /// Any scalar's text.
  std::optional<std::string> AsText() const;

  /// The JSON value as the core schema reads it (010 is 10, 0o10 is 8; infinities stay texts); digests are
  /// taken over Canonical() of this.
  json::Value ToJson() const;

 private:
  struct Data;
  std::shared_ptr<const Data> data_;
};

struct Node::Member {
  std::string key;
  Place key_place;
  Node value;
};

}  // namespace concordat::policy
