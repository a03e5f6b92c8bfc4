// The conformance kit: inputs that nobody would send on purpose, and what the adapter needs to read much.
#include <algorithm>
#include <random>

#include "absl/time/clock.h"
#include "fmt/format.h"
#include "host/base/digest.h"
#include "host/base/files.h"
#include "host/flows/conformance_kit.h"

namespace concordat::flows {
namespace {

using Result = ConformanceCheck::Result;

constexpr size_t kTruncations = 64;  // a sample
constexpr size_t kGrownBytes = size_t{8} << 20;
constexpr size_t kKeptInputs = 8;
constexpr uint64_t kMiB = uint64_t{1} << 20;

/// The same on every machine: std::uniform_int_distribution is not.
size_t Below(std::mt19937_64& random, size_t limit) { return limit == 0 ? 0 : random() % limit; }

char Interesting(std::mt19937_64& random) {
  static constexpr std::string_view kBytes("\0\xFF\n\r\t,;|\"'<>{}[]&=%\x80\xC3\xEF\xFE\x1A\x7F-09", 31);
  return random() % 2 == 0 ? kBytes[Below(random, kBytes.size())] : static_cast<char>(random());
}

std::string Mutated(std::string bytes, std::mt19937_64& random) {
  for (size_t steps = 1 + Below(random, 6); steps > 0; --steps) {
    const size_t at = Below(random, bytes.size() + 1);
    const size_t size = 1 + Below(random, 16);
    switch (random() % 6) {
      case 0:
        if (at < bytes.size()) bytes[at] = static_cast<char>(bytes[at] ^ (1 << random() % 8));
        break;
      case 1:
        if (at < bytes.size()) bytes[at] = Interesting(random);
        break;
      case 2:
        bytes.insert(at, size, Interesting(random));
        break;
      case 3:
        bytes.erase(at, size);
        break;
      case 4:
        bytes.insert(at, bytes.substr(Below(random, bytes.size() + 1), size * 8));
        break;
      default:
        bytes.resize(at);
        break;
    }
  }
  return bytes;
}

std::string Random(std::mt19937_64& random) {
  std::string bytes(Below(random, 4096), '\0');
  for (char& byte : bytes) byte = static_cast<char>(random());
  return bytes;
}

// Not inlined: GCC 12 warns of an overrun of the short string that is none.
[[gnu::noinline]] void Repeat(const std::string& line, std::string& bytes) {
  while (bytes.size() < kGrownBytes) bytes += line;
}

}  // namespace

std::string ConformanceKit::Keep(std::string_view bytes, const std::string& name) {
  if (request_.keep.empty()) return "--keep DIR writes the input to a file";
  const std::string path = request_.keep + "/" + name;
  absl::Status status = MakeFolders(request_.keep);
  if (status.ok()) status = WriteFileAtomically(path, bytes);
  return status.ok() ? "the input was kept as " + path : std::string(MessageOf(status));
}

void ConformanceKit::CheckShortInputs() {
  Check& check = Begin("short", "an empty file and files of one byte are told in words");
  const std::string inputs[] = {"", "a", "\n", std::string(1, '\0'), "\xFF", "\xEF\xBB\xBF", "\xFF\xFE"};
  for (const std::string& input : inputs) {
    const Outcome outcome = Try({input, "short"});
    const std::string what =
        input.empty() ? "an empty file"
                      : fmt::format("a file of {} byte{} (first 0x{:02X})", input.size(),
                                    input.size() == 1 ? "" : "s", static_cast<unsigned char>(input[0]));
    if (const std::string why = WhyNot(outcome); !why.empty())
      Fail(check, fmt::format("{}: {}", what, why),
           "refuse it with Status::SourceUnreadable and a sentence for its steward");
    if (input.empty() && outcome.kind == Outcome::Kind::kRead && outcome.records > 0)
      Fail(check, "an empty file gave records");
  }
  if (check.result == Result::kPassed) check.detail = fmt::format("{} inputs", std::size(inputs));
}

void ConformanceKit::CheckBrokenInputs() {
  Check& check =
      Begin("broken", "files cut off or changed anywhere are read or told in words, within the time");
  const absl::Time end = absl::Now() + request_.time;
  size_t kept = 0;
  size_t twice = 0;
  double slowest = 0;
  const auto trial = [&](const AdapterSample& sample, const std::string& bytes, const std::string& what,
                         const std::string& name) {
    AdapterTrial one = TrialOf(sample);
    one.bytes = bytes;
    const Outcome outcome = Try(one);
    ++certificate_.broken_inputs;
    slowest = std::max(slowest, outcome.seconds);
    std::string why = WhyNot(outcome);
    // Now and then twice: what was not initialised shows where input is broken.
    if (why.empty() && certificate_.broken_inputs % 8 == 0) {
      ++twice;
      one.batch_rows = 3;
      if (Try(one).digest != outcome.digest)
        why = "read again, in batches of 3 records, it gives another outcome";
    }
    if (why.empty()) return;
    const std::string where = kept++ < kKeptInputs ? Keep(bytes, name) : "";
    Fail(check, fmt::format("{}, {}: {}{}", sample.file, what, why, where.empty() ? "" : "; " + where),
         "an adapter must live with any bytes: unreadable records, or Status::SourceUnreadable with a "
         "sentence");
  };
  const bool any = !samples_.all.empty();
  for (const AdapterSample& sample : samples_.all) {
    const size_t step = std::max<size_t>(1, sample.bytes.size() / kTruncations);
    for (size_t size = 0; size < sample.bytes.size() && absl::Now() < end; size += step)
      trial(sample, sample.bytes.substr(0, size), fmt::format("cut off after {} bytes", size),
            fmt::format("cut_{}_{}", size, sample.file));
  }
  for (uint64_t i = 0; any && absl::Now() < end; ++i) {
    const AdapterSample& sample = samples_.all[i % samples_.all.size()];
    std::mt19937_64 random(request_.seed * 1'000'003 + i);
    const std::string bytes = i % 16 == 15 ? Random(random) : Mutated(sample.bytes, random);
    trial(sample, bytes, fmt::format("change {} of seed {}", i, request_.seed),
          fmt::format("seed{}_{}_{}", request_.seed, i, sample.file));
  }
  if (check.result == Result::kPassed)
    check.detail = fmt::format("{} inputs, {} of them twice; the slowest took {:.0f} ms",
                               certificate_.broken_inputs, twice, slowest * 1000);
}

// The largest good sample with its last line repeated, where the adapter reads that as more records.
std::string ConformanceKit::Grown(std::string& basis) {
  size_t best = samples_.all.size();
  for (size_t i = 0; i < samples_.all.size(); ++i) {
    if (samples_.all[i].good() &&
        (best == samples_.all.size() || outcomes_[i].records > outcomes_[best].records))
      best = i;
  }
  if (best == samples_.all.size()) return "";
  const AdapterSample& sample = samples_.all[best];
  basis = sample.file;
  std::string bytes = sample.bytes;
  if (bytes.empty() || bytes.back() != '\n') bytes += '\n';
  const size_t before = bytes.size() < 2 ? std::string::npos : bytes.rfind('\n', bytes.size() - 2);
  const std::string line = bytes.substr(before == std::string::npos ? 0 : before + 1);
  const std::string twice = bytes + line;
  AdapterTrial trial = TrialOf(sample);
  trial.bytes = twice;
  const Outcome outcome = Try(trial);
  if (outcome.kind != Outcome::Kind::kRead || outcome.records != outcomes_[best].records + 1)
    return sample.bytes;
  Repeat(line, bytes);
  return bytes;
}

void ConformanceKit::CheckMeasures() {
  Check& check = Begin("measures", "time and memory are within the limits");
  std::string basis;
  const std::string bytes = Grown(basis);
  const auto sample = std::find_if(samples_.all.begin(), samples_.all.end(),
                                   [&](const AdapterSample& one) { return one.file == basis; });
  if (sample == samples_.all.end()) {
    check.result = Result::kSkipped;
    check.detail = "there is no good sample to measure with";
    return;
  }
  AdapterTrial trial = TrialOf(*sample);
  trial.bytes = bytes;
  const Outcome outcome = Try(trial);
  if (const std::string why = WhyNot(outcome); !why.empty())
    return Fail(check, fmt::format("{} grown to {} bytes: {}", basis, bytes.size(), why));
  for (uint64_t limit = 16 * kMiB; limit <= request_.memory_bytes && certificate_.memory_bytes == 0;
       limit *= 2) {
    trial.memory_bytes = limit;
    if (Try(trial).digest == outcome.digest) certificate_.memory_bytes = limit;
  }
  if (certificate_.memory_bytes == 0)
    return Fail(
        check, fmt::format("{} bytes are not read within {} MiB", bytes.size(), request_.memory_bytes / kMiB),
        "read in pieces; keep nothing of a batch once it is handed over");
  if (bytes.size() < kGrownBytes) {
    check.detail =
        fmt::format("{} was read within {} MiB; its last line cannot be repeated, so speed was not measured",
                    basis, certificate_.memory_bytes / kMiB);
    return;
  }
  certificate_.records_per_second = static_cast<double>(outcome.records) / outcome.seconds;
  certificate_.bytes_per_second = static_cast<double>(bytes.size()) / outcome.seconds;
  check.detail = fmt::format(
      "8 MiB after {}: {} records in {:.2f} s, {:.0f} a second, within {} MiB of memory", basis,
      outcome.records, outcome.seconds, certificate_.records_per_second, certificate_.memory_bytes / kMiB);
}

}  // namespace concordat::flows
