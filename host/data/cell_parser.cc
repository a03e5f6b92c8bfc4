#include <algorithm>
#include <array>
#include <cstring>

#include "host/data/parse.h"

namespace concordat::data {
namespace {

bool HasPattern(LogicalType type) {
  return type == LogicalType::kDate || type == LogicalType::kTimestamp || type == LogicalType::kTime;
}

/// A column has few dates, each many times: a text that was read a while ago is not read again.
template <typename Parse>
class Remembering {
 public:
  explicit Remembering(Parse parse) : parse_(std::move(parse)) {}

  std::optional<int64_t> operator()(std::string_view text) {
    Read& read = read_[PlaceOf(text)];
    if (read.text != text) read = {text, parse_(text)};
    return read.value;
  }

 private:
  struct Read {
    std::string_view text;  // empty, as no cell that holds a value, before the first
    std::optional<int64_t> value;
  };
  static constexpr int kBits = 7;

  // From both ends: a year stands at one, a day at the other.
  static size_t PlaceOf(std::string_view text) {
    uint32_t first = 0;
    uint32_t last = 0;
    const size_t length = std::min(text.size(), sizeof first);
    std::memcpy(&first, text.data(), length);
    std::memcpy(&last, text.data() + text.size() - length, length);
    return ((first ^ uint64_t{last} << 32) * 0x9E3779B97F4A7C15) >> (64 - kBits);
  }

  Parse parse_;
  std::array<Read, size_t{1} << kBits> read_;
};

}  // namespace

void CellParser::Tokens::Add(std::string_view word) {
  if (word.empty() || has(word)) return;  // the empty cell is missing anyway
  words.emplace_back(word);
  lengths |= uint64_t{1} << LengthBit(word.size());
}

absl::StatusOr<CellParser> CellParser::Create(const Field& field,
                                              const std::vector<std::string>& more_missing) {
  CellParser parser;
  parser.type_ = field.type;
  parser.trim_ = field.trim;
  for (const std::string& token : field.missing_tokens) parser.missing_.Add(token);
  for (const std::string& token : more_missing) parser.missing_.Add(token);
  for (const Marker& marker : field.markers) parser.markers_.Add(marker.token);
  if (HasPattern(field.type)) {
    ASSIGN_OR_RETURN(parser.pattern_, PatternOf(field));
  }
  return parser;
}

// kValue here means only that neither a token nor emptiness decides; `text` comes out trimmed where the field
// says so.
CellState CellParser::Classify(std::string_view& text) const {
  if (trim_) text = Trim(text);
  if (text.empty() || missing_.has(text)) return CellState::kMissing;
  return markers_.has(text) ? CellState::kMarker : CellState::kValue;
}

void CellParser::FillStrings(Column& column) const {
  const size_t rows = column.states.size();
  const std::vector<uint32_t>& offsets = column.text->offsets;
  if (!trim_ && missing_.words.empty() && markers_.words.empty()) {
    for (size_t row = 0; row < rows; ++row) {
      column.states[row] = offsets[row] == offsets[row + 1] ? CellState::kMissing : CellState::kValue;
    }
    return;
  }
  for (size_t row = 0; row < rows; ++row) {
    std::string_view text = column.text->at(row);
    column.states[row] = Classify(text);
  }
}

template <typename T, typename Parse>
void CellParser::FillTyped(Column& column, std::vector<T>& values, Parse parse) const {
  const size_t rows = column.states.size();
  values.assign(rows, T{});
  for (size_t row = 0; row < rows; ++row) {
    std::string_view text = column.text->at(row);
    column.states[row] = Classify(text);
    if (column.states[row] != CellState::kValue) continue;
    if (const auto value = parse(text)) {
      values[row] = static_cast<T>(*value);
    } else {
      column.states[row] = CellState::kUnparseable;
    }
  }
}

void CellParser::Fill(Column& column) const {
  column.states.resize(column.text->rows());
  column.integers.clear();
  column.numbers.clear();
  switch (type_) {
    case LogicalType::kString:
      return FillStrings(column);
    case LogicalType::kInteger:
      return FillTyped(column, column.integers, ParseInteger);
    case LogicalType::kNumber:
      return FillTyped(column, column.numbers, ParseNumber);
    case LogicalType::kBoolean:
      return FillTyped(column, column.integers, ParseBoolean);
    case LogicalType::kDate:
      return FillTyped(column, column.integers,
                       Remembering([this](std::string_view text) { return pattern_->ParseDays(text); }));
    case LogicalType::kTimestamp:
    case LogicalType::kTime:
      return FillTyped(column, column.integers,
                       Remembering([this](std::string_view text) { return pattern_->ParseMicros(text); }));
  }
}

}  // namespace concordat::data
