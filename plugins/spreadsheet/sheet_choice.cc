#include "plugins/spreadsheet/sheet_choice.h"

#include <algorithm>
#include <charconv>

#include "plugins/spreadsheet/words.h"

namespace concordat::spreadsheet {
namespace {

constexpr size_t kSampleRows = 1000;
constexpr size_t kSampleBytes = 8 << 20;
constexpr size_t kNamesShown = 12;

bool Matches(std::string_view pattern, std::string_view name) {
  size_t p = 0, n = 0, star = pattern.npos, from = 0;
  while (n < name.size()) {
    if (p < pattern.size() && pattern[p] == '*') {
      star = p++;
      from = n;
    } else if (p < pattern.size() && (pattern[p] == '?' || pattern[p] == name[n])) {
      ++p;
      ++n;
    } else if (star != pattern.npos) {
      p = star + 1;
      n = ++from;
    } else {
      return false;
    }
  }
  return pattern.find_first_not_of('*', p) == pattern.npos;
}

std::string Listed(const std::vector<Sheet>& sheets) {
  std::string list;
  for (size_t i = 0; i < std::min(sheets.size(), kNamesShown); ++i)
    list +=
        (i == 0 ? "\"" : ", \"") + Short(sheets[i].name, 40) + "\"" + (sheets[i].hidden ? " (hidden)" : "");
  return sheets.size() > kNamesShown ? list + " and " + std::to_string(sheets.size() - kNamesShown) + " more"
                                     : list;
}

Status Begin(Document& document, const Sheet& sheet, const Options& options, OpenedSheet& opened) {
  opened = {};
  opened.sheet = sheet;
  if (Status status = document.OpenSheet(sheet, opened.reader); !status.ok()) return status;
  size_t bytes = 0;
  while (opened.rows.size() < kSampleRows && bytes < kSampleBytes) {
    Row row;
    bool more = false;
    if (Status status = opened.reader->Next(row, more); !status.ok()) return status;
    opened.complete = !more;
    if (!more) break;
    Clip(options, row);
    bytes += row.text.size();
    if (!row.cells.empty()) opened.rows.push_back(std::move(row));
  }
  return FindShape(opened.rows, opened.reader->merged(), options, opened.shape);
}

bool HasTable(const OpenedSheet& opened, size_t least_columns) {
  return opened.shape.columns.size() >= least_columns && opened.shape.records > 0;
}

// By name, by name in either case, by number, by pattern: the first way that finds any.
std::vector<Sheet> Named(const std::vector<Sheet>& sheets, const std::string& wanted) {
  std::vector<Sheet> found;
  const auto take = [&](auto fits) {
    if (found.empty()) std::copy_if(sheets.begin(), sheets.end(), std::back_inserter(found), fits);
  };
  const std::string lower = Lower(wanted);
  size_t number = 0;
  const auto [end, error] = std::from_chars(wanted.data(), wanted.data() + wanted.size(), number);
  const bool is_number = error == std::errc() && end == wanted.data() + wanted.size();
  take([&](const Sheet& sheet) { return sheet.name == wanted; });
  take([&](const Sheet& sheet) { return Lower(Trimmed(sheet.name)) == lower; });
  take([&](const Sheet& sheet) { return is_number && sheet.number + 1 == number; });
  take([&](const Sheet& sheet) { return Matches(lower, Lower(sheet.name)); });
  return found;
}

Status ChooseNamed(Document& document, const Options& options, OpenedSheet& opened) {
  const std::vector<Sheet> found = Named(document.sheets(), options.sheet);
  if (found.size() == 1 && !found[0].part.empty()) return Begin(document, found[0], options, opened);
  if (found.size() == 1)
    return Status::SourceUnreadable("sheet \"" + found[0].name + "\" is a chart, it has no cells");
  const std::string asked = "the feed asks for the sheet \"" + options.sheet + "\"";
  if (found.empty())
    return Status::SourceUnreadable(asked + ", and the workbook has none like it; it has " +
                                    Listed(document.sheets()));
  return Status::SourceUnreadable(asked + ", and several are like it: " + Listed(found));
}

void NoteOthers(const std::vector<Sheet>& sheets, const Sheet& chosen, std::vector<std::string>& notes) {
  std::vector<Sheet> others;
  std::copy_if(sheets.begin(), sheets.end(), std::back_inserter(others),
               [&](const Sheet& sheet) { return sheet.number != chosen.number; });
  notes.push_back("read the sheet \"" + Short(chosen.name) + "\"" +
                  (others.empty() ? "" : "; not read: " + Listed(others)));
}

Status ChooseTable(Document& document, const Options& options, OpenedSheet& opened) {
  for (const size_t least_columns : {2, 1}) {
    std::vector<Sheet> with_table;
    for (const Sheet& sheet : document.sheets()) {
      if (sheet.hidden || sheet.part.empty()) continue;
      OpenedSheet begun;
      if (Status status = Begin(document, sheet, options, begun); !status.ok()) return status;
      if (!HasTable(begun, least_columns)) continue;
      with_table.push_back(sheet);
      if (with_table.size() == 1) opened = std::move(begun);
    }
    if (with_table.size() == 1) return Status::Ok();
    if (with_table.size() > 1) {
      return Status::SourceUnreadable("several sheets have a table: " + Listed(with_table) +
                                      "; the feed must say which is meant (adapter: {options: {sheet: \"" +
                                      Short(with_table[0].name, 40) + "\"}})");
    }
  }
  return Status::SourceUnreadable(
      "no sheet of the workbook has a table (a header and a record below it); it has " +
      Listed(document.sheets()));
}

}  // namespace

void Clip(const Options& options, Row& row) {
  if (!options.range) return;
  const auto outside = [&](const Cell& cell) { return !options.range->Holds(cell.column, row.number); };
  row.cells.erase(std::remove_if(row.cells.begin(), row.cells.end(), outside), row.cells.end());
}

Status ChooseSheet(Document& document, const Options& options, OpenedSheet& opened,
                   std::vector<std::string>& notes) {
  const std::vector<Sheet>& sheets = document.sheets();
  std::vector<Sheet> visible;
  std::copy_if(sheets.begin(), sheets.end(), std::back_inserter(visible),
               [](const Sheet& sheet) { return !sheet.hidden && !sheet.part.empty(); });
  if (visible.empty() && options.sheet == "auto")
    return Status::SourceUnreadable("the workbook has no visible sheet");
  Status status;
  if (options.sheet != "auto") {
    status = ChooseNamed(document, options, opened);
  } else if (visible.size() == 1) {
    status = Begin(document, visible[0], options, opened);
  } else {
    status = ChooseTable(document, options, opened);
  }
  if (status.ok() && sheets.size() > 1) NoteOthers(sheets, opened.sheet, notes);
  return status;
}

}  // namespace concordat::spreadsheet
