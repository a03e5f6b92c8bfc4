// json: the text of `field` is JSON and, with `schema`, fits that JSON Schema (draft 4, written as YAML; no
// references to other documents).
//   with: {field, schema: {type: object, required: [id]}}
#include "fmt/format.h"
#include "host/quality/json_shape.h"
#include "host/quality/kinds/text_rule.h"

namespace concordat::quality {
namespace {

struct Json {
  std::shared_ptr<const JsonShape> shape;

  bool Good(std::string_view text) const { return shape->Problem(text).empty(); }
  Explanation Why(const std::string& shown, std::string_view text, const std::string& name) const {
    return {fmt::format("{} is not the JSON that is expected: {}", shown, shape->Problem(text)),
            fmt::format("have the system that writes {} corrected", name)};
  }
};

}  // namespace

std::unique_ptr<const Rule> CompileJson(RuleReader& reader) {
  const std::optional<size_t> field = reader.Field();
  const policy::Node schema = reader.with().Map("schema");
  absl::StatusOr<std::shared_ptr<const JsonShape>> shape =
      JsonShape::Create(schema.present() ? json::Compact(schema.ToJson()) : "{}");
  if (!shape.ok()) {
    reader.with().Error("schema", "bad-json-schema", std::string(MessageOf(shape.status())),
                        "the schema is JSON Schema, draft 4");
    return nullptr;
  }
  return MakeTextRule(reader, field, Json{*std::move(shape)});
}

}  // namespace concordat::quality
