// A source as a stream of elements and text. The only file that knows expat. Nothing outside the document is
// ever read, and no entity of the document's own is ever expanded.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "plugins/sdk/status.h"
#include "plugins/tree/source.h"
#include "plugins/xml/options.h"

namespace concordat::xml {

/// What happens in a document. Views are valid during the call.
class Handler {
 public:
  using Attributes = std::vector<std::pair<std::string_view, std::string_view>>;

  virtual ~Handler() = default;
  /// Attributes without declarations of namespaces and what XML Schema instances say of themselves (xsi:nil
  /// ...).
  virtual void Start(std::string_view name, const Attributes& attributes, uint64_t line) = 0;
  virtual void Text(std::string_view text) = 0;
  virtual void End() = 0;
  /// An entity such as &nbsp; that nobody has defined here.
  virtual void Unknown(std::string_view entity) = 0;
};

/// One pass over the source, piece by piece. Not thread-safe.
class Parser {
 public:
  /// All must outlive the parser.
  Parser(tree::Source* source, const Options& options, Handler* handler);
  ~Parser();
  Parser(const Parser&) = delete;
  Parser& operator=(const Parser&) = delete;

  /// Reads one piece; `more` is false behind the end of the document.
  sdk::Status Step(bool& more);

  /// As declared, in lower case; "utf-8" when nothing is.
  const std::string& encoding() const;

 private:
  class Expat;
  std::unique_ptr<Expat> expat_;
};

}  // namespace concordat::xml
