#include "host/expr/text_format.h"

#include <algorithm>
#include <cmath>

#include "fmt/format.h"
#include "host/data/parse.h"
#include "host/expr/times.h"

namespace concordat::expr {
namespace {

constexpr int kMostDigits = 100;

absl::Status Unfit(char clause, const Datum& value) {
  return absl::InvalidArgumentError(fmt::format("%{} cannot write {}", clause, TypeForPeople(value.type())));
}

std::string NumberWords(double value) {
  return std::isnan(value) ? "NaN" : value > 0 ? "Infinity" : "-Infinity";
}

/// Writes values one after another into one text.
class Writer {
 public:
  Writer(std::string& out, Budget& budget) : out_(out), budget_(budget) {}

  absl::Status Value(const Datum& value) {
    if (!budget_.Step()) return Budget::Spent();
    switch (value.type()) {
      case Type::kText:
        return Add(value.text());
      case Type::kBytes:
        return Add(value.bytes());
      case Type::kNull:
        return Add("null");
      case Type::kBool:
        return Add(std::get<bool>(value.v) ? "true" : "false");
      case Type::kInt:
      case Type::kUint:
      case Type::kDouble:
        return Decimal(value);
      case Type::kTimestamp:
        return Add(TimeText(std::get<absl::Time>(value.v)));
      case Type::kDuration:
        return Add(SpanText(std::get<Span>(value.v)));
      case Type::kType:
        return Add(std::get<TypeName>(value.v).name);
      case Type::kList:
        return Members(value.list());
      case Type::kMap:
        return Entries(value.map());
      default:
        return Unfit('s', value);
    }
  }

  absl::Status Decimal(const Datum& value) {
    if (const auto* integer = std::get_if<int64_t>(&value.v)) return Add(fmt::format("{}", *integer));
    if (const auto* natural = std::get_if<uint64_t>(&value.v)) return Add(fmt::format("{}", *natural));
    if (const auto* number = std::get_if<double>(&value.v))
      return Add(std::isfinite(*number) ? data::NumberText(*number) : NumberWords(*number));
    return Unfit('d', value);
  }

  absl::Status Fixed(char clause, const Datum& value, int digits) {
    double number = 0;
    if (const auto* integer = std::get_if<int64_t>(&value.v))
      number = static_cast<double>(*integer);
    else if (const auto* natural = std::get_if<uint64_t>(&value.v))
      number = static_cast<double>(*natural);
    else if (const auto* real = std::get_if<double>(&value.v))
      number = *real;
    else
      return Unfit(clause, value);
    if (!std::isfinite(number)) return Add(NumberWords(number));
    return Add(clause == 'f' ? fmt::format("{:.{}f}", number, digits)
                             : fmt::format("{:.{}e}", number, digits));
  }

  absl::Status Binary(const Datum& value) {
    if (const auto* flag = std::get_if<bool>(&value.v)) return Add(*flag ? "1" : "0");
    return Based('b', value);
  }

  absl::Status Hexadecimal(char clause, const Datum& value) {
    if (value.type() == Type::kText) return Hex(clause, value.text());
    if (value.type() == Type::kBytes) return Hex(clause, value.bytes());
    return Based(clause, value);
  }

  absl::Status Based(char clause, const Datum& value) {
    uint64_t size = 0;
    bool negative = false;
    if (const auto* integer = std::get_if<int64_t>(&value.v)) {
      negative = *integer < 0;
      size = negative ? uint64_t{0} - static_cast<uint64_t>(*integer) : static_cast<uint64_t>(*integer);
    } else if (const auto* natural = std::get_if<uint64_t>(&value.v)) {
      size = *natural;
    } else {
      return Unfit(clause, value);
    }
    return Add(fmt::format("{}{}", negative ? "-" : "", Digits(clause, size)));
  }

  absl::Status Add(std::string_view text) {
    if (!budget_.Take(text.size())) return Budget::Spent();
    out_.append(text);
    return absl::OkStatus();
  }

 private:
  static std::string Digits(char clause, uint64_t size) {
    switch (clause) {
      case 'b':
        return fmt::format("{:b}", size);
      case 'o':
        return fmt::format("{:o}", size);
      case 'x':
        return fmt::format("{:x}", size);
      default:
        return fmt::format("{:X}", size);
    }
  }

  absl::Status Hex(char clause, std::string_view bytes) {
    const std::string_view digits = clause == 'x' ? "0123456789abcdef" : "0123456789ABCDEF";
    if (!budget_.Take(2 * bytes.size())) return Budget::Spent();
    for (const char c : bytes) {
      const auto byte = static_cast<unsigned char>(c);
      out_ += digits[byte >> 4];
      out_ += digits[byte & 15];
    }
    return absl::OkStatus();
  }

  absl::Status Members(const List& list) {
    RETURN_IF_ERROR(Add("["));
    for (size_t i = 0; i < list.size(); ++i) {
      if (i > 0) RETURN_IF_ERROR(Add(", "));
      RETURN_IF_ERROR(Value(list[i]));
    }
    return Add("]");
  }

  // In the order of the keys as written, so that equal maps are written alike.
  absl::Status Entries(const Map& map) {
    std::vector<std::pair<std::string, const Datum*>> entries;
    for (const auto& [key, value] : map.entries()) {
      std::string text;
      RETURN_IF_ERROR(Writer(text, budget_).Value(key));
      entries.emplace_back(std::move(text), &value);
    }
    std::sort(entries.begin(), entries.end());
    RETURN_IF_ERROR(Add("{"));
    for (size_t i = 0; i < entries.size(); ++i) {
      RETURN_IF_ERROR(Add(fmt::format("{}{}: ", i > 0 ? ", " : "", entries[i].first)));
      RETURN_IF_ERROR(Value(*entries[i].second));
    }
    return Add("}");
  }

  std::string& out_;
  Budget& budget_;
};

absl::Status WriteClause(char clause, int digits, const Datum& value, Writer& writer) {
  switch (clause) {
    case 's':
      return writer.Value(value);
    case 'd':
      return writer.Decimal(value);
    case 'f':
    case 'e':
      return writer.Fixed(clause, value, digits);
    case 'b':
      return writer.Binary(value);
    case 'o':
      return writer.Based(clause, value);
    case 'x':
    case 'X':
      return writer.Hexadecimal(clause, value);
    default:
      return absl::InvalidArgumentError(fmt::format("%{} is no clause of format()", clause));
  }
}

// The digits of ".3" in "%.3f"; `at` moves behind them.
absl::StatusOr<int> Precision(std::string_view format, size_t& at) {
  constexpr int kUsual = 6;
  if (at >= format.size() || format[at] != '.') return kUsual;
  int digits = 0;
  for (++at; at < format.size() && format[at] >= '0' && format[at] <= '9'; ++at) {
    digits = digits * 10 + (format[at] - '0');
    if (digits > kMostDigits) return absl::InvalidArgumentError("format() writes at most 100 digits");
  }
  return digits;
}

}  // namespace

Result FormatText(std::string_view format, const List& arguments, Budget& budget) {
  std::string out;
  Writer writer(out, budget);
  size_t next = 0;
  for (size_t at = 0; at < format.size(); ++at) {
    const size_t percent = std::min(format.find('%', at), format.size());
    RETURN_IF_ERROR(writer.Add(format.substr(at, percent - at)));
    if (percent == format.size()) break;
    at = percent + 1;
    if (at < format.size() && format[at] == '%') {
      RETURN_IF_ERROR(writer.Add("%"));
      continue;
    }
    ASSIGN_OR_RETURN(const int digits, Precision(format, at));
    if (at >= format.size()) return absl::InvalidArgumentError("format() ends in the middle of a clause");
    if (next >= arguments.size()) return absl::InvalidArgumentError("format() has more clauses than values");
    RETURN_IF_ERROR(WriteClause(format[at], digits, arguments[next++], writer));
  }
  return TextDatum(std::move(out));
}

}  // namespace concordat::expr
