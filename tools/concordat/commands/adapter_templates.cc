#include "tools/concordat/commands/adapter_templates.h"

#include <cctype>

#include "fmt/format.h"

namespace concordat::cli {
namespace {

constexpr std::string_view kCMake =
    R"(# concordat adapter build . builds this folder against the SDK; ctest --test-dir build verifies it.
cmake_minimum_required(VERSION 3.25)
project(@NAME@ LANGUAGES CXX)
find_package(Concordat 1 REQUIRED)
include(CTest)
concordat_add_adapter(@NAME@ adapter.cc)
)";

constexpr std::string_view kSource =
    R"(// @NAME@: reads the partner's file line by line, and finds records without their first cell.
//
// Change what the partner's layout needs: TakeLine cuts a line into cells, Validate judges records that were read,
// and Score (not overridden here) may measure a dimension of the partner's own.
#include "plugins/sdk/adapter.h"
#include "plugins/sdk/cells.h"
#include "plugins/sdk/line_reader.h"
#include "plugins/sdk/text.h"

namespace {

using namespace concordat::sdk;

constexpr char kDelimiter = @DELIMITER@;
// Lines above the one with these cells are passed over.
constexpr const char* kColumns[] = {@COLUMNS@};
constexpr size_t kColumnCount = sizeof kColumns / sizeof kColumns[0];
constexpr size_t kMostLinesAbove = 50;

bool IsHeader(const std::vector<std::string>& cells) {
  if (cells.size() != kColumnCount) return false;
  for (size_t i = 0; i < kColumnCount; ++i) {
    if (cells[i] != kColumns[i]) return false;
  }
  return true;
}

class @CLASS@ : public Adapter {
 public:
  explicit @CLASS@(const Host& host) : Adapter(host), lines_(this->host()) {}

  Status Open(std::vector<std::string>& columns) override {
    columns.assign(kColumns, kColumns + kColumnCount);
    facts_.delimiter = std::string(1, kDelimiter);
    facts_.encoding = "utf-8";
    for (bool more = true; lines_.line_number() < kMostLinesAbove;) {
      std::string_view line;
      if (Status status = lines_.Next(line, more); !status.ok()) return status;
      if (!more) break;
      std::string text;
      if (ToUtf8(line, text) && CutCells(text, kDelimiter, cells_) && IsHeader(cells_)) {
        facts_.header_line = lines_.line_number();
        return Status::Ok();
      }
    }
    return Status::SourceUnreadable(
        "no line has the @COUNT@ columns of this report, from \"" + std::string(kColumns[0]) + "\" to \"" +
        kColumns[kColumnCount - 1] + "\": export it again with its headings, and unchanged");
  }

  Status Read(BatchBuilder& batch) override {
    for (bool more = true; !batch.full();) {
      std::string_view line;
      if (Status status = lines_.Next(line, more); !status.ok()) return status;
      if (!more) break;
      TakeLine(line, batch);
    }
    if (batch.rows() == 0) host().Report(facts_);
    return Status::Ok();
  }

  Status Validate(const TableView& batch, const uint64_t* records) override {
    const ColumnView first = batch.column(0);
    for (size_t row = 0; row < batch.rows(); ++row) {
      if (!first[row].empty()) continue;
      Finding finding;
      finding.rule = "@RULE@";
      finding.record = records[row];
      finding.cells = {{kColumns[0], first[row]}};
      finding.message = "the record has no " + std::string(kColumns[0]);
      if (Status status = host().Report(finding); !status.ok()) return status;
    }
    return Status::Ok();
  }

 private:
  // What is not UTF-8 is taken for Windows-1252, as Excel saves CSV.
  bool ToUtf8(std::string_view line, std::string& text) {
    if (IsUtf8(line)) {
      text = line;
      return true;
    }
    if (!FromWindows1252(line, text)) return false;
    facts_.encoding = "windows-1252";
    return true;
  }

  void TakeLine(std::string_view line, BatchBuilder& batch) {
    std::string text;
    if (line.find_first_not_of(std::string(" \t") + kDelimiter) == std::string_view::npos) {
      ++facts_.blank;
    } else if (!ToUtf8(line, text)) {
      batch.AddUnreadable(lines_.line_number(), "the line is neither UTF-8 nor Windows-1252", line);
    } else if (!CutCells(text, kDelimiter, cells_)) {
      batch.AddUnreadable(lines_.line_number(), "a quote is not closed, or text stands behind one", text);
    } else if (cells_.size() != kColumnCount) {
      batch.AddUnreadable(lines_.line_number(),
                          "the line has " + std::to_string(cells_.size()) + " cells where @COUNT@ are needed", text);
    } else {
      for (size_t i = 0; i < kColumnCount; ++i) batch.column(i).Append(cells_[i]);
      batch.EndRecord(lines_.line_number());
    }
  }

  LineReader lines_;
  SourceFacts facts_;
  std::vector<std::string> cells_;
};

}  // namespace

CONCORDAT_ADAPTER(@CLASS@)
)";

constexpr std::string_view kManifest = R"(name: @NAME@
version: 0.1.0
abi: {min: 1, max: 1}
library: @NAME@.so
description: Reads the partner's report line by line, and finds records without their first cell.
formats: [csv, txt]
rules:
  - id: @RULE@
    description: @FIRSTTEXT@
    dimension: completeness
    severity: error
    columns: [@FIRST@]
    mend: fill the cell in at its source, and export the report again
)";

constexpr std::string_view kExpected =
    R"(# What each sample comes to: concordat adapter verify compares. good*: nothing wrong; bad*: something.
samples:
  - file: good.csv
    records: 3
    unreadable: 0
    columns: [@COLUMNSYAML@]
    findings: {}
  - file: bad.csv
    records: 2
    unreadable: 1
    findings: {@RULE@: 1}
  - file: bad_other_report.csv
    refused: export it again
)";

constexpr std::string_view kReadme = R"(# @NAME@: an adapter for one partner's file
@MADEFROM@
| file | what |
|---|---|
| `adapter.cc` | the adapter: `Open` finds the header, `Read` cuts lines into cells, `Validate` reports findings |
| `adapter.yaml` | its name, version, options and rules: what it may do and nobody else believes |
| `samples/` | made-up files, good and bad, and in `expected.yaml` what they come to |
@FEEDROW@
```sh
concordat adapter build .                       # compiles it, writes the digest into build/adapters/@NAME@/adapter.yaml
concordat adapter verify .                      # the conformance kit, in the sandbox; prints a certificate
ctest --test-dir build                          # the same, for a CI
cmake --install build --prefix /opt/concordat   # to /opt/concordat/adapters/@NAME@
```
Then sign it (`concordat adapter sign --help`), or name it under `trust: {unsigned: [@NAME@]}` in `concordat.yaml`, and enable it
(`concordat adapter enable --help`). When the adapter learns something new, add a sample that shows it first.
)";

std::string Replaced(std::string_view text, const std::vector<std::pair<std::string, std::string>>& words) {
  std::string out(text);
  for (const auto& [word, value] : words) {
    const std::string mark = fmt::format("@{}@", word);
    for (size_t at = out.find(mark); at != std::string::npos; at = out.find(mark, at + value.size()))
      out.replace(at, mark.size(), value);
  }
  return out;
}

/// As C++ and YAML write text in double quotes alike.
std::string Quoted(std::string_view text) {
  std::string out = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') out += '\\';
    if (c == '\n')
      out += "\\n";
    else if (c == '\t')
      out += "\\t";
    else if (static_cast<unsigned char>(c) >= 0x20)
      out += c;
  }
  out.push_back('"');
  return out;
}

void AddCell(std::string_view text, char delimiter, std::string& row) {
  if (text.find(delimiter) == std::string_view::npos && text.find('"') == std::string_view::npos) {
    row.append(text);
    return;
  }
  row.push_back('"');
  for (const char c : text) row.append(c == '"' ? 2 : 1, c);
  row.push_back('"');
}

std::string Row(const NewLayout& layout, const std::vector<std::string>& cells) {
  std::string row;
  for (const std::string& cell : cells) {
    if (&cell != &cells.front()) row.push_back(layout.delimiter);
    AddCell(cell, layout.delimiter, row);
  }
  row.push_back('\n');
  return row;
}

std::string Header(const NewLayout& layout) {
  std::vector<std::string> names;
  for (const NewColumn& column : layout.columns) names.push_back(column.name);
  return Row(layout, names);
}

std::vector<std::string> Record(const NewLayout& layout, size_t index) {
  std::vector<std::string> cells;
  for (const NewColumn& column : layout.columns) cells.push_back(column.examples[index]);
  return cells;
}

std::string GoodSample(const NewLayout& layout) {
  std::string text = Header(layout);
  for (size_t i = 0; i < 3; ++i) text += Row(layout, Record(layout, i));
  return text;
}

// A record without its first cell, and one that was cut off.
std::string BadSample(const NewLayout& layout) {
  std::vector<std::string> empty = Record(layout, 1);
  empty[0].clear();
  std::vector<std::string> cut = Record(layout, 2);
  cut.emplace_back("one cell too many");
  return Header(layout) + Row(layout, Record(layout, 0)) + Row(layout, empty) + Row(layout, cut);
}

std::string List(const NewLayout& layout) {
  std::string list;
  for (const NewColumn& column : layout.columns) list.append(list.empty() ? "" : ", ").append(Quoted(column.name));
  return list;
}

std::string ClassName(const std::string& name) {
  std::string out;
  bool upper = true;
  for (const char c : name) {
    if (c == '_')
      upper = true;
    else {
      out += upper ? static_cast<char>(std::toupper(static_cast<unsigned char>(c))) : c;
      upper = false;
    }
  }
  return out.append("Adapter");
}

std::vector<std::pair<std::string, std::string>> Words(const NewLayout& layout) {
  const std::string& first = layout.columns.front().name;
  return {
      {"COLUMNSYAML", List(layout)},
      {"COLUMNS", List(layout)},
      {"CLASS", ClassName(layout.name)},
      {"COUNT", std::to_string(layout.columns.size())},
      {"DELIMITER", layout.delimiter == '\t' ? "'\\t'" : fmt::format("'{}'", layout.delimiter)},
      {"RULE", "first_cell_present"},
      {"FIRSTTEXT", Quoted(fmt::format("Every record has a value in {}", first))},
      {"FIRST", Quoted(first)},
      {"MADEFROM",
       layout.source.empty()
           ? ""
           : fmt::format("\nIts layout was read from `{}`; nothing of what stands in that file was copied.\n",
                         layout.source)},
      {"FEEDROW", layout.feed.empty() ? ""
                                      : fmt::format("| `{}.feed.yaml` | a proposal for the feed: read it, "
                                                    "then copy it to `feeds/` of the policies |\n",
                                                    layout.name)},
      {"NAME", layout.name}};
}

}  // namespace

std::vector<std::pair<std::string, std::string>> NewAdapterFiles(const NewLayout& layout) {
  const auto words = Words(layout);
  std::vector<std::pair<std::string, std::string>> files = {
      {"CMakeLists.txt", Replaced(kCMake, words)},
      {"adapter.cc", Replaced(kSource, words)},
      {"adapter.yaml", Replaced(kManifest, words)},
      {"README.md", Replaced(kReadme, words)},
      {"samples/expected.yaml", Replaced(kExpected, words)},
      {"samples/good.csv", GoodSample(layout)},
      {"samples/bad.csv", BadSample(layout)},
      {"samples/bad_other_report.csv", "Canteen menu\nMonday: soup\n"}};
  if (!layout.feed.empty()) files.emplace_back(fmt::format("{}.feed.yaml", layout.name), layout.feed);
  return files;
}

}  // namespace concordat::cli
