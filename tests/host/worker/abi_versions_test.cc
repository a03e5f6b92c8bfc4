// Old adapters with a new worker, new adapters with an old worker, and structs that are larger or smaller
// than today's.
#include <cstring>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "host/worker/adapter.h"
#include "host/worker/source.h"
#include "plugins/sdk/adapter.h"

namespace concordat::worker {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

constexpr uint32_t kNext = CONCORDAT_ABI + 1;

std::vector<uint32_t> offered;  // to the adapter last tried, in order

int32_t Submit(concordat_adapter*, ArrowArrayStream*, concordat_error*) { return CONCORDAT_FAILED; }

/// Speaks every version from Least to Most.
template <uint32_t Least, uint32_t Most>
int32_t Init(uint32_t host_abi, const concordat_host* host, concordat_adapter* adapter, concordat_error*) {
  offered.push_back(host_abi);
  EXPECT_EQ(host->abi, host_abi);
  adapter->submit = &Submit;  // begun before it knows: forgotten when it says no
  if (host_abi < Least || host_abi > Most) return CONCORDAT_ABI_UNSUPPORTED;
  EXPECT_GE(adapter->struct_size, CONCORDAT_ADAPTER_SIZE_V1);
  EXPECT_GE(host->struct_size, CONCORDAT_HOST_SIZE_V1);
  adapter->abi = host_abi;
  return CONCORDAT_OK;
}

/// An adapter on the SDK as it is today.
class Today : public sdk::Adapter {
 public:
  using Adapter::Adapter;
  sdk::Status Open(std::vector<std::string>&) override { return sdk::Status::Failed("not reached"); }
  sdk::Status Read(sdk::BatchBuilder&) override { return sdk::Status::Ok(); }
};

int32_t InitToday(uint32_t host_abi, const concordat_host* host, concordat_adapter* adapter,
                  concordat_error* error) {
  offered.push_back(host_abi);
  return sdk::Glue<Today>::Init(host_abi, host, adapter, error);
}

/// Nothing reads it before an adapter is made.
class NoSource : public Source {
 public:
  const std::string& name() const override { return name_; }
  uint64_t size() const override { return 0; }
  int64_t Read(uint64_t, void*, uint64_t) override { return 0; }

 private:
  const std::string name_ = "nothing.csv";
};

class AbiVersionsTest : public ::testing::Test {
 protected:
  absl::Status Try(concordat_adapter_init_function init, const std::vector<uint32_t>& versions) {
    offered.clear();
    return Adapter::Create(init, host_, versions).status();
  }

  data::WorkerJob job_ = JobWithARule();
  NoSource source_;
  HostTable host_{job_, source_};

 private:
  static data::WorkerJob JobWithARule() {
    data::WorkerJob job;
    job.rules = {"declared"};
    return job;
  }
};

TEST_F(AbiVersionsTest, AnOldSdkLoadsInANewerWorkerWhichStepsDown) {
  EXPECT_TRUE(Try(&InitToday, {kNext, CONCORDAT_ABI}).ok());
  EXPECT_THAT(offered, ElementsAre(kNext, CONCORDAT_ABI));
}

TEST_F(AbiVersionsTest, ANewerAdapterThatStillSpeaksTodaysVersionLoadsInTodaysWorker) {
  const auto init = &Init<CONCORDAT_ABI, kNext>;
  EXPECT_TRUE(Try(init, {CONCORDAT_ABI}).ok());
  EXPECT_TRUE(Try(init, {kNext, CONCORDAT_ABI}).ok());
  EXPECT_THAT(offered, ElementsAre(kNext)) << "the newest that both know";
}

TEST_F(AbiVersionsTest, ANewerAdapterThatGaveTodaysVersionUpIsRefusedInWords) {
  const absl::Status status = Try(&Init<kNext, kNext>, {CONCORDAT_ABI});
  EXPECT_TRUE(absl::IsAborted(status));
  EXPECT_THAT(std::string(status.message()), HasSubstr("does not speak version 1 of the adapter ABI"));
}

// A newer SDK appends members: today's worker reads the prefix that it knows.
TEST_F(AbiVersionsTest, AStructThatGrewIsReadByItsKnownPrefix) {
  struct {
    concordat_facts known;
    uint64_t appended[4];
  } newer = {};
  newer.known.struct_size = sizeof newer;
  newer.known.encoding = "utf-8";
  const concordat_host& table = *host_.Table(CONCORDAT_ABI);
  EXPECT_EQ(table.report_facts(table.context, &newer.known), CONCORDAT_OK);
  EXPECT_EQ(host_.report().facts.encoding, "utf-8");
}

TEST_F(AbiVersionsTest, AStructSmallerThanVersionOneIsRefused) {
  const concordat_host& table = *host_.Table(CONCORDAT_ABI);
  concordat_facts facts = {};
  facts.struct_size = CONCORDAT_FACTS_SIZE_V1 - 8;
  EXPECT_EQ(table.report_facts(table.context, &facts), CONCORDAT_FAILED);

  const std::vector<uint64_t> records = {1};
  host_.BeginValidate(records);
  concordat_finding finding = {};
  finding.rule = {"declared", 8};
  finding.record = 1;
  finding.outcome = CONCORDAT_FINDING_FAIL;
  finding.struct_size = CONCORDAT_FINDING_SIZE_V1 - 1;
  concordat_error error = {};
  error.struct_size = sizeof error;
  EXPECT_EQ(table.report_finding(table.context, &finding, &error), CONCORDAT_FAILED);
  EXPECT_THAT(error.message, HasSubstr("struct_size is 79"));
  finding.struct_size = CONCORDAT_FINDING_SIZE_V1;
  EXPECT_EQ(table.report_finding(table.context, &finding, &error), CONCORDAT_OK);
  EXPECT_EQ(host_.EndValidate()->size(), 1u);
}

TEST_F(AbiVersionsTest, TheSdkRefusesAWorkerWhoseTablesAreSmallerThanItsOwnVersionHasThem) {
  concordat_host host = *host_.Table(CONCORDAT_ABI);
  host.struct_size = CONCORDAT_HOST_SIZE_V1 - 8;
  concordat_adapter adapter = {};
  adapter.struct_size = sizeof adapter;
  concordat_error error = {};
  error.struct_size = sizeof error;
  EXPECT_EQ(sdk::Glue<Today>::Init(CONCORDAT_ABI, &host, &adapter, &error), CONCORDAT_FAILED);
  EXPECT_EQ(adapter.private_data, nullptr);
  EXPECT_THAT(error.message, HasSubstr("smaller than version 1"));
}

}  // namespace
}  // namespace concordat::worker
