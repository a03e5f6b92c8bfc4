// A gauge log: "STATION LEVEL", a line a reading. All three verbs in one file, on the C++ face of the SDK.
#include "plugins/sdk/adapter.h"

#include <charconv>

#include "plugins/sdk/line_reader.h"
#include "plugins/sdk/text.h"

namespace {

using namespace concordat::sdk;

constexpr double kLowest = -2;
constexpr double kHighest = 20;

bool ParseNumber(std::string_view text, double& number) {
  const auto end = std::from_chars(text.data(), text.data() + text.size(), number);
  return end.ec == std::errc() && end.ptr == text.data() + text.size();
}

class RiverGauges : public Adapter {
 public:
  explicit RiverGauges(const Host& host) : Adapter(host), lines_(this->host()) {}

  Status Open(std::vector<std::string>& columns) override {
    if (host().source_size() == 0) return Status::SourceUnreadable("the log is empty: export it again");
    columns = {"station", "level"};
    facts_.encoding = "utf-8";
    facts_.delimiter = " ";
    return Status::Ok();
  }

  Status Read(BatchBuilder& batch) override {
    std::string_view line;
    for (bool more = true; !batch.full();) {
      if (Status status = lines_.Next(line, more); !status.ok()) return status;
      if (!more) break;
      TakeLine(line, batch);
    }
    if (batch.rows() == 0) host().Report(facts_);
    return Status::Ok();
  }

  Status Validate(const TableView& batch, const uint64_t* records) override {
    const ColumnView levels = batch.column(1);
    for (size_t row = 0; row < batch.rows(); ++row) {
      ++records_;
      double level = 0;
      if (!levels[row].empty()) ++reported_;
      if (levels[row].empty() || (ParseNumber(levels[row], level) && level >= kLowest && level <= kHighest))
        continue;
      Finding finding;
      finding.rule = "level_plausible";
      finding.record = records[row];
      finding.cells = {{"level", levels[row]}};
      finding.message = "no river here stands at that level";
      if (Status status = host().Report(finding); !status.ok()) return status;
    }
    return Status::Ok();
  }

  Status Score() override {
    if (records_ == 0) return Status::Ok();
    const double share = 100.0 * static_cast<double>(reported_) / static_cast<double>(records_);
    return host().ReportDimension(
        "gauges_reporting", share,
        std::to_string(reported_) + " of " + std::to_string(records_) + " records have a level");
  }

 private:
  void TakeLine(std::string_view line, BatchBuilder& batch) {
    if (line.empty() || line.front() == '#') {
      ++facts_.blank;
      return;
    }
    if (!IsUtf8(line)) {
      batch.AddUnreadable(lines_.line_number(), "the line is not UTF-8", line);
      return;
    }
    const size_t blank = line.find(' ');
    double level = 0;
    if (blank == 0 || blank == std::string_view::npos) {
      batch.AddUnreadable(lines_.line_number(), "the line has no blank between station and level", line);
      return;
    }
    std::string_view text = line.substr(blank + 1);
    std::string metres;
    if (host().Option("unit") == "cm" && ParseNumber(text, level)) {
      metres = std::to_string(level / 100);
      text = metres;
    }
    batch.column(0).Append(line.substr(0, blank));
    batch.column(1).Append(text);
    batch.EndRecord(lines_.line_number());
  }

  LineReader lines_;
  SourceFacts facts_;
  uint64_t records_ = 0;
  uint64_t reported_ = 0;
};

}  // namespace

CONCORDAT_ADAPTER(RiverGauges)
