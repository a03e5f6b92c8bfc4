// Puts a tree of Nodes together from a stream of YAML events, and reports what is legal YAML but not allowed
// here.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "host/policy/node.h"
#include "host/policy/reader.h"
#include "host/policy/text_places.h"

namespace concordat::policy {

/// Fed by reader.cc, one document, in order; offsets are bytes of the source. Keeps a stack of its own, so
/// depth costs no recursion. After a mistake that makes the rest worthless it is `stopped` and ignores all
/// further events.
class NodeBuilder {
 public:
  /// 0 is "no anchor".
  using Anchor = size_t;

  NodeBuilder(const TextPlaces& places, Issues& issues, const ReadLimits& limits)
      : places_(places), issues_(issues), limits_(limits) {}

  void BeginDocument(size_t offset);
  void AddNull(size_t offset, Anchor anchor);
  /// `tag` as yaml-cpp gives it: "!" for quoted and block scalars, "?" for plain ones, else a tag that was
  /// written.
  void AddScalar(size_t offset, const std::string& tag, Anchor anchor, const std::string& text);
  void AddAlias(size_t offset, Anchor anchor);
  void RefuseAnchor(size_t offset, const std::string& name);
  void Open(size_t offset, const std::string& tag, bool is_map);
  void Close();

  bool stopped() const { return stopped_; }
  /// The tree; absent when it stopped: half a document would only be blamed for what it seems to lack.
  Node TakeRoot() { return stopped_ ? Node() : std::move(root_); }

 private:
  // A map or sequence that is not closed yet.
  struct Frame {
    bool is_map = false;
    Place place;
    bool has_key = false;     // the next node is its value
    bool drop_value = false;  // the key was refused: its value is read and forgotten
    std::string key;
    Place key_place;
    std::unordered_map<std::string, int> keys;  // with the line of each
    std::vector<Node::Member> members;
    std::vector<Node> items;
  };

  bool Count(size_t offset);
  void Stop(Place place, std::string code, std::string message, std::string hint);
  void Report(Place place, std::string code, std::string message, std::string hint);
  void CheckTag(size_t offset, const std::string& tag);
  bool WantsKey() const { return !stack_.empty() && stack_.back().is_map && !stack_.back().has_key; }
  void TakeKey(const std::string& key, bool quoted, Place place);
  void RefuseKey(Place place, std::string code, std::string message, std::string hint);
  void RefuseNonTextKey(Place place);
  void Put(Node node);

  const TextPlaces& places_;
  Issues& issues_;
  const ReadLimits limits_;
  std::vector<Frame> stack_;
  std::map<Anchor, Node> anchored_;
  Node root_;
  size_t nodes_ = 0;
  size_t mistakes_ = 0;
  int documents_ = 0;
  bool stopped_ = false;
};

}  // namespace concordat::policy
