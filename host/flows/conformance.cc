#include "host/flows/conformance.h"

#include <algorithm>
#include <cmath>

#include "fmt/format.h"
#include "fmt/ranges.h"
#include "host/base/digest.h"
#include "host/base/files.h"
#include "host/flows/conformance_elf.h"
#include "host/flows/conformance_kit.h"

namespace concordat::flows {
namespace {

using Result = ConformanceCheck::Result;

constexpr size_t kLargestLibrary = size_t{256} << 20;
constexpr size_t kMostNamed = 8;
constexpr absl::Duration kStall = absl::Seconds(10);
constexpr double kTenth = 0.05 + 1e-9;  // scores in expected.yaml are rounded to a tenth
// What the worker says where an adapter says nothing (host/worker/adapter.cc).
constexpr std::string_view kWordless = "its adapter does not say why";

}  // namespace

bool Certificate::passed() const {
  return std::none_of(checks.begin(), checks.end(),
                      [](const ConformanceCheck& check) { return check.result == Result::kFailed; });
}

Certificate VerifyAdapter(const ConformanceRequest& request) { return ConformanceKit(request).Run(); }

ConformanceKit::ConformanceKit(const ConformanceRequest& request) : request_(request) {
  const adapters::Manifest& manifest = *request.manifest;
  bench_.manifest = request.manifest;
  bench_.worker = request.worker;
  bench_.limits.time = kStall;
  bench_.limits.memory_bytes = request.memory_bytes;
  certificate_.adapter = manifest.name;
  certificate_.version = manifest.version;
  certificate_.description = manifest.description;
  certificate_.library_digest = manifest.digest;
  certificate_.program = request.program;
  certificate_.time = request.now;
  certificate_.seed = request.seed;
  const absl::StatusOr<std::string> text = ReadFile(manifest.folder + "/adapter.yaml");
  if (text.ok()) certificate_.manifest_digest = DigestOf(*text);
}

Certificate ConformanceKit::Run() {
  samples_ = ReadSamples(*request_.manifest, mistakes_);
  bench_.references = samples_.references;
  CheckLibrary();
  if (certificate_.passed() && CheckBoundary()) {
    CheckSamples();
    CheckRules();
    CheckDimensions();
    CheckDeterminism();
    CheckBatches();
    CheckOptions();
    CheckShortInputs();
    CheckBrokenInputs();
    CheckMeasures();
  }
  return std::move(certificate_);
}

ConformanceCheck& ConformanceKit::Begin(std::string id, std::string title) {
  if (request_.progress) request_.progress(title);
  certificate_.checks.push_back({std::move(id), std::move(title), Result::kPassed, "", {}, ""});
  return certificate_.checks.back();
}

void ConformanceKit::Fail(Check& check, std::string detail, std::string mend) {
  if (check.result == Result::kFailed) {
    if (check.more.size() < kMostNamed) check.more.push_back(std::move(detail));
    return;
  }
  check.result = Result::kFailed;
  check.detail = std::move(detail);
  check.mend = std::move(mend);
}

AdapterOutcome ConformanceKit::Try(AdapterTrial trial) {
  ++certificate_.runs;
  return RunAdapter(bench_, trial);
}

AdapterTrial ConformanceKit::TrialOf(const AdapterSample& sample) {
  AdapterTrial trial;
  trial.bytes = sample.bytes;
  trial.name = sample.file;
  trial.options = sample.options;
  return trial;
}

std::string ConformanceKit::WhyNot(const Outcome& outcome) {
  if (outcome.kind == Outcome::Kind::kFailed || outcome.kind == Outcome::Kind::kBroken)
    return outcome.message;
  if (outcome.kind == Outcome::Kind::kRefused &&
      (outcome.message.empty() || outcome.message.find(kWordless) != std::string::npos))
    return "it refused the source without a word to the steward";
  if (outcome.wordless > 0) return fmt::format("{} unreadable records have no reason", outcome.wordless);
  return "";
}

void ConformanceKit::CheckLibrary() {
  Check& check = Begin("library", "the library is one that may be loaded");
  const adapters::Manifest& manifest = *request_.manifest;
  const absl::StatusOr<std::string> bytes =
      ReadFile(manifest.folder + "/" + manifest.library, kLargestLibrary);
  if (!bytes.ok()) return Fail(check, std::string(MessageOf(bytes.status())));
  const LibraryFacts facts = ExamineLibrary(*bytes);
  for (const LibraryFault& fault : facts.faults)
    Fail(check, fmt::format("{}: {}", manifest.library, fault.what), fault.mend);
  if (check.result == Result::kPassed)
    check.detail = fmt::format("{} exports concordat_adapter_init and nothing else; it needs {}",
                               manifest.library, fmt::join(facts.needed, ", "));
}

// A source of one byte is none of any format: whatever the adapter says of it, it was opened and agreed with.
bool ConformanceKit::CheckBoundary() {
  Check& check = Begin("boundary", "the worker and the adapter agree on a version of the boundary");
  const Outcome outcome = Try({"x", "boundary"});
  if (outcome.kind == Outcome::Kind::kBroken || outcome.kind == Outcome::Kind::kFailed) {
    Fail(check, outcome.message, "see plugins/sdk/adapter_abi.h; build it with concordat adapter build DIR");
    return false;
  }
  check.detail =
      fmt::format("ABI {} to {} by its adapter.yaml", request_.manifest->abi_min, request_.manifest->abi_max);
  return true;
}

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

namespace {

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

void ConformanceKit::CheckRules() {
  Check& check = Begin("rules", "each rule that adapter.yaml declares is broken by a sample");
  for (const adapters::ManifestRule& rule : request_.manifest->rules) {
    const bool seen = std::any_of(outcomes_.begin(), outcomes_.end(), [&](const Outcome& outcome) {
      return outcome.findings.count(rule.id) > 0;
    });
    if (!seen)
      Fail(check, fmt::format("no sample breaks rule {}", rule.id),
           "report it in validate and add a bad sample that breaks it, or take it out of adapter.yaml");
  }
  if (request_.manifest->rules.empty())
    check.detail = "it declares none";
  else if (check.result == Result::kPassed)
    check.detail = fmt::format("{} rules", request_.manifest->rules.size());
}

void ConformanceKit::CheckDimensions() {
  Check& check = Begin("dimensions", "each dimension that adapter.yaml declares is measured on a sample");
  for (const std::string& name : request_.manifest->dimensions) {
    const bool seen = std::any_of(outcomes_.begin(), outcomes_.end(),
                                  [&](const Outcome& outcome) { return outcome.dimensions.count(name) > 0; });
    if (!seen)
      Fail(check, fmt::format("no sample is measured by dimension {}", name),
           "report it in score, or take it out of adapter.yaml");
  }
  if (request_.manifest->dimensions.empty())
    check.detail = "it declares none";
  else if (check.result == Result::kPassed)
    check.detail = fmt::format("{} dimensions", request_.manifest->dimensions.size());
}

void ConformanceKit::CheckDeterminism() {
  Check& check = Begin("determinism", "the same file gives the same outcome, to the byte");
  for (size_t i = 0; i < samples_.all.size(); ++i) {
    const Outcome again = Try(TrialOf(samples_.all[i]));
    if (again.digest != outcomes_[i].digest)
      Fail(check,
           fmt::format("{} read twice gives two outcomes ({}; then {})", samples_.all[i].file,
                       InWords(outcomes_[i]), InWords(again)),
           "use neither the time, random numbers nor the order of a hash table");
  }
  if (check.result == Result::kPassed)
    check.detail = fmt::format("{} samples, twice each", samples_.all.size());
}

void ConformanceKit::CheckBatches() {
  Check& check = Begin("batches", "records do not depend on how they are cut into batches");
  for (size_t i = 0; i < samples_.all.size(); ++i) {
    for (const uint64_t rows : {uint64_t{1}, uint64_t{2}, uint64_t{7}}) {
      AdapterTrial trial = TrialOf(samples_.all[i]);
      trial.batch_rows = rows;
      const Outcome cut = Try(trial);
      if (cut.digest == outcomes_[i].digest) continue;
      Fail(check,
           fmt::format("{} gives another outcome in batches of {} records ({}; then {})",
                       samples_.all[i].file, rows, InWords(outcomes_[i]), InWords(cut)),
           "carry what is known from batch to batch in the adapter; end a batch when it is full, and go on "
           "there in the next");
    }
  }
  if (check.result == Result::kPassed) check.detail = "batches of 1, 2, 7 and as many records as advised";
}

}  // namespace concordat::flows
