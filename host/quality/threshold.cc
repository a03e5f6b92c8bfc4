#include "host/quality/threshold.h"

#include "fmt/format.h"

namespace concordat::quality {
namespace {

// Counts are whole numbers and shares of them: a difference this small is noise of binary fractions.
constexpr double kNoise = 1e-12;

struct Word {
  std::string_view op;
  std::string_view words;
};
constexpr Word kWords[] = {
    {"mustBe", "exactly"},
    {"mustNotBe", "anything but"},
    {"mustBeGreaterThan", "more than"},
    {"mustBeGreaterOrEqualTo", "at least"},
    {"mustBeLessThan", "fewer than"},
    {"mustBeLessOrEqualTo", "at most"},
    {"mustBeBetween", "between"},
    {"mustNotBeBetween", "outside"},
};

bool IsBetween(const policy::Threshold& threshold) { return threshold.op.ends_with("Between"); }

double Measured(const policy::Threshold& threshold, const record::RuleResult& result) {
  if (threshold.of_groups) return static_cast<double>(result.groups.value_or(0));
  const auto fail = static_cast<double>(result.counts.fail);
  if (!threshold.percent) return fail;
  return result.counts.measured() == 0 ? 0 : 100 * fail / static_cast<double>(result.counts.measured());
}

bool Exceeds(const record::Counts& counts, const policy::Allowance& allowed) {
  const double base = allowed.records ? 1 : static_cast<double>(counts.measured());
  return static_cast<double>(counts.fail) > allowed.value * base + kNoise;
}

std::string AllowanceText(const policy::Allowance& allowed) {
  if (!allowed.records) return fmt::format("{:.10g}%", allowed.value * 100);
  return fmt::format("{:.0f} {}", allowed.value, allowed.value == 1 ? "record" : "records");
}

}  // namespace

bool Holds(const policy::Threshold& threshold, double value) {
  if (threshold.op == "mustBe") return value == threshold.value;
  if (threshold.op == "mustNotBe") return value != threshold.value;
  if (threshold.op == "mustBeGreaterThan") return value > threshold.value;
  if (threshold.op == "mustBeGreaterOrEqualTo") return value >= threshold.value;
  if (threshold.op == "mustBeLessThan") return value < threshold.value;
  if (threshold.op == "mustBeLessOrEqualTo") return value <= threshold.value;
  const bool inside = value >= threshold.value && value <= threshold.upper;
  return threshold.op == "mustBeBetween" ? inside : !inside;
}

std::string InWords(const policy::Threshold& threshold) {
  std::string_view words = threshold.op;
  for (const Word& word : kWords) {
    if (word.op == threshold.op) words = word.words;
  }
  std::string text = fmt::format("{} {:.10g}", words, threshold.value);
  if (IsBetween(threshold)) text += fmt::format(" and {:.10g}", threshold.upper);
  if (threshold.percent) text += " percent";
  return text;
}

std::string ThresholdText(const policy::RuleSpec& spec) {
  if (spec.threshold) {
    std::string text = fmt::format("{} {:.10g}", spec.threshold->op, spec.threshold->value);
    if (IsBetween(*spec.threshold)) text += fmt::format(" and {:.10g}", spec.threshold->upper);
    return text + (spec.threshold->percent ? " percent" : "");
  }
  std::string text = spec.tolerance.breach
                         ? fmt::format("breach over {}", AllowanceText(*spec.tolerance.breach))
                         : "mustBe 0";
  if (spec.tolerance.warn) text += fmt::format(", warn over {}", AllowanceText(*spec.tolerance.warn));
  return text;
}

void ApplyThreshold(const policy::RuleSpec& spec, record::RuleResult& result) {
  if (spec.threshold) {
    result.threshold_broken = !Holds(*spec.threshold, Measured(*spec.threshold, result));
  } else if (spec.tolerance.breach) {
    result.threshold_broken = Exceeds(result.counts, *spec.tolerance.breach);
  }
  if (spec.tolerance.warn) result.warn_broken = Exceeds(result.counts, *spec.tolerance.warn);
}

}  // namespace concordat::quality
