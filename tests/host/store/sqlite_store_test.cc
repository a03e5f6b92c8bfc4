// The SQLite store passes what every store must pass: with open fields and with confidential ones.
#include "tests/contracts/store_suite.h"

namespace concordat::store {

absl::StatusOr<std::unique_ptr<Store>> OpenWithFixedKey(const std::string& folder) {
  return OpenSqliteStore(folder, std::string(32, 'k'));
}

INSTANTIATE_TEST_SUITE_P(Sqlite, StoreSuite, testing::Values(StoreUnderTest{"sqlite", OpenWithFixedKey}));
INSTANTIATE_TEST_SUITE_P(SqliteSealed, StoreSuite,
                         testing::Values(StoreUnderTest{"sqlite_sealed", OpenWithFixedKey,
                                                        data::Classification::kConfidential}));

}  // namespace concordat::store
