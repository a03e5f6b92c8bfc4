// The conformance kit: options of the manifest against what the adapter does with them.
#include <algorithm>

#include "fmt/format.h"
#include "host/adapters/option_value.h"
#include "host/flows/conformance_kit.h"

namespace concordat::flows {
namespace {

using Result = ConformanceCheck::Result;

/// A value to try, and whether the adapter may refuse it: the manifest promises what it lists.
struct OptionTrial {
  std::string value;
  bool promised = false;
};

// Not inlined: GCC 12 warns of an overrun of the short string that is none.
[[gnu::noinline]] std::string LongText() {
  std::string text;
  while (text.size() < 100'000) text += "a long value ";
  return text;
}

std::vector<OptionTrial> ValuesOf(const adapters::ManifestOption& option) {
  std::vector<OptionTrial> values = {{option.default_value, true}};
  if (option.type == "words") {
    for (const std::string& word : option.words) values.push_back({word, true});
  } else if (option.type == "boolean") {
    values.push_back({"true", true});
    values.push_back({"false", true});
  } else if (option.type == "integer") {
    for (const char* number : {"0", "1", "2", "-1", "1000000", "9223372036854775807", "-9223372036854775808"})
      values.push_back({number, false});
  } else {
    values.push_back({"", false});
    values.push_back({"x", false});
    values.push_back({"\xC3\xA9\n\t;\"'", false});
    values.push_back({LongText(), false});
  }
  return values;
}

std::string Shown(const std::string& value) {
  if (value.size() > 40) return fmt::format("{} characters", value.size());
  return fmt::format("\"{}\"", value);
}

}  // namespace

void ConformanceKit::CheckOptions() {
  Check& check = Begin("options", "every value of every option works or is refused in words");
  for (const adapters::ManifestOption& option : request_.manifest->options) TryOption(option, check);
  const size_t count = request_.manifest->options.size();
  if (count == 0)
    check.detail = "it declares none";
  else if (check.result == Result::kPassed)
    check.detail = fmt::format("{} options", count);
}

void ConformanceKit::TryOption(const adapters::ManifestOption& option, Check& check) {
  bool heeded = false;
  for (const OptionTrial& value : ValuesOf(option)) {
    for (size_t i = 0; i < samples_.all.size(); ++i) {
      const AdapterSample& sample = samples_.all[i];
      const auto own = std::find_if(sample.options.begin(), sample.options.end(),
                                    [&](const auto& one) { return one.first == option.name; });
      // A sample with a value of its own has no business with others, but shows what the value is good for.
      if (own != sample.options.end() && value.value != option.default_value) continue;
      AdapterTrial trial = TrialOf(sample);
      trial.options.emplace_back(option.name, value.value);  // the last one counts
      const Outcome outcome = Try(trial);
      const bool same = outcome.digest == outcomes_[i].digest;
      heeded = heeded || !same;
      const std::string where =
          fmt::format("option {}: {}, {}", option.name, Shown(value.value), sample.file);
      if (own != sample.options.end()) continue;
      if (value.value == option.default_value && !same)
        Fail(check, where + ": the default, said aloud, gives another outcome",
             "take defaults from the option's value and nowhere else");
      if (!value.promised && outcome.kind == Outcome::Kind::kFailed) continue;  // refused in words
      if (const std::string why = WhyNot(outcome); !why.empty())
        Fail(check, fmt::format("{}: {}", where, why),
             value.promised ? "every value that adapter.yaml lists must work"
                            : "refuse a value that will not do with Status::Failed and a sentence");
    }
  }
  if (heeded || check.result == Result::kFailed) return;
  check.result = Result::kWarned;
  check.more.push_back(fmt::format("no value of option {} changes anything on any sample", option.name));
  check.detail = check.more.front();
  check.mend =
      "add a sample that the option is for, with its options in samples/expected.yaml, or take it out of "
      "adapter.yaml";
}

}  // namespace concordat::flows
