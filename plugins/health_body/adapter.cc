// The adapter "health_body": one partner's own, because its return has a title, totals and remarks around the
// table, and because only the register of practices tells whether a list can be right.
#include "plugins/sdk/adapter.h"

#include <cstdlib>
#include <string>
#include <vector>

#include "plugins/health_body/list_return.h"
#include "plugins/health_body/practices.h"

namespace concordat::health_body {
namespace {

using sdk::Finding;
using sdk::Outcome;
using sdk::Status;
using Cells = std::vector<std::pair<std::string_view, std::string_view>>;

constexpr int64_t kLargestPercent = 10'000;
constexpr int64_t kRoundList = 100;  // a list size that ends so is looked at,
constexpr int64_t kRoundBand = 5;    // and so are its bands

/// One practice of a batch.
struct Row {
  uint64_t record;
  std::string_view code;
  std::string_view size_text;
  std::optional<int64_t> size;
  int64_t bands = 0;            // added up
  std::string_view odd_band;    // a band that is neither empty nor a count
  size_t empty_bands = 0;       // suppressed
  bool all_bands_round = true;  // of those that are not zero
  bool any_band = false;
};

// A capital letter and five digits.
bool IsPracticeCode(std::string_view text) {
  return text.size() == 6 && text[0] >= 'A' && text[0] <= 'Z' &&
         text.find_first_not_of("0123456789", 1) == std::string_view::npos;
}

class HealthBodyAdapter : public sdk::Adapter {
 public:
  explicit HealthBodyAdapter(const sdk::Host& host) : Adapter(host), return_(this->host()) {}

  Status Open(std::vector<std::string>& columns) override {
    largest_jump_ = std::atoll(std::string(host().Option("largest_jump")).c_str());
    least_size_ = std::atoll(std::string(host().Option("least_practices_size")).c_str());
    if (largest_jump_ < 0 || largest_jump_ > kLargestPercent)
      return Status::Failed("option largest_jump: it is a percentage from 0 to 10000");
    if (least_size_ < 0) return Status::Failed("option least_practices_size: it is 0 or more");
    const auto table = host().Reference("practices");
    if (!table)
      return Status::Failed("it was not handed the register of practices that its manifest asks for");
    if (Status status = Practices::Read(*table, practices_); !status.ok()) return status;
    return return_.ReadHeader(columns);
  }

  Status Read(sdk::BatchBuilder& batch) override {
    if (Status status = return_.ReadPractices(batch); !status.ok()) return status;
    if (batch.rows() == 0) host().Report(return_.Facts());
    return Status::Ok();
  }

  Status Validate(const sdk::TableView& batch, const uint64_t* records) override {
    for (size_t at = 0; at < batch.rows(); ++at) {
      const Row row = RowAt(batch, at, records[at]);
      Practice* practice = practices_.Find(row.code);
      if (practice != nullptr) practice->heard = true;
      if (Status status = CheckCode(row); !status.ok()) return status;
      if (Status status = CheckBands(row); !status.ok()) return status;
      if (Status status = CheckOpen(row, practice, batch.column(kExtractDate)[at]); !status.ok())
        return status;
      if (Status status = CheckJump(row, practice); !status.ok()) return status;
      if (Status status = CheckRounding(row); !status.ok()) return status;
    }
    return Status::Ok();
  }

  Status Score() override {
    double score = 0;
    std::string basis;
    if (!practices_.Coverage(return_.extract_date(), score, basis)) return Status::Ok();
    return host().ReportDimension("practices_heard", score, basis);
  }

 private:
  static Row RowAt(const sdk::TableView& batch, size_t at, uint64_t record) {
    Row row;
    row.record = record;
    row.code = batch.column(kPracticeCode)[at];
    row.size_text = batch.column(kListSize)[at];
    row.size = CountIn(row.size_text);
    for (size_t i = kFirstBand; i < batch.column_count(); ++i) {
      const std::string_view text = batch.column(i)[at];
      if (text.empty()) {
        ++row.empty_bands;
        continue;
      }
      const std::optional<int64_t> count = CountIn(text);
      if (!count) {
        row.odd_band = batch.column(i).name();
        continue;
      }
      row.bands += *count;
      row.any_band |= *count > 0;
      row.all_bands_round &= *count % kRoundBand == 0;
    }
    return row;
  }

  Status CheckCode(const Row& row) {
    if (row.code.empty()) return Say(row, "practice_code_form", Outcome::kSkip);
    if (IsPracticeCode(row.code)) return Status::Ok();
    return Say(row, "practice_code_form", Outcome::kFail, {{"practice_code", row.code}},
               "\"" + std::string(row.code) + "\" is not a capital letter and five digits");
  }

  // Suppressed bands leave a gap that nobody can tell; more than the list is wrong all the same.
  Status CheckBands(const Row& row) {
    constexpr std::string_view kRule = "bands_make_list_size";
    const Cells cells = {{"list_size", row.size_text}};
    if (!row.size || !row.odd_band.empty()) {
      return Say(row, kRule, Outcome::kUnresolved, cells,
                 !row.size ? "the list size is no count" : std::string(row.odd_band) + " is no count");
    }
    if (row.bands == *row.size || (row.empty_bands > 0 && row.bands < *row.size)) return Status::Ok();
    return Say(row, kRule, Outcome::kFail, cells,
               "the bands add up to " + std::to_string(row.bands) + ", and the list size is " +
                   std::to_string(*row.size));
  }

  Status CheckOpen(const Row& row, const Practice* practice, std::string_view day) {
    constexpr std::string_view kRule = "practice_open";
    if (row.code.empty()) return Say(row, kRule, Outcome::kSkip);
    const Cells cells = {{"practice_code", row.code}, {"extract_date", day}};
    const std::string code(row.code);
    if (practice == nullptr)
      return Say(row, kRule, Outcome::kFail, cells, code + " is not in the register of practices");
    if (practice->OpenOn(day)) return Status::Ok();
    const bool early = !practice->opened.empty() && day < practice->opened;
    return Say(row, kRule, Outcome::kFail, cells,
               code + " " + practice->name +
                   (early ? " opened on " + practice->opened : " closed on " + practice->closed) +
                   ", and the lists are of " + std::string(day));
  }

  Status CheckJump(const Row& row, const Practice* practice) {
    constexpr std::string_view kRule = "list_size_jump";
    if (practice == nullptr || !row.size || practice->last_list_size.value_or(0) < least_size_ ||
        *practice->last_list_size == 0)
      return Say(row, kRule, Outcome::kSkip);
    const int64_t last = *practice->last_list_size;
    const int64_t change = std::abs(*row.size - last);
    if (change * 100 <= largest_jump_ * last) return Status::Ok();
    return Say(row, kRule, Outcome::kFail, {{"list_size", row.size_text}, {"practice_code", row.code}},
               "the list went from " + std::to_string(last) + " to " + std::to_string(*row.size) + ", by " +
                   std::to_string(change * 100 / last) + "%");
  }

  // One list in a hundred ends in two noughts by chance; one whose bands are all round does not.
  Status CheckRounding(const Row& row) {
    constexpr std::string_view kRule = "list_size_rounded";
    if (!row.size || *row.size < least_size_ || !row.any_band) return Say(row, kRule, Outcome::kSkip);
    if (*row.size % kRoundList != 0 && !row.all_bands_round) return Status::Ok();
    const std::string why = row.all_bands_round ? "all its bands are multiples of 5" : "";
    const std::string size = *row.size % kRoundList == 0
                                 ? "the list size " + std::to_string(*row.size) + " is a round number"
                                 : "";
    return Say(row, kRule, Outcome::kFail, {{"list_size", row.size_text}},
               size + (!size.empty() && !why.empty() ? ", and " : "") + why);
  }

  Status Say(const Row& row, std::string_view rule, Outcome outcome, Cells cells = {},
             const std::string& message = "") {
    Finding finding;
    finding.rule = rule;
    finding.record = row.record;
    finding.outcome = outcome;
    finding.cells = std::move(cells);
    finding.message = message;
    return host().Report(finding);
  }

  ListReturn return_;
  Practices practices_;
  int64_t largest_jump_ = 0;
  int64_t least_size_ = 0;
};

}  // namespace
}  // namespace concordat::health_body

CONCORDAT_ADAPTER(concordat::health_body::HealthBodyAdapter)
