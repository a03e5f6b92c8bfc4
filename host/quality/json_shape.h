// JSON texts against a JSON Schema; the only door to RapidJSON.
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "host/base/status.h"

namespace concordat::quality {

/// A compiled JSON Schema (draft 4; keywords of later drafts are ignored, references to other documents hold
/// for nothing). Immutable, thread-safe.
class JsonShape {
 public:
  /// InvalidArgument when `schema` is no JSON object.
  static absl::StatusOr<std::shared_ptr<const JsonShape>> Create(std::string_view schema);
  ~JsonShape();

  /// "" when the text is JSON and fits; else why not, in a clause: "it is no JSON: Missing a name for object
  /// member at byte 3", "required is not met at /name". Memory grows with the nesting of the text alone.
  std::string Problem(std::string_view text) const;

 private:
  struct Schema;
  explicit JsonShape(std::unique_ptr<Schema> schema);
  const std::unique_ptr<Schema> schema_;
};

}  // namespace concordat::quality
