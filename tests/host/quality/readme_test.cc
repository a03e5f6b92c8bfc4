// Authors find every rule kind in policies/README.md.
#include "fmt/format.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "host/base/files.h"
#include "host/quality/kinds/kinds.h"

namespace concordat::quality {
namespace {

TEST(PoliciesReadme, NamesEveryRuleKind) {
  const std::string readme = ReadFile(CONCORDAT_SOURCE_DIR "/policies/README.md").value();
  for (const KindEntry& kind : AllKinds()) EXPECT_THAT(readme, testing::HasSubstr(fmt::format("`{}`", kind.name)));
}

}  // namespace
}  // namespace concordat::quality
