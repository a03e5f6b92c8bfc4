// The one door to expat: XML as events, with bounds, no document type and so no entities.
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "plugins/packed/byte_stream.h"
#include "plugins/sdk/status.h"

struct XML_ParserStruct;

namespace concordat::spreadsheet {

/// What an element carries. Prefixes are cut off, of attributes, too: strict and transitional files, and
/// those with prefixes of their own, look alike.
class Attributes {
 public:
  explicit Attributes(const char** pairs) : pairs_(pairs) {}
  /// Empty when there is none.
  std::string_view operator[](std::string_view name) const;
  bool Has(std::string_view name) const;
  /// The one whose name has a prefix ("r:id"), where another has none.
  std::string_view Prefixed(std::string_view name) const;

 private:
  const char** pairs_;
};

class XmlHandler {
 public:
  virtual ~XmlHandler() = default;
  virtual void OnStart(std::string_view element, const Attributes& attributes) = 0;
  virtual void OnEnd(std::string_view element) = 0;
  virtual void OnText(std::string_view text) = 0;
};

/// Parses a stream piece by piece.
class XmlParser {
 public:
  /// `name` stands in messages. The handler outlives the parser.
  XmlParser(std::unique_ptr<packed::ByteStream> stream, std::string name, XmlHandler* handler);
  ~XmlParser();
  XmlParser(const XmlParser&) = delete;
  XmlParser& operator=(const XmlParser&) = delete;

  /// One piece; `more` is false when that was the end. SourceUnreadable when it is no well-formed XML.
  sdk::Status Step(bool& more);
  /// All of it.
  sdk::Status Run();
  /// From within a handler: nothing more is wanted; with a message, because the file cannot be read.
  void Stop(std::string why = "");

 private:
  struct Calls;
  sdk::Status Damaged(const std::string& how) const;

  std::unique_ptr<packed::ByteStream> stream_;
  const std::string name_;
  XmlHandler* handler_;
  XML_ParserStruct* parser_;
  std::string stopped_because_;
  bool stopped_ = false;
  size_t depth_ = 0;
  uint64_t silent_bytes_ = 0;  // since anything was told
};

}  // namespace concordat::spreadsheet
