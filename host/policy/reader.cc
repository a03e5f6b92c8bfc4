#include "host/policy/reader.h"

#include <algorithm>
#include <array>
#include <istream>
#include <map>
#include <streambuf>
#include <unordered_map>

#include "fmt/format.h"
#include "host/base/utf8.h"
#include "yaml-cpp/eventhandler.h"
#include "yaml-cpp/exceptions.h"
#include "yaml-cpp/parser.h"

namespace concordat::policy {
namespace {

constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";

// Reads the text where it lies; std::istringstream would copy it.
class ViewBuffer : public std::streambuf {
 public:
  explicit ViewBuffer(std::string_view text) {
    char* start = const_cast<char*>(text.data());  // streambuf's interface is not const; only read from
    setg(start, start, start + text.size());
  }
};

// Lines and columns of byte offsets. yaml-cpp 0.7 counts columns in bytes, people count characters.
class PlaceFinder {
 public:
  explicit PlaceFinder(std::shared_ptr<const SourceText> source) : source_(std::move(source)) {
    const std::string& text = source_->text;
    start_ = text.starts_with(kByteOrderMark) ? kByteOrderMark.size() : 0;
    lines_.push_back(start_);
    for (size_t at = text.find('\n'); at != std::string::npos; at = text.find('\n', at + 1)) {
      lines_.push_back(at + 1);
    }
    size_t count = 0;
    for (size_t at = 0; at <= text.size(); at += kStride) {
      characters_.push_back(count);
      count += Utf8Length(std::string_view(text).substr(at, kStride));
    }
  }

  Place At(size_t offset) const {
    offset = std::min(offset, source_->text.size());
    const auto next = std::upper_bound(lines_.begin(), lines_.end(), offset);
    const size_t line = next == lines_.begin() ? 0 : static_cast<size_t>(next - lines_.begin()) - 1;
    const size_t from = std::min(std::max(lines_[line], start_), offset);
    return {source_, static_cast<int>(line) + 1,
            static_cast<int>(CharactersBefore(offset) - CharactersBefore(from)) + 1};
  }

  // The byte offset of a mark; its `pos` does not count the byte order mark.
  size_t Offset(const YAML::Mark& mark) const {
    return mark.pos < 0 ? 0 : start_ + static_cast<size_t>(mark.pos);
  }
  Place At(const YAML::Mark& mark) const { return At(Offset(mark)); }

  // What the text says from the mark on.
  std::string_view TextAt(const YAML::Mark& mark) const {
    return std::string_view(source_->text).substr(std::min(Offset(mark), source_->text.size()));
  }
  std::string_view text() const { return std::string_view(source_->text).substr(start_); }
  const SourceText& source() const { return *source_; }

 private:
  static constexpr size_t kStride = 256;

  size_t CharactersBefore(size_t offset) const {
    const size_t step = offset / kStride;
    return characters_[step] +
           Utf8Length(std::string_view(source_->text).substr(step * kStride, offset % kStride));
  }

  std::shared_ptr<const SourceText> source_;
  size_t start_ = 0;
  std::vector<size_t> lines_;
  std::vector<size_t>
      characters_;  // before every kStride-th byte, so that very long lines cost no more than short ones
};

// A quoted scalar that the end of the file ends, which yaml-cpp accepts in silence.
bool QuoteIsClosed(std::string_view from_quote) {
  const char quote = from_quote.front();
  for (size_t i = 1; i < from_quote.size(); ++i) {
    if (quote == '"' && from_quote[i] == '\\') {
      ++i;
    } else if (from_quote[i] == quote) {
      if (quote == '"' || i + 1 >= from_quote.size() || from_quote[i + 1] != quote) return true;
      ++i;
    }
  }
  return false;
}

// Whether a null was written out or merely nothing stands there (then the mark points at whatever comes
// next).
bool NullIsWritten(std::string_view at) {
  for (const std::string_view word : {"~", "null", "Null", "NULL"}) {
    if (!at.starts_with(word)) continue;
    const std::string_view rest = at.substr(word.size());
    if (rest.empty() || std::string_view(" \t\r\n,]}").find(rest.front()) != std::string_view::npos)
      return true;
  }
  return false;
}

// Turns yaml-cpp's events into nodes; keeps a stack of its own, so depth costs no recursion.
class TreeBuilder : public YAML::EventHandler {
 public:
  TreeBuilder(const PlaceFinder& places, Issues& issues, const ReadLimits& limits)
      : places_(places), issues_(issues), limits_(limits) {}

  Node TakeRoot() { return std::move(root_); }
  bool stopped() const { return stopped_; }

  void OnDocumentStart(const YAML::Mark& mark) override {
    if (++documents_ != 2) return;
    stopped_ = true;
    if (places_.TextAt(mark).starts_with("---")) {
      issues_.Error(places_.At(mark), "several-documents",
                    "a file holds one YAML document; another begins here",
                    "put each document into a file of its own");
    } else {
      issues_.Error(
          places_.At(mark), "yaml-syntax", "this line does not belong to what stands above it",
          "its indentation, or whether it begins with \"- \", must match the lines it belongs with");
    }
  }
  void OnDocumentEnd() override {}

  void OnNull(const YAML::Mark& mark, YAML::anchor_t anchor) override {
    if (!Count(mark)) return;
    const bool written = NullIsWritten(places_.TextAt(mark));
    const bool is_key = !stack_.empty() && stack_.back().is_map && !stack_.back().has_key;
    Place place = places_.At(mark);
    if (!written && !is_key && !stack_.empty() && stack_.back().is_map) place = stack_.back().key_place;
    if (is_key) return KeyIsNoText(places_.At(mark));
    Put(Node::Null(std::move(place)), anchor);
  }

  void OnAlias(const YAML::Mark& mark, YAML::anchor_t anchor) override {
    if (!Count(mark)) return;
    issues_.Error(places_.At(mark), "alias", "aliases (*name) are not allowed", "write the value out here");
    const auto found = anchored_.find(anchor);
    Node value = found == anchored_.end() ? Node::Null(places_.At(mark)) : found->second;
    if (!stack_.empty() && stack_.back().is_map && !stack_.back().has_key)
      return KeyIsNoText(places_.At(mark));
    Put(std::move(value), 0);
  }

  void OnAnchor(const YAML::Mark& mark, const std::string& name) override {
    if (stopped_) return;
    issues_.Error(places_.At(mark), "anchor", fmt::format("anchors (&{}) are not allowed", name),
                  "write the value out wherever it is needed");
  }

  void OnScalar(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                const std::string& value) override {
    if (!Count(mark)) return;
    CheckTag(mark, tag);
    const std::string_view at = places_.TextAt(mark);
    const bool quoted = tag == "!";
    if (quoted && !at.empty() && (at.front() == '"' || at.front() == '\'') && !QuoteIsClosed(at)) {
      issues_.Error(places_.At(mark), "unclosed-quote", "this quotation mark is never closed");
      stopped_ = true;
      return;
    }
    if (!stack_.empty() && stack_.back().is_map && !stack_.back().has_key)
      return TakeKey(value, quoted, mark);
    Put(Node::Scalar(value, quoted, places_.At(mark)), anchor);
  }

  void OnSequenceStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                       YAML::EmitterStyle::value) override {
    Open(mark, tag, anchor, false);
  }
  void OnSequenceEnd() override { Close(); }
  void OnMapStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                  YAML::EmitterStyle::value) override {
    Open(mark, tag, anchor, true);
  }
  void OnMapEnd() override { Close(); }

  // After a syntax error: closes what is open, so that what was read so far can be judged.
  void CloseAll() {
    stopped_ = false;
    while (!stack_.empty()) Close();
    stopped_ = true;
  }

 private:
  struct Open_ {
    bool is_map = false;
    Place place;
    YAML::anchor_t anchor = 0;
    bool has_key = false;
    bool drop_value = false;  // the key was refused: its value is read and forgotten
    std::string key;
    Place key_place;
    std::unordered_map<std::string, int> keys;  // with the line of each
    std::vector<Node::Member> members;
    std::vector<Node> items;
  };

  bool Count(const YAML::Mark& mark) {
    if (stopped_) return false;
    if (++nodes_ <= limits_.nodes) return true;
    Stop(mark, "too-many-nodes", fmt::format("more than {} values in one file", limits_.nodes));
    return false;
  }

  void Stop(const YAML::Mark& mark, std::string code, std::string message) {
    issues_.Error(places_.At(mark), std::move(code), std::move(message), "split the file");
    stopped_ = true;
  }

  void CheckTag(const YAML::Mark& mark, const std::string& tag) {
    const bool written = places_.TextAt(mark).starts_with("!") || (!tag.empty() && tag != "?" && tag != "!");
    if (!written) return;
    issues_.Error(places_.At(mark), "tag", "tags (!name) are not allowed",
                  "remove the tag; use quotes for a text");
  }

  void KeyIsNoText(Place place) {
    issues_.Error(place, "key-not-text", "a key must be a word, not a list, a map or nothing",
                  "write \"name: value\"");
    RefuseKey(std::move(place));
  }

  void RefuseKey(Place place) {
    Open_& top = stack_.back();
    top.has_key = true;
    top.drop_value = true;
    top.key_place = std::move(place);
  }

  void TakeKey(const std::string& key, bool quoted, const YAML::Mark& mark) {
    Open_& top = stack_.back();
    Place place = places_.At(mark);
    if (key == "<<" && !quoted) {
      issues_.Error(place, "merge-key", "merge keys (<<) are not allowed", "write the keys out here");
      return RefuseKey(std::move(place));
    }
    const auto [first, is_new] = top.keys.emplace(key, place.line);
    if (!is_new) {
      issues_.Error(place, "duplicate-key", fmt::format("the key \"{}\" stands here twice", key),
                    fmt::format("it stands first in line {}; keep one of the two", first->second));
      return RefuseKey(std::move(place));
    }
    top.has_key = true;
    top.drop_value = false;
    top.key = key;
    top.key_place = std::move(place);
  }

  void Put(Node node, YAML::anchor_t anchor) {
    // Only scalars are handed on to aliases: an alias is an error anyway, and a bomb of maps must stay small.
    if (anchor != 0 && node.is_scalar()) anchored_[anchor] = node;
    if (stack_.empty()) {
      root_ = std::move(node);
      return;
    }
    Open_& top = stack_.back();
    if (!top.is_map) {
      top.items.push_back(std::move(node));
      return;
    }
    if (!top.drop_value) top.members.push_back({std::move(top.key), top.key_place, std::move(node)});
    top.has_key = false;
    top.drop_value = false;
  }

  void Open(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor, bool is_map) {
    if (!Count(mark)) return;
    CheckTag(mark, tag);
    if (static_cast<int>(stack_.size()) >= limits_.depth) {
      issues_.Error(places_.At(mark), "too-deep",
                    fmt::format("more than {} levels within each other", limits_.depth),
                    "no kind of document needs so many");
      stopped_ = true;
      return;
    }
    Open_ open;
    open.is_map = is_map;
    open.place = places_.At(mark);
    open.anchor = anchor;
    stack_.push_back(std::move(open));
  }

  void Close() {
    if (stopped_ || stack_.empty()) return;
    Open_ done = std::move(stack_.back());
    stack_.pop_back();
    Node node = done.is_map ? Node::Map(std::move(done.members), std::move(done.place))
                            : Node::Sequence(std::move(done.items), std::move(done.place));
    if (!stack_.empty() && stack_.back().is_map && !stack_.back().has_key) return KeyIsNoText(node.place());
    Put(std::move(node), done.anchor);
  }

  const PlaceFinder& places_;
  Issues& issues_;
  const ReadLimits limits_;
  std::vector<Open_> stack_;
  std::map<YAML::anchor_t, Node> anchored_;
  Node root_;
  size_t nodes_ = 0;
  int documents_ = 0;
  bool stopped_ = false;
};

struct SyntaxReason {
  std::string_view theirs;  // yaml-cpp's words begin with this
  std::string_view message;
  std::string_view hint;
};

constexpr std::array kSyntaxReasons = {
    SyntaxReason{"illegal map value", "a second \": \" stands where a value should be",
                 "put a text with \": \" in quotes, or check the indentation and the line above"},
    SyntaxReason{"illegal block entry", "a list entry (\"- \") may not stand here",
                 "begin it on a line of its own"},
    SyntaxReason{"illegal flow end", "this closing bracket was never opened", ""},
    SyntaxReason{"end of map flow not found",
                 "a \"{\" is not closed before this point, or a comma is missing", ""},
    SyntaxReason{"end of sequence flow not found",
                 "a \"[\" is not closed before this point, or a comma is missing", ""},
    SyntaxReason{
        "end of map not found", "this does not belong to the entry before it",
        "a quoted text ends at its quotation mark (an apostrophe in '...' is written twice); else check the "
        "indentation"},
    SyntaxReason{"end of sequence not found", "this does not belong to the list above it",
                 "check the indentation"},
    SyntaxReason{"unknown token", "a value cannot begin with this character", "put the value in quotes"},
    SyntaxReason{"unknown escape character", "a backslash with this letter means nothing in \"...\"",
                 "write \\\\ for a backslash, or use '...'"},
    SyntaxReason{"the referenced anchor is not defined", "aliases (*name) are not allowed",
                 "put a text that begins with * in quotes"},
    SyntaxReason{"anchor not found after &", "anchors (&name) are not allowed",
                 "put a text that begins with & in quotes"},
    SyntaxReason{"alias not found after *", "aliases (*name) are not allowed",
                 "put a text that begins with * in quotes"},
    SyntaxReason{"tag handle with no suffix", "tags (!name) are not allowed",
                 "put a text that begins with ! in quotes"},
};

// Whether the line's indentation, or that of the line before, holds a tab: the usual cause of a baffling
// message.
bool TabIndents(const SourceText& source, int line) {
  for (const int candidate : {line, line - 1}) {
    const std::string_view text = source.Line(candidate);
    const size_t end = std::min(text.find_first_not_of(" \t"), text.size());
    if (text.substr(0, end).find('\t') != std::string_view::npos) return true;
  }
  return false;
}

void ReportSyntax(const YAML::Exception& exception, const PlaceFinder& places, Issues& issues) {
  const Place place = exception.mark.is_null() ? places.At(0) : places.At(exception.mark);
  std::string message = exception.msg;
  std::string hint;
  for (const SyntaxReason& reason : kSyntaxReasons) {
    if (!std::string_view(exception.msg).starts_with(reason.theirs)) continue;
    message = reason.message;
    hint = reason.hint;
  }
  if (TabIndents(places.source(), place.line)) hint = "indent with spaces; YAML takes no tabs there";
  issues.Error(place, "yaml-syntax", std::move(message), std::move(hint));
}

// YAML allows tab, line ends and printable characters; yaml-cpp would take some others as the end of the
// file.
size_t FirstForbiddenCharacter(std::string_view text) {
  for (size_t i = 0; i < text.size(); ++i) {
    const auto byte = static_cast<unsigned char>(text[i]);
    if (byte >= 0x20 && byte != 0x7F && byte != 0xC2) continue;
    if (byte == '\n' || byte == '\t') continue;
    if (byte == '\r' && i + 1 < text.size() && text[i + 1] == '\n') continue;
    if (byte == 0xC2 && (static_cast<unsigned char>(text[i + 1]) >= 0xA0 || text[i + 1] == '\x85')) continue;
    return i;
  }
  return text.size();
}

// What must hold of the bytes before a parser sees them.
bool BytesAreFit(const PlaceFinder& places, Issues& issues, const ReadLimits& limits) {
  const std::string& text = places.source().text;
  if (text.size() > limits.bytes) {
    issues.Error(places.At(0), "too-large",
                 fmt::format("{} bytes, more than the {} a file may have", text.size(), limits.bytes),
                 "split the file, or keep long lists under lists/");
    return false;
  }
  if (const size_t valid = Utf8ValidPrefix(text); valid < text.size()) {
    issues.Error(places.At(valid), "not-utf8", "the bytes here are not UTF-8", "save the file as UTF-8");
    return false;
  }
  if (const size_t at = FirstForbiddenCharacter(text); at < text.size()) {
    const auto byte = static_cast<unsigned char>(text[at]);
    issues.Error(
        places.At(at), "control-character",
        byte == '\r' ? "a line ends with a bare carriage return"
                     : fmt::format("a control character (U+{:04X}) stands here",
                                   byte == 0xC2 ? static_cast<unsigned char>(text[at + 1]) : byte),
        byte == '\r' ? "save the file with line ends LF or CRLF" : "remove it; is this really a YAML file?");
    return false;
  }
  return true;
}

}  // namespace

Node ReadYaml(std::shared_ptr<const SourceText> source, Issues& issues, const ReadLimits& limits) {
  const PlaceFinder places(std::move(source));
  if (!BytesAreFit(places, issues, limits)) return {};
  ViewBuffer buffer(places.source().text);
  std::istream stream(&buffer);
  TreeBuilder builder(places, issues, limits);
  try {
    YAML::Parser parser(stream);
    if (!parser.HandleNextDocument(builder)) {
      issues.Error(places.At(0), "empty-document", "there is nothing in this file");
      return {};
    }
    if (!builder.stopped()) parser.HandleNextDocument(builder);
  } catch (const YAML::Exception& exception) {
    if (!builder.stopped()) ReportSyntax(exception, places, issues);
    builder.CloseAll();
  }
  return builder.TakeRoot();
}

}  // namespace concordat::policy
