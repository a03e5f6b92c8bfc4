#include "host/quality/json_shape.h"

#include "fmt/format.h"
#include "rapidjson/document.h"
#include "rapidjson/error/en.h"
#include "rapidjson/memorystream.h"
#include "rapidjson/reader.h"
#include "rapidjson/schema.h"
#include "rapidjson/stringbuffer.h"

namespace concordat::quality {

struct JsonShape::Schema {
  explicit Schema(const rapidjson::Document& document) : compiled(document) {}
  const rapidjson::SchemaDocument compiled;
};

JsonShape::JsonShape(std::unique_ptr<Schema> schema) : schema_(std::move(schema)) {}
JsonShape::~JsonShape() = default;

absl::StatusOr<std::shared_ptr<const JsonShape>> JsonShape::Create(std::string_view schema) {
  rapidjson::Document document;
  document.Parse<rapidjson::kParseIterativeFlag>(schema.data(), schema.size());
  if (document.HasParseError() || !document.IsObject())
    return absl::InvalidArgumentError("the schema is no JSON object");
  return std::shared_ptr<const JsonShape>(new JsonShape(std::make_unique<Schema>(document)));
}

std::string JsonShape::Problem(std::string_view text) const {
  // Iterative: a text of a million brackets must not exhaust the stack.
  rapidjson::MemoryStream stream(text.data(), text.size());
  rapidjson::EncodedInputStream<rapidjson::UTF8<>, rapidjson::MemoryStream> input(stream);
  rapidjson::SchemaValidator validator(schema_->compiled);
  rapidjson::Reader reader;
  const rapidjson::ParseResult parsed =
      reader.Parse<rapidjson::kParseIterativeFlag | rapidjson::kParseValidateEncodingFlag>(input, validator);
  if (!validator.IsValid()) {
    rapidjson::StringBuffer where;
    validator.GetInvalidDocumentPointer().Stringify(where);
    const char* const keyword = validator.GetInvalidSchemaKeyword();
    return fmt::format("{} is not met{}{}", keyword == nullptr ? "the schema" : keyword,
                       where.GetSize() == 0 ? "" : " at ", where.GetString());
  }
  if (!parsed)
    return fmt::format("{} (at byte {})", rapidjson::GetParseError_En(parsed.Code()), parsed.Offset() + 1);
  return "";
}

}  // namespace concordat::quality
