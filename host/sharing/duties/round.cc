// round: a number leaves as the nearest multiple of a base, halves away from zero.
#include <cmath>

#include "host/data/parse.h"
#include "host/sharing/duties/per_cell.h"

namespace concordat::sharing {
namespace {

double NumberOf(const Cell& cell) {
  return cell.column.integers.empty() ? cell.column.numbers[cell.row]
                                      : static_cast<double>(cell.column.integers[cell.row]);
}

// As the base is written: 2 for 0.01; 0 for 10, and where it is written with an exponent.
int DecimalsOf(double base) {
  const std::string text = data::NumberText(base);
  const size_t point = text.find('.');
  if (point == std::string::npos || text.find('e') != std::string::npos) return 0;
  return static_cast<int>(text.size() - point - 1);
}

class Rounded final : public PerCell<Rounded> {
 public:
  Rounded(std::string field, double base)
      : PerCell(std::move(field)), base_(base), decimals_(DecimalsOf(base)) {}

  // What is no number cannot be rounded, and leaves as nothing.
  void Treat(const Cell& cell, std::string& out) const {
    if (cell.parses()) out.append(MultipleText(std::round(NumberOf(cell) / base_) * base_));
  }
  const char* Broken(const Cell& cell, std::string_view out) const {
    if (!cell.parses()) return out.empty() ? nullptr : "what is no number left as something";
    const std::optional<double> rounded = data::ParseNumber(out);
    if (!rounded) return "a rounded number left as something else";
    const double steps = *rounded / base_;
    const double slack = 1e-9 * (1 + std::abs(steps));
    if (std::abs(steps - std::round(steps)) > slack) return "a number left without being rounded";
    return std::abs(*rounded - NumberOf(cell)) <= base_ * (0.5 + slack) ? nullptr
                                                                        : "a number left as another one";
  }

 private:
  // A multiple has no more decimals than the base; what the product in binary adds behind them is none of it.
  std::string MultipleText(double multiple) const {
    if (decimals_ == 0) return data::NumberText(multiple);
    std::string text = fmt::format("{:.{}f}", multiple, decimals_);
    text.resize(text.find_last_not_of('0') + 1);
    if (text.back() == '.') text.pop_back();
    return text == "-0" ? "0" : text;
  }

  const double base_;
  const int decimals_;
};

absl::StatusOr<std::unique_ptr<FieldTreatment>> Bind(const DutyContext& context) {
  return std::make_unique<Rounded>(context.field->name, context.duty->terms.base);
}

std::string InWords(const policy::DutyTerms& terms) {
  return fmt::format("is rounded to a multiple of {}", data::NumberText(terms.base));
}

std::string Misfit(const policy::DutyTerms&, const data::Field& field) {
  if (field.type == data::LogicalType::kInteger || field.type == data::LogicalType::kNumber) return {};
  return fmt::format("\"{}\" is a {}, and only numbers can be rounded", field.name,
                     data::LogicalTypeName(field.type));
}

}  // namespace

DutyKind RoundDuty() {
  return {.name = "round", .in_words = InWords, .keeps_type = true, .misfit = Misfit, .bind = Bind};
}

}  // namespace concordat::sharing
