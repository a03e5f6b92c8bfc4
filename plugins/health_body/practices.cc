#include "plugins/health_body/practices.h"

namespace concordat::health_body {

using sdk::Status;

std::optional<int64_t> CountIn(std::string_view text) {
  constexpr size_t kMostDigits = 12;
  if (text.empty() || text.size() > kMostDigits) return std::nullopt;
  int64_t count = 0;
  for (const char c : text) {
    if (c < '0' || c > '9') return std::nullopt;
    count = count * 10 + (c - '0');
  }
  return count;
}

Status Practices::Read(const sdk::TableView& table, Practices& practices) {
  const char* const names[] = {"practice_code", "practice_name", "opened", "closed", "last_list_size"};
  std::vector<sdk::ColumnView> columns;
  for (const char* name : names) {
    const std::optional<sdk::ColumnView> column = table.Find(name);
    if (!column)
      return Status::Failed(std::string("the register of practices has no column \"") + name + "\"");
    columns.push_back(*column);
  }
  for (size_t row = 0; row < table.rows(); ++row) {
    Practice practice;
    practice.code = columns[0][row];
    practice.name = columns[1][row];
    practice.opened = columns[2][row];
    practice.closed = columns[3][row];
    practice.last_list_size = CountIn(columns[4][row]);
    if (!columns[4][row].empty() && !practice.last_list_size) {
      return Status::Failed("the register of practices: last_list_size of " + practice.code + " is \"" +
                            std::string(columns[4][row]) + "\", which is no count");
    }
    practices.by_code_.emplace(practice.code, practices.list_.size());
    practices.list_.push_back(std::move(practice));
  }
  return Status::Ok();
}

Practice* Practices::Find(std::string_view code) {
  const auto at = by_code_.find(std::string(code));
  return at == by_code_.end() ? nullptr : &list_[at->second];
}

bool Practices::Coverage(std::string_view day, double& score, std::string& basis) const {
  size_t open = 0;
  std::vector<std::string> silent;
  for (const Practice& practice : list_) {
    if (!practice.OpenOn(day)) continue;
    ++open;
    if (!practice.heard) silent.push_back(practice.code + " " + practice.name);
  }
  if (open == 0) return false;
  score = 100.0 * static_cast<double>(open - silent.size()) / static_cast<double>(open);
  basis = std::to_string(open - silent.size()) + " of " + std::to_string(open) + " open practices have a row";
  constexpr size_t kMostNamed = 10;
  for (size_t i = 0; i < silent.size() && i < kMostNamed; ++i)
    basis += (i == 0 ? "; none of " : ", ") + silent[i];
  if (silent.size() > kMostNamed) basis += " and " + std::to_string(silent.size() - kMostNamed) + " more";
  return true;
}

}  // namespace concordat::health_body
