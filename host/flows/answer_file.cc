#include "host/flows/answer_file.h"

#include <algorithm>
#include <cctype>
#include <map>

#include "fmt/format.h"
#include "fmt/ranges.h"
#include "host/base/csv_reader.h"
#include "host/base/utf8.h"
#include "host/policy/fields.h"
#include "host/policy/reader.h"

namespace concordat::flows {
namespace {

using policy::Fields;
using policy::Node;

// Far more than any questionnaire has; each is compared with those before it.
constexpr size_t kMostItems = 10'000;

void ReportTooMany(Place place, std::string_view what, Issues& issues) {
  issues.Error(std::move(place), "too-large",
               fmt::format("more than {} {}: this is no file of answers", kMostItems, what));
}

// A scalar of any look; nothing after the colon is nothing.
FileText TextIn(Fields& fields, std::string_view key) {
  const Node node = fields.Any(key);
  if (!node.present() || node.is_null()) return {};
  if (const auto text = node.AsText()) return {*text, node.place()};
  fields.Error(key, "wrong-type", fmt::format("\"{}\" must be a text or a number", key));
  return {};
}

FileEvidence EvidenceIn(const Node& node, Issues& issues) {
  Fields fields(node, "evidence", issues);
  FileEvidence evidence;
  evidence.place = node.place();
  evidence.kind = TextIn(fields, "kind");
  evidence.title = TextIn(fields, "title");
  evidence.reference = TextIn(fields, "reference");
  evidence.digest = TextIn(fields, "digest");
  evidence.expires = TextIn(fields, "expires");
  fields.Finish();
  return evidence;
}

FileItem ItemIn(const Node& node, Issues& issues) {
  Fields fields(node, "item", issues);
  FileItem item;
  item.id = TextIn(fields, "id");
  if (node.is_map() && !item.id.given()) fields.Error("", "missing-key", "the item needs \"id\"");
  item.level = TextIn(fields, "level");
  item.comment = TextIn(fields, "comment");
  item.owner = TextIn(fields, "owner");
  for (const std::string_view key : {"question", "guidance"}) fields.Any(key);  // there to be read by people
  const Node evidence = fields.Any("evidence");
  if (evidence.present() && !evidence.is_null() && !evidence.is_sequence())
    fields.Error("evidence", "wrong-type", "\"evidence\" must be a list");
  for (const Node& one : evidence.items()) item.evidence.push_back(EvidenceIn(one, issues));
  fields.Finish();
  return item;
}

constexpr std::string_view kColumns[] = {"item",
                                         "level",
                                         "comment",
                                         "owner",
                                         "evidence_kind",
                                         "evidence_title",
                                         "evidence_reference",
                                         "evidence_digest",
                                         "evidence_expires"};

std::string Trimmed(std::string_view text) {
  const size_t begin = text.find_first_not_of(" \t");
  if (begin == std::string_view::npos) return "";
  return std::string(text.substr(begin, text.find_last_not_of(" \t") - begin + 1));
}

// Spreadsheets write headings as people type them.
std::string ColumnName(std::string_view text) {
  std::string name = Trimmed(text);
  std::transform(name.begin(), name.end(), name.begin(),
                 [](unsigned char c) { return static_cast<char>(c < 0x80 ? std::tolower(c) : c); });
  return name;
}

/// The columns that count, by name; where each stands in the file.
class Columns {
 public:
  Columns(const std::vector<CsvCellAt>& header, const std::shared_ptr<const SourceText>& source,
          Issues& issues) {
    for (size_t i = 0; i < header.size(); ++i) {
      const std::string name = ColumnName(header[i].text);
      if (std::find(std::begin(kColumns), std::end(kColumns), name) == std::end(kColumns)) continue;
      if (!at_.emplace(name, i).second) {
        issues.Error({source, header[i].line, header[i].column}, "twice",
                     fmt::format("a column \"{}\" stands here already", name), "keep one of them");
      }
    }
  }
  /// Beside the item's name.
  bool say_something() const { return at_.size() > at_.count("item"); }
  bool Has(const std::string& name) const { return at_.count(name) > 0; }
  FileText Of(const std::string& name, const std::vector<CsvCellAt>& row,
              const std::shared_ptr<const SourceText>& source) const {
    const auto found = at_.find(name);
    if (found == at_.end()) return {};
    const CsvCellAt& cell = row[found->second];
    return {Trimmed(cell.text), {source, cell.line, cell.column}};
  }

 private:
  std::map<std::string, size_t> at_;
};

FileItem ItemOf(const Columns& columns, const std::vector<CsvCellAt>& row,
                const std::shared_ptr<const SourceText>& source) {
  const auto of = [&](const char* name) { return columns.Of(name, row, source); };
  FileItem item{of("item"), of("level"), of("comment"), of("owner"), {}};
  FileEvidence evidence{of("evidence_kind"),   of("evidence_title"),   of("evidence_reference"),
                        of("evidence_digest"), of("evidence_expires"), {}};
  for (const FileText* text :
       {&evidence.expires, &evidence.digest, &evidence.reference, &evidence.title, &evidence.kind}) {
    if (text->given()) evidence.place = text->place;
  }
  if (evidence.place.line > 0) item.evidence.push_back(std::move(evidence));
  return item;
}

void Merge(const FileText& more, std::string_view what, FileText& known, Issues& issues) {
  if (!more.given() || more.text == known.text) return;
  if (known.given()) {
    issues.Error(more.place, "twice",
                 fmt::format("another {} for the same item stands in line {}", what, known.place.line),
                 "keep one of them");
    return;
  }
  known = more;
}

// A further row of an item brings further evidence.
void AddRow(FileItem row, AnswerFile& file, Issues& issues) {
  const auto known = std::find_if(file.items.begin(), file.items.end(),
                                  [&](const FileItem& item) { return item.id.text == row.id.text; });
  if (known == file.items.end()) {
    file.items.push_back(std::move(row));
    return;
  }
  Merge(row.level, "level", known->level, issues);
  Merge(row.comment, "comment", known->comment, issues);
  Merge(row.owner, "owner", known->owner, issues);
  for (FileEvidence& evidence : row.evidence) known->evidence.push_back(std::move(evidence));
}

bool IsBlank(const std::vector<CsvCellAt>& row) {
  return std::all_of(row.begin(), row.end(),
                     [](const CsvCellAt& cell) { return Trimmed(cell.text).empty(); });
}

// Spreadsheets of many countries write semicolons where others write commas; the header tells.
char DelimiterOf(std::string_view text) {
  const std::string_view header = text.substr(0, text.find_first_of("\r\n"));
  char most = ',';
  for (const char delimiter : {';', '\t'}) {
    if (std::count(header.begin(), header.end(), delimiter) > std::count(header.begin(), header.end(), most))
      most = delimiter;
  }
  return most;
}

// A mistake in the form of the file ends the reading: what follows would be guesswork.
void ReportForm(const absl::Status& status, int line, const std::shared_ptr<const SourceText>& source,
                Issues& issues) {
  const std::string_view message = MessageOf(status);
  issues.Error({source, line, 1}, "bad-csv",
               std::string(message.substr(message.find(": ", source->name.size()) + 2)));
}

void ReadRows(CsvReader& reader, const Columns& columns, size_t width,
              const std::shared_ptr<const SourceText>& source, AnswerFile& file, Issues& issues) {
  for (size_t rows = 0; !reader.done(); ++rows) {
    const auto row = reader.Next();
    if (!row.ok()) return ReportForm(row.status(), reader.line(), source, issues);
    if (rows == kMostItems) return ReportTooMany({source, reader.line(), 1}, "rows", issues);
    if (IsBlank(*row)) continue;
    if (row->size() != width) {
      issues.Error({source, reader.line(), 1}, "bad-csv",
                   fmt::format("{} cells where the header has {}", row->size(), width),
                   "put a text that holds the delimiter into double quotes");
      continue;
    }
    FileItem item = ItemOf(columns, *row, source);
    if (!item.id.given()) {
      issues.Error({source, reader.line(), 1}, "missing-key", "the row names no item");
      continue;
    }
    AddRow(std::move(item), file, issues);
  }
}

}  // namespace

AnswerFile ReadAnswerYaml(const std::shared_ptr<const SourceText>& source, Issues& issues) {
  AnswerFile file;
  const Node document = policy::ReadYaml(source, issues);
  if (!document.present()) return file;
  Fields fields(document, "file of answers", issues);
  file.assessment = TextIn(fields, "assessment");
  file.template_id = TextIn(fields, "template");
  file.version = TextIn(fields, "version");
  for (const Node& node : fields.Sequence("items").items()) {
    if (file.items.size() == kMostItems) {
      ReportTooMany(node.place(), "items", issues);
      break;
    }
    FileItem item = ItemIn(node, issues);
    if (!item.id.given()) continue;
    const bool twice = std::any_of(file.items.begin(), file.items.end(),
                                   [&](const FileItem& known) { return known.id.text == item.id.text; });
    if (twice) issues.Error(item.id.place, "twice", fmt::format("\"{}\" stands here already", item.id.text));
    file.items.push_back(std::move(item));
  }
  if (document.is_map() && !fields.Has("items"))
    fields.Error("", "missing-key", "the file has no \"items\"",
                 "items: [{id: ..., level: 3, comment: ...}]");
  fields.Finish();
  return file;
}

AnswerFile ReadAnswerCsv(const std::shared_ptr<const SourceText>& source, Issues& issues) {
  AnswerFile file;
  if (!IsUtf8(source->text)) {
    issues.Error({source, 0, 0}, "bad-encoding", "the file is not UTF-8", "save it as CSV UTF-8");
    return file;
  }
  CsvReader reader(source->text, source->name, DelimiterOf(source->text));
  if (reader.done()) {
    issues.Error({source, 0, 0}, "bad-csv", "the file is empty");
    return file;
  }
  const auto header = reader.Next();
  if (!header.ok()) {
    ReportForm(header.status(), reader.line(), source, issues);
    return file;
  }
  const Columns columns(*header, source, issues);
  if (!columns.Has("item") || !columns.say_something()) {
    issues.Error({source, 1, 1}, "missing-key",
                 columns.Has("item") ? "the header has no column that says anything of an item"
                                     : "the header has no column \"item\"",
                 fmt::format("{}", fmt::join(kColumns, ",")));
    return file;
  }
  ReadRows(reader, columns, header->size(), source, file, issues);
  return file;
}

}  // namespace concordat::flows
