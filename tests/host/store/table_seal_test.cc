// The texts of an attempt's tables: bound to their rows, and still read as older files have them.
#include <gtest/gtest.h>

#include "host/store/sqlite/attempt_seal.h"

namespace concordat::store {
namespace {

TEST(TableSeal, OpensWhatItSealed) {
  const auto attempt = AttemptSeal::New();
  TableSeal table(*attempt, "quarantine");
  for (const std::string text : {"", "a", "sixteen letters.", "Zo\xc3\xab\n"}) {
    const std::string sealed = table.Seal(17, text);
    EXPECT_EQ(TableSeal(*attempt, "quarantine").Open(17, sealed).value(), text);
    EXPECT_FALSE(TableSeal(*attempt, "quarantine").Open(18, sealed).ok()) << "moved to another row";
    EXPECT_FALSE(TableSeal(*attempt, "finding").Open(17, sealed).ok()) << "moved to another table";
    EXPECT_FALSE(TableSeal(*AttemptSeal::New(), "quarantine").Open(17, sealed).ok()) << "another key";
  }
}

TEST(TableSeal, OneChangedBitIsToldApart) {
  const auto attempt = AttemptSeal::New();
  TableSeal table(*attempt, "finding");
  const std::string sealed = table.Seal(5, "a finding");
  for (size_t at = 0; at < sealed.size(); ++at) {
    std::string changed = sealed;
    changed[at] = static_cast<char>(changed[at] ^ 1);
    EXPECT_EQ(table.Open(5, changed).status().code(), absl::StatusCode::kDataLoss) << at;
  }
}

TEST(TableSeal, ReadsFilesOfBefore) {
  const auto attempt = AttemptSeal::New();
  const std::string sealed = attempt->SealText("held back", "quarantine 17");
  EXPECT_EQ(TableSeal(*attempt, "quarantine", true).Open(17, sealed).value(), "held back");
  EXPECT_FALSE(TableSeal(*attempt, "quarantine", true).Open(18, sealed).ok());
  EXPECT_FALSE(TableSeal(*attempt, "quarantine").Open(17, sealed).ok());
}

}  // namespace
}  // namespace concordat::store
