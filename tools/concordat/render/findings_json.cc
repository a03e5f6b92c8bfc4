#include "tools/concordat/render/findings_json.h"

#include <charconv>

#include "host/base/json.h"

namespace concordat::cli {
namespace {

json::Value Number(const std::string& text) {
  uint64_t number = 0;
  const auto end = std::from_chars(text.data(), text.data() + text.size(), number);
  return end.ec == std::errc() ? json::Value(number) : json::Value(nullptr);
}

}  // namespace

void FindingsJson::Add(std::string_view csv) {
  for (const char c : csv) {
    // A quote right after a closing one is part of the text, and the cell goes on.
    if (c == '"') {
      if (after_quote_) cell_ += c;
      quoted_ = !quoted_;
      after_quote_ = !quoted_;
      continue;
    }
    after_quote_ = false;
    if (quoted_) {
      cell_ += c;
    } else if (c == ',') {
      EndCell();
    } else if (c == '\n') {
      EndLine();
    } else if (c != '\r') {
      cell_ += c;
    }
  }
}

void FindingsJson::Finish() { write_(any_ ? "\n]\n" : "[]\n"); }

void FindingsJson::EndCell() {
  cells_.push_back(std::move(cell_));
  cell_.clear();
}

void FindingsJson::EndLine() {
  EndCell();
  if (names_.empty()) {
    names_ = std::move(cells_);
    cells_.clear();
    return;
  }
  json::Object finding;
  for (size_t i = 0; i < names_.size() && i < cells_.size(); ++i) {
    const bool number = names_[i] == "record" || names_[i] == "line";
    finding[names_[i]] = number ? Number(cells_[i]) : json::Value(cells_[i]);
  }
  write_(any_ ? ",\n  " : "[\n  ");
  write_(json::Compact(finding));
  any_ = true;
  cells_.clear();
}

}  // namespace concordat::cli
