// SubmissionStore: rows come back as they were accepted.
#pragma once

#include <numeric>

#include "fmt/format.h"
#include "tests/contracts/store_fixture.h"

namespace concordat::store {

TEST_P(StoreSuite, EveryTypeComesBackWithItsTextStateAndValue) {
  using data::LogicalType;
  data::Field number = FieldOf("number", LogicalType::kNumber);
  number.markers = {{"c", "suppressed"}, {"-99", "not known"}};
  number.missing_tokens = {"N/A"};
  data::Field day = FieldOf("day", LogicalType::kDate);
  day.format = "dd/MM/yyyy";
  const auto schema =
      SchemaOf({FieldOf("string"), FieldOf("integer", LogicalType::kInteger), number,
                FieldOf("boolean", LogicalType::kBoolean), FieldOf("date", LogicalType::kDate), day,
                FieldOf("time", LogicalType::kTime), FieldOf("timestamp", LogicalType::kTimestamp)});
  const std::vector<Row> given = {
      {"Ærø \"x\", y", "-9223372036854775808", "0.1", "true", "2026-05-20", "20/05/2026", "12:30:00",
       "2026-05-20T12:00:00Z"},
      {"", "007", "N/A", "No", "1969-12-31", "", "", "2026-05-20T12:00:00+01:00"},
      {" ", "+12", "c", "maybe", "2026-02-31", "2026-05-20", "25:00:00", "yesterday"},
      {"0012", "1.5", "-99", "", "", "01/01/1970", "00:00:00", ""},
      {"1e3", " 5 ", "1e400", "0", "x", "x", "x", "x"},
      {"-1", "99999999999999999999", "12,000", "1", "2026-05-20 ", "31/04/2026", "1", "2026"},
  };
  ASSERT_OK(Submit(AttemptOf("S-1"), given, schema));

  EXPECT_THAT(
      Read({"S-1"}, schema),
      testing::ElementsAre(
          Row{"Ærø \"x\", y", "-9223372036854775808", "0.1", "true", "2026-05-20", "20/05/2026", "12:30:00",
              "2026-05-20T12:00:00Z"},
          Row{"(missing)", "7", "(missing)", "false", "1969-12-31", "(missing)", "(missing)",
              "2026-05-20T12:00:00+01:00"},
          Row{" ", "12", "c(marker)", "maybe(unparseable)", "2026-02-31(unparseable)",
              "2026-05-20(unparseable)", "25:00:00(unparseable)", "yesterday(unparseable)"},
          Row{"0012", "1.5(unparseable)", "-99(marker)", "(missing)", "(missing)", "01/01/1970", "00:00:00",
              "(missing)"},
          Row{"1e3", " 5 (unparseable)", "1e400(unparseable)", "false", "x(unparseable)", "x(unparseable)",
              "x(unparseable)", "x(unparseable)"},
          Row{"-1", "99999999999999999999(unparseable)", "12,000(unparseable)", "true",
              "2026-05-20 (unparseable)", "31/04/2026(unparseable)", "1(unparseable)", "2026(unparseable)"}));

  const data::Batch original = BatchOf(schema, given);
  ASSERT_OK(store_->ReadRecords(
      DatasetId("incidents"), schema, {SubmissionId("S-1")}, [&](const data::Batch& batch) {
        for (size_t i = 0; i < schema->fields.size(); ++i) {
          EXPECT_EQ(batch.columns[i].states, original.columns[i].states) << schema->fields[i].name;
          EXPECT_EQ(batch.columns[i].integers, original.columns[i].integers) << schema->fields[i].name;
          EXPECT_EQ(batch.columns[i].numbers, original.columns[i].numbers) << schema->fields[i].name;
        }
        return absl::OkStatus();
      }));
}

TEST_P(StoreSuite, TextIsKeptToTheByte) {
  const auto schema = SchemaOf({FieldOf("text")});
  const std::string nul("a\0b", 3);
  ASSERT_OK(Submit(AttemptOf("S-1"),
                   {{nul}, {"line\nbreak\r\n"}, {"'; DROP TABLE x; --"}, {std::string(100'000, 'x')}},
                   schema));
  EXPECT_THAT(Read({"S-1"}, schema),
              testing::ElementsAre(Row{nul}, Row{"line\nbreak\r\n"}, Row{"'; DROP TABLE x; --"},
                                   Row{std::string(100'000, 'x')}));
}

TEST_P(StoreSuite, OnlyRowsThatAreKeptAreStoredUnderTheirRecordNumbers) {
  const Attempt attempt = AttemptOf("S-1");
  const data::Batch batch = BatchOf(SmallSchema(), {{"a", "1"}, {"b", "2"}, {"c", "3"}, {"d", "4"}}, 100);
  data::RowSet keep(4);
  keep.Set(1);
  keep.Set(3);
  const auto writer = Begin(attempt);
  ASSERT_OK(writer->AppendAccepted(batch, keep));
  ASSERT_OK(writer->AppendAccepted(BatchOf(SmallSchema(), {{"e", "5"}}, 200), data::RowSet(1)));
  ASSERT_OK(writer->Seal({}));
  ASSERT_OK(store_->Publish(attempt));
  ASSERT_OK(store_->ReadRecords(attempt.dataset, SmallSchema(), {attempt.id}, [](const data::Batch& read) {
    EXPECT_THAT(RowsOf(read), testing::ElementsAre(Row{"b", "2"}, Row{"d", "4"}));
    EXPECT_THAT(read.records, testing::ElementsAre(101u, 103u));
    EXPECT_THAT(read.lines, testing::ElementsAre(102u, 104u));
    return absl::OkStatus();
  }));
}

TEST_P(StoreSuite, BatchesOfTheWrongShapeAreRefused) {
  const auto writer = Begin(AttemptOf("S-1"));
  const auto other = SchemaOf({FieldOf("only")});
  const data::Batch narrow = BatchOf(other, {{"a"}});
  EXPECT_CODE(writer->AppendAccepted(narrow, All(narrow)), absl::StatusCode::kInvalidArgument);
  const data::Batch batch = BatchOf(SmallSchema(), {{"a", "1"}});
  EXPECT_CODE(writer->AppendAccepted(batch, data::RowSet(2)), absl::StatusCode::kInvalidArgument);
}

TEST_P(StoreSuite, ReadsManyRowsInOrderAsBatchesOfAtMost8192) {
  constexpr size_t kRows = 20'000;
  std::vector<Row> rows;
  for (size_t i = 0; i < kRows; ++i) rows.push_back({"text " + std::to_string(i), std::to_string(i)});
  ASSERT_OK(Submit(AttemptOf("S-1"), rows));
  std::vector<size_t> sizes;
  std::vector<uint64_t> records;
  ASSERT_OK(store_->ReadRecords(DatasetId("incidents"), SmallSchema(), {SubmissionId("S-1")},
                                [&](const data::Batch& batch) {
                                  sizes.push_back(batch.rows());
                                  records.insert(records.end(), batch.records.begin(), batch.records.end());
                                  return absl::OkStatus();
                                }));
  EXPECT_THAT(sizes, testing::ElementsAre(8192u, 8192u, kRows - 2 * 8192));
  std::vector<uint64_t> expected(kRows);
  std::iota(expected.begin(), expected.end(), 1);
  EXPECT_EQ(records, expected);
  EXPECT_EQ(Read({"S-1"}), rows);
}

TEST_P(StoreSuite, ReadsOldestSubmissionFirstWhateverTheOrderGiven) {
  for (int i = 1; i <= 3; ++i) {
    Attempt attempt = AttemptOf("S-" + std::to_string(9 - i));
    attempt.period = "2026-0" + std::to_string(i);
    ASSERT_OK(Submit(attempt, {{"row", std::to_string(i)}}));
  }
  EXPECT_THAT(Read({"S-6", "S-8", "S-7"}),
              testing::ElementsAre(Row{"row", "1"}, Row{"row", "2"}, Row{"row", "3"}));
  EXPECT_THAT(Read({"S-7", "S-7"}), testing::ElementsAre(Row{"row", "2"}))
      << "a submission named twice is read once";
  EXPECT_THAT(Read({}), testing::IsEmpty());
}

TEST_P(StoreSuite, ReadsOldRowsThroughANewerContract) {
  using data::LogicalType;
  ASSERT_OK(Submit(AttemptOf("S-1"), {{"12", "7"}, {"twelve", "8"}}));
  const auto newer = SchemaOf(
      {FieldOf("added", LogicalType::kDate), FieldOf("count"), FieldOf("text", LogicalType::kInteger)});
  EXPECT_THAT(Read({"S-1"}, newer), testing::ElementsAre(Row{"(missing)", "7", "12"},
                                                         Row{"(missing)", "8", "twelve(unparseable)"}));
  ASSERT_OK(Submit(AttemptOf("S-2", 2, "S-1"), {{"2026-05-20", "seven", "13"}}, newer));
  EXPECT_THAT(Read({"S-1", "S-2"}, newer),
              testing::ElementsAre(Row{"(missing)", "7", "12"}, Row{"(missing)", "8", "twelve(unparseable)"},
                                   Row{"2026-05-20", "seven", "13"}));
  EXPECT_THAT(Read({"S-1", "S-2"}, SchemaOf({FieldOf("text")})),
              testing::ElementsAre(Row{"12"}, Row{"twelve"}, Row{"13"}))
      << "only what the schema names";
}

TEST_P(StoreSuite, AnyFieldAndDatasetNameCanBeStored) {
  const auto schema = SchemaOf({FieldOf("Name"), FieldOf("name"), FieldOf("select"), FieldOf("a \"b\" c"),
                                FieldOf("_record"), FieldOf("rowid"), FieldOf("Straße"), FieldOf("x.y/z")});
  const Row row = {"1", "2", "3", "4", "5", "6", "7", "8"};
  const std::vector<std::string> datasets = {"returns/areas", "../../etc", "sqlite_master", "_about", "order",
                                             "a b\"c",        "Ærø"};
  for (size_t i = 0; i < datasets.size(); ++i) {
    Attempt attempt = AttemptOf("S-" + std::to_string(i));
    attempt.dataset = DatasetId(datasets[i]);
    attempt.feed = FeedId(datasets[i]);
    ASSERT_OK(Submit(attempt, {row}, schema)) << datasets[i];
    EXPECT_THAT(Read({attempt.id.str()}, schema, datasets[i]), testing::ElementsAre(row)) << datasets[i];
  }
}

TEST_P(StoreSuite, AWideDatasetIsStoredAndATooWideOneRefused) {
  const auto schema_of = [](int fields) {
    std::vector<data::Field> list;
    for (int i = 0; i < fields; ++i) list.push_back(FieldOf(fmt::format("f{}", i)));
    return SchemaOf(std::move(list));
  };
  const Row row(1900, "x");
  ASSERT_OK(Submit(AttemptOf("S-1"), {row}, schema_of(1900)));
  EXPECT_THAT(Read({"S-1"}, schema_of(1900)), testing::ElementsAre(row));
  EXPECT_CODE(store_->Begin(SubmissionId("S-2"), DatasetId("incidents"), schema_of(5000)),
              absl::StatusCode::kInvalidArgument);
}

TEST_P(StoreSuite, RowsOfAnotherDatasetAreNotHandedOut) {
  ASSERT_OK(Submit(AttemptOf("S-1"), {{"a", "1"}}));
  EXPECT_CODE(store_->ReadRecords(DatasetId("stations"), SmallSchema(), {SubmissionId("S-1")},
                                  [](const auto&) { return absl::OkStatus(); }),
              absl::StatusCode::kInvalidArgument);
}

TEST_P(StoreSuite, ReadingStopsWithTheVisitorsOwnStatus) {
  std::vector<Row> rows(10'000, Row{"a", "1"});
  ASSERT_OK(Submit(AttemptOf("S-1"), rows));
  int visits = 0;
  const absl::Status status = store_->ReadRecords(DatasetId("incidents"), SmallSchema(),
                                                  {SubmissionId("S-1")}, [&](const data::Batch&) {
                                                    ++visits;
                                                    return absl::CancelledError("enough");
                                                  });
  EXPECT_EQ(status, absl::CancelledError("enough"));
  EXPECT_EQ(visits, 1);
}

}  // namespace concordat::store
