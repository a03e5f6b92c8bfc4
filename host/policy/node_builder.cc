#include "host/policy/node_builder.h"

#include "fmt/format.h"

namespace concordat::policy {
namespace {

// More mistakes of form in one file are not worth a person's time.
constexpr size_t kMostMistakes = 100;
constexpr size_t kLongestKey = 500;

// A quoted scalar that only the end of the file ends, which yaml-cpp 0.7 accepts in silence.
bool QuoteIsOpen(std::string_view from_quote) {
  if (from_quote.empty() || (from_quote.front() != '"' && from_quote.front() != '\'')) return false;
  const char quote = from_quote.front();
  for (size_t i = 1; i < from_quote.size(); ++i) {
    const bool doubled = quote == '\'' && from_quote.substr(i, 2) == "''";
    if (doubled || (quote == '"' && from_quote[i] == '\\')) {
      ++i;
    } else if (from_quote[i] == quote) {
      return false;
    }
  }
  return true;
}

// Whether a null was written out or merely nothing stands there (then the offset is that of whatever comes
// next).
bool NullIsWritten(std::string_view at) {
  for (const std::string_view word : {"~", "null", "Null", "NULL"}) {
    if (!at.starts_with(word)) continue;
    const std::string_view rest = at.substr(word.size());
    return rest.empty() || std::string_view(" \t\r\n,]}").find(rest.front()) != std::string_view::npos;
  }
  return false;
}

}  // namespace

void NodeBuilder::BeginDocument(size_t offset) {
  if (++documents_ < 2 || stopped_) return;
  if (places_.From(offset).starts_with("---")) {
    Stop(places_.At(offset), "several-documents", "a file holds one YAML document; another begins here",
         "put each document into a file of its own");
  } else {
    Stop(places_.At(offset), "yaml-syntax", "this line does not belong to what stands above it",
         "its indentation, or whether it begins with \"- \", must match the lines it belongs with");
  }
}

void NodeBuilder::AddNull(size_t offset, Anchor anchor) {
  if (!Count(offset)) return;
  if (WantsKey()) return RefuseNonTextKey(places_.At(offset));
  const bool in_map = !stack_.empty() && stack_.back().is_map;
  const bool unwritten = in_map && !NullIsWritten(places_.From(offset));
  const Node node = Node::Null(unwritten ? stack_.back().key_place : places_.At(offset));
  if (anchor != 0) anchored_[anchor] = node;
  Put(node);
}

void NodeBuilder::AddScalar(size_t offset, const std::string& tag, Anchor anchor, const std::string& text) {
  if (!Count(offset)) return;
  CheckTag(offset, tag);
  const bool quoted = tag == "!";
  if (quoted && QuoteIsOpen(places_.From(offset))) {
    return Stop(places_.At(offset), "unclosed-quote", "this quotation mark is never closed", "");
  }
  if (WantsKey()) return TakeKey(text, quoted, places_.At(offset));
  const Node node = Node::Scalar(text, quoted, places_.At(offset));
  // Only scalars are handed on to aliases: an alias is an error anyway, and a bomb of maps must stay small.
  if (anchor != 0) anchored_[anchor] = node;
  Put(node);
}

void NodeBuilder::AddAlias(size_t offset, Anchor anchor) {
  if (!Count(offset)) return;
  if (WantsKey()) return RefuseNonTextKey(places_.At(offset));
  Report(places_.At(offset), "alias", "aliases (*name) are not allowed", "write the value out here");
  const auto found = anchored_.find(anchor);
  Put(found == anchored_.end() ? Node() : found->second);
}

void NodeBuilder::RefuseAnchor(size_t offset, const std::string& name) {
  if (stopped_) return;
  Report(places_.At(offset), "anchor", fmt::format("anchors (&{}) are not allowed", name),
         "write the value out wherever it is needed");
}

void NodeBuilder::Open(size_t offset, const std::string& tag, bool is_map) {
  if (!Count(offset)) return;
  CheckTag(offset, tag);
  if (static_cast<int>(stack_.size()) >= limits_.depth) {
    return Stop(places_.At(offset), "too-deep",
                fmt::format("more than {} levels within each other", limits_.depth),
                "no kind of document needs so many");
  }
  Frame frame;
  frame.is_map = is_map;
  frame.place = places_.At(offset);
  stack_.push_back(std::move(frame));
}

void NodeBuilder::Close() {
  if (stopped_ || stack_.empty()) return;
  Frame done = std::move(stack_.back());
  stack_.pop_back();
  Node node = done.is_map ? Node::Map(std::move(done.members), std::move(done.place))
                          : Node::Sequence(std::move(done.items), std::move(done.place));
  if (WantsKey()) return RefuseNonTextKey(node.place());
  Put(std::move(node));
}

bool NodeBuilder::Count(size_t offset) {
  if (stopped_) return false;
  if (++nodes_ <= limits_.nodes) return true;
  Stop(places_.At(offset), "too-many-nodes", fmt::format("more than {} values in one file", limits_.nodes),
       "split the file");
  return false;
}

void NodeBuilder::Stop(Place place, std::string code, std::string message, std::string hint) {
  issues_.Error(std::move(place), std::move(code), std::move(message), std::move(hint));
  stopped_ = true;
}

void NodeBuilder::Report(Place place, std::string code, std::string message, std::string hint) {
  if (stopped_) return;
  if (++mistakes_ > kMostMistakes) {
    return Stop(
        std::move(place), "too-many-mistakes",
        fmt::format("more than {} mistakes of form; the rest of this file is not read", kMostMistakes),
        "mend the mistakes above first");
  }
  issues_.Error(std::move(place), std::move(code), std::move(message), std::move(hint));
}

void NodeBuilder::CheckTag(size_t offset, const std::string& tag) {
  const bool ordinary = tag.empty() || tag == "?" || tag == "!";
  if (ordinary && !places_.From(offset).starts_with("!")) return;
  Report(places_.At(offset), "tag", "tags (!name) are not allowed",
         "remove the tag, or put the whole text in quotes");
}

void NodeBuilder::TakeKey(const std::string& key, bool quoted, Place place) {
  if (key == "<<" && !quoted) {
    return RefuseKey(std::move(place), "merge-key", "merge keys (<<) are not allowed",
                     "write the keys out here");
  }
  if (key.size() > kLongestKey) {
    return RefuseKey(std::move(place), "key-too-long",
                     fmt::format("a key of {} bytes; {} are enough", key.size(), kLongestKey),
                     "is this really a YAML file of policies?");
  }
  Frame& top = stack_.back();
  const auto [first, is_new] = top.keys.emplace(key, place.line);
  if (!is_new) {
    return RefuseKey(std::move(place), "duplicate-key", fmt::format("the key \"{}\" stands here twice", key),
                     fmt::format("it stands first in line {}; keep one of the two", first->second));
  }
  top.has_key = true;
  top.drop_value = false;
  top.key = key;
  top.key_place = std::move(place);
}

void NodeBuilder::RefuseKey(Place place, std::string code, std::string message, std::string hint) {
  Frame& top = stack_.back();
  top.has_key = true;
  top.drop_value = true;
  top.key_place = place;
  Report(std::move(place), std::move(code), std::move(message), std::move(hint));
}

void NodeBuilder::RefuseNonTextKey(Place place) {
  RefuseKey(std::move(place), "key-not-text", "a key must be a word, not a list, a map, an alias or nothing",
            "write \"name: value\"");
}

void NodeBuilder::Put(Node node) {
  if (stack_.empty()) {
    root_ = std::move(node);
    return;
  }
  Frame& top = stack_.back();
  // An absent node is an alias that could not be followed; it was reported.
  if (!node.present()) top.drop_value = true;
  if (top.is_map && !top.drop_value) {
    top.members.push_back({std::move(top.key), top.key_place, std::move(node)});
  } else if (!top.is_map && node.present()) {
    top.items.push_back(std::move(node));
  }
  top.has_key = false;
  top.drop_value = false;
}

}  // namespace concordat::policy
