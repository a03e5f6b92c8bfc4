#include "host/expr/moment_literal.h"

#include "host/data/parse.h"

namespace concordat::expr {
namespace {

std::optional<Value> Read(std::string_view text, const absl::StatusOr<data::TimePattern>& pattern) {
  if (!pattern.ok()) return std::nullopt;
  const auto micros = pattern->ParseMicros(text);
  if (!micros) return std::nullopt;
  return Value{Value::Timestamp{*micros}};
}

}  // namespace

std::optional<Value> ReadMoment(std::string_view text, Type type, const data::Field* field) {
  std::optional<Value> moment;
  if (type == Type::kTime) {
    moment = Read(text, data::TimePattern::Compile("HH:mm:ss"));
    if (!moment) moment = Read(text, data::TimePattern::Compile("HH:mm"));
  } else {
    moment = Read(text, data::TimePattern::Compile("yyyy-MM-dd"));
    if (!moment) moment = Read(text, data::TimePattern::IsoTimestamp());
  }
  if (!moment && field != nullptr) moment = Read(text, data::PatternOf(*field));
  return moment;
}

}  // namespace concordat::expr
