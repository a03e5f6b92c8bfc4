#include "plugins/constabulary/street_file.h"

#include <algorithm>

namespace concordat::constabulary {
namespace {

using sdk::Status;

// What newer and older files have and others may leave out.
constexpr size_t kMayBeAbsent[] = {kLocation, kLsoaName, kContext};

bool IsDigit(char c) { return c >= '0' && c <= '9'; }

bool Has(const std::vector<std::string>& cells, std::string_view name) {
  return std::find(cells.begin(), cells.end(), name) != cells.end();
}

std::string WhatElse(const std::vector<std::string>& cells) {
  if (Has(cells, "Outcome type"))
    return "this is the file of outcomes; send the one whose name ends in \"-street\"";
  if (Has(cells, "Object of search"))
    return "this is the file of stops and searches; it belongs to the feed of those";
  return "";
}

}  // namespace

const std::vector<std::string>& ColumnNames() {
  static const std::vector<std::string> names = {
      "Crime ID",  "Month",     "Reported by", "Falls within",          "Longitude", "Latitude", "Location",
      "LSOA code", "LSOA name", "Crime type",  "Last outcome category", "Context"};
  return names;
}

bool StreetFile::MatchHeader(const std::vector<std::string>& cells) {
  source_.clear();
  for (size_t i = 0; i < ColumnNames().size(); ++i) {
    const auto at = std::find(cells.begin(), cells.end(), ColumnNames()[i]);
    const bool optional =
        std::find(std::begin(kMayBeAbsent), std::end(kMayBeAbsent), i) != std::end(kMayBeAbsent);
    if (at == cells.end() && !optional) return false;
    source_.push_back(at == cells.end() ? -1 : static_cast<int>(at - cells.begin()));
  }
  return true;
}

Status StreetFile::ReadHeader() {
  bool more = false;
  if (Status status = rows_.Next(row_, more); !status.ok()) return status;
  if (!more || row_.blank()) return Status::SourceUnreadable("the file is empty; export it again");
  if (const std::string other = WhatElse(row_.cells); !other.empty()) return Status::SourceUnreadable(other);
  if (!MatchHeader(row_.cells)) {
    for (const std::string& name : ColumnNames()) {
      if (!Has(row_.cells, name) && name != "Location" && name != "LSOA name" && name != "Context")
        return Status::SourceUnreadable(
            "this is no street-level crime file: its first line has no column \"" + name +
            "\"; export it with the layout of the national site");
    }
  }
  header_ = row_.cells;
  headers_ = 1;
  return Status::Ok();
}

Status StreetFile::ReadCrimes(sdk::BatchBuilder& batch) {
  while (!batch.full()) {
    bool more = false;
    if (Status status = rows_.Next(row_, more); !status.ok()) return status;
    if (!more) return Status::Ok();
    if (row_.blank()) {
      ++blank_;
      continue;
    }
    if (row_.cells == header_) {
      ++headers_;
      continue;
    }
    if (row_.problem.empty() && row_.cells.size() < header_.size())
      row_.problem = "it has " + std::to_string(row_.cells.size()) + " cells where the header has " +
                     std::to_string(header_.size());
    for (size_t i = header_.size(); row_.problem.empty() && i < row_.cells.size(); ++i) {
      if (!row_.cells[i].empty())
        row_.problem = "it has " + std::to_string(row_.cells.size()) + " cells where the header has " +
                       std::to_string(header_.size());
    }
    if (!row_.problem.empty()) {
      batch.AddUnreadable(row_.line, row_.problem, row_.raw);
      continue;
    }
    for (size_t i = 0; i < source_.size(); ++i)
      batch.column(i).Append(source_[i] < 0 ? std::string_view()
                                            : row_.cells[static_cast<size_t>(source_[i])]);
    batch.EndRecord(row_.line);
  }
  return Status::Ok();
}

sdk::SourceFacts StreetFile::Facts() const {
  sdk::SourceFacts facts;
  facts.encoding = rows_.encoding();
  facts.delimiter = ",";
  facts.header_line = 1;
  facts.blank = blank_;
  if (headers_ > 1)
    facts.notes.push_back(std::to_string(headers_) + " files glued together: the header stands " +
                          std::to_string(headers_) + " times");
  return facts;
}

std::string MonthInName(std::string_view name) {
  constexpr std::string_view kForm = "9999-99";
  for (size_t at = 0; at + kForm.size() <= name.size(); ++at) {
    const std::string_view text = name.substr(at, kForm.size());
    const bool starts = at == 0 || !IsDigit(name[at - 1]);
    const bool ends = at + kForm.size() == name.size() || !IsDigit(name[at + kForm.size()]);
    bool fits = starts && ends;
    for (size_t i = 0; i < kForm.size(); ++i)
      fits &= kForm[i] == '9' ? IsDigit(text[i]) : text[i] == kForm[i];
    if (fits && text.substr(5) >= "01" && text.substr(5) <= "12") return std::string(text);
  }
  return "";
}

}  // namespace concordat::constabulary
