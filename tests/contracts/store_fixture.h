// What every store is tested with: a folder of its own, batches made from text, submissions in a line.
#pragma once

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "host/base/ids.h"
#include "host/data/parse.h"
#include "host/store/store.h"

namespace concordat::store {

/// A folder that goes away with the test.
class TemporaryFolder {
 public:
  TemporaryFolder() : path_(testing::TempDir() + NewRandomId("store-")) {}
  ~TemporaryFolder() { std::filesystem::remove_all(path_); }
  const std::string& path() const { return path_; }

 private:
  const std::string path_;
};

inline absl::Status StatusOf(const absl::Status& status) { return status; }
template <typename T>
absl::Status StatusOf(const absl::StatusOr<T>& value) {
  return value.status();
}

#define EXPECT_OK(expression) EXPECT_EQ(::concordat::store::StatusOf(expression), absl::OkStatus())
#define ASSERT_OK(expression) ASSERT_EQ(::concordat::store::StatusOf(expression), absl::OkStatus())
#define EXPECT_CODE(expression, expected) EXPECT_EQ(::concordat::store::StatusOf(expression).code(), expected)

/// The value, or a failure and an empty one.
template <typename T>
T Value(absl::StatusOr<T> value) {
  EXPECT_OK(value);
  return value.ok() ? *std::move(value) : T{};
}

using Row = std::vector<std::string>;

inline std::shared_ptr<const data::Schema> SchemaOf(std::vector<data::Field> fields,
                                                    std::string dataset = "incidents") {
  auto schema = std::make_shared<data::Schema>();
  schema->dataset = std::move(dataset);
  schema->fields = std::move(fields);
  return schema;
}

/// How the fields that FieldOf makes are classified: what an implementation may store differently.
inline data::Classification& FieldClassification() {
  static data::Classification classification = data::Classification::kInternal;
  return classification;
}

inline data::Field FieldOf(std::string name, data::LogicalType type = data::LogicalType::kString) {
  data::Field field;
  field.name = std::move(name);
  field.type = type;
  field.classification = FieldClassification();
  return field;
}

/// One text field "text" and one integer field "count".
inline std::shared_ptr<const data::Schema> SmallSchema() {
  return SchemaOf({FieldOf("text"), FieldOf("count", data::LogicalType::kInteger)});
}

/// Rows of text as the mapping would hand them over; record numbers from `first_record`, lines one more.
inline data::Batch BatchOf(const std::shared_ptr<const data::Schema>& schema, const std::vector<Row>& rows,
                           uint64_t first_record = 1) {
  data::Batch batch;
  batch.schema = schema;
  for (size_t row = 0; row < rows.size(); ++row) {
    batch.records.push_back(first_record + row);
    batch.lines.push_back(first_record + row + 1);
  }
  for (size_t i = 0; i < schema->fields.size(); ++i) {
    auto text = std::make_shared<data::TextColumn>();
    for (const Row& row : rows) text->Append(row.at(i));
    data::Column column;
    column.field = &schema->fields[i];
    column.text = std::move(text);
    data::CellParser::Create(schema->fields[i])->Fill(column);
    batch.columns.push_back(std::move(column));
  }
  return batch;
}

inline data::RowSet All(const data::Batch& batch) { return data::RowSet(batch.rows(), true); }

/// A cell as a test reads it: its text, with the state beside it when it is no plain value.
inline std::string Described(const data::Column& column, size_t row) {
  const std::string text(column.text->at(row));
  switch (column.states[row]) {
    case data::CellState::kValue:
      return text;
    case data::CellState::kMissing:
      return text + "(missing)";
    case data::CellState::kMarker:
      return text + "(marker)";
    case data::CellState::kUnparseable:
      return text + "(unparseable)";
  }
  return text;
}

inline std::vector<Row> RowsOf(const data::Batch& batch) {
  std::vector<Row> rows(batch.rows());
  for (size_t row = 0; row < batch.rows(); ++row) {
    for (const data::Column& column : batch.columns) rows[row].push_back(Described(column, row));
  }
  return rows;
}

/// An accepted attempt of feed "brigade-incidents" with everything filled in.
inline Attempt AttemptOf(const std::string& id, int number = 1, const std::string& supersedes = "") {
  Attempt attempt;
  attempt.id = SubmissionId(id);
  attempt.feed = FeedId("brigade-incidents");
  attempt.partner = PartnerId("fire-and-rescue");
  attempt.dataset = DatasetId("incidents");
  attempt.period = "2026-05";
  attempt.number = number;
  attempt.verdict = record::Verdict::kAccept;
  attempt.state = "current";
  attempt.supersedes = supersedes;
  attempt.submitter = "spiffe://partnership.example/fire-and-rescue/steward";
  attempt.received = absl::FromUnixMicros(1779278400123456);
  attempt.due = absl::FromUnixSeconds(1780000000);
  attempt.source_name = "incidents.csv";
  attempt.source_bytes = 4096;
  attempt.source_digest = "sha256:" + id;
  attempt.policy_digest = "sha256:p";
  attempt.contract_digest = "sha256:c";
  attempt.root_source = id;
  attempt.result = json::Object{{"score", 97.3}, {"grade", "B"}};
  attempt.receipt = json::Object{{"id", "R-" + id}};
  return attempt;
}

inline Attempt RejectedAttemptOf(const std::string& id, int number = 1) {
  Attempt attempt = AttemptOf(id, number);
  attempt.verdict = record::Verdict::kReject;
  return attempt;
}

struct StoreUnderTest {
  std::string name;
  std::function<absl::StatusOr<std::unique_ptr<Store>>(const std::string& folder)> open;
  data::Classification classification = data::Classification::kInternal;  // of all fields

  friend void PrintTo(const StoreUnderTest& store, std::ostream* out) { *out << store.name; }
};

/// A fresh store, and Reopen for what must survive.
class StoreSuite : public testing::TestWithParam<StoreUnderTest> {
 protected:
  void SetUp() override {
    FieldClassification() = GetParam().classification;
    Reopen();
  }
  void TearDown() override { FieldClassification() = data::Classification::kInternal; }

  void Reopen() {
    store_.reset();  // one process holds a store at a time
    auto opened = GetParam().open(folder_.path());
    ASSERT_OK(opened);
    store_ = *std::move(opened);
  }

  std::unique_ptr<AttemptWriter> Begin(const Attempt& attempt,
                                       std::shared_ptr<const data::Schema> schema = SmallSchema()) {
    auto writer = store_->Begin(attempt.id, attempt.dataset, std::move(schema));
    EXPECT_OK(writer);
    return writer.ok() ? *std::move(writer) : nullptr;
  }

  /// Stages these rows and seals them; nothing is published.
  void Stage(const Attempt& attempt, const std::vector<Row>& rows,
             const std::shared_ptr<const data::Schema>& schema = SmallSchema()) {
    const auto writer = Begin(attempt, schema);
    const data::Batch batch = BatchOf(schema, rows);
    EXPECT_OK(writer->AppendAccepted(batch, All(batch)));
    EXPECT_OK(writer->Seal({}));
  }

  absl::Status Submit(Attempt attempt, const std::vector<Row>& rows,
                      const std::shared_ptr<const data::Schema>& schema = SmallSchema()) {
    Stage(attempt, rows, schema);
    attempt.accepted = attempt.total = rows.size();
    return store_->Publish(attempt);
  }

  /// The accepted rows of these submissions in the order in which the store hands them out.
  std::vector<Row> Read(const std::vector<std::string>& ids,
                        const std::shared_ptr<const data::Schema>& schema = SmallSchema(),
                        const std::string& dataset = "incidents") {
    std::vector<SubmissionId> submissions(ids.begin(), ids.end());
    std::vector<Row> rows;
    EXPECT_OK(store_->ReadRecords(DatasetId(dataset), schema, submissions, [&](const data::Batch& batch) {
      for (Row& row : RowsOf(batch)) rows.push_back(std::move(row));
      return absl::OkStatus();
    }));
    return rows;
  }

  std::string StateOf(const std::string& id) {
    const auto attempt = store_->Get(SubmissionId(id));
    return attempt.ok() ? attempt->state : std::string(MessageOf(attempt.status()));
  }

  const TemporaryFolder folder_;
  std::unique_ptr<Store> store_;
};

}  // namespace concordat::store
