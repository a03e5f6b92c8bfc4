// SQLite keeps the contract of every store.
#include "tests/contracts/store_suite.h"

namespace concordat::store {

INSTANTIATE_TEST_SUITE_P(Sqlite, StoreSuite, testing::Values(StoreUnderTest{"sqlite", OpenSqliteStore}));

}  // namespace concordat::store
