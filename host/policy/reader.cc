#include "host/policy/reader.h"

#include <algorithm>
#include <array>
#include <istream>
#include <streambuf>

#include "fmt/format.h"
#include "host/base/utf8.h"
#include "host/policy/node_builder.h"
#include "host/policy/text_places.h"
#include "yaml-cpp/eventhandler.h"
#include "yaml-cpp/exceptions.h"
#include "yaml-cpp/parser.h"

namespace concordat::policy {
namespace {

// Reads the text where it lies; std::istringstream would copy it.
class ViewBuffer : public std::streambuf {
 public:
  explicit ViewBuffer(std::string_view text) {
    char* start = const_cast<char*>(text.data());  // streambuf's interface is not const; only read from
    setg(start, start, start + text.size());
  }

  // Nothing more to read: the parser comes to its end soon.
  void End() { setg(egptr(), egptr(), egptr()); }
};

// yaml-cpp's events, handed on with byte offsets. Its marks count bytes (0.7) and leave the byte order mark
// out.
class Events : public YAML::EventHandler {
 public:
  Events(const TextPlaces& places, NodeBuilder& builder, ViewBuffer& buffer)
      : start_(places.start()), builder_(builder), buffer_(buffer) {}

  size_t Offset(const YAML::Mark& mark) const { return start_ + static_cast<size_t>(std::max(mark.pos, 0)); }

  void OnDocumentStart(const YAML::Mark& mark) override { builder_.BeginDocument(Offset(mark)); }
  void OnDocumentEnd() override {}
  void OnNull(const YAML::Mark& mark, YAML::anchor_t anchor) override {
    builder_.AddNull(Offset(mark), anchor);
  }
  void OnAlias(const YAML::Mark& mark, YAML::anchor_t anchor) override {
    builder_.AddAlias(Offset(mark), anchor);
  }
  void OnAnchor(const YAML::Mark& mark, const std::string& name) override {
    builder_.RefuseAnchor(Offset(mark), name);
  }
  void OnScalar(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                const std::string& text) override {
    builder_.AddScalar(Offset(mark), tag, anchor, text);
    EndWhenStopped();
  }
  void OnSequenceStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t,
                       YAML::EmitterStyle::value) override {
    builder_.Open(Offset(mark), tag, /*is_map=*/false);
    EndWhenStopped();
  }
  void OnSequenceEnd() override { builder_.Close(); }
  void OnMapStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t,
                  YAML::EmitterStyle::value) override {
    builder_.Open(Offset(mark), tag, /*is_map=*/true);
    EndWhenStopped();
  }
  void OnMapEnd() override { builder_.Close(); }

 private:
  void EndWhenStopped() {
    if (builder_.stopped()) buffer_.End();
  }

  const size_t start_;
  NodeBuilder& builder_;
  ViewBuffer& buffer_;
};

struct SyntaxReason {
  std::string_view theirs;  // yaml-cpp's words begin with this
  std::string_view message;
  std::string_view hint;
  bool may_be_tab = false;  // a tab in the indentation may have caused it
  size_t too_far = 0;       // how many bytes their mark stands behind the mistake
};

constexpr std::array kSyntaxReasons = {
    SyntaxReason{"illegal map value", "a second \": \" stands where a value should be",
                 "put a text with \": \" in quotes, or check the indentation and the line above", true},
    SyntaxReason{"illegal map key", "a key may not stand here", "check the indentation and the line above",
                 true},
    SyntaxReason{"illegal block entry", "a list entry (\"- \") may not stand here",
                 "begin it on a line of its own", true},
    SyntaxReason{"illegal flow end", "this closing bracket was never opened", ""},
    SyntaxReason{"end of map flow not found",
                 "a \"{\" is not closed before this point, or a comma is missing", ""},
    SyntaxReason{"end of sequence flow not found",
                 "a \"[\" is not closed before this point, or a comma is missing", ""},
    SyntaxReason{
        "end of map not found", "this does not belong to the entry before it",
        "a quoted text ends at its quotation mark (write '' for an apostrophe in '...'); else check the "
        "indentation",
        true},
    SyntaxReason{"end of sequence not found", "this does not belong to the list above it",
                 "check the indentation", true},
    SyntaxReason{"unknown token", "a value cannot begin with this character", "put the value in quotes",
                 true},
    SyntaxReason{"unknown escape character", "a backslash with this letter means nothing in \"...\"",
                 "write \\\\ for a backslash, or use '...'", false, 2},
    SyntaxReason{"invalid unicode", "this escape stands for no character", "write the character itself",
                 false, 6},
    SyntaxReason{"the referenced anchor", "aliases (*name) are not allowed",
                 "put a text that begins with * in quotes"},
    SyntaxReason{"alias not found", "aliases (*name) are not allowed",
                 "put a text that begins with * in quotes"},
    SyntaxReason{"anchor not found", "anchors (&name) are not allowed",
                 "put a text that begins with & in quotes"},
    SyntaxReason{"tag handle with no suffix", "tags (!name) are not allowed",
                 "put a text that begins with ! in quotes"},
};

// Whether a tab stands in the indentation of the line or of the one before: the usual cause of a baffling
// message.
bool TabIndents(const SourceText& source, int line) {
  for (const int candidate : {line, line - 1}) {
    const std::string_view text = source.Line(candidate);
    const size_t end = std::min(text.find_first_not_of(" \t"), text.size());
    if (text.substr(0, end).find('\t') != std::string_view::npos) return true;
  }
  return false;
}

void ReportSyntax(const std::string& their_words, size_t offset, const TextPlaces& places, Issues& issues) {
  SyntaxReason reason{"", their_words, ""};
  for (const SyntaxReason& known : kSyntaxReasons) {
    if (their_words.starts_with(known.theirs)) reason = known;
  }
  const Place place = places.At(offset - std::min(offset, reason.too_far));
  if (reason.may_be_tab && TabIndents(places.source(), place.line))
    reason.hint = "indent with spaces; YAML takes no tabs there";
  issues.Error(place, "yaml-syntax", std::string(reason.message), std::string(reason.hint));
}

// The first character YAML does not allow, or text.size(). yaml-cpp would take one of them (U+0004) as the
// end of the file.
size_t FirstForbiddenCharacter(std::string_view text) {
  for (size_t i = 0; i < text.size(); ++i) {
    const auto byte = static_cast<unsigned char>(text[i]);
    if ((byte >= 0x20 && byte != 0x7F && byte != 0xC2) || byte == '\n' || byte == '\t') continue;
    if (byte == '\r' && text.substr(i, 2) == "\r\n") continue;
    if (byte == 0xC2 && (static_cast<unsigned char>(text[i + 1]) >= 0xA0 || text[i + 1] == '\x85')) continue;
    return i;
  }
  return text.size();
}

void ReportForbiddenCharacter(std::string_view at, Place place, Issues& issues) {
  if (at.front() == '\r') {
    issues.Error(std::move(place), "control-character", "a line ends with a bare carriage return",
                 "save the file with line ends LF or CRLF");
    return;
  }
  const auto code_point = static_cast<unsigned char>(at.front() == '\xC2' ? at[1] : at.front());
  issues.Error(std::move(place), "control-character",
               fmt::format("a control character (U+{:04X}) stands here", code_point),
               "remove it; is this really a YAML file?");
}

// What must hold of the bytes before a parser sees them.
bool BytesAreFit(const TextPlaces& places, Issues& issues, const ReadLimits& limits) {
  const std::string& text = places.source().text;
  if (text.size() > limits.bytes) {
    issues.Error(places.At(0), "too-large",
                 fmt::format("{} bytes; a file may have {}", text.size(), limits.bytes),
                 "split the file, or keep long lists as CSV under lists/");
    return false;
  }
  if (const size_t valid = Utf8ValidPrefix(text); valid < text.size()) {
    issues.Error(places.At(valid), "not-utf8", "the bytes here are not UTF-8", "save the file as UTF-8");
    return false;
  }
  if (const size_t at = FirstForbiddenCharacter(text); at < text.size()) {
    ReportForbiddenCharacter(places.From(at), places.At(at), issues);
    return false;
  }
  return true;
}

}  // namespace

Node ReadYaml(std::shared_ptr<const SourceText> source, Issues& issues, const ReadLimits& limits) {
  const TextPlaces places(std::move(source));
  if (!BytesAreFit(places, issues, limits)) return {};
  ViewBuffer buffer(places.source().text);
  std::istream stream(&buffer);
  NodeBuilder builder(places, issues, limits);
  Events events(places, builder, buffer);
  try {
    YAML::Parser parser(stream);
    if (!parser.HandleNextDocument(events)) {
      issues.Error(places.At(0), "empty-document", "there is nothing in this file");
      return {};
    }
    // A second call finds out whether there is more than one.
    if (!builder.stopped()) parser.HandleNextDocument(events);
  } catch (const YAML::Exception& exception) {
    if (!builder.stopped()) ReportSyntax(exception.msg, events.Offset(exception.mark), places, issues);
    return {};
  }
  return builder.TakeRoot();
}

}  // namespace concordat::policy
