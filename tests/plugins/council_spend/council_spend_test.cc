// The council's adapter in a real worker, on the samples of its folder and on small files.
#include "fmt/format.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "host/base/files.h"
#include "tests/host/adapters/partner_adapter_test.h"

namespace concordat::adapters {
namespace {

using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;

class CouncilSpendTest : public PartnerAdapterTest {
 protected:
  CouncilSpendTest() : PartnerAdapterTest("council_spend") {}
};

TEST_F(CouncilSpendTest, ALedgerAndAPortalAreReadAlike) {
  const Result ledger = Sampled("good_2026-05_ledger.csv");
  ASSERT_TRUE(ledger.status.ok()) << ledger.status;
  EXPECT_THAT(ledger.columns,
              ElementsAre("body", "service", "category", "description", "paid_on", "transaction_ref", "line",
                          "supplier", "net_amount", "vat_amount", "gross_amount"));
  ASSERT_THAT(ledger.records, SizeIs(5));
  EXPECT_EQ(ledger.records[0],
            "1@2: Derwent County Council|Highways|Premises|Patching Mill Lane|2026-05-05|2605-00001|1|Alder "
            "Surfacing "
            "Ltd|1250.00|250.00|1500.00");
  EXPECT_THAT(Failures(ledger), IsEmpty());
  const Result portal = Sampled("good_august_2026_portal.csv");
  ASSERT_TRUE(portal.status.ok()) << portal.status;
  EXPECT_THAT(portal.records, ElementsAre("1@4: |Resources|||2026-08-01|70001||Castle Print Ltd|1199.96||",
                                          "2@5: |Estates|||2026-08-02|70004||Fen & Sons, Builders|250.00||",
                                          "3@6: |Estates|||2026-08-03|70002||Fen & Sons, Builders|-250.00||",
                                          "4@7: |Culture|||2026-08-31|70003||Marlham Trust|12.50||"));
  EXPECT_THAT(Failures(portal), IsEmpty());
  EXPECT_THAT(portal.facts.notes, ElementsAre(HasSubstr("\"Beneficiary Name\" as supplier"),
                                              "2 lines above the table", "1 lines of totals left out"));
  ASSERT_THAT(portal.dimensions, SizeIs(1));
  EXPECT_EQ(portal.dimensions[0].score, 100);
}

TEST_F(CouncilSpendTest, EveryPlantedDefectIsFound) {
  const Result result = Sampled("bad_2026-05.csv");
  ASSERT_TRUE(result.status.ok()) << result.status;
  EXPECT_THAT(
      Failures(result),
      ElementsAre(
          "1 vat_adds_up fail: net 100.00 and VAT 20.00 make 120.00, not gross 130.00",
          "2 vat_adds_up fail: VAT -20.00 has another sign than net 100.00",
          "3 vat_adds_up fail: VAT 60.00 is more than 25% of net 100.00",
          "4 credit_explained fail: -75.00 takes back no payment of that amount to the supplier, and its "
          "description does not say what it is",
          "5 person_redacted fail: the supplier is named as a person is, with a title",
          "6 paid_in_months_of_file fail: paid on 2026-06-10 in a file of 2026-05",
          "8 transaction_line_once fail: transaction 7, the same supplier and amount, stands in record 7 "
          "already"));
  EXPECT_THAT(result.findings,
              Contains(HasSubstr("9 paid_in_months_of_file unresolved: \"31/02/2026\" is no day")));
  EXPECT_THAT(result.unreadable, ElementsAre(HasSubstr("10@11: it has 3 cells where the header has 7")));
  ASSERT_THAT(result.dimensions, SizeIs(1));
  EXPECT_NEAR(result.dimensions[0].score, 100.0 * 825 / 835, 1e-9);
}

TEST_F(CouncilSpendTest, WhatIsNoListOfPaymentsIsRefused) {
  const Result result = Sampled("bad_no_payments.csv");
  EXPECT_TRUE(absl::IsInvalidArgument(result.status)) << result.status;
  EXPECT_THAT(result.message(), HasSubstr("has headings for a supplier and an amount"));
}

TEST_F(CouncilSpendTest, AmountsAndDaysAsPeopleWriteThem) {
  const std::pair<const char*, const char*> amounts[] = {
      {"1", "1.00"},         {"1.5", "1.50"},      {"-3", "-3.00"},
      {"(12.00)", "-12.00"}, {"12.00-", "-12.00"}, {"\"1,234.50\"", "1234.50"},
      {"£7", "7.00"},        {" 8.005 ", "8.01"},  {"\"-1,799,960\"", "-1799960.00"},
      {"n/a", "n/a"},        {"1.2.3", "1.2.3"}};
  for (const auto& [written, read] : amounts) {
    const Result result = Read(fmt::format("Supplier,Amount\nAlder Ltd,{}\n", written));
    EXPECT_THAT(result.records, ElementsAre(fmt::format("1@2: |||||||Alder Ltd|{}||", read))) << written;
  }
  const std::pair<const char*, const char*> days[] = {
      {"2026-05-01", "2026-05-01"}, {"01/05/2026", "2026-05-01"}, {"1.5.26", "2026-05-01"},
      {"01-May-26", "2026-05-01"},  {"1 May 2026", "2026-05-01"}, {"31/02/2026", "31/02/2026"},
      {"29/02/2024", "2024-02-29"}, {"05/13/2026", "05/13/2026"}, {"soon", "soon"}};
  for (const auto& [written, read] : days) {
    const Result result = Read(fmt::format("Supplier,Amount,Date\nAlder Ltd,1,{}\n", written));
    EXPECT_THAT(result.records, ElementsAre(fmt::format("1@2: ||||{}|||Alder Ltd|1.00||", read))) << written;
  }
}

TEST_F(CouncilSpendTest, APersonHasATitleAndABusinessMayToo) {
  for (const char* person : {"Mrs A Example", "MR J. SAMPLE", "Dr B Model"})
    EXPECT_THAT(Failures(Read(fmt::format("Supplier,Amount\n{},1\n", person))), SizeIs(1)) << person;
  for (const char* other : {"Dr B Model & Partners", "Miss Muffet Ltd", "Mr Chips Taxis",
                            "Redacted personal data", "Mister", "Castle Print"})
    EXPECT_THAT(Failures(Read(fmt::format("Supplier,Amount\n{},1\n", other))), IsEmpty()) << other;
}

TEST_F(CouncilSpendTest, OnePaymentIsTakenBackOnceAndWordsExplain) {
  const std::string twice =
      "Supplier,Amount,Description\nA Ltd,-5,\nA Ltd,5,\nA Ltd,-5,\nA Ltd,-9,refund of May\n";
  EXPECT_THAT(Failures(Read(twice)), ElementsAre(HasSubstr("3 credit_explained fail: -5.00")));
  EXPECT_THAT(Failures(Read(twice, {{"credit_words", "May"}})), SizeIs(1));
  EXPECT_THAT(Failures(Read(twice, {{"credit_words", "none"}})), SizeIs(2));
}

TEST_F(CouncilSpendTest, TheMonthsAreAnOptionWhereTheNameSaysNone) {
  const std::string file = "Supplier,Amount,Date\nA Ltd,1,01/05/2026\nA Ltd,2,01/07/2026\n";
  EXPECT_THAT(Failures(Read(file)), IsEmpty());
  EXPECT_THAT(Failures(Read(file, {{"months", "2026-05"}})), SizeIs(1));
  EXPECT_THAT(Failures(Read(file, {{"months", "2026-05 2026-07"}})), IsEmpty());
  EXPECT_THAT(Read(file, {{"months", "May"}}).message(), HasSubstr("option months"));
}

TEST_F(CouncilSpendTest, HowMuchVatMayBeIsAnOption) {
  const std::string file = "Supplier,Net,VAT,Gross\nA Ltd,100,22,122\n";
  EXPECT_THAT(Failures(Read(file)), IsEmpty());
  EXPECT_THAT(Failures(Read(file, {{"highest_vat", "20"}})), SizeIs(1));
}

// Files that councils published, each with a count by another program's reading of its lines.
TEST_F(CouncilSpendTest, RealFilesOfFourCouncilsAreReadAlike) {
  const std::string folder = CONCORDAT_SOURCE_DIR "/../shared/data/spend/council/";
  const struct {
    const char* name;
    size_t records;
    const char* first;  // in the first record
  } files[] = {
      {"leeds_raw_2011-05.csv", 7299, "|2011-05-26|1105-00001||3663 Booker Food Services|528.00||"},
      {"salford_clean_2011-08.csv", 1934, "|2011-08-01|601013004||A Taylor Properties|459.00|91.80|550.80"},
      {"salford_processed_2011-08.csv", 1934, "|2011-08-01|||A Taylor Properties|550.80||"},
      {"sheffield_clean_2012-10.csv", 12620, "|2012-10-01|3337397||DVLA|500.00||"},
      {"darlington_clean_2013-01.csv", 1824, "||||BAUER RADIO LTD|1199.96||"},
      {"darlington_clean_2013-02.csv", 2837, "||||AMG CONSULTANCY SERVICES LTD|883.59||"},
  };
  for (const auto& file : files) {
    const auto content = ReadFile(folder + file.name);
    if (!content.ok()) {
      fmt::print("skipped: {} is not here\n", file.name);
      continue;
    }
    const Result result = Read(*content, {}, file.name);
    ASSERT_TRUE(result.status.ok()) << file.name << result.status;
    EXPECT_THAT(result.records, SizeIs(file.records)) << file.name;
    EXPECT_THAT(result.unreadable, IsEmpty()) << file.name;
    EXPECT_THAT(result.records.front(), HasSubstr(file.first));
    // What is no amount would stand as it was; every real one is pounds and pence.
    size_t amounts = 0;
    for (const std::string& record : result.records) {
      const size_t point = record.rfind('.');
      amounts += point != std::string::npos && record.find_first_of("0123456789", point) == point + 1;
    }
    EXPECT_EQ(amounts, file.records) << file.name;
  }
}

}  // namespace
}  // namespace concordat::adapters
