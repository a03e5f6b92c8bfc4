// A partner's own adapter in a real worker, on the samples of its folder and on small files.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "gtest/gtest.h"
#include "host/base/files.h"
#include "tests/host/adapters/session_runner.h"

namespace concordat::adapters {

/// What the adapter's rules said, as "RULE RECORD fail: message" without the cells.
inline std::vector<std::string> Failures(const Result& result) {
  std::vector<std::string> failures;
  for (const std::string& finding : result.findings) {
    if (finding.find(" fail: ") == std::string::npos) continue;
    failures.push_back(finding.substr(0, finding.find(" (")));
  }
  return failures;
}

class PartnerAdapterTest : public NothingLeftBehind {
 protected:
  using Options = std::vector<std::pair<std::string, std::string>>;

  /// `reference`: the table that its manifest asks for, in `samples/<reference>.csv`; empty: none.
  explicit PartnerAdapterTest(std::string adapter, std::string reference = "")
      : adapter_(std::move(adapter)), reference_(std::move(reference)) {}

  std::string Sample(const std::string& name) const {
    const auto content = ReadFile(CONCORDAT_SOURCE_DIR "/plugins/" + adapter_ + "/samples/" + name);
    EXPECT_TRUE(content.ok()) << content.status();
    return content.value_or("");
  }
  Result Read(std::string source, Options options = {}, const std::string& name = "extract.csv") const {
    Trial trial;
    trial.catalog = &catalog_;
    trial.adapter = adapter_;
    trial.source = std::move(source);
    trial.source_name = name;
    trial.options = std::move(options);
    if (!reference_.empty()) trial.references.emplace_back(reference_, ReferenceTable());
    return RunTrial(trial);
  }
  Result Sampled(const std::string& name) const { return Read(Sample(name), {}, name); }

  const Catalog catalog_ = LoadCatalog(CONCORDAT_ADAPTER_DIR);

 private:
  data::RawBatch ReferenceTable() const {
    std::vector<std::vector<std::string>> rows(1, {std::string()});
    for (const char c : Sample(reference_ + ".csv")) {
      if (c == ',')
        rows.back().emplace_back();
      else if (c == '\n')
        rows.push_back({std::string()});
      else
        rows.back().back() += c;
    }
    rows.pop_back();
    return Table(rows);
  }

  const std::string adapter_;
  const std::string reference_;
};

}  // namespace concordat::adapters
