// The conformance kit: samples against what samples/expected.yaml says of them.
#include <algorithm>
#include <cmath>

#include "fmt/format.h"
#include "fmt/ranges.h"
#include "host/flows/conformance_kit.h"

namespace concordat::flows {
namespace {

using Result = ConformanceCheck::Result;

constexpr double kTenth = 0.05 + 1e-9;  // scores in expected.yaml are rounded to a tenth

/// What differs from what is expected, a line each.
std::vector<std::string> Differences(const ExpectedOutcome& expected, const AdapterOutcome& outcome) {
  std::vector<std::string> lines;
  const auto count = [&](std::string_view what, const std::optional<uint64_t>& wanted, uint64_t got) {
    if (wanted && *wanted != got) lines.push_back(fmt::format("{} {}, expected {}", got, what, *wanted));
  };
  if (expected.refused) {
    if (outcome.kind != AdapterOutcome::Kind::kRefused)
      lines.push_back(fmt::format("{}, expected it to refuse the file", InWords(outcome)));
    else if (outcome.message.find(*expected.refused) == std::string::npos)
      lines.push_back(fmt::format("it refused the file with \"{}\", expected \"{}\"", outcome.message,
                                  *expected.refused));
    return lines;
  }
  if (outcome.kind == AdapterOutcome::Kind::kRefused)
    return {fmt::format("it refused the file: {}", outcome.message)};
  count("records", expected.records, outcome.records);
  count("unreadable records", expected.unreadable, outcome.unreadable);
  count("blank rows", expected.blank, outcome.blank);
  if (expected.columns && *expected.columns != outcome.columns)
    lines.push_back(fmt::format("the columns [{}], expected [{}]", fmt::join(outcome.columns, ", "),
                                fmt::join(*expected.columns, ", ")));
  if (expected.findings) {
    std::map<std::string, uint64_t> all = *expected.findings;
    for (const auto& [rule, found] : outcome.findings) all.emplace(rule, 0);
    for (const auto& [rule, wanted] : all) {
      const auto got = outcome.findings.find(rule);
      count(fmt::format("records failing {}", rule), wanted, got == outcome.findings.end() ? 0 : got->second);
    }
  }
  if (expected.dimensions) {
    for (const auto& [name, wanted] : *expected.dimensions) {
      const auto got = outcome.dimensions.find(name);
      if (got == outcome.dimensions.end())
        lines.push_back(fmt::format("no dimension {}, expected {}", name, wanted));
      else if (std::abs(got->second - wanted) > kTenth)
        lines.push_back(fmt::format("{:.1f} for dimension {}, expected {}", got->second, name, wanted));
    }
  }
  for (const ExpectedCell& cell : expected.cells) {
    const auto got = outcome.cells.find({cell.record, cell.column});
    if (got == outcome.cells.end())
      lines.push_back(fmt::format("no readable record {} with a column \"{}\"", cell.record, cell.column));
    else if (got->second != cell.value)
      lines.push_back(fmt::format("\"{}\" in column \"{}\" of record {}, expected \"{}\"", got->second,
                                  cell.column, cell.record, cell.value));
  }
  return lines;
}

}  // namespace

void ConformanceKit::CheckSamples() {
  Check& check = Begin("samples", "the samples come to what samples/expected.yaml says");
  for (const Issue& issue : mistakes_.list())
    Fail(check,
         fmt::format("{}: {}{}{}", issue.place.str(), issue.message, issue.hint.empty() ? "" : "; ",
                     issue.hint),
         "mend samples/expected.yaml");
  for (const adapters::ManifestReference& reference : request_.manifest->references) {
    const bool there = std::any_of(samples_.references.begin(), samples_.references.end(),
                                   [&](const auto& table) { return table.first == reference.name; });
    if (!there)
      Fail(check, fmt::format("there is no sample of the reference table \"{}\"", reference.name),
           fmt::format("add a small CSV to samples/ and name it in samples/expected.yaml: references: {{{}: "
                       "FILE.csv}}",
                       reference.name));
  }
  for (const bool good : {true, false}) {
    if (std::none_of(samples_.all.begin(), samples_.all.end(),
                     [&](const AdapterSample& sample) { return good ? sample.good() : sample.bad(); }))
      Fail(check, fmt::format("there is no sample named {0}* in samples/", good ? "good" : "bad"),
           good ? "add a small file that is read without any finding"
                : "add a small file with the mistakes that the partner really makes");
  }
  for (const AdapterSample& sample : samples_.all) JudgeSample(sample, check);
  if (check.result == Result::kPassed) check.detail = fmt::format("{} samples", samples_.all.size());
}

void ConformanceKit::JudgeSample(const AdapterSample& sample, Check& check) {
  AdapterTrial trial = TrialOf(sample);
  if (sample.expected) trial.cells = &sample.expected->cells;
  outcomes_.push_back(Try(trial));
  const Outcome& outcome = outcomes_.back();
  const auto fail = [&](std::string_view what, std::string mend) {
    Fail(check, fmt::format("{}: {}", sample.file, what), std::move(mend));
  };
  if (const std::string why = WhyNot(outcome); !why.empty())
    return fail(why, "an adapter must live with any file: say what is wrong with it instead");
  const bool spotless =
      outcome.kind == Outcome::Kind::kRead && outcome.unreadable == 0 && outcome.findings.empty();
  if (sample.good() && !spotless)
    fail(InWords(outcome) + ", but a sample named good* has nothing wrong with it",
         "mend the adapter or the sample, or name the file bad*");
  if (sample.good() && outcome.kind == Outcome::Kind::kRead && outcome.records == 0)
    fail("it has no records", "a good sample has some");
  if (sample.bad() && spotless)
    fail(InWords(outcome) + ", but a sample named bad* has something wrong with it",
         "mend the adapter or the sample, or name the file good*");
  if (!sample.expected)
    return fail("samples/expected.yaml does not say what it must come to",
                fmt::format("add: - {{file: {}, records: {}, unreadable: {}}}", sample.file, outcome.records,
                            outcome.unreadable));
  for (const std::string& line : Differences(*sample.expected, outcome))
    fail(line, "mend the adapter, or samples/expected.yaml");
}

}  // namespace concordat::flows
