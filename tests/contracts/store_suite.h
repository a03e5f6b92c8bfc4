// The contract of host/store/store.h as tests, one suite an interface. An implementation's own test includes
// this and names how it is opened:
//   INSTANTIATE_TEST_SUITE_P(Sqlite, StoreSuite, testing::Values(StoreUnderTest{"sqlite", OpenIt}));
// once with open fields and once with confidential ones.
#pragma once

#include "tests/contracts/action_suite.h"
#include "tests/contracts/adapter_suite.h"
#include "tests/contracts/agreement_suite.h"
#include "tests/contracts/assessment_suite.h"
#include "tests/contracts/concurrency_suite.h"
#include "tests/contracts/enrolment_suite.h"
#include "tests/contracts/erasure_suite.h"
#include "tests/contracts/findings_suite.h"
#include "tests/contracts/judgement_suite.h"
#include "tests/contracts/obligation_suite.h"
#include "tests/contracts/receipt_suite.h"
#include "tests/contracts/records_suite.h"
#include "tests/contracts/submission_suite.h"
