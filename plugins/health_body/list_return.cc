#include "plugins/health_body/list_return.h"

#include <algorithm>
#include <array>
#include <cstdlib>

#include "plugins/health_body/practices.h"

namespace concordat::health_body {
namespace {

using sdk::Status;

constexpr size_t kMostTitleLines = 20;
constexpr std::array<std::string_view, 12> kMonths = {"jan", "feb", "mar", "apr", "may", "jun",
                                                      "jul", "aug", "sep", "oct", "nov", "dec"};

bool IsDigit(char c) { return c >= '0' && c <= '9'; }
bool IsLetter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }

// Runs of letters and of digits, in lower case.
std::vector<std::string> Parts(std::string_view text) {
  std::vector<std::string> parts;
  for (size_t i = 0; i < text.size();) {
    const bool digit = IsDigit(text[i]);
    if (!digit && !IsLetter(text[i])) {
      ++i;
      continue;
    }
    std::string part;
    while (i < text.size() && (digit ? IsDigit(text[i]) : IsLetter(text[i])))
      part += static_cast<char>(IsLetter(text[i]) ? text[i++] | 0x20 : text[i++]);
    parts.push_back(std::move(part));
  }
  return parts;
}

std::string Joined(std::string_view heading) {
  std::string joined;
  for (const std::string& part : Parts(heading)) joined += (joined.empty() ? "" : "_") + part;
  return joined;
}

bool IsOneOf(std::string_view text, std::initializer_list<std::string_view> words) {
  return std::find(words.begin(), words.end(), text) != words.end();
}

std::string Day(int year, int month, int day) {
  if (year < 1900 || year > 2100 || month < 1 || month > 12 || day < 1 || day > 31) return "";
  const auto two = [](int number) { return (number < 10 ? "0" : "") + std::to_string(number); };
  return std::to_string(year) + "-" + two(month) + "-" + two(day);
}

int NumberIn(const std::string& part) { return part.size() <= 4 ? std::atoi(part.c_str()) : -1; }

// A count as people write it in such returns: thousands marks are taken out, nothing else.
std::string WithoutThousands(const std::string& text) {
  if (text.find(',') == std::string::npos) return text;
  std::string plain;
  for (size_t i = 0; i < text.size(); ++i) {
    if (text[i] != ',') plain += text[i];
  }
  return CountIn(plain) ? plain : text;
}

}  // namespace

std::string BandName(std::string_view heading) {
  std::vector<std::string> parts = Parts(heading);
  if (parts.empty()) return "";
  std::string sex;
  if (IsOneOf(parts[0], {"male", "males", "m"})) sex = "male";
  if (IsOneOf(parts[0], {"female", "females", "f"})) sex = "female";
  if (sex.empty()) return "";
  std::vector<std::string> ages;
  for (size_t i = 1; i < parts.size(); ++i) {
    if (IsDigit(parts[i][0])) ages.push_back(parts[i]);
  }
  if (ages.size() == 2) return sex + "_" + ages[0] + "_" + ages[1];
  const bool open_ended =
      heading.find('+') != std::string_view::npos || IsOneOf(parts.back(), {"plus", "over"});
  return ages.size() == 1 && open_ended ? sex + "_" + ages[0] + "_plus" : "";
}

std::string DayIn(std::string_view text) {
  const std::vector<std::string> parts = Parts(text);
  for (size_t i = 0; i + 2 < parts.size(); ++i) {
    const int first = IsDigit(parts[i][0]) ? NumberIn(parts[i]) : -1;
    const int third = IsDigit(parts[i + 2][0]) ? NumberIn(parts[i + 2]) : -1;
    if (first < 0 || third < 0) continue;
    const auto named = std::find(kMonths.begin(), kMonths.end(), std::string_view(parts[i + 1]).substr(0, 3));
    const int month = IsDigit(parts[i + 1][0]) ? NumberIn(parts[i + 1])
                      : named == kMonths.end() ? 0
                                               : static_cast<int>(named - kMonths.begin()) + 1;
    const std::string day = parts[i].size() == 4 ? Day(first, month, third) : Day(third, month, first);
    if (!day.empty()) return day;
  }
  return "";
}

bool ListReturn::TakeTitle() {
  std::string text;
  for (const std::string& cell : row_.cells) {
    if (!cell.empty()) text += (text.empty() ? "" : " ") + cell;
  }
  if (title_.empty()) title_ = text;
  if (extract_date_.empty()) extract_date_ = DayIn(text);
  return true;
}

bool ListReturn::TakeHeader(std::vector<std::string>& columns) {
  constexpr size_t kNone = static_cast<size_t>(-1);
  size_t code = kNone, name = kNone, size = kNone;
  std::vector<size_t> bands;
  std::vector<std::string> names;
  for (size_t i = 0; i < row_.cells.size(); ++i) {
    const std::string heading = Joined(row_.cells[i]);
    if (IsOneOf(heading, {"practice", "practice_code", "code", "org_code", "gp_practice_code"})) code = i;
    if (IsOneOf(heading, {"practice_name", "name", "org_name"})) name = i;
    if (IsOneOf(heading,
                {"list_size", "total", "total_patients", "patients", "all_patients", "number_of_patients"}))
      size = i;
    if (const std::string band = BandName(row_.cells[i]); !band.empty()) {
      bands.push_back(i);
      names.push_back(band);
    }
  }
  if (code == kNone || size == kNone) return false;
  source_ = {code, name, size};
  source_.insert(source_.end(), bands.begin(), bands.end());
  width_ = row_.cells.size();
  header_line_ = row_.line;
  columns = {"practice_code", "practice_name", "extract_date", "list_size"};
  columns.insert(columns.end(), names.begin(), names.end());
  return true;
}

Status ListReturn::ReadHeader(std::vector<std::string>& columns) {
  for (size_t lines = 0; lines < kMostTitleLines; ++lines) {
    bool more = false;
    if (Status status = rows_.Next(row_, more); !status.ok()) return status;
    if (!more) break;
    if (row_.blank()) {
      ++blank_;
    } else if (!TakeHeader(columns)) {
      TakeTitle();
    } else {
      break;
    }
  }
  if (columns.empty()) {
    return Status::SourceUnreadable(
        "this is no return of list sizes: no line has the headings \"Practice\" and \"List size\"; export it "
        "with the report "
        "\"List sizes by age and sex\"");
  }
  const auto has = [&](std::string_view sex) {
    return std::any_of(columns.begin(), columns.end(),
                       [&](const std::string& name) { return name.rfind(sex, 0) == 0; });
  };
  if (!has("male_") || !has("female_"))
    return Status::SourceUnreadable(
        "the header has no age bands of both sexes, such as \"Males 0-4\" and \"Females 0-4\"");
  if (extract_date_.empty()) {
    return Status::SourceUnreadable(
        "no line above the header says on which day the lists were counted, such as \"Extract 01/05/2026\"");
  }
  std::vector<std::string> sorted = columns;
  std::sort(sorted.begin(), sorted.end());
  if (const auto twice = std::adjacent_find(sorted.begin(), sorted.end()); twice != sorted.end())
    return Status::SourceUnreadable("the header has the age band " + *twice + " twice");
  return Status::Ok();
}

Status ListReturn::TakeTotal() {
  ended_ = true;
  const std::string text = source_[2] < row_.cells.size() ? WithoutThousands(row_.cells[source_[2]]) : "";
  const auto total = CountIn(text);
  if (!total) {
    totals_note_ = "the line of totals has no total of the list sizes";
  } else if (*total != patients_) {
    totals_note_ = "the line of totals says " + std::to_string(*total) +
                   " patients, and the rows add up to " + std::to_string(patients_);
  }
  // What stands below is remarks.
  for (bool more = true; more;) {
    if (Status status = rows_.Next(row_, more); !status.ok()) return status;
    if (more && !row_.blank()) ++footnotes_;
  }
  return Status::Ok();
}

Status ListReturn::ReadPractices(sdk::BatchBuilder& batch) {
  while (!batch.full() && !ended_) {
    bool more = false;
    if (Status status = rows_.Next(row_, more); !status.ok()) return status;
    if (!more) {
      return Status::SourceUnreadable("the return was cut off: it ends without its line of totals after " +
                                      std::to_string(practices_) + " practices; export it again");
    }
    if (row_.blank()) {
      ++blank_;
      continue;
    }
    const std::string first = row_.cells.empty() ? "" : Joined(row_.cells[0]);
    if (row_.problem.empty() && IsOneOf(first, {"total", "totals", "all_practices", "grand_total"}))
      return TakeTotal();
    ++practices_;
    if (row_.problem.empty() && row_.cells.size() != width_)
      row_.problem = "it has " + std::to_string(row_.cells.size()) + " cells where the header has " +
                     std::to_string(width_);
    if (!row_.problem.empty()) {
      batch.AddUnreadable(row_.line, row_.problem, row_.raw);
      continue;
    }
    const auto cell = [&](size_t place) {
      return place < row_.cells.size() ? row_.cells[place] : std::string();
    };
    batch.column(kPracticeCode).Append(cell(source_[0]));
    batch.column(kPracticeName).Append(cell(source_[1]));
    batch.column(kExtractDate).Append(extract_date_);
    const std::string size = WithoutThousands(cell(source_[2]));
    patients_ += CountIn(size).value_or(0);
    batch.column(kListSize).Append(size);
    for (size_t i = 3; i < source_.size(); ++i)
      batch.column(kFirstBand + i - 3).Append(WithoutThousands(cell(source_[i])));
    batch.EndRecord(row_.line);
  }
  return Status::Ok();
}

sdk::SourceFacts ListReturn::Facts() const {
  sdk::SourceFacts facts;
  facts.encoding = rows_.encoding();
  facts.delimiter = ",";
  facts.header_line = header_line_;
  facts.blank = blank_;
  if (!title_.empty()) facts.notes.push_back(title_ + ", lists of " + extract_date_);
  if (!totals_note_.empty()) facts.notes.push_back(totals_note_);
  if (footnotes_ > 0)
    facts.notes.push_back(std::to_string(footnotes_) + " lines of remarks below the totals");
  return facts;
}

}  // namespace concordat::health_body
