#include "host/mapping/conversion.h"

#include <algorithm>

#include "fmt/format.h"
#include "fmt/ranges.h"

namespace concordat::mapping {
namespace {

using data::LogicalType;

bool IsNumeric(LogicalType type) { return type == LogicalType::kInteger || type == LogicalType::kNumber; }

absl::Status DoesNotFit(std::string_view what, const data::Field& field) {
  return absl::InvalidArgumentError(
      fmt::format("{}, but the contract's field is a {}", what, data::LogicalTypeName(field.type)));
}

bool Contains(const std::vector<std::string>& words, std::string_view word) {
  return std::find(words.begin(), words.end(), word) != words.end();
}

}  // namespace

absl::StatusOr<Conversion> Conversion::Create(const data::Field& field, const policy::FieldMapping& mapping,
                                              const CodeLookup& lookup) {
  Conversion made;
  if (mapping.numbers && !IsNumeric(field.type))
    return DoesNotFit("parse says how numbers are written", field);
  if (mapping.booleans && field.type != LogicalType::kBoolean)
    return DoesNotFit("booleans say how true and false are written", field);
  if (mapping.unit && !IsNumeric(field.type)) return DoesNotFit("unit changes a number", field);
  ASSIGN_OR_RETURN(made.steps_, TextSteps::Create(mapping));
  if (mapping.split && !mapping.split->pattern.empty())
    made.words_ = fmt::format("a text that fits {}", mapping.split->pattern);
  if (mapping.dates) {
    ASSIGN_OR_RETURN(made.dates_, DateReader::Create(field, *mapping.dates));
    made.words_ = made.dates_.in_words();
  }
  made.numbers_ = mapping.numbers;
  made.whole_ = field.type == LogicalType::kInteger;
  if (made.numbers_) made.words_ = StyleInWords(*made.numbers_);
  if (made.numbers_ && made.whole_) made.words_ += ", and whole";
  made.booleans_ = mapping.booleans;
  if (made.booleans_)
    made.words_ = fmt::format("one of {}, {}", fmt::join(made.booleans_->yes, ", "),
                              fmt::join(made.booleans_->no, ", "));
  if (mapping.unit) {
    ASSIGN_OR_RETURN(made.unit_, FactorBetween(mapping.unit->from, mapping.unit->to));
    if (made.words_.empty()) made.words_ = fmt::format("a number of {}", mapping.unit->from);
  }
  if (mapping.codes) {
    ASSIGN_OR_RETURN(made.codes_, CodeTable::Create(*mapping.codes, lookup));
    if (made.codes_->otherwise() == policy::Otherwise::kFinding) made.words_ = made.codes_->in_words();
  }
  return made;
}

bool Conversion::Prepare(std::string_view text, std::string& out) const {
  const size_t before = out.size();
  if (!steps_.any()) {
    out += text;
  } else if (!steps_.Apply(text, out)) {
    out.resize(before);
    return false;
  }
  if (!codes_ || out.size() == before) return true;
  if (const std::string* becomes = codes_->Find(std::string_view(out).substr(before))) {
    out.resize(before);
    out += *becomes;
    return true;
  }
  if (codes_->otherwise() == policy::Otherwise::kKeep) return true;
  out.resize(before);
  return codes_->otherwise() == policy::Otherwise::kMissing;
}

bool Conversion::Read(std::string_view text, std::string& out) const {
  if (dates_.changes()) return dates_.Append(text, out);
  if (booleans_) {
    const bool yes = Contains(booleans_->yes, text);
    if (!yes && !Contains(booleans_->no, text)) return false;
    out += yes ? "true" : "false";
    return true;
  }
  if (!unit_) {
    if (numbers_) return AppendNumber(text, out);
    out += text;
    return true;
  }
  if (!numbers_) return AppendInUnit(text, *unit_, out);
  std::string number;
  return AppendCanonicalNumber(text, *numbers_, number) && AppendInUnit(number, *unit_, out);
}

// Accounts write whole numbers as 1,000.00; one with more than noughts behind its point is a finding with the
// text as it came.
bool Conversion::AppendNumber(std::string_view text, std::string& out) const {
  const size_t before = out.size();
  if (!AppendCanonicalNumber(text, *numbers_, out)) return false;
  const size_t point = out.find('.', before);
  if (!whole_ || point == std::string::npos) return true;
  const bool noughts = out.find_first_not_of('0', point + 1) == std::string::npos;
  out.resize(noughts ? point : before);
  return noughts;
}

std::string Conversion::MendOf(std::string_view text) const {
  if (codes_) {
    std::string prepared;
    if (steps_.any() ? steps_.Apply(text, prepared) : (prepared = std::string(text), true)) {
      const std::string near = codes_->NearestTo(prepared);
      if (!near.empty())
        return fmt::format("\"{}\" may be meant; or add the code to the feed's mapping", near);
    }
    return "correct the code, or add it to the feed's mapping";
  }
  return words_.empty() ? "correct the cell" : fmt::format("write it as {}", words_);
}

}  // namespace concordat::mapping
