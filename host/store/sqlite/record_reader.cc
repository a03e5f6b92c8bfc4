#include "host/store/sqlite/record_reader.h"

#include <sqlite3.h>

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "fmt/format.h"
#include "host/base/json.h"
#include "host/data/parse.h"
#include "host/store/sqlite/record_file.h"

namespace concordat::store {
namespace {

constexpr size_t kBatchRows = 8192;
constexpr int kFirstField = 2;

// "SELECT _record, _line, <field or NULL> ..." for the fields of the reader's schema.
absl::StatusOr<std::string> SelectFor(Connection& file, const DatasetId& dataset,
                                      const data::Schema& schema) {
  ASSIGN_OR_RETURN(const std::string about, GetAbout(file, "columns"));
  ASSIGN_OR_RETURN(const json::Value columns, json::Parse(about));
  std::string sql = "SELECT _record, _line";
  for (const data::Field& field : schema.fields) {
    const std::string column = json::TextOr(columns, field.name, "");
    sql += column.empty() ? ", NULL" : ", " + Quoted(column);
  }
  return fmt::format("{} FROM {} ORDER BY rowid", sql, Quoted(RowTableName(dataset)));
}

void AppendCell(sqlite3_stmt* row, int index, data::LogicalType type, data::TextColumn& column) {
  switch (sqlite3_column_type(row, index)) {
    case SQLITE_NULL:
      return column.Append("");
    case SQLITE_FLOAT:
      return column.Append(data::NumberText(sqlite3_column_double(row, index)));
    case SQLITE_INTEGER: {
      const int64_t number = sqlite3_column_int64(row, index);
      const bool truth = type == data::LogicalType::kBoolean && (number == 0 || number == 1);
      if (truth) return column.Append(number == 1 ? "true" : "false");
      const fmt::format_int digits(number);
      return column.Append({digits.data(), digits.size()});
    }
    default: {
      const auto* bytes = static_cast<const char*>(sqlite3_column_blob(row, index));
      return column.Append({bytes, static_cast<size_t>(sqlite3_column_bytes(row, index))});
    }
  }
}

/// Fills batches from the rows of one SELECT.
class BatchBuilder {
 public:
  static absl::StatusOr<BatchBuilder> Create(std::shared_ptr<const data::Schema> schema) {
    BatchBuilder builder;
    for (const data::Field& field : schema->fields) {
      ASSIGN_OR_RETURN(data::CellParser parser, data::CellParser::Create(field));
      builder.parsers_.push_back(std::move(parser));
    }
    builder.schema_ = std::move(schema);
    builder.Clear();
    return builder;
  }

  void AppendRow(sqlite3_stmt* row) {
    records_.push_back(static_cast<uint64_t>(sqlite3_column_int64(row, 0)));
    lines_.push_back(static_cast<uint64_t>(sqlite3_column_int64(row, 1)));
    for (size_t i = 0; i < texts_.size(); ++i) {
      AppendCell(row, static_cast<int>(i) + kFirstField, schema_->fields[i].type, *texts_[i]);
    }
  }

  size_t rows() const { return records_.size(); }

  /// The rows so far; the builder is empty afterwards. States and values come from the text by the same
  /// parser that judged it.
  data::Batch Take() {
    data::Batch batch{schema_, {}, std::move(records_), std::move(lines_)};
    batch.columns.resize(texts_.size());
    for (size_t i = 0; i < texts_.size(); ++i) {
      batch.columns[i].field = &schema_->fields[i];
      batch.columns[i].text = std::move(texts_[i]);
      parsers_[i].Fill(batch.columns[i]);
    }
    Clear();
    return batch;
  }

 private:
  void Clear() {
    records_.clear();
    lines_.clear();
    texts_.clear();
    for (const data::Field& field : schema_->fields) {
      texts_.push_back(std::make_shared<data::TextColumn>());
      texts_.back()->name = field.name;
    }
  }

  std::shared_ptr<const data::Schema> schema_;
  std::vector<data::CellParser> parsers_;
  std::vector<uint64_t> records_;
  std::vector<uint64_t> lines_;
  std::vector<std::shared_ptr<data::TextColumn>> texts_;
};

}  // namespace

absl::Status ReadRecordsIn(Connection& file, const DatasetId& dataset,
                           const std::shared_ptr<const data::Schema>& schema,
                           const std::function<absl::Status(const data::Batch&)>& visit) {
  ASSIGN_OR_RETURN(const std::string select, SelectFor(file, dataset, *schema));
  ASSIGN_OR_RETURN(BatchBuilder builder, BatchBuilder::Create(schema));
  Query query = file.Prepare(select);
  while (true) {
    ASSIGN_OR_RETURN(const bool more, query.Next());
    if (more) builder.AppendRow(query.statement());
    const bool full = builder.rows() == kBatchRows;
    if (full || (!more && builder.rows() > 0)) RETURN_IF_ERROR(visit(builder.Take()));
    if (!more) return absl::OkStatus();
  }
}

}  // namespace concordat::store
