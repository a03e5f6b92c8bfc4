// An adapter that keeps every promise: a header line, then lines of cells with commas between them and no
// quotes.
#include <algorithm>
#include <charconv>
#include <stdexcept>

#include "plugins/sdk/adapter.h"
#include "plugins/sdk/line_reader.h"

namespace {

using namespace concordat::sdk;

std::vector<std::string> Cut(std::string_view line) {
  std::vector<std::string> cells(1);
  for (const char c : line) {
    if (c == ',') {
      cells.emplace_back();
    } else {
      cells.back() += c;
    }
  }
  return cells;
}

class Obedient : public Adapter {
 public:
  explicit Obedient(const Host& host) : Adapter(host), lines_(this->host()) {}

  Status Open(std::vector<std::string>& columns) override {
    std::string_view header;
    bool more = false;
    if (Status status = lines_.Next(header, more); !status.ok()) return status;
    if (!more) return Status::SourceUnreadable("the file is empty");
    columns = Cut(header);
    const std::string_view batch = host().Option("batch");
    std::from_chars(batch.data(), batch.data() + batch.size(), batch_);
    facts_.encoding = "utf-8";
    facts_.delimiter = ",";
    facts_.header_line = 1;
    if (!host().Option("greeting").empty()) facts_.notes.emplace_back(host().Option("greeting"));
    if (host().Option("mode") == "map" && host().MapSource()) {
      facts_.notes.push_back("mapped " + std::to_string(host().MapSource()->size()) + " bytes");
    }
    return Status::Ok();
  }

  Status Read(BatchBuilder& batch) override {
    while (!batch.full() && (batch_ == 0 || batch.rows() < batch_)) {
      std::string_view line;
      bool more = false;
      if (Status status = lines_.Next(line, more); !status.ok()) return status;
      if (!more) break;
      TakeLine(line, batch);
    }
    if (batch.rows() == 0) host().Report(facts_);
    return Status::Ok();
  }

  Status Validate(const TableView& batch, const uint64_t* records) override {
    for (size_t row = 0; row < batch.rows(); ++row) {
      ++seen_;
      if (const auto c = batch.Find("c"); c && !(*c)[row].empty()) {
        ++filled_;
        if (!Known((*c)[row])) Report("c_known", records[row], Outcome::kFail, "c", (*c)[row]);
      }
      const auto b = batch.Find("b");
      if (!b) continue;
      const std::string_view cell = (*b)[row];
      if (cell.empty()) Report("b_positive", records[row], Outcome::kSkip, "b", cell);
      if (cell == "?") Report("b_positive", records[row], Outcome::kUnresolved, "b", cell);
      if (!cell.empty() && cell[0] == '-') Report("b_positive", records[row], Outcome::kFail, "b", cell);
    }
    return Status::Ok();
  }

  Status Score() override {
    const double share = seen_ == 0 ? 0 : 100.0 * static_cast<double>(filled_) / static_cast<double>(seen_);
    return host().ReportDimension("filled", share, std::to_string(filled_) + " of " + std::to_string(seen_));
  }

 private:
  void TakeLine(std::string_view line, BatchBuilder& batch) {
    if (line.empty()) {
      ++facts_.blank;
      return;
    }
    const std::vector<std::string> cells = Cut(line);
    for (size_t i = 0; i < std::min(cells.size(), batch.column_count()); ++i)
      batch.column(i).Append(cells[i]);
    if (cells.size() == batch.column_count()) return batch.EndRecord(lines_.line_number());
    batch.AddUnreadable(lines_.line_number(), std::to_string(cells.size()) + " cells", line);
  }

  bool Known(std::string_view colour) const {
    const auto colours = host().Reference("colours");
    if (!colours) return true;
    const ColumnView names = *colours->Find("colour");
    for (size_t row = 0; row < names.rows(); ++row) {
      if (names[row] == colour) return true;
    }
    return false;
  }

  void Report(std::string_view rule, uint64_t record, Outcome outcome, std::string_view column,
              std::string_view cell) {
    const std::string message = "\"" + std::string(cell) + "\" will not do";
    Finding finding;
    finding.rule = rule;
    finding.record = record;
    finding.outcome = outcome;
    finding.cells = {{column, cell}};
    finding.message = message;
    if (Status status = host().Report(finding); !status.ok()) throw std::runtime_error(status.message());
  }

  LineReader lines_;
  SourceFacts facts_;
  size_t batch_ = 0;
  uint64_t seen_ = 0;
  uint64_t filled_ = 0;
};

}  // namespace

CONCORDAT_ADAPTER(Obedient)
