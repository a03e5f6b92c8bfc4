#include "host/store/sqlite/batch_table.h"

#include <sqlite3.h>

#include <memory>
#include <string>
#include <string_view>

#include "fmt/format.h"
#include "host/data/parse.h"

namespace concordat::store {
namespace {

constexpr int kRecordColumn = 0;
constexpr int kLineColumn = 1;
constexpr int kFirstField = 2;

struct Registration {
  BatchSource* source;
  size_t fields;
};

struct Table : sqlite3_vtab {
  BatchSource* source = nullptr;
};

struct Cursor : sqlite3_vtab_cursor {
  BatchSource* source = nullptr;
  std::string text;    // scratch of sealing
  std::string sealed;  // likewise
  size_t row = 0;

  size_t rows() const { return source->batch->rows(); }
  void SkipDropped() {
    while (row < rows() && !source->keep->has(row)) ++row;
  }
};

int Connect(sqlite3* database, void* context, int, const char* const*, sqlite3_vtab** table, char**) {
  const auto* registration = static_cast<const Registration*>(context);
  std::string declaration = "CREATE TABLE x (_record, _line";
  for (size_t i = 0; i < registration->fields; ++i) declaration += ", c" + std::to_string(i);
  const int result = sqlite3_declare_vtab(database, (declaration + ")").c_str());
  if (result != SQLITE_OK) return result;
  auto made = std::make_unique<Table>();
  made->source = registration->source;
  *table = made.release();
  return SQLITE_OK;
}

int Disconnect(sqlite3_vtab* table) {
  delete static_cast<Table*>(table);
  return SQLITE_OK;
}

int BestIndex(sqlite3_vtab*, sqlite3_index_info* plan) {
  plan->estimatedCost = 1e4;
  return SQLITE_OK;
}

int Open(sqlite3_vtab* table, sqlite3_vtab_cursor** cursor) {
  auto made = std::make_unique<Cursor>();
  made->source = static_cast<Table*>(table)->source;
  *cursor = made.release();
  return SQLITE_OK;
}

int Close(sqlite3_vtab_cursor* cursor) {
  delete static_cast<Cursor*>(cursor);
  return SQLITE_OK;
}

int Filter(sqlite3_vtab_cursor* base, int, const char*, int, sqlite3_value**) {
  auto* cursor = static_cast<Cursor*>(base);
  cursor->row = 0;
  cursor->SkipDropped();
  return SQLITE_OK;
}

int Next(sqlite3_vtab_cursor* base) {
  auto* cursor = static_cast<Cursor*>(base);
  ++cursor->row;
  cursor->SkipDropped();
  return SQLITE_OK;
}

int AtEnd(sqlite3_vtab_cursor* base) {
  const auto* cursor = static_cast<Cursor*>(base);
  return cursor->row >= cursor->rows() ? 1 : 0;
}

// SQLite turns text that looks like a number into one when it enters a number's column.
bool MightBecomeNumber(std::string_view text) {
  bool digit = false;
  for (const char c : text) {
    if (c >= '0' && c <= '9') {
      digit = true;
    } else if (std::string_view("+-.eE \t\n\v\f\r").find(c) == std::string_view::npos) {
      return false;
    }
  }
  return digit;
}

void ResultText(sqlite3_context* context, std::string_view text) {
  // Not copied here: the batch stays as it is until the INSERT is over. An empty view may hold a null
  // pointer.
  const char* data = text.data() == nullptr ? "" : text.data();
  sqlite3_result_text64(context, data, text.size(), SQLITE_STATIC, SQLITE_UTF8);
}

// A marker or an unparseable text in a number's column, exactly as it is.
void ResultKept(sqlite3_context* context, std::string_view text) {
  if (MightBecomeNumber(text)) {
    sqlite3_result_blob64(context, text.data(), text.size(), SQLITE_STATIC);
  } else {
    ResultText(context, text);
  }
}

void ResultCell(sqlite3_context* context, const data::Column& column, size_t row) {
  const data::CellState state = column.states[row];
  if (state == data::CellState::kMissing) return sqlite3_result_null(context);
  const bool parsed = state == data::CellState::kValue;
  switch (column.field->type) {
    case data::LogicalType::kInteger:
    case data::LogicalType::kBoolean:
      return parsed ? sqlite3_result_int64(context, column.integers[row])
                    : ResultKept(context, column.text->at(row));
    case data::LogicalType::kNumber:
      return parsed ? sqlite3_result_double(context, column.numbers[row])
                    : ResultKept(context, column.text->at(row));
    default:
      return ResultText(context, column.text->at(row));
  }
}

// The text that the reader is to see, with what it was in front.
void PutCellText(const data::Column& column, size_t row, std::string& text) {
  text.assign(1, kSealedText);
  if (column.states[row] != data::CellState::kValue) {
    text += column.text->at(row);
    return;
  }
  switch (column.field->type) {
    case data::LogicalType::kInteger:
    case data::LogicalType::kBoolean: {
      const fmt::format_int digits(column.integers[row]);
      text.assign(1, kSealedInteger).append(digits.data(), digits.size());
      return;
    }
    case data::LogicalType::kNumber:
      text += data::NumberText(column.numbers[row]);
      return;
    default:
      text += column.text->at(row);
  }
}

void ResultSealed(sqlite3_context* context, Cursor& cursor, size_t field) {
  const data::Column& column = cursor.source->batch->columns[field];
  if (column.states[cursor.row] == data::CellState::kMissing) return sqlite3_result_null(context);
  PutCellText(column, cursor.row, cursor.text);
  cursor.source->ciphers[field]->Seal(cursor.source->batch->records[cursor.row], cursor.text, cursor.sealed);
  sqlite3_result_blob64(context, cursor.sealed.data(), cursor.sealed.size(), SQLITE_TRANSIENT);
}

int ReadColumn(sqlite3_vtab_cursor* base, sqlite3_context* context, int index) {
  auto* cursor = static_cast<Cursor*>(base);
  const data::Batch& batch = *cursor->source->batch;
  switch (index) {
    case kRecordColumn:
      sqlite3_result_int64(context, static_cast<int64_t>(batch.records[cursor->row]));
      break;
    case kLineColumn:
      sqlite3_result_int64(context, static_cast<int64_t>(batch.lines[cursor->row]));
      break;
    default: {
      const auto field = static_cast<size_t>(index - kFirstField);
      if (cursor->source->ciphers[field]) {
        ResultSealed(context, *cursor, field);
      } else {
        ResultCell(context, batch.columns[field], cursor->row);
      }
    }
  }
  return SQLITE_OK;
}

int RowId(sqlite3_vtab_cursor* base, sqlite3_int64* row) {
  *row = static_cast<sqlite3_int64>(static_cast<const Cursor*>(base)->row);
  return SQLITE_OK;
}

// No xCreate: the table exists without CREATE VIRTUAL TABLE and cannot be made into one.
sqlite3_module MakeModule() {
  sqlite3_module module = {};
  module.xConnect = Connect;
  module.xDisconnect = Disconnect;
  module.xBestIndex = BestIndex;
  module.xOpen = Open;
  module.xClose = Close;
  module.xFilter = Filter;
  module.xNext = Next;
  module.xEof = AtEnd;
  module.xColumn = ReadColumn;
  module.xRowid = RowId;
  return module;
}

void DeleteRegistration(void* context) { delete static_cast<Registration*>(context); }

}  // namespace

absl::Status RegisterBatchTable(Connection& connection, BatchSource* source, size_t fields) {
  static const sqlite3_module kModule = MakeModule();
  auto* registration = new Registration{source, fields};  // SQLite owns it from here, even when it refuses
  return SqliteStatus(connection.handle(), sqlite3_create_module_v2(connection.handle(), "_batch", &kModule,
                                                                    registration, DeleteRegistration));
}

}  // namespace concordat::store
