// One SQLite connection and the runs of its statements. SQLite's header stays inside this folder.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include "absl/time/time.h"
#include "host/base/json.h"
#include "host/base/status.h"

struct sqlite3;
struct sqlite3_stmt;
struct sqlite3_value;

namespace concordat::store {

/// What SQLite says of its last failure, as one of our codes: Unavailable (busy, disk), DataLoss (corrupt),
/// AlreadyExists (a key that must be unique), ResourceExhausted (too big), else Internal.
absl::Status SqliteStatus(sqlite3* database, int result_code);

/// One run of a prepared statement: bind from left to right, then Run or Next. The first failure is kept and
/// returned by whatever comes next. One thread at a time; must not outlive its connection.
class Query {
 public:
  Query(sqlite3* database, sqlite3_stmt* statement, absl::Status status);
  Query(const Query&) = delete;
  Query& operator=(const Query&) = delete;
  ~Query();

  Query& Bind(int64_t value);
  Query& Bind(std::string_view text);  // copied
  Query& Bind(const std::string& text) { return Bind(std::string_view(text)); }
  Query& Bind(const char* text) { return Bind(std::string_view(text)); }
  Query& Bind(absl::Time time);
  Query& Bind(const std::optional<absl::Time>& time);
  Query& BindJson(const json::Value& value);
  Query& BindNull();
  Query& BindBytes(std::string_view bytes);  // copied
  Query& BindValue(sqlite3_value* value);    // copied, as it is: a column of another statement
  /// Not copied: `text` must stay as it is until the run is over.
  Query& BindBorrowed(std::string_view text);

  /// True when there is a row to read, false after the last one.
  absl::StatusOr<bool> Next();
  /// To the end, rows ignored.
  absl::Status Run();

  bool IsNull(int column) const;
  int64_t Integer(int column) const;
  /// Valid until the next call of Next.
  std::string_view Text(int column) const;
  std::string String(int column) const { return std::string(Text(column)); }
  absl::StatusOr<absl::Time> Time(int column) const;
  absl::StatusOr<std::optional<absl::Time>> OptionalTime(int column) const;
  absl::StatusOr<json::Value> Json(int column) const;
  sqlite3_stmt* statement() const { return statement_; }

 private:
  Query& Note(int result_code);

  sqlite3* database_;
  sqlite3_stmt* statement_;  // owned by the connection's cache
  int bound_ = 0;
  absl::Status status_;
};

/// Every row that is left, each read by `read`: a function of one row of the query.
template <typename Read>
auto ReadAll(Query& query, Read read)
    -> absl::StatusOr<std::vector<typename std::invoke_result_t<Read, const Query&>::value_type>> {
  std::vector<typename std::invoke_result_t<Read, const Query&>::value_type> rows;
  while (true) {
    ASSIGN_OR_RETURN(const bool more, query.Next());
    if (!more) return rows;
    ASSIGN_OR_RETURN(auto row, read(query));
    rows.push_back(std::move(row));
  }
}

/// An open database file; closed in the destructor. One thread at a time.
class Connection {
 public:
  enum class Mode {
    kShared,     // WAL with full synchronisation: the control database
    kReader,     // of the same, without the right to write
    kStaging,    // a new file of one owner that is thrown away after a crash: no journal, no synchronisation
    kImmutable,  // a file that will never change again: no locks
  };
  static absl::StatusOr<std::unique_ptr<Connection>> Open(const std::string& path, Mode mode);
  ~Connection();

  /// Several statements without parameters.
  absl::Status Execute(const std::string& script);
  /// Compiled once for every text; two runs of the same text must not overlap.
  Query Prepare(std::string_view sql);
  /// The first column of the first row.
  absl::StatusOr<int64_t> ReadInteger(std::string_view sql);
  /// Rows changed by the last statement.
  int64_t changes() const;
  sqlite3* handle() const { return database_; }

 private:
  struct Finalize {
    void operator()(sqlite3_stmt* statement) const;
  };
  explicit Connection(sqlite3* database) : database_(database) {}
  absl::Status Harden(Mode mode);

  sqlite3* database_;
  std::map<std::string, std::unique_ptr<sqlite3_stmt, Finalize>, std::less<>> statements_;
};

/// An SQL identifier in double quotes.
std::string Quoted(std::string_view name);

}  // namespace concordat::store
