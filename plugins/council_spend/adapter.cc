// The adapter "council_spend": one partner's own, because councils publish payments in layouts that differ
// and mean the same, and because sign, VAT and supplier of a payment belong together.
#include "plugins/sdk/adapter.h"

#include <algorithm>
#include <cstdlib>
#include <string>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "plugins/council_spend/spend_file.h"
#include "plugins/council_spend/values.h"

namespace concordat::council_spend {
namespace {

using sdk::Finding;
using sdk::Outcome;
using sdk::Status;
using Cells = std::vector<std::pair<std::string_view, std::string_view>>;

constexpr int64_t kLargestPercent = 1000;

/// One payment of a batch.
struct Payment {
  uint64_t record;
  std::string_view category, description, paid_on, ref, line, supplier, net_text, vat_text, gross_text;
  std::optional<int64_t> net, vat, gross;  // pence

  // What was paid; the gross amount where the layout has no other.
  std::optional<int64_t> amount() const { return net ? net : gross; }
};

class CouncilSpendAdapter : public sdk::Adapter {
 public:
  explicit CouncilSpendAdapter(const sdk::Host& host) : Adapter(host), file_(this->host()) {}

  Status Open(std::vector<std::string>& columns) override {
    for (std::string& word : Words(host().Option("credit_words"))) credit_words_.insert(std::move(word));
    highest_vat_ = std::atoll(std::string(host().Option("highest_vat")).c_str());
    if (highest_vat_ < 0 || highest_vat_ > kLargestPercent)
      return Status::Failed("option highest_vat: it is a percentage from 0 to 1000");
    const std::string_view months = host().Option("months");
    months_ = MonthsInName(months.empty() ? host().source_name() : months);
    if (!months.empty() && months_.first.empty())
      return Status::Failed("option months: \"" + std::string(months.substr(0, 40)) + "\" has no month as yyyy-MM");
    columns = ColumnNames();
    if (Status status = CountPayments(); !status.ok()) return status;
    return file_.ReadHeader();
  }

  Status Read(sdk::BatchBuilder& batch) override {
    if (Status status = file_.ReadPayments(batch); !status.ok()) return status;
    if (batch.rows() == 0) host().Report(file_.Facts());
    return Status::Ok();
  }

  Status Validate(const sdk::TableView& batch, const uint64_t* records) override {
    for (size_t row = 0; row < batch.rows(); ++row) {
      const Payment payment = PaymentAt(batch, row, records[row]);
      for (const auto check : {&CouncilSpendAdapter::CheckCredit, &CouncilSpendAdapter::CheckVat,
                               &CouncilSpendAdapter::CheckSupplier, &CouncilSpendAdapter::CheckMonth,
                               &CouncilSpendAdapter::CheckOnce}) {
        if (Status status = (this->*check)(payment); !status.ok()) return status;
      }
      const int64_t size = std::abs(payment.amount().value_or(0));
      money_ += size;
      if (!payment.ref.empty() && !payment.supplier.empty() && !IsoDay(payment.paid_on).empty())
        traceable_ += size;
    }
    return Status::Ok();
  }

  Status Score() override {
    if (money_ == 0) return Status::Ok();
    return host().ReportDimension(
        "traceable_spend", 100.0 * static_cast<double>(traceable_) / static_cast<double>(money_),
        PoundsOf(traceable_) + " of " + PoundsOf(money_) +
            " pounds stand on lines with a transaction number, a day and a supplier");
  }

 private:
  // A credit may stand far above or below what it takes back, as ledgers sort by supplier or by amount: a
  // first way through the file counts what was paid.
  Status CountPayments() {
    SpendFile whole(host());
    if (Status status = whole.ReadHeader(); !status.ok()) return status;
    std::vector<std::string> cells;
    for (bool more = true; more;) {
      if (Status status = whole.Next(cells, more); !status.ok()) return status;
      if (!more || cells.empty()) continue;
      const auto net = PenceIn(cells[kNetAmount]);
      const int64_t pence = net ? *net : PenceIn(cells[kGrossAmount]).value_or(0);
      if (pence > 0) ++paid_[KeyOf(cells[kSupplier], pence)];
    }
    return Status::Ok();
  }

  static Payment PaymentAt(const sdk::TableView& batch, size_t row, uint64_t record) {
    const auto cell = [&](Column column) { return batch.column(column)[row]; };
    Payment payment{
        record,       cell(kCategory), cell(kDescription), cell(kPaidOn),    cell(kTransactionRef),
        cell(kLine),  cell(kSupplier), cell(kNetAmount),   cell(kVatAmount), cell(kGrossAmount),
        std::nullopt, std::nullopt,    std::nullopt};
    payment.net = PenceIn(payment.net_text);
    payment.vat = PenceIn(payment.vat_text);
    payment.gross = PenceIn(payment.gross_text);
    return payment;
  }

  static std::string KeyOf(std::string_view supplier, int64_t pence) {
    std::string key;
    for (const std::string& word : Words(supplier)) key += word + " ";
    return key + std::to_string(pence);
  }

  bool SaysWhy(std::string_view text) const {
    for (const std::string& word : Words(text)) {
      if (credit_words_.count(word) > 0) return true;
    }
    return false;
  }

  Status CheckCredit(const Payment& payment) {
    constexpr std::string_view kRule = "credit_explained";
    if (!payment.amount() || *payment.amount() >= 0) return Say(payment, kRule, Outcome::kSkip);
    if (SaysWhy(payment.description) || SaysWhy(payment.category)) return Status::Ok();
    const auto paid = paid_.find(KeyOf(payment.supplier, -*payment.amount()));
    if (paid != paid_.end() && paid->second > 0) {
      --paid->second;  // one payment is taken back once
      return Status::Ok();
    }
    return Say(payment, kRule, Outcome::kFail,
               {{"net_amount", payment.net_text},
                {"supplier", payment.supplier},
                {"description", payment.description}},
               PoundsOf(*payment.amount()) +
                   " takes back no payment of that amount to the supplier, and its description does not say "
                   "what it is");
  }

  Status CheckVat(const Payment& payment) {
    constexpr std::string_view kRule = "vat_adds_up";
    if (!payment.vat || (!payment.net && !payment.gross)) return Say(payment, kRule, Outcome::kSkip);
    const int64_t vat = *payment.vat;
    const int64_t net = payment.net ? *payment.net : *payment.gross - vat;
    std::string why;
    if (payment.net && payment.gross && std::abs(net + vat - *payment.gross) > 1) {
      why = "net " + PoundsOf(net) + " and VAT " + PoundsOf(vat) + " make " + PoundsOf(net + vat) +
            ", not gross " + PoundsOf(*payment.gross);
    } else if (vat != 0 && (vat < 0) != (net < 0)) {
      why = "VAT " + PoundsOf(vat) + " has another sign than net " + PoundsOf(net);
    } else if (std::abs(vat) * 100 > highest_vat_ * std::abs(net) + 100) {
      why = "VAT " + PoundsOf(vat) + " is more than " + std::to_string(highest_vat_) + "% of net " +
            PoundsOf(net);
    }
    if (why.empty()) return Status::Ok();
    return Say(payment, kRule, Outcome::kFail,
               {{"net_amount", payment.net_text},
                {"vat_amount", payment.vat_text},
                {"gross_amount", payment.gross_text}},
               why);
  }

  // The message does not repeat the name: it may be a person's.
  Status CheckSupplier(const Payment& payment) {
    constexpr std::string_view kRule = "person_redacted";
    if (payment.supplier.empty()) return Say(payment, kRule, Outcome::kSkip);
    if (!LooksLikePerson(payment.supplier)) return Status::Ok();
    return Say(payment, kRule, Outcome::kFail, {{"supplier", payment.supplier}},
               "the supplier is named as a person is, with a title");
  }

  Status CheckMonth(const Payment& payment) {
    constexpr std::string_view kRule = "paid_in_months_of_file";
    const std::string day = IsoDay(payment.paid_on);
    if (months_.first.empty() || payment.paid_on.empty()) return Say(payment, kRule, Outcome::kSkip);
    const Cells cells = {{"paid_on", payment.paid_on}};
    if (day.empty())
      return Say(payment, kRule, Outcome::kUnresolved, cells,
                 "\"" + std::string(payment.paid_on) + "\" is no day");
    const std::string month = day.substr(0, 7);
    if (month >= months_.first && month <= months_.second) return Status::Ok();
    return Say(payment, kRule, Outcome::kFail, cells,
               "paid on " + day + " in a file of " + months_.first +
                   (months_.first == months_.second ? "" : " to " + months_.second));
  }

  // Where the layout has no number of the line, its amount and kind stand for it.
  Status CheckOnce(const Payment& payment) {
    constexpr std::string_view kRule = "transaction_line_once";
    if (payment.ref.empty()) return Say(payment, kRule, Outcome::kSkip);
    std::string key(payment.ref);
    key.append("\n").append(payment.line);
    if (payment.line.empty())
      key.append("\n")
          .append(payment.supplier)
          .append("\n")
          .append(payment.category)
          .append("\n")
          .append(payment.net_text)
          .append(payment.gross_text);
    const auto [first, added] = lines_.emplace(std::move(key), payment.record);
    if (added || first->second == payment.record) return Status::Ok();
    return Say(payment, kRule, Outcome::kFail, {{"transaction_ref", payment.ref}, {"line", payment.line}},
               "transaction " + std::string(payment.ref) +
                   (payment.line.empty() ? ", the same supplier and amount,"
                                         : ", line " + std::string(payment.line) + ",") +
                   " stands in record " + std::to_string(first->second) + " already");
  }

  Status Say(const Payment& payment, std::string_view rule, Outcome outcome, Cells cells = {},
             const std::string& message = "") {
    Finding finding;
    finding.rule = rule;
    finding.record = payment.record;
    finding.outcome = outcome;
    finding.cells = std::move(cells);
    finding.message = message;
    return host().Report(finding);
  }

  SpendFile file_;
  std::unordered_set<std::string> credit_words_;
  std::unordered_map<std::string, int> paid_;        // supplier and amount -> payments not yet taken back
  std::unordered_map<std::string, uint64_t> lines_;  // transaction and line -> first record
  std::pair<std::string, std::string> months_;       // of the file's name; empty when it says none
  int64_t highest_vat_ = 0;
  int64_t money_ = 0;      // pence, credits counted as money
  int64_t traceable_ = 0;  // of it
};

}  // namespace
}  // namespace concordat::council_spend

CONCORDAT_ADAPTER(concordat::council_spend::CouncilSpendAdapter)
