#include "host/store/sqlite/connection.h"

#include <sqlite3.h>

#include <cstdio>
#include <string>
#include <utility>

#include "fmt/format.h"

namespace concordat::store {
namespace {

constexpr int kBusyTimeoutMillis = 5000;  // outside tools may hold a lock for a moment

// Nanoseconds always spelled out: lossless, and the texts sort as the times do.
constexpr char kTimeFormat[] = "%Y-%m-%dT%H:%M:%E9SZ";

absl::StatusCode CodeOf(int result_code) {
  switch (result_code & 0xff) {
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
    case SQLITE_FULL:
    case SQLITE_IOERR:
    case SQLITE_CANTOPEN:
    case SQLITE_READONLY:
    case SQLITE_PERM:
      return absl::StatusCode::kUnavailable;
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB:
      return absl::StatusCode::kDataLoss;
    case SQLITE_NOMEM:
    case SQLITE_TOOBIG:
      return absl::StatusCode::kResourceExhausted;
    case SQLITE_CONSTRAINT:
      return result_code == SQLITE_CONSTRAINT_UNIQUE || result_code == SQLITE_CONSTRAINT_PRIMARYKEY
                 ? absl::StatusCode::kAlreadyExists
                 : absl::StatusCode::kInternal;
    default:
      return absl::StatusCode::kInternal;
  }
}

// The path as SQLite's URI form wants it.
std::string ImmutableUri(const std::string& path) {
  std::string uri = "file:";
  for (const char c : path) {
    if (c == '%' || c == '?' || c == '#') {
      uri += fmt::format("%{:02X}", static_cast<unsigned char>(c));
    } else {
      uri += c;
    }
  }
  return uri + "?mode=ro&immutable=1";
}

int FlagsOf(Connection::Mode mode) {
  const int common = SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE;
  switch (mode) {
    case Connection::Mode::kShared:
    case Connection::Mode::kStaging:
      return common | SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE;
    case Connection::Mode::kReader:
      return common | SQLITE_OPEN_READWRITE;  // a WAL reader writes the -shm file
    case Connection::Mode::kImmutable:
      return common | SQLITE_OPEN_READONLY | SQLITE_OPEN_URI;
  }
  return common;
}

std::string_view PragmasOf(Connection::Mode mode) {
  switch (mode) {
    case Connection::Mode::kShared:
      return "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON;"
             "PRAGMA journal_size_limit=67108864; PRAGMA secure_delete=ON;";
    case Connection::Mode::kReader:
      return "PRAGMA query_only=ON;";
    case Connection::Mode::kStaging:
      return "PRAGMA page_size=8192; PRAGMA journal_mode=OFF; PRAGMA synchronous=OFF;"
             "PRAGMA secure_delete=OFF; PRAGMA locking_mode=EXCLUSIVE; PRAGMA cache_size=-8192;";
    case Connection::Mode::kImmutable:
      return "PRAGMA cache_size=-2048;";
  }
  return "";
}

}  // namespace

absl::Status SqliteStatus(sqlite3* database, int result_code) {
  if (result_code == SQLITE_OK || result_code == SQLITE_ROW || result_code == SQLITE_DONE)
    return absl::OkStatus();
  const char* file = database == nullptr ? nullptr : sqlite3_db_filename(database, "main");
  const char* reason = database == nullptr ? sqlite3_errstr(result_code) : sqlite3_errmsg(database);
  return absl::Status(CodeOf(result_code), fmt::format("{}: {} (SQLite {})", file == nullptr ? "store" : file,
                                                       reason, result_code));
}

Query::Query(sqlite3* database, sqlite3_stmt* statement, absl::Status status)
    : database_(database), statement_(statement), status_(std::move(status)) {}

Query::~Query() {
  if (statement_ == nullptr) return;
  sqlite3_reset(statement_);
  sqlite3_clear_bindings(statement_);
}

Query& Query::Note(int result_code) {
  if (status_.ok()) status_ = SqliteStatus(database_, result_code);
  return *this;
}

Query& Query::Bind(int64_t value) { return Note(sqlite3_bind_int64(statement_, ++bound_, value)); }

Query& Query::Bind(std::string_view text) {
  // A null pointer would bind NULL, and an empty view may hold one.
  const char* data = text.data() == nullptr ? "" : text.data();
  return Note(sqlite3_bind_text64(statement_, ++bound_, data, text.size(), SQLITE_TRANSIENT, SQLITE_UTF8));
}

Query& Query::Bind(absl::Time time) { return Bind(absl::FormatTime(kTimeFormat, time, absl::UTCTimeZone())); }

Query& Query::Bind(const std::optional<absl::Time>& time) {
  return time.has_value() ? Bind(*time) : BindNull();
}

Query& Query::BindJson(const json::Value& value) { return Bind(json::Compact(value)); }

Query& Query::BindNull() { return Note(sqlite3_bind_null(statement_, ++bound_)); }

Query& Query::BindValue(sqlite3_value* value) {
  return Note(sqlite3_bind_value(statement_, ++bound_, value));
}

Query& Query::BindBytes(std::string_view bytes) {
  return Note(sqlite3_bind_blob64(statement_, ++bound_, bytes.data(), bytes.size(), SQLITE_TRANSIENT));
}

Query& Query::BindBorrowed(std::string_view text) {
  const char* data = text.data() == nullptr ? "" : text.data();
  return Note(sqlite3_bind_text64(statement_, ++bound_, data, text.size(), SQLITE_STATIC, SQLITE_UTF8));
}

absl::StatusOr<bool> Query::Next() {
  RETURN_IF_ERROR(status_);
  const int result = sqlite3_step(statement_);
  if (result == SQLITE_ROW) return true;
  if (result == SQLITE_DONE) return false;
  Note(result);
  return status_;
}

absl::Status Query::Run() {
  while (true) {
    ASSIGN_OR_RETURN(const bool more, Next());
    if (!more) return absl::OkStatus();
  }
}

bool Query::IsNull(int column) const { return sqlite3_column_type(statement_, column) == SQLITE_NULL; }

int64_t Query::Integer(int column) const { return sqlite3_column_int64(statement_, column); }

std::string_view Query::Text(int column) const {
  const void* bytes = sqlite3_column_blob(statement_, column);
  return {static_cast<const char*>(bytes), static_cast<size_t>(sqlite3_column_bytes(statement_, column))};
}

absl::StatusOr<absl::Time> Query::Time(int column) const {
  absl::Time time;
  std::string error;
  if (!absl::ParseTime(kTimeFormat, String(column), &time, &error)) {
    return absl::DataLossError(
        fmt::format("the store holds \"{}\" where a time must stand: {}", Text(column), error));
  }
  return time;
}

absl::StatusOr<std::optional<absl::Time>> Query::OptionalTime(int column) const {
  if (IsNull(column)) return std::nullopt;
  ASSIGN_OR_RETURN(const absl::Time time, Time(column));
  return time;
}

absl::StatusOr<json::Value> Query::Json(int column) const {
  if (IsNull(column)) return json::Value();
  absl::StatusOr<json::Value> value = json::Parse(Text(column));
  if (!value.ok())
    return absl::DataLossError(fmt::format("the store holds broken JSON: {}", MessageOf(value.status())));
  return value;
}

void Connection::Finalize::operator()(sqlite3_stmt* statement) const { sqlite3_finalize(statement); }

absl::StatusOr<std::unique_ptr<Connection>> Connection::Open(const std::string& path, Mode mode) {
  sqlite3* database = nullptr;
  const std::string name = mode == Mode::kImmutable ? ImmutableUri(path) : path;
  const int result = sqlite3_open_v2(name.c_str(), &database, FlagsOf(mode), nullptr);
  auto connection = std::unique_ptr<Connection>(new Connection(database));
  if (result != SQLITE_OK) return Annotate(SqliteStatus(database, result), "open " + path);
  RETURN_IF_ERROR(connection->Harden(mode));
  return connection;
}

Connection::~Connection() {
  statements_.clear();
  sqlite3_close(database_);
}

absl::Status Connection::Harden(Mode mode) {
  sqlite3_busy_timeout(database_, kBusyTimeoutMillis);
  sqlite3_db_config(database_, SQLITE_DBCONFIG_ENABLE_LOAD_EXTENSION, 0, nullptr);
  RETURN_IF_ERROR(
      Execute(std::string(PragmasOf(mode)) + "PRAGMA trusted_schema=OFF; PRAGMA cell_size_check=ON;"));
  // Last, because a defensive connection refuses to do without a journal, which a staged file may.
  sqlite3_db_config(database_, SQLITE_DBCONFIG_DEFENSIVE, 1, nullptr);
  return absl::OkStatus();
}

absl::Status Connection::Execute(const std::string& script) {
  return SqliteStatus(database_, sqlite3_exec(database_, script.c_str(), nullptr, nullptr, nullptr));
}

Query Connection::Prepare(std::string_view sql) {
  auto known = statements_.find(sql);
  if (known != statements_.end()) return Query(database_, known->second.get(), absl::OkStatus());
  sqlite3_stmt* statement = nullptr;
  const int result = sqlite3_prepare_v3(database_, sql.data(), static_cast<int>(sql.size()),
                                        SQLITE_PREPARE_PERSISTENT, &statement, nullptr);
  if (result != SQLITE_OK) return Query(database_, nullptr, SqliteStatus(database_, result));
  statements_.emplace(sql, statement);
  return Query(database_, statement, absl::OkStatus());
}

absl::StatusOr<int64_t> Connection::ReadInteger(std::string_view sql) {
  Query query = Prepare(sql);
  ASSIGN_OR_RETURN(const bool found, query.Next());
  return found ? query.Integer(0) : 0;
}

int64_t Connection::changes() const { return sqlite3_changes64(database_); }

std::string Quoted(std::string_view name) {
  std::string quoted = "\"";
  for (const char c : name) {
    quoted += c;
    if (c == '"') quoted += c;
  }
  return quoted + '"';
}

}  // namespace concordat::store
