// What the checks of the conformance kit share.
#pragma once

#include <string>
#include <vector>

#include "host/flows/conformance.h"
#include "host/flows/conformance_run.h"
#include "host/flows/conformance_samples.h"

namespace concordat::flows {

/// One verification as it goes on.
class ConformanceKit {
 public:
  explicit ConformanceKit(const ConformanceRequest& request);

  Certificate Run();

 private:
  using Outcome = AdapterOutcome;
  using Check = ConformanceCheck;

  // conformance.cc
  void CheckLibrary();
  bool CheckBoundary();
  void CheckRules();
  void CheckDimensions();
  void CheckDeterminism();
  void CheckBatches();
  // conformance_judging.cc
  void CheckSamples();
  void JudgeSample(const AdapterSample& sample, Check& check);
  // conformance_options.cc
  void CheckOptions();
  void TryOption(const adapters::ManifestOption& option, Check& check);
  // conformance_inputs.cc
  void CheckShortInputs();
  void CheckBrokenInputs();
  void CheckMeasures();
  std::string Grown(std::string& basis);

  Check& Begin(std::string id, std::string title);
  static void Fail(Check& check, std::string detail, std::string mend = "");
  Outcome Try(AdapterTrial trial);
  /// The trial of a sample with its own options.
  static AdapterTrial TrialOf(const AdapterSample& sample);
  /// Why an outcome may not be, whatever the input: a crash, a failure, no words. Empty: it may be.
  static std::string WhyNot(const Outcome& outcome);
  /// Keeps an input that broke the adapter; says where, or how to make it again.
  std::string Keep(std::string_view bytes, const std::string& name);

  const ConformanceRequest& request_;
  AdapterBench bench_;
  AdapterSamples samples_;
  Issues mistakes_;                // of expected.yaml
  std::vector<Outcome> outcomes_;  // of the samples, in their order
  Certificate certificate_;
};

}  // namespace concordat::flows
