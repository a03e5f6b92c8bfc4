#include "plugins/council_spend/spend_file.h"

#include <algorithm>

#include "plugins/council_spend/values.h"

namespace concordat::council_spend {
namespace {

using sdk::Status;

constexpr size_t kMostLinesAbove = 60;

struct Headings {
  Column column;
  std::vector<std::string_view> names;  // words joined by "_"; the likeliest first
};

// What councils and departments call them, misspelt ones of real files included.
const std::vector<Headings>& AllHeadings() {
  static const std::vector<Headings> all = {
      {kBody, {"body_name", "authority_name", "body", "entity", "organisation"}},
      {kService,
       {"service_label", "service", "directorate", "directotate", "business_unit_description",
        "organisational_unit", "service_area", "department", "expense_area"}},
      {kCategory,
       {"expenditure_category", "detailed_expenditure_type", "expense_code_description", "expense_type",
        "g_l_description", "account_description", "account", "purpose", "category"}},
      {kDescription,
       {"description", "narrative", "original_narrative", "transation_description", "invoice_description",
        "notes", "note"}},
      {kPaidOn,
       {"date_paid", "payment_date", "date_of_payment", "paid_on", "paid_date", "gl_date", "transaction_date",
        "invoice_date", "date"}},
      {kTransactionRef,
       {"transaction_number", "transaction_ref", "transaction_no", "transation_number", "transactions_number",
        "sap_document_number", "document_no", "document_number", "voucher_number", "invoice_no"}},
      {kLine, {"line", "line_number", "line_no", "transaction_line"}},
      {kSupplier,
       {"supplier_name", "supplier", "supplicer", "beneficiary_name", "beneficiary", "payee", "vendor_name",
        "vendor"}},
      {kNetAmount,
       {"net_amount", "net", "invoice_line_value_net_of_vat", "amount_net", "invoiced_value",
        "invoice_amount", "line_amount", "amount", "amount_gbp", "value"}},
      {kVatAmount, {"vat_amount", "vat", "irrecoverable_vat"}},
      {kGrossAmount, {"gross_amount", "gross", "amount_gross", "total_including_vat"}},
  };
  return all;
}

std::string Joined(std::string_view heading) {
  std::string joined;
  for (const std::string& word : Words(heading)) joined += (joined.empty() ? "" : "_") + word;
  return joined;
}

std::string_view Trimmed(std::string_view text) {
  while (!text.empty() && (text.front() == ' ' || text.front() == '\t')) text.remove_prefix(1);
  while (!text.empty() && (text.back() == ' ' || text.back() == '\t')) text.remove_suffix(1);
  return text;
}

}  // namespace

const std::vector<std::string>& ColumnNames() {
  static const std::vector<std::string> names = {
      "body", "service",  "category",   "description", "paid_on",     "transaction_ref",
      "line", "supplier", "net_amount", "vat_amount",  "gross_amount"};
  return names;
}

bool SpendFile::TakeHeader() {
  std::vector<std::string> headings;
  for (const std::string& cell : row_.cells) headings.push_back(Joined(cell));
  source_.fill(-1);
  read_as_.clear();
  for (const Headings& one : AllHeadings()) {
    for (size_t name = 0; name < one.names.size() && source_[one.column] < 0; ++name) {
      for (size_t i = 0; i < headings.size() && source_[one.column] < 0; ++i) {
        if (headings[i] != one.names[name]) continue;
        source_[one.column] = static_cast<int>(i);
        if (headings[i] != ColumnNames()[one.column])
          read_as_.push_back("\"" + std::string(Trimmed(row_.cells[i])) + "\" as " +
                             ColumnNames()[one.column]);
      }
    }
  }
  if (source_[kSupplier] < 0 || (source_[kNetAmount] < 0 && source_[kGrossAmount] < 0)) return false;
  width_ = row_.cells.size();
  header_line_ = row_.line;
  return true;
}

Status SpendFile::ReadHeader() {
  for (; above_ < kMostLinesAbove; ++above_) {
    bool more = false;
    if (Status status = rows_.Next(row_, more); !status.ok()) return status;
    if (!more) break;
    if (row_.problem.empty() && TakeHeader()) return Status::Ok();
  }
  return Status::SourceUnreadable("no line of the first " + std::to_string(above_) +
                                  " has headings for a supplier and an amount, such as \"Supplier name\" and "
                                  "\"Net amount\"; export it as a list of payments");
}

// "Total" or "Grand total" in a line that names no supplier.
bool SpendFile::IsTotal() const {
  if (!Trimmed(row_.cells[static_cast<size_t>(source_[kSupplier])]).empty() &&
      Joined(row_.cells[static_cast<size_t>(source_[kSupplier])]).rfind("total", 0) != 0)
    return false;
  for (const std::string& cell : row_.cells) {
    const std::string words = Joined(cell);
    if (words == "total" || words == "grand_total" || words == "totals") return true;
  }
  return false;
}

Status SpendFile::Next(std::vector<std::string>& cells, bool& more) {
  cells.clear();
  while (true) {
    if (Status status = rows_.Next(row_, more); !status.ok() || !more) return status;
    if (row_.blank()) {
      ++blank_;
      continue;
    }
    // Cells that nobody needs may be missing at the end, as spreadsheets leave them out.
    size_t needed = 0;
    for (const int place : source_) needed = std::max(needed, static_cast<size_t>(place + 1));
    bool fits = row_.cells.size() >= needed;
    for (size_t i = width_; i < row_.cells.size(); ++i) fits &= Trimmed(row_.cells[i]).empty();
    if (row_.problem.empty() && !fits) {
      row_.problem = "it has " + std::to_string(row_.cells.size()) + " cells where the header has " +
                     std::to_string(width_);
    }
    if (!row_.problem.empty()) return Status::Ok();
    if (!IsTotal()) break;
    ++totals_;
  }
  for (size_t i = 0; i < kColumns; ++i) {
    std::string text(source_[i] < 0 ? std::string_view()
                                    : Trimmed(row_.cells[static_cast<size_t>(source_[i])]));
    // What cannot be told stays as it stands, for the host to say.
    if (i == kPaidOn) {
      if (std::string day = IsoDay(text); !day.empty()) text = std::move(day);
    } else if (i == kNetAmount || i == kVatAmount || i == kGrossAmount) {
      if (const auto pence = PenceIn(text)) text = PoundsOf(*pence);
    }
    cells.push_back(std::move(text));
  }
  return Status::Ok();
}

Status SpendFile::ReadPayments(sdk::BatchBuilder& batch) {
  std::vector<std::string> cells;
  while (!batch.full()) {
    bool more = false;
    if (Status status = Next(cells, more); !status.ok() || !more) return status;
    if (cells.empty()) {
      batch.AddUnreadable(row_.line, row_.problem, row_.raw);
      continue;
    }
    for (size_t i = 0; i < kColumns; ++i) batch.column(i).Append(cells[i]);
    batch.EndRecord(row_.line);
  }
  return Status::Ok();
}

sdk::SourceFacts SpendFile::Facts() const {
  sdk::SourceFacts facts;
  facts.encoding = rows_.encoding();
  facts.delimiter = ",";
  facts.header_line = header_line_;
  facts.blank = blank_;
  std::string as;
  for (const std::string& one : read_as_) as += (as.empty() ? "read " : ", ") + one;
  if (!as.empty()) facts.notes.push_back(as);
  if (above_ > 0) facts.notes.push_back(std::to_string(above_) + " lines above the table");
  if (totals_ > 0) facts.notes.push_back(std::to_string(totals_) + " lines of totals left out");
  return facts;
}

}  // namespace concordat::council_spend
