// What store_crasher writes and crash_test.cc expects to find: everything about a submission follows from its
// number.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "host/data/parse.h"
#include "host/store/store.h"

namespace concordat::store::crash_story {

constexpr size_t kRowsPerBatch = 500;

inline std::string IdOf(int number) { return "S-" + std::to_string(number); }
/// Every fifth is rejected.
inline bool IsRejected(int number) { return number % 5 == 0; }
inline size_t BatchesOf(int number) { return 1 + static_cast<size_t>(number * 7) % 12; }
inline size_t AcceptedOf(int number) { return IsRejected(number) ? 0 : BatchesOf(number) * kRowsPerBatch; }
inline size_t FindingsOf(int number) { return BatchesOf(number); }
inline size_t HeldBackOf(int number) { return BatchesOf(number); }
inline std::string AssessmentIdOf(int number) { return "A-" + std::to_string(number); }
inline size_t EventsOf(int number) { return 1 + static_cast<size_t>(number) % 40; }
inline std::string TextOf(int number, uint64_t record) { return IdOf(number) + "/" + std::to_string(record); }

inline std::shared_ptr<const data::Schema> Schema() {
  auto schema = std::make_shared<data::Schema>();
  schema->dataset = "incidents";
  schema->fields.resize(2);
  schema->fields[0].name = "text";
  schema->fields[1].name = "record";
  schema->fields[1].type = data::LogicalType::kInteger;
  return schema;
}

inline data::Batch BatchAt(const std::shared_ptr<const data::Schema>& schema, int number,
                           uint64_t first_record) {
  data::Batch batch;
  batch.schema = schema;
  auto text = std::make_shared<data::TextColumn>();
  auto record_text = std::make_shared<data::TextColumn>();
  for (uint64_t record = first_record; record < first_record + kRowsPerBatch; ++record) {
    batch.records.push_back(record);
    batch.lines.push_back(record + 1);
    text->Append(TextOf(number, record));
    record_text->Append(std::to_string(record));
  }
  batch.columns.resize(2);
  batch.columns[0].text = text;
  batch.columns[1].text = record_text;
  for (size_t i = 0; i < 2; ++i) {
    batch.columns[i].field = &schema->fields[i];
    data::CellParser::Create(schema->fields[i])->Fill(batch.columns[i]);
  }
  return batch;
}

}  // namespace concordat::store::crash_story
