// What the tests of fixed-width, JSON and XML adapters share: a source through the adapter in a real worker.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "host/base/files.h"
#include "tests/host/adapters/session_runner.h"

namespace concordat::adapters {

class StructuredTest : public NothingLeftBehind {
 protected:
  using OptionList = std::vector<std::pair<std::string, std::string>>;

  explicit StructuredTest(std::string adapter) : adapter_(std::move(adapter)) {}

  Result Read(std::string source, OptionList options = {}) const {
    Trial trial;
    trial.catalog = &catalog_;
    trial.adapter = adapter_;
    trial.source = std::move(source);
    trial.options = std::move(options);
    return RunTrial(trial);
  }

  /// Of a source that is refused as a whole: why.
  std::string Refusal(std::string source, OptionList options = {}) const {
    const Result result = Read(std::move(source), std::move(options));
    EXPECT_FALSE(result.status.ok());
    EXPECT_THAT(result.records, ::testing::IsEmpty()) << "nothing of a refused source may be used";
    return result.message();
  }

  std::string Sample(const std::string& name) const {
    const auto content = ReadFile(CONCORDAT_SOURCE_DIR "/plugins/" + adapter_ + "/samples/" + name);
    EXPECT_TRUE(content.ok()) << content.status();
    return content.value_or("");
  }

 private:
  const std::string adapter_;
  const Catalog catalog_ = LoadCatalog(CONCORDAT_ADAPTER_DIR);
};

}  // namespace concordat::adapters
