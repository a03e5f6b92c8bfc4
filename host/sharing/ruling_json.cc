#include "host/sharing/ruling_json.h"

namespace concordat::sharing {
namespace {

json::Value TextOrNull(const std::string& text) {
  return text.empty() ? json::Value(nullptr) : json::Value(text);
}

json::Array Texts(const std::vector<std::string>& texts) {
  json::Array array;
  for (const std::string& text : texts) array.emplace_back(text);
  return array;
}

}  // namespace

json::Object RulingJson(const record::Ruling& ruling) {
  json::Array release;
  for (const record::ReleasedField& field : ruling.release)
    release.push_back(json::Object{{"field", field.field}, {"form", field.form}});
  json::Array quality;
  for (const auto& [condition, measured] : ruling.quality) {
    quality.push_back(json::Object{{"condition", condition}, {"measured", measured}});
  }
  json::Value protocol(nullptr);
  if (!ruling.protocol.empty()) {
    protocol = json::Object{
        {"id", ruling.protocol}, {"version", ruling.protocol_version}, {"digest", ruling.protocol_digest}};
  }
  return {{"decision", ruling.permit ? "permit" : "deny"},
          {"clause", ruling.clause},
          {"cause", TextOrNull(ruling.cause)},
          {"message", ruling.message},
          {"release", std::move(release)},
          {"rows", TextOrNull(ruling.rows)},
          {"duties", Texts(ruling.duties)},
          {"quality", std::move(quality)},
          {"caveats", Texts(ruling.caveats)},
          {"mend", TextOrNull(ruling.mend)},
          {"protocol", std::move(protocol)},
          {"share", TextOrNull(ruling.share)}};
}

}  // namespace concordat::sharing
