#include "host/base/csv_reader.h"

#include <algorithm>

#include "fmt/format.h"

namespace concordat {

CsvReader::CsvReader(std::string_view bytes, std::string_view name, char delimiter)
    : rest_(bytes), name_(name), delimiter_(delimiter) {
  Take("\xEF\xBB\xBF");
  counted_ = rest_.data();
}

absl::StatusOr<std::vector<CsvCellAt>> CsvReader::Next() {
  line_ = next_line_;
  std::vector<CsvCellAt> cells;
  do {
    cells.push_back({"", next_line_, Column()});
    std::string& cell = cells.back().text;
    RETURN_IF_ERROR(rest_.substr(0, 1) == "\"" ? Quoted(cell) : Plain(cell));
  } while (Take({&delimiter_, 1}));
  if (!Take("\r\n") && !Take("\n") && !rest_.empty()) return Mistake("text after a closing quote");
  ++next_line_;
  StartLine(rest_.data());
  return cells;
}

absl::Status CsvReader::Mistake(std::string_view what) const {
  return absl::InvalidArgumentError(fmt::format("{}:{}: {}", name_, line_, what));
}

bool CsvReader::Take(std::string_view token) {
  if (rest_.substr(0, token.size()) != token) return false;
  rest_.remove_prefix(token.size());
  return true;
}

absl::Status CsvReader::Plain(std::string& cell) {
  const char ends[] = {delimiter_, '\r', '\n'};
  const size_t end = std::min(rest_.find_first_of({ends, sizeof ends}), rest_.size());
  cell = rest_.substr(0, end);
  if (cell.find('"') != std::string::npos) return Mistake("a quote inside an unquoted cell");
  rest_.remove_prefix(end);
  return absl::OkStatus();
}

absl::Status CsvReader::Quoted(std::string& cell) {
  rest_.remove_prefix(1);
  while (true) {
    const size_t end = rest_.find('"');
    if (end == std::string_view::npos) return Mistake("a quote that is never closed");
    const std::string_view part = rest_.substr(0, end);
    cell += part;
    next_line_ += static_cast<int>(std::count(part.begin(), part.end(), '\n'));
    if (const size_t last = part.rfind('\n'); last != std::string_view::npos)
      StartLine(part.data() + last + 1);
    rest_.remove_prefix(end + 1);
    if (!Take("\"")) return absl::OkStatus();
    cell += '"';
  }
}

void CsvReader::StartLine(const char* at) {
  counted_ = at;
  column_ = 1;
}

// Every byte but those that continue a UTF-8 sequence begins a code point. Counted on from the cell before: a
// line of a million cells is not counted a million times.
int CsvReader::Column() {
  const auto begins = [](char byte) { return (static_cast<unsigned char>(byte) & 0xc0) != 0x80; };
  column_ += static_cast<int>(std::count_if(counted_, rest_.data(), begins));
  counted_ = rest_.data();
  return column_;
}

}  // namespace concordat
