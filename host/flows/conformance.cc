#include "host/flows/conformance.h"

#include <algorithm>

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
